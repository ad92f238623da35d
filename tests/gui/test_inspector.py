"""The inspector: what it says about real objects, and what can be copied from it."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from cse_desktop.core import transfer
from cse_desktop.core.envelope import Format
from cse_desktop.core.errors import Refusal
from cse_desktop.core.inspection import Kind, inspect
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.policy import V2, ReadPolicy
from cse_desktop.core.session import open_session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader, KeyNote
from cse_desktop.gui.browser.inspector import Inspector
from cse_desktop.gui.browser.inspector_parts import CopyText
from cse_desktop.gui.look.theme import Theme
from cse_desktop.jobs.facts import facts_of
from cse_desktop.jobs.snapshot import Failure, FailureKind

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


@pytest.fixture
def theme(qapp):
    theme = Theme("light")
    theme.apply(qapp)
    yield theme
    qapp.setStyleSheet("")


@pytest.fixture
def bridge(qapp):  # noqa: RUF100, ARG001
    bridge = Bridge()
    yield bridge
    assert bridge.close(30)


@pytest.fixture
def sessions(session):
    """By connection; a test may put another one in."""
    return {"home": session}


@pytest.fixture
def reader(bridge, sessions):
    return EnvelopeReader(bridge, sessions.__getitem__)


@pytest.fixture
def inspector(qtbot, theme, reader):
    inspector = Inspector(theme, reader)
    qtbot.addWidget(inspector)
    inspector.resize(336, 800)
    inspector.show()
    return inspector


@pytest.fixture
def select(qtbot, bucket, session, reader, inspector):
    """Show objects of the bucket as if their rows were selected and in view."""

    def show(*keys):
        page = session.store.page(ObjectRef(bucket, ""))
        entries = [entry for entry in page.entries if entry.key in keys]
        reader.open("home", bucket)
        reader.want(entries)
        qtbot.waitUntil(lambda: not any(reader.state(entry).is_pending for entry in entries))
        inspector.show_selection(ObjectRef(bucket, ""), entries)
        qtbot.waitUntil(lambda: not inspector._settled.isActive())
        return entries[0]

    return show


@pytest.fixture
def encrypted(tmp_path, bucket, session, kms_key):
    """An object in the format that this program writes."""
    source = tmp_path / "summary.xlsx"
    source.write_bytes(b"numbers" * 1000)
    ref = ObjectRef(bucket, "summary.xlsx")
    context = {"department": "finance", "retention": "7y"}
    transfer.upload(session, source, ref, kms_key, context, replace=False)
    return ref


def said(inspector):
    page = inspector.widget()
    words = [part.text() for part in page.findChildren(QLabel)]
    words += [part.toPlainText() for part in page.findChildren(CopyText)]
    return words


def press(qtbot, inspector, text):
    found = [b for b in inspector.widget().findChildren(QPushButton) if b.text() == text]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def test_an_encrypted_file_shows_its_envelope_and_context(encrypted, select, inspector):
    select(encrypted.key)
    assert inspector.sheet.title == "summary.xlsx"
    assert inspector.sheet.meta.startswith("7.0 KB · ")
    assert inspector.sheet.badge.text == "CSE-KMS v3 · key-committing"
    words = said(inspector)
    for word in ("AES-256-GCM", "Yes", "Object metadata", "Not read yet ·", str(encrypted)):
        assert word in words
    assert words[words.index("department") + 1] == "finance"
    assert "7,016 bytes" in words


def test_the_key_is_named_only_when_kms_was_asked_for_it(
    qtbot, encrypted, select, inspector, session, reader, kms_key
):
    entry = select(encrypted.key)
    with qtbot.waitSignal(inspector.read_key_asked) as asked:
        press(qtbot, inspector, "Read it")
    assert asked.args == [entry]
    assert kms_key not in said(inspector)
    arn = session.keys.open(reader.state(entry).inspection.envelope).key_arn
    reader.note_key("home", encrypted, entry.etag, KeyNote(arn, "alias/mine"))
    qtbot.waitUntil(lambda: kms_key in said(inspector))
    assert "alias/mine" in said(inspector)


def test_no_access_to_the_key_is_said_until_the_next_sign_in(
    qtbot, encrypted, select, inspector, reader
):
    entry = select(encrypted.key)
    reader.note_key("home", encrypted, entry.etag, KeyNote(is_refused=True))
    qtbot.waitUntil(lambda: inspector.sheet.badge.text == "CSE-KMS v3 · no access to key")
    assert "You don't have permission to decrypt this file" in said(inspector)
    reader.forget_refusals()
    assert reader.state(entry).key is None


def test_a_file_that_is_not_encrypted_says_so_and_cannot_be_downloaded(
    s3, bucket, select, inspector
):
    s3.put_object(Bucket=bucket, Key="plain.txt", Body=b"x", Metadata={"owner": "anna"})
    select("plain.txt")
    assert inspector.sheet.badge.text == "Not encrypted"
    assert not inspector.sheet.can_download
    assert "This file has no client-side encryption" in said(inspector)
    assert "owner" in said(inspector)


def test_a_damaged_envelope_says_what_is_wrong(s3, bucket, select, inspector):
    metadata = {"x-amz-c": "115", "x-amz-w": "12", "x-amz-3": "AAAA"}
    s3.put_object(Bucket=bucket, Key="damaged", Body=b"x" * 40, Metadata=metadata)
    select("damaged")
    assert inspector.sheet.badge.text == "Damaged envelope"
    assert inspector.sheet.sentence
    assert not inspector.sheet.can_verify


def test_the_facts_can_be_copied_as_the_command_line_tells_them(
    encrypted, select, inspector, session
):
    select(encrypted.key)
    inspector.copy_json()
    facts = json.loads(QGuiApplication.clipboard().text())
    assert facts == facts_of(inspect(session, encrypted)) | {"kms_key": ""}
    assert facts["summary"].startswith("Encrypted on the sender's computer")
    assert facts["switches"] == []
    assert facts["envelope"]["context"]["department"] == "finance"


def test_a_file_is_described_in_plain_words_before_its_exact_facts(encrypted, select, inspector):
    select(encrypted.key)
    words = said(inspector)
    summary = next(word for word in words if word.startswith("Encrypted on the sender's"))
    assert "any change is noticed" in summary
    assert words.index(summary) < words.index("Content")


@pytest.fixture
def strict(connection, credentials):
    """The same servers under a policy that reads only v3."""
    return open_session(replace(connection, policy=ReadPolicy(v2=False)), credentials)


@pytest.fixture
def older(tmp_path, bucket, connection, credentials, kms_key):
    """An object of the format before, in V2."""
    (tmp_path / "older.txt").write_text("older")
    ref = ObjectRef(bucket, "older.txt")
    writer = open_session(replace(connection, write_format=Format.V2), credentials)
    transfer.upload(writer, tmp_path / "older.txt", ref, kms_key, {})
    return ref


def test_what_the_policy_refuses_leads_to_the_switch_that_would_change_it(
    qtbot, older, sessions, strict, select, inspector
):
    sessions["home"] = strict
    select(older.key)
    words = said(inspector)
    assert "This is a v2 file without key commitment" in words
    assert not inspector.sheet.can_download
    with qtbot.waitSignal(inspector.policy_asked) as asked:
        press(qtbot, inspector, "Open encryption policy…")
    assert asked.args == [(V2.name,)]
    facts = json.loads(inspector.sheet.json)
    assert facts["switches"] == [V2.name]
    assert facts["hint"] in words


def test_after_a_change_of_policy_files_are_judged_anew(
    qtbot, older, sessions, strict, session, select, inspector, reader
):
    sessions["home"] = strict
    entry = select(older.key)
    assert inspector.sheet.switches
    sessions["home"] = session
    reader.note_key("home", older, entry.etag, KeyNote("arn", "alias/mine"))
    reader.forget("home")
    assert reader.state(entry).is_pending
    qtbot.waitUntil(lambda: inspector.sheet.badge.text == "Checking…")
    reader.want([entry])
    qtbot.waitUntil(lambda: inspector.sheet.badge.text.startswith("v2 legacy"))
    assert inspector.sheet.sentence == ""
    assert reader.state(entry).key == KeyNote("arn", "alias/mine")


def test_an_answer_from_before_the_change_of_policy_is_not_believed(
    qtbot, older, sessions, strict, session, reader, bucket
):
    sessions["home"] = strict
    entry = session.store.page(ObjectRef(bucket, "")).entries[0]
    reader.open("home", bucket)
    reader.want([entry])
    reader.forget("home")
    sessions["home"] = session
    reader.want([entry])
    qtbot.waitUntil(lambda: not reader.state(entry).is_pending)
    assert reader.state(entry).inspection.switches == ()


def test_only_the_selected_file_is_looked_into_for_the_name_of_another_tool(
    qtbot, s3, bucket, session, select, inspector, reader
):
    for key in ("one.age", "two.age"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"age-encryption.org/v1\n-> X25519 abc\n")
    entries = session.store.page(ObjectRef(bucket, "")).entries
    reader.open("home", bucket)
    reader.want(entries)
    qtbot.waitUntil(lambda: not any(reader.state(entry).is_pending for entry in entries))
    assert not any(reader.state(entry).is_peeked for entry in entries)
    select("one.age")
    qtbot.waitUntil(lambda: inspector.sheet.sentence == "This file is encrypted with age")
    assert inspector.sheet.badge.text == "Other client format"
    assert [reader.state(entry).is_peeked for entry in entries] == [True, False]
    assert reader.state(entries[1]).inspection.kind is Kind.NOT_ENCRYPTED


def test_several_files_are_counted(encrypted, s3, bucket, select, inspector):
    s3.put_object(Bucket=bucket, Key="plain.txt", Body=b"x" * 1000)
    select(encrypted.key, "plain.txt")
    assert inspector.sheet.title == "2 selected"
    assert inspector.sheet.meta == "2 files · ≈ 8.0 KB"


def test_nothing_selected_shows_the_folder(qtbot, inspector):
    inspector.show_selection(ObjectRef("bucket", "docs/"), ())
    qtbot.waitUntil(lambda: inspector.sheet.title == "docs")
    assert "s3://bucket/docs/" in said(inspector)


def test_a_folded_section_stays_folded_for_the_next_file(
    qtbot, encrypted, s3, bucket, select, inspector
):
    s3.put_object(Bucket=bucket, Key="plain.txt", Body=b"x")
    select(encrypted.key)
    press(qtbot, inspector, "Object")
    select("plain.txt")
    path = [part for part in inspector.findChildren(CopyText) if "s3://" in part.toPlainText()]
    assert not path[0].isVisible()


def test_text_that_hides_or_reorders_is_shown_with_escapes(qtbot, inspector):
    entry = Entry("a\u202efdp.exe", 20, "tag")
    inspector.show_selection(ObjectRef("bucket", ""), [entry])
    qtbot.waitUntil(lambda: inspector.sheet.title == "a\\u{202e}fdp.exe")
    assert not any("\u202e" in word for word in said(inspector))


def test_a_long_arn_wraps_inside_the_pane(qtbot, theme, inspector):
    text = CopyText(
        theme, "arn:aws:kms:eu-central-1:111122223333:key/" + "1234abcd" * 8, "mono", "", inspector
    )
    text.resize(200, 20)
    text.show()
    qtbot.waitUntil(lambda: text.height() > 3 * text.fontMetrics().height())
    assert text.blockBoundingRect(text.document().firstBlock()).width() <= text.width()


def test_a_key_that_was_refused_says_what_would_have_to_be_allowed(
    qtbot, encrypted, kms_key, select, reader, inspector
):
    entry = select(encrypted.key)
    refusal = Refusal("kms:Decrypt", str(encrypted), kms_key)
    failure = Failure(FailureKind.NOT_PERMITTED, "No", "", "", refusal)
    note = KeyNote(is_refused=True, failure=failure)
    reader.note_key("home", encrypted, entry.etag, note)
    qtbot.waitUntil(lambda: inspector.sheet.failure is not None)

    with qtbot.waitSignal(inspector.details_asked) as asked:
        press(qtbot, inspector, "What has to be allowed…")
    assert asked.args == [failure]
