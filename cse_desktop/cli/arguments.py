"""The command line: what may be asked, and the help. Imports nothing heavy."""

from __future__ import annotations

import argparse
import re
from typing import Final

from cse_desktop import __version__
from cse_desktop.cli.arranging_arguments import (
    COPY_EPILOG,
    RM_EPILOG,
    add_copy_options,
    add_remove_options,
)
from cse_desktop.cli.caring_arguments import (
    LINK_EPILOG,
    PROPERTIES_EPILOG,
    add_bucket_options,
    add_link_options,
    add_properties_options,
)
from cse_desktop.cli.leftovers_arguments import add_leftovers_options
from cse_desktop.cli.version_arguments import (
    RESTORE_EPILOG,
    VERSIONS_EPILOG,
    add_restore_options,
    add_version_id,
    add_versions_options,
)

EPILOG: Final = """\
exit codes:
  0    all that was asked was done
  2    the command cannot be done as it was written
  3    refused: not encrypted, tampered with, or against the connection's policy
  4    not permitted, not signed in, or the key cannot be used
  5    not found
  6    network, or AWS is busy
  7    local disk
  8    the name is taken, or the file changed meanwhile
  9    anything else
  130  interrupted (Ctrl-C or SIGTERM)
  With several failures: the first of 3, 9, 7, 4, 6, 8, 5, 2 that occurred.

Places are written s3://BUCKET/KEY. Settings live in CSE_DESKTOP_HOME, else in the usual folder
of the system. Endpoints come from options or the connection, never from the environment.
"""

PUT_EPILOG: Final = """\
A place that ends with "/" (or a bucket alone) is a folder: sources keep their names in it.
Otherwise the place is the new name of the only source. Links inside folders and special files
are skipped and listed.
"""

GET_EPILOG: Final = """\
An object is saved as DEST, or in DEST where that is a folder or ends with "/".
With -r, the contents of s3://BUCKET/PREFIX/ are saved in DEST; without the last "/", a folder of
that name is made in DEST if DEST exists. Names that this computer cannot take are spelled with
percent signs, and names that it would take for one get a number.
"""

READING: Final = """\
Weaker formats of older programs are read only where they are asked for, here or in the settings.
Each can be misused by somebody who can write to the bucket; use them to migrate.
"""

WEAK_FORMATS: Final = ("kms-wrap", "cbc", "instruction-file")

JSON_HELP: Final = "print one JSON object a line on standard output"

