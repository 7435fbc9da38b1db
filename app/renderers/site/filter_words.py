"""A query in words: each filter as a phrase, and the order of the rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from app.model.dataset import Choice, Dataset, FieldSpec
from app.query.params.dataset_query import resolve_filter
from app.renderers.row_names import Names
from app.renderers.site.cells import field_label
from app.renderers.site.language import Language, Text, translator

OPERATOR_PHRASES: Mapping[str, Text] = {
    "eq": Text("{field}为“{value}”", "{field} is “{value}”"),
    "ne": Text("{field}不为“{value}”", "{field} is not “{value}”"),
    "in": Text("{field}为“{value}”之一", "{field} is one of “{value}”"),
    "gt": Text("{field}大于 {value}", "{field} is above {value}"),
    "gte": Text("{field}不小于 {value}", "{field} is {value} or more"),
    "lt": Text("{field}小于 {value}", "{field} is below {value}"),
    "lte": Text("{field}不大于 {value}", "{field} is {value} or less"),
    "contains": Text("{field}含“{value}”", "{field} contains “{value}”"),
    "startswith": Text("{field}以“{value}”开头", "{field} starts with “{value}”"),
    "has": Text("{field}有“{value}”", "{field} includes “{value}”"),
}
"""What a filter says, by operator."""
DATE_PHRASES: Mapping[str, Text] = {
    "gt": Text("{field}晚于 {value}", "{field} is after {value}"),
    "gte": Text("{field}不早于 {value}", "{field} is {value} or later"),
    "lt": Text("{field}早于 {value}", "{field} is before {value}"),
    "lte": Text("{field}不晚于 {value}", "{field} is {value} or earlier"),
}
"""What a filter says of days, months and years."""
NULL_PHRASES: Mapping[bool, Text] = {
    True: Text("{field}空缺", "{field} is missing"),
    False: Text("{field}不空缺", "{field} is not missing"),
}
ALL_VALUES = ("true", "1")


@dataclass(frozen=True, slots=True)
class FilterPhrase:
    """One filter in words, and the parameter that it stands for."""

    parameter: str
    text: str


def describe_filter(spec: FieldSpec, op: str, value: str, names: Names, language: Language) -> FilterPhrase:
    """Return a filter `field__op=value` in words."""
    label = field_label(spec.info, language)
    parameter = spec.name if op == "eq" else f"{spec.name}__{op}"
    if op == "isnull":
        phrase = NULL_PHRASES[value.lower() in ALL_VALUES]
        return FilterPhrase(parameter, phrase.in_language(language).format(field=label))
    phrases = DATE_PHRASES if is_time(spec) and op in DATE_PHRASES else OPERATOR_PHRASES
    shown = value_in_words(spec, value, names, language) if op in ("eq", "ne", "has") else value
    if op == "in":
        words = [value_in_words(spec, word, names, language) for word in value.split(",")]
        shown = ("、" if language == "zh" else ", ").join(words)
    return FilterPhrase(parameter, phrases[op].in_language(language).format(field=label, value=shown))


def is_time(spec: FieldSpec) -> bool:
    """Return whether a field holds a day, a month or a year."""
    return spec.kind in ("date", "month") or spec.name.split("_")[0] == "year" or spec.name.endswith("_year")


def value_in_words(spec: FieldSpec, value: str, names: Names, language: Language) -> str:
    """Return a value of a filter as readers know it: the label of a code, the name of a row."""
    if spec.info.enum:
        labels = enum_labels(spec.info.enum, language)
        if value in labels:
            return labels[value]
    if spec.info.references and (name := names.get((spec.info.references, value))):
        return name.zh if language == "zh" else name.en
    if spec.kind == "boolean":
        yes_no = ("是", "否") if language == "zh" else ("yes", "no")
        return yes_no[0] if value.lower() in ALL_VALUES else yes_no[1]
    return value


@cache
def enum_labels(enum: type[Choice], language: Language) -> Mapping[str, str]:
    """Return the labels of an enumeration by code."""
    return {member.value: member.label_zh if language == "zh" else member.label_en for member in enum}


def filter_references(dataset: Dataset, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return dataset and id of the rows that the filters of a query name."""
    found: list[tuple[str, str]] = []
    for name, value in pairs:
        if resolved := resolve_filter(dataset, name):
            found += referenced_values(*resolved, value)
    return found


def parameter_phrase(dataset: Dataset, name: str, value: str, names: Names, language: Language) -> str | None:
    """Return what a parameter says about which rows are chosen; None for one that only pages, sorts or trims."""
    text = translator(language)
    if resolved := resolve_filter(dataset, name):
        return describe_filter(*resolved, value, names, language).text
    if name == "q":
        return text(f"全文含“{value}”", f"mentions “{value}”")
    if name == "filter":
        return text(f"符合条件式 {value}", f"matches {value}")
    if option := dataset.get_view_option(name):
        return f"{option.name}={value}" if option.enum else text(f"以 {value} 当日为准", f"as of {value}")
    return None


def referenced_values(spec: FieldSpec, op: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield dataset and id of the rows that a filter names."""
    if spec.info.references and op in ("eq", "ne", "in", "has"):
        for word in value.split(",") if op == "in" else (value,):
            yield spec.info.references, word


def describe_order(dataset: Dataset, sort: str, language: Language) -> str:
    """Return the order of the rows in words; `sort` is the parameter's value."""
    parts = []
    for key in sort.split(","):
        spec = dataset.fields_by_name.get(key.removeprefix("-"))
        label = field_label(spec.info, language) if spec else key.removeprefix("-")
        descending = key.startswith("-")
        if language == "zh":
            parts.append(f"{label}{'降序' if descending else '升序'}")
        else:
            parts.append(f"{label} {'descending' if descending else 'ascending'}")
    return f"按{'、'.join(parts)}排列" if language == "zh" else f"sorted by {', '.join(parts)}"
