"""References of a document's provisions to other documents: repeals, amendments, legal bases, citations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.parser.documents.provision_tree import Provision
from app.parser.records import Row, Value
from app.parser.text.document_numbers import NUMBER, ORDER, mentioned_number, normal_number
from app.parser.text.normalise import fold, key, unspaced

# One title may hold another in single angle quotes; 200 characters are more than any title has.
_TITLE = re.compile(r"《([^《》]{2,200})》")
_NUMBER_AFTER = re.compile(rf"\s?[\[(]\s?({NUMBER.pattern}|{ORDER.pattern}|第\s?\d{{1,4}}\s?号)\s?[\])]")
_SENTENCE = re.compile(r"[^。；;\n]{0,4000}[。；;\n]?")
_REPEAL = re.compile(r"废止|停止执行|不再执行|失效")
_AMEND = re.compile(r"修改|修订|修正")
_AMENDED = re.compile(r".{0,4}(?:作如下|作出|予以|进行|作)?(?:修改|修订|修正)")
_BASE = re.compile(r"根据|依据|按照|依照|遵照|贯彻落实|贯彻|落实")
_BASE_END = re.compile(r"精神|规定|要求|部署|[,。]")
_OF_OTHERS = re.compile(r"关于(?:修改|修订|修正|废止|转发|贯彻|宣布|公布.{0,6}失效)")
_REPEALING = re.compile(r"废止[^,。]*$")
# A provision that tells someone to act by a document (按照…要求) cites it; only where a
# document opens do these words name what it rests on itself.
_REPEALED_BELOW = re.compile(
    r"(?:废止|停止执行|不再执行|失效)[^。;]{0,40}(?:以下|下列|如下)[^。;]{0,40}:$"
    r"|(?:以下|下列|如下)[^。;]{0,40}(?:废止|停止执行|不再执行|失效)[^。;]{0,20}:$"
)
_ONLY_OPENING = ("贯彻落实", "贯彻", "落实", "按照", "依照", "遵照")


class Mention(NamedTuple):
    """One mention of another document: span in the text, printed title and number."""

    start: int
    end: int
    title: str | None
    number: str | None


def mentions(text: str) -> list[Mention]:
    """Return the titles (with the number in brackets after them) and the bare numbers of a text."""
    folded = fold(text)
    found: list[Mention] = []
    for match in _TITLE.finditer(text):
        number = _NUMBER_AFTER.match(folded, match.end())
        end = number.end() if number else match.end()
        printed = unspaced(text[number.start(1) : number.end(1)]) if number else None
        found.append(Mention(match.start(), end, _title(match[1]), printed))
    taken = [(mention.start, mention.end) for mention in found]
    position = 0
    for match in NUMBER.finditer(folded):
        while position < len(taken) and taken[position][1] <= match.start():
            position += 1
        if position < len(taken) and taken[position][0] < match.end():
            continue
        number_text = mentioned_number(match[0])
        start = match.end() - len(number_text)
        found.append(Mention(start, match.end(), None, unspaced(text[start : match.end()])))
    return sorted(found)


def _title(printed: str) -> str:
    return " ".join(printed.split())


def read_relations(
    document_id: str,
    own_title: str,
    own_number: str | None,
    provisions: Sequence[Provision],
) -> list[Row]:
    """Return the document's relations in text order, each from the deepest provision that says so.

    `target_id` is left null: which documents are held is known only when all are read
    (`link_targets`). A bare number takes the title that the same document gives it elsewhere.
    """
    own = {key(own_title)} | ({key(normal_number(own_number))} if own_number else set())
    titles: dict[str, str] = {}
    seen: set[tuple[str, str, str]] = set()
    counts: dict[str, int] = {}
    rows: list[Row] = []
    for provision in provisions:
        opening = provision.path == "pre" or provision.path.endswith("art1")
        listed = _is_listed_for_repeal(provision, provisions)
        for relation, mention in _read_text(provision.text, opening):
            if listed and relation == "cites" and mention.start == provision.text.find("《"):
                relation = "repeals"
            number = normal_number(mention.number) if mention.number else None
            if mention.title and number:
                titles.setdefault(number, mention.title)
            # A document may repeal an earlier one of its own title, but not itself.
            if (relation != "repeals" or number) and _is_own(mention, number, own, own_title):
                continue
            target = (provision.path, relation, number or key(mention.title or ""))
            if target in seen:
                continue
            seen.add(target)
            counts[relation] = counts.get(relation, 0) + 1
            rows.append(
                Row(
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
                    provision.first,
                    provision.last,
                    document_id,
                )
            )
    return [_with_title(row, titles) for row in rows]


def _is_listed_for_repeal(provision: Provision, provisions: Sequence[Provision]) -> bool:
    """Tell whether an item that begins with a title stands in a list under words such as 下列文件予以废止."""
    above = provision.parent or (provisions[0] if provisions[0].path == "pre" else None)
    if above is None or above is provision or not provision.text.startswith("《"):
        return False
    return _REPEALED_BELOW.search(fold(above.text.rstrip()[-160:])) is not None


def _is_own(mention: Mention, number: str | None, own: set[str], own_title: str) -> bool:
    """Tell whether a mention is the document itself, or the very plan that it issues."""
    if number:
        return key(number) in own
    if mention.title is None or _OF_OTHERS.search(own_title):
        return False
    return _bare(mention.title) in _bare(own_title)


def _bare(title: str) -> str:
    """Return a title's form to compare: without the years in brackets at its end, which one print may leave out."""
    return re.sub(r"\([^()]*\)$", "", key(title))


