"""The pages that describe the service: what is ours and what is printed, and the list of datasets."""

from collections.abc import Mapping
from typing import Any

from app.api.endpoints.catalog import build_catalogue
from app.api.endpoints.pages.page import PageRequest, refuse_page_parameters, respond_page
from app.http.response import ApiResponse
from app.renderers.representations import CSVW, FEEDS, JSON_STAT, SCHEMA_ORG, TABLE_FORMATS
from app.renderers.site.cells import field_label
from app.renderers.site.linkset import SERVICE_PARTS, dataset_entries, links_outside_datasets
from app.renderers.site.templates import Frame

LINK_TITLES = {each.name: each.title for each in (*TABLE_FORMATS.values(), *FEEDS.values())} | {
    each.suffix.removeprefix("."): each.title for each in (SCHEMA_ORG, CSVW, JSON_STAT)
}
"""Titles of a dataset's links, by their names in `dataset_entries`."""


async def get_about_page(request: PageRequest) -> ApiResponse:
    """Return what the service is: source, licence, privacy, contact. Raises Problem (400, 503), NotModified."""
    refuse_page_parameters(request)

    async def build() -> tuple[Frame, Mapping[str, Any]]:
        catalogue = await build_catalogue(request.context)
        text = request.text
        editorial = [
            (dataset, [field_label(spec.info, request.language) for spec in dataset.fields if spec.info.editorial])
            for dataset in (entry.dataset for entry in catalogue.entries)
            if any(spec.info.editorial for spec in dataset.fields)
        ]
        frame = Frame(
            title=text("关于本服务", "About"),
            description=text(*catalogue.descriptions()),
            path="/about",
        )
        return frame, {"catalogue": catalogue, "editorial": editorial}

    return await respond_page(request, "about.html", build)


async def get_datasets_page(request: PageRequest) -> ApiResponse:
    """Return the list of datasets with all their formats. Raises Problem (400, 503), NotModified."""
    refuse_page_parameters(request)

    async def build() -> tuple[Frame, Mapping[str, Any]]:
        context, text = request.context, request.text
        catalogue = await build_catalogue(context)
        datasets = {entry.dataset.name: entry.dataset for entry in catalogue.entries}
        totals = context.repository.version.totals
        entries = dataset_entries(context.service_links, datasets, request.addresses.base, totals)
        others = [link for link in links_outside_datasets(context.service_links, datasets) if link.path != "/"]
        parts = {name: [link for link in others if link.part == name] for name in SERVICE_PARTS}
        frame = Frame(
            title=text("全部数据", "All data"),
            description=text("数据集、行数和各种格式", "The datasets, their rows and formats"),
            path="/datasets",
            data=request.addresses.api("/v1"),
        )
        return frame, {
            "entries": [(entry, datasets[entry["name"]]) for entry in entries],
            "link_titles": LINK_TITLES,
            "parts": {SERVICE_PARTS[name]: links for name, links in parts.items() if links},
        }

    return await respond_page(request, "datasets.html", build)
