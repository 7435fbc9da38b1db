"""Pages that other sites embed: a picture with its title and source, and nothing else."""

from collections.abc import Mapping
from typing import Any

from app.api.endpoints.pages.indicator import INDICATOR_PARAMETERS, load_indicator
from app.api.endpoints.pages.page import PageRequest, refuse_page_parameters, respond_page
from app.api.endpoints.pages.row_page import find_row
from app.datasets import DATASETS
from app.errors import Problem
from app.http.response import ApiResponse
from app.query.params.query_string import ParameterPairs
from app.renderers.row_names import row_name
from app.renderers.site.addresses import query_text
from app.renderers.site.cells import row_path
from app.renderers.site.templates import Frame

INDICATORS = DATASETS["indicators"]
GROUP_PICTURES = ("facets", "aggregate")


async def get_indicator_embed(request: PageRequest, indicator_id: str) -> ApiResponse:
    """Return the picture of an indicator to embed. Raises Problem (400, 404, 503), NotModified."""
    refuse_page_parameters(request, INDICATOR_PARAMETERS)

    async def build() -> tuple[Frame, Mapping[str, Any]]:
        row = await find_row(request, INDICATORS, indicator_id, {})
        values = await load_indicator(request, INDICATORS, row, {})
        name = row_name(INDICATORS, row)
        title = request.text(name.zh, name.en)
        return embed_frame(request, title), {
            "picture": values["picture"],
            "link": request.addresses.absolute(row_path(INDICATORS.name, indicator_id), request.pairs),
        }

    return await respond_page(request, "embed.html", build, is_embedded=True)


async def get_groups_embed(request: PageRequest, name: str, picture: str) -> ApiResponse:
    """Return the picture of groups of a dataset to embed. Raises Problem (404, 503), NotModified.

    The picture itself checks the parameters.
    """
    dataset = DATASETS.get(name)
    if dataset is None or picture not in GROUP_PICTURES:
        raise Problem(404, "There is nothing to embed at this address.")
    title = request.text(dataset.title_zh, dataset.title_en)
    filters: ParameterPairs = tuple(pair for pair in request.pairs if pair[0] not in ("by", "metric", "sort", "limit"))

    async def build() -> tuple[Frame, Mapping[str, Any]]:
        pairs = [*request.pairs, ("lang", request.language)]
        return embed_frame(request, title), {
            "picture": f"{request.addresses.base}/v1/{name}/{picture}.svg{query_text(pairs)}",
            "link": request.addresses.absolute(f"/{name}", filters),
        }

    return await respond_page(request, "embed.html", build, is_embedded=True)


def embed_frame(request: PageRequest, title: str) -> Frame:
    """Return what surrounds an embedded picture: nothing to see."""
    return Frame(
        title=title, description=title, path=request.path, pairs=request.pairs, is_embedded=True, indexed=False
    )
