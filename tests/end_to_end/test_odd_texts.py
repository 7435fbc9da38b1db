"""Whatever a load accepts is served: every representation of every row answers 200, and XML is well-formed."""

import itertools
import json
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.ingest.id_validation import check_id
from app.model.text_rules import check_text
from app.model.values import BadValue
from app.renderers.representations import (
    AKOMA_NTOSO,
    CITATIONS,
    CSVW,
    FEEDS,
    JSON_STAT,
    RDF_FORMATS,
    SCHEMA_ORG,
    TABLE_FORMATS,
)
from tests.support import packages
from tests.support.odd_packages import build_odd_tables
from tests.support.sdmx import CSV_1, CSV_2, DATA, GENERIC, JSON, SDMX, SPECIFIC, VND
from tests.support.service import client_for

MARKUP = [
    '<b>&amp;"]]>',
    "</dt><script>",
    "'",
    '"',
    "&#2;",
    "&",
    "]]>",
    "<!--",
    "<?xml",
    "=1+1",
    "@SUM(A1)",
    "\\",
    "{}%$#_~^",
]
SPACES = [" ", "\t", "\n", "\u00a0", "\u3000", "a\nER  - \nTY  - BOOK", "\n}\n@book{x,"]
RARE = [
    "\u200b",
    "\ufeff",
    "\ufffd",
    "\U0001f600",
    "\U000e0001",
    "e\u0301",
    "ﷺ",
    "𠮷",
    "\U0010ffff",
    "x" * 3000,
    "温" * 9000,
]
ODD_TEXTS = ["", "文", *MARKUP, *SPACES, *RARE, "null", "0", "1e9", "../..", "a,b;c", "%00", "%2e", "?", "#", "//"]
ODD_IDS = ["a", "-", "_", ":", "a..b", "a:b", "0", "all", "x.CSV", "x" * 200]
XML_TYPES = ("xml", "rdf")


def is_accepted_id(text: str) -> bool:
    return _accepts(check_id, text)


def is_accepted_text(text: str) -> bool:
    return _accepts(check_text, text)


def _accepts(check: Callable[[str], None], text: str) -> bool:
    try:
        check(text)
    except BadValue:
        return False
    return True


def requests_for(client: TestClient) -> Iterator[tuple[str, str | None]]:
    """Yield the addresses of every representation of the loaded data, each with its `Accept`."""
    for name, dataset in DATASETS.items():
        path = f"/v1/{name}"
        yield from (
            (f"{path}{suffix}", None) for suffix in ("", "/schema", "/queryables", SCHEMA_ORG.suffix, CSVW.suffix)
        )
        yield from ((f"{path}{each.suffix}", None) for each in (*TABLE_FORMATS.values(), *FEEDS.values()))
        yield from ((f"{path}.{name}?lang=zh", None) for name in ("csv", "xlsx"))
        yield f"{path}?q=a&fields=id,{','.join(dataset.search_fields)}", None
        for row in client.get(path, params={"limit": "1000"}).json()["data"]:
            item = f"{path}/{row['id']}"
            suffixes = ["", ".ndjson", *(each.suffix for each in CITATIONS.values())]
            suffixes += [AKOMA_NTOSO.suffix] if name == "documents" else []
            suffixes += ["/series"] if name == "indicators" else []
            yield from ((item + suffix, None) for suffix in suffixes)
        grouped = [spec.name for spec in dataset.fields if spec.sortable][:2]
        yield f"{path}/facets?by={','.join(grouped)}", None
        yield f"{path}/aggregate?by={grouped[0]}", None
    yield from ((f"/catalog{each.suffix}", None) for each in RDF_FORMATS.values())
    yield from (
        (path, None) for path in ("/", "/sitemap.xml", "/v1", "/v1/search?q=a", f"/v1/observations{JSON_STAT.suffix}")
    )
    yield from (
        (DATA, accept) for accept in (SPECIFIC, GENERIC, CSV_1, f"{CSV_2};labels=both", f"{VND}data+json;version=1.0.0")
    )
    for resource in ("codelist", "datastructure", "dataflow", "conceptscheme"):
        yield from ((f"{SDMX}/{resource}?references=all", accept) for accept in (None, JSON))
    yield f"{SDMX}/schema/dataflow/GAZETTE/INDICATORS", None
    yield f"{SDMX}/availableconstraint/INDICATORS", None


def assert_everything_is_served(url: str) -> None:
    """Assert that every representation answers 200, and that XML and JSON can be read."""
    with client_for(url) as client:
        answers = {(address, accept): ask(client, address, accept) for address, accept in requests_for(client)}
        faults = {asked: fault for asked, fault in answers.items() if fault}
    assert not faults


def ask(client: TestClient, address: str, accept: str | None) -> str | None:
    """Return what is wrong with an answer, None when it is right."""
    answer = client.get(address, headers={"Accept": accept} if accept else {})
    kind = answer.headers["content-type"].partition(";")[0]
    if answer.status_code != 200:
        return f"{answer.status_code} {answer.text[:200]}"
    try:
        if kind.endswith(XML_TYPES):
            ET.fromstring(answer.content)
        elif kind.endswith("json"):
            for line in answer.content.split(b"\n") if kind.endswith("ndjson") else [answer.content]:
                assert not line or json.loads(line)
    except (ET.ParseError, ValueError) as error:
        return str(error)
    return None


def load_odd(url: str, directory: Path, ids: Sequence[str], texts: Sequence[str]) -> None:
    """Load a package of these ids and texts, which a load must accept."""
    cycle = itertools.cycle(texts)
    packages.load(url, packages.write(directory / uuid.uuid4().hex, build_odd_tables(ids, lambda: next(cycle))))


@pytest.mark.slow
def test_odd_texts_are_served_in_every_representation(empty_url: str, tmp_path: Path) -> None:
    load_odd(empty_url, tmp_path, ODD_IDS, ODD_TEXTS)
    assert_everything_is_served(empty_url)


ids = st.text(st.sampled_from("abzAZ019-_.:"), min_size=1, max_size=200).filter(is_accepted_id)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(is_accepted_text)


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(keys=st.lists(ids, min_size=1, max_size=3, unique=True), words=st.lists(texts, min_size=20, max_size=60))
def test_whatever_is_accepted_is_served(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, keys: list[str], words: list[str]
) -> None:
    directory = tmp_path_factory.mktemp("accepted")
    shutil.copy(migrated_sqlite, directory / "gazette.db")
    url = f"sqlite:///{directory}/gazette.db"
    load_odd(url, directory, keys, words)
    assert_everything_is_served(url)
