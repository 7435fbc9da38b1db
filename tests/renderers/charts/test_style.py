"""The style: contrast, and a policy that allows it."""

import base64
import hashlib
from itertools import pairwise

import pytest

from app.renderers.charts import style
from app.renderers.charts.style import ALL_FILLS, DARK_PAPER, PAPER, SERIES_FILLS, STYLE, Fill


def luminance(color: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("fill", ALL_FILLS, ids=lambda fill: fill.name)
def test_text_on_a_fill_can_be_read(fill: Fill) -> None:
    assert contrast(fill.text, fill.color) >= 4.5


def test_text_on_paper_can_be_read() -> None:
    for ink in (style.INK, style.MUTED):
        assert contrast(ink, PAPER) >= 4.5
    for ink in (style.DARK_INK, style.DARK_MUTED):
        assert contrast(ink, DARK_PAPER) >= 4.5
    assert contrast("#3a95d0", style.BLACK) >= 4.5  # the first fill of a stack in the dark


def test_lines_and_single_bars_stand_out() -> None:
    for color in (SERIES_FILLS[0].color, "#b35900"):
        assert contrast(color, PAPER) >= 3
    for color in ("#3a95d0", "#56b4e9", "#e69f00"):
        assert contrast(color, DARK_PAPER) >= 3


def test_neighbours_in_a_stack_differ_in_pattern() -> None:
    for one, other in pairwise(SERIES_FILLS):
        assert one.pattern != other.pattern
    for fill in ALL_FILLS:
        assert not fill.pattern or contrast(style.PATTERN_INK, fill.color) >= 3


def test_the_policy_allows_this_style_and_nothing_else() -> None:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = style.content_security_policy()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not {"<", ">", "&"} & set(STYLE), "the style stands in XML as it is"
