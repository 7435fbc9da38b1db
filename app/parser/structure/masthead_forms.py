"""The forms in which covers and mastheads print number, serial number and day of publication, each with an example.

A line is read in its folded form, without spaces beside Chinese characters. The forms are tried in the order of the
table, and what one has read is taken out of the line, so that 总第225期 is no number of the year and 准字第021号 is
nothing at all.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from app.parser.text.normalise import fold_width, parse_numeral, remove_spaces

Kind = Literal["other", "date", "day", "month", "serial", "number", "supplement", "combined", "year", "title"]

_ARABIC_YEAR = r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])"
_HAN_DIGITS = "零一二三四五六七八九"
_YEAR = rf"(?P<year>{_ARABIC_YEAR}|[一二][零九0O][{_HAN_DIGITS}0O]{{2}})"
_N = rf"[0-9]{{1,2}}(?![0-9])|[{_HAN_DIGITS}十]{{1,3}}"
_LARGE = rf"[0-9]{{1,6}}|[{_HAN_DIGITS}十百千]{{1,9}}"
_TO = r"(?:[期号]?(?:-|~|〜|∼|/|、|,|至|和)第?)"
_PUBLISHED = "出版|发行|出刊|刊发"
_MADE = "编印|编辑|印刷|印制|印发"
_LABEL = rf"(?:(?P<label>{_PUBLISHED}|{_MADE})(?:日期|时间|日|:)?:?)"
_AFTER = rf"(?P<after>{_PUBLISHED}|{_MADE})"
_DAY = (
    rf"{_YEAR}(?:年(?P<month>{_N})月(?P<day>{_N})[日号]|"
    r"(?P<sep>[-./])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})(?![0-9]))"
)
_SUPPLEMENT = rf"\(?增刊\(?第?(?P<supplement>{_N})?[期号辑]?\)?\)?"
_NUMBERS = rf"(?P<number>{_N})(?:{_TO}(?P<to>{_N}))?"
_EXTRA = rf"(?P<combined>\(?合刊\)?)?(?P<extra>{_SUPPLEMENT})?(?P<half>\(?[上下](?:半月刊?|旬刊?|册)?\)?(?![一-龥]))?"
_NO = r"N[O0][.:]?"


class CoverForm(NamedTuple):
    """One form: what it gives, how it is printed, an example, and what is read from the example."""

    kind: Kind
    pattern: re.Pattern[str]
    example: str
    value: str


def _form(kind: Kind, pattern: str, example: str, value: str = "") -> CoverForm:
    return CoverForm(kind, re.compile(pattern, re.IGNORECASE), example, value)


COVER_FORMS: tuple[CoverForm, ...] = (
    # Numbers of other things.
    _form("other", r"ISSN:? ?[0-9]{4}-?[0-9]{3}[0-9X]", "ISSN 1672-1578"),
    _form("other", r"CN:? ?[0-9]{2}-[0-9]{4}(?:/[A-Z]{1,2})?", "CN 11-4957/D"),
    _form("other", r"[一-龥()]{0,12}准(?:印证?|字)号?:?[A-Z0-9一-龥()-]{0,24}(?:号|[0-9])", "浙内准字第C021号"),
    _form("other", r"[一-龥]{0,6}[登证备许](?:记证?)?字?[A-Z0-9()-]{0,12}第[A-Z]?[0-9-]{1,8}号", "粤内登字O第85号"),
    _form("other", r"[一-龥]{0,6}(?:刊号|代号):?[A-Z0-9()/-]{2,16}", "邮发代号：2-318"),
    _form("other", r"(?:电话|传真|热线):?(?:[0-9()+-]|转)+", "电话：0577-00000000"),
    _form("other", r"邮(?:政?编码?):?[0-9]{6}", "邮编：325009"),
    _form("other", r"(?:每[册本期])?(?:定价|售价|工本费):?[0-9.]+元?", "定价：5.00元"),
    _form("other", r"印数:?[0-9,]+[册份]?", "印数：3000册"),
    _form(
        "other",
        r"每[周旬月季年](?:逢?[0-9一二三四五六七八九十、,和及日号]{1,12})?(?:出版|发行|出刊)",
        "每月10日、25日出版",
    ),
    _form("other", rf"{_YEAR}年(?:(?:{_N})月)?创刊", "1984年创刊"),
    _form("other", rf"创刊(?:于|日期)?:?{_YEAR}年?(?:(?:{_N})月)?", "创刊于1984年"),
    _form("other", rf"第(?:{_LARGE})卷", "第15卷"),
    _form("other", r"(?:本期)?共[0-9]{1,4}页|第[0-9]{1,4}页", "本期共48页"),
    _form("other", r"\(?(?:星期|周)[一二三四五六日天]\)?", "星期四"),
    # Days. The label tells whether it is the day of publication.
    _form("date", rf"{_LABEL}{_DAY}", "出版日期：2021年6月20日", "出版 2021-06-20"),
    _form("date", rf"{_DAY}{_AFTER}", "二〇二一年六月三十日出版", "出版 2021-06-30"),
    _form("date", _DAY, "2021.06.20", "2021-06-20"),
    _form("day", rf"{_LABEL}(?P<month>{_N})月(?P<day>{_N})[日号]", "出版日期：6月20日", "出版 06-20"),
    _form("day", rf"(?P<month>{_N})月(?P<day>{_N})[日号]{_AFTER}", "6月20日出版", "出版 06-20"),
    _form("day", rf"(?<![0-9年])(?P<month>{_N})月(?P<day>{_N})[日号]", "6月20日", "06-20"),
    _form("month", rf"{_LABEL}{_YEAR}(?:年|[./-])(?:{_N})月?(?![0-9])", "出版日期：2021年6月", "2021"),
    _form("month", rf"{_YEAR}年(?:{_N})月{_AFTER}", "2021年6月出版", "2021"),
    # The serial number over all years.
    _form(
        "serial",
        rf"总(?:第|号:?|期[数号]?:?第?)(?P<serial>{_LARGE})(?:{_TO}(?:{_LARGE}))?[期号]?",
        "总号：1653",
        "1653",
    ),
    _form("serial", rf"总(?P<serial>[0-9]{{1,6}})(?:{_TO}[0-9]{{1,6}})?[期号]", "总708期", "708"),
    _form("serial", rf"累计第?(?P<serial>{_LARGE})[期号]", "累计第96期", "96"),
    # The number in the year.
    _form(
        "number", rf"{_YEAR}[)\]]?年?(?:度)?[·・,]?\(?第{_NUMBERS}[期号]\)?{_EXTRA}", "2021年第5—6期合刊", "2021-05_06"
    ),
    _form("number", rf"{_YEAR}年? ?{_NO}{_NUMBERS}{_EXTRA}", "2021年 No.5", "2021-05"),
    _form("number", rf"{_NO}{_NUMBERS}[ ,·/(]?{_YEAR}\)?年?", "No.5 2021", "2021-05"),
    _form("number", rf"{_YEAR}年{_NUMBERS}期{_EXTRA}", "2021年5期", "2021-05"),
    _form("number", rf"{_YEAR}[.·・‧/-]{_NUMBERS}[期号]?{_EXTRA}(?![0-9日月])", "2021·5", "2021-05"),
    _form("number", rf"{_YEAR}年{_NUMBERS}月(?P<of_month>号|合刊|刊){_EXTRA}", "2021年5月号", "2021-05"),
    _form("number", rf"第{_NUMBERS}[期号]{_EXTRA}", "第五期", "05"),
    _form("number", rf"{_NO}{_NUMBERS}", "NO.5", "05"),
    _form("number", rf"(?<![0-9第])(?P<number>{_N}){_TO}(?P<to>{_N})期{_EXTRA}", "5、6期合刊", "05_06"),
    _form("number", rf"^(?P<number>{_N})期{_EXTRA}$", "5期", "05"),
    _form("number", rf"(?<![0-9第])(?P<number>{_N})月(?P<of_month>号){_EXTRA}", "5月号", "05"),
    _form("supplement", _SUPPLEMENT, "增刊（二）", "2"),
    _form("combined", r"合刊", "合刊"),
    _form("month", rf"{_YEAR}年(?:{_N})月(?:份|刊)?(?![0-9])", "2021年5月", "2021"),
    _form("year", rf"{_YEAR}年?(?:度)?", "二○二一年", "2021"),
    _form(
        "title", r"《?[一-龥]{0,24}(?:公报|政报|公告|政务通报)(?:\([一-龥]{1,8}\))?》?", "《临江政报》", "《临江政报》"
    ),
)

_FILLER = re.compile(
    r"(?:半月|双月|月|旬|周|季|年|不定期)刊|不定期出?版?|期刊|期|合刊|目录|目次|要目|内部资料|免费赠阅|注意保存|公开发行|国内外|国内|"
    r"[一-龥]{2,24}(?:政府|办公[厅室]|编辑部|中心)(?:主管|主办|承办|编辑|编印?|出版|印刷){0,3}(?=[^一-龥]|$)|"
    r"(?:主管|主办|承办|承编|编辑|编印|出版|发行|印刷)(?:单位|部门)?:?[一-龥()]{4,30}?(?=[\s()|:]|$)|"
    r"(?:出版|发行|印刷|编印)(?:日期|时间):?|"
    r"[A-Za-z][A-Za-z' .,&-]{2,80}|农历.*|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年.*|[\W_]"
)
_PENDING_LABEL = re.compile(rf"(?P<label>{_PUBLISHED}|{_MADE})(?:日期|时间|日):?$")
_QUOTES = re.compile(r"[*#\"'“”‘’「」]+")
_SPACED_DIGIT = re.compile(r"(?<=(?<![0-9])[0-9]) (?=[0-9](?![0-9]))")
_SPACE_AT_SIGN = re.compile(r" (?=[^0-9A-Za-z])|(?<=[^0-9A-Za-z]) ")
_MAX_LINE_LENGTH = 120
_THOUSAND = re.compile(r"(?P<thousands>[一二三四五六七八九]?)千零?(?P<rest>.*)")


class Printed(NamedTuple):
    """What one form gives: its kind, its values, and the words by which it is said.

    `label` is the word beside a day. `is_of_month` tells that the number is printed as that of a month, `is_ambiguous`
    that the print leaves out which of several issues it is (5期上, 合刊 without a last number). `start` is the place in
    the folded line.
    """

    kind: Kind
    text: str
    year: int | None = None
    number: int | None = None
    number_to: int | None = None
    supplement: int | None = None
    serial: int | None = None
    month: int | None = None
    day: int | None = None
    label: str | None = None
    is_of_month: bool = False
    is_ambiguous: bool = False
    start: int = 0

    @property
    def date(self) -> date | None:
        """The full day; None without a year or for a day that does not exist."""
        return make_date(self.year, self.month, self.day)

    @property
    def is_publication(self) -> bool:
        """Whether the word beside a day says that it is the day of publication."""
        return self.label is not None and re.fullmatch(_PUBLISHED, self.label) is not None


class CoverLine(NamedTuple):
    """What a line says about the issue; `is_pure` tells that it says nothing else."""

    printed: tuple[Printed, ...]
    is_pure: bool
    pending_label: str | None = None


NOTHING = CoverLine((), False)


def read_cover_line(text: str) -> CoverLine:
    """Return what a line says about the issue, in the order of the table of forms."""
    if not 1 < len(text) <= _MAX_LINE_LENGTH:
        return NOTHING
    rest = key = _cover_key(text)
    found: list[Printed] = []
    if not re.search(r"[0-9零一二三四五六七八九十]|报|增刊|合刊", key):
        pending = _PENDING_LABEL.search(key)
        return CoverLine((), pending is not None, pending["label"] if pending else None)
    for form in COVER_FORMS:
        for match in list(form.pattern.finditer(rest)):
            printed = _read(form.kind, match)
            if printed is None:
                continue
            found.append(printed)
            rest = rest[: match.start()] + "|" * (match.end() - match.start()) + rest[match.end() :]
    has_title = any(each.kind == "title" for each in found)
    left = _FILLER.sub("", rest)
    is_pure = not left or (has_title and re.fullmatch(r"[0-9]{1,3}", left) is not None)
    pending = _PENDING_LABEL.search(key)
    said = tuple(each for each in found if each.kind != "other")
    return CoverLine(said, is_pure, pending["label"] if pending else None)


def _cover_key(text: str) -> str:
    """Return the folded line. A space stays between two Latin words or numbers, not between single digits."""
    key = _QUOTES.sub("", fold_width(remove_spaces(text)))
    return re.sub(r"-+", "-", _SPACED_DIGIT.sub("", _SPACE_AT_SIGN.sub("", key)))


def _read(kind: Kind, match: re.Match[str]) -> Printed | None:
    """Return the values of a match; None when they are no number or no day."""
    said = {name: value for name, value in match.groupdict().items() if value}
    year = parse_year(said["year"]) if "year" in said else None
    printed = Printed(kind, match[0], year, label=said.get("label") or said.get("after"), start=match.start())
    if kind == "number":
        return _read_number(printed, said)
    if kind == "serial":
        serial = parse_serial(said["serial"])
        return printed._replace(serial=serial) if serial else None
    if kind == "supplement":
        return printed._replace(supplement=parse_numeral(said.get("supplement", "1")) or 1)
    if kind in ("date", "day"):
        month, day = (
            parse_numeral(said.get(long) or said.get(short, "")) for long, short in (("month", "m"), ("day", "d"))
        )
        printed = printed._replace(month=month, day=day)
        return printed if make_date(year or 2000, month, day) else None
    return printed


def _read_number(printed: Printed, said: dict[str, str]) -> Printed | None:
    number = parse_numeral(said["number"])
    number_to = parse_numeral(said["to"]) if "to" in said else None
    if not number or number > 99 or (number_to is not None and not number < number_to <= 99):
        return None
    return printed._replace(
        number=number,
        number_to=number_to,
        supplement=(parse_numeral(said.get("supplement", "1")) or 1) if "extra" in said else None,
        is_of_month="of_month" in said,
        is_ambiguous="half" in said or ("combined" in said and number_to is None),
    )


def parse_year(text: str) -> int:
    """Return a year printed digit by digit, in Arabic or Chinese digits."""
    return int(
        "".join(
            str(_HAN_DIGITS.index(char)) if char in _HAN_DIGITS else char for char in text.upper().replace("O", "0")
        )
    )


def parse_serial(text: str) -> int | None:
    """Return a serial number, in Arabic or Chinese numerals, up to 9999."""
    if match := _THOUSAND.fullmatch(text):
        rest = parse_numeral(match["rest"]) if match["rest"] else 0
        return None if rest is None else (parse_numeral(match["thousands"]) or 1) * 1000 + rest
    return parse_numeral(text)


def make_date(year: int | None, month: int | None, day: int | None) -> date | None:
    """Return a date, None when a part is missing or the day does not exist."""
    if not (year and month and day):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
