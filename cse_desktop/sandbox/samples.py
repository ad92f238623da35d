"""Files that look like somebody's work, to try things on."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_WELCOME: Final = """\
Welcome to the sandbox
======================

S3 and KMS run on this computer. Nothing here leaves it, and nothing here is kept: when the
program ends, the sandbox forgets everything.

Things to try:

  1.  Open the bucket sandbox-inbox and drop a file on the list. It is encrypted on this computer
      under the key next to "Encrypt with" before it is sent.
  2.  Look at the objects in sandbox-samples. One is not encrypted, one was altered by somebody,
      one belongs to another company. Try to download each of them.
  3.  Open the key picker. One of the keys may only decrypt, one is disabled, one will be deleted.
"""

_MINUTES: Final = """\
Minutes of the board meeting, 12 October 2026

Present: A. Okafor (chair), L. Brandt, M. Rossi, S. Yamada
Apologies: P. Novak

1. The minutes of 14 September were approved.
2. Storage. All files with personal data are encrypted on the sender's computer before they are
   sent. Keys are held by the finance and the audit department; neither can read the other's files.
3. Budget 2027. The draft was discussed and sent back with three remarks.
4. Next meeting: 9 November, 10:00.
"""

_CONTRACT_LINES: Final = (
    "Framework agreement no. 2026-118",
    "",
    "between Acme Finance GmbH and Northwind Logistics Ltd.",
    "",
    "1. The parties exchange documents through an S3 bucket of Acme.",
    "2. Each document is encrypted by its sender before it is sent.",
    "3. This agreement ends on 31 December 2028.",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A file."""

    name: str
    content: bytes


def welcome() -> Sample:
    """What the sandbox is, in a few sentences."""
    return Sample("welcome.txt", _WELCOME.encode())


def readme() -> Sample:
    """What somebody might leave in a bucket for all to read."""
    return Sample("READ ME.txt", b"Payroll files of this year: folder payroll.\n")


def minutes() -> Sample:
    """A text."""
    return Sample("Minutes 2026-10-12.txt", _MINUTES.encode())


def payroll(month: int) -> Sample:
    """A table of made-up salaries."""
    lines = ["employee,department,gross,tax,net"]
    for number in range(1, 241):
        gross = 3200 + (number * 7919 + month * 104729) % 4800
        tax = gross * 31 // 100
        department = ("finance", "legal", "logistics", "research")[number % 4]
        lines.append(f"E{number:04d},{department},{gross}.00,{tax}.00,{gross - tax}.00")
    return Sample(f"payroll-2026-{month:02d}.csv", "\n".join(lines).encode() + b"\n")


def server_log() -> Sample:
    """A file of a few hundred kilobytes."""
    lines = [
        f"2026-10-{1 + n // 288:02d}T{n % 288 // 12:02d}:{n % 12 * 5:02d}:00Z gateway-{n % 3} "
        f"requests={1000 + n * 37 % 900} errors={n * 13 % 7} p99_ms={20 + n * 29 % 180}"
        for n in range(288 * 28)
    ]
    return Sample("gateway-2026-10.log", "\n".join(lines).encode() + b"\n")


def picture(width: int = 960, height: int = 600) -> Sample:
    """A PNG of hills at dusk."""
    rows = bytearray()
    for y in range(0, height, 4):
        row = b"".join(_colour(x, y, width, height) * 4 for x in range(0, width, 4))
        rows += (b"\0" + row) * 4  # each line begins with its filter: none
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b"")]
    return Sample("hills.png", b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks))


def contract() -> Sample:
    """A PDF of one page."""
    text = "".join(f"({line}) Tj 0 -22 Td " for line in _CONTRACT_LINES)
    stream = f"BT /F1 13 Tf 72 760 Td {text}ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    body += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return Sample("Framework agreement 2026-118.pdf", bytes(body))


def write_samples(folder: Path) -> tuple[Path, ...]:
    """Write a handful of files to upload into `folder`, which must exist."""
    written = []
    for sample in (welcome(), minutes(), payroll(10), picture(), contract()):
        path = folder / sample.name
        path.write_bytes(sample.content)
        written.append(path)
    return tuple(written)


def _colour(x: int, y: int, width: int, height: int) -> bytes:
    """Sky above three ridges, each darker than the one behind it."""
    for depth, (base, colour) in enumerate(
        ((0.82, (38, 42, 78)), (0.68, (78, 70, 122)), (0.55, (140, 104, 150)))
    ):
        swing = (x * (3 + depth) * 400 // width) % 400
        ridge = height * base + abs(swing - 200) * 0.4 - 40
        if y > ridge:
            return bytes(colour)
    glow = y / height
    return bytes((int(84 + 165 * glow), int(110 + 60 * glow), int(190 - 40 * glow)))


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
