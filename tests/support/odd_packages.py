"""Packages whose texts and ids are as odd as a load accepts, with rows in every dataset that a package may have."""

import json
from collections.abc import Callable, Mapping, Sequence

from app.datasets import DATASETS
from app.ingest.package_reader import PACKAGED_DATASETS, known_columns
from app.model.cells import join_list
from app.model.dataset import Dataset, FieldSpec
from tests.support.packages import Tables

ISSUE_ID = "1999-01"
SOURCE = {
    "source.issue_id": ISSUE_ID,
    "source.page_from": "3",
    "source.lines": "1;2",
    "source.sha256": "0f" * 32,
}
ISSUE = {"year": "1999", "number": "1", "number_to": ""}
"""What the id of the issue says."""
PUBLISHED_ON = "1999-01-01"
"""The day of the issue and so of all that is published in it."""
TextMaker = Callable[[], str]
"""Returns the next odd text, which may be empty."""


def build_odd_tables(ids: Sequence[str], next_text: TextMaker) -> Tables:
    """Return tables in which every dataset has a row for each id, and every text is an odd one."""
    ids_by_dataset = {name: [ISSUE_ID] if name == "issues" else list(ids) for name in PACKAGED_DATASETS}
    return {
        name: [
            {
                **_build_row(DATASETS[name], key, number, ids_by_dataset, next_text),
                **(ISSUE if name == "issues" else {}),
                "id": key,
            }
            for number, key in enumerate(ids_by_dataset[name])
        ]
        for name in PACKAGED_DATASETS
    }


def _build_row(
    dataset: Dataset, key: str, number: int, ids: Mapping[str, Sequence[str]], next_text: TextMaker
) -> dict[str, str]:
    columns = known_columns(dataset)
    row = {column: next_text() for column in columns if column.startswith("printed.") or column == "source.table"}
    for spec in dataset.stored_fields:
        row[spec.name] = _build_cell(dataset, spec, key, number, ids, next_text)
    return row | SOURCE


def _build_cell(
    dataset: Dataset,
    spec: FieldSpec,
    key: str,
    number: int,
    ids: Mapping[str, Sequence[str]],
    next_text: TextMaker,
) -> str:
    if spec.info.enum:
        return [member.value for member in spec.info.enum][number % len(spec.info.enum)]
    if spec.info.references:
        targets = ids[spec.info.references]
        target = targets[number % len(targets)]
        return "" if spec.info.references == dataset.name and target == key else target
    match spec.kind:
        case "integer":
            return str(number + 1)
        case "number":
            return f"{number}.50"
        case "boolean":
            return "true" if number % 2 else "false"
        case "date":
            return PUBLISHED_ON if spec.name == "published_on" else f"1999-01-{number % 28 + 1:02}"
        case "month":
            return f"1999-{number % 12 + 1:02}"
        case "list":
            return join_list([text for text in (next_text(), next_text()) if text])
        case "objects":
            return json.dumps([_build_object(spec, next_text) for _ in range(2)], ensure_ascii=False)
    return next_text() or ("" if spec.nullable else "文")


def _build_object(spec: FieldSpec, next_text: TextMaker) -> dict[str, object]:
    made: dict[str, object] = {}
    for name in spec.info.members:
        match spec.info.member_kinds.get(name, "string"):
            case "integer":
                made[name] = 1
            case "boolean":
                made[name] = True
            case "list":
                made[name] = [next_text()]
            case _:
                made[name] = next_text() or None
    return made
