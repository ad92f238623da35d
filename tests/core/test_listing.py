"""Pages of a listing: the scan says what the parser says, or nothing."""

from datetime import UTC, datetime
from urllib.parse import quote_plus
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape

import botocore.session
import pytest
from botocore.parsers import create_parser
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cse_desktop.core.entries import Entries
from cse_desktop.core.listing import page_of, read_listings_here
from cse_desktop.core.objects import Entry
from cse_desktop.core.page_scan import scan
from cse_desktop.core.strict_xml import NotAListing, parse

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="{NAMESPACE}">'
TAIL = "</ListBucketResult>"


def page(*rows, head=HEAD, tail=TAIL, facts="<IsTruncated>false</IsTruncated>"):
    return (head + facts + "".join(rows) + tail).encode()


def amazon(key="a", size=5, date="2025-07-31T15:42:09.000Z", checksum=""):
    return (
        f"<Contents><Key>{key}</Key><LastModified>{date}</LastModified><ETag>&quot;0a1b&quot;</ETag>"
        f"{checksum}<Size>{size}</Size><StorageClass>GLACIER</StorageClass></Contents>"
    )


CHECKSUM = "<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>COMPOSITE</ChecksumType>"
SPELLINGS = {
    "Amazon S3": amazon(),
    "Amazon S3 with checksum": amazon(checksum=CHECKSUM),
    "SeaweedFS": (
        "<Contents><Key>a</Key><ETag>&#34;0a1b&#34;</ETag><Size>5</Size><Owner><ID>x</ID>"
        "</Owner><StorageClass>STANDARD</StorageClass>"
        "<LastModified>2025-07-31T15:42:09Z</LastModified></Contents>"
    ),
    "MinIO": (
        "<Contents><Key>a</Key><LastModified>2025-07-31T15:42:09.123Z</LastModified>"
        "<ETag>&#34;0a1b&#34;</ETag><Size>5</Size><StorageClass>STANDARD</StorageClass></Contents>"
    ),
    "R2": (
        "<Contents><Key>a</Key><Size>5</Size><LastModified>2025-07-31T15:42:09.123Z</LastModified>"
        "<ETag>&quot;0a1b&quot;</ETag><StorageClass>STANDARD</StorageClass></Contents>"
    ),
    "moto": (
        "\n  <Contents>\n    <Key>a</Key>\n    <LastModified>2025-07-31T15:42:09.000Z"
        '</LastModified>\n    <ETag>"0a1b"</ETag>\n    <Size>5</Size>\n'
        "    <StorageClass>STANDARD</StorageClass>\n  </Contents>"
    ),
    "without class": (
        "<Contents><Key>a</Key><LastModified>2025-07-31T15:42:09.000Z</LastModified>"
        "<ETag>0a1b</ETag><Size>5</Size></Contents>"
    ),
}


@pytest.mark.parametrize("row", SPELLINGS.values(), ids=SPELLINGS)
def test_pages_of_every_server_are_scanned(row):
    body = page(*[row.replace("<Key>a<", f"<Key>a{number}<") for number in range(5)])

    found = scan(body)

    assert found == parse(body)
    assert found.objects.keys == [b"a0", b"a1", b"a2", b"a3", b"a4"]
    assert found.objects.etags == [b"0a1b"] * 5


def test_objects_with_and_without_checksum_are_scanned_together():
    body = page(amazon("a"), amazon("b", checksum=CHECKSUM), amazon("c"))

    assert scan(body) == parse(body)


