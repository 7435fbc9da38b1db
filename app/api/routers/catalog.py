"""The addresses of the catalogue as a whole. Those of one dataset's entry stand in its own router."""

from typing import Any

from app.api.endpoints.catalog import (
    CATALOG_DOCUMENTS,
    LANGUAGE,
    MODIFIED_SINCE,
    RDF_MEDIA_TYPES,
    get_catalog,
    get_catalog_document,
    get_negotiated_catalog,
)
from app.api.routers.endpoint_router import EndpointRouter
from app.api.schemas.operations import COLLECTION_PROBLEMS, operation
from app.renderers.catalog.vocabularies import LANGUAGES
from app.renderers.representations import RDF_FORMATS, SCHEMA_ORG, Representation

SINCE_PARAMETER = {
    "name": MODIFIED_SINCE,
    "in": "query",
    "required": False,
    "description": "Only datasets that changed on this day or later.",
    "schema": {"type": "string", "format": "date"},
}


def language_parameter(languages: tuple[str, ...]) -> dict[str, Any]:
    """Return the parameter for the one language of a document."""
    return {
        "name": LANGUAGE,
        "in": "query",
        "required": False,
        "description": "One language for all texts. Without it they have both, or are in English.",
        "schema": {"type": "string", "enum": list(languages)},
    }


CATALOG_PARAMETERS = [SINCE_PARAMETER, language_parameter(tuple(LANGUAGES))]


def catalog_router() -> EndpointRouter:
    """Return the router of the catalogue."""
    router = EndpointRouter(tags=["catalogue"])
    router.add_endpoint(
        "/catalog",
        lambda context, request, _: get_negotiated_catalog(context, request.query_string, request.accept),
        **operation(
            "The catalogue as DCAT-AP",
            {media_type: content_schema(media_type) for media_type in RDF_MEDIA_TYPES.values()},
            CATALOG_PARAMETERS,
            description="DCAT-AP 3.0.1: catalogue, datasets, distributions, the service. The suffix or `Accept` "
            "chooses the format.",
            problems=COLLECTION_PROBLEMS,
            headers=("Link", "Content-Location"),
        ),
    )
    for representation in RDF_FORMATS.values():
        add_rdf_format(router, representation)
    for path in CATALOG_DOCUMENTS:
        add_catalog_document(router, path)
    return router


def add_rdf_format(router: EndpointRouter, representation: Representation) -> None:
    """Add the catalogue in one RDF format."""
    content = {representation.media_type: content_schema(representation.media_type)}
    router.add_endpoint(
        f"/catalog{representation.suffix}",
        lambda context, request, _: get_catalog(context, request.query_string, representation.name),
        **operation(
            f"The catalogue as {representation.title}", content, CATALOG_PARAMETERS, problems=COLLECTION_PROBLEMS
        ),
    )


def add_catalog_document(router: EndpointRouter, path: str) -> None:
    """Add one of the documents in plain JSON."""
    document = CATALOG_DOCUMENTS[path]
    router.add_endpoint(
        path,
        lambda context, request, _: get_catalog_document(context, path, request.query_string),
        **operation(
            document.summary,
            {document.media_type: {"schema": {"type": "object"}}},
            [language_parameter(document.languages)],
            description=document.description,
            problems=COLLECTION_PROBLEMS,
        ),
    )


def content_schema(media_type: str) -> dict[str, Any]:
    """Return the schema of an RDF document: JSON-LD is an object, the others are text."""
    return {"schema": {"type": "object" if media_type == SCHEMA_ORG.media_type else "string"}}
