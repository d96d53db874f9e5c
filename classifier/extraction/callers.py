"""Who speaks (何人): the name of the caller, or what he says he is."""

import re

from classifier.extraction.names import any_of
from classifier.extraction.surnames import NAME, SURNAME, TITLE
from classifier.text import Span

_GIVEN = r"[一-鿿]{1,2}"
_ENDS = r"(?=[,。;!?、( ]|$)"
# Behind a name that was told in so many words the sentence may go on.
_GOES_ON = "(?=[,。;!?、( \\d]|$|" + any_of("""
    想 要 住 家住 是 在 电话 手机 今年 身份证 来电 来自 来反映 反映 投诉 举报 咨询 求助 有个 我
""") + ")"  # fmt: skip
# He says how he is called: "我姓刘叫刘芳", "我叫王建国", "我是李娜,", "本人张伟".
_TOLD = re.compile(
    rf"(?:我|本人)(?:(?:免贵)?姓{SURNAME})?,?(?:的?(?:名字|姓名)是|(?:的?名字|名)?叫做?)"
    rf"(?P<name>(?!{SURNAME}{TITLE}){SURNAME}[一-鿿]{{1,2}}?){_GOES_ON}"
    rf"|(?:我是|本人是?),?(?P<plain>{NAME}){_ENDS}"
)
# A surname with a title may be anybody; it is the caller at the beginning, or where the text says so.
_NAMED = re.compile(
    rf"(?P<acts>{SURNAME}{TITLE})(?=来电|致电|反映|称|咨询|表示|投诉|求助|诉求)"
    rf"|^{SURNAME}{TITLE}"
    rf"|(?:诉求人|来电人|反映人|联系人|市民|居民|村民|业主|姓名)[是为:]{{0,1}} ?"
    rf"(?P<called>{SURNAME}(?:{TITLE}|某某?)|(?<=[:为是]){SURNAME}{_GIVEN}{_ENDS}|{NAME}{_ENDS})"
    rf"|(?:我|本人)(?:免贵)?姓{SURNAME}"
)
# Below a letter: behind what he is, or before the date.
_DATE = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_SIGNED = re.compile(
    rf"(?:(?<=:){SURNAME}{_GIVEN}(?= ?(?:{_DATE})?$)|(?<=[。!? ]){SURNAME}{_GIVEN}(?= ?{_DATE}$))"
)
_SIGNATURE_AT_MOST = 20
_PART = re.compile(
    r"(?:我们?|本人)是[^,。;!?]{0,20}?(?:业主|居民|村民|住户|家长|学生|老板|员工|职工|租户|租客|司机|农民工|工人|"
    r"店主|商户|老人|退休\w{0,2}|负责人|经营者|消费者|游客|患者|家属|外卖员|快递员|个体户|老师|军人|残疾人|企业|公司)"
)


def caller(text: str) -> Span | None:
    """The caller in a folded text: a name before what he is."""
    if told := _TOLD.search(text):
        return _group(told)
    if match := _NAMED.search(text):
        return Span(*match.span())
    if signature := _signature(text):
        return signature
    match = _PART.search(text)
    return Span(*match.span()) if match else None


def caller_name(text: str) -> Span | None:
    """The name alone by which the caller is to be addressed, None where he tells none or only a surname."""
    if told := _TOLD.search(text):
        return _group(told)
    match = _NAMED.search(text)
    return _group(match) if match else _signature(text)


def _group(match: re.Match[str]) -> Span | None:
    return Span(*match.span(match.lastgroup)) if match.lastgroup else None


def _signature(text: str) -> Span | None:
    match = _SIGNED.search(text, max(0, len(text) - _SIGNATURE_AT_MOST))
    return Span(*match.span()) if match else None
