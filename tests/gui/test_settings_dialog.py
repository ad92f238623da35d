"""Settings apply at once; the bucket dialog asks S3 before it believes a name."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog

from cse_desktop.gui.add_bucket_dialog import NOT_A_NAME, AddBucketDialog, bucket_in
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.settings_dialog import SettingsDialog
from cse_desktop.gui.theme import Theme
from cse_desktop.settings import Settings

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bridge(qapp):
    bridge = Bridge()
    yield bridge
    assert bridge.close(30)


@pytest.fixture
def open_settings(qtbot):
    def make(settings, folder=""):
        dialog = SettingsDialog(
            Theme("light"), settings, choose_folder=lambda _parent, _title, _start: folder
        )
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def test_theme_and_density_apply_when_they_are_clicked(qtbot, open_settings):
    dialog = open_settings(Settings())
    with qtbot.waitSignal(dialog.changed) as signal:
        qtbot.mouseClick(dialog.appearance.pictures.button(2), LEFT)
    assert signal.args[0].theme == "dark"
    with qtbot.waitSignal(dialog.changed) as signal:
        qtbot.mouseClick(dialog.appearance.density.part(1), LEFT)
    assert signal.args[0] == Settings(theme="dark", density="compact")


def test_transfers_apply_and_the_page_can_be_reset(qtbot, open_settings, tmp_path):
    dialog = open_settings(Settings(theme="dark"), str(tmp_path))
    qtbot.mouseClick(dialog.navigation.button(1), LEFT, pos=QPoint(20, 10))
    qtbot.keyClick(dialog.transfers.parallel, Qt.Key.Key_Up)
    qtbot.mouseClick(dialog.transfers.choose, LEFT)
    assert dialog.settings == Settings(
        theme="dark", parallel_transfers=5, download_folder=Path(tmp_path)
    )
    qtbot.mouseClick(dialog.transfers.ask_each_time, LEFT)
    assert dialog.settings.download_folder is None
    qtbot.mouseClick(dialog.reset, LEFT)
    assert dialog.settings == Settings(theme="dark")


def test_folder_dialog_that_is_cancelled_changes_nothing(qtbot, open_settings, tmp_path):
    dialog = open_settings(Settings(download_folder=tmp_path))
    dialog.show_page(1)
    qtbot.mouseClick(dialog.transfers.choose, LEFT)
    assert dialog.settings.download_folder == tmp_path


def test_enter_closes_the_settings(qtbot, open_settings):
    dialog = open_settings(Settings())
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("entered", "bucket"),
    [
        ("my-bucket", "my-bucket"),
        (" s3://my-bucket/a/b ", "my-bucket"),
        ("arn:aws:s3:::my-bucket", "my-bucket"),
    ],
)
def test_bucket_is_found_in_what_people_paste(entered, bucket):
    assert bucket_in(entered) == bucket


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_bucket_that_exists_is_added(qtbot, bridge, session, bucket):
    dialog = AddBucketDialog(Theme("light"), bridge, session.store, ())
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.field, f"s3://{bucket}/folder/")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.result() == QDialog.DialogCode.Accepted)
    assert dialog.bucket == bucket


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_bucket_that_does_not_exist_is_refused(qtbot, bridge, session):
    dialog = AddBucketDialog(Theme("light"), bridge, session.store, ())
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.field, "no-such-bucket-anywhere")
    qtbot.mouseClick(dialog.add, LEFT)
    qtbot.waitUntil(lambda: dialog.problem() != "")
    assert dialog.isVisible()
    assert dialog.add.isEnabled()


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_name_that_no_bucket_can_have_is_refused_at_once(qtbot, bridge, session):
    dialog = AddBucketDialog(Theme("light"), bridge, session.store, ("known-one",))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.field, "Bad Name")
    qtbot.mouseClick(dialog.add, LEFT)
    assert dialog.problem() == NOT_A_NAME
    dialog.field.clear()
    qtbot.keyClicks(dialog.field, "known-one")
    qtbot.mouseClick(dialog.add, LEFT)
    assert dialog.problem() == "This bucket is in the list already."
