"""The first screen: profiles of ~/.aws, and the sandbox."""

import pytest
from PySide6.QtCore import QPoint, Qt

from cse_desktop.core.profiles import Profile
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.connections.profile_list import badge_of, words_of
from cse_desktop.gui.connections.welcome import Welcome
from cse_desktop.gui.look.theme import Theme
from cse_desktop.jobs.snapshot import Failure, FailureKind

LEFT = Qt.MouseButton.LeftButton

CONFIG = """
[default]
region = us-east-1
aws_access_key_id = AKIATEST
aws_secret_access_key = nothing

[profile finance-prod]
role_arn = arn:aws:iam::111122223333:role/payroll-ops
source_profile = default
region = eu-central-1

[profile old-vendor]
credential_process = /no/such/program --really
"""


@pytest.fixture
def bridge(qapp):
    bridge = Bridge()
    yield bridge
    assert bridge.close(30)


@pytest.fixture
def aws(home):
    """Writes ~/.aws/config."""

    def write(text):
        (home / ".aws").mkdir(exist_ok=True)
        (home / ".aws" / "config").write_text(text)

    return write


@pytest.fixture
def open_welcome(qtbot, bridge):
    def make(**options):
        welcome = Welcome(Theme("light"), bridge, **options)
        qtbot.addWidget(welcome)
        welcome.resize(960, 600)
        welcome.show()
        qtbot.waitUntil(welcome.look_again.isEnabled)
        return welcome

    return make


def click_profile(qtbot, welcome, name):
    view = welcome.list
    rect = view.visualRect(view.model().index(view.model().row_of(name)))
    qtbot.mouseClick(view.viewport(), LEFT, pos=rect.center())


def test_profile_clicked_is_the_one_to_connect_with(qtbot, aws, open_welcome):
    aws(CONFIG)
    welcome = open_welcome()
    click_profile(qtbot, welcome, "finance-prod")
    assert welcome.go_on.text() == "Continue with finance-prod"
    with qtbot.waitSignal(welcome.profile_chosen) as signal:
        qtbot.mouseClick(welcome.go_on, LEFT)
    assert signal.args[0].name == "finance-prod"
    assert signal.args[0].account == "111122223333"


def test_profile_is_chosen_by_keyboard_alone(qtbot, aws, open_welcome):
    aws(CONFIG)
    welcome = open_welcome()
    welcome.list.setFocus()
    qtbot.keyClick(welcome.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(welcome.profile_chosen) as signal:
        qtbot.keyClick(welcome.list, Qt.Key.Key_Return)
    assert signal.args[0].name == "finance-prod"


def test_profile_that_cannot_be_used_says_why(qtbot, aws, open_welcome):
    aws(CONFIG)
    welcome = open_welcome()
    click_profile(qtbot, welcome, "old-vendor")
    assert not welcome.go_on.isEnabled()
    assert "helper program not found" in welcome.go_on.toolTip()


def test_no_profile_leaves_a_sentence_and_the_sandbox(qtbot, open_welcome):
    welcome = open_welcome()
    assert not welcome.list.isVisible()
    assert not welcome.go_on.isEnabled()
    assert "aws configure" in welcome.hint()
    qtbot.mouseClick(welcome.sandbox_card, LEFT)
    with qtbot.waitSignal(welcome.sandbox_chosen):
        qtbot.mouseClick(welcome.go_on, LEFT)


def test_profiles_made_meanwhile_are_found_by_looking_again(qtbot, aws, open_welcome):
    welcome = open_welcome()
    aws(CONFIG)
    qtbot.mouseClick(welcome.look_again, LEFT)
    qtbot.waitUntil(welcome.list.isVisible)
    assert welcome.go_on.text() == "Continue with default"


def test_damaged_file_is_told(aws, open_welcome):
    aws("[profile broken\nregion")
    welcome = open_welcome()
    assert welcome.hint() != ""
    assert not welcome.list.isVisible()


def test_sandbox_that_cannot_start_says_why(qtbot, open_welcome):
    welcome = open_welcome(sandbox_problem="The sandbox is not installed.")
    qtbot.mouseClick(welcome.sandbox_card, LEFT)
    assert not welcome.go_on.isEnabled()
    assert welcome.go_on.toolTip() == "The sandbox is not installed."


def test_nothing_else_can_be_chosen_while_connecting(qtbot, aws, open_welcome):
    aws(CONFIG)
    welcome = open_welcome()
    welcome.set_busy("Connecting…")
    assert not welcome.go_on.isEnabled()
    assert welcome.go_on.text() == "Connecting…"
    assert not welcome.sandbox_card.isEnabled()
    welcome.set_busy("")
    welcome.show_failure(Failure(FailureKind.SIGN_IN, "Sign in to continue", "It ended."))
    assert welcome.go_on.text() == "Continue with default"
    with qtbot.waitSignal(welcome.later_chosen):
        qtbot.mouseClick(welcome.later, LEFT, pos=QPoint(10, 10))


@pytest.mark.parametrize(
    ("profile", "words", "badge"),
    [
        (
            Profile("a", "Role", "eu-west-1", "111122223333", "Role payroll-ops"),
            "Role payroll-ops · 111122223333 · eu-west-1",
            "Ready",
        ),
        (
            Profile("b", "IAM Identity Center", needs_sign_in=True),
            "IAM Identity Center",
            "Sign in needed",
        ),
        (
            Profile("c", "credential_process", problem="helper program not found"),
            "credential_process · helper program not found",
            "Not usable",
        ),
    ],
)
def test_words_and_badge_say_what_a_profile_is(profile, words, badge):
    assert words_of(profile) == words
    assert badge_of(profile).text == badge
