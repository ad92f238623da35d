"""A bucket of made-up keys that only can be listed, in a process of its own.

    .venv/bin/python -m benchmarks.list_server COUNT

Prints its address. Pages are spelled as Amazon S3 spells them, keys URL-encoded, half of the
objects with a checksum.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

PAGE: Final = 1000
_CHECKSUM: Final = (
    "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>"
)
_ROW: Final = (
    "<Contents><Key>logs/2025/07/31/report+{number:07d}.csv</Key>"
    "<LastModified>2025-07-31T15:{minute:02d}:09.000Z</LastModified>"
    "<ETag>&quot;{number:032x}&quot;</ETag>{checksum}<Size>{size}</Size>"
    "<StorageClass>STANDARD</StorageClass></Contents>"
)
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name>'
    "<Prefix></Prefix><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType>"
)


@contextmanager
def serving(count: int) -> Iterator[str]:
    """The address of a server with `count` keys."""
    command = [sys.executable, "-m", "benchmarks.list_server", str(count)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


@lru_cache(maxsize=64)
def page(start: int, count: int) -> bytes:
    """The page that begins at a number."""
    end = min(start + PAGE, count)
    more = f"<NextContinuationToken>{end}</NextContinuationToken>" if end < count else ""
    rows = (
        _ROW.format(
            number=number,
            minute=number * 7 % 60,
            size=number * 7919 % 10**8,
            checksum=_CHECKSUM if number % 2 else "",
        )
        for number in range(start, end)
    )
    truncated = "true" if more else "false"
    facts = f"<KeyCount>{end - start}</KeyCount><IsTruncated>{truncated}</IsTruncated>{more}"
    return f"{_HEAD}{facts}{''.join(rows)}</ListBucketResult>".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count = 0

    def log_message(self, *_words: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        body = page(int(query.get("continuation-token", ["0"])[0]), self.count)
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: "
        self.wfile.write(f"{head}{len(body)}\r\n\r\n".encode() + body)

    def do_HEAD(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()


def main(count: int) -> None:
    """Serve until killed."""
    _Handler.count = count
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
