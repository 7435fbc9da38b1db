"""The OpenAPI description of the SDMX service."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.api.schemas.datasets import Json
from app.api.schemas.groups import closed
from app.api.schemas.operations import header_refs, operation
from app.api.schemas.service import ALWAYS
from app.errors import Problem
from app.model.rows import from_json
from app.renderers.representations import JSON
from app.renderers.sdmx.availability import OF_DATA
from app.renderers.sdmx.codelists import AGENCY, FLOW, KEY, VERSION
from app.renderers.sdmx.data_query import OBSERVED, PARAMETERS
from app.renderers.sdmx.errors import refusal
from app.renderers.sdmx.media_types import DATA, SCHEMAS, STRUCTURES, XML_TYPES, Form
from app.renderers.sdmx.observations import DETAILS
from app.renderers.sdmx.structure_query import KINDS
from app.renderers.sdmx.structure_query import PARAMETERS as STRUCTURE_PARAMETERS

PATHS: Mapping[str, tuple[str, str]] = {
    "flow": (FLOW, "The dataflow: `INDICATORS`, or `agency,flow,version`."),
    "key": (
        "M.330300..",
        f"`{'.'.join(KEY)}`; an empty part means all codes, `+` separates several, `all` is everything.",
    ),
    "provider": (AGENCY, "The data provider, or `all`."),
    "component": ("all", "The dimension asked about, or `all`."),
    "resource": ("dataflow", f"{', '.join(KINDS)}."),
    "context": ("dataflow", "dataflow or datastructure."),
    "agency": (AGENCY, "The maintenance agency; `+` separates several, `all` means any."),
    "id": (FLOW, "The id of the structure; `+` separates several, `all` means any."),
    "version": (VERSION, "The version; `latest` and `all` are understood."),
    "item": ("all", "The ids of the items wanted of a scheme, separated by `+`."),
}
"""The parts of addresses: an example, and what they mean."""
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
VALUES: Mapping[str, Json] = {
    "firstNObservations": {"type": "integer", "minimum": 1},
    "lastNObservations": {"type": "integer", "minimum": 1},
    "dimensionAtObservation": {"type": "string", "enum": list(OBSERVED)},
    "detail": {"type": "string", "enum": list(DETAILS)},
    "includeHistory": {"type": "string", "enum": ["false", "true"]},
}
REFUSALS: Mapping[int, str] = {
    400: "140: the request is not one of the interface's.",
    403: "150: the request contradicts itself.",
    404: "100: nothing matches.",
    406: "None of the formats asked for is on offer.",
    413: "130: the answer would be too large.",
    414: "The address is longer than is allowed.",
    501: "The standard has it, this service does not.",
    503: "The database does not answer, or the question takes too long.",
}
ERRORS = closed(
    {
        "errors": {
            "type": "array",
            "items": closed({"code": {"type": "integer"}, "title": {"type": "string"}, "detail": {"type": "string"}}),
        }
    }
)
OF_STRUCTURES = (400, 404, 406, 414, 501, 503)


def _path_parameters(path: str) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "description": text,
            "example": example,
        }
        for name, (example, text) in PATHS.items()
        if f"{{{name}}}" in path
    ]


def _query(name: str, text: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


def _content(forms: Iterable[Form]) -> Json:
    """Every media type; the versions of one are told in its description."""
    content: Json = {}
    for form in forms:
        content[f"{form.media_type};version={form.version}"] = {
            "schema": {"type": "object"} if form.family == "json" else {"type": "string"}
        }
    return content


def _refusals(statuses: Iterable[int]) -> dict[int | str, Any]:
    answered: dict[int | str, Any] = {}
    for status in statuses:
        _, xml = refusal(Problem(status, "…"), XML_TYPES[0])
        json_type, json = refusal(Problem(status, "…"), JSON)
        answered[status] = {
            "description": REFUSALS[status],
            "headers": header_refs(ALWAYS),
            "content": {
                XML_TYPES[0]: {"schema": {"type": "string"}, "example": xml.decode()},
                json_type: {"schema": ERRORS, "example": from_json(json)},
            },
        }
    return answered


def _operation(
    summary: str, description: str, forms: Iterable[Form], parameters: list[Json], statuses: Iterable[int]
) -> Json:
    described = operation(summary, _content(forms), parameters, description=description, problems=())
    return {**described, "responses": {**described["responses"], **_refusals(statuses)}}


def data_operations() -> dict[str, Json]:
    """The operations of data, by their addresses."""
    queries = [_query(name, text, VALUES.get(name, {"type": "string"})) for name, text in PARAMETERS.items()]
    text = "Observations of the indicators, in the format that `Accept` names with its version."
    return {
        path: _operation("SDMX data", text, DATA, [*_path_parameters(path), *queries], REFUSALS) for path in DATA_PATHS
    }


def availability_operations() -> dict[str, Json]:
    """The operations that tell what data there are, by their addresses."""
    queries = [_query(name, PARAMETERS[name], {"type": "string"}) for name in OF_DATA]
    queries += [
        _query("mode", "exact: what the query itself finds.", {"type": "string", "enum": ["exact"]}),
        _query("references", "none: no other structures.", {"type": "string", "enum": ["none"]}),
    ]
    text = "The codes and the time for which there are data, as a constraint of the dataflow."
    return {
        path: _operation("SDMX data availability", text, STRUCTURES, [*_path_parameters(path), *queries], REFUSALS)
        for path in AVAILABILITY_PATHS
    }


def schema_operations() -> dict[str, Json]:
    """The operations of schemas, by their addresses."""
    name = "dimensionAtObservation"
    explicit = _query(
        "explicitMeasure", "false: measures have no types of their own.", {"type": "string", "enum": ["false"]}
    )
    text = "The XML schema of structure-specific data, which refers to the official schemas."
    return {
        path: _operation(
            "SDMX schema",
            text,
            SCHEMAS,
            [*_path_parameters(path), _query(name, PARAMETERS[name], VALUES[name]), explicit],
            (400, 404, 406, 414, 503),
        )
        for path in SCHEMA_PATHS
    }


def structure_operations() -> dict[str, Json]:
    """The operations of structures, by their addresses."""
    texts = {
        "references": "Which structures to add: those that the found ones use, or that use them.",
        "detail": "`…stubs` only name the structures.",
    }
    queries = [
        _query(name, texts[name], {"type": "string", "enum": list(allowed)})
        for name, allowed in STRUCTURE_PARAMETERS.items()
    ]
    text = "Dataflow, data structure, concepts, code lists and organisations of the indicators."
    return {
        path: _operation("SDMX structures", text, STRUCTURES, [*_path_parameters(path), *queries], OF_STRUCTURES)
        for path in STRUCTURE_PATHS
    }
