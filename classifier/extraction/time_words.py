"""The words of time: dates, days, hours, stretches and habits, as patterns over a folded text."""

import re

from classifier.extraction.names import any_of
from classifier.extraction.numerals import NUMBER

WEEK = any_of("周 星期 礼拜")
_WEEKDAY = "[一二三四五六日天末](?![期年个])"
_UNIT = "个?多?" + any_of("天 周 礼拜 星期 月 年")
_COUNT = rf"(?:十[几多]|{NUMBER}|[几半数])"
PART_OF_DAY = any_of("""
    凌晨 清晨 早晨 大?早上 一大早 大清早 上午 中午 午后 下午 傍晚 晚上 晚间 夜里 夜间 夜晚 大?半夜 深夜
    午夜 早 晚
""")
_PART_ALONE = rf"(?!早(?![晨上])|晚(?![上间])){PART_OF_DAY}"
_ROUGHLY = any_of("左右 前后 多 许 之?后 以后 开始")
CLOCK = (
    r"(?:(?<!\d)\d{1,2}:\d\d(?::\d\d)?|(?:(?<!\d)\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点钟?|时(?![间候期段]))"
    rf"(?:半|[一三]刻|{NUMBER}分?)?)时?{_ROUGHLY}?"
)
# Without the part of the day "一点" and "两点" are seldom a clock.
_BARE_CLOCK = rf"(?=\d|[一二两三四五六七八九十]{{1,3}}点(?:[半钟多左]|{NUMBER}分)){CLOCK}"

# Not: 说明年限, 证明年龄.
_NEXT_YEAR = "(?<![说证声])明年(?![检限审龄份度])"
YEAR = rf"(?:(?<!\d)(?:\d{{4}}|\d\d) ?年|[零〇一二三四五六七八九]{{4}}年|[今去前同当]年|{_NEXT_YEAR})"
MONTH = r"(?:(?:(?<!\d)\d{1,2}|十[一二]?|[一二三四五六七八九元]) ?月)"
DAY = r"(?:\d{1,2}|[一二三十]{1,3})"
_TENTH = any_of("底 初 末 中旬 上旬 下旬 中")
DATE = r"(?:(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[日号]?|(?<!\d)\d{1,2}[-/.]\d{1,2}[日号](?![楼院线栋幢]))"
_IN_YEAR = (
    rf"(?:(?:{YEAR}[的 ]?)?{MONTH}(?:份|{_TENTH}| ?{DAY}(?:[日号]|(?![\d元点时:万个])))?"
    rf"|{YEAR}(?:年?[初底]|[上下]半年|[春夏秋冬][天季]|春节)?)"
)
# A day or a stretch to come. Not: 说明天气, 今后天冷, 一下周围, 楼下周末.
AHEAD = any_of(rf"""
    明[天日](?!气) 明[早晚] 大后天 (?<![之以今然最前随])后天(?![天气花性空然黑亮冷热])
    (?<![一楼地乡])下下?一?个?{WEEK}(?!围|边|期|岁|年|转|密|全)(?:{_WEEKDAY})?
    (?<![天一楼])下下?一?个?月(?:份|{_TENTH}|{DAY}[日号])?
""")
_NEAR = any_of(rf"""
    大?前[天日] [昨今][天日] [昨今前当][早晚夜晨] 今早晨 当[天日] 第二天 次日 刚才 刚刚
    (?:上上?|本|这)[个一]?{WEEK}(?:{_WEEKDAY})? (?<!下){WEEK}{_WEEKDAY}
    [上本这][个一]?月(?:份|{_TENTH}|{DAY}[日号])?
    {AHEAD}
""")
LASTING = any_of(rf"""
    (?:最近|近|这|连续|已经?|持续|长达|历时|将近|快|[拖等过用]了)[了的]?{_COUNT}{_UNIT}多?(?:来|以来|时间)?
    {_COUNT}{_UNIT}多?(?:时间)?(?:了|(?=没)|来|以来|以前|之前|前|左右)
    {_COUNT}(?:个?半?多?小时|分钟)(?:了|(?=没)|以前|之前|前)
    (?:自从|自|从)(?!何时|什么)[^,。;!?:]{{1,8}}?(?:以来|至今|到现在|开始|起(?!来))
    (?<![十几了])多年 (?<=了)多年(?=[没未不无都也,。;!?]|$)
    最近 近期 近日 近来(?!了) [春夏秋冬][天季] (?<!寒)暑假 寒假 [年月][底初]
    (?:国庆|春节|中秋|五一|端午|元旦|清明)(?:放假|假期)?(?:期间|前后)?(?![路村中东南西北]|广场|大道|节)
""")
HABIT = any_of(rf"""
    每[逢个]?(?:天|晚|日|夜|{WEEK}(?:{_WEEKDAY})?|周末|月) 每隔.天 每逢下雨 天天 夜夜 一到 通宵 日夜 24小时
""")
_ANY_DAY = rf"(?:{_IN_YEAR}|{DATE}|{_NEAR}|{LASTING}|{HABIT})"
_ONE = (
    rf"(?:{_ANY_DAY}(?:[的 ]?{PART_OF_DAY})?(?: ?{CLOCK})?|{PART_OF_DAY}{CLOCK}|{_BARE_CLOCK}|{_PART_ALONE})"
)
TIME = re.compile(rf"{_ONE}{_ROUGHLY}?(?:[到至~-]{{1,2}}(?:{_ONE}|{CLOCK}))?")
