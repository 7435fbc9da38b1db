"""CQL2-Text (OGC 21-065r2) cut into words, bounded, and given to the parser.

The parser, the package `cql2`, reads numbers as floats and tells no positions. So it gets a text in
which every name and every literal is replaced by the number of its word: it answers the structure,
and whoever walks that finds each word as it was written, with its place. Hostile nesting never
reaches it: depth and size are bounded here.
"""

import re
from dataclasses import dataclass
from typing import Any

from app.errors import nearest
from app.model.values import BadValue, clip
from app.settings import Settings

WORD = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<text>'(?:''|\\.|[^'\\])*+')
  | (?P<quoted>"(?:""|[^"])*")
  | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
  | (?P<name>(?:[^\W\d]|:)[\w.:]*)
  | (?P<sign><>|!=|<=|>=|[=<>(),])
  | (?P<arithmetic>[-+*/%^])
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPED = re.compile(r"''|\\(.)", re.DOTALL)
CONTROLS = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
"""Control characters by the letter that a backslash makes one (requirement /req/cql2-text/escaping)."""
KEYWORDS = ("AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL")
FLAGS = {"TRUE": "true", "FALSE": "false"}
FUNCTIONS = ("CASEI", "DATE", "TIMESTAMP", "A_EQUALS", "A_CONTAINS", "A_CONTAINEDBY", "A_OVERLAPS")
OTHER_CLASSES = ("S_", "T_", "ACCENTI")
"""How functions of the standard begin that are not offered: they are no slips of the pen."""
COLUMN = re.compile(r"-->\s*1:([0-9]+)")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its kind (`name` `quoted` `text` `number` `flag`, or `fixed` for all else), its meaning, its place.

    `at` counts characters from 1; `sent` is what the parser sees in its stead; `pattern` is what a text
    means to LIKE.
    """

    kind: str
    value: str
    at: int
    sent: str
    pattern: str = ""


class BadFilter(BadValue):
    """What is wrong with a filter, and at which character."""

    def __init__(self, at: int, message: str, allowed: tuple[str, ...] | None = None) -> None:
        super().__init__(f"at character {at}: {message}", allowed)


def parse(text: str, settings: Settings) -> tuple[Any, list[Word]]:
    """The CQL2-JSON tree of a filter whose leaves are numbers of words, and the words; raises BadValue."""
    import cql2  # with the first filter: its schema takes 2 MB, which an idle worker need not hold

    if len(text.encode()) > settings.max_filter_bytes:
        raise BadValue(f"is longer than {settings.max_filter_bytes} bytes")
    words = read_words(text)
    if not words:
        raise BadValue("is empty; write for example: id = 'x'")
    _bound(words, settings)
    try:
        return cql2.parse_text(" ".join(word.sent for word in words)).to_json(), words
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        raise _refusal(words, str(error), len(text)) from None


def read_words(text: str) -> list[Word]:
    """The words of a filter; raises BadFilter."""
    words: list[Word] = []
    sign: re.Match[str] | None = None
    place = 0
    while place < len(text):
        found = WORD.match(text, place)
        if found is None:
            unclosed = " that is not closed" if text[place] in "'\"" else ""
            raise BadFilter(place + 1, f"cannot read '{clip(text[place], 1)}'{unclosed}")
        place = found.end()
        if found.lastgroup == "space":
            continue
        if sign is not None and found.lastgroup != "number":
            raise _no_arithmetic(sign)
        if found[0].upper() == "DIV" and words and not _opens(words[-1]):
            raise _no_arithmetic(found)
        if found.lastgroup == "arithmetic":
            if found[0] not in "+-" or (words and not _opens(words[-1])):
                raise _no_arithmetic(found)
            sign = found
            continue
        words.append(_word(found, sign, len(words), _calls(text, place)))
        sign = None
        if words[-1].sent == "NULL" and not (len(words) > 1 and words[-2].sent in ("IS", "NOT")):
            raise BadFilter(words[-1].at, "NULL is no value; write IS NULL or IS NOT NULL")
    if sign is not None:
        raise _no_arithmetic(sign)
    return words


def _word(found: re.Match[str], sign: re.Match[str] | None, number: int, called: bool) -> Word:
    kind, written, at = found.lastgroup, found[0], found.start() + 1
    if kind == "text":
        return Word("text", _unescaped(written[1:-1], "'\\"), at, f"'{number}'", _unescaped(written[1:-1], "'"))
    if kind == "quoted":
        return Word("quoted", written[1:-1].replace('""', '"'), at, f"p{number}")
    if kind == "number":
        value = written if sign is None else sign[0] + written
        return Word("number", value, at if sign is None else sign.start() + 1, str(number))
    if kind == "name":
        upper = written.upper()
        if upper in KEYWORDS:
            return Word("fixed", written, at, upper)
        if called:
            if upper not in FUNCTIONS:
                hint = "" if upper.startswith(OTHER_CLASSES) else nearest(upper, FUNCTIONS)
                hint = hint or " There are: " + ", ".join(FUNCTIONS) + "."
                raise BadFilter(at, f"the function '{clip(written)}' is not offered.{hint}", FUNCTIONS)
            return Word("fixed", written, at, upper)
        if upper in FLAGS:
            return Word("flag", FLAGS[upper], at, str(number))
        return Word("name", written, at, f"p{number}")
    return Word("fixed", written, at, written)


def _unescaped(written: str, literally: str) -> str:
    """The inside of a literal with its quotes and control characters; a backslash stays, but before `literally`."""

    def meaning(found: re.Match[str]) -> str:
        char = found[1] or "'"
        return CONTROLS.get(char) or (char if char in literally else found[0])

    return ESCAPED.sub(meaning, written)


def _calls(text: str, place: int) -> bool:
    return text[place:].lstrip()[:1] == "("


def _opens(word: Word) -> bool:
    """Whether a value may follow, so that a sign belongs to a number."""
    return word.kind == "fixed" and word.sent != ")"


def _no_arithmetic(found: re.Match[str]) -> BadFilter:
    return BadFilter(found.start() + 1, f"'{found[0]}': arithmetic is not offered; a sign stands before a number")


def _bound(words: list[Word], settings: Settings) -> None:
    nodes = sum(1 for word in words if word.sent not in "(),")
    if nodes > settings.max_filter_nodes:
        raise BadValue(f"has {nodes} words; at most {settings.max_filter_nodes} are allowed")
    open_brackets = negations = 0
    for word in words:
        open_brackets += (word.sent == "(") - (word.sent == ")")
        negations = negations + 1 if word.sent == "NOT" else negations if word.sent == "(" else 0
        if open_brackets + negations > settings.max_filter_depth:
            raise BadFilter(word.at, f"is nested deeper than {settings.max_filter_depth} levels")


def _refusal(words: list[Word], message: str, length: int) -> BadFilter:
    """The parser's refusal, at the word where it stopped."""
    found = COLUMN.search(message)
    offset = int(found[1]) - 1 if found else 0
    start = 0
    for word in words:
        if offset < start + len(word.sent):
            hint = nearest(word.value.upper(), KEYWORDS) if word.kind == "name" else ""
            return BadFilter(word.at, f"'{clip(word.value)}' is not expected here.{hint}")
        start += len(word.sent) + 1
    return BadFilter(length + 1, "the filter ends too early.")
