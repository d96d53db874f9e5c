"""What the caller does: asks, needs help, complains, reports a wrong, proposes, praises (诉求类型).

Word rules, right in .60 of the corpus; a model of the same make as the category's reached .65, which is not
worth a model: help and complaint are told apart by what the agent hears, not by words.
"""

import re
from enum import StrEnum

from classifier.text import normalise


class Kind(StrEnum):
    ENQUIRY = "enquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


# The first that matches wins: what is rarest and plainest comes first.
_RULES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.PRAISE,
        re.compile(r"表扬|锦旗|点个?赞|好人好事|拾金不昧|(?:非常|十分|衷心|特别|真心|谢谢|要)感谢|致谢"),
    ),
    (
        Kind.SUGGESTION,
        re.compile(
            r"建议|提个?议|提个想法|意见征集|(?:能不能|可不可以|能否|希望)[^。]{0,12}(?:增设|增开|延长)"
        ),
    ),
    (
        Kind.REPORT,
        re.compile(
            r"举报|检举|揭发|传销|贩毒|吸毒|赌博|嫖|受贿|贪污|吃拿卡要|偷税|偷排|盗采|非法集资|窝点|聚众赌|违规动火|假药"
        ),
    ),
    (
        Kind.ENQUIRY,
        re.compile(
            r"咨询|请问|想问|问一下|问问|想了解|想知道|打听|(?:怎么|如何|哪里|去哪|在哪)[^。]{0,4}(?:办|申请|查|领|报|交|补|提取|转|缴)"
            r"|需要(?:什么|哪些)|要(?:什么|哪些)(?:材料|手续|条件)|(?:多久|多少|什么时候|几岁|几点)[^。]{0,6}\?"
            r"|(?:可以|能|算|用|有|是|行)[^。,]{0,6}吗\??$"
        ),
    ),
    (
        Kind.HELP,
        re.compile(
            r"求助|求救|帮帮|帮忙|救救|急[!。]|麻烦|走失|(?:能不能|可不可以|能否|可否)|请(?:派|安排|帮|协调)|申请"
        ),
    ),
)


def kind_of(text: str) -> Kind:
    """The likely kind of `text`; a complaint where no word says otherwise."""
    read = normalise(text)
    return next((kind for kind, pattern in _RULES if pattern.search(read)), Kind.COMPLAINT)
