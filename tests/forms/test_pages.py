"""Every field type as the page asks it and as the record shows it, drawn by the real templates without Flask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import lxml.html
import pytest

from forms.answers import validate
from forms.asked import INNER_ROW, ROW, Page, asked, complaints
from forms.document import read_form
from forms.field import Form
from forms.posted import edited_rows, parse
from forms.shown import shown
from tests.forms.every import FILLED, ID, NESTED, every_type

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"


def page_of(choices: list[tuple[str, str]]) -> Page:
    def file(ident: str) -> dict[str, Any] | None:
        return {"name": "桥.jpg", "url": f"/attachments/{ident}", "thumb": f"/attachments/{ident}/thumb", "grade": "A"}

    return Page(choices=lambda field: choices, say=lambda text: text, lookup=lambda kind, ident: None, file=file)


def draw(form: Form, values: dict[str, Any], errors: dict[str, str], page: Page) -> lxml.html.HtmlElement:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    source = """{% import "forms/form.html" as ask %}
      {% from "forms/answers.html" import answers %}
      {% call ask.frame("/tasks/1", "token", key="k1", draft_url="/tasks/1/draft", owner="zhang") %}
      {{ ask.summary(faults) }}{{ ask.questions(asked) }}{{ ask.buttons("提交") }}{% endcall %}
      {{ answers(told, file) }}"""
    questions = asked(form, values, errors, page)
    told = shown(form, values, page.lookup, page.say)
    faults = complaints(questions, errors, page.say)
    html = environment.from_string(source).render(asked=questions, faults=faults, told=told, file=page.file)
    return lxml.html.fromstring(f"<main>{html}</main>")


@pytest.fixture(params=["empty", "filled", "nothing to choose from"])
def drawn(request: pytest.FixtureRequest) -> lxml.html.HtmlElement:
    choices = [] if request.param == "nothing to choose from" else [("o1", "一"), ("u1", "二"), ("r1", "三")]
    return draw(every_type(), {} if request.param == "empty" else FILLED, {}, page_of(choices))


def test_every_input_has_a_name_that_people_can_hear(drawn: lxml.html.HtmlElement) -> None:
    for control in drawn.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        ident = control.get("id")
        labelled = (
            control.get("aria-label") or control.xpath("ancestor::label") or drawn.xpath(f"//label[@for='{ident}']")
        )
        assert labelled, lxml.html.tostring(control)


def test_ids_are_unique_and_references_lead_somewhere(drawn: lxml.html.HtmlElement) -> None:
    for template in drawn.xpath("//template"):
        template.getparent().remove(template)
    ids = drawn.xpath("//@id")
    assert len(ids) == len(set(ids))
    for reference in drawn.xpath("//@for | //@aria-describedby | //@data-search"):
        assert set(reference.split()) <= set(ids), reference


def test_nothing_breaks_the_content_security_policy(drawn: lxml.html.HtmlElement) -> None:
    assert drawn.xpath("//script | //style | //@style | //@*[starts-with(name(), 'on')]") == []


def test_the_page_posts_back_what_it_was_given() -> None:
    """Round trip without script: what the browser would send is read as the same answers."""
    form = every_type()
    choices = [("o1", "一"), ("u1", "二"), ("r1", "三")]
    drawn = draw(form, FILLED, {}, page_of(choices))
    answers = parse(form, posted(drawn))
    assert answers == {name: value for name, value in FILLED.items() if name != "given"} | {"maybe": False}


def test_what_nobody_can_choose_from_is_typed_and_posted_back() -> None:
    form = every_type()
    answers = parse(form, posted(draw(form, FILLED, {}, page_of([]))))
    assert (answers["a_org"], answers["a_ref"], answers["a_refs"]) == ("o1", "r1", ["r1"])


def test_what_was_typed_wrongly_stands_there_again() -> None:
    typed = {
        "a_int": "多",
        "a_date": "下周",
        "a_money": "约 5 万",
        "a_geo": {"lat": "北", "lon": "116"},
        "a_enum": "gone",
    }
    form = every_type()
    drawn = draw(form, typed, {"a_int": "不对", "a_geo": "不是位置"}, page_of([]))
    answers = parse(form, posted(drawn))
    assert answers["a_int"] == "多"
    assert answers["a_date"] == "下周"
    assert answers["a_money"] == "约 5 万"
    assert answers["a_geo"] == {"lat": "北", "lon": 116.0}
    assert answers["a_enum"] == "gone"


def test_a_fault_stands_at_its_input_and_in_the_summary() -> None:
    errors = {"a_text": "请填写", "a_table-1-what": "太长", "a_evidences": "请附照片", "": "表单太长"}
    drawn = draw(every_type(), FILLED, errors, page_of([]))
    control = drawn.get_element_by_id("f-a_text")
    assert control.get("aria-invalid") == "true"
    assert drawn.get_element_by_id(control.get("aria-describedby").split()[-1]).text_content() == "请填写"
    links = {link.get("href")[1:]: link.text_content() for link in drawn.xpath("//*[@id='faults']//a")}
    assert links == {
        "f-a_text": "字段 text",
        "f-a_table-1-what": "字段 table, row 2: 措施",
        "f-a_evidences": "字段 evidences",
    }
    assert all(drawn.xpath(f"//*[@id='{ident}']") for ident in links)
    assert "表单太长" in drawn.get_element_by_id("faults").text_content()


def test_a_required_yes_or_no_starts_unanswered() -> None:
    drawn = draw(every_type(), {}, {}, page_of([]))
    assert drawn.xpath("//input[@name='a_bool']/@type") == ["radio", "radio"]
    assert drawn.xpath("//input[@name='a_bool']/@checked") == []
    assert drawn.xpath("//input[@name='maybe']/@type") == ["checkbox"]


def test_a_condition_is_there_for_the_script_and_for_people_without_it() -> None:
    question = draw(every_type(), {}, {}, page_of([])).xpath("//*[@data-question='why']")[0]
    assert question.get("data-visible-if") == '[{"field": "a_bool", "in": ["false"]}]'
    assert "Only if “字段 bool” is: No." in question.text_content()
    assert "<原因>" in question.text_content()


def test_a_read_only_field_is_shown_and_not_sent() -> None:
    drawn = draw(every_type(), FILLED, {}, page_of([]))
    assert "2013-05-07" in drawn.xpath("//*[@data-question='given']")[0].text_content()
    assert "given" not in posted(drawn)


@pytest.mark.parametrize("path", ["nested", "nested.steps"])
def test_files_of_a_table_that_is_only_shown_can_be_opened(path: str) -> None:
    form = read_form(
        {
            "name": "trial/report",
            "title": "问题",
            "fields": [NESTED],
            "steps": {"verify": {"fields": {path: "readonly"}}},
        }
    )
    carried = {"nested": FILLED["nested"]}
    drawn = draw(form.at("verify"), carried, {}, page_of([]))
    fixed = drawn.xpath("//div[@class='ask-fixed'][.//ol[@class='told-inner']]")[0]
    assert fixed.xpath(".//a/@href") == [f"/attachments/{ID}"] * 3
    assert fixed.xpath(".//img")
    assert ID not in fixed.text_content()


def test_a_register_is_a_link_and_nothing_else() -> None:
    given = {
        "name": "ledger",
        "label": "台账",
        "type": "register",
        "register": "ledgers",
        "readonly": True,
        "prefill": "x",
    }
    form = read_form({"name": "trial/form", "title": "台账", "fields": [given]})
    drawn = draw(form, {"ledger": {"id": "a/b", "name": "朝阳区"}}, {}, page_of([]))
    (link,) = drawn.xpath("//div[@class='ask-fixed']/a")
    assert (link.get("href"), link.text) == ("/ledgers/a%2Fb", "朝阳区")
    assert validate(form, {"ledger": {"id": "other"}}, {"ledger": {"id": "a/b"}}) == {"ledger": {"id": "a/b"}}


def test_rows_are_added_and_removed_without_script() -> None:
    form = every_type()
    items = posted(draw(form, FILLED, {}, page_of([])))
    more = edited_rows(form, items | {"_add": ["a_table"]})
    assert more is not None
    assert more["a_table"] == [*FILLED["a_table"], {}]
    again = posted(draw(form, more, {}, page_of([])))
    less = edited_rows(form, again | {"_remove": ["a_table-0"]})
    assert less is not None
    assert less["a_table"] == [{"what": "截污"}, {}]
    assert edited_rows(form, items) is None
    assert edited_rows(form, items | {"_add": ["a_text"]}) is None


def test_rows_in_rows_are_added_and_removed_without_script() -> None:
    form = every_type()
    page = page_of([("o1", "一"), ("u1", "二"), ("r1", "三")])
    drawn = draw(form, FILLED, {}, page)
    buttons = {one.get("value"): one for one in drawn.xpath("//button[@name='_add'][not(ancestor::template)]")}
    assert list(buttons) == ["a_table", "nested-0-steps", "nested-1-steps", "nested"]
    assert buttons["nested-1-steps"].text == "Add a row: 整改措施"
    assert buttons["nested"].text == "Add a row: 问题"
    more = edited_rows(form, posted(drawn) | {"_add": ["nested-1-steps"]})
    assert more is not None
    first, second = FILLED["nested"]
    assert more["nested"] == [first, second | {"steps": [*second["steps"], {}]}]
    again = draw(form, more, {}, page)
    items = posted(again) | {"nested-1-steps-1-how": ["外运"]}
    less = edited_rows(form, items | {"_remove": ["nested-1-steps-0"]})
    assert less is not None
    assert less["nested"] == [first, second | {"steps": [{"how": "外运", "late": False}]}]
    assert parse(form, items)["nested"][1]["steps"][1] == {"how": "外运", "late": False}


def test_a_blank_row_of_the_page_holds_the_blank_row_of_its_table() -> None:
    drawn = draw(every_type(), {}, {}, page_of([]))
    (outer,) = drawn.xpath("//fieldset[@id='f-nested']/template")
    (inner,) = outer.xpath(".//template")
    assert (outer.get("data-blank-row"), inner.get("data-blank-row")) == (ROW, INNER_ROW)
    names = inner.xpath(".//input[@type='text']/@name")
    assert f"nested-{ROW}-steps-{INNER_ROW}-how" in names
    rule = inner.xpath(".//*[@data-visible-if]/@data-visible-if")[0]
    assert rule == f'[{{"field": "nested-{ROW}-steps-{INNER_ROW}-late", "in": ["true"]}}]'
    visible = drawn.xpath("//fieldset[@id='f-nested-0-steps']//input[@type='text'][not(ancestor::template)]/@name")
    assert visible[0] == "nested-0-steps-0-how"


def test_a_fault_in_a_row_of_a_row_says_where_it_is() -> None:
    form = every_type()
    errors = {"nested-1-steps-0-how": "请填写", "nested-0-steps": "太多", "nested-0-on": "太早"}
    drawn = draw(form, FILLED, errors, page_of([]))
    links = {link.get("href")[1:]: link.text_content() for link in drawn.xpath("//*[@id='faults']//a")}
    assert links == {
        "f-nested-0-steps": "问题, row 1: 整改措施",
        "f-nested-0-on": "问题, row 1: 时限",
        "f-nested-1-steps-0-how": "问题, row 2, 整改措施, row 1: 措施",
    }
    assert all(drawn.xpath(f"//*[@id='{ident}']") for ident in links)
    assert drawn.get_element_by_id("f-nested-1-steps-0-how").get("aria-invalid") == "true"


def test_a_table_in_a_row_is_told_with_labels() -> None:
    told = draw(every_type(), FILLED, {}, page_of([])).xpath("//dl[@class='told']/div[dt='问题']/dd")[0]
    cells = told.xpath(".//table/tbody/tr[1]/td")
    assert [cell.get("data-label") for cell in cells] == ["问题", "整改措施", "时限"]
    first, second = cells[1].xpath("ol/li")
    words = {one.findtext("dt"): one.find("dd").text_content().strip() for one in first.xpath("dl/div")}
    assert words | {"照片": "", "文件": ""} == {
        "措施": "清淤", "延期": "Yes", "延期原因": "汛期", "责任单位": "o1", "照片": "", "文件": "",
    }  # fmt: skip
    assert first.xpath(".//dd//img")
    assert [one.text for one in second.xpath("dl/div/dt")] == ["措施", "延期", "签名"]


def test_answers_are_told_in_words() -> None:
    told = draw(every_type(), FILLED, {}, page_of([])).xpath("//dl")[0]
    words = {one.findtext("dt"): one.find("dd").text_content().strip() for one in told.findall("div")}
    assert words["字段 decimal"] == "0.0001"
    assert words["字段 percent"] == "12.5%"
    assert words["字段 money"] == "1,234.50 yuan"
    assert words["字段 bool"] == "No"
    assert words["字段 enum"] == "选项1"
    assert words["字段 datetime"] == "2013-05-06 17:30"
    assert told.xpath(".//table//td")[0].text_content() == "清淤"
    assert told.xpath(".//img/@alt")


def posted(drawn: lxml.html.HtmlElement) -> dict[str, list[str]]:
    """What a browser without script sends: enabled, ticked, selected controls of the form, nothing of templates."""
    items: dict[str, list[str]] = {}
    for control in drawn.xpath("//form//*[self::input or self::select or self::textarea][not(ancestor::template)]"):
        name, kind = control.get("name"), control.get("type")
        if name is None or control.get("disabled") is not None or kind in ("file", "search"):
            continue
        if kind in ("checkbox", "radio") and control.get("checked") is None:
            continue
        if control.tag == "select":
            value = next(iter(control.xpath("option[@selected]/@value")), "")
        else:
            value = control.text or "" if control.tag == "textarea" else control.get("value", "")
        items.setdefault(name, []).append(value.removeprefix("\n"))
    return items


def test_a_photo_is_told_with_local_time_and_facts() -> None:
    facts = {"id": ID, "captured_at": "2013-05-06T03:00:00Z", "grade": "B", "geo": {"lat": 39.9, "lon": 116.4}}
    told = draw(every_type(), {"a_evidences": [facts]}, {}, page_of([])).xpath("//dl")[0].text_content()
    assert "2013-05-06 11:00" in told
    assert "Evidence grade B" in told
    assert "39.9, 116.4" in told
