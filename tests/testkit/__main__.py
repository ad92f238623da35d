"""Write the kit, or with --check tell whether the files on disk are still those."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from tests.testkit.kit import FOLDER, kit


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.testkit", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    asked = parser.parse_args()
    files = kit()
    if asked.check:
        found = {
            path.relative_to(asked.folder).as_posix(): path.read_bytes()
            for path in asked.folder.rglob("*")
            if path.is_file() and path.name != "README.md"
        }
        return 0 if found == files else 1
    shutil.rmtree(asked.folder / "bodies", ignore_errors=True)
    for name, content in files.items():
        target = asked.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    total = sum(map(len, files.values()))
    print(f"{len(files)} files, {total:,} bytes in {asked.folder}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
