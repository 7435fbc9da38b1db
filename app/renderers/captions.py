"""What a row is called in a headline or a citation: one Chinese line that tells what it is about.

Most rows are called by the first field that full text looks into. Where that says too little alone
(a number of an issue, a month's figure, an article) a dataset has a caption of its own here.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record

LONGEST = 120
Names = Mapping[tuple[str, str], str]
"""Captions of the rows that a row refers to, by dataset and id; beside them `units`, and `numbers` of documents."""
DIGEST = "sha256:"
CLOSING = ("、", "）", ")", ".", "．")
"""What a printed number may end in, so that no space is needed behind it."""
MEASURE_WORDS = (("value", "当月"), ("value_yoy", "同比"), ("cumulative", "累计"), ("cumulative_yoy", "累计同比"))


def caption(dataset: Dataset, row: Record, names: Names) -> str:
    """The line of a row; its id where nothing is printed."""
    own = CAPTIONS.get(dataset.name)
    text = (own(row, names) if own else "") or first_text(dataset, row) or row["id"]
    return clipped(text)


def clipped(text: str, most: int = LONGEST) -> str:
    """The text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def first_text(dataset: Dataset, row: Record) -> str:
    """The first field that full text looks into and that holds anything."""
    for name in dataset.search:
        value = row.get(name)
        if isinstance(value, str) and value:
            return labelled(dataset, name, value)
    return ""


def labelled(dataset: Dataset, name: str, value: Any) -> str:
    """A value as readers of Chinese know it: the label of an enumeration, lists joined, numbers as printed."""
    spec = dataset.by_name.get(name)
    labels = {member.value: member.label_zh for member in spec.fact.enum} if spec and spec.fact.enum else {}
    return labels[value] if isinstance(value, str) and value in labels else shown(value)


