"""Captions: what a row is called in a headline or a citation, as one Chinese line.

Most rows are called by the first filled field of those that full text covers. Where that alone says too little (the
number of an issue, a figure of a month, an article), the dataset has a function of its own in `CAPTIONS`.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record

MAX_CAPTION_LENGTH = 120
RowNames = Mapping[tuple[str, str], str]
"""Captions of referenced rows by dataset and id.

Besides datasets there are `units` (of indicators) and `numbers` (of documents).
"""
DIGEST_PREFIX = "sha256:"
"""How the digest of a long text begins in the log of changes."""
NUMBER_ENDINGS = ("、", "）", ")", ".", "．")
"""Endings of a printed number that need no space after them."""
MEASURE_LABELS = (("value", "当月"), ("value_yoy", "同比"), ("cumulative", "累计"), ("cumulative_yoy", "累计同比"))


def caption(dataset: Dataset, row: Record, names: RowNames) -> str:
    """Return the caption of a row, or its id where nothing is printed."""
    own_caption = CAPTIONS.get(dataset.name)
    line = (own_caption(row, names) if own_caption else "") or first_search_text(dataset, row) or row["id"]
    return truncate(line)


def truncate(text: str, max_length: int = MAX_CAPTION_LENGTH) -> str:
    """Return the text on one line, cut to a length."""
    line = " ".join(text.split())
    return line if len(line) <= max_length else f"{line[: max_length - 1]}…"


def first_search_text(dataset: Dataset, row: Record) -> str:
    """Return the first filled field of those that full text covers, or an empty string."""
    for name in dataset.search_fields:
        value = row.get(name)
        if isinstance(value, str) and value:
            return display_value(dataset, name, value)
    return ""


def display_value(dataset: Dataset, name: str, value: Any) -> str:
    """Return a value as Chinese readers know it: the label of an enumeration, lists joined, numbers as printed."""
    spec = dataset.fields_by_name.get(name)
    labels = {member.value: member.label_zh for member in spec.info.enum} if spec and spec.info.enum else {}
    return labels[value] if isinstance(value, str) and value in labels else format_value(value)


def format_value(value: Any) -> str:
    """Return a value as text. Null and an empty list are a dash."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return "、".join(map(format_value, value)) or "—"
    if isinstance(value, dict):
        return " ".join(format_value(member) for member in value.values() if member is not None)
    return str(value)


def caption_references(dataset: Dataset, row: Record) -> Iterator[tuple[str, str]]:
    """Yield the dataset and id of each row that the caption of a row may name."""
    for name in REFERENCE_FIELDS.get(dataset.name, ()):
        target = dataset.fields_by_name[name].info.references
        if target and isinstance(row.get(name), str):
            yield target, row[name]


def issue_title(row: Record) -> str:
    """Return the title of an issue, such as `甲市人民政府公报 2021年第5期（总第225期）`."""
    serial = f"（总第{row['cumulative_number']}期）" if row["cumulative_number"] else ""
    return f"{row['title']} {row['year']}年第{row['number']}期{serial}"


def publisher_name(issue: Record | None) -> str:
    """Return who publishes the gazette, as far as that is known."""
    return str((issue["publisher"] or issue["title"]) if issue else "政府公报")


def document_title(row: Record) -> str:
    """Return the title with the document number, which distinguishes documents with the same title."""
    return f"{row['title']}（{row['document_number']}）" if row["document_number"] else str(row["title"])


def _provision_caption(row: Record, names: RowNames) -> str:
    number = row["number"] or {"pre": "序言"}.get(row["path"], "")
    label = f"{number}{'' if number.endswith(NUMBER_ENDINGS) else ' '}{row['heading'] or ''}".strip() or row["path"]
    return f"{_referenced_name(names, 'documents', row['document_id'])} {label}"


def _relation_caption(row: Record, names: RowNames) -> str:
    kind = display_value(DATASETS["relations"], "relation", row["relation"])
    number = f"（{row['target_number']}）" if row["target_number"] else ""
    return f"{kind}：{row['target_title'] or ''}{number} ← {_referenced_name(names, 'numbers', row['document_id'])}"


def _commitment_caption(row: Record, names: RowNames) -> str:
    sign = {"gte": "≥", "lte": "≤"}.get(row["comparator"] or "", "")
    value = f"{sign}{format_value(row['value'])}" if row["value"] is not None else ""
    value += f"–{format_value(row['value_to'])}" if row["value_to"] is not None else ""
    due = f"，截止{row['due_to']}" if row["due_to"] else ""
    label = f"{row['subject_zh'] or row['id']} {value}{row['unit'] or ''}".strip()
    return f"{label}{due}（{_referenced_name(names, 'numbers', row['document_id'])}）"


