"""Read the rows of another system's export: its columns, its words for kind and channel, its dates."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hotline.errors import InvalidInput
from hotline.models.ticket import Channel, Kind
from hotline.tickets import intake
from hotline.tickets.callers import phone_digits

# Chinese headers that are known without a map (domain: 工单导出的常见表头).
HEADERS: Mapping[str, tuple[str, ...]] = {
    "number": ("工单编号", "工单号", "编号", "流水号"),
    "title": ("标题", "诉求标题", "工单标题"),
    "content": ("主要内容", "诉求内容", "内容", "反映内容", "工单内容"),
    "kind": ("工单类型", "诉求类型", "业务类型", "类型", "工单性质"),
    "channel": ("受理渠道", "处理受理方式", "来源渠道", "渠道", "来源"),
    "time": ("受理时间", "登记时间", "创建时间", "来电时间", "时间"),
    "anonymous": ("是否匿名", "匿名"),
    "caller": ("来电人", "诉求人姓名", "诉求人", "姓名"),
    "phone": ("来电人电话", "来电人电话/账号", "联系电话", "电话", "手机号"),
    "address": ("事发地址详情", "事发地址", "地址", "小区点位", "地点"),
    "area": ("被反映街乡镇", "被反映区", "属地", "区划"),
    "answer": ("回复内容", "反馈内容", "办理结果", "答复内容", "答复"),
    "transfers": ("流转次数", "转办次数"),
}
FIELDS = tuple(HEADERS)

KINDS: Mapping[str, Kind] = {
    "咨询": Kind.ENQUIRY,
    "求助": Kind.HELP,
    "求决": Kind.HELP,
    "其他": Kind.HELP,
    "投诉": Kind.COMPLAINT,
    "举报": Kind.REPORT,
    "揭发控告": Kind.REPORT,
    "建议": Kind.SUGGESTION,
    "意见建议": Kind.SUGGESTION,
    "表扬": Kind.PRAISE,
    "感谢": Kind.PRAISE,
}
# A part of the word is enough: exports name their own apps and accounts.
CHANNELS: tuple[tuple[str, Channel], ...] = (
    ("市长信箱", Channel.MAYOR_MAILBOX),
    ("督查", Channel.NATIONAL_PLATFORM),
    ("国家", Channel.NATIONAL_PLATFORM),
    ("留言板", Channel.NATIONAL_PLATFORM),
    ("app", Channel.APP),
    ("客户端", Channel.APP),
    ("微信", Channel.WECHAT),
    ("小程序", Channel.WECHAT),
    ("微博", Channel.SOCIAL),
    ("qq", Channel.SOCIAL),
    ("抖音", Channel.SOCIAL),
    ("短信", Channel.SMS),
    ("邮", Channel.EMAIL),
    ("大厅", Channel.HALL),
    ("来访", Channel.HALL),
    ("窗口", Channel.HALL),
    ("电话", Channel.PHONE),
    ("来电", Channel.PHONE),
    ("网", Channel.WEB),
)
TIME_FORMS = (
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"),
    *("%m/%d/%Y", "%m/%d/%Y %H:%M", "%Y年%m月%d日", "%Y年%m月%d日 %H:%M"),
)
_YES, _NO = frozenset({"1", "是", "匿名", "true", "y"}), frozenset({"0", "否", "不匿名", "false", "n"})
# Said instead of a name by someone who gives none.
_NOBODY = frozenset({"匿名", "市民", "居民", "群众", "网友", "保密", "无"})
SHORT_CONTENT = 20
LONGEST_CONTENT = 100_000
LONGEST_NUMBER = 200
_FIRST_YEAR, _LAST_YEAR = 1990, 2099


class RowRefused(Exception):
    """This row cannot be a ticket; the reason is for people."""


@dataclass(frozen=True)
class ColumnMap:
    """Which column holds which field, how its dates are written, and the name of the system it came from."""

    columns: Mapping[str, str]
    source: str = ""
    time_forms: tuple[str, ...] = TIME_FORMS


@dataclass(frozen=True)
class ForeignTicket:
    """One row, understood. `warnings` say what was taken differently from how it was written."""

    number: str
    digest: str
    title: str
    content: str
    kind: Kind
    channel: Channel
    channel_word: str
    at: datetime | None
    anonymous: bool
    caller: str
    phone: str
    address: str
    answer: str
    transfers: str
    warnings: tuple[str, ...]

    @property
    def identity(self) -> int:
        """Tells rows of one file apart: by the other system's number where there is one, and by content.

        Sixty-four bits of a digest: enough for that, and a million of them stay small.
        """
        return _in_64_bits(f"{self.number}:{self.digest}")

    @property
    def number_identity(self) -> int:
        """Tells the other system's numbers apart."""
        return _in_64_bits(self.number)

    def request_key(self, source: str) -> str:
        """Return what makes a second import of this row change nothing."""
        return f"import:{source}:{self.number or self.digest}"


