"""What the page for drawing asks of the server: words to choose from, whether a formula can be read, what differs."""

import html
import json
import re
from pathlib import Path

import pytest

from bpmn.functions import FUNCTIONS
from web.function_words import WORDS

ISLAND = Path(__file__).parents[2] / "web" / "islands"


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_only_administrators_draw(visit, errand, cast, draft, who):
    visitor = visit(getattr(cast, who))
    assert visitor.get(f"{draft}/model").status_code == 403
    assert visitor.get(f"{draft}/vocabulary.json").status_code == 403
    for path in ("formula", "compare", "check", "suggest"):
        assert visitor.send(f"{draft}/{path}", {}).status_code == 403


def test_the_page_carries_its_state_and_the_words_of_the_island(admin, draft):
    page = admin.get(f"{draft}/model")
    assert page.status_code == 200
    assert 'data-revision="1"' in page.text
    assert "style-src 'self' 'unsafe-inline'" in page.headers["Content-Security-Policy"]
    admin.post(f"{draft}/drop")
    assert admin.get(f"{draft}/model").status_code == 409


def test_every_word_that_the_island_says_is_given_to_it(admin, draft):
    said = set()
    for path in [ISLAND / "modeler.js", *(ISLAND / "modeler").rglob("*.js")]:
        for call in re.findall(r"\bsay\(((?:[^()']|'[^']*')*)", path.read_text()):
            said |= set(re.findall(r"'([^']+)'", call))
    page = admin.get(f"{draft}/model").text
    given = json.loads(html.unescape(re.search(r'data-language="[^"]*"[^>]*data-texts="([^"]*)"', page)[1]))
    assert len(said) > 80
    assert {words for words in said if words[0].isupper()} - set(given) == set()


def test_the_vocabulary_offers_what_there_is(admin, draft):
    words = admin.get(f"{draft}/vocabulary.json").get_json()
    assert {"name": "officer", "title": "officer 01 (officer)"} in words["people"]
    assert {"title", "name", "fields"} <= set(words["forms"][0])
    assert [one["name"] for one in words["processes"]] == ["errand"]
    assert "today()" in [one["usage"] for one in words["functions"]]
    assert {"S4.2d", "S0.1"} <= {one["name"] for one in words["clauses"]}
    assert ["air", "大气污染治理"] in words["task_codes"]
    assert words["words"]["plan_days"] == "整改方案"
    assert words["errors"] == words["escalations"] == []


@pytest.mark.parametrize(
    ("kind", "text", "names"),
    [
        ("expression", "report.days > 3 and org == 'a'", ["org", "report"]),
        ("script", "a = b.c\nd = a + 1", ["b"]),
        ("due", "P3D", []),
        ("due", "=report.day", ["report"]),
        ("date", "2013-05-06", []),
        ("duration", "wd(3)", []),
        ("cycle", "R/wd(1)", []),
        ("unheard of", "a", ["a"]),
    ],
)
def test_a_formula_that_can_be_read_names_what_it_needs(admin, draft, kind, text, names):
    answer = admin.send(f"{draft}/formula", {"kind": kind, "text": text}).get_json()
    assert answer == {"problem": None, "names": names}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("expression", "a ="), ("expression", "open('x')"), ("expression", "(" * 5000), ("script", "a +"),
        ("date", "P3D"), ("duration", "R3/PT10M"), ("cycle", "R/PT0S"), ("expression", ""),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_read_is_a_sentence(admin, draft, kind, text):
    answer = admin.send(f"{draft}/formula", {"kind": kind, "text": text})
    assert answer.status_code == 200
    assert len(answer.get_json()["problem"]) > 5


@pytest.mark.parametrize("body", [None, [], "x", {"text": {"a": 1}, "kind": 3}, {"diagram": ["x"]}])
@pytest.mark.parametrize("path", ["formula", "compare", "suggest"])
def test_what_makes_no_sense_is_answered(admin, draft, path, body):
    assert admin.send(f"{draft}/{path}", body).status_code < 500


def test_what_differs_is_told_in_words(admin, draft, errand_bundle):
    text = errand_bundle.diagram.decode()
    assert admin.send(f"{draft}/compare", {"diagram": text}).get_json() == []
    (found,) = admin.send(f"{draft}/compare", {"diagram": text.replace('name="复核"', 'name="复查"')}).get_json()
    assert (found["element"], found["kind"], found["before"], found["after"]) == ("check", "changed", "复核", "复查")
    assert found["name"] == "复核"


def test_every_function_has_words():
    assert set(WORDS) == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("name", "kind", "ident"),
    [
        ("复核", "bpmn:UserTask", "check"),  # as in the process that is published
        ("审批整改方案", "bpmn:UserTask", "approve_rectify_plan"),
        ("Call the visitor back", "bpmn:UserTask", "call_the_visitor"),
        ("？", "bpmn:ExclusiveGateway", "gateway"),
        ("", "bpmn:UserTask", "step"),
    ],
)
def test_an_id_is_suggested_that_says_what_it_is(admin, draft, name, kind, ident):
    answer = admin.send(f"{draft}/suggest", {"name": name, "type": kind, "diagram": ""})
    assert answer.get_json()["id"].startswith(ident)


def test_no_id_is_suggested_that_is_taken_or_was(admin, draft, errand_bundle):
    text = errand_bundle.diagram.decode()
    taken = set(re.findall(r'id="(\w+)"', text))
    first = admin.send(f"{draft}/suggest", {"name": "复核", "type": "bpmn:UserTask", "diagram": ""}).get_json()["id"]
    assert first not in taken
    drawn = f'<bpmn:userTask id="{first}"/>'
    second = admin.send(f"{draft}/suggest", {"name": "复核", "type": "bpmn:UserTask", "diagram": drawn})
    assert second.get_json()["id"] not in {*taken, first}


def test_messages_tell_who_sends_and_who_waits(admin, draft, errand_bundle):
    text = errand_bundle.diagram.decode()
    talking = text.replace(
        "</bpmn:process>",
        '<bpmn:endEvent id="told"><bpmn:extensionElements><ducha:input name="result" value="1"/>'
        "</bpmn:extensionElements>"
        '<bpmn:messageEventDefinition messageRef="m_told"/></bpmn:endEvent></bpmn:process>',
    ).replace("<bpmn:process ", '<bpmn:message id="m_told" name="errand_told"/><bpmn:process ', 1)
    assert admin.send(f"{draft}/save", {"revision": 1, "diagram": talking}).status_code == 200
    found = admin.get(f"{draft}/vocabulary.json").get_json()["talk"]["errand_told"]
    assert found["carries"] == ["result"]
    assert len(found["sent"]) == 1
    assert found["awaited"] == []
