"""Two versions of a form: what an administrator is told has changed."""

from forms.compare import Difference, compare
from forms.document import read_form

ROW = {"name": "what", "label": "事项", "type": "text"}
FORM = {
    "name": "p/t",
    "title": "签收",
    "fields": [
        {"name": "accepted", "label": "签收", "type": "bool", "required": True},
        {"name": "reason", "label": "理由", "type": "text", "visible_if": {"field": "accepted", "equals": False}},
        {
            "name": "rows",
            "label": "明细",
            "type": "table",
            "columns": [{"name": "what", "label": "事项", "type": "text"}],
        },
    ],
}


def after(change):
    fields = [dict(field) for field in FORM["fields"]]
    changed = FORM | {"fields": fields}
    change(changed)
    return compare(read_form(FORM), read_form(changed))


def test_a_form_is_like_itself():
    assert after(lambda form: None) == ()


def test_title_label_and_duty():
    def change(form):
        form["title"] = "签收督办"
        form["fields"][1] |= {"label": "退签理由", "required": True}

    assert after(change) == (
        Difference("", "changed", "title", "签收", "签收督办"),
        Difference("reason", "changed", "label", "理由", "退签理由"),
        Difference("reason", "changed", "required", "", "yes"),
    )


def test_a_condition():
    def change(form):
        form["fields"][1]["visible_if"] = {"field": "accepted", "equals": True}

    assert after(change) == (Difference("reason", "changed", "visible_if", "accepted in False", "accepted in True"),)


def test_fields_and_columns_come_and_go():
    def change(form):
        form["fields"][2]["columns"] = [{"name": "count", "label": "数量", "type": "int"}]
        form["fields"].append({"name": "day", "label": "日期", "type": "date"})

    assert after(change) == (
        Difference("rows.count", "added", after="数量"),
        Difference("rows.what", "removed", before="事项"),
        Difference("day", "added", after="日期"),
    )


def test_another_order():
    def change(form):
        form["fields"].insert(0, form["fields"].pop(2))

    found = after(change)
    assert {(one.path, one.kind) for one in found} == {("rows", "moved"), ("accepted", "moved"), ("reason", "moved")}
