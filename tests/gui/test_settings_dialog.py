"""Settings apply at once; the bucket dialog asks S3 before it believes a name."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QLineEdit

from cse_desktop.core.envelope import Format
from cse_desktop.core.naming import NOT_A_NAME, place_in
from cse_desktop.core.policy import INSTRUCTION_FILES, ReadPolicy
from cse_desktop.core.session import Connection
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.add_bucket_dialog import AddBucketDialog
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.settings.settings_dialog import SettingsDialog
from cse_desktop.settings import Settings

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bridge(qapp):
    bridge = Bridge()
    yield bridge
    assert bridge.close(30)


@pytest.fixture
def open_settings(qtbot):
    def make(settings, folder="", unsaved=()):
        dialog = SettingsDialog(
            Theme("light"),
            settings,
            unsaved=unsaved,
            choose_folder=lambda _parent, _title, _start: folder,
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


def test_speeds_are_limited_each_way_and_shown_where_transfers_are(qtbot, open_settings):
    dialog = open_settings(Settings())
    dialog.show_page(1)
    page = dialog.transfers
    assert not page.up.rate.isEnabled()
    qtbot.mouseClick(page.up.is_on, LEFT, pos=QPoint(8, page.up.is_on.height() // 2))
    assert dialog.settings.upload_limit == 50_000_000
    page.up.rate.setValue(1.5)
    assert (dialog.settings.upload_limit, dialog.settings.download_limit) == (1_500_000, 0)
    qtbot.mouseClick(dialog.reset, LEFT)
    assert dialog.settings == Settings()


def test_notices_sleep_and_motion_are_choices(qtbot, open_settings):
    dialog = open_settings(Settings())
    for box in (dialog.transfers.notify, dialog.transfers.awake, dialog.appearance.motion):
        box.click()
    assert dialog.settings == Settings(notifications=False, keep_awake=False, reduce_motion=True)


def test_folder_dialog_that_is_cancelled_changes_nothing(qtbot, open_settings, tmp_path):
    dialog = open_settings(Settings(download_folder=tmp_path))
    dialog.show_page(1)
    qtbot.mouseClick(dialog.transfers.choose, LEFT)
    assert dialog.settings.download_folder == tmp_path


def test_enter_closes_the_settings(qtbot, open_settings):
    dialog = open_settings(Settings())
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


@pytest.fixture
def policy_of(qtbot, open_settings):
    """The encryption policy of two connections, opened at the first."""

    def make(**values):
        connections = (Connection("Finance", **values), Connection("Legal"))
        dialog = open_settings(Settings(connections=connections))
        dialog.show_policy("Finance")
        return dialog

    return make


def click(qtbot, control):
    qtbot.mouseClick(control, LEFT, pos=QPoint(8, control.height() // 2))


def policy(dialog, name="Finance"):
    connection = dialog.settings.connection(name)
    assert connection is not None
    return connection.policy


def test_weak_formats_are_off_and_each_is_turned_on_by_itself(qtbot, policy_of):
    dialog = policy_of()
    form = dialog.encryption.form
    for box, name in (
        (form.kms_wrap, "kms_wrap"),
        (form.cbc, "cbc"),
        (form.instruction_files, "instruction_files"),
    ):
        assert not box.isChecked()
        assert box.accessibleDescription().startswith("Weak. ")
        with qtbot.waitSignal(dialog.changed):
            click(qtbot, box)
        assert policy(dialog) == ReadPolicy(**{name: True})
        click(qtbot, box)
        assert policy(dialog) == ReadPolicy()


def test_each_connection_has_a_policy_of_its_own_and_keeps_its_place(qtbot, policy_of):
    dialog = policy_of()
    page = dialog.encryption
    click(qtbot, page.form.strict)
    qtbot.keyClick(page.choice, Qt.Key.Key_Down)
    assert page.choice.currentText() == "Legal"
    assert page.form.default.isChecked()
    click(qtbot, page.form.write_v2)
    assert [each.name for each in dialog.settings.connections] == ["Finance", "Legal"]
    assert policy(dialog) == ReadPolicy(v2=False)
    assert policy(dialog, "Legal") == ReadPolicy()
    assert dialog.settings.connection("Legal").write_format is Format.V2
    assert dialog.settings.connection("Finance").write_format is Format.V3


def test_arrow_keys_choose_what_is_read_and_space_what_is_bound(qtbot, policy_of):
    dialog = policy_of()
    form = dialog.encryption.form
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    form.bind.setFocus()
    qtbot.keyClick(form.bind, Qt.Key.Key_Tab)
    assert form.default.hasFocus()
    qtbot.keyClick(form.default, Qt.Key.Key_Up)
    assert form.strict.isChecked()
    assert policy(dialog) == ReadPolicy(v2=False)
    assert not form.cbc.isEnabled()
    assert form.cbc.toolTip()
    assert dialog.settings.connection("Finance").bind_names  # strict takes no name on trust either
    qtbot.keyClick(form.bind, Qt.Key.Key_Space)
    assert not dialog.settings.connection("Finance").bind_names
    qtbot.keyClick(form.bind, Qt.Key.Key_Space)
    assert dialog.settings.connection("Finance").bind_names


def test_demanded_pairs_apply_when_the_typing_pauses(qtbot, policy_of):
    dialog = policy_of()
    form = dialog.encryption.form
    assert not form.context.isVisible()
    click(qtbot, form.demand)
    assert policy(dialog).required_context == ()
    assert form.no_pairs.isVisible()
    qtbot.mouseClick(form.context.add, LEFT)
    row = form.context.rows()[0]
    qtbot.keyClicks(row.name, "team")
    qtbot.keyClicks(row.value, "payroll")
    assert policy(dialog).required_context == ()
    qtbot.waitUntil(lambda: policy(dialog).required_context == (("team", "payroll"),))
    assert form.context.rows()[0] is row
    assert not form.no_pairs.isVisible()
    click(qtbot, form.trust)
    assert policy(dialog).required_context is None
    click(qtbot, form.demand)
    assert policy(dialog).required_context == (("team", "payroll"),)


def test_pairs_that_are_wrong_are_said_and_the_good_ones_stay_in_force(qtbot, policy_of):
    dialog = policy_of(policy=ReadPolicy(required_context=(("team", "payroll"),)))
    form = dialog.encryption.form
    name = form.context.rows()[0].name
    qtbot.mouseDClick(name, LEFT)
    qtbot.keyClicks(name, "kms_cmk_id")
    click(qtbot, form.bind)
    assert form.context.problem()
    assert name.text() == "kms_cmk_id"
    assert policy(dialog).required_context == (("team", "payroll"),)


def test_what_was_typed_last_is_in_force_after_the_settings_are_closed(qtbot, policy_of):
    dialog = policy_of(policy=ReadPolicy(instruction_files=True))
    form = dialog.encryption.form
    assert form.suffix.text() == ".instruction"
    form.suffix.selectAll()
    qtbot.keyClicks(form.suffix, ".envelope")
    qtbot.keyClick(form.suffix, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert policy(dialog).instruction_suffix == ".envelope"


def test_an_empty_suffix_is_said_and_not_taken(qtbot, policy_of):
    dialog = policy_of(policy=ReadPolicy(instruction_files=True))
    form = dialog.encryption.form
    form.suffix.selectAll()
    qtbot.keyClick(form.suffix, Qt.Key.Key_Backspace)
    assert form.suffix_problem.isVisible()
    click(qtbot, form.bind)
    assert policy(dialog).instruction_suffix == ".instruction"


def test_reset_brings_the_default_policy_back_for_the_shown_connection(qtbot, policy_of):
    demanded = ReadPolicy(v2=False, cbc=True, required_context=(("a", "1"),))
    dialog = policy_of(policy=demanded, write_format=Format.V2, bind_names=True, profile="fin")
    qtbot.mouseClick(dialog.reset, LEFT)
    assert dialog.settings.connection("Finance") == Connection("Finance", profile="fin")
    assert dialog.encryption.form.default.isChecked()
    assert not dialog.encryption.form.bind.isChecked()


def test_the_policy_of_the_sandbox_counts_until_the_end_and_is_not_saved(qtbot, open_settings):
    sandbox = Connection("Sandbox", is_sandbox=True)
    dialog = open_settings(Settings(connections=(Connection("Finance"),)), unsaved=(sandbox,))
    dialog.show_policy("Sandbox")
    assert dialog.encryption.note.isVisible()
    with qtbot.waitSignal(dialog.unsaved_changed) as signal, qtbot.assertNotEmitted(dialog.changed):
        click(qtbot, dialog.encryption.form.cbc)
    assert signal.args[0] == replace(sandbox, policy=ReadPolicy(cbc=True))
    dialog.encryption.choose("Finance")
    assert not dialog.encryption.note.isVisible()
    dialog.encryption.choose("Sandbox")
    assert dialog.encryption.form.cbc.isChecked()


def test_without_connections_the_page_says_what_is_missing(open_settings):
    dialog = open_settings(Settings())
    dialog.show_page(2)
    assert dialog.encryption.nothing.isVisible()
    assert not dialog.encryption.form.isVisible()


def test_a_switch_that_is_asked_for_is_in_view_and_has_the_focus(qtbot, open_settings):
    dialog = open_settings(Settings(connections=(Connection("Finance"),)))
    dialog.resize(dialog.minimumSize())
    dialog.show_policy("Finance", (INSTRUCTION_FILES.name,))
    box = dialog.encryption.form.instruction_files
    qtbot.waitUntil(lambda: not box.visibleRegion().isEmpty())
    assert dialog.focusWidget() is box


def test_every_control_of_the_policy_has_a_name(policy_of):
    dialog = policy_of(policy=ReadPolicy(instruction_files=True, required_context=(("a", "1"),)))
    controls = [
        widget
        for kind in (QAbstractButton, QLineEdit, QComboBox)
        for widget in dialog.encryption.findChildren(kind)
        if widget.isVisible()
    ]
    assert [w for w in controls if not (w.accessibleName() or getattr(w, "text", str)())] == []


@pytest.mark.parametrize(
    ("entered", "place"),
    [
        ("my-bucket", "my-bucket"),
        (" s3://my-bucket/a/b ", "my-bucket/a/b/"),
        ("s3://my-bucket/a/", "my-bucket/a/"),
        ("my-bucket/", "my-bucket"),
        ("s3://my-bucket/a/*", "my-bucket/a/"),
        ("arn:aws:s3:::my-bucket", "my-bucket"),
    ],
)
def test_bucket_is_found_in_what_people_paste(entered, place):
    assert place_in(entered) == place


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_bucket_that_exists_is_added(qtbot, bridge, session, bucket):
    dialog = AddBucketDialog(Theme("light"), bridge, session.store, ())
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.field, f"s3://{bucket}/folder/")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.result() == QDialog.DialogCode.Accepted)
    assert dialog.bucket == f"{bucket}/folder/"


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
    assert dialog.problem() == "This is in the list already."
