"""How much a form asks: questions shown, cells of tables, what was filled in already and left so."""

from forms.document import read_form
from forms.effort import Effort, measure

FORM = read_form(
    {
        "name": "x/y",
        "title": "填报",
        "fields": [
            {"name": "agreed", "label": "同意", "type": "bool", "required": True},
            {"name": "why", "label": "理由", "type": "text", "required": True,
             "visible_if": {"field": "agreed", "equals": False}},
            {"name": "amount", "label": "数量", "type": "decimal", "prefill": "1"},
            {"name": "known", "label": "已知", "type": "text", "readonly": True, "prefill": "'x'"},
            {"name": "steps", "label": "步骤", "type": "table", "columns": [
                {"name": "what", "label": "内容", "type": "text"}, {"name": "when", "label": "时间", "type": "date"}]},
        ],
    }
)  # fmt: skip


def test_hidden_and_shown_only_fields_are_not_asked():
    assert measure(FORM, {"agreed": True}, {}) == Effort(3, 0, 0)
    assert measure(FORM, {"agreed": False, "why": "不同"}, {}) == Effort(4, 0, 0)
    assert measure(FORM, {"agreed": True, "known": "x"}, {"known": "x"}) == Effort(3, 0, 0)


def test_the_opinion_and_attachments_that_every_form_has_do_not_count():
    assert measure(FORM, {"agreed": True, "opinion": "长篇", "attachments": ["a"]}, {}) == Effort(3, 0, 0)


def test_what_was_filled_in_and_what_was_left_so():
    assert measure(FORM, {"agreed": True, "amount": 5}, {"amount": 5}) == Effort(3, 1, 1)
    assert measure(FORM, {"agreed": True, "amount": 6}, {"amount": 5}) == Effort(3, 1, 0)
    assert measure(FORM, {"agreed": True}, {"amount": 5}) == Effort(3, 1, 0)


def test_each_cell_of_a_table_that_is_filled_in_is_a_question():
    rows = [{"what": "一", "when": "2013-05-06"}, {"what": "二", "when": None}]
    assert measure(FORM, {"agreed": True, "steps": rows}, {}) == Effort(5, 0, 0)
    assert measure(FORM, {"agreed": True, "steps": rows}, {"steps": rows}) == Effort(5, 3, 3)
    assert measure(FORM, {"agreed": True, "steps": rows}, {"steps": rows[:1]}) == Effort(5, 2, 0)
