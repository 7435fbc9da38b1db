"""The abstract tests of CQL2 (OGC 21-065r2, annex A) that go through every queryable, on both databases.

Where the annex compares with 'foo', an enumeration and a month take a value of their own: of any other
the service says that it is none.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS

COMPLEMENTS = (("=", "<>"), (">", "<="), ("<", ">="))


def value_of(schema: dict[str, Any]) -> str:
    """Return the literal that the annex compares a queryable with."""
    kind = schema["type"]
    if "enum" in schema:
        return f"'{schema['enum'][0]}'"
    if "pattern" in schema:
        return "'2022-04'"
    texts = "DATE('2022-04-14')" if schema.get("format") == "date" else "'foo'"
    return {"boolean": "true", "number": "3.14", "integer": "1"}.get(kind, texts)


def never(name: str, schema: dict[str, Any]) -> Iterator[str]:
    """Yield filters that hold for no row."""
    yield f"{name} IS NULL AND {name} is not null"
    if schema["type"] == "array":
        return
    value = value_of(schema)
    for one, other in COMPLEMENTS:
        yield f"{name} {one} {value} AND {name} {other} {value}"
        yield f"{value} {one} {name} AND {value} {other} {name}"
    yield from (f"{name} {op} {name}" for op in ("<>", "<", ">"))
    if schema["type"] == "string" and schema.get("format") != "date":
        yield f"{name} like '_%' AND {name} like ''"
        yield f"{name} LIKE '%' AND {name} NOT LIKE '%%'"
        yield f"CASEI({name}) = casei({value}) AND CASEI({name}) <> casei({value})"
        yield f"CASEI({name}) LIKE casei('foo%') AND NOT CASEI({name}) LIKE casei('FOO%')"


def always(name: str, schema: dict[str, Any]) -> Iterator[str]:
    """Yield filters that hold for every row with a value."""
    if schema["type"] == "array":
        return
    value = value_of(schema)
    for one, other in COMPLEMENTS:
        yield f"({name} {one} {value} OR {name} {other} {value})"
    yield from (f"{name} {op} {name}" for op in ("=", "<=", ">="))
    yield f"({name} IN ({value}) OR {name} not in ({value}))"
    if schema["type"] in ("integer", "number"):
        yield f"({name} between 100.0 and 1.0 OR {name} NOT BETWEEN 100.0 AND 1.0)"
    if schema["type"] == "string" and schema.get("format") != "date":
        yield rf"({name} like '\%\_' OR {name} NOT LIKE '\%\_')"


@pytest.mark.slow
@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_queryable_passes_the_abstract_tests(client: TestClient, dataset: str) -> None:
    def number(text: str) -> int:
        answer = client.get(f"/v1/{dataset}", params={"filter": text, "limit": "1", "fields": "id"})
        assert answer.status_code == 200, answer.text
        total: int = answer.json()["meta"]["total"]
        return total

    whole, properties = number("true"), client.get(f"/v1/{dataset}/queryables").json()["properties"]
    assert number("false") == 0
    queried = [spec.name for spec in DATASETS[dataset].fields if spec.kind != "object" and spec.name != "status_on"]
    assert list(properties) == queried
    for name, schema in properties.items():
        assert number(" OR ".join(f"({text})" for text in never(name, schema))) == 0, name
        assert number(" AND ".join([*always(name, schema), "true"]) + f" OR {name} IS NULL") == whole, name
