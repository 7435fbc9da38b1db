"""Recognise the name of a person at a place in a text: surname, given name, and what stands behind it."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.parser.text.ordinary_words import begins_like_a_word

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾萧肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石"
    "金韦贾夏付傅方邹熊白孟秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟"
    "殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉骆翁蓝游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆司"
    "卓古吉缪简项连芦麦褚娄窦戚岑景宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬边卞姬师仇栾隋刁沙荣巫寇桑郎甄丛仲虞敖巩佘池查麻苑迟邝官封"
    "谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘闻厉伊仝郜阚花帅屠豆朴盖练廉禹井祖漆巴丰卿狄赖况习尧戈晁阙邸辜常洪占郏裘茅杭戎芮"
)
_RARE_SURNAMES = frozenset("和应向全计木支车路农党时明平商满海都区位经相练敬植鹿权隆由智青银战危幸揭苍哈靖")
"""Surnames that are words: `和`, `应`. They count only where nothing but a name can stand."""
_COMPOUND_SURNAMES = re.compile("欧阳|上官|司马|诸葛|司徒|东方|令狐|皇甫|夏侯|尉迟|公孙|慕容|长孙|宇文|司空")
_GIVEN_NAME_CHARACTERS = frozenset(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国文志海春林玉红小大金德成永光荣福祥根生宝珍香梅莲花凤玲燕萍琴云芬美"
    "爱慧淑珠翠雪琳妹弟阿仁义礼智信忠孝良善庆喜乐康健宁和顺发财富贵旺兴隆昌盛达东西南北中山河江湖川峰岭松柏竹菊龙虎飞鹏鹰鸿天"
    "月星辰阳晨晓夏秋冬立新民权利武斌彬旭辉耀晖晴昊浩瀚宇轩泽博雅诗涵欣怡佳嘉雨蕊梓子俊豪帅毅恒坚思远学书彦邦振宗祖家先世传承"
    "绍守正方圆友朋洪波清源泉水木火土满仓有余添招娣引银铁钢铜柱栋梁材树枝叶茂森三四五六七八九十二一克伯仲叔少长老巧娇婷倩莉蓉"
    "蕾薇菲茜璐瑶琪瑜璇安梨宪士存科品遵济赞道可治业祯俭仙仕儒元兆冠凌凯化千升协卓原启咪唐喻嗣团圣城堂基培墨奋姣孔孚定宜宣宾密"
    "岚岳崧布幼应庄廉开弦录征循忆怀恂恺悌悟惜惠慈慰扬技抗护拓挺捍掌政斐昂昕昭晏普曙朗朝朴柯校楷概榕樵樱欧殊毓沁沈泊注洲淳渝渠"
    "溪滔滢漪漫潘濂烈烨燊玄玖珂班理瑛瑾璟瓒甜畅疆祁祎祺禄禹禾秉积稷穗章笛策筠籽繁纯纳细绪缨罡翎翼聪肃育胤舒舟航艾节芙苏苒茵茹"
    "荃荔荟莱菡萌葆蓝薪藏蓬虹蝶衡言计训证识谊谨豫贝贡贤赋越轶辂辅迎连迈适选逊通造逸遐邑郁酉重野量鉴针钗钱链锟镛镜闯闻陵隽集雁"
    "雷霄霆霏露靖鞠韧顾颂颢飘馥首骁骅骥高魏鲁鸽麦黎鼎齐龄亮伦勤勋佩侠兵冰剑加卫厚双吉君咏哲坤壮奇奎妙姗婉媛寿尔尚峥崇帆广庭延"
    "弘彤彪悦才捷敬昆望桐欢殿汉沛泰洁津润淼渊滨潇潮澄照爽玮珊珺琛琼瑞璋益真碧群翔翰胜芹芷荷莎葵蔚裕诚谦贞赐跃进迪钊钦铎锦阔雄"
    "霖青韬韵颖骏鸣默岩楠宏鑫鹤麒麟琦钰锋锐钧铭镇臣廷炳炎焕煌煜灿炜维纪经纶继续缘芝芸苗若菁萱来"
)
_NEVER_IN_A_NAME = frozenset(
    "的了是不及或者们部机起住氏该此其每各被把将但且也都就又已曾后前内外里次项条款户员时间类等应须可区县市省镇乡村街社路号局厅院所站"
)
"""Characters that an unproved name does not hold."""
_NEVER_LAST = frozenset("人家上下度说称讲诉系患因与于有")
_NO_NAME = re.compile(
    "金银花|温馨|[某×*Xx]|先生|女士|小姐|大[爷妈娘伯叔嫂哥姐]|阿[婆姨公]$|老[师汉]|师傅|奶奶|爷爷|同志|书记|主任|[市县区局镇乡村院校会部所处科组队站社]长|主席|委员|代表|医生"
)
_TITLE_BEHIND = re.compile(
    "副?(?:书记|主任|市长|县长|区长|局长|主席|委员|院长|校长|会长|部长|镇长|乡长|村长|支书|班长|组长|队长|所长|处长|科长|厅长|省长|同志|律师|法官|检察官|教授|医生|记者|民警|秘书长)"
)
_STOP = re.compile(r"[\t\s，,。；;、）)（(：:！!？?”\"’'》<>|/\\]|$")
_ETCETERA = re.compile(r"等(?!级)")
_VERBS: tuple[tuple[str, str], ...] = (
    (r"反[映馈]|投诉|举报|信访|上访|来[电信访到]|致电|拨打|报[警案]|求助|咨询|述称|辩称|诉称", "林小满反映"),
    (r"提[出供交]|认为|要求|请求|介绍|告[诉知]|表示|陈述|申辩|自[述称]|称，|说，|说：|情绪", "林小满提出"),
    (
        r"申[请领报]|领[取到]|获[得赔]|收到|拿到|享受|签[订署约字]|拒[绝不]|同意|不服|不同意|起诉|上诉|到场|投保",
        "林小满申请",
    ),
    (
        r"确诊|感染|发病|就[诊医]|住院|治愈|痊愈|康复|出院|转院|经抢救|死亡|去世|病[逝故]|身亡|遇难|受伤|失[踪联]|[落溺]水",
        "林小满确诊",
    ),
    (
        r"送[医至去往]|被[^，。；;]|到[^期达]|去[年世]|上[小中大学]|考上|就读|入学|接受|大出血|手术|发热|脱贫|每[月年]",
        "林小满送医",
    ),
    (
        r"[名所]下|所有|承[租包]|租住|居住|家住|现住|入住|现年|今年|生前|出生|生于|持有|擅自|未经|涉嫌|违[反章法建]",
        "林小满家住",
    ),
    (
        r"非法|私自|自[愿行]|搭建|改建|新建|[建翻]房|建[设造](?!用|部|厅|局)|拆除|种植|养殖|经营|占用|驾驶|酒后|醉酒|捐[款赠]|损失",
        "林小满擅自",
    ),
    (
        r"夫妇|夫妻|两人|二人|本人|一家|一户|家庭|家[中里]|全家|老人|房屋|住宅|民房|住房|老宅|宅基地|自建房|危房|遗产",
        "林小满夫妇",
    ),
    (r"应[当该于]|须|未[按在到]|依法|因|患有?|缴纳|支付|拖欠|逾期|借款|赔偿|补[偿贴助]|搬[迁入]|委托", "林小满因"),
    (r"[男女][，,性、]|身份证|电话|手机|户籍|离婚|民间|买卖|合同|纠纷|等\d|低保|救助", "林小满男，"),
)
"""What is said of a person, with an example."""
_VERB = re.compile("|".join(pattern for pattern, _ in _VERBS))
_PARTICLE = re.compile("[的家户与和及诉向在于系为说称讲将被把对从已未不以也又正曾经则即就还都先便由携]")


class Name(NamedTuple):
    """A name: its end in the text, and the surname with which it is masked."""

    end: int
    surname: str


def read_name(text: str, at: int, *, is_proved: bool = False) -> Name | None:
    """Return the name that begins at `at`, None when other words stand there.

    `is_proved` says that the words before it leave room for nothing but a name (`户主：`). Otherwise the name must not
    look like an ordinary word, and what stands behind it must be said of a person or end the clause.
    """
    if foreign := _FOREIGN_NAME.match(text, at):
        return Name(foreign.end(), text[at])
    surname = _read_surname(text, at)
    if surname is None or (surname in _RARE_SURNAMES and not is_proved and not _looks_rare(text, at)):
        return None
    start = at + len(surname)
    ranks = [(_rank_end(text, at, start, end, is_proved), end) for end in (start + 1, start + 2, start + 3)]
    for rank, end in sorted(ranks):
        is_title = _TITLE_BEHIND.match(text, end) or (end - start > 1 and _TITLE_BEHIND.match(text, end - 1))
        if rank < _NO_END and not is_title and not _NO_NAME.search(text, at, end + 1):
            return Name(end, surname)
    return None


_NO_END = 3


def _rank_end(text: str, at: int, start: int, end: int, is_proved: bool) -> int:
    """Return how well a given name from `start` ends at `end`: 0 is best, `_NO_END` is not at all."""
    if not _is_given_name(text, start, end, is_proved):
        return _NO_END
    length = end - start
    is_stopped = _STOP.match(text, end) is not None
    is_followed = is_stopped or _ETCETERA.match(text, end) is not None or _VERB.match(text, end) is not None
    is_usual = _GIVEN_NAME_CHARACTERS.issuperset(text[start:end])
    is_likely = not _GIVEN_NAME_CHARACTERS.isdisjoint(text[start:end])
    if length > 2 and not (is_proved and is_stopped and is_usual):
        return _NO_END
    if start - at == 1 and begins_like_a_word(text[at:end]):
        needs_more = length == 1 and (text[at] in _RARE_SURNAMES or not is_proved)
        if not is_usual or not is_followed or needs_more:
            return _NO_END
    elif length == 2 and is_likely and not is_followed and not _PLACE_BEHIND.match(text, end):
        return 2
    if is_followed:
        return 0 if is_stopped and text[end - 1] not in _NEVER_LAST else 1
    return 2 if is_likely and _PARTICLE.match(text, end) else _NO_END


def looks_like_a_name(text: str) -> bool:
    """Return whether a word of three characters is most likely a name: a surname and two usual given characters."""
    return (
        len(text) == 3
        and text[0] in _SURNAMES
        and not begins_like_a_word(text)
        and _GIVEN_NAME_CHARACTERS.issuperset(text[1:])
        and not _NO_NAME.search(text)
    )


def _looks_rare(text: str, at: int) -> bool:
    """Return whether a name with a rare surname stands there: usual given characters, then what is said of a person."""
    given = text[at + 1 : at + 3]
    is_name = len(given) == 2 and _GIVEN_NAME_CHARACTERS.issuperset(given) and not begins_like_a_word(text[at : at + 2])
    return is_name and (_STOP.match(text, at + 3) is not None or _VERB.match(text, at + 3) is not None)


def begins_with_surname(text: str, at: int = 0) -> str:
    """Return the surname that stands at `at`, "" without one."""
    return _read_surname(text, at) or ""


def _read_surname(text: str, at: int) -> str | None:
    if compound := _COMPOUND_SURNAMES.match(text, at):
        return compound[0]
    character = text[at : at + 1]
    return character if character in _SURNAMES or character in _RARE_SURNAMES else None


def _is_given_name(text: str, start: int, end: int, is_proved: bool) -> bool:
    given = text[start:end]
    if len(given) < end - start or not _HAN.fullmatch(given):
        return False
    never = _FUNCTION_WORDS if is_proved else _NEVER_IN_A_NAME
    return not never.intersection(given) and (is_proved or given[-1] not in _NEVER_LAST)


_PLACE_BEHIND = re.compile(
    "[\u4e00-\u9fff]{0,2}(?:[村镇乡街路桥巷弄县市区省山河江湖港湾岛寺庙厂店局院校站所库渠林场]|公司|社区|花园|广场|大厦|家园|公寓|集团|银行|大学|小学|中学)"
)
"""What stands behind the name of a place or an office."""
_FUNCTION_WORDS = frozenset("的了是不及或者们部")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_BEHIND = "|".join((_STOP.pattern, _ETCETERA.pattern, _VERB.pattern, _PARTICLE.pattern))
_FOREIGN_NAME = re.compile(rf"[\u4e00-\u9fff]{{1,7}}(?:[·•・‧∙][\u4e00-\u9fff]{{1,6}}?){{1,3}}(?={_BEHIND})")
