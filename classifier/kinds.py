"""What the caller does: asks, needs help, complains, reports a wrong, proposes, praises (诉求类型).

Plain words decide first; for the rest every character and every pair of neighbours speaks for or against
each kind, as `kind_training` learned from the corpus. Help and complaint are often told apart only by what
the agent hears; docs/classifier.md says how often which is right.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from math import sqrt
from pathlib import Path

from classifier.corpus import read_rows
from classifier.features import READ_AT_MOST
from classifier.personal import mask
from classifier.text import normalise


class Kind(StrEnum):
    ENQUIRY = "enquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


# A long text says in its opening what it is. Further on a wrong is told by the way, and thanks are manners.
_OPENING = 50
_THANKS = re.compile(
    r"表扬|锦旗|点个?赞|好人好事|拾金不昧|感谢|致谢|谢意|谢谢|声谢|道谢|致敬|夸一?[夸下句]|感激不尽|暖心|好心"
)
# Thanks that turn, as in “表扬一句，但……”, open a complaint.
_TURN = re.compile(
    r"但|可是|却|结果|不过|[望盼]|建议|请[^转]|能不能|能否|没人|投诉|要求|咨询|违|为什么|问题|\?"
)
# Sought before anything is weighed: a report that is missed leaves who made it unprotected.
_WRONG = re.compile(
    r"举报|检举|揭发|匿名|保密|传销|贩毒|吸毒|赌|嫖|色情|卖淫|拉客|黑车|受贿|贪污|索贿|吃拿卡要|以权谋私"
    r"|偷税|偷排|直排|暗管|盗采|偷[挖采]|采砂|挖沙|毁林|耕地|批文|违建|倾倒|偷倒|焚烧|非法|窝点"
    r"|动火|危化|特种设备|锅炉|充装|安全[帽绳]|假[药种冒]|冒领|套取|骗保|有偿补课|未成年|包治|根治"
    r"|无[证照]|没有?证|许可证|未经(?:审批|批准)|医废|医疗废物|针头|废机油"
)
# A wish that something be mended (希望修好) is no suggestion: one proposes what there is not yet.
_PROPOSES = re.compile(
    r"建议|提个?议|想法|意见|呼吁|推广|试点|优化|统一|引入|增[设加开补]|加[装设个开派密]|多[设放装开建种]"
    r"|再[设放装加开建]|[添新]建|开[设通]|设[立置]|延长|能不?能|能否|可否|可不可以|应[该当]|不如|何不|最好|改[成为进]"
)
KINDS = tuple(Kind)
# How much each run of characters adds to each of `KINDS`.
Weights = Mapping[str, tuple[int, ...]]
WEIGHTS = Path(__file__).parent / "kinds.csv"
# The row of the weights that counts once in every text.
ALWAYS = ""


def kind_of(text: str) -> Kind:
    """The likely kind of `text`; a complaint where it says nothing."""
    return judge(plain(text), _delivered())


def plain(text: str) -> str:
    """What is read of `text`."""
    return normalise(mask(text[:READ_AT_MOST]))


def judge(read: str, weights: Weights) -> Kind:
    """The likely kind of a plain text."""
    if _THANKS.search(read, 0, _OPENING) and not _TURN.search(read):
        return Kind.PRAISE
    if _WRONG.search(read, 0, _OPENING):
        return Kind.REPORT
    known = [weights[run] for run in runs_of(read) if run in weights]
    if not known:
        return Kind.COMPLAINT
    sums = zip(*known, strict=True)
    scores = [bias + sum(one) / sqrt(len(known)) for bias, one in zip(weights[ALWAYS], sums, strict=True)]
    likeliest = sorted(KINDS, key=lambda kind: -scores[KINDS.index(kind)])
    if likeliest[0] is Kind.SUGGESTION and not _PROPOSES.search(read):
        return likeliest[1]
    return likeliest[0]


def runs_of(text: str) -> frozenset[str]:
    """The characters of a plain text and the pairs of neighbours, each once."""
    return frozenset(text) | frozenset(text[at : at + 2] for at in range(len(text) - 1))


@cache
def _delivered() -> Weights:
    rows = read_rows(WEIGHTS, ("run", *KINDS))
    return {row["run"]: tuple(int(row[kind]) for kind in KINDS) for _, row in rows}
