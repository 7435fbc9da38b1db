"""Tables of urban villages."""

from __future__ import annotations

from app.parser.data_tables.urban_villages import KIND
from app.parser.table_dispatch import extract_table
from app.parser.tables.table_kind import KnownRows
from tests.support.invented_lines import context, is_accounted, lines
from tests.support.invented_tables import DOCUMENT, LIST


def test_village_rows() -> None:
    source = lines(LIST)
    reading = extract_table(KIND, source, context(), KnownRows())
    assert [row.id.removeprefix(f"{DOCUMENT}.") for row in reading.rows] == [
        "dongxi-01",
        "dongxi-02",
        "haixin-01",
        "haixin-02",
        "xiling-01",
    ]
    first, second, third, fourth, last = reading.rows
    assert (first.fields["street_code"], first.fields["year_from"], first.fields["year_to"]) == (
        "990101001",
        2022,
        2022,
    )
    assert first.notes is None
    assert (second.fields["district"], second.fields["street"]) == ("东溪区", "清塍街道")
    assert (second.fields["plan"], second.fields["year_from"], second.fields["year_to"]) == ("upgrade", 2023, 2025)
    assert second.printed is not None
    assert (second.printed["district"], second.printed["street"], second.printed["year_to"]) == (
        "",
        "清腾街道",
        "2023—2025",
    )
    assert (third.fields["district_code"], third.fields["street_code"]) == ("zone-haixinchanyejijuqu", "990181001")
    assert (fourth.fields["street_code"], fourth.fields["year_to"]) == (None, 2024)
    assert (last.fields["number"], last.fields["plan"], last.fields["year_from"]) == (None, None, None)
    assert is_accounted(reading, source)
    assert not reading.unread


def test_declared_totals() -> None:
    declared = {
        item.rule.partition("&")[2]: item.number
        for item in extract_table(KIND, lines(LIST), context(), KnownRows()).declared
    }
    assert declared == {
        "": 5,
        "plan=demolition": 4,
        "plan=upgrade": 1,
        "district=东溪区": 2,
        "district=东溪区&plan=demolition": 1,
        "district=东溪区&plan=upgrade": 1,
        "district=海新产业集聚区": 2,
        "district=海新产业集聚区&plan=demolition": 2,
    }


def test_missing_column_is_a_doubt() -> None:
    source = lines("## 清单\n序号|所属区|所属街道|行政村|改造计划\n1|东溪区|柳塘街道|上河|拆迁")
    reading = extract_table(KIND, source, context(), KnownRows())
    assert reading.rows[0].fields["year_from"] is None
    assert reading.rows[0].printed is not None
    assert "year_from" not in reading.rows[0].printed
    assert any("columns missing: years" in doubt.reason for doubt in reading.doubts)
