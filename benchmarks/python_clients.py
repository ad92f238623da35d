"""boto3 alone, and Amazon's encryption client for Python; runs in .venv-bench.

One argument, JSON: {"client": "boto3" | "official", "do": "up" | "down", "s3", "kms", "kms_key",
"bucket", "key", "path"}. A key with "/" at its end stands for a folder; ten threads do its files.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore.config import Config
from s3_encryption import S3EncryptionClient, S3EncryptionClientConfig
from s3_encryption.materials.kms_keyring import KmsKeyring

THREADS = 10


def main():
    task = json.loads(sys.argv[1])
    config = Config(max_pool_connections=THREADS)
    s3 = boto3.client("s3", endpoint_url=task["s3"], config=config)
    if task["client"] == "official":
        kms = boto3.client("kms", endpoint_url=task["kms"], config=config)
        keyring = KmsKeyring(kms, task["kms_key"])
        client = Official(S3EncryptionClient(s3, S3EncryptionClientConfig(keyring)), task)
    else:
        client = Plain(s3, task)
    move = client.up if task["do"] == "up" else client.down
    if not task["key"].endswith("/"):
        move(Path(task["path"]), task["key"])
        return
    if task["do"] == "up":
        pairs = [(path, task["key"] + path.name) for path in Path(task["path"]).iterdir()]
    else:
        pages = boto3.client("s3", endpoint_url=task["s3"]).get_paginator("list_objects_v2")
        keys = [
            item["Key"]
            for page in pages.paginate(Bucket=task["bucket"], Prefix=task["key"])
            for item in page["Contents"]
        ]
        folder = Path(task["path"])
        pairs = [(folder / key.rpartition("/")[2], key) for key in keys]
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(move, *pair) for pair in pairs]:
            done.result()


class Plain:
    def __init__(self, s3, task):
        self.s3 = s3
        self.bucket = task["bucket"]

    def up(self, path, key):
        self.s3.upload_file(str(path), self.bucket, key)

    def down(self, path, key):
        self.s3.download_file(self.bucket, key, str(path))


class Official:
    def __init__(self, client, task):
        self.client = client
        self.bucket = task["bucket"]

    def up(self, path, key):
        if path.stat().st_size > 8 << 20:
            self.client.upload_file(str(path), self.bucket, key)
        else:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=path.read_bytes())

    def down(self, path, key):
        body = self.client.get_object(Bucket=self.bucket, Key=key)["Body"]
        with path.open("wb") as file:
            while piece := body.read(1 << 20):
                file.write(piece)


if __name__ == "__main__":
    main()
