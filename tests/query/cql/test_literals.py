"""Values in filters are typed by their field."""

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("dataset", "text", "hint"),
    [
        ("water-sections", "areas = '龙港市'", "A_CONTAINS"),
        ("water-sections", "A_CONTAINS(areas, (1))", "quotes"),
        ("water-sections", "A_EQUALS((1, TRUE), areas)", "quotes"),
        ("water-sections", "A_OVERLAPS(areas, control_areas)", "quotes"),
        ("water-sections", 'A_CONTAINS(areas, ("一", "二"))', "single quotes"),
        ("documents", "is_normative = 'true'", "true or false"),
        ("documents", "published_on = DATE('2021-02-30')", "YYYY-MM-DD"),
        ("documents", "published_on = TIMESTAMP('2021-06-20T10:00:00Z')", "time"),
        ("documents", "published_on = 2021", "date"),
        ("observations", "period = '2021-5'", "YYYY-MM"),
    ],
)
def test_values_are_typed_by_their_field(client: TestClient, dataset: str, text: str, hint: str) -> None:
    answer = client.get(f"/v1/{dataset}", params={"filter": text})
    assert answer.status_code == 400
    assert hint in answer.json()["errors"][0]["detail"]
