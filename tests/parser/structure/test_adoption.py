"""How a regulation came about."""

from datetime import date

import pytest

from app.parser.records import Line
from app.parser.structure.adoption import Adoption, find_adoption_lines, is_adoption_line, parse_adoption

COMMITTEE = "临江市人民代表大会常务委员会"
PROVINCE = "松山省人民代表大会常务委员会"
TWO_LINES = (
    "2021年2月3日 临江市第九届人民代表大会常务委员会第三次会议通过\n"
    "2021年3月9日 松山省第十届人民代表大会常务委员会第八次会议批准"
)


@pytest.mark.parametrize(
    ("text", "adoption"),
    [
        (TWO_LINES, Adoption(date(2021, 2, 3), COMMITTEE, date(2021, 3, 9), PROVINCE)),
        (
            f"（{TWO_LINES}）".replace("\n", "　"),
            Adoption(date(2021, 2, 3), COMMITTEE, date(2021, 3, 9), PROVINCE),
        ),
        (
            "《临江市护林条例》已于2021年2月3日经临江市第九届人民代表大会第一次会议通过，现予公布。",
            Adoption(date(2021, 2, 3), "临江市人民代表大会"),
        ),
        ("2016年4月19日 临江市人民代表大会常务委员会公告第75号公布", Adoption(promulgated_on=date(2016, 4, 19))),
        ("2014年3月1日 施行", Adoption(in_force_on=date(2014, 3, 1))),
        ("（二○○四年六月十六日临江市人民政府第54次常务会议修订通过）", Adoption(date(2004, 6, 16), "临江市人民政府")),
        ("——2021年2月5日在临江市第九届人民代表大会第一次会议上", Adoption(delivered_on=date(2021, 2, 5))),
        ("根据2005年12月19日《临江市护林条例实施条例》的规定", Adoption()),
    ],
)
def test_steps(text: str, adoption: Adoption) -> None:
    assert parse_adoption(text) == adoption


def test_lines_below_a_title_end_with_the_first_sentence() -> None:
    text = f"\n{TWO_LINES}\n\n第一条 2021年2月3日以前的事项，由市林业局批准。"
    lines = [Line(number, part) for number, part in enumerate(text.split("\n"), 1)]
    assert [line.number for line in find_adoption_lines(lines)] == [2, 3]
    open_bracket = [Line(1, "（2004年6月16日临江市人民政府"), Line(2, "第54次常务会议通过）"), Line(3, "一、总则")]
    assert [line.number for line in find_adoption_lines(open_bracket)] == [1, 2]
    assert not is_adoption_line("2021年2月3日")
    assert not is_adoption_line("2021年3月，项目由省政府批准。")
