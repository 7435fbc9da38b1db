"""Relations to other documents that provisions state: repeals, amendments, legal bases, citations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.parser.documents.provision_tree import Provision
from app.parser.records import ParsedRow, Value
from app.parser.text.document_numbers import NUMBER, ORDER, mentioned_number, normalise_number
from app.parser.text.normalise import fold_width, match_key, remove_spaces

# A title may contain another title in single angle quotes. No title is longer than 200 characters.
_TITLE = re.compile(r"《([^《》]{2,200})》")
_NUMBER_AFTER = re.compile(rf"\s?[\[(]\s?({NUMBER.pattern}|{ORDER.pattern}|第\s?\d{{1,4}}\s?号)\s?[\])]")
_SENTENCE = re.compile(r"[^。；;\n]{0,4000}[。；;\n]?")
_REPEAL = re.compile(r"废止|停止执行|不再执行|失效")
_AMEND = re.compile(r"修改|修订|修正")
_AMENDED = re.compile(r".{0,4}(?:作如下|作出|予以|进行|作)?(?:修改|修订|修正)")
_BASE = re.compile(r"根据|依据|按照|依照|遵照|贯彻落实|贯彻|落实")
_BASE_END = re.compile(r"精神|规定|要求|部署|[,。]")
# The title of a document about another document, which it names in its own title.
_TITLE_ABOUT_OTHERS = re.compile(r"关于(?:修改|修订|修正|废止|转发|贯彻|宣布|公布.{0,6}失效)")
_REPEALING = re.compile(r"废止[^,。]*$")
# 下列文件予以废止：
_REPEALED_BELOW = re.compile(
    r"(?:废止|停止执行|不再执行|失效)[^。;]{0,40}(?:以下|下列|如下)[^。;]{0,40}:$"
    r"|(?:以下|下列|如下)[^。;]{0,40}(?:废止|停止执行|不再执行|失效)[^。;]{0,20}:$"
)
# In the opening of a document these words name its basis. Elsewhere they tell somebody to act by another
# document (按照…要求), which is only a citation.
_BASE_IN_OPENING_ONLY = ("贯彻落实", "贯彻", "落实", "按照", "依照", "遵照")
_MAX_LEAD_LENGTH = 400


class Mention(NamedTuple):
    """One mention of another document: its span in the text, its title and number as printed."""

    start: int
    end: int
    title: str | None
    number: str | None


def find_mentions(text: str) -> list[Mention]:
    """Return all mentions in a text: titles, with the number in brackets after them, and bare numbers."""
    folded = fold_width(text)
    found: list[Mention] = []
    for match in _TITLE.finditer(text):
        number = _NUMBER_AFTER.match(folded, match.end())
        end = number.end() if number else match.end()
        printed = remove_spaces(text[number.start(1) : number.end(1)]) if number else None
        found.append(Mention(match.start(), end, _normalise_title(match[1]), printed))
    taken = [(mention.start, mention.end) for mention in found]
    position = 0
    for match in NUMBER.finditer(folded):
        while position < len(taken) and taken[position][1] <= match.start():
            position += 1
        if position < len(taken) and taken[position][0] < match.end():
            continue
        number_text = mentioned_number(match[0])
        start = match.end() - len(number_text)
        found.append(Mention(start, match.end(), None, remove_spaces(text[start : match.end()])))
    return sorted(found)


def _normalise_title(printed: str) -> str:
    return " ".join(printed.split())


def extract_relations(
    document_id: str,
    own_title: str,
    own_number: str | None,
    provisions: Sequence[Provision],
) -> list[ParsedRow]:
    """Return the relations of a document in text order, each from the deepest provision that states it.

    `target_id` stays None until all documents of the issue are known (`link_targets`).
    A bare number takes the title that the same document gives with that number elsewhere.
    """
    own = {match_key(own_title)} | ({match_key(normalise_number(own_number))} if own_number else set())
    titles: dict[str, str] = {}
    seen: set[tuple[str, str, str]] = set()
    counts: dict[str, int] = {}
    rows: list[ParsedRow] = []
    for provision in provisions:
        opening = provision.path == "pre" or provision.path.endswith("art1")
        listed = _is_in_repeal_list(provision, provisions)
        for relation, mention in _classify_mentions(provision.text, opening):
            if listed and relation == "cites" and mention.start == provision.text.find("《"):
                relation = "repeals"
            number = normalise_number(mention.number) if mention.number else None
            if mention.title and number:
                titles.setdefault(number, mention.title)
            # A document may repeal an earlier one of its own title, but not itself.
            if (relation != "repeals" or number) and _is_own_document(mention, number, own, own_title):
                continue
            target = (provision.path, relation, number or match_key(mention.title or ""))
            if target in seen:
                continue
            seen.add(target)
            counts[relation] = counts.get(relation, 0) + 1
            rows.append(
                ParsedRow(
                    "relations",
                    f"{document_id}.{relation}.{counts[relation]}",
                    {
                        "document_id": document_id,
                        "provision_id": f"{document_id}.{provision.path}",
                        "relation": relation,
                        "target_number": number,
                        "target_title": mention.title,
                        "target_id": None,
                    },
                    provision.first_line,
                    provision.last_line,
                    document_id,
                )
            )
    return [_with_title(row, titles) for row in rows]


def _is_in_repeal_list(provision: Provision, provisions: Sequence[Provision]) -> bool:
    """Tell whether an item that begins with a title is in a list below words such as 下列文件予以废止."""
    above = provision.parent or (provisions[0] if provisions[0].path == "pre" else None)
    if above is None or above is provision or not provision.text.startswith("《"):
        return False
    return _REPEALED_BELOW.search(fold_width(above.text.rstrip()[-160:])) is not None


def _is_own_document(mention: Mention, number: str | None, own: set[str], own_title: str) -> bool:
    """Tell whether a mention means the document itself or the plan that the document issues."""
    if number:
        return match_key(number) in own
    if mention.title is None or _TITLE_ABOUT_OTHERS.search(own_title):
        return False
    return _comparable_title(mention.title) in _comparable_title(own_title)


def _comparable_title(title: str) -> str:
    """Return a title for comparison, without the years in brackets at its end, which are sometimes left out."""
    return re.sub(r"\([^()]*\)$", "", match_key(title))


def _with_title(row: ParsedRow, titles: Mapping[str, str]) -> ParsedRow:
    number = row.fields["target_number"]
    if row.fields["target_title"] is not None or not isinstance(number, str) or number not in titles:
        return row
    fields = {**row.fields, "target_title": titles[number]}
    return _with_fields(row, fields, "title as given elsewhere in the same document")


def _with_fields(row: ParsedRow, fields: Mapping[str, Value], notes: str | None) -> ParsedRow:
    return ParsedRow(row.dataset, row.id, fields, row.first_line, row.last_line, row.document_id, notes=notes)


def _classify_mentions(text: str, opening: bool) -> list[tuple[str, Mention]]:
    """Return (relation, mention) for every mention in the text of one provision."""
    found: list[tuple[str, Mention]] = []
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        if "《" not in sentence and "号" not in sentence:
            continue
        folded = fold_width(sentence)
        repealed_up_to = max((word.start() for word in _REPEAL.finditer(folded)), default=-1)
        for mention in find_mentions(sentence):
            repealed = mention.end <= repealed_up_to
            found.append(("repeals" if repealed else _classify_mention(folded, mention, opening), mention))
    return found


def _classify_mention(folded: str, mention: Mention, opening: bool) -> str:
    """Return the relation of a mention by the words before it in its sentence."""
    lead = _TITLE.sub(
        lambda match: "□" * len(match[0]), folded[max(0, mention.start - _MAX_LEAD_LENGTH) : mention.start]
    )
    clause = lead[max(lead.rfind(","), lead.rfind("□,")) + 1 :]
    if _REPEALING.search(lead):
        return "repeals"
    if _AMEND.search(clause[-6:]) or _AMENDED.match(folded, mention.end):
        return "amends"
    base = max(_BASE.finditer(lead), key=lambda match: match.start(), default=None)
    if base is None or (base[0] in _BASE_IN_OPENING_ONLY and not opening):
        return "cites"
    between = re.sub(r"\([^()]*\)", "", lead[base.end() :])
    return "cites" if _BASE_END.search(between) else "based_on"


def link_targets(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """Fill in `target_id` of the relations whose target is among the documents of these rows."""
    numbers: dict[object, str] = {row.fields["document_number"]: row.id for row in rows if row.dataset == "documents"}
    titles = {match_key(str(row.fields["title"])): row.id for row in rows if row.dataset == "documents"}
    return [_with_target(row, numbers, titles) if row.dataset == "relations" else row for row in rows]


def _with_target(row: ParsedRow, numbers: Mapping[object, str], titles: Mapping[str, str]) -> ParsedRow:
    number, title = row.fields["target_number"], row.fields["target_title"]
    target = numbers.get(number) if number else titles.get(match_key(str(title)))
    return _with_fields(row, {**row.fields, "target_id": target}, row.notes) if target else row
