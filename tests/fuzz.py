"""Fuzz the parser on mutated text, guided by what it executes: `python -m tests.fuzz TEXT [-max_total_time=120]`.

Needs atheris (`pip install -e '.[fuzz]'`), which is not built for every platform; the suite's own
damaged texts (hypothesis) need nothing. Without TEXT an invented issue is mutated. What is left of
the arguments is libFuzzer's.
"""

import random
import sys
from pathlib import Path

import atheris

from app.parser import NotAGazetteError, parse
from tests.support.invented_issue import AREAS, ISSUE

LONGEST = 200_000
PIECES = [
    *"\t\n#。：；一（）()〔〕【】0年月日号第《》<>|△—%*、",
    "附件：1.",
    "\n附件1\n",
    "<table><tr><td>",
    "</td></tr>",
    "第一章 总则",
    "第三条 ",
    "（二）",
    "2021年",
    "自2021年7月1日起施行",
    "同时废止",
    "有效期3年",
    "村民王小明户",
    "温政办〔2021〕30号",
    "指标\t单位\t当月\t同比\t累计\t同比",
    "序号\t所属区\t所属街道\t涉及行政村\t改造计划\t改造年份",
]


def check(data: bytes) -> None:
    """Parse one text: it is refused, or every non-blank line is accounted for and every id is unique."""
    try:
        found = parse(data.decode("utf-8", "replace"), AREAS)
    except NotAGazetteError:
        return
    assert found.read_count + len(found.unread) == found.nonblank_count, "a line is lost"
    for name, rows in found.rows.items():
        assert len({row["id"] for row in rows}) == len(rows), f"two {name} rows of one id"


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Change some lines of a text: cut, move, repeat, tear, or put a piece into them."""
    chance = random.Random(seed)
    lines = data.decode("utf-8", "replace").split("\n")
    for _ in range(chance.randint(1, 4)):
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                del lines[at : at + chance.randint(1, 5)]
            case 1:
                lines[at], lines[to] = lines[to], lines[at]
            case 2:
                lines[at:at] = lines[to : to + chance.randint(1, 8)]
            case 3:
                cut = chance.randint(0, len(lines[at]))
                lines[at : at + 1] = [lines[at][:cut], lines[at][cut:]]
            case _:
                cut = chance.randint(0, len(lines[at]))
                lines[at] = lines[at][:cut] + chance.choice(PIECES) + lines[at][cut + chance.randint(0, 3) :]
        lines = lines or [""]
    return "\n".join(lines).encode()[:max_size]


def main() -> None:
    """Fuzz until libFuzzer's limit, or until something breaks."""
    arguments = sys.argv[1:]
    text = Path(arguments.pop(0)).read_bytes() if arguments and not arguments[0].startswith("-") else ISSUE.encode()
    atheris.instrument_all()

    def mutator(data: bytes, max_size: int, seed: int) -> bytes:
        return mutate(data if len(data) > 1 else text, max_size, seed)

    options = [sys.argv[0], f"-max_len={LONGEST}", "-timeout=20", *arguments]
    atheris.Setup(options, check, custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