def _in_64_bits(text: str) -> int:
    return int(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16], 16)


def known_columns(headers: tuple[str, ...]) -> dict[str, str]:
    """Return the fields whose column is named as one of the headers that we know."""
    found = {
        field: next((name for name in names if name in headers), None) for field, names in HEADERS.items()
    }
    return {field: name for field, name in found.items() if name}


def read_row(row: Mapping[str, str], columns: ColumnMap, zone: ZoneInfo) -> ForeignTicket:
    """Understand one row. Raises RowRefused."""
    said = {field: (row.get(column) or "").strip() for field, column in columns.columns.items()}
    get = said.get
    content = intake.readable(get("content") or get("title") or "").strip()
    if not content:
        raise RowRefused("没有诉求内容")
    if len(content) > LONGEST_CONTENT:
        raise RowRefused(f"内容有 {len(content)} 字，最多 {LONGEST_CONTENT} 字")
    if len(get("number", "")) > LONGEST_NUMBER:
        raise RowRefused(f"编号有 {len(said['number'])} 字，最多 {LONGEST_NUMBER} 字")
    warnings: list[str] = []
    at = _moment(get("time", ""), columns.time_forms, zone)
    kind = _kind(get("kind", ""), warnings)
    channel = _channel(get("channel", ""), warnings)
    anonymous, caller = _who(get("anonymous", ""), get("caller", ""))
    phone = "" if anonymous else _phone(get("phone", ""), warnings)
    if len(content) < SHORT_CONTENT:
        warnings.append("内容不足二十字")
    return ForeignTicket(
        number=get("number", ""),
        digest=_digest(said),
        title=get("title", ""),
        content=content,
        kind=kind,
        channel=channel,
        channel_word=get("channel", ""),
        at=at,
        anonymous=anonymous,
        caller=caller,
        phone=phone,
        address=f"{get('area', '')}{get('address', '')}",
        answer=get("answer", ""),
        transfers=get("transfers", ""),
        warnings=tuple(warnings),
    )


def _digest(said: Mapping[str, str]) -> str:
    """Return the same for two rows that say the same, whatever numbers they bear."""
    text = "\0".join(f"{field}\1{said[field]}" for field in sorted(said) if field != "number")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _moment(text: str, forms: tuple[str, ...], zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    for form in forms:
        try:
            read = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the city's, set below
        except ValueError:
            continue
        if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
            raise RowRefused(f"时间“{text}”不在 {_FIRST_YEAR} 年到 {_LAST_YEAR} 年之间")
        return read.replace(tzinfo=zone).astimezone(UTC)
    raise RowRefused(f"时间“{text}”的写法不认识，可在对照表的 time_forms 里写明")


def _kind(word: str, warnings: list[str]) -> Kind:
    if word and word not in KINDS:
        warnings.append(f"诉求类型“{word}”不认识，按求助登记")
    return KINDS.get(word, Kind.HELP)


def _channel(word: str, warnings: list[str]) -> Channel:
    for part, channel in CHANNELS:
        if part in word.lower():
            return channel
    if word:
        warnings.append(f"渠道“{word}”不认识，按其他登记")
    return Channel.OTHER


def _who(anonymous: str, caller: str) -> tuple[bool, str]:
    """Return whether nobody is to be named, and the name. In some exports one column says both."""
    lower = anonymous.lower()
    if lower in _YES:
        return True, ""
    name = caller or ("" if lower in _NO else anonymous)
    return (True, "") if name in _NOBODY else (False, name)


def _phone(text: str, warnings: list[str]) -> str:
    if text in _NOBODY:
        return ""
    try:
        return phone_digits(text) or ""
    except InvalidInput:
        warnings.append("电话不是号码，未录入")
        return ""