def shown(value: Any) -> str:
    """A value as text; null and an empty list are a dash."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return "、".join(map(shown, value)) or "—"
    if isinstance(value, dict):
        return " ".join(shown(member) for member in value.values() if member is not None)
    return str(value)


def references(dataset: Dataset, row: Record) -> Iterator[tuple[str, str]]:
    """The dataset and id of each row that the caption of a row may name."""
    for name in REFERRING.get(dataset.name, ()):
        target = dataset.by_name[name].fact.references
        if target and isinstance(row.get(name), str):
            yield target, row[name]


def issue_title(row: Record) -> str:
    """`甲市人民政府公报 2021年第5期（总第225期）`."""
    serial = f"（总第{row['cumulative_number']}期）" if row["cumulative_number"] else ""
    return f"{row['title']} {row['year']}年第{row['number']}期{serial}"


def publisher_of(issue: Record | None) -> str:
    """Who publishes the gazette, as far as it is known."""
    return str((issue["publisher"] or issue["title"]) if issue else "政府公报")


def document_title(row: Record) -> str:
    """The title with the number, which tells apart documents of one title."""
    return f"{row['title']}（{row['document_number']}）" if row["document_number"] else str(row["title"])


def _provision(row: Record, names: Names) -> str:
    number = row["number"] or {"pre": "序言"}.get(row["path"], "")
    own = f"{number}{'' if number.endswith(CLOSING) else ' '}{row['heading'] or ''}".strip() or row["path"]
    return f"{_of(names, 'documents', row['document_id'])} {own}"


def _relation(row: Record, names: Names) -> str:
    kind = labelled(DATASETS["relations"], "relation", row["relation"])
    number = f"（{row['target_number']}）" if row["target_number"] else ""
    return f"{kind}：{row['target_title'] or ''}{number} ← {_of(names, 'numbers', row['document_id'])}"


def _commitment(row: Record, names: Names) -> str:
    sign = {"gte": "≥", "lte": "≤"}.get(row["comparator"] or "", "")
    value = f"{sign}{shown(row['value'])}" if row["value"] is not None else ""
    value += f"–{shown(row['value_to'])}" if row["value_to"] is not None else ""
    due = f"，截止{row['due_to']}" if row["due_to"] else ""
    own = f"{row['subject_zh'] or row['id']} {value}{row['unit'] or ''}".strip()
    return f"{own}{due}（{_of(names, 'numbers', row['document_id'])}）"


def _water_target(row: Record, names: Names) -> str:
    dataset = DATASETS["water-targets"]
    years = "–".join(dict.fromkeys(str(year) for year in (row["year_from"], row["year_to"]) if year))
    promise = labelled(dataset, "commitment", row["commitment"])
    target = labelled(dataset, "target_class", row["target_class"]) if row["target_class"] else ""
    return f"{_of(names, 'water-sections', row['section_id'])}断面 {years} {promise}{target}"


def _place(row: Record, names: Names) -> str:  # noqa: ARG001
    return "".join(filter(None, (row["district"], row["street"], row.get("village") or row.get("name"))))


def _observation(row: Record, names: Names) -> str:
    indicator, area = row["indicator_id"], row["area_id"]
    unit = names.get(("units", indicator), "")
    words = [
        f"{word} {shown(row[name])}{'%' if name.endswith('yoy') else unit}"
        for name, word in MEASURE_WORDS
        if row[name] is not None
    ]
    figures = "，".join(words) or "未公布"
    year, _, month = row["period"].partition("-")
    return f"{_of(names, 'areas', area)}{_of(names, 'indicators', indicator)} {year}年{int(month)}月：{figures}"


def _event(row: Record, names: Names) -> str:  # noqa: ARG001
    who = "、".join(person["name"] for person in row["participants"] or ())
    return f"{row['date']} {who}：{row['activity']}" if who else f"{row['date']} {row['activity']}"


def _check(row: Record, names: Names) -> str:  # noqa: ARG001
    return f"核对{labelled(DATASETS['checks'], 'status', row['status'])}：{row['subject']}"


def _change(row: Record, names: Names) -> str:
    """`修改 公文《…》：施行日期 2021-06-10 → 2021-07-01`."""
    target = DATASETS.get(row["dataset"])
    kind = labelled(DATASETS["changes"], "kind", row["kind"])
    title = target.title_zh if target else row["dataset"]
    name = clipped(_of(names, row["dataset"], row["row_id"]), 60)
    told = "；".join(change_text(target, cell) for cell in (row["changed"] or ())[:3])
    more = f" 等{len(row['changed'])}处" if len(row["changed"] or ()) > 3 else ""
    return f"{kind} {title}“{name}”{f'：{told}{more}' if told else ''}"


def change_text(dataset: Dataset | None, cell: Record) -> str:
    """What became of one field: `施行日期 2021-06-10 → 2021-07-01`; a printed cell is told as such."""
    name = cell["field"]
    printed, base = name.startswith("printed."), name.removeprefix("printed.")
    spec = dataset.by_name.get(base) if dataset else None
    label = f"{'原文' if printed else ''}{spec.fact.zh if spec else base}"
    old, new = (_told(dataset, base, printed, value) for value in (cell["from"], cell["to"]))
    return f"{label} {old} → {new}"


def _told(dataset: Dataset | None, name: str, printed: bool, value: Any) -> str:
    if isinstance(value, str) and value.startswith(DIGEST):
        return "（长文本）"  # the log keeps the digest of a long text only
    return clipped(shown(value) if dataset is None or printed else labelled(dataset, name, value), 40)


def _of(names: Names, dataset: str, key: str) -> str:
    return names.get((dataset, key), key)


CAPTIONS: Mapping[str, Callable[[Record, Names], str]] = {
    "issues": lambda row, _: issue_title(row),
    "documents": lambda row, _: document_title(row),
    "provisions": _provision,
    "relations": _relation,
    "commitments": _commitment,
    "water-targets": _water_target,
    "urban-villages": _place,
    "village-tasks": _place,
    "uncleared-buildings": _place,
    "observations": _observation,
    "events": _event,
    "checks": _check,
    "changes": _change,
}
REFERRING: Mapping[str, tuple[str, ...]] = {
    "provisions": ("document_id",),
    "relations": ("document_id",),
    "commitments": ("document_id",),
    "water-targets": ("section_id",),
    "observations": ("indicator_id", "area_id"),
}
"""The fields whose rows a caption names."""
