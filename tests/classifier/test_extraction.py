from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import extract, resolve
from tests.classifier.examples import texts
from tests.support.pace import is_linear


def element(text, name):
    span = getattr(extract(text), name)
    return None if span is None else span.of(text)


SAID_AT = datetime(2026, 11, 24, 10, 30, tzinfo=timezone(timedelta(hours=8)))


def test_all_five_elements_of_a_plain_complaint():
    text = "我是阳光小区的业主，昨晚十点和平路12号工地打桩吵得睡不着，希望城管去查一下。谢谢"

    assert element(text, "who") == "我是阳光小区的业主"
    assert element(text, "when") == "昨晚十点"
    assert element(text, "where") == "和平路12号"
    assert element(text, "wanted") == "希望城管去查一下"
    assert element(text, "what") == "我是阳光小区的业主，昨晚十点和平路12号工地打桩吵得睡不着"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("11月3日下午三点停水", "11月3日下午三点"),
        ("2026年10月1日起没人管", "2026年10月1日"),
        ("最近一周天天这样", "最近一周"),
        ("每天凌晨5点到7点卸货", "每天凌晨5点到7点"),
        ("上周五晚上八点发生的", "上周五晚上八点"),
        ("上周五晚上八点到十点打桩", "上周五晚上八点到十点"),
        ("已经停水三天了", "三天了"),
        ("国庆期间没人上班", "国庆期间"),
        ("垃圾堆了一个星期没人收", "一个星期"),
        ("路灯坏了多年没人修", "多年"),
        ("他收了多年废品", None),
        ("看了一下周围没人", None),
        ("三天后下午三点要来拆", None),
        ("今后天气转冷要供暖", None),
        ("路灯不亮", None),
    ],
)
def test_times(text, when):
    assert element(text, "when") == when


@pytest.mark.parametrize(
    ("text", "when", "start"),
    [
        ("我明天下午三点要用水，家里停水", "明天下午三点", "2026-11-25 15:00"),
        ("通知说明早八点停电", "明早八点", "2026-11-25 08:00"),
        ("后天要停气", "后天", "2026-11-26 00:00"),
        ("大后天上午停水", "大后天上午", "2026-11-27 08:00"),
        ("下周一早上九点开庭", "下周一早上九点", "2026-11-30 09:00"),
        ("下个星期三下午要拆", "下个星期三下午", "2026-12-02 12:00"),
        ("下一个星期一早上九点开庭", "下一个星期一早上九点", "2026-11-30 09:00"),
        ("下个月5号要停暖", "下个月5号", "2026-12-05 00:00"),
        ("明年3月拆迁", "明年3月", "2027-03-01 00:00"),
    ],
)
def test_what_is_to_come_keeps_its_day_and_is_not_the_past(text, when, start):
    assert element(text, "when") == when
    assert f"{resolve(when, said_at=SAID_AT).start:%Y-%m-%d %H:%M}" == start


@given(
    day=st.sampled_from(["明天", "明日", "后天", "大后天", *(f"下周{day}" for day in "一二三四五六日")]),
    clock=st.sampled_from(["", "早上九点", "下午三点", "晚上八点半", "上午", "凌晨一点", "20:30"]),
)
def test_a_day_to_come_is_in_the_future_whatever_its_hour(day, clock):
    words = element(f"我{day}{clock}要用水", "when")

    assert words == day + clock
    assert resolve(words, said_at=SAID_AT).start > SAID_AT


def test_what_has_happened_goes_before_what_is_to_come():
    assert element("明天我要上班，昨晚十点还在打桩", "when") == "昨晚十点"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("我家住在滨海区建设路12号阳光小区3栋2单元，停水了", "滨海区建设路12号阳光小区3栋2单元"),
        ("在中山路与人民路交叉口有个大坑", "中山路与人民路交叉口"),
        ("石桥镇柳树村路灯坏了", "石桥镇柳树村"),
        ("第三小学门口堵车", "第三小学门口"),
        ("马路上全是泥", None),
        ("我们小区的电梯坏了", None),
        ("3号那天停水", None),
        ("半小时前人民路上有人飙车", "人民路"),
        ("家住和平路12号3栋2单元501，漏水", "和平路12号3栋2单元501"),
        ("和平路西12号漏水", "和平路西12号"),
        ("阳光小区3栋502室漏水", "阳光小区3栋502室"),
        ("阳光小区3栋1200元物业费太贵", "阳光小区3栋"),
    ],
)
def test_places(text, where):
    assert element(text, "where") == where


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("昨晚路过文昌阁巷看见垃圾堆成山", "文昌阁巷"),
        ("早上沿着滨江大道跑步", "滨江大道"),
        ("学院路与环城西路交叉口红灯太长", "学院路与环城西路交叉口"),
        ("西街的夜市太吵", "西街"),
        ("过境路灰尘大", "过境路"),
        ("修地铁，行人只能走长江东路", "长江东路"),
        ("和平路12号漏水", "和平路12号"),
        ("绕城路大车多", "绕城路"),
        ("走马街有人打架", "走马街"),
        ("上海路坑多", "上海路"),
        ("幸福里小区门前小路坑洼", "幸福里小区门前"),
    ],
)
def test_a_street_is_known_by_its_name(text, where):
    assert element(text, "where") == where


