"""Relations to other documents that provisions state: repeals, amendments, legal bases, citations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from app.parser.documents.mentions import Mention, ShortNames, find_mentions, mask_mentions, usual_number
from app.parser.documents.own_titles import OwnTitles
from app.parser.documents.provision_tree import Provision
from app.parser.records import ParsedRow, Value
from app.parser.structure.annexes import Annex
from app.parser.text.normalise import fold_width, match_key, remove_spaces

RelationName = Literal["repeals", "amends", "amended_by", "based_on", "cites"]
_SENTENCE = re.compile(r"[^。；;\n]{0,4000}[。；;\n]?")
_REPEAL_WORD = "废止|失效|停止执行|停止施行|停止使用|不再执行|不再施行|不再适用"
# What may stand between a title and the word that repeals it. Mentions are boxes here.
_BETWEEN = (
    r"(?:□|[、,和及与]|以及|\([^()]{0,60}\)|等|的?\d{1,3}[件个项份]|[件个项份]|(?:行政|政府)?规范性文件|文件|规章|政策|即行|同时|即|均|也|亦"
    r"|相应|一并|届时|随之|一律|全部|予以|宣布"
    r"|[自从于](?:本[一-鿿]{2,4}|\d{4}年\d{1,2}月\d{1,2}日|即日)?(?:正式)?(?:(?:施行|实施|印发|发布|公布|执行|生效)?之日)?起)*"
)
# 建议修改《甲办法》, 研究修订: somebody is asked to change the document, and this sentence does not.
_PROPOSED = re.compile(
    r"(?:建议|研究|推动|推进|加快|抓紧|适时|提请|配合|参与|组织|启动|做好|完善|及时|尽快|开展|论证|计划|拟|应当?|需要?|要|可以?|提出|争取|探索|支持"
    r"|督促|指导|落实|加强|强化|制定或|或者?|制|清理|[负牵]责|牵头|结合|根据需要|有权|会同|报请|依法)[^,。;]{0,12}$"
)


class RelationRule(NamedTuple):
    """Words around a mention that make it more than a citation.

    `before` must end, and `after` begin, beside the mention. Other mentions in the sentence are boxes. `example` names
    the document 甲办法.
    """

    relation: RelationName
    before: re.Pattern[str]
    after: re.Pattern[str]
    example: str


_ANYTHING = re.compile("")
RULES: tuple[RelationRule, ...] = (
    RelationRule(
        "amended_by",
        re.compile(r"(?:根据|依据|按照|依照|批准的|通过的|公布的|发布的)[^。;]{0,80}$"),
        re.compile(r"(?:第[一二三四五六七八九十\d]{1,3}次)?(?:修正|修订|修改)(?!为|意见|后|的|完善|工作|稿|草案)"),
        "（2018年7月27日批准的《甲办法》修正）",
    ),
    RelationRule(
        "amends",
        _ANYTHING,
        re.compile(
            r"(?:部分)?(?:条款|内容|条文)?(?:根据本决定)?(?:作如下|作出如下|作以下|作出以下|进行如下|予以|作出|作)(?:相应)?的?(?:修改|修正|修订)"
        ),
        "决定对《甲办法》作如下修改：",
    ),
    RelationRule(
        "amends",
        re.compile(r"[将对把](?:原|现行)?$"),
        re.compile(r"[^。;]{0,120}(?:修改为|修订为|修正为|调整为|删去|删除)"),
        "将《甲办法》第三条修改为：",
    ),
    RelationRule("amends", re.compile(r"(?:删去|删除)$"), re.compile(r"第|中"), "删去《甲办法》第三条。"),
    RelationRule("amends", re.compile(r"决定(?:修改|修正|修订)$"), _ANYTHING, "市政府决定修改《甲办法》。"),
    RelationRule(
        "repeals",
        _ANYTHING,
        re.compile(rf"{_BETWEEN}(?:{_REPEAL_WORD})(?!后|的|前|情形|条件|或者|、)"),
        "《甲办法》同时废止。",
    ),
    RelationRule(
        "repeals",
        re.compile(r"(?:废止|停止执行|宣布失效)(?:原|以下|下列|[:、,和及与]|以及|□|\([^()]{0,60}\))*$"),
        re.compile(r"(?!中|第|规定的|有关|关于)"),
        "决定废止《甲办法》。",
    ),
)
"""The rules in the order in which they are tried; what none of them fits is a basis or a citation."""

_BASE = re.compile(r"根据|依据|按照|依照|遵照|遵循|贯彻落实|贯彻|落实")
_BASE_END = re.compile(r"精神|规定|要求|部署|[,。]")
# 要按照《…》: others are told to act by the document.
_TOLD = re.compile(r"(?:要|应当?|必须|须|请|严格|认真|切实|继续|进一步|可以?)$")
# The words with which a document says why it is issued: only there does 根据《…》 name its basis.
_ISSUED_FOR = re.compile(
    r"制[定订]本|特制[定订]|[提制]出(?:如下|以下|本)|通知如下|通告如下|公告如下|决定如下|作出(?:如下|以下)决定"
)
# 下列文件予以废止：
_REPEALED_BELOW = re.compile(
    r"(?:废止|停止执行|不再执行|失效)[^。;]{0,40}(?:以下|下列|如下)[^。;]{0,40}:$"
    r"|(?:以下|下列|如下)[^。;]{0,40}(?:废止|停止执行|不再执行|失效)[^。;]{0,20}:$"
)
# 宣布失效的文件目录
_REPEALED_ANNEX = re.compile(r"(?:废止|失效|停止执行)[^，。]{0,12}(?:文件|规章|法规|目录|清单)")
# 甲条例（1987年2月3日市政府发布）
_BARE_ITEM = re.compile(
    r"([^，。；：《》（()）]{4,100}(?:条例|规定|办法|细则|规则|通知|决定|意见|制度|章程|标准))"
    r"(?:[（(](?:试行|暂行)[)）])?(?:[（(][^（）()]{4,80}(?:发布|批准|公布|印发|修订)[^（）()]{0,400}[)）])?[；;。]?"
)
_MAX_LEAD_LENGTH = 400


def extract_relations(
    document_id: str,
    own_title: str,
    own_number: str | None,
    provisions: Sequence[Provision],
    annexes: Sequence[Annex] = (),
) -> list[ParsedRow]:
    """Return the relations of a document in text order, each from the deepest provision that states it.

    `target_id` stays None until all documents of the issue are known (`link_targets`).
    A bare number takes the title that the same document gives with that number elsewhere. A short name (《规划》) is
    what it was introduced for; where that is not known there is no relation.
    """
    own = OwnTitles(own_title, own_number, annexes)
    titles: dict[str, str] = {}
    seen: set[tuple[str, str, str]] = set()
    counts: dict[str, int] = {}
    rows: list[ParsedRow] = []
    short_names = ShortNames()
    for provision in provisions:
        listed = _is_in_repeal_list(provision, provisions)
        found = list(_classify_mentions(provision, short_names))
        if listed and (item := _bare_item(provision.text or provision.heading or "")):
            found = [("repeals", item, "")]
        for relation, mention, around in found:
            if listed and relation == "cites" and (item := _listed_item(provision.text, mention)):
                relation, mention = "repeals", item
            number = usual_number(mention)
            if mention.title and number:
                titles.setdefault(number, mention.title)
            # A document may repeal or change an earlier one of its own title, but not itself.
            if (relation not in ("repeals", "amends") or number) and own.means(mention, number, around):
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
    """Tell whether an item is in a list below words such as 下列文件予以废止, or in an annex of that title."""
    above = provision.parent or (provisions[0] if provisions[0].path == "pre" else None)
    if above is None or above is provision:
        return False
    if above.heading and _REPEALED_ANNEX.search(above.heading):
        return True
    return _REPEALED_BELOW.search(fold_width(above.text.rstrip()[-160:])) is not None


def _listed_item(text: str, mention: Mention) -> Mention | None:
    """Return the mention with which an item of a list begins: 《甲办法》, or 关于甲的通知 with its number."""
    if mention.start == 0:
        return mention
    lead = text[: mention.start].rstrip()
    is_title = mention.title is None and lead[-1:] in ("(", "（") and not re.search(r"[，。；《]", lead)
    return mention._replace(title=remove_spaces(lead[:-1])) if is_title and len(lead) <= _MAX_LEAD_LENGTH else None


def _bare_item(text: str) -> Mention | None:
    """Return the document that an item of a list of repealed documents names without 《》 and without a number."""
    match = _BARE_ITEM.fullmatch(text)
    return Mention(0, match.end(1), remove_spaces(match[1]), None, match.end(1)) if match else None


def _with_title(row: ParsedRow, titles: Mapping[str, str]) -> ParsedRow:
    number = row.fields["target_number"]
    if row.fields["target_title"] is not None or not isinstance(number, str) or number not in titles:
        return row
    fields = {**row.fields, "target_title": titles[number]}
    return _with_fields(row, fields, "title as given elsewhere in the same document")


def _with_fields(row: ParsedRow, fields: Mapping[str, Value], notes: str | None) -> ParsedRow:
    return replace(row, fields=fields, notes=notes)


def _classify_mentions(provision: Provision, short_names: ShortNames) -> Iterator[tuple[RelationName, Mention, str]]:
    """Yield the relation of every mention in a provision, the mention, and the words that follow it."""
    text = provision.text
    opening = provision.path == "pre" or provision.path.endswith("art1")
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        if "《" not in sentence and "号" not in sentence:
            continue
        folded, mentions = fold_width(sentence), find_mentions(sentence)
        masked = mask_mentions(folded, mentions)
        for mention in mentions:
            meant = short_names.resolve(mention)
            if meant is None:
                continue
            relation = classify_mention(masked, mention, opening)
            placed = meant._replace(start=match.start() + mention.start, end=match.start() + mention.end)
            yield relation, placed, folded[mention.title_end : mention.title_end + 80]
        short_names.learn(sentence, mentions)


def classify_mention(masked: str, mention: Mention, opening: bool) -> RelationName:
    """Return the relation of a mention in a sentence whose mentions are masked.

    `opening` tells whether the sentence stands where a document names its basis, in the preamble or the first article.
    """
    before = masked[max(0, mention.start - _MAX_LEAD_LENGTH) : mention.start]
    after = masked[mention.end : mention.end + _MAX_LEAD_LENGTH]
    clause = before[before.rfind(",") + 1 :]
    for rule in RULES:
        if rule.before.search(before) and rule.after.match(after):
            if rule.relation != "amended_by" and "决定" not in clause and _PROPOSED.search(clause):
                continue
            return rule.relation
    if not opening and not _ISSUED_FOR.search(masked):
        return "cites"
    base = max(_BASE.finditer(before), key=lambda match: match.start(), default=None)
    if base is None or _is_told(before[: base.start()]):
        return "cites"
    between = re.sub(r"\([^()]*\)", "", before[base.end() :])
    return "cites" if _BASE_END.search(between) else "based_on"


def _is_told(lead: str) -> bool:
    """Return whether the words before 按照《…》 tell others to act; 为认真落实《…》 says why the document is issued."""
    clause = lead[max(lead.rfind(mark) for mark in ",□:") + 1 :]
    return _TOLD.search(clause) is not None and not clause.lstrip().startswith("为")


def link_targets(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """Fill in `target_id` of the relations whose target is among the documents of these rows."""
    numbers: dict[object, str] = {row.fields["document_number"]: row.id for row in rows if row.dataset == "documents"}
    titles = {match_key(str(row.fields["title"])): row.id for row in rows if row.dataset == "documents"}
    return [_with_target(row, numbers, titles) if row.dataset == "relations" else row for row in rows]


def _with_target(row: ParsedRow, numbers: Mapping[object, str], titles: Mapping[str, str]) -> ParsedRow:
    number, title = row.fields["target_number"], row.fields["target_title"]
    target = numbers.get(number) if number else titles.get(match_key(str(title)))
    return _with_fields(row, {**row.fields, "target_id": target}, row.notes) if target else row
