"""The inspector: what it says about real objects, and what can be copied from it."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from cse_desktop.core import transfer
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.envelope_reader import EnvelopeReader, KeyNote
from cse_desktop.gui.inspector import Inspector
from cse_desktop.gui.inspector_parts import CopyText
from cse_desktop.gui.theme import Theme

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
def reader(bridge, session):
    return EnvelopeReader(bridge, lambda _name: session)


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


def test_the_facts_can_be_copied_as_json(encrypted, select, inspector):
    select(encrypted.key)
    inspector.copy_json()
    facts = json.loads(QGuiApplication.clipboard().text())
    assert facts["path"] == str(encrypted)
    assert facts["plaintext_size"] == 7_000
    assert facts["envelope"]["encryption_context"]["department"] == "finance"


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