def _with_title(row: Row, titles: Mapping[str, str]) -> Row:
    number = row.fields["target_number"]
    if row.fields["target_title"] is not None or not isinstance(number, str) or number not in titles:
        return row
    fields = {**row.fields, "target_title": titles[number]}
    return _replaced(row, fields, "title as given elsewhere in the same document")


def _replaced(row: Row, fields: Mapping[str, Value], notes: str | None) -> Row:
    return Row(row.dataset, row.id, fields, row.first, row.last, row.document_id, notes=notes)


def _read_text(text: str, opening: bool) -> list[tuple[str, Mention]]:
    """Return (relation, mention) for every mention of one provision's text."""
    found: list[tuple[str, Mention]] = []
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        if "《" not in sentence and "号" not in sentence:
            continue
        folded = fold(sentence)
        repealed_up_to = max((word.start() for word in _REPEAL.finditer(folded)), default=-1)
        for mention in mentions(sentence):
            repealed = mention.end <= repealed_up_to
            found.append(("repeals" if repealed else _relation(folded, mention, opening), mention))
    return found


def _relation(folded: str, mention: Mention, opening: bool) -> str:
    """Classify a mention by the words before it in its sentence; 400 characters of them tell."""
    lead = _TITLE.sub(lambda match: "□" * len(match[0]), folded[max(0, mention.start - 400) : mention.start])
    clause = lead[max(lead.rfind(","), lead.rfind("□,")) + 1 :]
    if _REPEALING.search(lead):
        return "repeals"
    if _AMEND.search(clause[-6:]) or _AMENDED.match(folded, mention.end):
        return "amends"
    base = max(_BASE.finditer(lead), key=lambda match: match.start(), default=None)
    if base is None or (base[0] in _ONLY_OPENING and not opening):
        return "cites"
    between = re.sub(r"\([^()]*\)", "", lead[base.end() :])
    return "cites" if _BASE_END.search(between) else "based_on"


def link_targets(rows: Sequence[Row]) -> list[Row]:
    """Fill `target_id` of relations whose target is among the documents of the same rows."""
    numbers: dict[object, str] = {row.fields["document_number"]: row.id for row in rows if row.dataset == "documents"}
    titles = {key(str(row.fields["title"])): row.id for row in rows if row.dataset == "documents"}
    return [_linked(row, numbers, titles) if row.dataset == "relations" else row for row in rows]


def _linked(row: Row, numbers: Mapping[object, str], titles: Mapping[str, str]) -> Row:
    number, title = row.fields["target_number"], row.fields["target_title"]
    target = numbers.get(number) if number else titles.get(key(str(title)))
    return _replaced(row, {**row.fields, "target_id": target}, row.notes) if target else row
