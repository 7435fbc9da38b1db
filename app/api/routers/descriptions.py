"""Descriptions of several addresses at once: those that differ in their suffix, and those alike in all datasets."""

from app.api.endpoints.catalog import ENTRY_DOCUMENTS
from app.api.routers.catalog import language_parameter
from app.api.routers.endpoint_router import EndpointRouter
from app.api.schemas.operations import (
    COLLECTION_PROBLEMS,
    FORMAT_PARAMETER,
    item_parameters,
    operation,
    representation_content,
    table_content,
)
from app.api.schemas.parameters import ANY_ID_PARAMETER, DATASET_PARAMETER, collection_parameters
from app.model.dataset import Dataset
from app.query.params.dataset_query import TABLE_PARAMS
from app.renderers.representations import CITATIONS, TABLE_FORMATS


def describe_tables(router: EndpointRouter, dataset: Dataset) -> None:
    """Describe the addresses of the collection in all table formats as one, and likewise those of a row."""
    formats = tuple(TABLE_FORMATS.values())
    names, headers = ", ".join(table.title for table in formats), ("Content-Disposition", *dataset.deprecation_headers)
    router.describe(
        ".{format}",
        **operation(
            f"{dataset.title_en} as a file",
            table_content(formats),
            [FORMAT_PARAMETER, *collection_parameters(dataset, TABLE_PARAMS, as_json=False)],
            description=f"All matching rows as {names}.",
            problems=COLLECTION_PROBLEMS,
            headers=headers,
            in_parts=True,
            shared=("file", f"Rows as {names}."),
        ),
    )
    router.describe(
        "/{id}.{format}",
        **operation(
            f"One of {dataset.title_en}, as a file",
            table_content(formats),
            [*item_parameters(dataset), FORMAT_PARAMETER],
            description=f"One row by its id as {names}.",
            headers=headers,
            in_parts=True,
            shared=("file", f"Rows as {names}."),
        ),
    )


def describe_common_addresses() -> EndpointRouter:
    """Return a router that describes what is alike in all datasets, once for all of them."""
    router = EndpointRouter(prefix="/v1", tags=["service"])
    for suffix, document in ENTRY_DOCUMENTS.items():
        router.describe(
            f"/{{dataset}}{suffix}",
            **operation(
                f"A dataset {document.summary}",
                {document.media_type: {"schema": {"type": "object"}}},
                [DATASET_PARAMETER, language_parameter(document.languages)],
                description=document.description,
            ),
        )
    for citation in CITATIONS.values():
        router.describe(
            f"/{{dataset}}/{{id}}{citation.suffix}",
            **operation(
                f"How to cite a row, as {citation.title}",
                {citation.media_type: representation_content(citation.name)},
                [DATASET_PARAMETER, ANY_ID_PARAMETER],
                description=f"{citation.title}: title, number, issuer, day, issue, pages, address.",
                headers=("Content-Disposition", "Content-Location"),
            ),
        )
    return router
