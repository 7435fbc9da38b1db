"""What a comparison leaves out, and nothing else: see `MASKS`."""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli
import zstandard

from tests.support.answers.wire import Answer, Request

MASKED = "…"
GENERATED_ID = re.compile(r"[0-9a-f]{12}-[0-9a-f]+\Z")
"""The form of a request id that the service made itself; the one of a client is echoed and compared."""
OF_THE_SENTENCES = ("content-length", "etag", "digest", "content-digest", "repr-digest")
"""Header fields that follow from a body: masked where sentences of that body are."""
JSON_TEXT = rb'"(?:[^"\\]|\\.)*"'
PROBLEM_SENTENCES = re.compile(rb'("(?:title|detail)":\s*)' + JSON_TEXT)
OPENAPI_SENTENCES = re.compile(rb'("(?:summary|description|detail)":\s*)' + JSON_TEXT)
SDMX_SENTENCES = re.compile(rb'(<com:Text xml:lang="en">)[^<]*')
MARKUP = re.compile(rb"(<script\b.*?</script>|<style\b.*?</style>|<[^>]*>)", re.DOTALL | re.IGNORECASE)


def _without(sentences: re.Pattern[bytes]) -> Callable[[bytes], bytes]:
    return lambda body: sentences.sub(rb'\1"..."', body)


def _without_html_text(body: bytes) -> bytes:
    parts = MARKUP.split(body)
    return b"".join(part if place % 2 or not part.strip() else b"..." for place, part in enumerate(parts))


@dataclass(frozen=True, slots=True)
class Mask:
    """One thing that is left out: where, what, and why."""

    where: str
    what: str
    why: str
    applies: Callable[[Request, Answer], bool]
    body: Callable[[bytes], bytes]
    """What is compared of the body, without its content coding."""
    fields: tuple[str, ...] = OF_THE_SENTENCES
    """The header fields that follow."""


def _whole(body: bytes) -> bytes:
    return body


def _path(request: Request) -> str:
    return request.target.partition("?")[0]


def _is_refusal(_: Request, answer: Answer) -> bool:
    return answer.status_line[9:10] in ("4", "5")


def _is_problem(request: Request, answer: Answer) -> bool:
    return _is_refusal(request, answer) and answer.header("content-type") == "application/problem+json"


def _is_sdmx_refusal(request: Request, answer: Answer) -> bool:
    return _is_refusal(request, answer) and _path(request).startswith("/sdmx/")


def _is_sdmx_xml(request: Request, answer: Answer) -> bool:
    return _is_sdmx_refusal(request, answer) and answer.header("content-type") == "application/xml"


def _is_sdmx_json(request: Request, answer: Answer) -> bool:
    return _is_sdmx_refusal(request, answer) and answer.header("content-type") == "application/json"


def _is_described(request: Request, answer: Answer) -> bool:
    return _path(request) == "/openapi.json" and not _is_refusal(request, answer)


def _is_docs(request: Request, answer: Answer) -> bool:
    return _path(request) == "/docs" and not _is_refusal(request, answer)


def _is_asset(request: Request, _: Answer) -> bool:
    return _path(request).startswith("/docs/assets/")


SENTENCES = "a sentence written for people"
MASKS = (
    Mask(
        "problem documents",
        "`title` and `detail`, of `errors` too",
        SENTENCES,
        _is_problem,
        _without(PROBLEM_SENTENCES),
    ),
    Mask(
        "SDMX refusals in XML",
        "`com:Text`",
        f"{SENTENCES}, of a problem in SDMX's form",
        _is_sdmx_xml,
        _without(SDMX_SENTENCES),
    ),
    Mask(
        "SDMX refusals in JSON",
        "`title` and `detail`",
        f"{SENTENCES}, of a problem in SDMX's form",
        _is_sdmx_json,
        _without(PROBLEM_SENTENCES),
    ),
    Mask(
        "`/openapi.json`",
        "`summary`, `description` and `detail`",
        SENTENCES,
        _is_described,
        _without(OPENAPI_SENTENCES),
    ),
    Mask("`/docs`", "text between tags", SENTENCES, _is_docs, _without_html_text),
    Mask(
        "`/docs/assets/…`",
        "`etag` and `last-modified`",
        "the moment at which a package was installed",
        _is_asset,
        _whole,
        ("etag", "last-modified"),
    ),
)
"""What is left out of some answers; with sentences of a body the header fields `OF_THE_SENTENCES` follow."""
MASKED_FIELDS = {
    "date": "the moment of recording",
    "x-request-id": "made by the service at random, unless it echoes the one of the request",
}
"""Header fields of all answers that depend on the moment, or on chance."""


def masked(request: Request, answer: Answer) -> Answer:
    """The answer as it is compared."""
    mask = next((mask for mask in MASKS if mask.applies(request, answer)), None)
    fields = mask.fields if mask is not None else ()
    headers = tuple((name, _masked_value(name.lower(), value, fields)) for name, value in answer.headers)
    body = mask.body(decoded(answer.body, answer.header("content-encoding"))) if mask is not None else answer.body
    return Answer(answer.status_line, headers, body, answer.chunked)


def _masked_value(name: str, value: str, fields: tuple[str, ...]) -> str:
    if name == "date" or (name == "x-request-id" and GENERATED_ID.match(value)):
        return MASKED
    return MASKED if name in fields else value


def decoded(body: bytes, coding: str) -> bytes:
    """A body without its content coding; raises ValueError for one that is not in that coding."""
    try:
        if not body or not coding:
            return body
        if coding == "gzip":
            return zlib.decompress(body, wbits=31)
        if coding == "br":
            plain: bytes = brotli.decompress(body)
            return plain
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise ValueError(f"the body is not in the coding '{coding}'") from error
