"""Which formats a connection may read, and which context it demands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cse_desktop.core.envelope import INSTRUCTION_FILE, Envelope, Format, Suite, Wrapping
from cse_desktop.core.errors import NotAllowed
from cse_desktop.core.spelling import visible

SUFFIX = ".instruction"
_WHERE = "Settings > Encryption policy"
_MAX_NAMES = 5


@dataclass(frozen=True, slots=True)
class Switch:
    """A format that a connection reads or refuses.

    Attributes:
        name: as the settings call it.
        option: of the command line.
        title: what a file of this format is.
        why: what speaks against reading it.
    """

    name: str
    option: str
    title: str
    why: str


_LEGACY = "This is a v1 legacy file"
V2 = Switch(
    "v2",
    "--read default",
    "This is a v2 file without key commitment",
    "This connection reads only v3, because an older file may open to different content under two "
    "keys.",
)
INSTRUCTION_FILES = Switch(
    "instruction files",
    "--allow instruction-file",
    "The envelope of this file is in an instruction file",
    "Reading instruction files is off, because whoever can write that second object can change it "
    "unnoticed.",
)
CBC = Switch(
    "AES-CBC content",
    "--allow cbc",
    _LEGACY,
    f"Its content is {Suite.CBC.value}. Reading it is off because changes in it can go unnoticed.",
)
KMS_WRAP = Switch(
    "kms wrapping",
    "--allow kms-wrap",
    _LEGACY,
    "Its data key is wrapped as kms, so the key is not bound to how the content is encrypted. "
    "Reading it is off because the labels of such files can be changed unnoticed.",
)


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """What may be decrypted. V3 always may.

    Attributes:
        v2: content without key commitment; while this is off, `kms_wrap` and `cbc` change nothing.
        kms_wrap: data keys wrapped without the user's context, by clients of before 2020.
        cbc: content without authentication.
        instruction_files: envelopes kept in a second object.
        required_context: the user's pairs that a stored context must equal; None trusts it.
        instruction_suffix: what the name of an instruction file adds to the object's.
    """

    v2: bool = True
    kms_wrap: bool = False
    cbc: bool = False
    instruction_files: bool = False
    required_context: tuple[tuple[str, str], ...] | None = None
    instruction_suffix: str = SUFFIX

    def missing(self, envelope: Envelope) -> tuple[Switch, ...]:
        """The switches that would have to be on to read an object, and are off."""
        is_committing = envelope.suite is Suite.GCM_COMMITTING
        needed = (
            (INSTRUCTION_FILES, envelope.place == INSTRUCTION_FILE, self.instruction_files),
            (CBC, envelope.suite is Suite.CBC, self.cbc),
            (KMS_WRAP, envelope.wrapping is Wrapping.KMS, self.kms_wrap),
            (V2, not is_committing, self.v2),
        )
        return tuple(switch for switch, is_needed, is_on in needed if is_needed and not is_on)

    def check(self, envelope: Envelope, names: Mapping[str, str] | None = None) -> None:
        """Raise NotAllowed unless the envelope may be opened; says which switch would allow it.

        Args:
            names: pairs that the context must have as well, because the connection binds objects
                to their names; None where it does not.
        """
        if missing := self.missing(envelope):
            raise switched_off(*missing, is_old=envelope.format is Format.V1)
        stored = envelope.user_context
        if names is not None:
            _check_names(stored, names)
        if self.required_context is not None:
            demanded = {**dict(self.required_context), **(names or {})}
            if stored not in (demanded, _as_latin_1(demanded)):
                raise _other_context(stored, demanded)

    def admit(self, envelope: Envelope, names: Mapping[str, str] | None = None) -> Envelope:
        """The envelope to open, once `check` has passed it.

        The AWS SDK for Java 1.x stored "?" for what is not Latin-1, while KMS bound the true text.
        Where the demanded context explains such a copy it takes its place; KMS is the judge.
        """
        self.check(envelope, names)
        if self.required_context is None:
            return envelope
        demanded = {**dict(self.required_context), **(names or {})}
        return (
            envelope if envelope.user_context == demanded else envelope.with_user_context(demanded)
        )


def switched_off(*switches: Switch, is_old: bool = False) -> NotAllowed:
    """The error of an object that cannot be read while `switches` are off.

    Args:
        is_old: it was written by a client of before 2020.
    """
    title = _LEGACY if is_old and switches[0] is V2 else switches[0].title
    reading = " ".join(s.option for s in switches if s is V2)
    allowing = ",".join(s.option.split()[1] for s in switches if s is not V2)
    options = " ".join(filter(None, (reading, allowing and f"--allow {allowing}")))
    names = listed([switch.name for switch in switches])
    purpose = "migrate" if is_old else "read it"
    return NotAllowed(
        title,
        f"{' '.join(switch.why for switch in switches)} "
        f"Turn on {names} in {_WHERE} (cse: {options}) to {purpose}.",
    )


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _check_names(stored: dict[str, str], names: Mapping[str, str]) -> None:
    """Raise NotAllowed where an object is not the one that was encrypted under this name."""
    if all(stored.get(name) == value for name, value in names.items()):
        return
    if not any(name in stored for name in names):
        raise NotAllowed(
            "This file is not bound to its name",
            "This connection opens only files whose encryption context names their bucket and "
            "key. If you trust where it came from, turn off binding of names in "
            f"{_WHERE} (cse: --no-bind-names) to read it.",
        )
    facts = ". ".join(f"{name}: {visible(stored.get(name, '(none)'))}" for name in names)
    raise NotAllowed(
        "This file was encrypted under another name",
        f"Its encryption context names another object. {facts}. It was copied or renamed, or "
        "exchanged for another file. Ask who stored it.",
    )


def _as_latin_1(pairs: dict[str, str]) -> dict[str, str]:
    """What the AWS SDK for Java 1.x stored of a context: "?" for each UTF-16 unit it lost."""
    return {_lossy(name): _lossy(value) for name, value in pairs.items()}


def _lossy(text: str) -> str:
    return "".join(
        c if ord(c) < 0x100 else "?" * (len(c.encode("utf-16-le", "surrogatepass")) // 2)
        for c in text
    )


def _other_context(stored: dict[str, str], demanded: dict[str, str]) -> NotAllowed:
    missing = [name for name in demanded if name not in stored]
    extra = [name for name in stored if name not in demanded]
    other = [name for name in demanded if name in stored and demanded[name] != stored[name]]
    facts = [
        f"{what}: {', '.join(map(visible, names[:_MAX_NAMES]))}"
        + (f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else "")
        for what, names in (
            ("Another value", other),
            ("Missing in the file", missing),
            ("Only in the file", extra),
        )
        if names
    ]
    return NotAllowed(
        "The encryption context does not match",
        "The file was encrypted with other context values. "
        f"{'. '.join(facts)}. Compare the pairs in the inspector with your settings.",
    )
