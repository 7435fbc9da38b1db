"""The words of a picture: titles, what is measured, which rows were chosen, who printed them."""

from collections.abc import Iterable, Mapping

from app.model.dataset import Dataset
from app.model.rows import Record
from app.query.params.grouping import Metric
from app.renderers.captions import issue_title
from app.renderers.row_names import Names
from app.renderers.site.cells import field_label
from app.renderers.site.filter_words import parameter_phrase
from app.renderers.site.language import Language, Text, translator

METRIC_LABELS: Mapping[str, Text] = {
    "count": Text("记录数", "Number of records"),
    "sum": Text("{field}合计", "Sum of {field}"),
    "avg": Text("{field}平均", "Average of {field}"),
    "min": Text("{field}最小值", "Smallest {field}"),
    "max": Text("{field}最大值", "Largest {field}"),
}
"""What each metric measures."""
MEASURE_LABELS: Mapping[str, Text] = {
    "value": Text("当月", "Month"),
    "value_yoy": Text("当月同比", "Month, change on a year before"),
    "cumulative": Text("本年累计", "Year to date"),
    "cumulative_yoy": Text("本年累计同比", "Year to date, change on a year before"),
}
"""The measures of an observation."""
BALANCE_LABELS: Mapping[str, Text] = {
    "cumulative": Text("月末余额", "Balance at the end of the month"),
    "cumulative_yoy": Text("月末余额同比", "Balance, change on a year before"),
}
"""What is called differently where the accumulated column has a balance."""
ENGLISH_UNITS: Mapping[str, str] = {
    "100_million_CNY": "CNY 100 million",
    "10_thousand_CNY": "CNY 10 thousand",
    "100_million_USD": "USD 100 million",
    "100_million_kWh": "100 million kWh",
}
"""Units of indicators by their codes."""
INDEX_UNIT = Text("上年同期=100", "same period of the previous year = 100")


def metric_label(dataset: Dataset, metric: Metric, language: Language) -> str:
    """Return what a metric measures, with its unit."""
    phrase = METRIC_LABELS[metric.kind].in_language(language)
    if not metric.field:
        return phrase
    info = dataset.fields_by_name[metric.field].info
    return with_unit(phrase.format(field=field_label(info, language)), info.unit or "", language)


def with_unit(label: str, unit: str, language: Language) -> str:
    """Return a label with its unit in brackets."""
    return label if not unit else f"{label}（{unit}）" if language == "zh" else f"{label} ({unit})"


def group_title(dataset: Dataset, by: Iterable[str], language: Language) -> str:
    """Return the title of a picture of groups."""
    fields = [field_label(dataset.fields_by_name[name].info, language) for name in by]
    if language == "zh":
        return f"{dataset.title_zh}：按{'、'.join(fields)}"
    return f"{dataset.title_en}, by {' and '.join(field.lower() for field in fields)}"


def unit_name(indicator: Record, language: Language) -> str:
    """Return the unit of an indicator. An index has its base there, whatever the table prints."""
    if indicator["unit"] == "index":
        return INDEX_UNIT.in_language(language)
    printed = indicator["unit_zh"] or ""
    return printed if language == "zh" else ENGLISH_UNITS.get(indicator["unit"] or "", printed)


def measure_label(measure: str, is_balance: bool, language: Language) -> str:
    """Return what a measure of an indicator is."""
    labels = BALANCE_LABELS if is_balance and measure in BALANCE_LABELS else MEASURE_LABELS
    return labels[measure].in_language(language)


def measure_unit(indicator: Record, measure: str, language: Language) -> str:
    """Return the unit of a measure of an indicator."""
    return "%" if measure.endswith("_yoy") else unit_name(indicator, language)


def series_title(indicator: Record, area: str, language: Language) -> str:
    """Return the title of a picture of a series."""
    if language == "zh":
        return f"{area}{indicator['name_zh']}"
    return f"{indicator['name_en'] or indicator['name_zh']}, {area}"


def count_phrase(total: int, language: Language) -> str:
    """Return how many rows a picture stands for."""
    return f"{total}条记录" if language == "zh" else f"{total} record{'' if total == 1 else 's'}"


def chosen_rows(dataset: Dataset, pairs: Iterable[tuple[str, str]], names: Names, language: Language) -> list[str]:
    """Return in words which rows a query chooses; other parameters are left out."""
    options = {option.name for option in (dataset.as_of_view.options if dataset.as_of_view else ()) if option.enum}
    phrases = (parameter_phrase(dataset, *pair, names, language) for pair in pairs if pair[0] not in options)
    return [phrase for phrase in phrases if phrase]


def join_phrases(phrases: Iterable[str], language: Language) -> str:
    """Return phrases as one line."""
    return ("；" if language == "zh" else "; ").join(filter(None, phrases))


def source_line(dataset: Dataset, first: Record | None, last: Record | None, gazette: str, language: Language) -> str:
    """Return who printed the figures: the gazette and its first and last issue that have some of them.

    `gazette` names it where there are no figures.
    """
    text = translator(language)
    if dataset.provenance or first is None or last is None:
        return text("来源：", "Source: ") + (text(*dataset.provenance) if dataset.provenance else gazette)
    issues = issue_title(first)
    if first["id"] != last["id"]:
        issues += text(f"至{last['year']}年第{last['number']}期", f" – {last['year']}年第{last['number']}期")
    return f"{text('来源：', 'Source: ')}{issues}"
