"""Sound objects whose metadata are spelled in all the ways that writers and S3 spell them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from tests.testkit.case import Case, accept
from tests.testkit.material import b64
from tests.testkit.sample import CBC_NAME, PLAINTEXT, USER_CONTEXT, Sample, kms_cbc, kms_gcm, v2, v3

_WIDE = {"naïve": "Zürich", "город": "Москва €", "emoji": "🔑"}
_LATIN = {"naïve": "Zürich §"}
_CONTEXTS = {"v3": "x-amz-t", "v2": "x-amz-matdesc"}
_MAKERS: dict[str, Callable[..., Sample]] = {"v3": v3, "v2": v2}


def cases() -> Iterator[Case]:
    """All of them."""
    for name in _CONTEXTS:
        yield from _json(name)
        yield from _words(name)
        yield from _names(name)
    yield from _beside()


def _respelled(name: str, spell: Callable[[dict[str, str]], str], user: dict[str, str]) -> Sample:
    sound = _MAKERS[name](PLAINTEXT, user)
    return sound.having({_CONTEXTS[name]: spell(dict(sound.grants[0].context))})


def _json(name: str) -> Iterator[Case]:
    spellings: dict[str, tuple[str, Callable[[dict[str, str]], str], dict[str, str]]] = {
        "spaced": ("blanks after colons and commas (Python)", json.dumps, USER_CONTEXT),
        "padded": ("blanks everywhere", _padded, USER_CONTEXT),
        "slashes": ("slashes escaped (PHP)", _slashes, {"path": "a/b/c", **USER_CONTEXT}),
        "escapes": ("\\u escapes, surrogate pairs among them (PHP)", json.dumps, _WIDE),
        "upper-escapes": ("\\u escapes of ASCII letters, digits in capitals", _escaped, _WIDE),
        "reversed": ("the reserved pair first", _reversed, USER_CONTEXT),
        "controls": ("escaped control characters", json.dumps, {"a": "tab\t line\n nul\0"}),
        "quotes": ("escaped quotes and backslashes", json.dumps, {'"': 'C:\\new "x"', "\\": ""}),
        "empty-value": ("a value that is empty", json.dumps, {"a": ""}),
        "no-user-pairs": ("only the reserved pair", json.dumps, {}),
        "many": ("forty pairs", json.dumps, {f"n{n}": str(n) for n in range(40)}),
        "markup": ("text that looks like HTML", json.dumps, {"<b>": "&amp;<i>"}),
        "numerals": (
            "texts that look like JSON",
            json.dumps,
            {"1": "2", "null": "true", "{}": "[]"},
        ),
        "word-like": (
            "a value that looks like an encoded word",
            json.dumps,
            {"a": "=?UTF-8?Q?b?="},
        ),
    }
    for key, (about, spell, user) in spellings.items():
        yield accept(f"{name}-context-{key}", f"{name}, {about}", _respelled(name, spell, user))


def _words(name: str) -> Iterator[Case]:
    spellings: dict[str, tuple[str, Callable[[str], str], dict[str, str]]] = {
        "raw": ("UTF-8 returned as Latin-1 characters", _doubled, _WIDE),
        "words-q": ("UTF-8 twice, in a word of Q", lambda t: _q(_doubled(t)), _WIDE),
        "words-b": ("UTF-8 twice, in a word of B", lambda t: _b(_doubled(t)), _WIDE),
        "words-q-lower": ("a word with utf-8 and q in small letters", _lower_q, _WIDE),
        "words-q-many": ("several words of Q, split at any byte", _many_q, _WIDE),
        "words-b-many": ("several words of B, split at any byte", _many_b, _WIDE),
        "words-tabs": ("words with tabs and blanks between them", _tabbed, _WIDE),
        "words-mixed": ("words of Q and of B in turn", _mixed, _WIDE),
        "words-latin": ("a word of ISO-8859-1, one byte a character", _latin_word, _LATIN),
        "words-once": ("UTF-8 once, in a word (AWS SDK for Java 1.x)", _q, _LATIN),
        "words-ascii": ("a word although all of it is ASCII", _q, USER_CONTEXT),
        "latin": ("Latin-1 as it is", str, _LATIN),
    }
    for key, (about, spell, user) in spellings.items():

        def spelled(context: dict[str, str], spell: Callable[[str], str] = spell) -> str:
            return spell(json.dumps(context, ensure_ascii=False))

        yield accept(f"{name}-context-{key}", f"{name}, {about}", _respelled(name, spelled, user))


def _names(name: str) -> Iterator[Case]:
    sound = _MAKERS[name](PLAINTEXT)
    for key, about, spell in (
        ("go", "names as Go sends them", lambda n: "-".join(p.capitalize() for p in n.split("-"))),
        ("upper", "names in capitals", str.upper),
    ):
        pairs = tuple((spell(n), v) for n, v in sound.metadata)
        yield accept(f"{name}-names-{key}", f"{name}, {about}", _with_pairs(sound, pairs))
    backwards = _with_pairs(sound, tuple(reversed(sound.metadata)))
    yield accept(f"{name}-names-backwards", f"{name}, fields in the other order", backwards)
    beside = {
        "note": "hello",
        "x-amz-key-v3": "mine",
        "x-amz-": "",
        "amz-c": "1",
        "x-amz-meta-x-amz-c": "2",
    }
    yield accept(
        f"{name}-names-beside", f"{name}, metadata of the user beside it", sound.having(beside)
    )


def _beside() -> Iterator[Case]:
    length = {"x-amz-unencrypted-content-length": str(len(PLAINTEXT))}
    for name, make in (("v2", v2), ("kms-gcm", kms_gcm), ("kms-cbc", kms_cbc)):
        about = f"{name}, with the length of the plaintext (Go, Ruby, PHP, Java)"
        yield accept(f"{name}-length", about, make(PLAINTEXT).having(length))
    for name, make in (("v2", v2), ("kms-gcm", kms_gcm)):
        about = f"{name}, without x-amz-tag-len"
        yield accept(f"{name}-no-tag-len", about, make(PLAINTEXT).lacking("x-amz-tag-len"))
    other_name = kms_cbc(PLAINTEXT).having({"x-amz-cek-alg": CBC_NAME.replace("5", "7")})
    yield accept("kms-cbc-pkcs7", "kms-cbc, its content named PKCS7Padding", other_name)


def _with_pairs(sound: Sample, pairs: tuple[tuple[str, str], ...]) -> Sample:
    return Sample(pairs, sound.body, sound.plaintext, sound.grants, sound.switches)


def _padded(context: dict[str, str]) -> str:
    pairs = " ,\t".join(f"{json.dumps(n)} :  {json.dumps(v)}" for n, v in context.items())
    return f" {{ {pairs} }} "


def _slashes(context: dict[str, str]) -> str:
    return json.dumps(context, separators=(",", ":")).replace("/", "\\/")


def _escaped(context: dict[str, str]) -> str:
    def escape(text: str) -> str:
        units = text.encode("utf-16-be")
        return "".join(f"\\u{units[n]:02X}{units[n + 1]:02X}" for n in range(0, len(units), 2))

    return "{" + ",".join(f'"{escape(n)}":"{escape(v)}"' for n, v in context.items()) + "}"


def _reversed(context: dict[str, str]) -> str:
    return json.dumps(dict(reversed(context.items())))


def _doubled(text: str) -> str:
    """What S3 makes of UTF-8 in a header: each byte a character."""
    return text.encode().decode("latin-1")


def _q(text: str, charset: str = "utf-8") -> str:
    return _q_word(text.encode(charset), charset)


def _b(text: str) -> str:
    return f"=?UTF-8?B?{b64(text.encode())}?="


def _q_word(content: bytes, charset: str = "utf-8") -> str:
    letters = "".join(
        "_" if byte == 0x20 else chr(byte) if _is_plain(byte) else f"={byte:02X}"
        for byte in content
    )
    return f"=?{charset.upper()}?Q?{letters}?="


def _is_plain(byte: int) -> bool:
    return 0x20 < byte < 0x7F and chr(byte) not in "=?_"


def _lower_q(text: str) -> str:
    return _q(_doubled(text)).replace("=?UTF-8?Q?", "=?utf-8?q?")


def _chunks(text: str) -> list[bytes]:
    content = _doubled(text).encode()
    return [content[n : n + 11] for n in range(0, len(content), 11)]


def _many_q(text: str) -> str:
    return " ".join(map(_q_word, _chunks(text)))


def _many_b(text: str) -> str:
    return " ".join(f"=?UTF-8?B?{b64(chunk)}?=" for chunk in _chunks(text))


def _tabbed(text: str) -> str:
    return "\t  ".join(map(_q_word, _chunks(text)))


def _mixed(text: str) -> str:
    words = [
        f"=?UTF-8?B?{b64(chunk)}?=" if n % 2 else _q_word(chunk)
        for n, chunk in enumerate(_chunks(text))
    ]
    return " ".join(words)


def _latin_word(text: str) -> str:
    return _q(text, "iso-8859-1")
