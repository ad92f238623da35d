"""One target under atheris; started by `python -m tests.fuzz`, with the arguments of libFuzzer."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import atheris

with atheris.instrument_imports(
    include=["cse_desktop.core", "cse_desktop.settings", "json", "tomllib"]
):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
