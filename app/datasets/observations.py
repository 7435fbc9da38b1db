"""The dataset `observations`: figures of an indicator, area and month as one gazette issue printed them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

import sqlalchemy as sa

from app.model.column_types import DATE, DECIMAL, MONTH, STRING, IsoDate
from app.model.dataset import AsOfView, Choice, ColumnInfo, Dataset, DatasetRow, ViewClause, ViewOption


class ObsStatus(Choice):
    """SDMX OBS_STATUS: `normal` is A, `missing` is O."""

    normal = "normal", "正常", "Normal"
    missing = "missing", "缺失", "Missing"


MEASURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")


class Observation(DatasetRow, table=True):
    """One vintage. `row_superseded_on` is the day on which the next vintage of the same month was published."""

    __tablename__ = "observations"
    __table_args__ = (
        sa.Index("ix_observations_series", "indicator_id", "area_id", "period", "published_on", "id"),
        # Groups of one indicator's measures are computed from this index alone.
        sa.Index("ix_observations_measures", "indicator_id", "row_superseded_on", "area_id", *MEASURES, "period"),
    )

    indicator_id: Annotated[str, STRING, ColumnInfo("指标", "Indicator", references="indicators")]
    area_id: Annotated[str, STRING, ColumnInfo("地区", "Area", references="areas")]
    period: Annotated[str, MONTH, ColumnInfo("月份", "Month")]
    value: Annotated[Decimal | None, DECIMAL, ColumnInfo("当月", "Month's value", unit_by="indicator_id", printed=True)]
    value_status: Annotated[str, STRING, ColumnInfo("当月状态", "Status of the month's value", enum=ObsStatus)]
    value_yoy: Annotated[Decimal | None, DECIMAL, ColumnInfo("当月同比", "Month, year on year", unit="%", printed=True)]
    value_yoy_status: Annotated[str, STRING, ColumnInfo("当月同比状态", "Status of the month's change", enum=ObsStatus)]
    cumulative: Annotated[
        Decimal | None, DECIMAL, ColumnInfo("累计", "Year to date", unit_by="indicator_id", printed=True)
    ]
    cumulative_status: Annotated[str, STRING, ColumnInfo("累计状态", "Status of the year to date", enum=ObsStatus)]
    cumulative_yoy: Annotated[
        Decimal | None, DECIMAL, ColumnInfo("累计同比", "Year to date, year on year", unit="%", printed=True)
    ]
    cumulative_yoy_status: Annotated[
        str, STRING, ColumnInfo("累计同比状态", "Status of the year-to-date change", enum=ObsStatus)
    ]
    issue_id: Annotated[str, STRING, ColumnInfo("期次", "Issue", references="issues")]
    published_on: Annotated[dt.date, DATE, ColumnInfo("出版日期", "Published on")]
    row_superseded_on: Annotated[dt.date | None, DATE]


def build_vintage_clause(options: Mapping[str, str]) -> ViewClause:
    """Return the clause that selects vintages: those published by `as_of`, and of these the latest or all."""
    table = Observation.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
    superseded = table.c.row_superseded_on
    where: list[sa.ColumnElement[bool]] = []
    latest: sa.ColumnElement[bool] = superseded.is_(None)
    if "as_of" in options:
        as_of = sa.bindparam("as_of", type_=IsoDate())
        where.append(table.c.published_on <= as_of)
        latest = sa.or_(latest, superseded > as_of)
    if options.get("vintages") != "all":
        where.append(latest)
    return ViewClause(where=tuple(where))


OBSERVATIONS = Dataset(
    name="observations",
    model=Observation,
    title_zh="经济指标数据",
    title_en="Observations of economic indicators",
    description_zh="经济指标的当月值、累计值及同比，每次刊印为一个版本。",
    description_en="Monthly and year-to-date values and their changes, one row a vintage.",
    keywords_zh=("经济指标", "统计", "月度数据", "同比"),
    keywords_en=("economic indicators", "statistics", "monthly data", "growth rates"),
    theme="ECON",
    coverage_fields=("period",),
    order=("row_issue", "row_line"),
    search_fields=("indicator_id", "period"),
    table_fields=(
        "indicator_id",
        "area_id",
        "period",
        "value",
        "value_yoy",
        "cumulative",
        "cumulative_yoy",
        "issue_id",
    ),
    facet_fields=("indicator_id", "area_id", "period"),
    as_of_view=AsOfView(
        options=(
            ViewOption("as_of", "date", "Only what issues published on or before this day said."),
            ViewOption("vintages", "string", "The latest vintage of each month, or all.", enum=("latest", "all")),
        ),
        build_clause=build_vintage_clause,
    ),
)
