"""Schemas of the service as a whole: search, the list of datasets, home page, health, headers, problems."""

from app.api.problems import service_unavailable
from app.api.schemas.datasets import PAGE_META, PAGE_RELATIONS, highlights_schema, links_schema
from app.api.schemas.feeds import citation_schema, json_feed_schema
from app.api.schemas.json_schema import (
    NON_EMPTY_TEXT,
    PAGE_OFFSET_SCHEMA,
    TEXT,
    Json,
    choice_of,
    list_of,
    nullable,
    query_parameter,
    schema_ref,
    strict_object,
)
from app.api.schemas.parameters import PAGE_LIMIT, Q_DESCRIPTION, SHARED_CONTROLS
from app.datasets import DATASETS
from app.db.reader import DatabaseUnavailable
from app.errors import Fault, Problem, bad_request
from app.http.negotiation import not_acceptable
from app.http.response import JSON
from app.renderers.site.linkset import API_CATALOG_RELATIONS, representation_links

JSON_REPRESENTATIONS: Json = {
    "feed": schema_ref("JsonFeed"),
    "csl": schema_ref("Citation"),
}
"""The schemas of the representations that are JSON, by their names. The others are text."""
HEADERS: Json = {
    name: {"description": text, "schema": schema}
    for name, text, schema in (
        ("API-Version", "The full version of this service.", TEXT),
        ("X-Request-ID", "The request id: the one you sent, or a new one.", TEXT),
        ("ETag", "A strong validator of this response.", TEXT),
        ("Last-Modified", "When data was last loaded.", TEXT),
        ("Cache-Control", "How long the response is fresh.", TEXT),
        ("Vary", "The request headers that the response depends on.", TEXT),
        ("Link", "Links to related addresses (RFC 8288).", TEXT),
        ("Content-Disposition", "The name of the file.", TEXT),
        ("Accept-Ranges", "`bytes` where `Range` is answered, `none` where it is not.", TEXT),
        ("Content-Range", "Which bytes these are, and of how many.", TEXT),
        ("Content-Location", "The address of the row, if it was requested by its document number.", TEXT),
        ("Deprecation", "When a field of these rows was deprecated (RFC 9745), if one is.", TEXT),
        ("Sunset", "The earliest day on which the field may go (RFC 8594); only with `Deprecation`.", TEXT),
        ("Retry-After", "The number of seconds to wait before the next request.", {"type": "integer"}),
    )
}
COMMON_HEADER_NAMES = ("API-Version", "X-Request-ID")
"""Headers of every response."""
CACHE_HEADER_NAMES = ("ETag", "Last-Modified", "Cache-Control", "Vary")
"""Headers of every response that may be cached."""


def service_schemas() -> Json:
    """Return the schemas of the responses that belong to no dataset, by their component names."""
    links = dict.fromkeys(("self", "schema", *representation_links("")), TEXT)
    entry: Json = {"name": TEXT, "title_zh": TEXT, "title_en": TEXT, "total": {"type": "integer", "minimum": 0}}
    entry["links"] = {**strict_object(links), "additionalProperties": TEXT}
    dataset = schema_ref("DatasetEntry")
    return {
        "DatasetEntry": strict_object(entry),
        "JsonFeed": json_feed_schema(),
        "Citation": citation_schema(),
        "DatasetList": strict_object({"data": {"type": "array", "items": dataset}}),
        "Home": home_schema(dataset),
        "Linkset": linkset_schema(),
        "Dictionary": strict_object({"dataset": TEXT, "fields": {"type": "array", "items": field_schema()}}),
        "Health": strict_object({"status": {"type": "string", "const": "ok"}}),
        "Readiness": strict_object({"status": {"type": "string", "const": "ok"}, "revision": TEXT}),
        "Version": strict_object({"name": {"type": "string", "const": "gazette"}, "version": TEXT}),
    }


def search_parameters() -> list[Json]:
    """Return the query parameters of `/v1/search`."""
    return [
        {**query_parameter("q", NON_EMPTY_TEXT, Q_DESCRIPTION, required=True), "example": "城中村"},
        query_parameter("dataset", list_of(choice_of(DATASETS)), "Search only these datasets."),
        query_parameter("limit", PAGE_LIMIT, "The number of hits to return."),
        query_parameter("offset", PAGE_OFFSET_SCHEMA, "The number of hits to skip."),
        SHARED_CONTROLS["cursor"],
        SHARED_CONTROLS["count"],
    ]


