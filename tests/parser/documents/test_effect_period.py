"""When a document takes effect and when it expires, as (sentences, days) pairs."""

import re
from datetime import date

import pytest

from app.parser.documents.effect_period import CLAUSE_FORMS, EFFECT_FORMS, UNTIL_FORMS, extract_effect_period

SIGNED = date(2021, 5, 10)


def period(text: str, title: str = "临江市护林办法") -> tuple[str | None, str | None]:
    found = extract_effect_period(text, SIGNED, title)
    return (str(found.effective_on or "") or None, str(found.expires_on or "") or None)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("第九条 本办法自2021年7月1日起施行。", ("2021-07-01", None)),
        ("本实施意见从2021年7月1日起执行，有效期五年。", ("2021-07-01", "2026-06-30")),
        ("本通知于2021年7月1日起实施，有效期至2026年7月1日止。", ("2021-07-01", "2026-07-01")),
        ("本办法（试行）自2021年7月1日起施行，试行一年。", ("2021-07-01", "2022-06-30")),
        ("本规定自2021年7月1日起施行至2023年6月30日止。", ("2021-07-01", "2023-06-30")),
        ("本政策自2021年7月1日起执行，暂定两年。", ("2021-07-01", "2023-06-30")),
        ("本办法由市林业局负责解释，自二〇二一年七月一日起施行。", ("2021-07-01", None)),
        ("自2021年7月1日起，本办法正式实施。", ("2021-07-01", None)),
        ("本条例自公布之日起施行。", ("2021-05-10", None)),
        ("本办法自发布之日起30日后施行，有效期为自施行之日起两年。", ("2021-06-09", "2023-06-08")),
        ("本办法自公布之日起一个月后施行。", ("2021-06-10", None)),
        ("《临江市护林办法》已经审议通过，现予公布，自2021年7月1日起施行。", ("2021-07-01", None)),
        ("本办法自2021年7月1日起施行。\n本办法有效期3年。", ("2021-07-01", "2024-06-30")),
        ("本办法执行时间为2021年7月1日至2022年6月30日。", ("2021-07-01", "2022-06-30")),
        # What takes effect or expires here is something else.
        ("采伐许可证有效期3年。\n本办法自2021年7月1日起施行。", ("2021-07-01", None)),
        ("甲。\n乙。\n丙。\n丁。\n第三十条　自2021年7月1日起施行。", ("2021-07-01", None)),
        ("甲。\n乙。\n丙。\n丁。\n八、自印发之日起施行。", ("2021-05-10", None)),
        ("新的补助标准自2021年7月1日起执行。", (None, None)),
        ("一、甲。\n二、乙。\n三、丙。\n四、丁。\n五、补助提高一倍，从2021年7月1日起执行。", (None, None)),
        ("经批准，从2021年7月1日起执行新的补助标准。", (None, None)),
        ("《林木条例》自2021年7月1日起施行，各地要做好衔接。", (None, None)),
        ("2020年1月1日起实施的标准继续有效。", (None, None)),
    ],
)
def test_effect(text: str, days: tuple[str | None, str | None]) -> None:
    assert period(text) == days


def test_a_decision_speaks_of_itself_and_not_of_what_it_changes() -> None:
    text = "本决定自2024年1月1日起施行。\n第九条 本条例自2016年3月1日起施行。"
    assert period(text, "临江市关于修改护林条例的决定") == ("2024-01-01", None)
    assert period(text, "临江市护林条例") == ("2016-03-01", None)


def test_the_day_of_promulgation_goes_before_that_of_signature() -> None:
    found = extract_effect_period("本条例自公布之日起施行。", SIGNED, "临江市护林条例", date(2021, 6, 1))
    assert (found.effective_on, len(found.notes)) == (date(2021, 6, 1), 1)


def test_a_term_without_a_beginning_is_said() -> None:
    found = extract_effect_period("本办法有效期三年。", None)
    assert (found.expires_on, found.notes) == (None, ["the term of validity begins on a day that is not printed"])


@pytest.mark.parametrize(("pattern", "example"), EFFECT_FORMS + CLAUSE_FORMS + UNTIL_FORMS)
def test_the_example_of_every_form(pattern: re.Pattern[str], example: str) -> None:
    assert pattern.search(example)
