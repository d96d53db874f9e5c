"""The words that people read, by the values that code stores.

On the ground floor: keyed by plain strings, so that every layer may name what it shows. A house test
proves that no member of a closed set lacks its word.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hotline import faults

ROLES: Mapping[str, str] = {
    "agent": "话务员",
    "dispatcher": "派单员",
    "handler": "承办人",
    "leader": "分管负责人",
    "reviewer": "审核员",
    "follow_up": "回访员",
    "supervisor": "督办员",
    "admin": "管理员",
    "citizen": "诉求人",
    "system": "系统",
}

# The desks of the hotline, where it is not about the person who sits there.
DESKS: Mapping[str, str] = {
    "dispatcher": "派单台",
    "reviewer": "审核台",
    "follow_up": "回访台",
    "supervisor": "督办员",
}
# Whose time it was: what stands in place of a desk or a department.
SIDES: Mapping[str, str] = {
    "department": "承办单位",
    "desk": "热线岗位",
    "approval": "等热线审定",
    "caller": "等诉求人",
    "outside": "等外部条件",
    "nobody": "结案到重启之间",
}
# What a department waits for while it cannot go on, by the desk that decides.
DECISIONS: Mapping[str, str] = {
    "dispatcher": "等派单台审退单",
    "supervisor": "等督办员裁定",
    "reviewer": "等审核台审定",
}

STATUSES: Mapping[str, str] = {
    "logged": "待派单",
    "dispatched": "待签收",
    "accepted": "办理中",
    "return_requested": "退单待审",
    "disputed": "争议会商",
    "suspended": "挂起",
    "deferred": "挂账",
    "resolved": "待审核",
    "awaiting_follow_up": "待回访",
    "closed": "已结案",
    "transferred": "已转其他渠道",
    "merged": "已并单",
    "withdrawn": "已撤诉",
}

# Why time counts for a clock or not (期限护照).
PASSPORT_REASONS: Mapping[str, str] = {
    "workday": "工作日",
    "makeup": "调休上班",
    "opened": "补班",
    "natural": "自然时间",
    "given_back": "补还起算当天暂停的时间",
    "starting_day": "起算当天不计",
    "weekend": "周末",
    "holiday": "法定节假日",
    "closed": "停办",
    "break": "午休",
    "after_hours": "下班",
    "paused": "暂停",
}
# The shape beside a status: waits, doing, asked, held, check, done, gone (see css .state--*).
STATE_SHAPES: Mapping[str, str] = {
    "logged": "waits",
    "dispatched": "waits",
    "accepted": "doing",
    "return_requested": "asked",
    "disputed": "asked",
    "suspended": "held",
    "deferred": "held",
    "resolved": "check",
    "awaiting_follow_up": "waits",
    "closed": "done",
    "transferred": "gone",
    "merged": "gone",
    "withdrawn": "gone",
}

ACTIONS: Mapping[str, str] = {
    "log": "登记",
    "amend": "补正",
    "answer": "直接答复",
    "transfer": "转其他渠道",
    "merge": "并单",
    "unmerge": "撤销并单",
    "split": "拆单",
    "dispatch": "派单",
    "recall": "撤回派单",
    "accept": "签收",
    "contact": "首次联系",
    "draft_return": "拟退单",
    "drop_draft": "撤下退单拟稿",
    "request_return": "申请退单",
    "grant_return": "同意退单",
    "refuse_return": "驳回退单",
    "open_dispute": "提请会商",
    "name_provisional": "指定先行办理",
    "convene": "召集会商",
    "give_opinion": "会商意见",
    "write_minutes": "会商纪要",
    "designate": "裁定承办单位",
    "request_extension": "申请延期",
    "grant_extension": "同意延期",
    "refuse_extension": "驳回延期",
    "request_suspension": "申请挂起",
    "grant_suspension": "同意挂起",
    "refuse_suspension": "驳回挂起",
    "resume": "解挂",
    "defer": "挂账",
    "write_off": "销账",
    "request_exclusion": "申请剔除",
    "grant_exclusion": "同意剔除",
    "refuse_exclusion": "驳回剔除",
    "hand_down": "下派",
    "give_back": "交回上级",
    "report_up": "上报结果",
    "assist": "协办意见",
    "decline_part": "非本单位职责",
    "add_assisting": "加派协办",
    "release": "解除协办",
    "whistle": "吹哨",
    "arrive": "报到",
    "confirm_arrival": "确认报到",
    "deny_arrival": "否认报到",
    "resolve": "办结反馈",
    "send_back_result": "审核退回",
    "accept_result": "审核通过",
    "attempt": "回访",
    "close": "结案",
    "send_back": "退回重办",
    "reopen": "重启",
    "withdraw": "撤诉",
    "urge": "催办",
    "supervise": "督办",
    "reply_order": "回复督办",
    "accept_reply": "认可回复",
    "refuse_reply": "退回回复",
    "cancel_order": "撤销督办单",
    "escalate": "提级督办",
    "note": "备注",
    "reveal": "查看身份",
    "warn": "预警",
    "breach": "超时",
    "reckon": "重算时限",
}

STAGES: Mapping[str, str] = {
    "dispatch": "派单",
    "accept": "签收",
    "contact": "首次联系",
    "resolve": "办结",
    "assist": "协办",
    "arrive": "报到",
    "review": "审核",
    "follow_up": "回访",
    "supervision": "督办",
}

RESOLVE_STARTS: Mapping[str, str] = {
    "dispatch": "派单时",
    "accept": "签收时",
    "next_day": "派单次日零点",
}
# What may stop the clocks of a department; the names of `sla.ClockRules`.
CLOCK_RULES: Mapping[str, str] = {
    "suspension_pauses": "挂起、挂账期间不计时",
    "return_stops_resolve": "退单待审期间不计时",
    "starting_day_counts": "工作日时限含当日",
    "extension_within_original": "一次延期不长于原时限",
}

KINDS: Mapping[str, str] = {
    "enquiry": "咨询",
    "help": "求助",
    "complaint": "投诉",
    "report": "举报",
    "suggestion": "建议",
    "praise": "表扬",
}

URGENCIES: Mapping[str, str] = {"normal": "一般", "urgent": "紧急", "critical": "特急"}

CHANNELS: Mapping[str, str] = {
    "phone": "电话",
    "wechat": "微信",
    "web": "网站",
    "app": "手机应用",
    "sms": "短信",
    "email": "邮件",
    "social": "社交媒体",
    "hall": "政务大厅",
    "mayor_mailbox": "市长信箱",
    "national_platform": "国家平台",
    "other": "其他",
}

CLOSINGS: Mapping[str, str] = {
    "followed_up": "回访后结案",
    "answered": "直接答复",
    "unreached": "多次未接通",
    "after_limit": "督办员结案",
    "not_sampled": "未抽中回访",
    "imported": "历史工单",
}

CATEGORY_SOURCES: Mapping[str, str] = {"person": "人工选定", "model": "模型建议", "keywords": "关键词建议"}

PARTS: Mapping[str, str] = {
    "lead": "主办",
    "assisting": "协办",
    "provisional": "先行办理",
    "convened": "会商单位",
    "whistled": "被吹哨",
    "handed": "承接下派",
}
ENDINGS: Mapping[str, str] = {
    "declined": "不归本单位",
    "released": "已解除",
    "given_back": "已交回",
    "reported": "已上报结果",
    "recalled": "已收回",
    "unsent": "派单已撤回",
}
# Where an assisting department stands with its opinion, and a whistled one on its way.
OPINIONS: Mapping[str, str] = {
    "in_time": "按时交意见",
    "late": "晚交意见",
    "owed": "未交",
    "overdue": "超时未交",
    "missing": "办结时未交",
    "declined": "说明不归它管",
    "released": "已解除",
}
ARRIVALS: Mapping[str, str] = {
    "on_the_way": "待报到",
    "overdue": "超时未到",
    "in_time": "按时到场",
    "late": "晚到",
    "never": "没有到场",
    "called_off": "不用再到",
}
LEVELS: Mapping[str, str] = {
    "city": "市",
    "district": "区县",
    "subdistrict": "街道（乡镇）",
    "community": "社区（村）",
}

APPLICATION_KINDS: Mapping[str, str] = {
    "return": "退单",
    "return_draft": "退单拟稿",
    "extension": "延期",
    "suspension": "挂起",
    "exclusion": "剔除",
}

APPLICATION_STATES: Mapping[str, str] = {
    "pending": "待审",
    "seconded": "一审已同意，待复核",
    "granted": "已同意",
    "refused": "已驳回",
    "lapsed": "已失效",
}

DEADLINE_OUTCOMES: Mapping[str, str] = {
    "met": "按期",
    "late": "超时完成",
    "cancelled": "不再计时",
    "merged": "随并单停止",
}

ORDER_STATES: Mapping[str, str] = {
    "issued": "待回复",
    "answered": "待核",
    "accepted": "已认可",
    "cancelled": "已撤销",
    "escalated": "已提级",
    "lapsed": "已失效",
}
ORDER_SHAPES: Mapping[str, str] = {
    "issued": "waits",
    "answered": "check",
    "accepted": "done",
    "cancelled": "gone",
    "escalated": "asked",
    "lapsed": "gone",
}

VIAS: Mapping[str, str] = {"phone": "电话", "link": "短信链接", "track": "进度查询页"}
CONTACTED: Mapping[str, str] = {"yes": "联系过", "no": "没联系", "unsure": "记不清"}
SOLVED: Mapping[str, str] = {"yes": "已解决", "partly": "部分解决", "no": "未解决"}
SATISFIED: Mapping[str, str] = {
    "5": "非常满意",
    "4": "满意",
    "3": "一般",
    "2": "不满意",
    "1": "非常不满意",
}

# What the department reports (办结反馈), and why the reviewer sends it back (审核退回).
OUTCOMES: Mapping[str, str] = {
    "solved": "已解决",
    "partly": "部分解决",
    "unsolvable": "因政策或条件暂不能解决",
}
FAULTS: Mapping[str, str] = {
    "evasive": "答非所问",
    "not_contacted": "未联系诉求人",
    "no_basis": "没有依据",
    "no_evidence": "没有附证据",
    "unclear": "表述不清",
    "other": "其他",
}

TRANSFER_MODES: Mapping[str, str] = {
    "one_key": "一键转接",
    "three_party": "三方通话",
    "ticket": "工单流转",
    "guidance": "告知渠道",
}

RISKS: Mapping[str, str] = {
    "self_harm": "扬言(自残)",
    "threat": "扬言(报复)",
    "gathering": "扬言(聚集)",
    "crowd": "群体性",
    "minor": "涉未成年",
    "unrest": "涉稳",
    "safety": "人身安全",
    "publicity": "涉舆情",
    "police_lead": "涉稳线索转110",
}

DEPARTMENT_KINDS: Mapping[str, str] = {
    "bureau": "委办局",
    "subdistrict": "街道（乡镇）",
    "utility": "公服企业",
    "enterprise": "国有企业",
}

# Why a permitted role may still not do a thing to this one ticket: the reasons of NotAllowed.
REFUSALS: Mapping[str, str] = {
    "role": "这一步不归您的岗位办。",
    "own_side": "这张工单由您所在单位承办或申请，须由另一方决定。",
    "not_lead": "只有主办单位能办这一步；协办单位请提交协办意见。",
    "not_assisting": "您的单位不是这张工单的协办单位。",
    "not_whistled": "没有人吹哨叫您的单位到场，或已经报到。",
    "not_handed": "这张工单不是上级下派给您单位的，或已经交出。",
    "no_subdistrict": "只有经办这张工单的街道（乡镇）可以吹哨。",
    "nobody_arrived": "没有等您确认的报到。",
    "nobody_assists": "这张工单没有协办单位。",
    "own_proposal": "这是您提出的，须由另一位督办员或管理员应用。",
    "own_work": "这张工单您经手过，须换一位同事来办。",
    "second_person": "第一次审核是您做的，须由另一位审核员复核。",
    "leader": "督办件的办结，须由分管负责人提交。",
    "not_convened": "您的单位不在这次会商的名单里，或已交过意见。",
    "designated": "这张工单已经裁定由您单位承办，不能再退。",
    "confidential": "诉求人要求保密，身份只有热线知道；需要补充情况请写备注，由热线转问。",
    "not_addressed": "这张督办单不是发给您单位的，由收到督办单的单位回复。",
    "may_be_recalled": "这张工单刚刚派来，派单员几秒钟内还可以撤回。请稍等几秒再办。",
    "recall_over": "撤回时间已过，不能撤回。派错了请联系承办单位说明，由承办单位申请退单。",
    "not_your_dispatch": "只有派单的人能撤回这次派单。请联系他；派错了也可以由承办单位申请退单。",
    "changed_since": "派出后这张工单又有变动，不能撤回。派错了请联系承办单位说明，由承办单位申请退单。",
    "told_already": "承办单位已经收到通知，不能撤回。派错了请联系承办单位说明，由承办单位申请退单。",
    "part_over": "您单位已不再办理这张工单，不能再看诉求人身份；需要补充情况请写备注，由热线转问。",
}

# Why a merged ticket is taken apart again, on its record.
DUE_HELD = "暂停计时"
PARENT_WITHDRAWN = "主单的诉求人撤诉，本单恢复单独办理"
PARENT_TRANSFERRED = "主单已转其他渠道，本单恢复单独办理"
# Where a ticket came from that another city's hotline sent, on its record.
RECEIVED = "由{origin}转来；原编号 {number}；原受理时间 {at}"
# Why the caller of a transferred ticket was shown, on its record.
PACKAGE_MADE = "制作交换包，转外地热线"
# Why the category of a ticket changes when it is split, on its record.
SPLIT_OFF = "拆单后本单只办其中一件"

# What the level above is told when an order goes there by itself.
ORDER_OVERDUE = "下级单位到期没有回复，自动提级。请督促办结，并书面说明原因。"

# What is wrong with a field, and what to do: the codes of InvalidInput, "code:number" fills {}.
PROBLEMS: Mapping[str, str] = {
    "missing": "这一项还没有填，请填写。",
    "not_in_address": "网址里没有这一项。",
    "missing_where": "还缺地点。问一句：“在哪个小区、几号楼？”",
    "missing_basis": "这个理由须写明依据（法规或职责条款）。",
    "missing_department": "这个理由须写明应由哪个单位办。",
    "missing_evidence": "这个理由须写佐证：现场看到什么、照片或文书编号。",
    "too_long": "写得太长，最多 {} 字，请删减。",
    "too_short": "写得太短，至少 {} 字，请补充。",
    "choice": "没有这个选项，请重新选择。",
    "choose": "这一项还没有选，请选一个。",
    "number": "请填数字。",
    "range": "数字超出范围，请改小或改大。",
    "date": "日期写法不对，请按 2026-11-25 的样子填写。",
    "date_range": "日期须在 2000 年到 2099 年之间，请核对年份。",
    "future_day": "请选今天以后的日期。",
    "future_moment": "请选现在以后的时间。",
    "moment": "时间写法不对，请按 2026-11-25 14:30 的样子填写。",
    "phone": "电话号码不对，请填 5 到 20 位数字。",
    "amount": "时长写法不对，请按单位填数字，如 5 个工作日。",
    "invalid": "这一项不能识别，请改正后再提交。",
    "twice": "同一个单位选了两次，请去掉一个。",
    "unknown_department": "没有这个承办单位，请从名单里选。",
    "below_city": "目录定了最低由市级主办（依据{}）。请改派市级单位；区级、街道可以协办。",
    "below_district": "目录定了最低由区级主办（依据{}），不能派给街道。请改派区级以上单位；街道可以协办。",
    "below_subdistrict": "目录定了最低由街道主办（依据{}），不能派给社区。请改派街道以上单位；社区可以协办。",
    "complained_of": "诉求反映的就是这个单位，它要回避。请改选别的单位（如它的上级），或报督办员定。",
    "say_why_not_wait": "还有协办意见没到期。请写明为什么不等，热线和协办单位会看到。",
    "not_below": "这个单位不在您单位下面，或不管这一片，请从名单里选。",
    "below_minimum": "目录规定这类事项须由{}一级以上办理，不能压给更低一级。",
    "not_in_dispute": "会商期间只能派给本单位的科室或经办人。",
    "pick_department": "您写的是一个承办单位，请在“下级单位”里选它。",
    "has_part": "这个单位已经在办这张工单，请选别的单位。",
    "not_called": "这个单位不在可以吹哨的名单里，请从名单里选。",
    "arrival_too_long": "到场时限最长 {}，请改短。",
    "not_yet": "到场时间不能晚于现在，也不能早于吹哨。",
    "own_department": "这是您自己的单位，请选另一个单位。",
    "unknown_category": "没有这个事项分类，请从目录里选。",
    "unknown_area": "没有这个区划，请从名单里选。",
    "unknown_target": "没有这个渠道，请从名单里选。",
    "written_answer": "您写了答复。要直接答复，请按“登记并直接答复”；不答复，请先清空它。",
    "chosen_target": "您选了转去的渠道。要转出，请按“登记并转出”；不转，请先改回“请选择”。",
    "unknown_mode": "这个渠道没有这种转接方式，请另选一种。",
    "unknown_ticket": "没有这个工单号，请核对后再填。",
    "parent_ended": "那张工单已经不在办理，不能并入，请另选一张。",
    "is_parent": "已有工单并入这一张，请把它作为主单。",
    "cut_once": "还没有选从哪一句起是另一件事，请至少选一句。",
    "too_many_parts": "一次最多拆成 {} 张，请少选几处。",
    "text_changed": "内容改过，分法也变了，请看一眼新的分法再按。",
    "empty_part": "有一件里没有内容，请换个地方分开。",
    "not_to_a_city": "这张工单没有转外地热线，没有交换包。",
    "package_too_large": "交换包超过 1 MB，不能收，请让对方核对。",
    "package_unreadable": "这不是交换包（不是 JSON 文件），请让对方重新导出。",
    "package_schema": "交换包的格式版本不认识，只收 hotline-exchange/1。",
    "package_digest": "交换包的摘要对不上，内容被改过或没传完，请让对方重新导出。",
    "package_signature": "交换包没有签名，或签名对不上，请与对方核对共用密钥。",
    "package_field": "交换包里的 {} 缺少、太长或写得不对，请让对方重新导出。",
    "package_own": "这是本市自己转出的工单，不能再收进来。",
    "nothing_changed": "没有改动。请改一项或写补充内容后再提交。",
    "say_why_held": "请写明理由，会记在这一类的开停记录里。",
    "say_why": "请写明理由，对方会看到。",
    "say_what_is_missing": "请写明缺什么，承办单位照此补充。",
    "caller_not_contacted": "还没有联系上诉求人。请先记录联系，再办结。",
    "designated": "这张工单已经裁定由您单位承办，不能再退，请继续办理。",
    "asked_before": "您单位已对这张工单申请过退单，不能再次申请，请继续办理。",
    "window_closed": "签收已超过 {}，不能再申请退单，请继续办理。",
    "for_arbiter": "这是第 {} 次退单，须提请会商，由督办员裁定。",
    "same_ground": "同样的理由、同样的去向已经驳回过，不能再提；换依据、换说法不算新理由，请继续办理。",
    "would_go_round": "它建议派回已经退过的单位，同意了就是来回退，须提请会商。",
    "to_and_fro": "{}退过这张工单，别的单位也退过，不能再派回去。请提请会商，由督办员裁定。",
    "unknown_owner": "没有这个单位或职责。写单位全称、简称，或“职责@层级”，如 CG@district。",
    "date_order": "失效日早于生效日，请改正。",
    "auto_needs_lead": "没有写主办单位的条款不能自动派单。",
    "lead_below_minimum": "主办单位低于最低层级，请改其中一项。",
    "example_goes_elsewhere": "按这一条，样例仍派不到裁定的单位；请把样例写到关键词和地点，或改条款。",
    "no_minutes": "还没有会商纪要。请先写纪要，再裁定。",
    "no_extension": "这类工单不得延期，请按期办结。",
    "extension_too_long": "一次最多延长 {}，请改短。",
    "extension_too_late": "办结时限已过，不能再申请延期，请尽快办结。",
    "no_clock": "办结时限现在不在走，不用延期。",
    "suspension_too_long": "挂起累计最多 {}，请把日期改近。",
    "deferral_too_long": "复核日太远，请改近。",
    "already_asked": "已有一份同样的申请在等审核，请等结果。",
    "limit_reached": "已用满 {} 次，不能再申请，请继续办理。",
    "second_person": "第一次审核是您做的，须由另一位审核员复核。",
    "fault_must_go_back": "这个原因在承办单位，须退回重办，不能结案。",
    "rounds_used": "已办满 {} 轮，不能再退回，请转督办员决定。",
    "urged_already": "前一次催办还没过间隔时间，经手的一方已经收到，请稍后再催。",
    "urged_enough": "已催过 {} 次，不能再催。还没有动静的，请转督办员处理。",
    "urged_today": "今天已催过 {} 次，经手的一方都收到了。仍不动的，请发督办单。",
    "order_open": "上一张督办单还没有了结。请先等回复、提级或撤销，再发下一张。",
    "nobody_has_it": "现在没有承办单位，督办单没有收件人。请催派单台先派单，或先指定先行办理的单位。",
    "not_addressable": "这个单位没有参与办理，也不是承办单位的上级，请从名单里选。",
    "within_range": "回复时限要在 {} 之间，请改一下。",
    "no_level_above": "已是最高一级，没有更上一级可提。请退回回复，或撤销后另行处理。",
    "has_order": "这张工单有督办单没有了结，不能并入别的工单。请先了结督办单，或把它作为主单。",
    "called_just_now": "离上次未接通还不到 {}，请换个时段再拨。",
    "no_match": "工单号和查询码对不上，请核对后再填。",
    "confirm": "请勾选确认后再提交。",
    "wrong_password": "现在的密码不对，请重新输入。",
    "password_short": "新密码至少 {} 位，请加长。",
    "password_same": "新密码与现在的一样，请换一个。",
    "password_differs": "两次输入的新密码不一样，请重新输入。",
    "login_form": "工号由 2 到 32 个字母、数字、点、横线、下划线组成，以字母或数字开头。",
    "login_taken": "这个工号已有人用，请换一个。",
    "needs_department": "承办人和分管负责人要选所在单位。",
    "takes_no_department": "热线自己的岗位不选单位；承办岗位和热线岗位不能由一个人兼任。",
    "too_few_decisions": "派过的工单去掉重复后还不够多，没有训练。",
    "days_turned": "结束的日子早于开始的日子，请对调。",
    "same_rules": "时限、规则和作息都与现行的一样，没有可试算的。请先改几处。",
    "broken_rules": "规则有误：{}。",
    "no_workdays": "照这份作息，往后没有上班的日子，算不出时限。请检查上下班时间和休息日。",
    "no_tickets": "这段时间没有这样的工单，请改日期，或把在办的也算上。",
    "no_allowance": "{}，写法不对。请写成 30m、24h、7d、4wh、5wd 的样子，不设时限写 none。",
    "shifts": "上班时间写法不对，请写成 09:00-12:00、14:00-18:00 的样子。",
    "trial_failed": "试算中途出错，没有结果，请看服务器日志后再试。",
    "cannot_teach": "语料和工单凑不出可以训练的类别，请检查事项分类表。",
    "worse_on_held_back": "在留出的工单上不如现用模型，不能启用。",
    "breaks_contracts": "把派单目录的样例派错了，不能启用。",
    "breaks_contracts_now": "现行目录的样例“{}”会被它派错，不能启用。请重新训练。",
    "not_in_shadow": "这个模型不在旁听，不能启用。",
    "shadow_not_over": "旁听期还没有满，期满后再启用。",
    "too_few_in_shadow": "旁听期间派定的工单不满 {} 张，比不出好坏，再等等。",
    "unreadable_model": "这个模型的文件读不出来，不能启用，请重新训练。",
    "failed": "训练中途出错，没有完成，请看服务器日志后再试。",
    "worse_in_shadow": "旁听期间不如现用模型，先不要启用。",
    "nothing_before": "在用的就是起步模型，没有可换回的。",
    "word_short": "“{}”只有一个字，请写两个字以上的词。",
    "word_long": "“{}…”太长，请只写一个词，多个词一行一个。",
    "word_spaced": "“{}”中间有空格。是一个词请去掉空格，是两个词请分成两行。",
    "word_signs": "“{}”只有标点，请写文字。",
    "word_personal": "有一个词像电话、车牌或证件号码，词典不存个人信息，请去掉。",
    "words_known": "这些词词典里都有了，不用再加。",
    "too_many_words": "一次最多加 {} 个词，请分几次加。",
    "catalogue_changed": "派单目录刚发布了新的一版，请重新选引哪一条。",
    "draft_changed": "您打开页面以后草稿又改过了，请看过新的差别再发布或放弃。",
    "confidential_words": "诉求人要求保密，样例不能用他的原话。请另编一句意思一样的。",
    "catalogue_same": "与现行目录没有差别，不用保存。",
    "broken_catalogue": "目录有错：{}。请改正后再存。",
    "broken_entry": "这一条不能这样写：{}。请改正后再存。",
    "no_calendar_file": "请选一个 json、csv、xlsx 或 toml 文件。",
    "calendar_same": "与现行日历没有差别，不用导入。",
    "calendar_gap": "没有导入。{} 这一天还没有官方安排，不能跳过它：请先导入那一年，或把一年的每一天写全。",
    "broken_calendar": "没有导入，日历没有变。{}。请改正后再导入。",
    "calendar_never_open": "这样改以后再也没有上班的日子，时限算不出来，请核对。",
    "calendar_changed": "您打开页面以后日历又改过了，请看过新的预览再应用。",
    "hours_changed": "提出以后作息或本地例外又改过，照它应用会抹掉那次改动。请放弃它，按现行的重新提出。",
    "already_decided": "这一份已经应用或放弃了，请刷新后再看。",
    "ends_before": "结束的日子早于开始的日子，请改正。",
    "exception_too_long": "一次最多一年，请把日期改近。",
    "red_examples": "有 {} 条样例派错，没有发布。请按“样例”一栏列出的，改好条目或样例再发布。",
    "begins_before": "要晚于原条目的生效日。",
    "broken_table": "没有导入，草稿没有变。{}。请改正后再导入。",
    "no_such_owner": "没有叫“{}”的单位或职责，请从名单里选。",
    "no_such_duty": "没有这项职责，请从名单里选。",
    "same_case_only": "从某日起改，分类、属地、地点要求和关键词要与原条目一样；要改这些，请选“更正这一条”。",
    "no_first_day": "请填从哪一天起改。",
    "not_in_draft": "草稿里没有这一条，可能同事刚改过，请刷新后再看。",
    "broken_file": "{}。",
    "no_file": "请选一个 csv 或 xlsx 文件。",
    "file_too_large": "文件展开后太大，最多 {} MB，请分成几个文件。",
    "own_account": "不能停用您自己的账号，请另一位管理员来办。",
}

# Which evidence had spoken for what a dispatcher then decided against.
MISLED: Mapping[str, str] = {
    "words": "用词像别的事",
    "place": "地点认错了",
    "catalogue": "派单目录不对",
    "story": "登记没写清",
}

# Why the auto lane of a category opened or closed.
LANE_TURNS: Mapping[str, str] = {
    "proved": "证据够了，自动派",
    "broken": "守不住承诺，停下",
    "held": "人工停用",
    "released": "恢复按证据",
}

CATALOGUE_STANDINGS: Mapping[str, str] = {
    "draft": "草稿",
    "in_force": "在用",
    "retired": "已换下",
    "dropped": "已放弃",
}

# Why a ticket went before the arbiter without anyone asking for it.
DISPUTE_CAUSES: Mapping[str, str] = {
    "limit": "退单次数已满，自动转会商",
    "refusals": "驳回次数已满，自动转会商",
    "to_and_fro": "要退回已经退过的单位，自动转会商",
}

CALENDAR_STANDINGS: Mapping[str, str] = {
    "proposed": "待应用",
    "applied": "已应用",
    "dropped": "已放弃",
}
# What a day is to an office.
DAY_KINDS: Mapping[str, str] = {
    "workday": "上班",
    "makeup": "调休上班",
    "opened": "本地加班",
    "weekend": "周末",
    "holiday": "放假",
    "closed": "本地停办",
}

MODEL_STANDINGS: Mapping[str, str] = {
    "shadow": "旁听中",
    "in_force": "在用",
    "retired": "已退下",
    "refused": "不能启用",
}
TRAINING_CAUSES: Mapping[str, str] = {
    "person": "手动",
    "week": "每周",
    "dictionary": "因词典改动",
}

# What a notice is about: an action on a ticket, or what the models' pages tell.
TOPICS: Mapping[str, str] = {**ACTIONS, "drift": "模型变化", "rung": "时限督促"}
# Which figure of a category moved away from what the model was taught by.
DRIFT_ASPECTS: Mapping[str, str] = {"share": "占比", "confidence": "把握", "override": "改分类"}

# What the address of a list may ask for, by its parameter.
CONDITIONS: Mapping[str, str] = {
    "q": "搜索的词",
    "lead": "承办单位",
    "department": "承办单位",
    "status": "状态",
    "category": "事项分类",
    "area": "属地",
    "urgency": "紧急程度",
    "due": "到期",
    "since": "起始日期",
    "until": "截止日期",
    "role": "岗位",
    "days": "天数",
    "sort": "排序",
    "measure": "指标",
    "share": "其中哪些",
    "event": "哪一类",
    "by": "按什么分",
    "figure": "哪个数",
    "key": "哪一行",
    "on": "日期",
    "tab": "分组",
    "standing": "办到哪一步",
    "level": "督办级别",
    "reason": "督办事由",
    "after": "翻页的位置",
}

# What is wrong with a setting, and what to do: the codes of BrokenSettings, "code:value" fills {}.
SETTINGS: Mapping[str, str] = {
    "unknown": "没有这个设置，请核对名字；全部设置见 docs/settings.md",
    "number": "请填整数，不能是 {}",
    "yes_or_no": "请填 1（是）或 0（否），不能是 {}",
    "port": "端口在 1 到 65535 之间，不能是 {}",
    "log_level": "请填 DEBUG、INFO、WARNING 或 ERROR，不能是 {}",
    "no_key": "须是 64 位十六进制数字（32 字节）",
    "short": "至少 {} 个字符，请加长",
    "least": "不能小于 {}",
    "database_url": "读不懂这个数据库地址。请写 sqlite:///文件路径，或 postgresql+psycopg://用户:密码@主机/库名",
    "https_url": "请写 https:// 开头的地址，不带用户名",
    "redis_url": "读不懂这个地址。请写 redis://、rediss:// 或 unix:// 开头的地址",
    "other_vault_key": "不是封存这个数据库的密钥。请换回原来的密钥；用错的密钥启动，诉求人信息再也读不出来",
}

WEEKDAYS = "一二三四五六日"
# What fills their blank is the fault of a table, as a library says it.
_OF_TABLES = frozenset({"broken_catalogue", "broken_table", "broken_rules", "broken_calendar"})
_OF_ENTRIES = frozenset({"broken_entry"})
_ALLOWANCE = re.compile(r"([0-9]+)(m|h|d|wh|wd|wdi)")


# What separates several places; keyed by what a road's parts are told by, or "area".
PLACE_QUESTIONS: Mapping[str, str] = {
    "side": "在{road}的{options}？",
    "stretch": "在{road}的{options}？",
    "numbers": "{road}的门牌是{options}？",
    "area": "在{options}？",
}
_OPTIONS_SAID = 3


def which_place(kind: str, road: str, options: Sequence[str]) -> str:
    """Return what to ask the caller: 在云通路的路东还是路西？"""
    said = list(dict.fromkeys(options))
    *others, last = said if len(said) <= _OPTIONS_SAID else [*said[:_OPTIONS_SAID], "别处"]
    return PLACE_QUESTIONS[kind].format(road=road, options=f"{'、'.join(others)}还是{last}")


def problem(code: str) -> str:
    """Return the sentence for a problem code; a number, allowance or fault behind a colon fills its blank."""
    name, _, limit = code.partition(":")
    bounds = limit.split("~")  # "1wd~10wd": from … to …
    is_time = all(_ALLOWANCE.fullmatch(one) for one in bounds)
    words = "到 ".join(map(allowance, bounds)) if is_time else LEVELS.get(limit, limit)
    if name in _OF_TABLES:
        words = faults.of_text(limit)
    elif name in _OF_ENTRIES:
        words = faults.without_place(limit)
    return PROBLEMS.get(name, PROBLEMS["invalid"]).format(words)


def condition(parameter: str) -> str:
    return CONDITIONS.get(parameter, parameter)


def refusal(reason: str) -> str:
    return REFUSALS.get(reason, REFUSALS["role"])


def setting_problem(code: str) -> str:
    """Return what to do about a setting; the value behind a colon fills its blank."""
    name, _, value = code.partition(":")
    return SETTINGS[name].format(value)


def duration(length: timedelta, day: timedelta = timedelta(days=1)) -> str:
    """Return `1天5小时`, `1小时42分`, `9分钟`. `day`: how long one day is, for working time its office hours.

    At most two units; what is left below the smaller one is cut off, so that nobody is promised more.
    """
    days, rest = divmod(length, day)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
    return f"{minutes}分钟" if minutes else "不到1分钟"


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return `今天 12:42`, `11-25(周三) 17:30`, and the year only when it is another."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return f"{day(local.date(), today)} {local:%H:%M}"


def day(which: date, today: date) -> str:
    """Return `今天`, `11-25(周三)` or `2025-11-25(周二)`."""
    if which == today:
        return "今天"
    short = f"{which:%m-%d}(周{WEEKDAYS[which.weekday()]})"
    return short if which.year == today.year else f"{which:%Y}-{short}"


def written_day(which: date) -> str:
    """Return `2026-11-25(周三)`: on paper there is no today."""
    return f"{which:%Y-%m-%d}(周{WEEKDAYS[which.weekday()]})"


def citizen_day(which: date, today: date) -> str:
    """Return the day as the public page writes it: `11 月 25 日（周三）`."""
    year = "" if which.year == today.year else f"{which.year} 年 "
    return f"{year}{which.month} 月 {which.day} 日（周{WEEKDAYS[which.weekday()]}）"


def citizen_moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return `11 月 25 日（周三）17:30`."""
    local = at.astimezone(zone)
    return f"{citizen_day(local.date(), now.astimezone(zone).date())}{local:%H:%M}"


def rule(title: str) -> str:
    """Return how a rule of targets.toml is called: `第 3 条“紧急”`, `第 3 条`, `通用时限` for "all"."""
    number, _, name = title.partition(" ")
    if number == "all":
        return "通用时限"
    return f"第 {number} 条“{name}”" if name else f"第 {number} 条"


_UNITS: Mapping[str, str] = {
    "m": "分钟",
    "h": "小时",
    "d": "天",
    "wh": "工作小时",
    "wd": "个工作日",
    "wdi": "个工作日（含当日）",
}


def allowance(written: str) -> str:
    """Return `4 工作小时` for "4wh", `3 个工作日` for "3wd". Raises ValueError for anything else."""
    parts = _ALLOWANCE.fullmatch(written)
    if parts is None:
        raise ValueError(f"{written!r} is not an allowance")
    return f"{parts[1]} {_UNITS[parts[2]]}"
