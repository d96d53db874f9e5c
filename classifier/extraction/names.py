"""Where a name begins: without spaces, a pattern that ends as a name swallows words that stand before it."""

import re


def any_of(words: str) -> str:
    """A pattern for any of `words`, which white space parts; each may be a pattern itself."""
    return f"(?:{'|'.join(words.split())})"


# With these a sentence goes on and no name begins. Behind (?! and (?<! stand the names that hold them.
_WORDS_BEFORE = any_of(r"""
    在 位于 来到 到 去 从 往 住 是 的 了 着 把 被 给 让 将 使得? (?<!自)由 跟 (?<!高)等 有(?!限) 及 以及
    与 或者?
    (?<![大永协仁太泰祥人中义安])和(?![平谐睦园]) 对(?!面) 向(?!阳) 过(?!境) 进(?!贤) 连(?![江云山州])
    我们? 咱们 本(?!溪) 该 (?<!某)某(?!某) 这边 这个 那个 这 那 其(?!木) 此 全体 部分 所有 众多 一条
    目前 现在 附近
    [一1几多每两三十][家个所间名位些种] 这些 那些 什么 为什么 怎么 难道 例如 其他 所谓
    不 没 无(?!锡) 未(?!来) 很 更 最 也 还 再 又 已经? 就 却 但 并且? 而且? 因为? 若 虽然? 可以 能(?![源达])
    于(?![洪都田]) 至(?![诚善]) 期间 之[前后] 以[前后](?!勤) 时候 时间 为止 结果 原来 只能 唯独
    反[映应] 投诉 举报 来电 称 说 咨询 询问 关于 希望 [邀申]请 请 要求 强烈 再次 感谢 告知 联系 通过
    按照 作为
    取缔 治理 整治 影响 破坏 导致 造成 成为 建成 禁止 开办 开设 规划 配套 推进 加强 减轻 解决 保[证障]
    创建 换回 利用 拯救
    打击 严打 怀疑 纳入 省会 脏臭 严?查(?!干) 购买 搭乘? 乘坐 发现 鼓励 面对 显示 直接 排[入到向]
    流[入向] 汇入 进入
    通[往下向] 靠近? 沿着? 落户 报名 户口 户籍 原籍 流经 设[个了]
    新[修开]的? 整天 每天
    建设(?![路银局工集东西南北中大村街巷]|发展|有限|$) 上(?=幼儿园|小学|中学|大学) 地址:? 工资 教师 安全
    严重 违[反法规] 擅自 私自 长期 拖欠 克扣 乱扣?收?停? 收费 扰民 排放 污染 制造 占道 改装成? 霸占
    (?<!学)问 担任 深感
    凌晨 清晨 早[晨上] [上中下]午 傍晚 [晚夜][上间] [半深]夜 今天 昨[天晚] [今前]晚 \d[年月日号]
    [一二三四五六七八九十\d]点半?
    刚[才刚] [前后明]天 [今明][早晚] 当[时天] 平时 最近 去年 今年
    [上这]个?(?:星期|礼拜|月) [上这下]周[一二三四五六日天末]?
    (?:小时|分钟|钟头|[天周年月])(?:以|之)?前(?!进) (?:星期|礼拜)(?:以|之)?前
    路过 穿过 途经 经过 沿着 顺着 走(?!马)
""")
_BEFORE = re.compile(rf".*{_WORDS_BEFORE}")


def swallowed(words: str) -> int:
    """How many characters of `words`, which end with a name, stand before it. At most linear in `words`."""
    before = _BEFORE.match(words)
    return before.end() if before else 0
