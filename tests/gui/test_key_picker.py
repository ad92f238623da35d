"""The key picker on a real KMS, with permissions and refusals put on the wire."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.modeltest import ModelTester

from cse_desktop.core.kms_key import KmsKey, Permission
from cse_desktop.core.session import Connection, Credentials, open_session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.keys import key_words
from cse_desktop.gui.keys.key_model import Column, Filter, KeyModel, Scope
from cse_desktop.gui.keys.key_picker import KeyPicker, PickerPlace
from cse_desktop.gui.look.theme import Theme
from cse_desktop.settings import KeyChoice
from tests import servers
from tests.gui.kms_front import front

LEFT = Qt.MouseButton.LeftButton
REGION = servers.REGION


@pytest.fixture
def bridge(qapp):
    bridge = Bridge()
    yield bridge
    assert bridge.close(30)


@pytest.fixture
def door(kms_url):
    with front(kms_url) as door:
        yield door


@pytest.fixture
def arns(kms):
    """Keys of this test, by alias; gone from the list afterwards."""
    made = {}
    for name, description, extra in (
        ("alpha", "First of all", {"MultiRegion": True}),
        ("beta", "Only to read", {}),
        ("disabled", "Not in use", {}),
        ("signing", "Signs", {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}),
    ):
        key = kms.create_key(Description=description, **extra)["KeyMetadata"]
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key["KeyId"])
        made[name] = key["Arn"]
    kms.disable_key(KeyId=key_id(made["disabled"]))
    yield made
    for name in made:
        kms.delete_alias(AliasName=f"alias/{name}")


@pytest.fixture
def open_picker(qtbot, bridge, door):
    """Shows a picker, and waits for its keys unless told not to."""

    def make(wait=True, **options):
        connection = Connection("test", region=REGION, kms_endpoint=door.url)
        session = open_session(connection, Credentials("AKIATEST", "nothing"))
        place = PickerPlace("payroll", "111122223333", REGION)
        picker = KeyPicker(Theme("light"), bridge, session.keys, place, **options)
        qtbot.addWidget(picker)
        picker.show()
        if wait:
            qtbot.waitUntil(lambda: is_settled(picker))
        return picker

    return make


def key_id(arn):
    return arn.rpartition("/")[2]


def is_settled(picker):
    return picker.parts.pane.currentWidget() is not picker.parts.pane.loading


def model_of(picker):
    return picker.parts.list.model()


def click_row(qtbot, picker, arn, column=Column.STATE, x=None):
    view = picker.parts.list
    index = view.model().index(view.model().row_of(arn), column)
    view.scrollTo(index)
    rect = view.visualRect(index)
    point = rect.center() if x is None else QPoint(rect.left() + x, rect.center().y())
    qtbot.mouseClick(view.viewport(), LEFT, pos=point)


def wait_checked(qtbot, picker, arn):
    qtbot.waitUntil(lambda: model_of(picker).checked(arn) is not None)


def test_key_clicked_and_used_is_the_choice(qtbot, arns, open_picker):
    picker = open_picker()
    click_row(qtbot, picker, arns["beta"])
    qtbot.mouseClick(picker.parts.use, LEFT)
    assert picker.result() == QDialog.DialogCode.Accepted
    assert picker.choice() == KeyChoice(arns["beta"], "alias/beta", ())
    assert picker.is_remembered


def test_search_and_enter_choose_without_the_mouse(qtbot, arns, open_picker):
    picker = open_picker()
    search = QGuiApplication.focusObject()
    assert search is picker.parts.filter_bar.search
    qtbot.keyClicks(search, "ONLY read")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert picker.result() == QDialog.DialogCode.Accepted
    assert picker.choice().key_id == arns["beta"]


def test_arrows_in_the_search_field_move_the_selection(qtbot, arns, open_picker):
    picker = open_picker(chosen=KeyChoice(arns["alpha"]))
    before = picker.parts.list.current_row()
    qtbot.keyClick(picker.parts.filter_bar.search, Qt.Key.Key_Down)
    assert picker.parts.list.current_row() == before + 1
    qtbot.keyClick(picker.parts.filter_bar.search, Qt.Key.Key_Up)
    assert picker.parts.list.current_row() == before


def test_enter_in_the_list_uses_and_escape_cancels(qtbot, arns, open_picker):
    picker = open_picker(chosen=KeyChoice(arns["alpha"]))
    qtbot.keyClick(picker.parts.list, Qt.Key.Key_Return)
    assert picker.choice().key_id == arns["alpha"]
    other = open_picker(chosen=KeyChoice(arns["alpha"]))
    qtbot.keyClick(other.parts.filter_bar.search, Qt.Key.Key_Escape)
    assert other.result() == QDialog.DialogCode.Rejected
    assert not other.isVisible()


def test_enter_on_cancel_cancels(qtbot, arns, open_picker):
    picker = open_picker(chosen=KeyChoice(arns["alpha"]))
    cancel = next(b for b in picker.parts.buttons.buttons() if b is not picker.parts.use)
    cancel.setFocus()
    qtbot.keyClick(cancel, Qt.Key.Key_Return)
    assert picker.result() == QDialog.DialogCode.Rejected


def test_permissions_of_keys_in_sight_are_checked_and_told(qtbot, arns, door, open_picker):
    door.denied = {("GenerateDataKey", key_id(arns["beta"]))}
    picker = open_picker()
    wait_checked(qtbot, picker, arns["beta"])
    found = model_of(picker).checked(arns["beta"]).permissions
    assert found.encrypt is Permission.DENIED
    assert found.decrypt is Permission.ALLOWED
    index = model_of(picker).index(model_of(picker).row_of(arns["beta"]), Column.YOU_CAN)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Encrypt denied, Decrypt allowed"
    click_row(qtbot, picker, arns["beta"])
    assert not picker.parts.use.isEnabled()
    assert "Your role may only decrypt with it." in picker.parts.use.toolTip()


def test_enter_on_a_key_that_is_denied_does_nothing(qtbot, arns, door, open_picker):
    door.denied = {("GenerateDataKey", key_id(arns["beta"]))}
    picker = open_picker()
    click_row(qtbot, picker, arns["beta"])
    wait_checked(qtbot, picker, arns["beta"])
    qtbot.keyClick(picker.parts.list, Qt.Key.Key_Return)
    assert picker.isVisible()


@pytest.mark.parametrize(
    ("name", "why"), [("disabled", "This key is disabled."), ("signing", "asymmetric key")]
)
def test_unusable_key_is_listed_with_the_reason_and_never_probed(
    qtbot, arns, door, open_picker, name, why
):
    picker = open_picker()
    wait_checked(qtbot, picker, arns["alpha"])
    click_row(qtbot, picker, arns[name])
    assert not picker.parts.use.isEnabled()
    assert why in picker.parts.use.toolTip()
    assert door.count("GenerateDataKey", key_id(arns[name])) == 0


def test_only_keys_i_can_use_hides_the_others(qtbot, arns, door, open_picker):
    door.denied = {("GenerateDataKey", key_id(arns["beta"]))}
    picker = open_picker()
    qtbot.mouseClick(
        picker.parts.filter_bar.usable_only,
        LEFT,
        pos=QPoint(8, picker.parts.filter_bar.usable_only.height() // 2),
    )
    qtbot.waitUntil(lambda: model_of(picker).row_of(arns["beta"]) == -1)
    assert model_of(picker).row_of(arns["alpha"]) >= 0
    assert model_of(picker).row_of(arns["disabled"]) == -1


def test_star_is_set_by_mouse_and_by_keyboard(qtbot, arns, open_picker):
    picker = open_picker(chosen=KeyChoice(arns["alpha"]))
    with qtbot.waitSignal(picker.favourites_changed) as signal:
        click_row(qtbot, picker, arns["beta"], Column.ALIAS, x=20)
    assert signal.args == [(arns["beta"],)]
    assert picker.parts.list.current_row() == model_of(picker).row_of(arns["alpha"])
    with qtbot.waitSignal(picker.favourites_changed) as signal:
        qtbot.keyClick(picker.parts.list, Qt.Key.Key_F)
    assert signal.args == [(arns["beta"], arns["alpha"])]
    with qtbot.waitSignal(picker.favourites_changed) as signal:
        qtbot.keyClick(picker.parts.list, Qt.Key.Key_Space)
    assert signal.args == [(arns["beta"],)]
    assert picker.parts.filter_bar.tabs.count_of(1) == 1


def test_favourites_and_recent_have_their_tabs(arns, open_picker):
    picker = open_picker(favourites=[arns["beta"]], recent=[KeyChoice(arns["alpha"])])
    tabs = picker.parts.filter_bar.tabs
    tabs.setCurrentIndex(1)
    assert [model_of(picker).key(row).arn for row in range(model_of(picker).rowCount())] == [
        arns["beta"]
    ]
    tabs.setCurrentIndex(2)
    assert model_of(picker).key(0).arn == arns["alpha"]
    assert (tabs.count_of(1), tabs.count_of(2)) == (1, 1)


def test_pasted_arn_is_looked_up_and_selected(qtbot, kms, open_picker):
    picker = open_picker()
    foreign = kms.create_key(Description="Of a partner")["KeyMetadata"]["Arn"]
    qtbot.keyClicks(picker.parts.paste.field, foreign)
    qtbot.keyClick(picker.parts.paste.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: model_of(picker).row_of(foreign) == 0)
    assert picker.isVisible()
    assert picker.parts.list.current_row() == 0
    qtbot.mouseClick(picker.parts.use, LEFT)
    assert picker.choice().key_id == foreign


def test_pasted_alias_names_the_key_behind_it(qtbot, arns, open_picker):
    picker = open_picker(chosen=KeyChoice(arns["alpha"]))
    alias_arn = arns["beta"].rpartition(":")[0] + ":alias/beta"
    picker.parts.paste.field.setText(alias_arn)
    qtbot.mouseClick(picker.parts.paste.button, LEFT)
    qtbot.waitUntil(picker.parts.paste.button.isEnabled)
    qtbot.mouseClick(picker.parts.use, LEFT)
    assert picker.choice() == KeyChoice(arns["beta"], "alias/beta", ())


def test_pasted_arn_that_is_denied_says_so_beside_the_field(qtbot, kms, door, open_picker):
    picker = open_picker()
    foreign = kms.create_key()["KeyMetadata"]["Arn"]
    door.denied = {("DescribeKey", key_id(foreign)), ("GenerateDataKey", key_id(foreign))}
    picker.parts.paste.field.setText(foreign)
    qtbot.mouseClick(picker.parts.paste.button, LEFT)
    qtbot.waitUntil(lambda: picker.parts.paste.problem() != "")
    assert model_of(picker).row_of(foreign) == -1
    assert picker.parts.paste.button.isEnabled()


def test_pasted_arn_without_describe_permission_is_used_when_it_may_encrypt(
    qtbot, kms, door, open_picker
):
    picker = open_picker()
    foreign = kms.create_key()["KeyMetadata"]["Arn"]
    door.denied = {("DescribeKey", key_id(foreign))}
    picker.parts.paste.field.setText(foreign)
    qtbot.mouseClick(picker.parts.paste.button, LEFT)
    qtbot.waitUntil(lambda: model_of(picker).row_of(foreign) == 0)
    assert picker.parts.use.isEnabled()


def test_pasted_arn_that_does_not_exist_says_so(qtbot, arns, open_picker):
    picker = open_picker()
    picker.parts.paste.field.setText(arns["alpha"].rpartition("/")[0] + "/" + "0" * 36)
    qtbot.mouseClick(picker.parts.paste.button, LEFT)
    qtbot.waitUntil(lambda: picker.parts.paste.problem() != "")
    assert picker.isVisible()


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("hello", "This is not a key."),
        ("arn:aws:s3:::bucket", "This is not a key."),
        ("arn:aws:kms:eu-north-1:111122223333:key/abc", "eu-north-1"),
    ],
)
def test_what_can_be_no_key_is_refused_without_asking_kms(qtbot, door, open_picker, pasted, why):
    picker = open_picker()
    before = door.count("DescribeKey")
    picker.parts.paste.field.setText(pasted)
    qtbot.mouseClick(picker.parts.paste.button, LEFT)
    assert why in picker.parts.paste.problem()
    assert door.count("DescribeKey") == before


def test_dialog_answers_while_kms_is_silent(qtbot, door, open_picker):
    door.is_open.clear()
    picker = open_picker(wait=False)
    assert picker.parts.pane.currentWidget() is picker.parts.pane.loading
    qtbot.keyClicks(picker.parts.filter_bar.search, "abc")
    assert picker.parts.filter_bar.search.text() == "abc"
    assert not picker.parts.use.isEnabled()
    for _clear_then_close in range(2):
        qtbot.keyClick(picker.parts.filter_bar.search, Qt.Key.Key_Escape)
    assert not picker.isVisible()
    door.is_open.set()


def test_who_may_not_list_keys_can_paste_one(qtbot, arns, door, open_picker):
    door.denied = {("ListKeys", "*"), ("ListAliases", "*"), ("ListKeys", ""), ("ListAliases", "")}
    picker = open_picker()
    assert picker.parts.pane.empty.accessibleName() == "You can't list keys here"
    qtbot.mouseClick(picker.parts.pane.empty.action(0), LEFT)
    assert picker.parts.paste.field.hasFocus()
    qtbot.keyClicks(picker.parts.paste.field, arns["alpha"])
    qtbot.keyClick(picker.parts.paste.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: model_of(picker).rowCount() == 1)
    qtbot.mouseClick(picker.parts.use, LEFT)
    assert picker.choice().key_id == arns["alpha"]


def test_search_without_a_match_can_be_cleared(qtbot, arns, open_picker):
    picker = open_picker()
    qtbot.keyClicks(picker.parts.filter_bar.search, "zzz")
    assert picker.parts.pane.empty.accessibleName() == "No key matches “zzz”"
    assert not picker.parts.use.isEnabled()
    qtbot.mouseClick(picker.parts.pane.empty.action(0), LEFT)
    assert picker.parts.pane.currentWidget() is picker.parts.list


def test_wrong_context_turns_use_off_and_says_why(qtbot, arns, open_picker):
    picker = open_picker(chosen=KeyChoice(arns["alpha"], "", (("department", "finance"),)))
    assert picker.parts.context.pairs() == (("department", "finance"),)
    field = picker.parts.context.rows()[0].name
    field.selectAll()
    qtbot.keyClicks(field, "kms_cmk_id")
    assert not picker.parts.use.isEnabled()
    assert "reserved" in picker.parts.use.toolTip()
    qtbot.keyClicks(field, "x")
    assert picker.parts.use.isEnabled()
    qtbot.mouseClick(picker.parts.use, LEFT)
    assert picker.choice().context == (("kms_cmk_idx", "finance"),)


def test_permissions_are_checked_again_with_the_context_that_was_edited(
    qtbot, arns, door, open_picker
):
    picker = open_picker(chosen=KeyChoice(arns["alpha"], "", (("department", "finance"),)))
    wait_checked(qtbot, picker, arns["alpha"])
    qtbot.keyClicks(picker.parts.context.rows()[0].value, "2")
    wanted = (("department", "finance2"),)
    qtbot.waitUntil(lambda: model_of(picker).checked(arns["alpha"]).context == wanted)
    contexts = [context for action, _key, context in door.asked if action == "GenerateDataKey"]
    assert contexts[-1]["department"] == "finance2"


def test_narrow_window_shows_the_details_behind_a_tab(qtbot, arns, open_picker):
    picker = open_picker(chosen=KeyChoice(arns["alpha"]))
    assert picker.parts.details.isVisible()
    picker.resize(880, 560)
    qtbot.waitUntil(picker.parts.tab_bar.isVisible)
    assert not picker.parts.details.isVisible()
    picker.parts.tabs.setCurrentIndex(1)
    assert picker.parts.details.isVisible()
    assert not picker.parts.list.isVisible()


def test_key_of_the_connection_is_selected_at_once(arns, open_picker):
    picker = open_picker(chosen=KeyChoice("alias/beta", "alias/beta"))
    row = picker.parts.list.current_row()
    assert model_of(picker).key(row).arn == arns["beta"]


def test_model_keeps_the_rules_of_qt(qapp):
    model = KeyModel(["arn:1"], ["arn:2"])
    tester = ModelTester(None)
    tester.check(model)
    keys = [KmsKey(f"arn:{n}", (f"alias/k{n}",), spec="SYMMETRIC_DEFAULT") for n in range(4)]
    model.set_keys(keys)
    model.set_filter(Filter(Scope.ALL, "k"))
    model.put_first(KmsKey("arn:9"))
    assert model.key(0) is None or model.rowCount() == 4


def test_age_is_told_in_steps_that_people_use():
    ages = [key_words.age(seconds) for seconds in (0.4, 12.9, 61, 7300)]
    assert ages == ["just now", "12 s ago", "1 min ago", "2 h ago"]