@pytest.mark.parametrize(
    "text",
    [
        "晚上出门看不清路",
        "早上送孩子过马路很危险",
        "下雨天根本没法走路",
        "电动车在楼道里挡住了路",
        "老人晚上走夜路容易摔跤",
        "那条断头路一直没修通",
        "不知道该走哪条路",
        "施工围挡占了半条路",
        "货车天天堵着路",
        "孩子放学过街没有红绿灯",
        "公交改道绕路",
        "学校门口没有人行天桥",
        "一到下雨就淹了半条街",
        "水泥路坏了没人修",
        "迷路的老人没人管",
    ],
)
def test_what_is_told_of_a_road_is_no_name(text):
    assert element(text, "where") is None


@pytest.mark.parametrize(
    "time_told",
    [
        "半小时前", "十分钟前", "三天前", "两个月前", "刚才", "刚刚", "昨天", "前天", "今早", "明天", "后天",
        "上周五", "上个月", "去年", "最近", "当时", "下班", "放学",
    ],
)  # fmt: skip
@pytest.mark.parametrize("road", ["路上有人飙车", "路口堵了"])
def test_a_time_before_a_road_is_no_name_of_it(time_told, road):
    assert element(time_told + road, "where") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我姓刘叫刘芳，家里停水", "刘芳"),
        ("我叫王建国住在和平路", "王建国"),
        ("我叫李明想问公积金", "李明"),
        ("你好，我是李娜，楼上漏水", "李娜"),
        ("本人张伟，反映油烟", "张伟"),
        ("本人王建国，身份证已带", "王建国"),
        ("我的名字叫欧阳芳。停水了", "欧阳芳"),
        ("联系人：李明，停水了", "李明"),
        ("市民李女士咨询医保", "李女士"),
        ("王先生来电反映停水", "王先生"),
        ("我姓刘，家里停水", None),
        ("我是阳光小区的业主", None),
        ("我是石桥镇居民，停水了", None),
        ("我是江苏人，想问社保", None),
        ("我是程序员，加班没有加班费", None),
        ("我叫张师傅来修也没修好", None),
        ("严重影响居民安全，请处理", None),
        ("望反馈本人，谢谢！", None),
        ("本人于今年，买了房", None),
        ("本人家住和平路", None),
        ("本人方便时来取", None),
        ("我是黄牛，你信吗", None),
        ("楼上的陈先生太吵", None),
        ("停水了", None),
    ],
)
def test_the_name_of_the_caller_is_told_by_himself(text, name):
    assert element(text, "name") == name


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("王先生来电反映停水", "王先生"),
        ("市民李女士咨询医保", "市民李女士"),
        ("我叫张三，想问公积金", "张三"),
        ("我姓刘叫刘芳", "刘芳"),
        ("我姓王住在这里", "我姓王"),
        ("楼上的陈先生太吵", None),
        ("停水了", None),
    ],
)
def test_callers(text, who):
    assert element(text, "who") == who


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("已经投诉多次，昨晚十点还在施工", "昨晚十点"),
        ("每天都吵，10月8日晚9点最厉害", "10月8日晚9点"),
        ("应于2025年5月1日完工，现在还没动，从去年10月开始停工", "从去年10月开始"),
        ("只拖不发2025年10月的工资，上个月说没钱", "上个月"),
        ("夏天快到了，蚊子多", None),
        ("这里有一点脏", None),
        ("五一路堵车", None),
    ],
)
def test_the_time_is_that_of_what_happened(text, when):
    assert element(text, "when") == when


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("滨海区路灯少，人民路12号门口的那盏坏了", "人民路12号门口"),
        ("我向滨海区政府反映过，石桥镇柳树村没水", "石桥镇柳树村"),
        ("隔壁小区停水了", None),
        ("城市管理局的网站打不开", None),
        ("滨海市某某电子有限公司不发工资", None),
        ("仓前河边的夜宵摊太吵", "仓前河边"),
        ("文昌路的书香花园3栋电梯坏了", "文昌路的书香花园3栋"),
    ],
)
def test_the_place_told_most_exactly_is_taken(text, where):
    assert element(text, "where") == where


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("请打138 0013 8000", "138 0013 8000"),
        ("我的手机：１３８－００１３－８０００", "１３８－００１３－８０００"),
        ("公司电话0769-22895599，我的电话13800138000", "13800138000"),
        ("座机（0769）22895599", "（0769）22895599"),
        ("客服400-820-8820一直占线", "400-820-8820"),
        ("客服是4008208820，回我+86 13800138000", "+86 13800138000"),
        ("身份证110101199003070011", None),
        ("卡号6222 0213 8001 3800 138", None),
        ("打12345没人接", None),
        ("我手机是幺三八零零幺三八零零零", "幺三八零零幺三八零零零"),
        ("我手机幺三八，零零一三，八〇〇〇", "幺三八，零零一三，八〇〇〇"),
        ("电话一三五 两二三三 四四五五", "一三五 两二三三 四四五五"),
        ("一三五七九", None),
        ("幺三八零零幺三八零零零零", None),
        ("停水了", None),
    ],
)
def test_phones(text, phone):
    assert element(text, "phone") == phone


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("我要投诉滨海市某某电子有限公司拖欠工资", "滨海市某某电子有限公司"),
        ("老张记面馆半夜排油烟，希望城管局去查", "老张记面馆"),
        ("和平路12号工地，施工单位通宵打桩", "施工单位"),
        ("我去建行贷款，滨海建行一直不放款，问建行也没人理", "滨海建行"),
        ("阳光物业乱收停车费", "阳光物业"),
        ("希望区环保局来查一查空气", None),
        ("向街道办反映过，路灯还是不亮", None),
        ("第三小学旁边的路坏了", None),
        ("投诉老李烧烤，老板态度恶劣，老板还骂人，老板不讲理", "老李烧烤"),
        ("楼下老王火锅店半夜排油烟，老板不听劝", "老王火锅店"),
        ("我要投诉李强拖欠工资，老板一直躲着", "李强"),
        ("老板李强不发工资，老板还骂人", "李强"),
        ("包工头叫王建国，一直拖欠工资", "王建国"),
        ("老板不发工资", "老板"),
        ("小区烧烤的烟太大", None),
        ("停水了", None),
    ],
)
def test_the_accused(text, accused):
    assert element(text, "accused") == accused


