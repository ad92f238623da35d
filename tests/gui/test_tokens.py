"""The palette keeps its promises about contrast."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from cse_desktop.gui.look.tokens import DARK, LIGHT, ROLES, contrast

# Foreground, background, the ratio it needs, and the ratios designed for light and dark.
PAIRS = (
    ("text", "surface", 4.5, 16.41, 13.80),
    ("text", "window", 4.5, 15.03, 14.89),
    ("text", "selected", 4.5, 13.29, 9.49),
    ("text", "hover", 4.5, 14.60, 11.68),
    ("text2", "surface", 4.5, 7.69, 8.81),
    ("text2", "window", 4.5, 7.04, 9.50),
    ("text2", "selected", 4.5, 6.22, 6.06),
    ("text2", "subtle", 4.5, 7.30, 8.28),
    ("text3", "surface", 4.5, 5.83, 6.56),
    ("text3", "window", 4.5, 5.34, 7.08),
    ("text3", "selected", 4.5, 4.72, 4.51),
    ("text3", "subtle", 4.5, 5.53, 6.16),
    ("text3", "selected_inactive", 4.5, 4.83, 5.09),
    ("on_accent", "accent", 4.5, 6.07, 5.13),
    ("on_accent", "accent_hover", 4.5, 7.63, 4.69),
    ("on_accent", "accent_pressed", 4.5, 9.69, 6.47),
    ("on_accent", "bad_solid", 4.5, 5.89, 5.29),
    ("on_accent", "bad_hover", 4.5, 7.59, 4.78),
    ("accent_text", "surface", 4.5, 7.05, 7.80),
    ("accent_text", "window", 4.5, 6.46, 8.42),
    ("accent_text", "accent_soft", 4.5, 6.16, 6.61),
    ("accent_text", "selected", 4.5, 5.71, 5.36),
    ("ok", "ok_bg", 4.5, 5.94, 7.44),
    ("ok", "surface", 4.5, 6.81, 9.07),
    ("ok", "selected", 4.5, 5.51, 6.23),
    ("ok", "window", 4.5, 6.23, 9.78),
    ("warn", "warn_bg", 4.5, 6.87, 8.11),
    ("warn", "surface", 4.5, 7.70, 9.89),
    ("warn", "selected", 4.5, 6.23, 6.80),
    ("bad", "bad_bg", 4.5, 6.12, 6.84),
    ("bad", "surface", 4.5, 7.14, 7.94),
    ("bad", "selected", 4.5, 5.78, 5.46),
    ("neutral", "neutral_bg", 4.5, 6.42, 7.04),
    ("info", "info_bg", 4.5, 6.50, 7.26),
    ("sandbox", "sandbox_bg", 4.5, 7.05, 7.71),
    ("border_strong", "surface", 3.0, 3.41, 4.45),
    ("border_strong", "window", 3.0, 3.12, 4.80),
    ("border_strong", "subtle", 3.0, 3.24, 4.18),
    ("focus", "surface", 3.0, 6.07, 7.80),
    ("focus", "window", 3.0, 5.56, 8.42),
    ("focus", "selected", 3.0, 4.92, 5.36),
    ("progress", "sunken", 3.0, 4.94, 4.32),
    ("ok_solid", "surface", 3.0, 4.51, 5.23),
    ("ok_solid", "sunken", 3.0, 3.67, 3.77),
    ("warn_solid", "surface", 3.0, 4.20, 6.62),
    ("warn_solid", "sunken", 3.0, 3.42, 4.77),
    ("bad_solid", "surface", 3.0, 5.89, 3.07),
    ("progress_bad", "sunken", 3.0, 4.79, 4.12),
    ("text2", "hover", 4.5, 6.84, 7.46),
    ("text3", "hover", 4.5, 5.19, 5.55),
    ("ok", "hover", 4.5, 6.06, 7.67),
    ("warn", "hover", 4.5, 6.85, 8.37),
    ("bad", "hover", 4.5, 6.35, 6.72),
    ("accent_text", "hover", 4.5, 6.27, 6.60),
    ("text", "ok_bg", 4.5, 14.33, 11.32),
    ("text", "warn_bg", 4.5, 14.66, 11.32),
    ("text", "bad_bg", 4.5, 14.06, 11.89),
    ("text", "info_bg", 4.5, 14.32, 11.69),
    ("text", "sandbox_bg", 4.5, 14.07, 12.17),
    ("text2", "bad_bg", 4.5, 6.58, 7.59),
    ("text2", "warn_bg", 4.5, 6.87, 7.22),
    ("text2", "sandbox_bg", 4.5, 6.59, 7.77),
    ("text2", "sunken", 4.5, 6.25, 6.35),
    ("text2", "pressed", 4.5, 6.18, 6.54),
    ("sandbox", "window", 4.5, 7.53, 9.44),
    ("warn", "window", 4.5, 7.05, 10.67),
    ("bad", "window", 4.5, 6.54, 8.56),
    ("accent", "surface", 3.0, 6.07, 3.16),
    ("text3", "sunken", 3.0, 4.74, 4.73),
    ("ok_solid", "selected", 3.0, 3.65, 3.59),
    ("ok_solid", "sandbox_bg", 3.0, 3.86, 4.61),
    ("ok_solid", "window", 3.0, 4.13, 5.64),
    ("progress_bad", "surface", 3.0, 5.89, 5.72),
    ("progress_bad", "bad_bg", 3.0, 5.05, 4.93),
    ("warn_solid", "warn_bg", 3.0, 3.75, 5.43),
    ("folder", "surface", 3.0, 4.06, 6.55),
    ("folder", "selected", 3.0, 3.29, 4.50),
    ("star", "surface", 3.0, 4.20, 9.89),
    ("tooltip_fg", "tooltip_bg", 4.5, 16.41, 13.97),
)


@pytest.mark.parametrize(("front", "back", "needs", "light", "dark"), PAIRS)
def test_pair_is_readable_in_both_themes(
    front: str, back: str, needs: float, light: float, dark: float
) -> None:
    in_light = contrast(LIGHT[front], LIGHT[back])
    in_dark = contrast(DARK[front], DARK[back])

    assert (round(in_light, 2), round(in_dark, 2)) == pytest.approx((light, dark), abs=0.011)
    assert min(in_light, in_dark) >= needs


def test_themes_name_the_same_tokens() -> None:
    assert list(LIGHT) == list(DARK)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_every_token_is_a_plain_colour(tokens: Mapping[str, str]) -> None:
    assert all(len(value) == 7 and value[0] == "#" for value in tokens.values())


def test_black_on_white_has_the_highest_contrast() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_no_type_role_is_smaller_than_eleven_pixels_at_the_base_size() -> None:
    assert min(role.ratio for role in ROLES.values()) * 13 >= 11
