"""The home page: the newest issue, the month's figures, the subjects, what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.endpoints.catalog import build_catalogue
from app.api.endpoints.pages.contents import contents_lines
from app.api.endpoints.pages.page import PageRequest, refuse_page_parameters, respond_page
from app.api.endpoints.related import fetch_by_ids, fetch_captions
from app.datasets import DATASETS
from app.http.response import ApiResponse
from app.model.rows import Record, from_json, to_json
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.renderers.captions import caption
from app.renderers.catalog.schemaorg import schema_catalogue
from app.renderers.charts.wording import unit_name
from app.renderers.representations import FEEDS
from app.renderers.site.cells import format_number, row_path
from app.renderers.site.language import Text
from app.renderers.site.templates import Frame

ISSUES, OBSERVATIONS, INDICATORS, CHANGES = (
    DATASETS[name] for name in ("issues", "observations", "indicators", "changes")
)
MAX_FIGURES = 60
MAX_CHANGES = 6
FEED_DATASETS = ("issues", "documents", "changes")
"""The datasets whose feeds the page announces to feed readers. The others have feeds too."""


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """A subject on the home page: where it leads, what it is about, and its picture."""

    dataset: str
    title: Text
    about: Text
    picture: str


SUBJECT_CARDS = (
    SubjectCard(
        "urban-villages",
        Text("城中村改造", "Urban villages"),
        Text("哪些村、哪年、拆迁还是整治提升", "Which villages, in which year, demolished or upgraded"),
        "/v1/urban-villages/aggregate.svg?by=year_to,plan&metric=count",
    ),
    SubjectCard(
        "water-sections",
        Text("水质断面", "Water quality"),
        Text("各断面的现状类别和要达到的目标", "The class of each section and the class it is to reach"),
        "/v1/water-sections/facets.svg?by=target_class",
    ),
    SubjectCard(
        "commitments",
        Text("承诺与期限", "Commitments"),
        Text("公文写明的数字、责任单位和截止日期", "Figures, responsible bodies and deadlines in the documents"),
        "/v1/commitments/facets.svg?by=kind",
    ),
    SubjectCard(
        "documents",
        Text("公文", "Documents"),
        Text("全文目录、效力状态、废止和引用关系", "Contents, legal status, what repeals and cites what"),
        "/v1/documents/facets.svg?by=document_type",
    ),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the month: the name of its indicator, its value with the unit, and its changes on a year before."""

    link: str
    name: str
    unit: str
    value: str
    change: str
    cumulative: str
    cumulative_change: str


async def get_home_page(request: PageRequest) -> ApiResponse:
    """Return the home page. Raises Problem (400, 503), NotModified."""
    refuse_page_parameters(request)

    async def build() -> tuple[Frame, Mapping[str, Any]]:
        context, text = request.context, request.text
        catalogue = await build_catalogue(context)
        issue = await fetch_newest_issue(request)
        figures = await fetch_figures(request, issue) if issue else []
        about = text(*catalogue.descriptions())
        frame = Frame(
            title=text(catalogue.title_zh, catalogue.title_en),
            description=about,
            path="/",
            data=request.addresses.api("/"),
            feeds=tuple(
                (
                    feed.media_type,
                    request.addresses.api(f"/v1/{name}{feed.suffix}"),
                    f"{text(DATASETS[name].title_zh, DATASETS[name].title_en)} ({feed.title})",
                )
                for name in FEED_DATASETS
                for feed in FEEDS.values()
            ),
            linked_data=to_json(schema_catalogue(catalogue)).replace("<", "\\u003c"),
        )
        return frame, {
            "about": about,
            "issue": issue,
            "contents": await contents_lines(request, issue) if issue else [],
            "period": next((row["period"] for row in figures), ""),
            "figures": [row["figure"] for row in figures],
            "cards": SUBJECT_CARDS,
            "changes": await fetch_changes(request),
            "totals": context.repository.version.totals,
        }

    return await respond_page(request, "home.html", build)


async def fetch_newest_issue(request: PageRequest) -> Record | None:
    """Return the newest issue, or None if there is none. Raises DatabaseUnavailable."""
    query = DatasetQuery(sort=(("published_on", True), ("id", True)), limit=1)
    page = await request.context.repository.fetch_page(ISSUES, query, request.context.today())
    return from_json(page.rows[0]) if page.rows else None


async def fetch_figures(request: PageRequest, issue: Record) -> Sequence[Mapping[str, Any]]:
    """Return the figures that an issue prints, in the printed order. Raises DatabaseUnavailable."""
    context, language = request.context, request.language
    query = DatasetQuery(
        conditions=(FilterCondition("issue_id", "eq", (issue["id"],)),),
        sort=OBSERVATIONS.default_sort,
        limit=MAX_FIGURES,
        options={"vintages": "all"},
    )
    page = await context.repository.fetch_page(OBSERVATIONS, query, context.today())
    rows = [from_json(row) for row in page.rows]
    indicators = await fetch_by_ids(context, INDICATORS, [row["indicator_id"] for row in rows])
    found = []
    for row in rows:
        indicator = indicators.get(row["indicator_id"])
        if indicator:
            name = indicator["name_zh"] if language == "zh" else indicator["name_en"] or indicator["name_zh"]
            figure = Figure(
                request.addresses.page(row_path("indicators", indicator["id"])),
                name,
                unit_name(indicator, language),
                *(figure_text(row[measure]) for measure in ("value", "value_yoy", "cumulative", "cumulative_yoy")),
            )
            found.append((indicator["position"], {"period": row["period"], "figure": figure}))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def figure_text(value: Any) -> str:
    """Return a figure as printed, or a dash where none is printed."""
    return "—" if value is None else format_number(value)


async def fetch_changes(request: PageRequest) -> list[tuple[Record, str, str]]:
    """Return the last changes with their captions and links. Raises DatabaseUnavailable."""
    context = request.context
    page = await context.repository.fetch_page(
        CHANGES, DatasetQuery(sort=CHANGES.default_sort, limit=MAX_CHANGES), context.today()
    )
    rows = [from_json(row) for row in page.rows]
    names = await fetch_captions(context, CHANGES, rows)
    return [(row, caption(CHANGES, row, names), request.addresses.page(row_path("changes", row["id"]))) for row in rows]
