"""Mask the names of private persons: a resident, owner, party or patient becomes surname and 某某.

The masked form is `X村林某某户`. Officials in their public role keep their names. The whole text is masked before
anything else reads it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.parser.records import Doubt, Line

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向"
    "汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆司卓古吉缪简项连芦麦褚娄窦戚岑景宫费"
    "卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬师和仇栾隋刁沙荣巫寇桑郎甄丛仲虞敖巩佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘闻厉伊仝郜阚花帅屠豆朴盖练廉禹井祖漆巴丰卿狄平"
)
_COMPOUND = "欧阳|上官|司马|诸葛|司徒|东方|令狐|皇甫|夏侯|尉迟|公孙|慕容|长孙|宇文|司空"
_SURNAME = f"(?:{_COMPOUND}|[{_SURNAMES}])"
_GIVEN = r"[\u4e00-\u9fff]"

# Words that begin like a surname and name no person, as far as the patterns below match them.
_NO_NAMES = re.compile(
    "安置|万元|文明|平安|和睦|和谐|金牌|高龄|高收|单身|单亲|平均|成员|和其|和户|方便|方面|解决|应当|管理|关于|关心|任何|连续|申请|申报|安全|房屋|房产"
    "|温暖|石油|边缘|荣誉|和社|和企|和单|和村|和居|左右|向社|严重|查询|查看|原有|南片|南部|项目|游客|江边|封闭|成立|成为|成功|景区|宗教|费用|金额|金融"
    "|马上|白天|高度|高新|高中|高校|方案|方式|文化|文体|孔子|石材|石料|石子|华侨|易地|易腐|任务|安装|安排|康复|乐意|平时|平等|应急|应该|连接|单独|关注"
    "|关爱|解释|解读|高层|高档|平房|平台|金属|石头|古建|单层|农村|高龄|学校|安心|安居|乐于|常年|常住|连夜|连日|全部|全体|向往|和平"
)
_PLACE = r"[道村社区居里弄巷组号庄屯湾寨苑园坊街路队院楼幢室乡镇]"
_TITLE_AFTER = re.compile(
    "书记|主任|市长|县长|区长|局长|主席|委员|院长|校长|会长|部长|镇长|乡长|村长|支书|所长|处长|科长|同志"
)
_NAME = rf"({_SURNAME})\s?({_GIVEN}{{1,3}}?)"
_END = (
    r"(?=[\t\s，,。；;、）)（(：:！!？?”\"<]|等(?!级)|$"
    r"|的|家|户|夫妇|夫妻|本人|说|表示|因|与|和|诉|向|在|于|系|患|为|死亡|受伤"
    r"|应当|应该|应于|须|拒不|未按|未在|反[映馈]|投诉|举报|提出|提供|提交|认为|要求|请求|介绍|告诉|告知|拨打|致电|来[电信访到]|领[取到]|签[订署约]|拒绝|同意|不服|起诉"
    r"|上诉|报[警案]|称|讲|确诊|感染|发病|就[诊医]|住院|治愈|出院|去世|病[逝故]|遇难|失踪|落水|溺水|[名所]下|承[租包]|居住|家住|现年|今年|[男女][,，性])"
)
_OF_HOUSE = (
    r"(?=\s?[（(]?(?:等\s?\d{0,3}\s?)?"
    r"(?:户(?![籍口数均型])|住宅|房屋|民房|老宅|[宅家](?=[\t，,。；;、）)]|$)))"
)
_HOUSEHOLD = re.compile(rf"((?<={_PLACE})\s?|(?<=\t)\s?|(?<=[:：、，,；;（(])|^){_NAME}{_OF_HOUSE}")
_CELL_HOUSEHOLD = re.compile(rf"()({_SURNAME})({_GIVEN}{{2}})(?=户\s*(?:\t|$))")
_ROLES = (
    "户主|房主|业主|住户|产权人|所有权人|承租人|被征收人|被拆迁人|患者|病人|病患|确诊病例|当事人|原告|被告|上诉人|"
    "申请人|第三人|被执行人|低保户|困难户|贫困户|特困户|被?拆迁户|安置户|幸存者|投诉人|举报人|信访人|逝者|患儿|村民|居民|死者|伤者|遇难者|受害人|被害人|嫌疑人|肇事者|车主|船主|家属|租户|店主"
)
_ROLE_NAME = re.compile(rf"((?:{_ROLES})(?:姓名|代表)?[是为]?\s?[:：]?\s?){_NAME}{_END}")
# People who may stand before other words: only a name of three characters counts.
_LOOSE_ROLES = "市民|群众|老人|家长|房东|租客|亲属|遗属|监护人"
_LOOSE_NAME = re.compile(rf"((?:{_LOOSE_ROLES})[:：]?\s?)({_SURNAME})({_GIVEN}{{2}}){_END}")
_SPACED_NAME = re.compile(rf"((?:{_ROLES})(?:姓名)?\s?[:：]?\s?)({_SURNAME})((?:\s{_GIVEN}){{2}})(?![\u4e00-\u9fff])")
_NAME_OF_ROLE = re.compile(rf"((?<=[^\u4e00-\u9fff])|^)({_SURNAME})({_GIVEN}{{1,2}})(?=\s?[（(](?:{_ROLES})[）)])")
_NEXT_NAME = re.compile(rf"((?<=某某)[、和]){_NAME}{_END}")
_NAME_BEFORE = re.compile(rf"((?<=[^\u4e00-\u9fff])|^|(?<={_PLACE})){_NAME}(?=[、和](?:{_SURNAME})某某)")
_PERSON_COLUMN = re.compile(
    r"(?:户主|房主|业主|住户|产权人|所有权人|承租人|被征收人|被拆迁人|患者|当事人|被执行人|租户)(?:姓名|名称)?"
)
_CELL_NAME = re.compile(rf"()\s*({_SURNAME})\s?({_GIVEN}{{1,3}})\s*")
_SUSPECT = re.compile(
    rf"(?:{_ROLES})[:：]?\s?({_SURNAME})({_GIVEN}{{2}})|(?<!\w)({_SURNAME})({_GIVEN}{{2}})(?:户|\s*\t\s*住房)"
)
_OFFICE = re.compile(r"(?:长|书记|主任|主席|委员|同志|主编|编辑|编委|[:：]|[、 　])\s*$")
_ADDRESS = re.compile("某|先生|女士|小姐|大[爷妈娘伯叔]|阿[婆姨公]|老[师汉]|师傅|奶奶|爷爷")
_MASK = "某某"
_MAX_NAMES = 2000  # names in one pattern; a text with more of them is noise


class _Masker:
    """Masks one text and remembers the names found, so that their other mentions are masked too."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.masked: list[Doubt] = []
        self._line = 0
        self._person_columns: list[int] = []

    def mask_line(self, line: Line) -> Line:
        """Return the line with every name masked that the patterns prove to be a private person's."""
        self._line = line.number
        text = self._mask_cells(line.text) if "\t" in line.text else self._leave_table(line.text)
        text = _HOUSEHOLD.sub(self._replace, text)
        for pattern in (_SPACED_NAME, _ROLE_NAME, _LOOSE_NAME, _NAME_OF_ROLE):
            text = pattern.sub(self._replace, text)
        if _MASK in text:
            text = _NAME_BEFORE.sub(self._replace, _NEXT_NAME.sub(self._replace, text))
        return line if text == line.text else Line(line.number, text)

    def mask_known_names(self, line: Line, pattern: re.Pattern[str]) -> Line:
        """Return the line with the names found elsewhere in the text masked, unless an office stands before them."""

        def replace(match: re.Match[str]) -> str:
            if _OFFICE.search(match.string[max(0, match.start() - 6) : match.start()]):
                self.masked.append(Doubt(line.number, self.names[match[0]], "left: like a masked name, but in office"))
                return match[0]
            self.masked.append(Doubt(line.number, self.names[match[0]], "a name met elsewhere, masked"))
            return self.names[match[0]]

        text = pattern.sub(replace, line.text)
        return line if text == line.text else Line(line.number, text)

    def _leave_table(self, text: str) -> str:
        """Return a line without cells; a line with text ends the table above it."""
        if text.strip():
            self._person_columns = []
        return text

    def _mask_cells(self, text: str) -> str:
        """Return a row of cells with the names masked below a header of private persons (户主, 业主 …)."""
        cells = text.split("\t")
        person_columns = [index for index, cell in enumerate(cells) if _PERSON_COLUMN.fullmatch(cell.strip())]
        if person_columns:
            self._person_columns = person_columns
            return text
        for index in self._person_columns:
            if index < len(cells) and (match := _CELL_NAME.fullmatch(cells[index])):
                cells[index] = self._replace(match)
        return _CELL_HOUSEHOLD.sub(self._replace, "\t".join(cells))

    def _replace(self, match: re.Match[str]) -> str:
        lead, surname, given = match.groups()
        given = "".join(given.split())
        name = surname + given
        if _NO_NAMES.match(name) or _ADDRESS.match(given) or _TITLE_AFTER.match(match.string, match.end()):
            return match[0]
        if len(given) > 1:
            self.names[name] = surname + _MASK
        self.masked.append(Doubt(self._line, f"{lead.strip()}{surname}{_MASK}", "a private person's name, masked"))
        return f"{lead}{surname}{_MASK}"


def mask_private_names(lines: Sequence[Line]) -> tuple[list[Line], list[Doubt], list[Doubt]]:
    """Return the masked lines, the masked places, and the places that look like a private person's name.

    The masked places say where and how, never the name. The last list holds what is not proved and was left as
    printed, with the surname only.
    """
    masker = _Masker()
    result = [masker.mask_line(line) for line in lines]
    if masker.names:
        pattern = re.compile(
            "|".join(re.escape(name) for name in sorted(masker.names, key=len, reverse=True)[:_MAX_NAMES])
        )
        result = [masker.mask_known_names(line, pattern) for line in result]
    return result, masker.masked, [doubt for line in result for doubt in _find_suspects(line)]


def _find_suspects(line: Line) -> list[Doubt]:
    return [
        Doubt(line.number, f"{match[1] or match[3]}…", "looks like a private person's name; left as printed")
        for match in _SUSPECT.finditer(line.text)
        if not _NO_NAMES.match(match[0], match.start(1) - match.start() if match[1] else 0) and _MASK not in match[0]
    ]
