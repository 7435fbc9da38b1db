"""The form that filters a dataset, made from its declaration."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.model.dataset import Dataset, FieldSpec
from app.renderers.site.cells import field_label
from app.renderers.site.language import Language, Translate, translator

CONTROL_NAMES = ("q", "sort", "limit", "fields", "filter", "count", "lang")

COLUMN_PREFIX = "fields."
"""How the parameters of the ticked columns begin. Each has a name of its own, as valid HTML wants it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a list to choose from, and how many rows have it."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """One input of the form. `kind` is `select`, or a type of HTML's `input`."""

    kind: str
    name: str
    label: str
    value: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""


def build_controls(
    dataset: Dataset, values: Mapping[str, str], choices: Mapping[str, tuple[Choice, ...]], language: Language
) -> tuple[list[Control], list[Control], list[tuple[str, str]]]:
    """Return the inputs to see first, those to unfold, and the parameters that no input stands for.

    `values` are the parameters of the present query; `choices` are the values of the fields that are counted.
    """
    first: list[Control] = []
    more: list[Control] = []
    for spec in dataset.fields:
        for control in _controls(spec, values, choices, language):
            is_first = spec.name in dataset.counted_fields and spec.name in dataset.shown_fields
            (first if is_first or control.value else more).append(control)
    known = {control.name for control in (*first, *more)} | set(CONTROL_NAMES) | {"cursor", "offset"}
    return first, more, [pair for pair in values.items() if pair[0] not in known]


def _controls(
    spec: FieldSpec, values: Mapping[str, str], choices: Mapping[str, tuple[Choice, ...]], language: Language
) -> Iterator[Control]:
    label, text = field_label(spec.info, language), translator(language)
    name = "has" if spec.kind in ("list", "objects") else "eq"
    parameter = spec.name if name == "eq" else f"{spec.name}__{name}"
    value = values.get(parameter, "")
    if spec.name == "notes" or spec.kind in ("object", "prose"):
        return
    options = choices.get(spec.name) or _enumeration(spec, language, text)
    if options:
        if value and not any(choice.value == value for choice in options):
            options = (*options, Choice(value, value))
        yield Control("select", parameter, label, value, options)
    elif spec.kind == "date":
        yield from _range(spec, values, label, "date", text)
    elif spec.kind in ("integer", "number", "month"):
        kind = "month" if spec.kind == "month" else "number"
        yield from _range(spec, values, label, kind, text)
    elif spec.kind in ("list", "objects"):
        yield Control("text", parameter, label, value, hint=text("整项相同", "a whole entry"))
    else:
        parameter = f"{spec.name}__contains"
        yield Control("text", parameter, label, values.get(parameter, ""), hint=text("含有此文字", "contains"))


def _range(spec: FieldSpec, values: Mapping[str, str], label: str, kind: str, text: Translate) -> Iterator[Control]:
    for op, end in (("gte", text("从", "from")), ("lte", text("至", "to"))):
        parameter = f"{spec.name}__{op}"
        yield Control(kind, parameter, f"{label} {end}", values.get(parameter, ""))


def _enumeration(spec: FieldSpec, language: Language, text: Translate) -> tuple[Choice, ...]:
    if spec.info.enum:
        return tuple(Choice(m.value, m.label_zh if language == "zh" else m.label_en) for m in spec.info.enum)
    if spec.kind == "boolean":
        return (Choice("true", text("是", "Yes")), Choice("false", text("否", "No")))
    return ()


def tidy(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parameters that a form sent, as an address has them.

    A browser sends empty inputs too, and a parameter `fields.NAME` for each ticked column; the columns are joined.
    """
    filled = [(name, value) for name, value in pairs if value.strip()]
    columns = [name.removeprefix(COLUMN_PREFIX) for name, _ in filled if name.startswith(COLUMN_PREFIX)]
    if not columns:
        return filled
    others = [pair for pair in filled if not pair[0].startswith(COLUMN_PREFIX) and pair[0] != "fields"]
    return [*others, ("fields", ",".join(columns))]
