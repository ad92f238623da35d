"""Amazon's S3 encryption client for Python, driven by JSON lines; runs in .venv-interop.

A line asks for one thing and is answered by one line: {} when it worked, else {"error": why}.

    {"do": "put" | "get", "s3": URL, "kms": URL, "bucket": B, "key": K, "file": PATH,
     "kms_key": ARN, "context": {...}, "format": 2 | 3}
"""

import json
import sys
from pathlib import Path

import boto3
from s3_encryption import S3EncryptionClient, S3EncryptionClientConfig
from s3_encryption.materials.kms_keyring import KmsKeyring
from s3_encryption.materials.materials import AlgorithmSuite, CommitmentPolicy

FORMATS = {
    2: {
        "encryption_algorithm": AlgorithmSuite.ALG_AES_256_GCM_IV12_TAG16_NO_KDF,
        "commitment_policy": CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT,
    },
    3: {},
}


def main():
    for line in sys.stdin:
        try:
            answer = perform(json.loads(line))
        except Exception as error:  # the caller decides whether a refusal was wanted
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def perform(task):
    kms = boto3.client("kms", endpoint_url=task["kms"])
    # The client changes the boto3 client it is given: a fresh one each time.
    s3 = boto3.client("s3", endpoint_url=task["s3"])
    client = S3EncryptionClient(
        s3, S3EncryptionClientConfig(KmsKeyring(kms, task["kms_key"]), **FORMATS[task["format"]])
    )
    place = {"Bucket": task["bucket"], "Key": task["key"]}
    if task["context"]:
        place["EncryptionContext"] = task["context"]
    file = Path(task["file"])
    if task["do"] == "put":
        client.put_object(**place, Body=file.read_bytes())
    else:
        file.write_bytes(client.get_object(**place)["Body"].read())
    return {}


if __name__ == "__main__":
    main()
