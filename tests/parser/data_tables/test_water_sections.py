"""Tables of water sections."""

from __future__ import annotations

import pytest

from app.parser.data_tables.water_sections import KIND, parse_water_class
from app.parser.table_dispatch import extract_table
from app.parser.tables.table_kind import KnownRows
from tests.support.invented_lines import context, is_accounted, lines
from tests.support.invented_tables import HEAD, NAMED, SECTIONS, by_name, sections


def test_plain_row_with_a_misread_street() -> None:
    row = by_name(sections())["柳渡"]
    assert (row.id, row.row, row.table) == ("liudu", 1, "断面控制范围")
    assert row.fields["control_level"] == "national"
    assert (row.fields["baseline_year"], row.fields["baseline_class"], row.fields["target_class"]) == (
        2021,
        "III",
        "III",
    )
    assert (row.fields["river_system"], row.fields["river"]) == ("云江", "柳溪")
    assert row.fields["control_areas"] == [{"area": "东溪区", "places": ["柳塘街道", "清塍街道"]}]
    assert row.printed["control_areas"] == "东溪柳塘街道、清腾街道"
    assert row.printed["control_level"] == row.printed["name"] == "柳渡(国控)"
    assert "清腾街道 is officially 清塍街道" in row.notes


def test_slid_cells_are_known_by_what_they_hold() -> None:
    row = by_name(sections())["白桥"]
    assert row.fields["baseline_class"] == "inferior_V"
    assert row.fields["areas"] == ["东溪区", "南浦县"]
    assert row.fields["area_codes"] == ["990101", "990121"]
    assert row.fields["river_system"] is None
    assert row.fields["control_areas"] == [
        {"area": "东溪区", "places": ["柳塘街道"]},
        {"area": "南浦县", "places": ["白石镇"]},
    ]
    assert row.printed["river_system"] == "东溪区、南浦市"
    assert row.printed["control_areas"] == ""
    assert "南浦市, officially 南浦县" in row.notes


def test_areas_proved_by_the_plan() -> None:
    row = by_name(sections())["石闸"]
    assert row.fields["areas"] == ["西岭区"]
    assert row.fields["control_areas"] == [{"area": "西岭区", "places": ["松桥街道"]}]
    assert "goals" in row.notes


def test_water_and_area_run_together() -> None:
    row = by_name(sections())["江口"]
    assert row.fields["river_system"] == "云江"
    assert row.fields["control_areas"] == [{"area": "北港市", "places": []}]


def test_river_levels_are_not_guessed() -> None:
    rows = by_name(sections())
    assert (rows["新坝"].fields["river_system"], rows["新坝"].fields["river"]) == (None, "主河道")
    assert rows["新坝"].fields["exceedance_factors"] == []
    for name in ("双闸", "双桥"):
        assert rows[name].fields["river_system"] is None
        assert rows[name].notes


def test_every_line_is_accounted_for() -> None:
    source = lines(SECTIONS)
    reading = extract_table(KIND, source, context(), KnownRows(NAMED))
    assert is_accounted(reading, source)
    assert not reading.unread


def test_row_without_a_name_is_unread() -> None:
    source = lines(f"{HEAD}\n柳渡(国控)|III|III|总磷|云江|柳溪|东溪区|东溪柳塘街道\n|IV|III|总磷||||")
    reading = extract_table(KIND, source, context(), KnownRows())
    assert [item.line for item in reading.unread] == [3]
    assert is_accounted(reading, source)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("Ⅲ类", "III"),
        ("III", "III"),
        ("3类", "III"),
        ("三类", "III"),
        ("劣Ⅴ", "inferior_V"),
        ("劣III", None),
        ("lll", None),
        ("", None),
    ],
)
def test_water_class(cell: str, wanted: str | None) -> None:
    notes: list[str] = []
    assert parse_water_class(cell, notes, "class") == wanted
    assert bool(notes) == (wanted is None)
