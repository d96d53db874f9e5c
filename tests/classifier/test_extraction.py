import time

import pytest
from hypothesis import given, settings

from classifier import extract
from tests.classifier.examples import texts


def element(text, name):
    span = getattr(extract(text), name)
    return None if span is None else span.of(text)


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
        ("路灯不亮", None),
    ],
)
def test_times(text, when):
    assert element(text, "when") == when


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
    ("text", "who"),
    [
        ("王先生来电反映停水", "王先生"),
        ("市民李女士咨询医保", "市民李女士"),
        ("我叫张三，想问公积金", "我叫张三"),
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
        "从来",
        "望",
    ],
)
def test_a_long_text_is_read_in_linear_time(piece):
    text = (piece * 100_000)[:100_000]
    started = time.process_time()

    extract(text)

    assert time.process_time() - started < 0.5
