"""Settings survive, damaged files are set aside, and nothing is ever deleted."""

from __future__ import annotations

import os
import random
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cse_desktop.core.clients import Network
from cse_desktop.core.connection import AssumedRole, Connection, SingleSignOn, Source
from cse_desktop.core.envelope import Format
from cse_desktop.core.errors import LocalDisk
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.settings import (
    KeyChoice,
    Loaded,
    Settings,
    State,
    home,
    load_settings,
    load_state,
    save_settings,
    save_state,
)

ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FULL = Settings(
    theme="dark",
    density="compact",
    parallel_transfers=7,
    download_folder=Path("/tmp/Grüße"),
    connections=(
        Connection("payroll", profile="payroll-ops", account="111122223333", allowed_keys=(ARN,)),
        Connection(
            "strict",
            s3_endpoint="http://127.0.0.1:9000",
            policy=ReadPolicy(v2=False, required_context=(("b", "ü"), ("a", ""))),
            bind_names=True,
        ),
        Connection(
            "old programs",
            policy=ReadPolicy(
                kms_wrap=True, cbc=True, instruction_files=True, instruction_suffix=".envelope"
            ),
            write_format=Format.V2,
        ),
    ),
    default_keys={
        ("payroll", "acme"): KeyChoice(ARN, "alias/finance-prod", (("z", "1"), ("a", "2")))
    },
)
FULL_STATE = State(
    windows={"main": "AAAA"},
    columns={"objects": (300, 90)},
    recent_keys=(KeyChoice(ARN, "alias/finance-prod"),),
    favourite_keys=(ARN,),
    place=("payroll", "s3://acme/2025/"),
)


def test_settings_come_back_as_they_were_saved(tmp_path):
    save_settings(tmp_path, FULL)
    save_state(tmp_path, FULL_STATE)

    assert load_settings(tmp_path) == Loaded(FULL)
    assert load_state(tmp_path) == Loaded(FULL_STATE)


def test_no_files_mean_defaults_without_a_word(tmp_path):
    assert load_settings(tmp_path) == Loaded(Settings())
    assert load_state(tmp_path) == Loaded(State())


def test_the_environment_says_where_the_files_live(monkeypatch, tmp_path):
    monkeypatch.setenv("CSE_DESKTOP_HOME", str(tmp_path / "here"))

    assert home() == tmp_path / "here"


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX")
def test_only_the_owner_may_read_them(tmp_path):
    before = os.umask(0)
    try:
        save_settings(tmp_path / "new", FULL)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "settings.toml").stat().st_mode) == 0o600


def test_every_cut_of_the_file_is_set_aside_or_understood(tmp_path):
    save_settings(tmp_path, FULL)
    whole = (tmp_path / "settings.toml").read_bytes()

    for length in range(len(whole)):
        _load_damaged(tmp_path, whole[:length])


def test_every_flipped_bit_is_set_aside_or_understood(tmp_path):
    save_settings(tmp_path, FULL)
    whole = (tmp_path / "settings.toml").read_bytes()
    dice = random.Random(1)

    for _ in range(2000):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        _load_damaged(tmp_path, bytes(damaged))


