"""What `cse` prints: lines for people, or one JSON object a line.

JSON objects on standard output, each with "event":

    planned    files, bytes, clashes                  what put, get or verify is about to do
    left-out   name, reason                           a link, a device, a name that is refused
    renamed    key, path                              a key whose file is called otherwise
    progress   done, total, files_done, files, rate   bytes of plaintext; at most once a second
    done, skipped, failed, cancelled, held
               verb, source | place | target, size, note; of done also etag, version, format, key;
               of rm also files;
               of failed also kind, title, hint, details, and refusal as of error
    summary    verb, done, skipped, failed, cancelled, held, bytes, seconds, exit_code
    bucket, folder, object, key, connection, profile, inspection
               one for each thing listed
    note       title                                  a sentence worth knowing
    error      kind, title, hint, details, exit_code  why nothing could be done; where AWS did not
               permit it also refusal: action, resource, caller, why, and allow, a list of kind,
               place and text of each statement that an administrator could add
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from cse_desktop.cli.text import visible, visible_lines
from cse_desktop.core.errors import Refusal
from cse_desktop.core.permissions import explain
from cse_desktop.jobs.snapshot import Failure


class Output:
    """Prints. Main thread.

    Args:
        is_json: JSON on standard output and nothing on standard error.
        is_quiet: errors only.
        is_debug: errors with their details.
    """

    def __init__(self, *, is_json: bool, is_quiet: bool, is_debug: bool) -> None:
        self.is_json = is_json
        self._is_quiet = is_quiet
        self._is_debug = is_debug
        self._has_status = False
        self._explained: set[str] = set()
        self.shows_status = not (is_json or is_quiet) and sys.stderr.isatty()

    def line(self, text: str) -> None:
        """Print a result for people; names in it must be made visible by the caller."""
        if not (self.is_json or self._is_quiet):
            self.clear_status()
            print(text)

    def event(self, name: str, /, **values: Any) -> None:
        """Print a JSON object."""
        if self.is_json:
            # Flushed, because a program on the other end of a pipe waits for it.
            print(json.dumps({"event": name, **values}), flush=True)

    def note(self, text: str) -> None:
        """Print a sentence that is worth knowing, on standard error."""
        if not (self.is_json or self._is_quiet):
            self.clear_status()
            print(visible(text), file=sys.stderr)

    def failure(self, failure: Failure, subject: str = "") -> None:
        """Print why something was not done, on standard error."""
        if self.is_json:
            return
        self.clear_status()
        title = f"{subject}: {failure.title}" if subject else failure.title
        print(f"cse: {visible(title)}", file=sys.stderr)
        if failure.hint:
            print(f"     {visible(failure.hint)}", file=sys.stderr)
        if failure.refusal is not None:
            self._explain(failure.refusal)
        if failure.details and self._is_debug:
            print(_indented(visible_lines(failure.details)), file=sys.stderr)

    def _explain(self, refusal: Refusal) -> None:
        """Print what would allow it, once for each thing that is refused."""
        explanation = explain(refusal)
        if explanation.text in self._explained:
            return
        self._explained.add(explanation.text)
        lines = [f"Not permitted: {refusal.action} on {explanation.resource}", explanation.why]
        for each in explanation.statements[:1]:
            lines += [each.place, each.text]
        print(_indented(visible_lines("\n".join(lines))), file=sys.stderr)

    def status(self, text: str, width: int) -> None:
        """Show one line that the next one overwrites; only on a terminal."""
        if self.shows_status:
            # ESC [ K: erase to the end of the line (ECMA-48, EL).
            print(f"\r{text[: width - 1]}\x1b[K", end="", file=sys.stderr, flush=True)
            self._has_status = True

    def clear_status(self) -> None:
        """Make room for a whole line."""
        if self._has_status:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._has_status = False


def failure_values(failure: Failure) -> dict[str, Any]:
    """Give a failure as JSON values."""
    values = {
        "kind": failure.kind.value,
        "title": failure.title,
        "hint": failure.hint,
        "details": failure.details,
    }
    return values if failure.refusal is None else {**values, "refusal": _refused(failure.refusal)}


def _refused(refusal: Refusal) -> dict[str, Any]:
    explanation = explain(refusal)
    return {
        "action": refusal.action,
        "resource": explanation.resource,
        "caller": refusal.caller,
        "why": explanation.why,
        "allow": [asdict(each) for each in explanation.statements],
    }


def _indented(text: str) -> str:
    return "\n".join(f"     {line}" for line in text.splitlines())
