"""The width of texts, and how they are cut and wrapped."""

from hypothesis import given
from hypothesis import strategies as st

from app.renderers.charts.lettering import ELLIPSIS, cut, text_width, wrap

TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=80)


def test_a_chinese_character_is_as_wide_as_it_is_high() -> None:
    assert text_width("城中村", 14) == 42
    assert text_width("（）", 14) == 28
    assert text_width("2021", 10) < 25


@given(TEXTS, st.floats(40, 400))
def test_a_cut_text_fits(text: str, width: float) -> None:
    shown = cut(text, width, 14)
    assert text_width(shown, 14) <= width
    assert shown == text or (shown.endswith(ELLIPSIS) and text.startswith(shown[:-1]))


@given(TEXTS, st.floats(200, 600), st.integers(1, 4))
def test_lines_fit_and_lose_nothing_unless_the_last_is_cut(text: str, width: float, max_lines: int) -> None:
    lines = wrap(text, width, 14, max_lines)
    assert len(lines) <= max_lines
    assert all(text_width(line, 14) <= width for line in lines)
    if not (lines and lines[-1].endswith(ELLIPSIS)):
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_begins_with_a_stop() -> None:
    assert wrap("一二三四五，六七", 70, 14, 3) == ["一二三四", "五，六七"]
    assert wrap("Urban villages to be renovated", 110, 14, 3) == ["Urban villages", "to be", "renovated"]
    assert wrap("x" * 40, 170, 14, 9) == ["x" * 12, "x" * 12, "x" * 16]
    assert wrap("一二三四五六七八", 42, 14, 2) == ["一二三", "四五…"]
    assert wrap("", 100, 14, 2) == []
