"""The OpenAPI descriptions of the SDMX service."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.api.schemas.json_schema import TEXT, Json, query_parameter, strict_object
from app.api.schemas.operations import header_refs, operation
from app.api.schemas.service import COMMON_HEADER_NAMES
from app.errors import Problem
from app.model.rows import from_json
from app.renderers.representations import JSON
from app.renderers.sdmx.availability import DATA_PARAMETERS
from app.renderers.sdmx.codelists import AGENCY, FLOW, KEY, VERSION
from app.renderers.sdmx.data_query import OBSERVATION_DIMENSIONS, PARAMETERS
from app.renderers.sdmx.errors import render_error
from app.renderers.sdmx.media_types import DATA_FORMATS, SCHEMA_FORMATS, STRUCTURE_FORMATS, XML_TYPES, SdmxFormat
from app.renderers.sdmx.observations import DETAILS
from app.renderers.sdmx.structure_query import PARAMETERS as STRUCTURE_PARAMETERS
from app.renderers.sdmx.structure_query import RESOURCES

PATH_PARAMETERS: Mapping[str, tuple[str, str]] = {
    "flow": (FLOW, "The dataflow: `INDICATORS`, or `agency,flow,version`."),
    "key": (
        "M.330300..",
        f"`{'.'.join(KEY)}`; an empty part means all codes, `+` separates several, and `all` is everything.",
    ),
    "provider": (AGENCY, "The data provider, or `all`."),
    "component": ("all", "The dimension to describe, or `all`."),
    "resource": ("dataflow", f"{', '.join(RESOURCES)}."),
    "context": ("dataflow", "dataflow or datastructure."),
    "agency": (AGENCY, "The maintenance agency; `+` separates several, `all` means any."),
    "id": (FLOW, "The id of the structure; `+` separates several, `all` means any."),
    "version": (VERSION, "The version, `latest` or `all`."),
    "item": ("all", "The ids of the items of a scheme, separated by `+`."),
}
"""The parameters in paths: an example, and a description."""
DATA_PATHS = ("/data/{flow}", "/data/{flow}/{key}", "/data/{flow}/{key}/{provider}")
AVAILABILITY_PATHS = tuple(
    path.replace("/data/", "/availableconstraint/") for path in (*DATA_PATHS, f"{DATA_PATHS[-1]}/{{component}}")
)
SCHEMA_PATHS = ("/schema/{context}/{agency}/{id}", "/schema/{context}/{agency}/{id}/{version}")
STRUCTURE_PATHS = (
    "/{resource}",
    "/{resource}/{agency}",
    "/{resource}/{agency}/{id}",
    "/{resource}/{agency}/{id}/{version}",
    "/{resource}/{agency}/{id}/{version}/{item}",
)
PARAMETER_SCHEMAS: Mapping[str, Json] = {
    "firstNObservations": {"type": "integer", "minimum": 1},
    "lastNObservations": {"type": "integer", "minimum": 1},
    "dimensionAtObservation": {"type": "string", "enum": list(OBSERVATION_DIMENSIONS)},
    "detail": {"type": "string", "enum": list(DETAILS)},
    "includeHistory": {"type": "string", "enum": ["false", "true"]},
}
PROBLEM_DESCRIPTIONS: Mapping[int, str] = {
    400: "140: the request is not valid.",
    403: "150: the request contradicts itself.",
    404: "100: nothing matches.",
    406: "None of the requested formats is available.",
    413: "130: the response would be too large.",
    414: "The address is too long.",
    501: "The standard defines this, but this service does not support it.",
    503: "The database does not answer, or the query takes too long.",
}
ERRORS_SCHEMA = strict_object(
    {
        "errors": {
            "type": "array",
            "items": strict_object({"code": {"type": "integer"}, "title": TEXT, "detail": TEXT}),
        }
    }
)
STRUCTURE_PROBLEMS = (400, 404, 406, 414, 501, 503)


def _path_parameters(path: str) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": TEXT,
            "description": description,
            "example": example,
        }
        for name, (example, description) in PATH_PARAMETERS.items()
        if f"{{{name}}}" in path
    ]


def _content(formats: Iterable[SdmxFormat]) -> Json:
    return {
        f"{sdmx_format.media_type};version={sdmx_format.version}": {
            "schema": {"type": "object"} if sdmx_format.family == "json" else TEXT
        }
        for sdmx_format in formats
    }


def _problem_responses(statuses: Iterable[int]) -> dict[int | str, Any]:
    responses: dict[int | str, Any] = {}
    for status in statuses:
        _, xml = render_error(Problem(status, "…"), XML_TYPES[0])
        json_type, json = render_error(Problem(status, "…"), JSON)
        responses[status] = {
            "description": PROBLEM_DESCRIPTIONS[status],
            "headers": header_refs(COMMON_HEADER_NAMES),
            "content": {
                XML_TYPES[0]: {"schema": TEXT, "example": xml.decode()},
                json_type: {"schema": ERRORS_SCHEMA, "example": from_json(json)},
            },
        }
    return responses


def _operation(
    summary: str, description: str, formats: Iterable[SdmxFormat], parameters: list[Json], statuses: Iterable[int]
) -> Json:
    arguments = operation(summary, _content(formats), parameters, description=description, problems=())
    return {**arguments, "responses": {**arguments["responses"], **_problem_responses(statuses)}}


def data_operations() -> dict[str, Json]:
    """Return the descriptions of the addresses of data, by path."""
    queries = [query_parameter(name, PARAMETER_SCHEMAS.get(name, TEXT), text) for name, text in PARAMETERS.items()]
    description = "The observations of the indicators. `Accept` names the format and its version."
    return {
        path: _operation(
            "SDMX data", description, DATA_FORMATS, [*_path_parameters(path), *queries], PROBLEM_DESCRIPTIONS
        )
        for path in DATA_PATHS
    }


def availability_operations() -> dict[str, Json]:
    """Return the descriptions of the addresses of available data, by path."""
    queries = [query_parameter(name, TEXT, PARAMETERS[name]) for name in DATA_PARAMETERS]
    queries += [
        query_parameter("mode", {"type": "string", "enum": ["exact"]}, "exact: the data that the query matches."),
        query_parameter("references", {"type": "string", "enum": ["none"]}, "none: no other structures."),
    ]
    description = "The codes and periods for which there is data, as a constraint of the dataflow."
    return {
        path: _operation(
            "SDMX data availability",
            description,
            STRUCTURE_FORMATS,
            [*_path_parameters(path), *queries],
            PROBLEM_DESCRIPTIONS,
        )
        for path in AVAILABILITY_PATHS
    }


def schema_operations() -> dict[str, Json]:
    """Return the descriptions of the addresses of schemas, by path."""
    name = "dimensionAtObservation"
    explicit = query_parameter(
        "explicitMeasure", {"type": "string", "enum": ["false"]}, "false: measures have no types of their own."
    )
    description = "The XML schema of structure-specific data. It refers to the official schemas."
    return {
        path: _operation(
            "SDMX schema",
            description,
            SCHEMA_FORMATS,
            [*_path_parameters(path), query_parameter(name, PARAMETER_SCHEMAS[name], PARAMETERS[name]), explicit],
            (400, 404, 406, 414, 503),
        )
        for path in SCHEMA_PATHS
    }


def structure_operations() -> dict[str, Json]:
    """Return the descriptions of the addresses of structures, by path."""
    texts = {
        "references": "Which structures to add: those that the matching ones use, or that use them.",
        "detail": "`…stubs` return only the names of structures.",
    }
    queries = [
        query_parameter(name, {"type": "string", "enum": list(allowed)}, texts[name])
        for name, allowed in STRUCTURE_PARAMETERS.items()
    ]
    description = "Dataflow, data structure, concepts, code lists and organisations of the indicators."
    return {
        path: _operation(
            "SDMX structures", description, STRUCTURE_FORMATS, [*_path_parameters(path), *queries], STRUCTURE_PROBLEMS
        )
        for path in STRUCTURE_PATHS
    }