UNUSUAL = {
    "a comment around": page("<!--", amazon(), "-->"),
    "a comment between": page(amazon(), "<!-- x -->", amazon()),
    "CDATA around": page("<![CDATA[", amazon(), "]]>"),
    "CDATA as key": page(amazon("<![CDATA[a<b]]>")),
    "an instruction": page("<?x ", amazon(), "?>"),
    "not in the root": page("<Other>", amazon(), "</Other>"),
    "something between": page(amazon(), "<Other>x</Other>", amazon()),
    "text between": page(amazon(), "text", amazon()),
    "an unknown element inside": page(amazon(checksum="<Restored>no</Restored>")),
    "an attribute": page(amazon().replace("<Key>", '<Key lang="en">')),
    "another order later": page(SPELLINGS["MinIO"], SPELLINGS["R2"]),
    "a prefix between": page(
        amazon(), "<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>", amazon("q")
    ),
    "a negative size": page(amazon(size=-1)),
    "the end of CDATA in a key": page(amazon("]]>")),
    "a control character": page(amazon("\x01")),
    "no character": page(amazon("\ufffe")),
    "a reference to no character": page(amazon("&#xFFFE;"), amazon("&#1;")),
    "an unknown entity": page(amazon("&nbsp;")),
    "the 30th of February": page(amazon(date="2025-02-30T15:42:09.000Z")),
    "an offset": page(amazon(date="2025-07-31T15:42:09.000+02:00")),
    "a bracket cut in two": page("<", amazon(), tail="/ListBucketResult>"),
    "a name cut in two": page("<Na", amazon(), "me>x</Name>"),
    "broken UTF-8": page(amazon("KEY"), amazon("KEY")).replace(b"KEY", b"\xff"),
    "broken across keys": page(amazon("K1"), amazon("K2"))
    .replace(b"K1", b"\xc3")
    .replace(b"K2", b"\xa9"),
    "cut off": page(amazon())[:-7],
    "cut off in a row": page(amazon(), amazon())[:-60],
    "a document type": page(amazon(), head="<!DOCTYPE x>" + HEAD[39:]),
    "an entity of its own": page(
        amazon("&e;"), head='<!DOCTYPE x [<!ENTITY e "boom">]>' + HEAD[39:]
    ),
    "Latin-1": page(amazon("\xe9"), head=HEAD.replace("UTF-8", "ISO-8859-1")),
    "more to come, but not where": page(amazon(), facts="<IsTruncated>true</IsTruncated>"),
    "a token twice": page(amazon(), facts="<NextContinuationToken>a</NextContinuationToken>" * 2),
    "another root": page(amazon(), head="<Result>", tail="</Result>"),
    "a key twice": page(amazon().replace("<ETag>", "<Key>b</Key><ETag>")),
    "something in a key": page(amazon("a<b/>c")),
    "another encoding type": page(amazon(), facts="<EncodingType>base64</EncodingType>"),
}


def answer(reader, body):
    try:
        return reader(body)
    except (ExpatError, NotAListing):
        return "refused"


