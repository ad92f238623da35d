"""Which formats a connection may read, and which context it demands."""

from __future__ import annotations

from dataclasses import dataclass

from cse_desktop.core.envelope import Envelope, Format, Suite, Wrapping
from cse_desktop.core.errors import NotAllowed
from cse_desktop.core.spelling import visible

_WHERE = "Settings > Encryption policy"
_MAX_NAMES = 5


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """What may be decrypted. V3 always may.

    Attributes:
        v2: AES-GCM without key commitment.
        kms_wrap: data keys wrapped without the user's context, by clients of before 2020.
        cbc: content without authentication.
        instruction_files: envelopes kept in a second object.
        required_context: the user's pairs that a stored context must equal; None trusts it.
    """

    v2: bool = True
    kms_wrap: bool = False
    cbc: bool = False
    instruction_files: bool = False
    required_context: tuple[tuple[str, str], ...] | None = None

    def check(self, envelope: Envelope) -> None:
        """Raise NotAllowed unless the envelope may be opened; says which switch would allow it."""
        self._check_format(envelope)
        if self.required_context is not None:
            demanded = dict(self.required_context)
            if envelope.user_context not in (demanded, _as_latin_1(demanded)):
                raise _other_context(envelope.user_context, demanded)

    def admit(self, envelope: Envelope) -> Envelope:
        """The envelope to open, once `check` has passed it.

        The AWS SDK for Java 1.x stored "?" for what is not Latin-1, while KMS bound the true text.
        Where the demanded context explains such a copy it takes its place; KMS is the judge.
        """
        self.check(envelope)
        if self.required_context is None or envelope.user_context == dict(self.required_context):
            return envelope
        return envelope.with_user_context(dict(self.required_context))

    def _check_format(self, envelope: Envelope) -> None:
        if envelope.place == "instruction file" and not self.instruction_files:
            raise NotAllowed(
                "The envelope of this file is in an instruction file",
                "Reading instruction files is off, because whoever can write that second object "
                f"can change it unnoticed. Turn on instruction files in {_WHERE} to read it.",
            )
        if envelope.suite is Suite.CBC and not self.cbc:
            raise NotAllowed(
                "This is a v1 legacy file",
                f"Its content is {Suite.CBC.value}. Reading it is off because changes in it can go "
                f"unnoticed. Turn on AES-CBC content in {_WHERE} to migrate.",
            )
        if envelope.wrapping is Wrapping.KMS and not self.kms_wrap:
            raise NotAllowed(
                "This is a v1 legacy file",
                "Its data key is wrapped as kms, without the file's own encryption context. "
                "Reading it is off because keys of such files can be exchanged unnoticed. "
                f"Turn on kms wrapping in {_WHERE} to migrate.",
            )
        if envelope.format is Format.V2 and not self.v2:
            raise NotAllowed(
                "This is a v2 file without key commitment",
                "This connection reads only v3, because a v2 file may open to different content "
                f"under two keys. Turn on v2 in {_WHERE} to read it.",
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
