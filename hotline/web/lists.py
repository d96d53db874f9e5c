"""What a list of tickets is asked for, in its address: every number of a board leads to one."""

from datetime import datetime, time, timedelta

from hotline.lifecycle import Status
from hotline.models.ticket import Urgency
from hotline.tickets import worklists
from hotline.tickets.tabs import tabs
from hotline.web import filters, forms
from hotline.work import Work

TABS = {
    "open": "在办",
    "to_dispatch": "待派单",
    "to_accept": "待签收",
    "in_hand": "办理中",
    "assisting": "协办",
    "with_department": "在单位手里",
    "returning": "退单与会商",
    "disputed": "等裁定的争议",
    "for_arbiter": "须会商的退单",
    "held": "挂起与挂账",
    "to_review": "待审核",
    "to_follow_up": "待回访",
    "to_judge": "待研判",
    "after_limit": "末轮仍不满意",
    "soon": "24 小时内到期",
    "today": "今天到期",
    "overdue": "已超时",
    "supervised": "督办",
    "urged": "催办过的",
    "unwatched": "超时未督办",
    "closed": "已结案",
    "ended": "已办完",
    "all": "全部",
}
# Those that stand on the page; the others are reached from a number elsewhere.
HOTLINE_TABS = (
    *("open", "to_dispatch", "to_accept", "in_hand", "held", "to_review"),
    *("urged", "soon", "overdue"),
)
DEPARTMENT_TABS = (
    *("open", "to_accept", "in_hand", "assisting", "returning", "held"),
    *("urged", "soon", "overdue"),
)
DUE = {"overdue": "已超时", "today": "今天到期", "soon": "24 小时内到期"}


class ListQuery(forms.Form):
    """The address of a list. What cannot be read is refused with a message, as in any form."""

    tab: forms.Line = "open"
    lead: forms.Line = ""
    status: Status | None = None
    category: forms.Line = ""
    area: forms.Line = ""
    urgency: Urgency | None = None
    due: forms.Line = ""
    q: forms.Line = ""
    since: forms.Day | None = None
    until: forms.Day | None = None
    after: forms.Line = ""

    def narrowed(self, work: Work) -> worklists.Filter:
        """Return the filter; `since` and `until` are whole local days, both included."""
        zone = work.city.calendar.zone
        ends = self.until + timedelta(days=1) if self.until else None
        return worklists.Filter(
            tab=self.tab if self.tab in tabs(work) else "open",
            lead=self.lead or None,
            status=self.status,
            category=self.category or None,
            area=self.area or None,
            urgency=self.urgency,
            due=self.due if self.due in DUE else None,
            words=self.q,
            since=datetime.combine(self.since, time.min, zone) if self.since else None,
            until=datetime.combine(ends, time.min, zone) if ends else None,
        )

    def asked(self, work: Work) -> dict[str, str]:
        """Return the narrowing parts in words, by the name each has in the address."""
        words = {
            "lead": filters.department(self.lead, work),
            "status": filters.label(self.status, "status"),
            "category": filters.category(self.category, work),
            "area": filters.area(self.area, work),
            "urgency": filters.label(self.urgency, "urgency"),
            "due": DUE.get(self.due, self.due),
            "q": f"标题或编号含 {self.q}",
            "since": f"{self.since} 起",
            "until": f"到 {self.until}",
        }
        return {name: text for name, text in words.items() if getattr(self, name)}
