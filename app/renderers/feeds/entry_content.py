"""What an entry of a feed tells: the fields of its row, by their Chinese names, as HTML."""

from collections.abc import Iterator
from html import escape

from app.datasets import DATASETS
from app.model.dataset import Dataset, FieldSpec
from app.model.rows import Record
from app.renderers.captions import Names, change_text, clipped, labelled, shown
from app.renderers.xml import printable

EDITORIAL = "（编者撰写）"
LONGEST = 500
MOST_MEMBERS = 60


def summary(row: Record) -> str | None:
    """The abstract, which is never taken for the text itself."""
    abstract = row.get("abstract_zh")
    return f"编者摘要（非原文）：{printable(abstract)}" if abstract else None


def content(dataset: Dataset, row: Record, names: Names) -> str:
    """A list of what the row says; what depends on the day is left out, for the entry would change silently.

    `names` are the captions of rows that this one refers to.
    """
    if dataset.name == "changes":
        return "".join(_change(dataset, row))
    computed = dataset.perspective.computed if dataset.perspective else ()
    told = [
        spec
        for spec in dataset.fields
        if spec not in computed and spec.name != "id" and row.get(spec.name) not in (None, [])
    ]
    terms = "".join(f"<dt>{escape(_label(spec))}</dt><dd>{_value(dataset, spec, row, names)}</dd>" for spec in told)
    return f"<dl>{terms}</dl>"


def _label(spec: FieldSpec) -> str:
    unit = f"（{spec.fact.unit}）" if spec.fact.unit else ""
    return f"{spec.fact.zh}{unit}{EDITORIAL if spec.fact.editorial else ''}"


def _value(dataset: Dataset, spec: FieldSpec, row: Record, names: Names) -> str:
    value = row[spec.name]
    if spec.fact.references and isinstance(value, str):
        value = names.get((spec.fact.references, value), value)
    if spec.kind != "objects":
        return _text(labelled(dataset, spec.name, value))
    members = "".join(f"<li>{_text(shown(_told(member)))}</li>" for member in value[:MOST_MEMBERS])
    return f"<ul>{members}</ul>"


def _told(member: Record) -> Record:
    """The parts of an object that speak for themselves; a bare yes or no does not."""
    return {name: part for name, part in member.items() if not isinstance(part, bool)}


def _change(dataset: Dataset, row: Record) -> Iterator[str]:
    """Who reads this wants to know what changed, from what to what, and why."""
    target = DATASETS.get(row["dataset"])
    kind, cause = (labelled(dataset, name, row[name]) for name in ("kind", "cause"))
    yield f"<p>{_text(kind)}。原因：{_text(cause)}。</p>"
    if row["changed"]:
        yield "<ul>"
        for cell in row["changed"]:
            yield f"<li>{_text(change_text(target, cell))}</li>"
        yield "</ul>"


def _text(text: str) -> str:
    return escape(clipped(printable(text), LONGEST))