@given(st.binary() | st.text().map(str.encode) | st.just(b"[" * 5000))
def test_any_bytes_as_state_are_set_aside_or_understood(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("state")
    (folder / "state.json").write_bytes(content)

    loaded = load_state(folder)

    assert isinstance(loaded.value, State)
    assert _kept(folder, content)


@pytest.mark.parametrize(
    "content", ['{"place": ["\\ud800", ""]}', '{"\\udfff": 1}', '{"windows": {"a": "\\ud83d"}}']
)
def test_state_with_half_a_character_is_set_aside(tmp_path, content):
    (tmp_path / "state.json").write_text(content)

    loaded = load_state(tmp_path)

    assert loaded.value == State()
    assert loaded.notes
    save_state(tmp_path, loaded.value)


@pytest.mark.parametrize("width", ["-1", "1e3", "true", "10000000000", "null"])
def test_columns_whose_widths_no_window_has_are_left_out(tmp_path, width):
    (tmp_path / "state.json").write_text(f'{{"columns": {{"a": [10, {width}], "b": [20]}}}}')

    assert load_state(tmp_path).value.columns == {"b": (20,)}


def _load_damaged(folder: Path, content: bytes) -> None:
    for old in folder.iterdir():
        old.unlink()
    (folder / "settings.toml").write_bytes(content)

    loaded = load_settings(folder)

    assert isinstance(loaded.value, Settings)
    assert _kept(folder, content)
    assert ((folder / "settings.toml").exists()) == (not loaded.notes)


def _kept(folder: Path, content: bytes) -> bool:
    return content in [each.read_bytes() for each in folder.iterdir()]


def test_one_wrong_value_leaves_the_others(tmp_path):
    (tmp_path / "settings.toml").write_text(
        'theme = "pink"\nparallel_transfers = true\n'
        '[[connections]]\nprofile = "nameless"\n[[connections]]\nname = "good"\nregion = 3\n'
    )

    loaded = load_settings(tmp_path)

    assert loaded.value == Settings(connections=(Connection("good"),))
    assert len(loaded.notes) == 5
    assert "settings.toml: theme is not understood and was left out." in loaded.notes
    assert "kept as settings-damaged-" in loaded.notes[-1]


def test_entries_of_a_newer_version_survive_saving(tmp_path):
    (tmp_path / "settings.toml").write_text('theme = "dark"\nbandwidth = 5\n')

    loaded = load_settings(tmp_path)
    save_settings(tmp_path, loaded.value)

    assert "bandwidth = 5" in (tmp_path / "settings.toml").read_text()
    assert loaded.notes == ()


def test_the_sandbox_is_not_saved(tmp_path):
    save_settings(tmp_path, Settings(connections=(Connection("sandbox", is_sandbox=True),)))

    assert load_settings(tmp_path).value.connections == ()


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(LocalDisk, match="could not be saved"):
        save_settings(tmp_path / "file", FULL)


def test_a_connection_is_saved_in_the_place_of_its_name():
    settings = FULL.with_connection(Connection("payroll", region="eu-west-1"))

    assert len(settings.connections) == len(FULL.connections)
    assert settings.connection("payroll") == Connection("payroll", region="eu-west-1")


def test_the_newest_recent_key_comes_first_and_once():
    state = State()
    for number in [1, 2, 3, 1, *range(10, 20)]:
        state = state.with_recent_key(KeyChoice(str(number)))

    assert [choice.key_id for choice in state.recent_keys] == [str(n) for n in range(19, 11, -1)]


def test_every_source_of_credentials_comes_back_and_takes_no_more_room_than_it_needs(tmp_path):
    settings = Settings(
        connections=(
            Connection("kept", source=Source.KEYS, access_key="AKIAEXAMPLE"),
            Connection(
                "legal",
                source=Source.SSO,
                sso=SingleSignOn("https://acme.awsapps.com/start", "eu-west-1", "corp", "1", "r"),
            ),
            Connection("role", "base", source=Source.ROLE, role=AssumedRole("arn", "me", "x", "m")),
            Connection("ci", source=Source.WEB_IDENTITY, role=AssumedRole("arn", token_file="/t")),
            Connection("tool", source=Source.PROCESS, process="/opt/tool --json"),
            Connection(
                "inside",
                source=Source.ENVIRONMENT,
                network=Network("http://proxy:8080", "/ca.pem", True, True, True, "https://sts"),
            ),
        )
    )
    save_settings(tmp_path, settings)

    assert load_settings(tmp_path) == Loaded(settings)
    text = (tmp_path / "settings.toml").read_text()
    assert text.count("[connections.network]") == 1
    assert text.count("[connections.role]") == 2
