"""Text matching is the same on both databases."""

import re

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.db.engine import open_engine
from app.db.text_matching import FOLD_FUNCTION, casefold, casefold_table, casefolded

VILLAGES = "/v1/urban-villages"


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from([*"%%__", "\\", "\\%", "\\_", *"wenzhb-2.019*?[]^!ab", "桥"]), max_size=14))
def test_patterns_match_the_same_everywhere(client: TestClient, parts: list[str]) -> None:
    pattern = "".join(parts)
    if re.fullmatch(r"([^\\]|\\.)*\\", pattern):
        pattern += "\\"  # one alone would take the closing quote for its own
    expression = re.sub(r"\\(.)|(.)", like_part, pattern, flags=re.DOTALL)
    found = client.get(VILLAGES, params={"filter": f"id LIKE '{pattern}'", "limit": "1000", "fields": "id"})
    assert found.status_code == 200, found.text
    whole = client.get(VILLAGES, params={"limit": "1000", "fields": "id"}).json()["data"]
    assert found.json()["data"] == [row for row in whole if re.fullmatch(expression, row["id"])]


def like_part(found: re.Match[str]) -> str:
    if found[1]:
        return re.escape({"a": "\a", "b": "\b", "n": "\n"}.get(found[1], found[1]))
    return {"%": ".*", "_": "."}.get(found[2], re.escape(found[2]))


def test_case_folding_follows_the_standard_on_both_databases(loaded_url: str) -> None:
    texts = [
        "",
        "aZ桥ÄßẞİıΣςſKﬁǅⅣ１Ａ",
        "Straße",
        "STRASSE",
        "".join(map(chr, range(0x20, 0x2100))),
        "".join(casefold_table()),
    ]
    with open_engine(loaded_url) as engine, engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.create_function(FOLD_FUNCTION, 1, casefold)
        for text in texts:
            found = connection.execute(sa.select(casefolded(sa.literal(text, sa.Text())))).scalar_one()
            assert found == text.casefold()