def _water_target_caption(row: Record, names: RowNames) -> str:
    dataset = DATASETS["water-targets"]
    years = "–".join(dict.fromkeys(str(year) for year in (row["year_from"], row["year_to"]) if year))
    commitment = display_value(dataset, "commitment", row["commitment"])
    target_class = display_value(dataset, "target_class", row["target_class"]) if row["target_class"] else ""
    return f"{_referenced_name(names, 'water-sections', row['section_id'])}断面 {years} {commitment}{target_class}"


def _place_caption(row: Record, names: RowNames) -> str:  # noqa: ARG001
    return "".join(filter(None, (row["district"], row["street"], row.get("village") or row.get("name"))))


def _observation_caption(row: Record, names: RowNames) -> str:
    indicator, area = row["indicator_id"], row["area_id"]
    unit = names.get(("units", indicator), "")
    parts = [
        f"{label} {format_value(row[name])}{'%' if name.endswith('yoy') else unit}"
        for name, label in MEASURE_LABELS
        if row[name] is not None
    ]
    figures = "，".join(parts) or "未公布"
    year, _, month = row["period"].partition("-")
    subject = f"{_referenced_name(names, 'areas', area)}{_referenced_name(names, 'indicators', indicator)}"
    return f"{subject} {year}年{int(month)}月：{figures}"


def _event_caption(row: Record, names: RowNames) -> str:  # noqa: ARG001
    participants = "、".join(person["name"] for person in row["participants"] or () if person["name"])
    return f"{row['date']} {participants}：{row['activity']}" if participants else f"{row['date']} {row['activity']}"


def _check_caption(row: Record, names: RowNames) -> str:  # noqa: ARG001
    return f"核对{display_value(DATASETS['checks'], 'status', row['status'])}：{row['subject']}"


def _change_caption(row: Record, names: RowNames) -> str:
    """Return a caption such as `修改 公文“…”：施行日期 2021-06-10 → 2021-07-01`."""
    target = DATASETS.get(row["dataset"])
    kind = display_value(DATASETS["changes"], "kind", row["kind"])
    title = target.title_zh if target else row["dataset"]
    name = truncate(_referenced_name(names, row["dataset"], row["row_id"]), 60)
    changes = "；".join(change_text(target, cell) for cell in (row["changed"] or ())[:3])
    more = f" 等{len(row['changed'])}处" if len(row["changed"] or ()) > 3 else ""
    return f"{kind} {title}“{name}”{f'：{changes}{more}' if changes else ''}"


def change_text(dataset: Dataset | None, cell: Record) -> str:
    """Return what happened to one field, such as `施行日期 2021-06-10 → 2021-07-01`; printed cells are marked 原文."""
    name = cell["field"]
    printed, base = name.startswith("printed."), name.removeprefix("printed.")
    spec = dataset.fields_by_name.get(base) if dataset else None
    label = f"{'原文' if printed else ''}{spec.info.label_zh if spec else base}"
    old, new = (_display_change(dataset, base, printed, value) for value in (cell["from"], cell["to"]))
    return f"{label} {old} → {new}"


def _display_change(dataset: Dataset | None, name: str, printed: bool, value: Any) -> str:
    if isinstance(value, str) and value.startswith(DIGEST_PREFIX):
        return "（长文本）"  # the log keeps only the digest of a long text
    return truncate(format_value(value) if dataset is None or printed else display_value(dataset, name, value), 40)


def _referenced_name(names: RowNames, dataset: str, key: str) -> str:
    return names.get((dataset, key), key)


CAPTIONS: Mapping[str, Callable[[Record, RowNames], str]] = {
    "issues": lambda row, _: issue_title(row),
    "documents": lambda row, _: document_title(row),
    "provisions": _provision_caption,
    "relations": _relation_caption,
    "commitments": _commitment_caption,
    "water-targets": _water_target_caption,
    "urban-villages": _place_caption,
    "village-tasks": _place_caption,
    "uncleared-buildings": _place_caption,
    "observations": _observation_caption,
    "events": _event_caption,
    "checks": _check_caption,
    "changes": _change_caption,
}
REFERENCE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "provisions": ("document_id",),
    "relations": ("document_id",),
    "commitments": ("document_id",),
    "water-targets": ("section_id",),
    "observations": ("indicator_id", "area_id"),
}
"""The fields whose referenced rows a caption names."""