def search_schema() -> Json:
    """Return the schema of a page of hits. A score is an integer, comparable only within one response."""
    hit: Json = {
        "dataset": choice_of(DATASETS),
        "id": TEXT,
        "title": TEXT,
        "score": {"type": "integer", "minimum": 0},
        "highlights": highlights_schema([]),
        "links": strict_object({"self": TEXT}),
    }
    hits = {"type": "array", "items": strict_object(hit)}
    meta = strict_object(PAGE_META, [name for name in PAGE_META if name != "total"])
    return strict_object({"data": hits, "meta": meta, "links": links_schema(PAGE_RELATIONS)})


def home_schema(dataset: Json) -> Json:
    """Return the schema of the home page as JSON. `dataset` is the schema of an entry of the list of datasets."""
    link = strict_object(dict.fromkeys(("rel", "href", "type", "title"), TEXT))
    texts = dict.fromkeys(("title_zh", "title_en", "description_zh", "description_en", "licence", "revision"), TEXT)
    lists = {"links": {"type": "array", "items": link}, "datasets": {"type": "array", "items": dataset}}
    return strict_object({**texts, **lists})


def linkset_schema() -> Json:
    """Return the schema of a linkset (RFC 9264, section 4.2): each anchor has targets by relation.

    The relations are listed. With an index signature, TypeScript would take the anchor for a list of targets as well.
    """
    target = {"type": "object", "required": ["href"], "properties": {"href": TEXT, "type": TEXT}}
    targets = {"type": "array", "items": target}
    context = strict_object({"anchor": TEXT, **dict.fromkeys(API_CATALOG_RELATIONS, targets)}, ["anchor"])
    return strict_object({"linkset": {"type": "array", "items": context}})


def field_schema() -> Json:
    """Return the schema of a field in a data dictionary."""
    flag, optional_text, texts = {"type": "boolean"}, nullable(TEXT), {"type": "array", "items": TEXT}
    choice = strict_object(dict.fromkeys(("value", "label_zh", "label_en"), TEXT))
    return strict_object(
        {
            **dict.fromkeys(("name", "type", "label_zh", "label_en"), TEXT),
            "unit": optional_text,
            "enum": {"type": ["array", "null"], "items": choice},
            "ops": texts,
            "sortable": flag,
            "editorial": flag,
            "nullable": flag,
            "members": {"type": ["array", "null"], "items": TEXT},
            "references": optional_text,
        }
    )


PROBLEMS = {
    400: "a parameter, field, operator or value is unknown or invalid; the answer names the closest valid one",
    404: "the dataset, id or suffix is unknown, or the address ends in a slash",
    405: "the method is not `GET`, `HEAD` or `OPTIONS`",
    406: "the format or content coding is not available",
    408: "the request did not arrive in time",
    412: "`If-Match` or `If-Unmodified-Since` does not hold",
    413: "the request has a long body, which no address takes",
    414: "the address is longer than the limit",
    416: "`Range` begins behind the end",
    431: "the headers of the request are longer or more than the limit",
    501: "the method or the transfer coding is unknown",
    503: "the database does not answer, or not in time, or too many large answers are being made; with `Retry-After`",
    505: "the version of HTTP is unknown",
}
"""Problem responses: the status, and when it occurs."""
EXAMPLES_OF_PROBLEMS = {
    400: "BadRequest",
    404: "NotFound",
    406: "NotAcceptable",
    414: "TooLong",
    503: "Unavailable",
}
"""The names of the examples of problems."""


def problem_examples() -> Json:
    """Return a problem document for each status."""
    path = "/v1/urban-villages"
    fault = Fault("distrct", "is an unknown parameter. Did you mean 'district'?", ("district", "street"))
    problems = {
        400: (bad_request([fault]), path),
        404: (Problem(404, "urban-villages has no row 'x'."), f"{path}/x"),
        406: (not_acceptable(JSON), path),
        414: (Problem(414, "The address is longer than 8192 bytes. Ask for less at once."), path),
        503: (service_unavailable(DatabaseUnavailable()), path),
    }
    return {EXAMPLES_OF_PROBLEMS[status]: {"value": problem.document(at)} for status, (problem, at) in problems.items()}
