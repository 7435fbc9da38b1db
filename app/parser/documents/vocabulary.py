"""Words of official Chinese that state a commitment: comparators, verbs, words of duty, of the past and of certainty.

The patterns in `figures_in_text`, `quantities`, `commitments` and `water_targets` are built from these tables. All
entries are for folded text (half-width punctuation). An entry may be a regular expression where the words around it
decide. Each row has an example, which the tests read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

Comparator = Literal["eq", "gte", "lte", "range"]


class ComparatorWord(NamedTuple):
    """A word beside a figure, how it bounds the figure (None: not at all), and an example with that word.

    `excluded` says that the bound itself is not included (超过30%: more than 30 %).
    """

    word: str
    comparator: Comparator | None
    example: str
    excluded: bool = False


class WordRow(NamedTuple):
    """Words with one meaning, between spaces, and a sentence with one of them."""

    words: str
    example: str


NEGATED_LESS = r"不(?:得|应|能|可|宜|准|许|会|再)?(?:低于|少于|小于|短于|慢于|不足|下于)"
NEGATED_MORE = r"不(?:得|应|能|可|宜|准|许|会|再)?(?:超过|高于|大于|多于|超出|突破|长于|超|迟于|晚于)"

FIGURE_PREFIXES = (
    ComparatorWord(NEGATED_LESS, "gte", "建成率不得低于30%"),
    ComparatorWord("至少", "gte", "建成率至少30%"),
    ComparatorWord("最少", "gte", "建成率最少30%"),
    ComparatorWord("最低", "gte", "最低补助300元"),
    ComparatorWord("最小", "gte", "间距最小30米"),
    ComparatorWord("最短", "gte", "公示最短7天"),
    ComparatorWord("达到", "gte", "建成率达到30%"),
    ComparatorWord("达", "gte", "建成率达30%"),
    ComparatorWord("高达", "gte", "建成率高达30%"),
    ComparatorWord("(?:提高|提升|增加|增长|扩大|上升|扩容)[到至]", "gte", "建成率提高到30%"),
    ComparatorWord("(?:增|升|扩)[到至]", "gte", "建成率增至30%"),
    ComparatorWord(NEGATED_MORE, "lte", "损耗率不能超过30%"),
    ComparatorWord("控制在", "lte", "损耗率控制在30%"),
    ComparatorWord("至多", "lte", "损耗率至多30%"),
    ComparatorWord("最多(?:可?延长)?", "lte", "最多延长2个月"),
    ComparatorWord("最高", "lte", "最高补助300元"),
    ComparatorWord("最大", "lte", "间距最大30米"),
    ComparatorWord("最长", "lte", "公示最长7天"),
    ComparatorWord("最迟", "lte", "最迟5日内答复"),
    ComparatorWord("(?:降低|下降|压减|压缩|缩短|缩减|减少|控制)[到至]", "lte", "损耗率降低到30%"),
    ComparatorWord("(?:降|减|缩)[到至]", "lte", "损耗率降至30%"),
    ComparatorWord("超过", "gte", "建成率超过30%", excluded=True),
    ComparatorWord("(?<![赶反])超", "gte", "产值超30亿元", excluded=True),
    ComparatorWord("(?<![经通超不])过", "gte", "产值过30亿元", excluded=True),
    ComparatorWord("突破", "gte", "产值突破30亿元"),
    ComparatorWord("[≥>]", "gte", "用水量≥30立方米"),
    ComparatorWord("[≤<]", "lte", "用水量≤30立方米"),
    ComparatorWord("放宽[到至]", "lte", "年龄放宽至60周岁"),
    ComparatorWord("限(?:养|购|领|用|带|停)", "lte", "每户限养一只"),
    ComparatorWord("高于", "gte", "建成率高于30%", excluded=True),
    ComparatorWord("大于", "gte", "建成率大于30%", excluded=True),
    ComparatorWord("多于", "gte", "建成率多于30%", excluded=True),
    ComparatorWord("低于", "lte", "损耗率低于30%", excluded=True),
    ComparatorWord("小于", "lte", "损耗率小于30%", excluded=True),
    ComparatorWord("少于", "lte", "损耗率少于30%", excluded=True),
    ComparatorWord("不足", "lte", "工龄不足5年的", excluded=True),
    ComparatorWord("不满", "lte", "工龄不满5年的", excluded=True),
    ComparatorWord("未满", "lte", "工龄未满5年的", excluded=True),
    ComparatorWord("(?:年|累计|连续|任职|已)?(?<![届期限])满", "gte", "工龄满5年的"),
    ComparatorWord("稳定在", None, "建成率稳定在30%"),
)
FIGURE_SUFFIXES = (
    ComparatorWord(r"(?:及|\(含\)|\(含本数\)|含)?以上", "gte", "建成率30%以上"),
    ComparatorWord(r"(?:及|\(含\)|\(含本数\)|含)?以下", "lte", "损耗率30%以下"),
    ComparatorWord(r"(?:及|\(含\)|\(含本数\)|含)?(?:以内|之内)", "lte", "损耗率30%以内"),
    ComparatorWord("的?范围(?:以|之)?内", "lte", "周围200米范围内不得设立"),
    ComparatorWord("时间(?:以|之)?内", "lte", "用5年时间内"),
    ComparatorWord("内", "lte", "损耗率控制在30%内"),
    ComparatorWord("左右", None, "建成率达到30%左右"),
    ComparatorWord("上下", None, "建成率30%上下"),
)
UPPER_BOUNDS_BEFORE = (NEGATED_MORE, "至多", "最多", "最高", "上限为", "控制在")
"""Bounds of a figure that stands further on in the same clause (不超过上年度的30%)."""
LOWER_BOUNDS_BEFORE = (NEGATED_LESS, "至少", "最低", "下限为")
WEAK_UPPER_BOUNDS_BEFORE = ("不足", "不满", "低于")
"""Bounds of a figure behind 的 (不足首期交纳额的百分之三十)."""
WEAK_LOWER_BOUNDS_BEFORE = ("超过", "高于", "达到")

GENERIC_HAN_COUNTS = ("一个", "两个", "两处", "一种", "两种", "一次", "一项", "两项", "一批", "一处", "一家", "一条")
"""Counts that mean one or several and set nothing by themselves (两个以上部门)."""
HAN_COUNT_VERBS = (
    WordRow("确定 明确 指定 落实 配备 配置", "每站确定两名护林员"),
    WordRow("选派 聘任 选聘 安排 设立? 至少", "每村选派三名指导员"),
    WordRow("建设 新建 建成", "各县建设三所学校"),
)
HAN_COUNT_UNITS = ("名", "位", "人", "所", "家", "处", "座", "个")

RATE_WORDS = (
    WordRow("补助 补贴 奖励 资助 给予 贴息 报销 补偿", "按投资额的15%给予补助"),
    WordRow("返还 减免 承担 分担 分成 抽成", "返还缴费的50%"),
    WordRow("税率 利率 费率 征收 计提 提取 支付 损耗", "按销售额的3%征收"),
    WordRow("罚款 滞纳金", "处合同金额百分之五的罚款"),
)
PAYMENT_WORDS = (
    WordRow("津贴 补助 补贴 奖 资助 给予 补偿 报酬 工资", "享受津贴450元"),
    WordRow("标准 费 缴 保证金 保费 价格 售价 额度 贷款 贴息", "收费标准为20元"),
    WordRow("罚 处以", "处以罚款500元"),
    WordRow("减除 扣除", "减除费用6万元"),
    WordRow("每[月年人户亩套件次平] 不超过 不低于", "每年不超过2000元"),
)
DUTY_VERBS = (
    WordRow("完成 实现 达到? 突破 形成 落实 覆盖", "完成改造30个"),
    WordRow("力争 争取 确保", "力争引导企业30家"),
    WordRow("建成 新建 扩建 新改扩建 合建 建设 建立 创建 创成 打造 组建", "建成公园30个"),
    WordRow("新增 新开 新植 增加 提升 提高 发展 拓展 储备 增长", "新增车位3000个"),
    WordRow("减少 压减 下降 降低 淘汰 关停 拆除 腾退 消除 清零", "淘汰企业30家"),
    WordRow("培育 引进 招引 扶持 认定 遴选 评选 选择 支持 推出 布局", "培育企业30家"),
    WordRow("加装 改建 续建 修缮 修建 维修 恢复 复垦 清理 疏浚 打通 开通 竣工 交付", "修缮房屋30处"),
    WordRow("培养 资助 救助 帮扶 惠及 安置 搬迁 聘请 招录 孵化 命名 争创 推广", "培养技师300名"),
    WordRow("购置 采购 添置 更新 升级 安装 配置 接入 发放 补植 造林 收储 出让 研发 攻克 转化", "购置车辆30台"),
    WordRow("造地 建房 提供 允许 准许", "提供设备30台"),
    WordRow("化解 处置 退出 关闭 取缔 投用 投入使用 建好 办好 建有 出台", "关闭矿山30处"),
    WordRow("开工 启动 投放 实施 推进 开展 举办 召开", "实施项目30个"),
    WordRow("选派 培训 招收 招聘 安排 组织 配备 设立 设(?![计备施想定])", "培训干部3000人"),
    WordRow("整治 改造 治理 修复 绿化 种植 盘活 供应 筹集 供地 转移", "整治河道30条"),
    WordRow("制定 修订 编制 稳定在 保持", "制定标准30项"),
)
DUTY_VERBS_AFTER = (
    WordRow("提升到 提高到 稳定在 达到 全覆盖", "20个断面提升到较好水平"),
    WordRow("消除 建成 完成 投用 开工 竣工 清零", "20个项目年内开工"),
)
"""Verbs of a duty that stand behind the figure."""
ACHIEVEMENT_VERBS = ("完成", "建成", "实现", "达到", "办结", "办理完毕", "完工")
BACKGROUND_WORDS_BEFORE = (
    WordRow("共计? 总计 合计", "辖区共有村庄,总计31个"),
    WordRow("其中 包括 涉及", "涉及31个村"),
    WordRow("近 第", "近30个村"),
    WordRow("现有 目前 已 原有", "现有31个村"),
)
"""Words before a count that describes the present state."""
WEAK_BACKGROUND_WORDS_BEFORE = (
    WordRow("约", "渔户约1.2万户"),
    WordRow("[区县市街镇]", "城区31个村"),
)
"""Words that mean so only where no verb of duty stands before them."""
PAST_WORDS = (
    WordRow("去年 上年末 以往 过去 原先 当时 曾 先后", "去年完成改造30个"),
    WordRow("目前 截至目前 迄今 以来 近年来 年来 已有 已经", "目前完成改造30个"),
    WordRow("据统计 据了解", "据统计建成公园30个"),
    WordRow("受到 授予 遇难", "授予先进单位30个"),
)
"""Words of a clause that tells what was, not what shall be."""
COMPARISON_WORDS = (
    WordRow("同比 比上一?年 较上 比去年 比年初 环比", "产值比上年增长6.2%"),
    WordRow("造成", "火灾造成损失30万元"),
)
"""Words of a comparison with the past or of damage. A figure beside them is told, unless it is a bound
(比上年提高2个百分点以上)."""
MODAL_WORDS = (
    WordRow("应当?(?![急对用付]) 必须 须(?![知臾]) 务必", "应当完成改造30个"),
    WordRow("不得 不准 严禁 禁止", "不得开展活动30次以上"),
    WordRow("要(?![求素闻点]) 确保 力争 争取", "要完成改造30个"),
    WordRow("限于 请于 请在 同意", "同意建设自动站3个"),
)
"""Words without which the figures of a report or a reply set nothing."""
TERM_WORDS = (
    WordRow("有效期限? 试行期 试用期 保修期 质保期 公示期? 公告期? 服务期? 合同期? 工期 租期", "试用期一年"),
    WordRow("保存期限? 保管期限? 保质期 保存 保留 保管 储存 留存", "记录保存三年"),
    WordRow("期限 任期 时间 周期 年限 时长 为期 学制 工龄", "任期五年"),
    WordRow("暂定 试行 延长 顺延 缩短 执行", "暂定两年"),
    WordRow("暂扣 拘留 拘役 停业 休假 产假 年假", "暂扣六个月驾驶证"),
    WordRow("保持 利用 用 不少于 服务满? 任职 从事 连续 累计 居住 缴费 参加 支持", "连续支持三年"),
)
"""Words before a number of years, months or days that is a term."""
NAMES_AFTER_PERIODS = (
    WordRow("行动 计划 规划 滚动 攻坚 工程 方案 纲要 目标 大计 百万 千万", "实施三年行动计划"),
    WordRow("制(?![定]) 期(?!限|满|内) 来 间(?!隔) 前(?!届) 级 代 度 版", "三年制学校"),
    WordRow("值班 监测 开放 服务 运营 营业 在线 热线 不间断", "实行二十四小时值班"),
)
"""Words after a period that belongs to a name or describes."""

STRIVING_WORDS = (
    *("力争", "争取", "努力", "力求", "原则上", "拟(?!订|定|制)", "预期", "预计"),
    r"一般(?=[不应须要在为每按可至于由\d一二两三四五])",
)
PLANNING_WORDS = (
    r"计划(?=[用在于到至三五两一二四\d]|完成|建[成设]|新[建增]|实[施现]|投[资入]|总?投|开工|整治|改造|引进|年|内)",
)
ENCOURAGING_WORDS = ("鼓励",)


def any_of(words: Iterable[str | ComparatorWord | WordRow]) -> str:
    """Return the alternation of these words, for use inside a group."""
    return "|".join(
        alternative
        for word in words
        for alternative in (
            [word] if isinstance(word, str) else [word.word] if isinstance(word, ComparatorWord) else word.words.split()
        )
    )


def compile_any_of(words: Iterable[str | WordRow]) -> re.Pattern[str]:
    """Return a pattern that matches any of these words."""
    return re.compile(any_of(words))
