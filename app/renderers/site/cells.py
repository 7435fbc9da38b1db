"""The cells of rows as HTML: labels instead of codes, names instead of ids, figures as printed.

Cells are made here and not in a template, because a page has hundreds of them: a function for each column is chosen
once, and no template code runs for a cell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from markupsafe import Markup

from app.model.dataset import ColumnInfo, Dataset, FieldSpec
from app.model.remarks import in_chinese
from app.model.rows import Record
from app.renderers.row_names import Names
from app.renderers.site.language import Language, Translate, translator
from app.renderers.urls import quote_query

MAX_CELL_TEXT = 120
"""Characters of running text in a table. The page of the row has all of it."""
DASH = Markup('<span class="null">—</span>')
MAX_LIST_MEMBERS = 8
NUMERIC_KINDS = ("integer", "number")
YEAR_WORDS = ("year",)
CellRenderer = Callable[[Record, Names], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table for people: its field, its heading, and the function that makes its cells."""

    name: str
    label: str
    unit: str | None
    css_class: str
    sortable: bool
    editorial: bool
    render: CellRenderer


def field_label(info: ColumnInfo, language: Language) -> str:
    """Return the label of a field."""
    return info.label_zh if language == "zh" else info.label_en


@lru_cache(maxsize=2048)
def column(dataset: Dataset, name: str, language: Language, base: str, is_title: bool, is_full: bool = False) -> Column:
    """Return a column. `is_title` links it to the page of the row; `is_full` leaves running text uncut."""
    spec = dataset.fields_by_name[name]
    render = _renderer(dataset, spec, language, base, is_full)
    if is_title and not spec.info.references:
        render = _linked_to_row(dataset, render, base)
    is_numeric = spec.kind in NUMERIC_KINDS and not spec.info.enum
    is_long = spec.kind in ("prose", "objects")
    css_class = "num" if is_numeric else "wide" if is_long else "name" if spec.info.references else ""
    return Column(
        name,
        field_label(spec.info, language),
        spec.info.unit,
        css_class,
        spec.sortable,
        spec.info.editorial,
        render,
    )


class TableRow(NamedTuple):
    """A row of a table as HTML. A cell stands between the cells and the place if a row of the table has a remark."""

    cells: str
    remark: str
    place: str


def render_row(dataset: Dataset, columns: Sequence[Column], row: Record, names: Names, place: "PlaceWords") -> TableRow:
    """Return a row of a table, with the page that it is printed on as a link to its own page."""
    first, *others = columns
    remark = row["notes"] or ""
    parts = ['<tr class="noted">' if remark else "<tr>", '<th scope="row">', first.render(row, names), "</th>"]
    for each in others:
        parts += (f'<td class="{each.css_class}">' if each.css_class else "<td>", each.render(row, names), "</td>")
    link = f"{escape(place.base)}/{dataset.name}/{quote_query(row['id'])}{place.query}"
    return TableRow(
        "".join(parts),
        escape(place.remark(remark)),
        f'<td class="place"><a href="{link}">{place.words(row["source"])}</a></td></tr>\n',
    )


def join_rows(rows: Sequence[TableRow]) -> Markup:
    """Return the rows of a table. A column of remarks is there if one of the rows has a remark."""
    if has_remarks(rows):
        return Markup("".join([f'{row.cells}<td class="wide">{row.remark}</td>{row.place}' for row in rows]))
    return Markup("".join([f"{row.cells}{row.place}" for row in rows]))