@pytest.mark.parametrize("body", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_left_to_the_parser(body):
    scanned, parsed = answer(scan, body), answer(parse, body)

    assert scanned is None or scanned == parsed


@pytest.mark.parametrize(
    "name",
    ["a document type", "an entity of its own", "a key twice", "more to come, but not where"],
)
def test_the_parser_refuses_what_can_be_read_in_two_ways(name):
    with pytest.raises(NotAListing):
        parse(UNUSUAL[name])


def test_hidden_objects_are_none():
    for name in ("a comment around", "CDATA around", "not in the root"):
        assert parse(UNUSUAL[name]).objects.keys == []


WORDS = ("Key", "Size", "ETag", "Contents", "Owner", "Prefix", "CommonPrefixes", "IsTruncated")
JUNK = st.one_of(
    st.sampled_from([f"<{word}>" for word in WORDS] + [f"</{word}>" for word in WORDS]),
    st.sampled_from(("<!-- -->", "<![CDATA[", "]]>", "&amp;", "&#65;", "&x;", "<?x?>", " ", "\n")),
    st.sampled_from((amazon("j"), amazon("k", checksum=CHECKSUM), *SPELLINGS.values())),
    st.text(max_size=3),
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


ALL = [*SPELLINGS.values()]


@st.composite
def pages(draw):
    """Rows of one server, or of several, and now and then something thrown in somewhere."""
    is_encoded = draw(st.booleans())
    spellings = draw(
        st.sampled_from([*([each] for each in SPELLINGS.values()), [*SPELLINGS.values()]])
    )
    rows = []
    for key in draw(st.lists(KEYS, max_size=6)):
        spelled = quote_plus(key, safe="/") if is_encoded else escape(key)
        row = draw(st.sampled_from(spellings)).replace("<Key>a<", f"<Key>{spelled}<")
        rows.append(row.replace("<Size>5<", f"<Size>{draw(st.integers(0, 10**12))}<"))
    token = draw(st.sampled_from(("", "<NextContinuationToken>t&amp;o</NextContinuationToken>")))
    folders = draw(st.sampled_from(("", "<CommonPrefixes><Prefix>p%2B/</Prefix></CommonPrefixes>")))
    facts = "<EncodingType>url</EncodingType>" * is_encoded + token
    text = page(*rows, folders, facts=facts).decode()
    for place, junk in draw(st.lists(st.tuples(st.integers(0, len(text)), JUNK), max_size=2)):
        text = text[:place] + junk + text[place:]
    return text.encode()


@given(pages())
@example(page(amazon("a&amp;b"), amazon("c&#39;d"), amazon("&#x41;")))
@settings(max_examples=250)
def test_the_scan_never_says_anything_else_than_the_parser(body):
    scanned = answer(scan, body)

    assert scanned is None or scanned == answer(parse, body)


def of_library(body):
    """What botocore reads in a page, in our words."""
    model = botocore.session.get_session().get_service_model("s3").operation_model("ListObjectsV2")
    answer = {"status_code": 200, "headers": {}, "body": body}
    found = create_parser("rest-xml").parse(answer, model.output_shape)
    return [
        (each["Key"], each["Size"], each["ETag"].strip('"'), each["LastModified"].astimezone(UTC))
        for each in found.get("Contents", ())
    ]


@given(
    st.lists(KEYS.filter(lambda key: key.isprintable()), max_size=5), st.sampled_from([*SPELLINGS])
)
@settings(max_examples=60, deadline=None)
def test_the_parser_reads_what_the_library_reads(keys, server):
    rows = [SPELLINGS[server].replace("<Key>a<", f"<Key>{escape(key)}<") for key in keys]
    body = page(*rows)

    objects = parse(body).objects
    entries = Entries(
        (), objects.keys, objects.sizes, objects.dates, objects.etags, objects.storage_classes
    )

    assert [(e.key, e.size, e.etag, e.modified) for e in entries] == of_library(body)


def test_nothing_else_of_the_library_sees_a_page():
    client = botocore.session.get_session().create_client(
        "s3", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    seen = []
    client.meta.events.register_first(
        "before-parse.s3.*", lambda response_dict, **_: seen.append(response_dict["body"])
    )
    read_listings_here(client.meta.events)
    answer, customized = {"status_code": 200, "headers": {}, "body": page(amazon())}, {}
    client.meta.events.emit(
        "before-parse.s3.ListObjectsV2",
        operation_model=client.meta.service_model.operation_model("ListObjectsV2"),
        response_dict=answer,
        customized_response_dict=customized,
    )
    client.close()

    assert seen == [b"<ListBucketResult/>"]
    assert [entry.key for entry in page_of(customized, "").entries] == ["a"]


def test_entries_are_folders_and_then_objects():
    date = b"2025-07-31T15:42:09.250Z"
    entries = Entries(("f/",), [b"a", "ü".encode()], [1, 2], [date] * 2, [b"x", b"yy"], ["A", "B"])

    assert list(entries) == [entries[0], entries[1], entries[2]] == list(entries[:])
    assert entries[0] == Entry("f/")
    assert entries[-1] == Entry("ü", 2, "yy", datetime(2025, 7, 31, 15, 42, 9, 250_000, UTC), "B")
    assert entries.all_keys() == ["f/", "a", "ü"]
    assert entries.is_sorted
    assert not Entries((), [b"b", b"a"], [1, 2], [date] * 2, [b"", b""], ["A"] * 2).is_sorted
    with pytest.raises(IndexError):
        entries[3]
