"""Pictures of a series, of facets and of aggregates: the same questions as their JSON, answered as SVG."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from app.api.context import AppContext
from app.api.endpoints.derivations import DERIVATIONS, is_balance
from app.api.endpoints.file_names import day_parameters
from app.api.endpoints.groups import MAX_GROUPS_IN_EVENT_LOOP, aggregate_shape, fetch_groupings
from app.api.endpoints.related import fetch_by_ids, fetch_names
from app.api.endpoints.series import INDICATORS, MEASURES, OBSERVATIONS, fetch_points, parse_series_query
from app.api.endpoints.snapshot import render_consistently
from app.api.links import query_suffix
from app.datasets import DATASETS
from app.db.reader import Rows
from app.errors import Fault, Problem, bad_request
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import Record
from app.model.values import BadValue, clip, parse_integer
from app.query.group_table import aggregate_rows, merge_groups
from app.query.params.controls import MAX_LIMIT, parse_choice
from app.query.params.dataset_query import DatasetQuery
from app.query.params.grouping import GroupQuery, parse_aggregate_query, parse_facets_query
from app.query.params.query_string import ParameterPairs, parse_query_string
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape
from app.renderers.charts.group_drawing import GroupedFigures, build_group_drawing, referenced_groups
from app.renderers.charts.picture import (
    DEFAULT_WIDTH,
    MARGIN,
    MAX_HEIGHT,
    MAX_WIDTH,
    MIN_HEIGHT,
    MIN_WIDTH,
    Caption,
    Drawing,
    Size,
    picture_alt,
    render_picture,
)
from app.renderers.charts.series_drawing import PRIOR_FIELDS, build_series_drawing
from app.renderers.charts.style import content_security_policy
from app.renderers.charts.wording import (
    chosen_rows,
    count_phrase,
    group_title,
    join_phrases,
    measure_label,
    measure_unit,
    series_title,
    source_line,
    with_unit,
)
from app.renderers.representations import PICTURE
from app.renderers.site.filter_words import filter_references
from app.renderers.site.language import DEFAULT_LANGUAGE, HTML_LANGUAGE_TAGS, LANGUAGES, Language

ISSUES = DATASETS["issues"]
AREAS = DATASETS["areas"]
PICTURE_PARAMS = ("lang", "width", "height")
SERIES_PICTURE_PARAMS = ("measure", *PICTURE_PARAMS)
MAX_PICTURE_FIELDS = 2
DRAWN_DERIVATION = "prior_year"
SHOWN_REVISION_LENGTH = 12
T = TypeVar("T")


class PictureOptions(NamedTuple):
    """The parameters of a picture beside those of its figures."""

    language: Language
    size: Size
    measure: str | None


@dataclass(frozen=True, slots=True)
class LoadedPicture:
    """A picture with its figures, ready to be drawn."""

    caption: Caption
    drawing: Drawing
    size: Size

    @property
    def alt(self) -> str:
        """Return the text that replaces the picture in a page."""
        return picture_alt(self.caption, self.drawing)

    @property
    def svg(self) -> str:
        """Return the picture."""
        return render_picture(self.caption, self.drawing, self.size)


async def get_series_picture(context: AppContext, indicator_id: str, query_string: bytes) -> ApiResponse:
    """Return the picture of a series. Raises Problem (400, 404, 503), NotModified."""
    pairs = parse_query_string(query_string, context.settings.max_parameters)
    question = parse_series_picture(context, indicator_id, pairs)
    key = f"indicators/{indicator_id}/series{PICTURE.suffix}?{pairs}"
    return await _respond(context, OBSERVATIONS, key, question.options, lambda: load_series_picture(context, question))


async def get_facets_picture(context: AppContext, dataset: Dataset, query_string: bytes) -> ApiResponse:
    """Return the picture of the values of one field. Raises Problem (400, 503), NotModified."""
    pairs = parse_query_string(query_string, context.settings.max_parameters)
    return await _get_groups_picture(context, dataset, "facets", parse_facets_picture(context, dataset, pairs))


async def get_aggregate_picture(context: AppContext, dataset: Dataset, query_string: bytes) -> ApiResponse:
    """Return the picture of one figure of each group of rows. Raises Problem (400, 503), NotModified."""
    pairs = parse_query_string(query_string, context.settings.max_parameters)
    return await _get_groups_picture(context, dataset, "aggregate", parse_aggregate_picture(context, dataset, pairs))


async def _get_groups_picture(
    context: AppContext, dataset: Dataset, name: str, question: "GroupsPicture"
) -> ApiResponse:
    key = f"{dataset.name}/{name}{PICTURE.suffix}?{question.group_query.query.raw_parameters}"
    return await _respond(
        context, dataset, key, question.options, lambda: load_groups_picture(context, dataset, name, question)
    )


async def _respond(
    context: AppContext,
    dataset: Dataset,
    etag_key: str,
    options: PictureOptions,
    load: Callable[[], Awaitable[LoadedPicture]],
) -> ApiResponse:
    async def render() -> bytes:
        return (await load()).svg.encode()

    response = await render_consistently(context, etag_key, PICTURE.content_type, render, dataset)
    response.headers["Content-Security-Policy"] = content_security_policy()
    response.headers["Content-Language"] = HTML_LANGUAGE_TAGS[options.language]
    return response


class SeriesPicture(NamedTuple):
    """A validated request for the picture of a series."""

    indicator_id: str
    query: DatasetQuery
    derivations: tuple[str, ...]
    options: PictureOptions


def parse_series_picture(context: AppContext, indicator_id: str, pairs: ParameterPairs) -> SeriesPicture:
    """Return the question that a picture of a series answers. Raises Problem (400) that lists every fault."""
    options, faults = _parse_options(pairs)
    no_question: tuple[DatasetQuery, tuple[str, ...]] = (DatasetQuery(), ())
    query, derivations = _collect_faults(
        lambda: parse_series_query(context, indicator_id, pairs, SERIES_PICTURE_PARAMS), no_question, faults
    )
    derived = [name for key, value in pairs if key == "derive" for name in value.split(",") if name in DERIVATIONS]
    if set(derived) - {DRAWN_DERIVATION}:
        detail = f"a picture draws no derived figure but '{DRAWN_DERIVATION}'"
        faults.append(Fault("derive", detail, (DRAWN_DERIVATION,)))
    elif derived and options.measure not in (None, *PRIOR_FIELDS):
        detail = f"'{DRAWN_DERIVATION}' cannot be drawn beside the measure '{options.measure}'"
        faults.append(Fault("derive", detail))
    if faults:
        raise bad_request(faults)
    return SeriesPicture(indicator_id, query, derivations, options)


class GroupsPicture(NamedTuple):
    """A validated request for a picture of groups."""

    group_query: GroupQuery
    options: PictureOptions


def parse_facets_picture(context: AppContext, dataset: Dataset, pairs: ParameterPairs) -> GroupsPicture:
    """Return the question that a picture of facets answers. Raises Problem (400) that lists every fault."""
    options, faults = _parse_options(pairs)
    query = _collect_faults(lambda: parse_facets_query(dataset, pairs, context.settings, PICTURE_PARAMS), None, faults)
    faults += _bar_faults(query)
    if query is not None and len(query.by) > 1:
        faults.append(Fault("by", f"names {len(query.by)} fields; a picture shows the values of one"))
    if faults or query is None:
        raise bad_request(faults)
    return GroupsPicture(query, options)


def _bar_faults(query: GroupQuery | None) -> list[Fault]:
    """Return what is wrong with the number of bars: a picture cannot show the total alone, as `limit=0` asks for."""
    if query is None or query.limit > 0:
        return []
    return [Fault("limit", f"must be from 1 to {MAX_LIMIT}: a picture shows at least one group")]


def parse_aggregate_picture(context: AppContext, dataset: Dataset, pairs: ParameterPairs) -> GroupsPicture:
    """Return the question that a picture of an aggregate answers. Raises Problem (400) that lists every fault."""
    options, faults = _parse_options(pairs)
    query = _collect_faults(
        lambda: parse_aggregate_query(dataset, pairs, context.settings, PICTURE_PARAMS), None, faults
    )
    faults += _bar_faults(query)
    refused = {"offset": "is for pages; a picture begins with the first group", "expand": "is for JSON"}
    faults += [Fault(name, refused[name]) for name, _ in pairs if name in refused]
    if query is not None:
        if not 1 <= len(query.by) <= MAX_PICTURE_FIELDS:
            faults.append(Fault("by", f"names {len(query.by)} fields; a picture shows one or {MAX_PICTURE_FIELDS}"))
        if len(query.metrics) > 1:
            faults.append(Fault("metric", f"names {len(query.metrics)} figures; a picture shows one"))
        for metric in query.metrics:
            if metric.field and dataset.fields_by_name[metric.field].kind not in ("integer", "number"):
                faults.append(Fault("metric", f"'{metric.kind}:{metric.field}' is no number, so it cannot be drawn"))
    if faults or query is None:
        raise bad_request(faults)
    return GroupsPicture(query, options)


def _collect_faults(parse: Callable[[], T], default: T, faults: list[Fault]) -> T:
    """Return what is parsed, or a default; the faults of a Problem are added to those found before."""
    try:
        return parse()
    except Problem as problem:
        faults += problem.errors
        return default


def _parse_options(pairs: ParameterPairs) -> tuple[PictureOptions, list[Fault]]:
    """Return language, size and measure, and what is wrong with them."""
    faults: list[Fault] = []
    values = {name: value for name, value in pairs if name in SERIES_PICTURE_PARAMS}

    def parse(name: str, parser: Callable[[str], T], default: T) -> T:
        try:
            return parser(values[name]) if name in values else default
        except BadValue as error:
            faults.append(Fault(name, str(error), error.allowed))
            return default

    size = Size(
        parse("width", lambda text: _parse_pixels(text, MIN_WIDTH, MAX_WIDTH), DEFAULT_WIDTH),
        parse("height", lambda text: _parse_pixels(text, MIN_HEIGHT, MAX_HEIGHT), None),
    )
    named = parse("lang", lambda text: parse_choice(text, LANGUAGES), "")
    language = next((each for each in LANGUAGES if each == named), DEFAULT_LANGUAGE)
    measure = parse("measure", lambda text: parse_choice(text, MEASURES), None)
    return PictureOptions(language, size, measure), faults


def _parse_pixels(text: str, minimum: int, maximum: int) -> int:
    number = parse_integer(text)
    if not minimum <= number <= maximum:
        raise BadValue(f"must be from {minimum} to {maximum} pixels")
    return number


async def load_series_picture(context: AppContext, question: SeriesPicture) -> LoadedPicture:
    """Return the picture of a series with its figures. Raises Problem (400, 404), DatabaseUnavailable."""
    language, size, measure = question.options
    series = await fetch_points(context, question.indicator_id, question.query, question.derivations, context.today())
    indicator, balance = series.indicator, is_balance(series.indicator)
    measure = measure or ("cumulative" if balance else "value")
    area_id = next(condition.values[0] for condition in question.query.conditions if condition.field == "area_id")
    pairs = question.query.raw_parameters
    wanted = [(AREAS.name, str(area_id)), *filter_references(OBSERVATIONS, pairs)]
    names = await fetch_names(context, wanted)
    area = names.get((AREAS.name, str(area_id)))
    area_name = clip(str(area_id)) if area is None else area.zh if language == "zh" else area.en
    label, unit = measure_label(measure, balance, language), measure_unit(indicator, measure, language)
    filters = chosen_rows(OBSERVATIONS, [pair for pair in pairs if pair[0] != "area_id"], names, language)
    issues = sorted(series.points, key=lambda point: point["published_on"])
    caption = await _build_caption(
        context,
        OBSERVATIONS,
        language,
        series_title(indicator, area_name, language),
        join_phrases([with_unit(label, unit, language), *filters], language),
        [point["issue_id"] for point in (*issues[:1], *issues[-1:])],
        (f"/v1/{INDICATORS.name}/{question.indicator_id}/series", pairs),
    )
    drawing = build_series_drawing(
        series.points, measure, unit or label, language, is_index=indicator["unit"] == "index", is_balance=balance
    )
    return LoadedPicture(caption, drawing, size)


async def load_groups_picture(
    context: AppContext, dataset: Dataset, name: str, question: GroupsPicture
) -> LoadedPicture:
    """Return the picture of groups with its figures; `name` is `facets` or `aggregate`.

    Raises Problem (400), DatabaseUnavailable.
    """
    (language, size, _), query, today = question.options, question.group_query, context.today()
    shape = aggregate_shape(dataset, query)
    issues_shape = GroupShape(count_shape(dataset, query.query), ("row_issue",))
    groupings, _ = await fetch_groupings(context, dataset, query, [shape, issues_shape], today)
    figures = await _group_figures(dataset, question, shape, groupings[0])
    pairs = query.query.raw_parameters
    names = await fetch_names(
        context, [*filter_references(dataset, pairs), *referenced_groups(dataset, query.by, figures.rows)]
    )
    total = sum(row[1] for row in groupings[1])
    told = (*query.by, *(condition.field for condition in query.query.conditions))
    dated = pairs if dataset.with_day(told) == told else day_parameters(dataset, query.query, today)
    caption = await _build_caption(
        context,
        dataset,
        language,
        group_title(dataset, query.by, language),
        join_phrases([count_phrase(total, language), *chosen_rows(dataset, dated, names, language)], language),
        sorted(row[0] for row in groupings[1] if row[0]),
        (f"/v1/{dataset.name}/{name}", pairs),
    )
    drawing = build_group_drawing(figures, names, language, size.width - 2 * MARGIN)
    return LoadedPicture(caption, drawing, size)


async def _group_figures(dataset: Dataset, question: GroupsPicture, shape: GroupShape, rows: Rows) -> GroupedFigures:
    """Return the groups. All of them: what is not drawn is counted, too."""
    query = question.group_query
    given = {name for name, _ in query.query.raw_parameters}

    def build() -> GroupedFigures:
        groups = merge_groups(dataset, shape, rows)
        whole = aggregate_rows(dataset, replace(query, limit=max(len(groups), 1)), shape, groups)
        limit = query.limit if "limit" in given else None
        return GroupedFigures(dataset, query.by, query.metrics[0], whole, "sort" in given, limit)

    return build() if len(rows) <= MAX_GROUPS_IN_EVENT_LOOP else await asyncio.to_thread(build)


async def _build_caption(
    context: AppContext,
    dataset: Dataset,
    language: Language,
    title: str,
    subtitle: str,
    issue_ids: Iterable[str],
    data: tuple[str, ParameterPairs],
) -> Caption:
    """Return the words of a picture. `data` are path and parameters of the same figures as JSON."""
    ids = [*issue_ids]
    issues = await fetch_by_ids(context, ISSUES, {ids[0], ids[-1]} if ids else ())
    ends = sorted(issues.values(), key=_publication)
    first, last = (ends[0], ends[-1]) if ends else (None, None)
    path, pairs = data
    pairs = tuple(pair for pair in pairs if pair[0] not in SERIES_PICTURE_PARAMS)
    settings = context.settings
    base = settings.public_base_url
    gazette = settings.catalogue_title_zh if language == "zh" else settings.catalogue_title
    readable = "&".join(f"{name}={value}" for name, value in pairs)
    return Caption(
        language,
        title,
        subtitle,
        source_line(dataset, first, last, gazette, language),
        context.repository.version.revision[:SHOWN_REVISION_LENGTH],
        f"{base}{path}{'?' if readable else ''}{readable}",
        f"{base}{path}{query_suffix(pairs)}",
    )


def _publication(issue: Record) -> tuple[str, str]:
    return issue["published_on"], issue["id"]