def has_remarks(rows: Sequence[TableRow]) -> bool:
    """Return whether one of the rows has a remark."""
    return any(row.remark for row in rows)


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Says on which pages of the issue a row is printed. `query` is the query string of links to rows."""

    base: str
    query: str
    one_page: str
    pages: str
    unknown: str
    remark: Callable[[str], str]
    """Returns a remark in the language of the page."""

    def words(self, source: Record | None) -> str:
        """Return the pages in words."""
        first = source["page_from"] if source else None
        if not source or first is None:
            return self.unknown
        last = source["page_to"]
        return self.one_page % first if last is None or last == first else self.pages % (first, last)


def place_words(language: Language, base: str, query: str) -> PlaceWords:
    """Return the words for pages in a language."""
    if language == "zh":
        return PlaceWords(base, query, "第%d页", "第%d–%d页", "详情", in_chinese)
    return PlaceWords(base, query, "p. %d", "pp. %d–%d", "details", str)


def row_path(dataset: str, row_id: str) -> str:
    """Return the address of the page of a row, below the base."""
    return f"/{dataset}/{quote_query(row_id)}"


def link(path: str, text: str, title: str = "") -> str:
    """Return a link. `path` is quoted already."""
    hint = f' title="{escape(title)}"' if title and title != text else ""
    return f'<a href="{escape(path)}"{hint}>{escape(text)}</a>'


def reference_link(target: str, row_id: str, names: Names, language: Language, base: str) -> str:
    """Return the name of a referenced row as a link to its page; the id itself where no such row is held."""
    name = names.get((target, row_id))
    if name is None:
        return escape(row_id)
    return link(f"{base}{row_path(target, row_id)}", name.zh if language == "zh" else name.en, name.full)


def _linked_to_row(dataset: Dataset, render: CellRenderer, base: str) -> CellRenderer:
    prefix = f'<a href="{escape(base)}/{dataset.name}/'

    def cell(row: Record, names: Names) -> str:
        return f'{prefix}{quote_query(row["id"])}">{render(row, names)}</a>'

    return cell


def _renderer(dataset: Dataset, spec: FieldSpec, language: Language, base: str, is_full: bool) -> CellRenderer:
    name, text = spec.name, translator(language)
    format_value = _formatter(spec, language, base, is_full)
    if spec.info.printed and spec.kind in NUMERIC_KINDS and not spec.info.enum:
        return _figure_as_printed(dataset, name, text)

    def cell(row: Record, names: Names) -> str:
        value = row[name]
        return DASH if value is None else format_value(value, names)

    return cell


def _figure_as_printed(dataset: Dataset, name: str, text: Translate) -> CellRenderer:
    """Return the renderer of figures from a table. A cell that prints no figure says what it prints instead."""
    status = f"{name}_status" if f"{name}_status" in dataset.fields_by_name else None

    def cell(row: Record, names: Names) -> str:  # noqa: ARG001
        value = row[name]
        if value is not None:
            return format_number(value)
        printed = (row.get("printed") or {}).get(name)
        if status and row.get(status) == "missing":
            hint = text("原文此格未载数值", "The print has no figure in this cell")
            return f'<span class="null" title="{hint}">{escape(printed or "—")}</span>'
        return DASH

    return cell


def format_number(value: Any) -> str:
    """Return a number with the decimals that are printed."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _formatter(spec: FieldSpec, language: Language, base: str, is_full: bool) -> Callable[[Any, Names], str]:
    """Return the function that makes HTML of a value that is not null."""
    info, text = spec.info, translator(language)
    if info.enum:
        labels = {m.value: escape(m.label_zh if language == "zh" else m.label_en) for m in info.enum}
        return lambda value, _: labels.get(value) or escape(value)
    if info.remark and language == "zh":
        return lambda value, _: escape(in_chinese(value))
    if spec.kind == "list":
        return _list_formatter(info, language, base)
    if spec.kind == "objects":
        return lambda value, _: _format_objects(info, value, language, is_full)
    if info.references:
        target = info.references
        return lambda value, names: reference_link(target, value, names, language, base)
    if spec.kind == "boolean":
        yes, no = text("是", "Yes"), text("否", "No")
        return lambda value, _: yes if value else no
    if spec.kind in NUMERIC_KINDS:
        return lambda value, _: format_number(value)
    if spec.kind == "date":
        return lambda value, _: f'<time datetime="{value}">{value}</time>'
    if spec.kind == "prose" and not is_full:
        return lambda value, _: escape(cut(value))
    return lambda value, _: escape(value)


def cut(value: str) -> str:
    """Return running text, cut for a table."""
    return value if len(value) <= MAX_CELL_TEXT else f"{value[:MAX_CELL_TEXT]}…"


def _list_formatter(info: ColumnInfo, language: Language, base: str) -> Callable[[Any, Names], str]:
    separator, target = ("、" if language == "zh" else ", "), info.references
    if target:
        return lambda value, names: (
            separator.join([reference_link(target, each, names, language, base) for each in value]) or DASH
        )
    return lambda value, _: separator.join([escape(each) for each in value]) or DASH


def _format_objects(info: ColumnInfo, members: list[Record], language: Language, is_full: bool) -> str:
    """Return a list of objects: the first member of each, the second in brackets behind it."""
    if not members:
        return DASH
    shown = members if is_full else members[:MAX_LIST_MEMBERS]
    first, *others = info.members
    texts = []
    for member in shown:
        rest = [plain_text(member[name], language) for name in others if member.get(name) not in (None, "")]
        detail = f"（{'，'.join(rest)}）" if language == "zh" else f" ({', '.join(rest)})"
        texts.append(f"{escape(plain_text(member.get(first), language))}{escape(detail) if rest else ''}")
    more = len(members) - len(shown)
    separator = "、" if language == "zh" else ", "
    return separator.join(texts) + (f" … +{more}" if more > 0 else "")


def plain_text(value: Any, language: Language) -> str:
    """Return a value of any kind as text."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}[language][value]
    if isinstance(value, list):
        return ("、" if language == "zh" else ", ").join(plain_text(each, language) for each in value)
    return format_number(value)
