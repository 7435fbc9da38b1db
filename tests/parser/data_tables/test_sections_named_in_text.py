"""Water sections that goals name and the table does not."""

from __future__ import annotations

from app.parser.data_tables.water_sections import KIND
from app.parser.table_dispatch import extract_table
from app.parser.tables.table_kind import KnownRows
from tests.support.invented_lines import context, lines
from tests.support.invented_tables import NAMED, SECTIONS, by_name, sections


def test_section_missing_from_the_table() -> None:
    row = by_name(sections())["龙口"]
    assert row.table is None
    assert row.printed is None
    assert row.fields["areas"] == ["北港市", "南浦县"]
    assert row.fields["target_class"] is None
    assert "missing from the table" in row.notes


def test_section_missing_from_the_table_has_the_class_that_the_goals_promise() -> None:
    promised = {"龙口": "II", "石闸": "III"}
    named = {name: section._replace(target_class=promised.get(name)) for name, section in NAMED.items()}
    reading = extract_table(KIND, lines(SECTIONS), context(), KnownRows(named))
    rows = by_name(reading)
    assert rows["龙口"].fields["target_class"] == "II"
    assert "target class is the one promised there" in rows["龙口"].notes
    assert (rows["龙口"].fields["baseline_class"], rows["龙口"].fields["control_level"]) == (None, None)
    assert rows["石闸"].fields["target_class"] == "IV", "the table's own cell stands"
