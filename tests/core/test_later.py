"""Modules that are loaded when they are first used."""

import subprocess
import sys

import pytest

from cse_desktop.core.later import later, load_early

PROGRAM = """
import sys
from cse_desktop.core.later import later
fractions = later("fractions")
assert "fractions" not in sys.modules
assert fractions.Fraction(1, 2) + fractions.Fraction(1, 2) == 1
assert "fractions" in sys.modules
"""


def test_a_module_is_loaded_with_the_first_look():
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)


def test_what_is_not_there_is_said():
    with pytest.raises(ModuleNotFoundError):
        _ = later("cse_desktop.core.no_such_module").anything
    with pytest.raises(AttributeError):
        _ = later("json").no_such_name


def test_modules_are_loaded_in_a_thread():
    thread = load_early(["json", "wave"])
    thread.join(30)

    assert "wave" in sys.modules
