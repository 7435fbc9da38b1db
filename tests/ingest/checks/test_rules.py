"""Rules that count what an issue declares."""

from pathlib import Path

from tests.support import packages
from tests.support.service import client_for


def test_failing_checks_are_published(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    rules = ["indicators", "indicators?name_zh=鸡蛋", "indicators#id = observations#indicator_id", "nonsense?a=b"]
    content["checks"] = [
        {"id": f"1999-01.{n}", "subject": "s", "rule": rule, "declared": "2" if n == 0 else "1", **packages.SOURCE}
        for n, rule in enumerate(rules)
    ]
    packages.load(empty_url, packages.write(tmp_path, content))
    with client_for(empty_url) as client:
        checks = client.get("/v1/checks?sort=id").json()["data"]
    assert [(check["counted"], check["status"]) for check in checks] == [
        (1, "fail"), (1, "pass"), (1, "pass"), (None, "fail"),
    ]  # fmt: skip
    assert checks[0]["detail"] == "declared 2, counted 1"
