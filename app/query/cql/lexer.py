"""Split CQL2-Text (OGC 21-065r2) into tokens, check its size, and parse it.

The parser, the package `cql2`, reads numbers as floats and reports no positions. It therefore gets a text in
which every name and every literal is replaced by the index of its token. Its tree shows the structure, and the
indexes lead to each token as it was written, with its position. Depth and size are limited here, so that hostile
nesting never reaches the parser.
"""

import re
from dataclasses import dataclass
from typing import Any

from app.errors import did_you_mean
from app.model.values import BadValue, clip
from app.settings import Settings

TOKEN = re.compile(
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
CONTROL_CHARACTERS = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
"""The control characters by the letter after the backslash (requirement /req/cql2-text/escaping)."""
KEYWORDS = ("AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL")
BOOLEAN_LITERALS = {"TRUE": "true", "FALSE": "false"}
FUNCTIONS = ("CASEI", "DATE", "TIMESTAMP", "A_EQUALS", "A_CONTAINS", "A_CONTAINEDBY", "A_OVERLAPS")
UNSUPPORTED_FUNCTION_PREFIXES = ("S_", "T_", "ACCENTI")
"""The prefixes of standard functions that are not supported. They are not typos, so no name is suggested."""
ERROR_COLUMN = re.compile(r"-->\s*1:([0-9]+)")


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind (`name`, `quoted`, `text`, `number`, `flag`, or `fixed` for all others), value and position.

    `position` counts characters from 1. `placeholder` replaces the token in the text for the parser.
    `like_pattern` is the value of a text as a pattern of LIKE.
    """

    kind: str
    value: str
    position: int
    placeholder: str
    like_pattern: str = ""


class BadFilter(BadValue):
    """An invalid filter, with the position of the error."""

    def __init__(self, position: int, message: str, allowed: tuple[str, ...] | None = None) -> None:
        super().__init__(f"at character {position}: {message}", allowed)


def parse_cql(text: str, settings: Settings) -> tuple[Any, list[Token]]:
    """Return the CQL2-JSON tree of a filter, whose leaves are indexes of tokens, and the tokens. Raises BadValue."""
    import cql2  # imported with the first filter, because its schema takes 2 MB of memory

    if len(text.encode()) > settings.max_filter_bytes:
        raise BadValue(f"is longer than {settings.max_filter_bytes} bytes")
    tokens = tokenize(text)
    if not tokens:
        raise BadValue("is empty; write, for example: id = 'x'")
    _check_limits(tokens, settings)
    try:
        return cql2.parse_text(" ".join(token.placeholder for token in tokens)).to_json(), tokens
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        raise _syntax_error(tokens, str(error), len(text)) from None


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a filter. Raises BadFilter."""
    tokens: list[Token] = []
    sign: re.Match[str] | None = None
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            unclosed = ", which is not closed" if text[position] in "'\"" else ""
            raise BadFilter(position + 1, f"cannot read '{clip(text[position], 1)}'{unclosed}")
        position = match.end()
        if match.lastgroup == "space":
            continue
        if sign is not None and match.lastgroup != "number":
            raise _arithmetic_error(sign)
        if match[0].upper() == "DIV" and tokens and not _expects_value(tokens[-1]):
            raise _arithmetic_error(match)
        if match.lastgroup == "arithmetic":
            if match[0] not in "+-" or (tokens and not _expects_value(tokens[-1])):
                raise _arithmetic_error(match)
            sign = match
            continue
        tokens.append(_build_token(match, sign, len(tokens), _is_call(text, position)))
        sign = None
        if tokens[-1].placeholder == "NULL" and not (len(tokens) > 1 and tokens[-2].placeholder in ("IS", "NOT")):
            raise BadFilter(tokens[-1].position, "NULL is not a value; write IS NULL or IS NOT NULL")
    if sign is not None:
        raise _arithmetic_error(sign)
    return tokens


def _build_token(match: re.Match[str], sign: re.Match[str] | None, number: int, is_call: bool) -> Token:
    kind, written, position = match.lastgroup, match[0], match.start() + 1
    if kind == "text":
        return Token("text", _unescape(written[1:-1], "'\\"), position, f"'{number}'", _unescape(written[1:-1], "'"))
    if kind == "quoted":
        return Token("quoted", written[1:-1].replace('""', '"'), position, f"p{number}")
    if kind == "number":
        value = written if sign is None else sign[0] + written
        return Token("number", value, position if sign is None else sign.start() + 1, str(number))
    if kind == "name":
        upper = written.upper()
        if upper in KEYWORDS:
            return Token("fixed", written, position, upper)
        if is_call:
            if upper not in FUNCTIONS:
                hint = "" if upper.startswith(UNSUPPORTED_FUNCTION_PREFIXES) else did_you_mean(upper, FUNCTIONS)
                hint = hint or " The functions are " + ", ".join(FUNCTIONS) + "."
                raise BadFilter(position, f"the function '{clip(written)}' is not supported.{hint}", FUNCTIONS)
            return Token("fixed", written, position, upper)
        if upper in BOOLEAN_LITERALS:
            return Token("flag", BOOLEAN_LITERALS[upper], position, str(number))
        return Token("name", written, position, f"p{number}")
    return Token("fixed", written, position, written)


def _unescape(written: str, escapable: str) -> str:
    """Return the content of a literal without escapes. A backslash stays, except before `escapable` characters."""

    def replace(match: re.Match[str]) -> str:
        char = match[1] or "'"
        return CONTROL_CHARACTERS.get(char) or (char if char in escapable else match[0])

    return ESCAPED.sub(replace, written)


def _is_call(text: str, position: int) -> bool:
    return text[position:].lstrip()[:1] == "("


def _expects_value(token: Token) -> bool:
    """Return whether a value may follow the token, so that a sign after it belongs to a number."""
    return token.kind == "fixed" and token.placeholder != ")"


def _arithmetic_error(match: re.Match[str]) -> BadFilter:
    return BadFilter(
        match.start() + 1, f"'{match[0]}': arithmetic is not supported; a sign must be followed by a number"
    )


def _check_limits(tokens: list[Token], settings: Settings) -> None:
    word_count = sum(1 for token in tokens if token.placeholder not in "(),")
    if word_count > settings.max_filter_nodes:
        raise BadValue(f"has {word_count} words; at most {settings.max_filter_nodes} are allowed")
    open_brackets = negations = 0
    for token in tokens:
        open_brackets += (token.placeholder == "(") - (token.placeholder == ")")
        negations = negations + 1 if token.placeholder == "NOT" else negations if token.placeholder == "(" else 0
        if open_brackets + negations > settings.max_filter_depth:
            raise BadFilter(token.position, f"is nested deeper than {settings.max_filter_depth} levels")


def _syntax_error(tokens: list[Token], message: str, length: int) -> BadFilter:
    """Build the error for a text that the parser rejects, at the token where it stopped."""
    match = ERROR_COLUMN.search(message)
    offset = int(match[1]) - 1 if match else 0
    start = 0
    for token in tokens:
        if offset < start + len(token.placeholder):
            hint = did_you_mean(token.value.upper(), KEYWORDS) if token.kind == "name" else ""
            return BadFilter(token.position, f"'{clip(token.value)}' is not expected here.{hint}")
        start += len(token.placeholder) + 1
    return BadFilter(length + 1, "the filter ends too early.")
