"""The content of a feed's entry: the fields of its row by their Chinese names, as HTML."""

from collections.abc import Iterator
from html import escape

from app.datasets import DATASETS
from app.model.dataset import Dataset, FieldSpec
from app.model.rows import Record
from app.renderers.captions import RowNames, change_text, display_value, format_value, truncate
from app.renderers.xml import replace_forbidden

EDITORIAL = "（编者撰写）"
MAX_TEXT_LENGTH = 500
MAX_LIST_ITEMS = 60


def render_summary(row: Record) -> str | None:
    """Return the abstract, marked as the editors' words, or None."""
    abstract = row.get("abstract_zh")
    return f"编者摘要（非原文）：{replace_forbidden(abstract)}" if abstract else None


def render_content(dataset: Dataset, row: Record, names: RowNames) -> str:
    """Return the fields of a row as an HTML list.

    Fields that depend on the day are left out, because the entry would change silently. `names` are the captions of
    referenced rows.
    """
    if dataset.name == "changes":
        return "".join(_change(dataset, row))
    computed = dataset.as_of_view.computed if dataset.as_of_view else ()
    shown_fields = [
        spec
        for spec in dataset.fields
        if spec not in computed and spec.name != "id" and row.get(spec.name) not in (None, [])
    ]
    terms = "".join(
        f"<dt>{escape(_label(spec))}</dt><dd>{_value(dataset, spec, row, names)}</dd>" for spec in shown_fields
    )
    return f"<dl>{terms}</dl>"


def _label(spec: FieldSpec) -> str:
    unit = f"（{spec.info.unit}）" if spec.info.unit else ""
    return f"{spec.info.label_zh}{unit}{EDITORIAL if spec.info.editorial else ''}"


def _value(dataset: Dataset, spec: FieldSpec, row: Record, names: RowNames) -> str:
    value = row[spec.name]
    if spec.info.references and isinstance(value, str):
        value = names.get((spec.info.references, value), value)
    if spec.kind != "objects":
        return _text(display_value(dataset, spec.name, value))
    items = "".join(f"<li>{_text(format_value(_without_flags(item)))}</li>" for item in value[:MAX_LIST_ITEMS])
    return f"<ul>{items}</ul>"


def _without_flags(item: Record) -> Record:
    """Return an object without its booleans, which say nothing without their names."""
    return {name: value for name, value in item.items() if not isinstance(value, bool)}


def _change(dataset: Dataset, row: Record) -> Iterator[str]:
    """Yield what changed, from which value to which, and why."""
    target = DATASETS.get(row["dataset"])
    kind, cause = (display_value(dataset, name, row[name]) for name in ("kind", "cause"))
    yield f"<p>{_text(kind)}。原因：{_text(cause)}。</p>"
    if row["changed"]:
        yield "<ul>"
        for cell in row["changed"]:
            yield f"<li>{_text(change_text(target, cell))}</li>"
        yield "</ul>"


def _text(text: str) -> str:
    return escape(truncate(replace_forbidden(text), MAX_TEXT_LENGTH))