_RATE: Final = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)([kKmMgG]?)", re.ASCII)
_RATE_UNITS: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def parser() -> argparse.ArgumentParser:
    """Give the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="cse",
        description="Client-side encrypted files in Amazon S3, under keys of AWS KMS.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"cse {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_put(commands)
    _add_get(commands)
    _add_ls(commands)
    _add_verify(commands)
    _add_inspect(commands)
    for name, text in (
        ("cp", "copy objects inside S3; they stay encrypted as they are"),
        ("mv", "move or rename objects inside S3; they stay encrypted as they are"),
    ):
        command = _add(commands, name, text, COPY_EPILOG)
        add_copy_options(command)
        _add_if_exists(command)
    add_remove_options(_add(commands, "rm", "delete objects", RM_EPILOG))
    beside = _add(
        commands, "properties", "show or change what is kept beside an object", PROPERTIES_EPILOG
    )
    add_properties_options(beside)
    add_link_options(
        _add(commands, "link", "make a link to an object as it is stored", LINK_EPILOG)
    )
    add_bucket_options(_add(commands, "mb", "make a private bucket that keeps versions"))
    listing = _add(commands, "versions", "list the versions of an object", VERSIONS_EPILOG)
    add_versions_options(listing)
    restore = _add(commands, "restore", "bring a version or a deleted object back", RESTORE_EPILOG)
    add_restore_options(restore)
    add_leftovers_options(_add(commands, "leftovers", "list uploads that were never ended"))
    keys = _add(commands, "keys", "list KMS keys")
    keys.add_argument("--check", action="store_true", help="ask what you may do with each key")
    _add(commands, "connections", "list saved connections and AWS profiles")
    return top


Commands = argparse._SubParsersAction


def _add(
    commands: Commands[argparse.ArgumentParser], name: str, text: str, epilog: str = ""
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    common = command.add_argument_group("common options")
    who = common.add_mutually_exclusive_group()
    who.add_argument("--connection", metavar="NAME", help="a saved connection, or “sandbox”")
    who.add_argument("--profile", metavar="NAME", help="a profile of ~/.aws")
    common.add_argument("--region", metavar="R", help="AWS Region")
    common.add_argument("--s3-endpoint", metavar="URL", help="S3 at another address")
    common.add_argument("--kms-endpoint", metavar="URL", help="KMS at another address")
    common.add_argument("--json", action="store_true", help=JSON_HELP)
    common.add_argument("--quiet", action="store_true", help="print errors only")
    common.add_argument("--debug", action="store_true", help="log to standard error, no secrets")
    return command


def _add_put(commands: Commands[argparse.ArgumentParser]) -> None:
    put = _add(commands, "put", "encrypt and upload files", PUT_EPILOG)
    put.add_argument("sources", nargs="+", metavar="SRC", help="file, or folder with -r")
    put.add_argument("place", metavar="s3://BUCKET/KEY|PREFIX/")
    put.add_argument("-r", "--recursive", action="store_true", help="upload folders")
    put.add_argument(
        "--kms-key", metavar="KEY", help="ARN, id or alias; default: the bucket's in the settings"
    )
    put.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="encryption context; may be repeated",
    )
    put.add_argument(
        "--write",
        choices=("v3", "v2"),
        help="format (default: the connection's, v3); v2 is WEAKER, without key commitment: only "
        "for readers that know no v3",
    )
    _add_pace(put)
    _add_bind_names(put, "name bucket and key in the encryption context")
    _add_if_exists(put)


def _add_get(commands: Commands[argparse.ArgumentParser]) -> None:
    get = _add(commands, "get", "download, verify and decrypt objects", GET_EPILOG)
    get.add_argument("place", metavar="s3://BUCKET/KEY|PREFIX/")
    get.add_argument("target", metavar="DEST", help="file or folder")
    get.add_argument("-r", "--recursive", action="store_true", help="download folders")
    add_version_id(get)
    _add_pace(get)
    _add_allowed_keys(get)
    _add_reading(get)
    _add_if_exists(get)


def _add_ls(commands: Commands[argparse.ArgumentParser]) -> None:
    listing = _add(commands, "ls", "list buckets, or a folder")
    listing.add_argument("place", nargs="?", default="s3://", metavar="s3://[BUCKET[/PREFIX]]")
    listing.add_argument(
        "--long", action="store_true", help="with size as stored, time and storage class"
    )


def _add_verify(commands: Commands[argparse.ArgumentParser]) -> None:
    verify = _add(commands, "verify", "download and verify objects without saving them")
    verify.add_argument("places", nargs="+", metavar="s3://BUCKET/KEY|PREFIX/")
    verify.add_argument("-r", "--recursive", action="store_true", help="verify folders")
    add_version_id(verify)
    _add_pace(verify)
    _add_allowed_keys(verify)
    _add_reading(verify)


def _add_inspect(commands: Commands[argparse.ArgumentParser]) -> None:
    inspect = _add(commands, "inspect", "show how an object is encrypted, without KMS")
    inspect.add_argument("place", metavar="s3://BUCKET/KEY")
    add_version_id(inspect)
    _add_reading(inspect)


def _add_allowed_keys(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--kms-key",
        action="append",
        default=[],
        metavar="KEY",
        help="decrypt under this key only; may be repeated",
    )


def _add_reading(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("what may be read", READING)
    group.add_argument(
        "--read",
        choices=("strict", "default"),
        help="strict: v3 only, and bound to their names; default: v3 and v2 (v2 lacks key "
        "commitment)",
    )
    group.add_argument(
        "--allow",
        action="extend",
        type=_weak_formats,
        default=[],
        metavar="LIST",
        help="also read, separated by commas: kms-wrap (WEAK: labels can be changed unnoticed), "
        "cbc (WEAK: content can be changed unnoticed), instruction-file (WEAK: whoever can write "
        "that second object can change how the file is opened)",
    )
    group.add_argument(
        "--instruction-suffix",
        metavar="SUFFIX",
        help="what names of instruction files end in (default: .instruction)",
    )
    group.add_argument(
        "--require-context",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="refuse files with any other encryption context; may be repeated; takes the place of "
        "a context that its writer damaged. Without it the stored context is trusted",
    )
    _add_bind_names(group, "refuse files whose encryption context names another bucket or key")


def _add_bind_names(command: argparse.ArgumentParser | argparse._ArgumentGroup, text: str) -> None:
    command.add_argument("--bind-names", action=argparse.BooleanOptionalAction, help=text)


def _add_pace(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--limit-rate",
        type=_rate,
        metavar="RATE",
        help="bytes a second of all files together, such as 500k or 2.5M; 0 for no limit; default: "
        "as in the settings",
    )
    command.add_argument(
        "--parallel", type=_parallel, metavar="N", help="files at the same time, 1 to 32"
    )


def _rate(text: str) -> int:
    found = _RATE.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"“{text}” is no rate; write it like 500k or 2.5M")
    return round(float(found[1]) * _RATE_UNITS[found[2].lower()])


def _parallel(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 32:
        raise argparse.ArgumentTypeError(f"“{text}” is no number from 1 to 32")
    return int(text)


def _weak_formats(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in WEAK_FORMATS:
            raise argparse.ArgumentTypeError(f"“{name}” is none of {', '.join(WEAK_FORMATS)}")
    return names


def _add_if_exists(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--if-exists",
        choices=("fail", "skip", "replace", "keep-both"),
        default="fail",
        help="when the name is taken (default: fail)",
    )
