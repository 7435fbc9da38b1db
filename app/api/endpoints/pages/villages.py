"""The page of the urban villages: how many of each district, by year and plan."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.api.endpoints.pages.page import PageRequest
from app.model.dataset import Dataset
from app.query.params.dataset_query import DatasetQuery
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape
from app.renderers.site.addresses import PAGING, query_text, without

MAX_CELLS = 2000


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """The villages of a district: a number and a link for each year, and in all."""

    district: str
    cells: tuple[tuple[int, str], ...]
    total: int
    link: str


async def load_villages(
    request: PageRequest,
    dataset: Dataset,
    query: DatasetQuery,
    values: Mapping[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Return the number of villages by district and year of completion. Raises DatabaseUnavailable."""
    context, path = request.context, f"/{dataset.name}"
    counted = replace(query, cursor=None, plan_key=None)
    shape = GroupShape(count_shape(dataset, counted), ("district", "year_to"))
    [groups], _ = await context.repository.fetch_groups(dataset, counted, [shape], MAX_CELLS, context.today())
    counts = {(row[0], row[1]): row[2] for row in groups}
    years = sorted({year for _, year in counts if year is not None})
    rest = without(request.pairs, "district", "year_to", *PAGING)

    def cell(district: str, year: int) -> tuple[int, str]:
        link = request.addresses.page(path, [*rest, ("district", district), ("year_to", str(year))])
        return counts.get((district, year), 0), link

    rows = []
    for district in dict.fromkeys(district for district, _ in counts):
        total = sum(count for (name, _), count in counts.items() if name == district)
        link = request.addresses.page(path, [*rest, ("district", district)])
        rows.append(DistrictRow(district, tuple(cell(district, year) for year in years), total, link))
    rows.sort(key=lambda row: -row.total)
    filters = without(request.pairs, "sort", "limit", "fields", "count", *PAGING)
    picture_pairs = [*filters, ("by", "district,year_to"), ("metric", "count"), ("lang", request.language)]
    return {
        "years": years,
        "districts": rows,
        "year_totals": [sum(row.cells[n][0] for row in rows) for n in range(len(years))],
        "picture": f"{request.addresses.base}/v1/{dataset.name}/aggregate.svg{query_text(picture_pairs)}",
    }
