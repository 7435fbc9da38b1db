"""Every kind of table is listed, recognised and extracted; a forgotten part of one is an error or an unread line."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.datasets import DATASETS
from app.parser import data_tables, parse, table_dispatch
from app.parser.data_tables import TABLE_KINDS, urban_villages
from app.parser.records import IssueContext, ReadResult
from app.parser.table_dispatch import extract_document_tables, extract_table, extraction_order, recognise_table
from app.parser.tables.grid import iter_grid_rows
from app.parser.tables.headers import match_header
from app.parser.tables.row_readers import add_row
from app.parser.tables.table_kind import KnownRows, Table, TableKind, start_result
from tests.support.invented_issue import AREAS, ISSUE
from tests.support.invented_lines import context, is_accounted, lines
from tests.support.invented_tables import LIST

MODULES = [module.name for module in pkgutil.iter_modules(data_tables.__path__)]
each_kind = pytest.mark.parametrize("kind", TABLE_KINDS, ids=lambda kind: kind.name)


def extract_contacts(table: Table, context: IssueContext, known: KnownRows) -> ReadResult:
    """Return a row for each contact, with the number of villages extracted before."""
    result = start_result(table)
    for row in table.rows:
        fields = {
            "document_id": context.document_id,
            "name": row.cells["name"],
            "villages": len(known.of("urban-villages")),
        }
        add_row(result, table, row, f"{context.document_id}.{row.number}", fields, {"name": "name"}, [])
    return result


CONTACTS = TableKind(
    name="contacts",
    columns={"name": "姓名", "phone": r"(联系)?电话"},
    required=(frozenset({"name", "phone"}),),
    extract=extract_contacts,
    refers_to=(urban_villages.KIND,),
    example="|姓名|电话|\n|甲|1|",
)


@pytest.fixture
def listed_contacts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the invented kind at the top of the list."""
    monkeypatch.setattr(table_dispatch, "TABLE_KINDS", (CONTACTS, *TABLE_KINDS))


def test_every_kind_is_listed_once() -> None:
    modules = [importlib.import_module(f"{data_tables.__name__}.{name}") for name in MODULES]
    declared = [module.KIND for module in modules if hasattr(module, "KIND")]
    assert set(TABLE_KINDS) == set(declared)
    assert len(TABLE_KINDS) == len({kind.name for kind in TABLE_KINDS}) == len(declared)


def test_a_module_without_a_kind_serves_one_with_a_kind() -> None:
    imported = set()
    for name in MODULES:
        tree = ast.parse(Path(data_tables.__path__[0], f"{name}.py").read_text(encoding="utf-8"))
        imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for name in MODULES:
        module = importlib.import_module(f"{data_tables.__name__}.{name}")
        assert hasattr(module, "KIND") or module.__name__ in imported, f"{name} declares no KIND"


@each_kind
def test_example(kind: TableKind) -> None:
    source = lines(kind.example)
    assert recognise_table(source) is kind
    columns = [set(match_header(row.cells, kind).values()) for row in iter_grid_rows(source)]
    assert kind.columns.keys() in columns, "the example's header has all columns"
    result = extract_table(kind, source, context(), KnownRows())
    assert {row.dataset for row in result.rows} == set(kind.datasets)
    assert not result.unread
    assert is_accounted(result, source)


@each_kind
def test_rows_have_a_dataset(kind: TableKind) -> None:
    assert set(kind.datasets) <= DATASETS.keys()
    fields = {dataset: {field.name for field in DATASETS[dataset].fields} for dataset in kind.datasets}
    for row in extract_table(kind, lines(kind.example), context(), KnownRows()).rows:
        assert row.fields.keys() <= fields[row.dataset]


@each_kind
def test_related_kinds_are_listed(kind: TableKind) -> None:
    assert {*kind.refers_to, *kind.tried_before} <= set(TABLE_KINDS)


def test_a_kind_is_extracted_after_those_it_refers_to() -> None:
    order = extraction_order(TABLE_KINDS[::-1])
    for kind in TABLE_KINDS:
        assert all(order.index(other) < order.index(kind) for other in kind.refers_to)


def test_required_columns_have_patterns() -> None:
    with pytest.raises(ValueError, match="contacts: required columns without a pattern: street"):
        replace(CONTACTS, required=(frozenset({"name", "street"}),))
    with pytest.raises(ValueError, match="contacts: required columns"):
        replace(CONTACTS, required=())


@pytest.mark.usefixtures("listed_contacts")
def test_a_new_kind_needs_nothing_but_its_declaration_and_its_place_in_the_list() -> None:
    parsed = parse(ISSUE, AREAS)
    (row,) = parsed.rows["contacts"]
    assert (row["id"], row["name"], row["printed"]) == ("linzhengban-2023-41.1", "甲", {"name": "甲"})
    assert ISSUE.split("\n")[row["source"]["lines"][0] - 1] == "甲\t1"
    assert "unknown table" not in [unread.reason for unread in parsed.unread]


@pytest.mark.usefixtures("listed_contacts")
def test_a_new_kind_may_refer_to_rows_of_a_table_printed_below_it() -> None:
    parts = [lines("姓名|电话\n甲|1"), lines(LIST, first=10)]
    (contact,) = (
        row for row in extract_document_tables(parts, context(), KnownRows()).rows if row.dataset == "contacts"
    )
    assert contact.fields["villages"] == 5


def test_a_table_of_an_unlisted_kind_is_unread() -> None:
    result = extract_document_tables([lines(CONTACTS.example)], context(), KnownRows())
    assert not result.rows
    assert [unread.reason for unread in result.unread] == ["unknown table"] * 2


def test_data_rows_that_an_extractor_passes_over_are_unread() -> None:
    source = lines("## 联系表\n姓名|电话\n甲|1\n乙|2")
    silent = replace(CONTACTS, extract=lambda table, _context, _known: start_result(table))
    result = extract_table(silent, source, context(), KnownRows())
    reason = "no row of contacts was extracted from this row"
    assert [(unread.line, unread.reason) for unread in result.unread] == [(3, reason), (4, reason)]
    assert is_accounted(result, source)
