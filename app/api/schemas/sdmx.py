"""The OpenAPI descriptions of the SDMX service."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from app.api.schemas.json_schema import (
    TEXT,
    Component,
    Json,
    schema_ref,
    shared_query_parameter,
    strict_object,
)
from app.api.schemas.operations import NAMED_PROBLEMS, header_refs, operation
from app.api.schemas.service import COMMON_HEADER_NAMES
from app.errors import Problem
from app.model.rows import from_json
from app.renderers.representations import JSON
from app.renderers.sdmx.availability import DATA_PARAMETERS
from app.renderers.sdmx.codelists import AGENCY, FLOW, KEY, VERSION
from app.renderers.sdmx.data_query import OBSERVATION_DIMENSIONS, PARAMETERS
from app.renderers.sdmx.errors import render_error
from app.renderers.sdmx.format_parameter import (
    DATA_CHOICE,
    FORMAT,
    FORMAT_DESCRIPTIONS,
    FORMAT_LABELS,
    FORMAT_VERSION,
    STRUCTURE_CHOICE,
    FormatChoice,
)
from app.renderers.sdmx.media_types import (
    DATA_FORMATS,
    LABELS,
    SCHEMA_FORMATS,
    STRUCTURE_FORMATS,
    XML_TYPES,
    SdmxFormat,
)
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
STRUCTURE_PROBLEMS = (400, 404, 406, 414, 501, 503)


def errors_schema() -> Json:
    """Return the schema of errors as JSON."""
    error = strict_object({"code": {"type": "integer"}, "title": TEXT, "detail": TEXT})
    return strict_object({"errors": {"type": "array", "items": error}})


def _query_parameter(group: str, name: str, schema: Json, description: str) -> Component:
    """Return a query parameter of a group of addresses."""
    return shared_query_parameter(f"sdmx.{group}.{name}", schema, description)


def _path_parameters(path: str) -> list[Json]:
    return [
        Component(
            "parameters",
            f"sdmx.{name}",
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": TEXT,
                "description": description,
                "example": example,
            },
        )
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
    """Return the problem responses of an operation: those that it names, and one for all other statuses."""
    named: dict[int | str, Any] = {status: named_problem(status) for status in statuses if status in NAMED_PROBLEMS}
    return {**named, "default": other_problem()}


@cache
def named_problem(status: int) -> Component:
    """Return the description of a problem response that operations name by its status."""
    return _problem_component(f"sdmx.{status}", status, PROBLEM_DESCRIPTIONS[status], COMMON_HEADER_NAMES)


@cache
def other_problem() -> Component:
    """Return the description of all other problem responses."""
    texts = (f"{status}: {text}" for status, text in PROBLEM_DESCRIPTIONS.items() if status not in NAMED_PROBLEMS)
    description = f"Another problem. {' '.join(texts)}"
    return _problem_component("sdmx.problem", 503, description, (*COMMON_HEADER_NAMES, "Retry-After"))


def _problem_component(key: str, status: int, description: str, headers: tuple[str, ...]) -> Component:
    _, xml = render_error(Problem(status, "…"), XML_TYPES[0])
    json_type, json = render_error(Problem(status, "…"), JSON)
    content = {
        XML_TYPES[0]: {"schema": TEXT, "example": xml.decode()},
        json_type: {"schema": schema_ref("SdmxErrors"), "example": from_json(json)},
    }
    return Component(
        "responses", key, {"description": description, "headers": header_refs(headers), "content": content}
    )


def _operation(
    key: str,
    summary: str,
    description: str,
    formats: Iterable[SdmxFormat],
    parameters: list[Json],
    statuses: Iterable[int],
) -> Json:
    """Return the description of an operation; `key` names its group, whose addresses have one description of a 200."""
    shared = (f"sdmx.{key}", f"{summary}.")
    arguments = operation(summary, _content(formats), parameters, description=description, problems=(), shared=shared)
    return {**arguments, "responses": {**arguments["responses"], **_problem_responses(statuses)}}


def _format_parameters(group: str, choice: FormatChoice) -> list[Json]:
    """Return the parameters that choose a format. Words are taken in any case of letters."""
    schemas: Mapping[str, Json] = {
        FORMAT: {"type": "string", "enum": list(choice.names)},
        FORMAT_VERSION: {"type": "string", "enum": sorted({known.version for known in choice.formats})},
        FORMAT_LABELS: {"type": "string", "enum": list(LABELS)},
    }
    return [_query_parameter(group, name, schemas[name], FORMAT_DESCRIPTIONS[name]) for name in choice.parameters]


def directory_operation() -> Json:
    """Return the description of the service's own address."""
    schema = strict_object(
        {
            **dict.fromkeys(("title", "title_zh", "dataflow", "conforms_to"), TEXT),
            "links": {"type": "object", "additionalProperties": TEXT},
        }
    )
    arguments = operation(
        "The SDMX service",
        {JSON: {"schema": schema}},
        [],
        description="What the service has, with an address of each resource.",
        problems=(),
    )
    return {**arguments, "responses": {**arguments["responses"], **_problem_responses((400, 406, 414, 503))}}


def data_operations() -> dict[str, Json]:
    """Return the descriptions of the addresses of data, by path."""
    queries: list[Json] = [
        _query_parameter("data", name, PARAMETER_SCHEMAS.get(name, TEXT), text) for name, text in PARAMETERS.items()
    ]
    queries += _format_parameters("data", DATA_CHOICE)
    description = "The observations of the indicators. `Accept` or `format` names the format and its version."
    return {
        path: _operation(
            "data", "SDMX data", description, DATA_FORMATS, [*_path_parameters(path), *queries], PROBLEM_DESCRIPTIONS
        )
        for path in DATA_PATHS
    }


def availability_operations() -> dict[str, Json]:
    """Return the descriptions of the addresses of available data, by path."""
    group = "availability"
    queries: list[Json] = [_query_parameter(group, name, TEXT, PARAMETERS[name]) for name in DATA_PARAMETERS]
    queries += [
        _query_parameter(group, "mode", {"type": "string", "enum": ["exact"]}, "The data that the query matches."),
        _query_parameter(group, "references", {"type": "string", "enum": ["none"]}, "No other structures."),
        *_format_parameters(group, STRUCTURE_CHOICE),
    ]
    description = "The codes and periods for which there is data, as a constraint of the dataflow."
    return {
        path: _operation(
            group,
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
    group, name = "schema", "dimensionAtObservation"
    no = {"type": "string", "enum": ["false"]}
    queries = [
        _query_parameter(group, name, PARAMETER_SCHEMAS[name], PARAMETERS[name]),
        _query_parameter(group, "explicitMeasure", no, "Measures have no types of their own."),
    ]
    description = "The XML schema of structure-specific data. It refers to the official schemas."
    return {
        path: _operation(
            group,
            "SDMX schema",
            description,
            SCHEMA_FORMATS,
            [*_path_parameters(path), *queries],
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
    group = "structure"
    queries: list[Json] = [
        _query_parameter(group, name, {"type": "string", "enum": list(allowed)}, texts[name])
        for name, allowed in STRUCTURE_PARAMETERS.items()
    ]
    queries += _format_parameters(group, STRUCTURE_CHOICE)
    description = "Dataflow, data structure, concepts, code lists and organisations of the indicators."
    return {
        path: _operation(
            group,
            "SDMX structures",
            description,
            STRUCTURE_FORMATS,
            [*_path_parameters(path), *queries],
            STRUCTURE_PROBLEMS,
        )
        for path in STRUCTURE_PATHS
    }
