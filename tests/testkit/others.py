"""Objects of nobody's, of other tools, and objects that are refused only by a switch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.testkit.case import Case, accept, refuse
from tests.testkit.material import fixed
from tests.testkit.sample import ALL_SWITCHES, BASES, PLAINTEXT, Sample

_SPLIT = ("x-amz-3", "x-amz-w", "x-amz-t")
_FOREIGN = {
    "esdk-1": ("a message of the AWS Encryption SDK, version 1", b"\x01\x80\x03\x78"),
    "esdk-2": ("a message of the AWS Encryption SDK, version 2", b"\x02\x05\x78"),
    "age": ("an age file", b"age-encryption.org/v1\n-> X25519 "),
    "gpg": ("an OpenPGP message", b"-----BEGIN PGP MESSAGE-----\n\n"),
    "rclone": ("an rclone crypt file", b"RCLONE\0\0"),
    "openssl": ("a file of openssl enc", b"Salted__"),
}


def cases() -> Iterator[Case]:
    """All of them."""
    plain = Sample((), b"plain text\n", b"", ())
    about = "an object without metadata, never encrypted"
    yield refuse("plain", about, "no-envelope", plain)
    about = "an empty object without metadata"
    yield refuse("plain-empty", about, "no-envelope", plain.with_body(b""))
    about = "a plain object with metadata of its owner"
    yield refuse(
        "plain-metadata", about, "no-envelope", plain.having({"note": "x", "x-amz-x": "y"})
    )
    about = "an instruction file itself (marker of Java)"
    marker = plain.having({"x-amz-crypto-instr-file": ""}).with_body(b"{}")
    yield refuse("plain-marker", about, "no-envelope", marker)
    about = "a plain object with the length of a plaintext beside it"
    length = {"x-amz-unencrypted-content-length": "11"}
    yield refuse("plain-length", about, "no-instruction-file", plain.having(length))
    for key, (about, magic) in _FOREIGN.items():
        body = magic + fixed(key, 80)
        yield refuse(f"foreign-{key}", about, "other-tool", plain.with_body(body))
    for name in ("v3", "v2"):
        stripped = replace(BASES[name](PLAINTEXT), metadata=())
        about = f"{name} whose metadata was lost in a copy"
        yield refuse(f"{name}-stripped", about, "no-envelope", stripped)
    yield from _switched_off()


def _switched_off() -> Iterator[Case]:
    """Every kind of object with no switch, with all, and with all but one that it needs."""
    for name, make in BASES.items():
        sound = make(PLAINTEXT)
        split = sound.moved(*(_SPLIT if name == "v3" else ()))
        for kind, sample in ((name, sound), (f"{name}-split", split)):
            everything = replace(sample, switches=ALL_SWITCHES)
            yield accept(f"{kind}-all-on", f"{kind}, every switch is on", everything)
            for missing in sample.switches:
                allow = tuple(switch for switch in ALL_SWITCHES if switch != missing)
                about = f"{kind}, every switch is on but {missing}"
                reason = _without(missing, sample)
                yield refuse(f"{kind}-{missing}-off", about, reason, sample, allow=allow)
            if sample.switches:
                about = f"{kind}, no switch is on"
                reason = _without(sample.switches[-1], sample)
                yield refuse(f"{kind}-all-off", about, reason, sample, allow=())


def _without(missing: str, sample: Sample) -> str:
    """Who does not look for an instruction file cannot know that all of an envelope is there."""
    is_blind = missing == "instruction-file" and not sample.metadata
    return "no-envelope" if is_blind else "policy"
