"""People at an event."""

from __future__ import annotations

import pytest

from app.parser.news.participants import OFFICES_IN_SENTENCES, extract_participants, find_people


@pytest.mark.parametrize(
    ("text", "people", "activity"),
    [
        ("市长林一川，副市长吴三山、郑四海参加甲会。", ["市长林一川", "副市长吴三山", "副市长郑四海"], "甲会"),
        ("副市长欧阳大山带队检查甲。", ["副市长欧阳大山"], "带队检查甲"),
        ("市委常委、常务副市长周二河出席甲。", ["市委常委、常务副市长周二河"], "出席甲"),
        ("副市长李大为出席甲。", ["副市长李大为"], "出席甲"),
        ("甲国驻乙总领馆部长李一根，率甲界人士来访。", ["甲国驻乙总领馆部长李一根"], "率甲界人士来访"),
        ("林一川市长、副市长周二河参加甲会。", ["市长林一川", "副市长周二河"], "甲会"),
        ("周洪副市长主持召开甲会。", ["副市长周洪"], "主持召开甲会"),
        ("高新区区长李明出席甲。", ["高新区区长李明"], "出席甲"),
        ("市领导参加甲会。", [], "市领导参加甲会"),
        ("市长林一川喜迎甲。", [], "市长林一川喜迎甲"),
    ],
)
def test_participants(text: str, people: list[str], activity: str) -> None:
    found, rest, sure = extract_participants(text, {})
    assert [person.title + person.name for person in found] == people
    assert rest == activity
    assert sure == (activity != "市长林一川喜迎甲")


@pytest.mark.parametrize("example", [example for _, example in OFFICES_IN_SENTENCES])
def test_each_office_stands_before_a_name(example: str) -> None:
    (person, *others) = find_people(f"甲会议召开，{example}出席。", ())
    assert f"{person.title}{person.name}{''.join('、' + each.name for each in others)}" == example
    assert {each.title for each in others} <= {person.title}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("以省甲厅副厅长陈一阳为组长的督查组来检查。副市长杨莉陪同检查。", ["省甲厅副厅长陈一阳", "副市长杨莉"]),
        ("会见了日本甲市市长秀岛一行、议会长福井二南率领的代表团。", ["日本甲市市长秀岛", "议会长福井二南"]),
        (
            "会议召开，市委书记孙一刚讲话，市领导王一廷、周洪、张三生等出席。",
            ["市委书记孙一刚", "市领导王一廷", "市领导周洪", "市领导张三生"],
        ),
        ("市政府召开市长办公会，研究甲。副会长单位、主任会议和书记处参加。", []),
        ("某局局长任命，常务副市长单位、部长级会议。", []),
        ("会见了胡一哲董事长率领的考察团，周二河副市长陪同。", ["董事长胡一哲", "副市长周二河"]),
        ("市长林一川出席，市长林一川讲话。", ["市长林一川"]),
    ],
)
def test_people_in_sentences(text: str, people: list[str]) -> None:
    assert [person.title + person.name for person in find_people(text, ())] == people


def test_a_meeting_is_no_person() -> None:
    assert extract_participants("市长办公会议召开，研究甲。", {}) == ([], "市长办公会议召开，研究甲", False)
