"""Personal data is found however it is written, and figures of the work are left alone."""

import pytest

from workflows.personal_data import mask, mask_contact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打13812345678", "请打138******78"),
        ("请打+86 138-1234-5678", "请打+86 138-****-**78"),
        ("请打 138 1234 5678。", "请打 138 **** **78。"),
        ("请打１３８１２３４５６７８", "请打１３８******７８"),
        ("请打一三八一二三四五六七八", "请打一三八******七八"),
        ("请打138\u200b1234\u200b5678", "请打138******78"),
        ("家里电话010-65190001", "家里电话010-********"),
        ("身份证11010519491231002X", "身份证110**************X"),
        ("身份证110105491231002", "身份证110***********2"),
        ("卡号6222 0202 0011 2230 000", "卡号**** **** **** **** 000"),
        ("京A12345、京A·12345、京AD12345", "京A****5、京A*****5、京A*****5"),
        ("写信到 wang.wu@example.com", "写信到 w******@***********"),
        ("加微信号abc_12345", "加微信号a********"),
        ("护照号E12345678", "护照号E*******8"),
        ("住在幸福里12号楼3单元502室", "住在幸福里***********"),
        ("我叫张建国，要反映", "我叫张**，要反映"),
        ("联系人：欧阳明", "联系人：欧**"),
        ("李建国先生反映", "李**先生反映"),
        ("车主王建国先生", "车主王**先生"),
        ("业主周强（三单元）", "业主周*（三单元）"),
        ("请李强师傅修好", "请李*师傅修好"),
    ],
)
def test_what_tells_who_somebody_is_can_t_be_read(text, shown):
    assert mask(text).text == shown
    assert mask(mask(text).text).text == shown, "and is not masked again"


@pytest.mark.parametrize(
    "text",
    [
        "计划淘汰180000辆，已完成64300辆，投资123456789012元。",
        "2013年4月28日印发京政办发〔2013〕21号，编号20130428001。",
        "二〇一三年四月二十八日",
        "监督电话：010-68556000，热线12345，值班电话 65190000",
        "3号楼前有垃圾，5栋楼之间的绿地被占",
        "城管路面维修，马路边的小摊，高先生胡同改造",
        "王女士反映，任课老师和高级教师",
        "业主单位和车主服务中心",
        "约占10440000平方米，坐标39.92, 116.44",
        "国家标准GB/T 9704-2012，工程E2标段",
        "",
    ],
)
def test_what_tells_nothing_of_anybody_stays(text):
    assert mask(text).text == text
    assert mask(text).kinds == ()


def test_the_kinds_that_were_hidden_are_named_once():
    assert mask("13812345678、13912345678，我叫王强。").kinds == ("mobile", "name")


def test_a_contact_is_recognised_by_its_owner_only():
    assert mask_contact("13812345678") == "138******78"
    assert mask_contact("小王") == "小*"
    assert mask_contact(None) is None


@pytest.mark.parametrize("part", ["1", "13", "张", "A1@", "1号楼", "微信", "(0", "京A", "电话 ", "6222 "])
def test_a_hostile_text_costs_no_more_than_a_long_one(part, calls):
    short, long = (calls(lambda text=part * count: mask(text)) for count in (500, 5000))
    assert long < 15 * short + 2000
