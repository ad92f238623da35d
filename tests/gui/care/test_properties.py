"""Properties, links, archives and new buckets in the whole window, on real servers."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.gui.care.link_dialog import LinkDialog
from cse_desktop.gui.care.new_bucket_dialog import NewBucketDialog
from cse_desktop.gui.care.properties_dialog import PropertiesDialog
from cse_desktop.gui.care.thaw_dialog import ThawDialog
from tests.gui.care.conftest import Hands, Put
from tests.servers import empty_bucket

MOTO = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
WEED = pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
WhenShown = Callable[[type, Callable[[Any], None]], object]


@WEED
def test_properties_are_changed_and_the_file_still_opens(
    hands: Hands, bucket: str, put: Put, s3: Any, session: Session, when_shown: WhenShown
) -> None:
    put("a.txt", b"content")
    hands.open_folder(bucket)
    hands.select("a.txt")
    before = s3.head_object(Bucket=bucket, Key="a.txt")["Metadata"]

    def edit(dialog: PropertiesDialog) -> None:
        assert not dialog.save.isEnabled()
        dialog.show_envelope.click()
        assert not dialog.envelope.isHidden()
        dialog.content_type.setCurrentText("text/plain")
        dialog.own.add.click()
        [row] = dialog.own.rows()
        row.name.setText("x-amz-i")
        QTest.keyClicks(row.value, "mine")
        assert "belong to the encryption" in row.problem()
        assert not dialog.save.isEnabled()
        row.name.clear()
        QTest.keyClicks(row.name, "author")
        dialog.tags.add.click()
        QTest.keyClicks(dialog.tags.rows()[0].name, "team")
        QTest.keyClicks(dialog.tags.rows()[0].value, "finance")
        assert dialog.save.isEnabled()
        dialog.save.click()

    when_shown(PropertiesDialog, edit)
    hands.act("properties")

    hands.wait(lambda: s3.head_object(Bucket=bucket, Key="a.txt")["ContentType"] == "text/plain")
    after = s3.head_object(Bucket=bucket, Key="a.txt")["Metadata"]
    assert after == {**before, "author": "mine"}

    def tags() -> list[dict[str, str]]:
        return list(s3.get_object_tagging(Bucket=bucket, Key="a.txt")["TagSet"])

    hands.wait(lambda: tags() == [{"Key": "team", "Value": "finance"}])
    ref = ObjectRef(bucket, "a.txt")
    assert bytes(transfer.read(session, ref, limit=100)) == b"content"


@WEED
def test_a_link_says_that_it_yields_ciphertext_and_does(
    hands: Hands, bucket: str, put: Put, when_shown: WhenShown
) -> None:
    put("a.txt", b"content")
    hands.open_folder(bucket)
    hands.select("a.txt")
    found: list[str] = []

    def look(dialog: LinkDialog) -> None:
        hands.wait(dialog.copy.isEnabled)
        assert "ciphertext" in dialog.banner.accessibleName()
        dialog.time.setCurrentIndex(dialog.time.count() - 1)
        hands.wait(dialog.copy.isEnabled)
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        found.append(QGuiApplication.clipboard().text())
        dialog.reject()

    when_shown(LinkDialog, look)
    hands.act("make_link")

    [url] = found
    asked = parse_qs(urlsplit(url).query)
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert asked["X-Amz-Expires"] == [str(7 * 24 * 3600)]
    with urllib.request.urlopen(url, timeout=30) as answer:
        body = answer.read()
    assert len(body) == len(b"content") + 16
    assert b"content" not in body


@MOTO
def test_an_archived_file_is_offered_to_be_restored_when_a_download_finds_it(
    hands: Hands, bucket: str, put: Put, s3: Any, when_shown: WhenShown
) -> None:
    put("a.txt", b"content")
    s3.copy_object(
        Bucket=bucket, Key="a.txt", CopySource={"Bucket": bucket, "Key": "a.txt"},
        StorageClass="GLACIER", MetadataDirective="COPY",
    )  # fmt: skip
    hands.open_folder(bucket)
    hands.select("a.txt")
    assert hands.window.inside.actions["thaw"].isEnabled()

    def choose(dialog: ThawDialog) -> None:
        assert "“a.txt” is archived" in dialog.title.text()
        dialog.restore.click()

    when_shown(ThawDialog, choose)
    hands.act("verify")

    hands.wait(lambda: s3.head_object(Bucket=bucket, Key="a.txt").get("Restore"))


@MOTO
def test_a_bucket_is_made_private_with_versions_and_opened(
    hands: Hands, bucket: str, s3: Any, when_shown: WhenShown
) -> None:
    hands.open_folder(bucket)
    name = f"{bucket}-new"

    def choose(dialog: NewBucketDialog) -> None:
        QTest.keyClicks(dialog.name, "My Bucket")
        assert "capital" in dialog.problem()
        assert not dialog.create_button.isEnabled()
        dialog.name.clear()
        QTest.keyClicks(dialog.name, name)
        assert dialog.problem() == ""
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    when_shown(NewBucketDialog, choose)
    hands.act("new_bucket")
    try:
        here = hands.window.inside.navigator
        hands.wait(lambda: here.here is not None and here.here.folder.bucket == name)
        assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
        blocked = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        assert all(blocked.values())
    finally:
        empty_bucket(s3, name)