def test_what_is_wanted_is_told_without_thanks():
    assert element("路灯坏了，望相关部门尽快修好，谢谢！", "wanted") == "望相关部门尽快修好"


@pytest.mark.parametrize(
    "text", ["孩子是国家的希望，大家都知道", "我很希望有人来管，但却没人来", "望京的路灯坏了"]
)
def test_what_is_no_wish_of_the_caller_is_not_taken_for_one(text):
    assert element(text, "wanted") is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("我多次要求物业处理都没用。希望街道出面！", "希望街道出面"),
        ("停水三天，能不能先送点水来？", "能不能先送点水来"),
        ("想咨询公积金怎么提取", "想咨询公积金怎么提取"),
        ("楼上太吵了", None),
    ],
)
def test_wishes(text, wanted):
    assert element(text, "wanted") == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "what"),
    [
        (
            "家里停电了，想问问什么时候能来电，我手机是幺三八零零幺三八零零零",
            "想问问什么时候能来电",
            "家里停电了",
        ),
        ("家里停电了，希望尽快修好，联系电话13800138000", "希望尽快修好", "家里停电了"),
        ("希望尽快回电13800138000", "希望尽快回电", None),
    ],
)
def test_a_number_to_call_back_is_no_part_of_the_wish(text, wanted, what):
    assert element(text, "wanted") == wanted
    assert element(text, "what") == what


@pytest.mark.parametrize("text", ["😀😡🔥🔥", "1234567890", "？？？？！！", "12:30-13:40", "a1b2 3456"])
def test_without_a_few_letters_nothing_is_told(text):
    assert extract(text).what is None


def test_a_greeting_tells_nothing():
    assert extract("您好！").what is None
    assert element("您好，楼上漏水到我家", "what") == "楼上漏水到我家"


@settings(deadline=None)
@given(texts())
def test_elements_lie_in_the_text(text):
    for span in vars(extract(text)).values():
        assert span is None or 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "路",
        "在我的是",
        "请希望要求",
        "一二月年点半",
        "我是我们是",
        "1",
        "市民",
        "王先生",
        "公司",
        "8点到",
        "138 ",
        "幺三八",
        "我叫王",
        "老李",
        "投诉李",
        "3栋501",
        "从来",
        "望",
    ],
)
def test_a_long_text_is_read_in_linear_time(piece):
    assert is_linear(extract, piece)
