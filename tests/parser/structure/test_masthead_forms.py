"""The forms of covers and mastheads; each form has its example in the table."""

import pytest

from app.parser.structure.masthead_forms import COVER_FORMS, CoverForm, Printed, parse_serial, read_cover_line


def value(printed: Printed) -> str:
    """Return what is read in the notation of the table's examples."""
    if printed.kind == "number":
        to = f"_{printed.number_to:02d}" if printed.number_to else ""
        return f"{f'{printed.year}-' if printed.year else ''}{printed.number:02d}{to}"
    if printed.kind in ("date", "day"):
        day = f"{f'{printed.year}-' if printed.year else ''}{printed.month:02d}-{printed.day:02d}"
        return f"{printed.label} {day}" if printed.label else day
    values = {"serial": printed.serial, "supplement": printed.supplement, "title": printed.text, "combined": ""}
    return str(values.get(printed.kind, printed.year))


@pytest.mark.parametrize("form", COVER_FORMS, ids=lambda form: form.example)
def test_each_form_reads_its_example(form: CoverForm) -> None:
    read = read_cover_line(form.example)
    assert read.is_pure
    assert [(each.kind, value(each)) for each in read.printed] == (
        [] if form.kind == "other" else [(form.kind, form.value)]
    )


@pytest.mark.parametrize(
    "line",
    [
        "第三期工程验收",
        "根据2021年第5次常务会议纪要",
        "市政府令第12号公布",
        "总投资2.3亿元",
        "2021—2025年规划",
        "甲市第5届人大",
    ],
)
def test_other_lines_are_not_of_a_cover(line: str) -> None:
    assert not read_cover_line(line).is_pure


@pytest.mark.parametrize(
    ("text", "number"), [("一千六百五十三", 1653), ("三百二十", 320), ("225", 225), ("千零五", 1005), ("甲", None)]
)
def test_serial_numbers(text: str, number: int | None) -> None:
    assert parse_serial(text) == number
