"""A ledger as a spreadsheet: exported and taken in again, pasted, and told cell by cell what is wrong."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from engine.access import NotFound, NotYours
from forms.answers import AnswersRefused, validate
from workflows import ledger_imports, ledger_items, ledger_sheet
from workflows.ledger_imports import Imported
from workflows.ledger_items import LedgerClosed
from workflows.spreadsheet import SheetRefused, read_pasted, read_xlsx
from workflows.tables import LedgerItem

ROW = {
    "子项": "A3 控制机动车排放污染",
    "本地适用": "是",
    "不适用理由": None,
    "任务名称": "淘汰老旧机动车",
    "目标值": 26000,
    "计量单位": "辆",
    "责任单位": "朝阳区环保局",
    "责任人职务": "分管副区长",
    "开始": "2013/5/1",
    "完成时限": "2013年12月20日",
    "节点": "2013-06-30 20%；2013-12-20 100% 全部完成",
    "佐证要求": "照片、文件",
    "可公开": "是",
}
HEADINGS, GOOD = list(ROW), list(ROW.values())


@pytest.fixture
def ledger(office):
    office.opened()
    return office.ledger()


def take(office, ledger_id, *rows, person="chaoyang-supervision-01"):
    return ledger_imports.take(office.session, office.actor(person), ledger_id, rows, office.moment)


def changed(**cells):
    return list({**ROW, **cells}.values())


def entered(office):
    return [
        ledger_items.answers_of(one) for one in office.session.scalars(select(LedgerItem).order_by(LedgerItem.position))
    ]


def test_rows_under_headings_are_understood(office, ledger, good_row):
    assert take(office, ledger, HEADINGS, GOOD) == Imported(added=1, changed=0)
    expected = good_row(
        milestones=[
            {"date": "2013-06-30", "planned_percent": 20},
            {"date": "2013-12-20", "planned_percent": 100, "standard": "全部完成"},
        ]
    )
    assert entered(office) == [expected]


def test_what_does_not_apply_needs_a_reason_only(office, ledger):
    take(office, ledger, ["子项", "本地适用", "不适用理由"], ["C4", "否", "没有旅游区"])
    assert entered(office) == [{"sub_item": "C4", "applicable": False, "na_reason": "没有旅游区"}]


def test_without_headings_the_columns_are_those_of_the_export(office, ledger):
    order = [field.label for field in ledger_items.form().fields]
    row = [ROW.get(label) for label in order]
    take(office, ledger, row)
    take(office, ledger, ["", *row[:3], "又一项", *row[4:]])
    assert [one["item_name"] for one in entered(office)] == ["淘汰老旧机动车", "又一项"]


def test_every_problem_of_every_row_is_told_with_its_cell(office, ledger):
    bad = changed(目标值="很多", 责任单位="火星局", 节点="六月底前", 佐证要求="照片、录像", 完成时限="年底")
    with pytest.raises(SheetRefused) as refused:
        take(office, ledger, HEADINGS, GOOD, bad, changed(子项="Z9"))
    found = {
        one.element: (one.params["row"], one.params["column"], one.params["found"]) for one in refused.value.problems
    }
    assert found == {
        "E3": (3, "目标值", "很多"),
        "J3": (3, "完成时限", "年底"),
        "K3": (3, "节点", "六月底前"),
        "L3": (3, "佐证要求", "['photo', '录像']"),
        "A4": (4, "子项", "Z9"),
    }
    assert entered(office) == []


def test_organisations_are_looked_up_once_the_rest_is_right(office, ledger):
    with pytest.raises(SheetRefused) as refused:
        take(office, ledger, HEADINGS, changed(责任单位="火星局"), changed(责任单位="丰台区环保局"))
    assert [(one.element, one.code) for one in refused.value.problems] == [("G2", "unknown"), ("G3", "elsewhere")]


def test_missing_and_unknown_headings_are_told_with_a_guess(office, ledger):
    with pytest.raises(SheetRefused) as refused:
        take(office, ledger, ["子项", "任务名", "目标值", "计量单位", "计量单位"], GOOD)
    assert [(one.element, one.code) for one in refused.value.problems] == [
        ("B", "unknown_column"),
        ("D", "column_twice"),
        ("E", "column_twice"),
        ("", "missing_column"),
    ]
    assert refused.value.problems[0].params["near"] == "任务名称"


@pytest.mark.parametrize("rows", [[], [HEADINGS], [HEADINGS, [None, None], []]])
def test_an_empty_table_is_told(office, ledger, rows):
    with pytest.raises(SheetRefused) as refused:
        take(office, ledger, *rows)
    assert [one.code for one in refused.value.problems] == ["empty"]


def test_an_export_is_taken_in_again_without_any_change(office, ledger):
    office.add(ledger, location={"lat": 39.92, "lon": 116.44}, co_units=["110000-FGW", "110105-CG"], difficulty="hard")
    office.add(
        ledger, item_name="=HYPERLINK(1)", target_value=None, unit_of_measure=None, qualitative_standard="-全部\n完成"
    )
    before = entered(office)
    data = ledger_imports.export(office.session, ledger)
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet.title == "朝阳区属地任务台账"
    assert sheet["E3"].value == "'=HYPERLINK(1)"
    assert take(office, ledger, *read_xlsx(data)) == Imported(added=0, changed=0)
    assert entered(office) == before


def test_a_row_with_a_position_changes_that_row(office, ledger):
    item = office.add(ledger)
    assert take(office, ledger, ["序号", *HEADINGS], [1, *changed(目标值="30,000")], [None, *GOOD]) == Imported(1, 1)
    office.session.refresh(item)
    assert (item.target_value, item.revision) == (30000, 2)
    with pytest.raises(SheetRefused) as refused:
        take(office, ledger, ["序号", *HEADINGS], [7, *GOOD], ["2", *GOOD], [2.0, *GOOD])
    assert [(one.element, one.code) for one in refused.value.problems] == [
        ("A2", "unknown"),
        ("A3", "twice"),
        ("A4", "twice"),
    ]


def test_pasted_rows_go_the_same_way(office, ledger):
    text = "\t".join(HEADINGS) + "\n" + "\t".join("" if cell is None else str(cell) for cell in GOOD) + "\n"
    assert take(office, ledger, *read_pasted(text)) == Imported(1, 0)


def test_dates_that_lost_their_format_are_understood(office, ledger):
    take(office, ledger, HEADINGS, changed(开始=41395, 完成时限="41628"))
    assert (entered(office)[0]["start_date"], entered(office)[0]["deadline"]) == ("2013-05-01", "2013-12-20")


def test_who_may_not_edit_rows_may_not_import_them(office, ledger):
    with pytest.raises(NotYours):
        take(office, ledger, HEADINGS, GOOD, person="fengtai-supervision-01")
    office.run("ledger_facts", ledger_id=ledger)
    with pytest.raises(LedgerClosed):
        take(office, ledger, HEADINGS, GOOD)
    with pytest.raises(NotFound):
        ledger_imports.export(office.session, "x")


def test_442_rows_take_few_statements(office, ledger, count):
    rows = [changed(任务名称=f"任务{number}") for number in range(442)]
    actor = office.actor("chaoyang-supervision-01")
    with count(office.session.get_bind()) as counted:
        ledger_imports.take(office.session, actor, ledger, [HEADINGS, *rows], office.moment)
    assert len(counted) <= 10
    with count(office.session.get_bind()) as counted:
        ledger_imports.export(office.session, ledger)
    assert len(counted) <= 4


CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.text()
)
TYPED = st.sampled_from(
    ["A3", "是", "2013-02-30", "2013-06-30 20%", "39.9, 200", "1,000", "照片、", "9" * 30, "'=1", "、"]
)


@given(st.lists(CELLS | TYPED, min_size=len(HEADINGS), max_size=len(HEADINGS)))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_the_cells_is_understood_or_told(row):
    found = ledger_sheet.read([HEADINGS, row, ["A3"]], {})[0]
    clean, problems = judged(found.answers)
    assert all(one.element.split("-")[0] in found.answers or one.code == "required" for one in problems)
    if not problems:
        again = ledger_sheet.cells(1, clean, {})
        headings = [column.heading for column in ledger_sheet.columns()]
        assert ledger_sheet.read([headings, again], {})[0].answers == clean


def judged(answers):
    try:
        return validate(ledger_items.form(), answers), ()
    except AnswersRefused as refused:
        return {}, refused.problems


def test_the_notes_explain_every_column():
    written = [row[0] for row in ledger_sheet.notes()]
    assert written[: len(ledger_items.form().fields) + 1] == [column.heading for column in ledger_sheet.columns()]
    assert "D2" in written
