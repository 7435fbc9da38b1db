"""Reports about a parsed issue."""

import json
from pathlib import Path

from app.ingest.seed import SEED_DIRECTORY
from tests.support.issues import FIGURES, issue_text
from tests.support.texts import parse


def test_the_report_of_the_bundled_issue_accounts_for_every_line() -> None:
    report = json.loads((SEED_DIRECTORY / "2021-05" / "report.json").read_text(encoding="utf-8"))
    assert report["lines"] == {"nonblank": 666, "read": 666, "unread": []}
    [failing] = [check for check in report["checks"] if check["status"] == "fail"]
    assert failing["detail"] == "only in the first: jiangkoudu"
    assert all(len(value) <= 40 for entry in report["low_confidence"] for value in [entry["printed"]])


def test_unknown_and_doubtful_content_is_reported(issue_file: Path) -> None:
    table = "## 新鲜事物统计\n\n花名\t产地\n梅\t东山\n"
    text = issue_text(11, figures=FIGURES | {"二、港口吞吐量": ("万吨", "8x.1", "3", "9", "4")})
    issue_file.write_text(f"{text}\n业主王小明觉得\n\n{table}", encoding="utf-8")
    report = parse(issue_file)
    lines = report["lines"]
    assert lines["read"] + len(lines["unread"]) == lines["nonblank"]
    assert [(each["id"], each["name_zh"]) for each in report["unknown_indicators"]] == [
        ("gangkoutuntuliang", "港口吞吐量")
    ]
    assert [each["start"] for each in lines["unread"]] == [
        "业主王某某觉得",
        "## 新鲜事物统计",
        "花名\t产地",
        "梅\t东山",
    ]
    assert "8x.1" in [each["printed"] for each in report["low_confidence"]]
    assert "王小明" not in json.dumps(report, ensure_ascii=False)
