"""The OpenAPI description of what is not a dataset's: lists, health, headers, problems, parts of the service."""

from app.api.schemas.datasets import Json
from app.api.schemas.feeds import citation, json_feed
from app.api.schemas.groups import closed
from app.errors import Fault, Problem, bad_request
from app.renderers.site.dataset_entry import suffixed

TEXT: Json = {"type": "string"}
JSON_FORMS: Json = {
    "feed": {"$ref": "#/components/schemas/JsonFeed"},
    "csl": {"$ref": "#/components/schemas/Citation"},
}
"""The schemas of the forms that are JSON, by their names among the offers; the others are text."""
HEADERS: Json = {
    name: {"description": text, "schema": schema}
    for name, text, schema in (
        ("API-Version", "The full version of this service.", TEXT),
        ("X-Request-ID", "Your own request id, or one of ours.", TEXT),
        ("ETag", "A strong validator of this answer.", TEXT),
        ("Last-Modified", "When the data was loaded last.", TEXT),
        ("Cache-Control", "How long the answer is fresh.", TEXT),
        ("Vary", "The request headers on which the answer depends.", TEXT),
        ("Link", "Links to related addresses (RFC 8288).", TEXT),
        ("Content-Disposition", "The name of the file.", TEXT),
        ("Content-Location", "The address of the row, when it was asked for by its document number.", TEXT),
        ("Deprecation", "Since when a field of these rows is deprecated (RFC 9745); only where one is.", TEXT),
        ("Sunset", "Until when at least it works as before (RFC 8594); only with `Deprecation`.", TEXT),
        ("Retry-After", "Seconds after which to ask again.", {"type": "integer"}),
    )
}
ALWAYS = ("API-Version", "X-Request-ID")
"""What every answer carries."""
KEPT_HEADERS = ("ETag", "Last-Modified", "Cache-Control", "Vary")
"""What an answer carries beside that may be kept."""


def schemas() -> Json:
    """The schemas of answers that are no dataset's."""
    links = dict.fromkeys(("self", "schema", *suffixed("")), TEXT)
    entry = {"name": TEXT, "title_zh": TEXT, "title_en": TEXT, "total": {"type": "integer", "minimum": 0}}
    listed = closed({**entry, "links": {"type": "object", "required": list(links), "additionalProperties": TEXT}})
    return {
        "JsonFeed": json_feed(),
        "Citation": citation(),
        "DatasetList": closed({"data": {"type": "array", "items": listed}}),
        "Home": home_schema(listed),
        "Linkset": linkset_schema(),
        "Dictionary": closed({"dataset": TEXT, "fields": {"type": "array", "items": field_schema()}}),
        "Health": closed({"status": {"type": "string", "const": "ok"}}),
        "Readiness": closed({"status": {"type": "string", "const": "ok"}, "revision": TEXT}),
    }


def home_schema(listed: Json) -> Json:
    """The JSON Schema of what a program reads at `/`."""
    link = closed(dict.fromkeys(("rel", "href", "type", "title"), TEXT))
    words = dict.fromkeys(("title_zh", "title_en", "description_zh", "description_en", "licence", "revision"), TEXT)
    return closed({**words, "links": {"type": "array", "items": link}, "datasets": {"type": "array", "items": listed}})


def linkset_schema() -> Json:
    """The JSON Schema of a linkset (RFC 9264, section 4.2): of each anchor, targets by their relation."""
    target = {"type": "object", "required": ["href"], "properties": {"href": TEXT, "type": TEXT}}
    targets = {"type": "array", "items": target}
    context = {
        "type": "object",
        "required": ["anchor"],
        "properties": {"anchor": TEXT},
        "additionalProperties": targets,
    }
    return closed({"linkset": {"type": "array", "items": context}})


def field_schema() -> Json:
    """The JSON Schema of a field in a data dictionary."""
    flag, maybe, words = {"type": "boolean"}, {"type": ["string", "null"]}, {"type": "array", "items": TEXT}
    choice = closed(dict.fromkeys(("value", "label_zh", "label_en"), TEXT))
    return closed(
        {
            **dict.fromkeys(("name", "type", "label_zh", "label_en"), TEXT),
            "unit": maybe,
            "enum": {"type": ["array", "null"], "items": choice},
            "ops": words,
            "sortable": flag,
            "editorial": flag,
            "nullable": flag,
            "members": {"type": ["array", "null"], "items": TEXT},
            "references": maybe,
        }
    )


PROBLEMS = {
    400: ("BadRequest", "A parameter is wrong; `errors` names it and what would be right."),
    404: ("NotFound", "There is no such row."),
    406: ("NotAcceptable", "None of the formats asked for is on offer."),
    414: ("TooLong", "The address is longer than is allowed."),
    503: ("Unavailable", "The database does not answer, or the question takes too long."),
}
"""The problems that an operation may answer, by status: the name of the example, and when."""


def problem_examples() -> Json:
    """One problem document of each status."""
    path = "/v1/urban-villages"
    fault = Fault("distrct", "is an unknown parameter. Did you mean 'district'?", ("district", "street"))
    known = {
        400: (bad_request([fault]), path),
        404: (Problem(404, "urban-villages holds no row 'x'."), f"{path}/x"),
        406: (Problem(406, "None of the formats asked for is on offer; there are: application/json."), path),
        414: (Problem(414, "The address is longer than 8192 bytes; ask for less at once."), path),
        503: (Problem(503, "The database does not answer at the moment; try again soon."), path),
    }
    return {PROBLEMS[status][0]: {"value": problem.document(at)} for status, (problem, at) in known.items()}
