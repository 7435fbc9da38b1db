"""Mask identity card, phone and bank numbers of private persons. Numbers of offices stay."""

from __future__ import annotations

import re

from app.parser.text.private_roles import DIRECT, LOOSE

_MASK = "××××"
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-8]\d{5}\s?(?:18|19|20)\d{2}\s?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_OLD_IDENTITY = re.compile(r"(身份证(?:件)?(?:号码?)?\s?[:：为是]?\s?)(\d{17}[0-9Xx]|\d{15})(?![0-9A-Za-z])")
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.])(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?![0-9A-Za-z.元万亿吨人户个%％])"
)
_PHONE = re.compile(
    r"((?:电话|手机|联系方式|联系号码|手机号码?|电话号码)\s?[:：为是]?\s?)((?:\(?0\d{2,3}\)?[-\s]?)?\d{7,8}|1[3-9]\d{9})(?![0-9])"
)
_CARD = re.compile(
    r"((?:银行卡|储蓄卡|借记卡|信用卡|社保卡|存折|一卡通|银行|卡|个人)(?:账|帐|卡)?[号户]?(?:码)?\s?[:：为是]?\s?)(\d(?:[\s-]?\d){11,20})(?!\d)"
)
_ACCOUNT = re.compile(r"((?:账|帐)[号户](?:码)?\s?[:：为是]?\s?)(\d(?:[\s-]?\d){7,24})(?!\d)")
_OFFICE = re.compile(
    r"(?:监督|举报|投诉|咨询|服务|办公|值班|客服|报名|受理|联络员?|热线|传真|总机|前台|窗口)[^，,。；;\d]{0,12}$|联系人[^。；;\d]{0,30}$"
)
_OFFICE_ACCOUNT = re.compile(
    r"(?:户名|账户名称|开户(?:名称|单位)|收款(?:单位|人|方)|单位名称|全称)\s?[:：]?\s?[^，,。；;\s]{2,40}(?:局|公司|中心|院|会|厅|处|站|所|校|学|社|部|委|府|厂|专户|基金)"
)
_PERSON = re.compile(rf"(?:{DIRECT.pattern})|(?:{LOOSE.pattern})|本人|个人|某某")


def mask_private_numbers(text: str, *, has_person: bool) -> tuple[str, list[tuple[str, str]]]:
    """Return the text with private numbers as ××××, and what was masked: what it is, without the number.

    `has_person` says that a private person was masked in the same line.
    """
    if not _DIGITS.search(text):
        return text, []
    found: list[tuple[str, str]] = []
    is_private = has_person or _PERSON.search(text) is not None

    def mask_whole(_match: re.Match[str]) -> str:
        found.append((_MASK, "the identity number"))
        return _MASK

    def mask_named(match: re.Match[str]) -> str:
        found.append((match[1].strip() + _MASK, "a number"))
        return match[1] + _MASK

    def mask_phone(match: re.Match[str]) -> str:
        if _OFFICE.search(text_now[max(0, match.start() - 40) : match.start() + len(_lead(match))]) and not has_person:
            return match[0]
        found.append((_MASK, "the phone number"))
        return _lead(match) + _MASK

    text = _OLD_IDENTITY.sub(mask_named, _IDENTITY.sub(mask_whole, text))
    if not _OFFICE_ACCOUNT.search(text):
        text = _CARD.sub(mask_named, text)
        if is_private:
            text = _ACCOUNT.sub(mask_named, text)
    text_now = text
    text = _MOBILE.sub(mask_phone, text)
    if has_person:
        text_now = text
        text = _PHONE.sub(mask_phone, text)
    return text, found


def _lead(match: re.Match[str]) -> str:
    return match[1] if match.re.groups > 1 else ""


_DIGITS = re.compile(r"\d{6}|\d{3}[-\s]\d{4}")
