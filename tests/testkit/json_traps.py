"""Contexts that are not one JSON object of strings, or not only that."""

from __future__ import annotations

from collections.abc import Iterator

from tests.testkit.case import Case, refuse
from tests.testkit.sample import CEK_ALG, GCM_NAME, PLAINTEXT, v2, v3

# %s is where the reserved pair goes, so that nothing else is wrong.
_TRAPS = {
    "empty": ("nothing at all", ""),
    "blank": ("a blank", " "),
    "not-json": ("no JSON", "department=payroll"),
    "cut": ("cut off at the end", '{%s,"a":"b'),
    "no-brace": ("without its last brace", '{%s,"a":"b"'),
    "behind": ("something behind it", '{%s,"a":"b"}x'),
    "two": ("two objects", '{%s}{"a":"b"}'),
    "comma": ("a comma too many", '{%s,"a":"b",}'),
    "single-quotes": ("single quotes", "{'a':'b'}"),
    "bare-name": ("a name without quotes", '{%s,a:"b"}'),
    "comment": ("a comment", '{%s/* x */,"a":"b"}'),
    "control": ("a control character that is not escaped", '{%s,"a":"b\x01"}'),
    "bad-escape": ("an escape that JSON does not have", '{%s,"a":"\\x41"}'),
    "array": ("an array", '[{%s,"a":"b"}]'),
    "string": ("a text", '"a"'),
    "number": ("a number", "115"),
    "null": ("null", "null"),
    "true": ("true", "true"),
    "value-number": ("a value that is a number", '{%s,"a":1}'),
    "value-float": ("a value that is a fraction", '{%s,"a":1.5}'),
    "value-huge": ("a value that is a number of 5,000 digits", '{%s,"a":' + "9" * 5000 + "}"),
    "value-exponent": ("a value that is a number beyond any float", '{%s,"a":1e999999}'),
    "value-nan": ("a value that is NaN", '{%s,"a":NaN}'),
    "value-infinity": ("a value that is -Infinity", '{%s,"a":-Infinity}'),
    "value-true": ("a value that is true", '{%s,"a":true}'),
    "value-null": ("a value that is null", '{%s,"a":null}'),
    "value-object": ("a value that is an object", '{%s,"a":{"b":"c"}}'),
    "value-array": ("a value that is an array", '{%s,"a":["b"]}'),
    "twice": ("a name there twice with two values", '{%s,"a":"b","a":"c"}'),
    "twice-alike": ("a name there twice with one value", '{%s,"a":"b","a":"b"}'),
    "twice-escaped": ("a name there twice, once escaped", '{%s,"a":"b","\\u0061":"c"}'),
    "twice-reserved": ("the reserved pair there twice", "{%s,%s}"),
    "deep": ("nested a thousand times", '{%s,"a":' + "[" * 1000 + "]" * 1000 + "}"),
    "deeper": ("nested five thousand times", "[" * 5000),
    "half-pair": ("half of a surrogate pair", '{%s,"a":"\\ud800"}'),
    "half-name": ("half of a surrogate pair in a name", '{%s,"\\udfff":"a"}'),
    "bom": ("a byte order mark before it", '\ufeff{%s,"a":"b"}'),
    "huge": ("one value of 66,000 characters", '{%s,"a":"' + "x" * 66_000 + '"}'),
    "word-charset": ("a word of a character set nobody knows", "=?x-none?Q?{}?="),
    "word-damaged": ("a word that is not UTF-8", "=?UTF-8?Q?=FF=FE?="),
    "word-base64": ("a word that is not base64", "=?UTF-8?B?!!!?="),
    "word-open": ("a word without an end", "=?UTF-8?Q?{"),
}  # fmt: skip


def cases() -> Iterator[Case]:
    """All of them."""
    for name, make, field, value in (
        ("v3", v3, "x-amz-t", "115"),
        ("v2", v2, "x-amz-matdesc", GCM_NAME),
    ):
        pair = f'"{CEK_ALG}":"{value}"'
        for key, (about, text) in _TRAPS.items():
            if name == "v2" and key in ("huge", "deeper"):
                continue  # as with v3, and they are what makes the kit large
            sample = make(PLAINTEXT).having({field: text.replace("%s", pair)})
            yield refuse(f"{name}-json-{key}", f"{name}, {field}: {about}", "format", sample)
