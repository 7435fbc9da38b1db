"""The form that filters a dataset, made from its declaration."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from app.model.dataset import Dataset, FieldSpec
from app.renderers.site.cells import field_label
from app.renderers.site.language import Language, Translate, translator

CONTROL_NAMES = ("q", "sort", "limit", "fields", "filter", "expand", "count", "lang")

COLUMN_PREFIX = "fields."
"""How the parameters of the ticked columns begin. Each has a name of its own, as valid HTML wants it."""


class Choice(NamedTuple):
    """A value of a list to choose from, and how many rows have it."""

    value: str
    label: str
    number: int | None = None


class Control(NamedTuple):
    """One input of the form. `kind` is `select`, or a type of HTML's `input`."""

    kind: str
    name: str
    label: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    hint: str = ""


def build_controls(
    dataset: Dataset, values: Mapping[str, str], choices: Mapping[str, tuple[Choice, ...]], language: Language
) -> tuple[tuple[Control, ...], tuple[Control, ...], list[tuple[str, str]]]:
    """Return the inputs to see first, those to unfold, and the parameters that no input stands for.

    `values` are the parameters of the present query; `choices` are the values of the fields that are counted.
    """
    first: list[Control] = []
    more: list[Control] = []
    for spec, is_first, controls in _empty_controls(dataset, language):
        options = choices.get(spec.name)
        for each in (_select(spec, options, language),) if options else controls:
            value = values.get(each.name, "")
            (first if is_first or value else more).append(_filled(each, value) if value else each)
    known = {control.name for control in (*first, *more)} | set(CONTROL_NAMES) | {"cursor", "offset"}
    return tuple(first), tuple(more), [pair for pair in values.items() if pair[0] not in known]


@lru_cache(maxsize=128)
def _empty_controls(dataset: Dataset, language: Language) -> Sequence[tuple[FieldSpec, bool, tuple[Control, ...]]]:
    """Return each field that can be filtered, whether its inputs are seen first, and its inputs without a value."""
    return [
        (
            spec,
            spec.name in dataset.counted_fields and spec.name in dataset.shown_fields,
            tuple(_controls(spec, language)),
        )
        for spec in dataset.fields
        if spec.name != "notes" and spec.operators and spec.kind != "prose"
    ]


def _filled(control: Control, value: str) -> Control:
    """Return an input with its value, which a list to choose from has in any case."""
    choices = control.choices
    if control.kind == "select" and not any(choice.value == value for choice in choices):
        choices = (*choices, Choice(value, value))
    return control._replace(value=value, choices=choices)


def _select(spec: FieldSpec, options: tuple[Choice, ...], language: Language) -> Control:
    is_list = spec.kind in ("list", "objects")
    parameter = f"{spec.name}__has" if is_list else spec.name
    return Control("select", parameter, field_label(spec.info, language), choices=options)


def _controls(spec: FieldSpec, language: Language) -> Iterator[Control]:
    label, text = field_label(spec.info, language), translator(language)
    if options := _enumeration(spec, language, text):
        yield _select(spec, options, language)
    elif spec.kind == "date":
        yield from _range(spec, label, "date", text)
    elif spec.kind in ("integer", "number", "month"):
        yield from _range(spec, label, "month" if spec.kind == "month" else "number", text)
    elif spec.kind in ("list", "objects"):
        yield Control("text", f"{spec.name}__has", label, hint=text("整项相同", "a whole entry"))
    else:
        yield Control("text", f"{spec.name}__contains", label, hint=text("含有此文字", "contains"))


def _range(spec: FieldSpec, label: str, kind: str, text: Translate) -> Iterator[Control]:
    for op, end in (("gte", text("从", "from")), ("lte", text("至", "to"))):
        yield Control(kind, f"{spec.name}__{op}", f"{label} {end}")


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
