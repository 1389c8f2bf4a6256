"""The decision tables of a draft, as an administrator edits them and others do not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bpmn.decisions import read_decision
from bpmn.table_tests import read_tests, with_tests
from engine import process_drafts
from web.table_words import TEXTS
from workflows.documents import DECISIONS

ISLANDS = Path(__file__).parents[2] / "web" / "islands"
TOOLS = Path(__file__).parents[2] / "node_modules"
TABLE = with_tests((DECISIONS / "D2_urging.dmn").read_bytes(), []).decode()
LATE = {"paused": "false", "subordinate": "true", "days_late": "3", "overdue_count": "0"}
ORDER = {"name": "三天", "on": "", "given": LATE, "expected": {"kind": '"order"'}}


@pytest.fixture
def draft(admin):
    """The address of a draft with one table in it."""
    address = admin.post("/admin/processes/errand/drafts").headers["Location"]
    assert admin.send(f"{address}/save", {"revision": 1, "decisions": {"D2_urging": TABLE}}).status_code == 200
    return address


@pytest.fixture
def place(draft):
    return f"{draft}/tables/D2_urging"


@pytest.fixture
def kept(sessions, cast, draft):
    def read():
        with sessions.read() as session:
            found = process_drafts.get(session, cast.admin, draft.rpartition("/")[2])
            return {name: text.encode() for name, text in found.decisions.items()}

    return read


def loaded(visitor, place):
    return visitor.get(f"{place}/table.json").get_json()


def saved(visitor, place, state, **changes):
    return visitor.send(
        f"{place}/save", {**{name: state[name] for name in ("table", "tests", "revision", "mark")}, **changes}
    )


def test_the_pages(admin, draft, place):
    assert f"{draft}/tables" in admin.get(draft).text
    page = admin.get(f"{draft}/tables")
    assert place in page.text
    assert "催办梯次" in page.text
    page = admin.get(place)
    assert f'data-table="{place}"' in page.text
    assert "unsafe-inline" in page.headers["Content-Security-Policy"]


def test_what_is_loaded(admin, place):
    state = loaded(admin, place)
    assert state["table"] == TABLE
    assert state["tests"] == state["verdicts"] == state["problems"] == state["unknown"] == []
    assert [one["name"] for one in state["columns"]["given"]][:2] == ["paused", "subordinate"]
    assert {one["name"]: one["options"] for one in state["columns"]["given"]}["paused"] == ["true", "false"]
    assert state["untested"] == list(range(1, 11))
    order = next(one for one in state["parameters"] if one["name"] == "parameters.urge_order_days")
    assert (order["value"], order["from"], order["later"]) == (3, "", [])


def test_a_test_is_kept_and_played(admin, place, kept):
    wrong = {**ORDER, "expected": {"rung": "5", "kind": '"order"'}}
    fault = {**ORDER, "given": {}}
    answer = saved(admin, place, loaded(admin, place), tests=[ORDER, wrong, fault]).get_json()
    assert [one["state"] for one in answer["verdicts"]] == ["passed", "failed", "fault"]
    assert answer["verdicts"][1]["wrong"] == ["rung"]
    assert answer["verdicts"][1]["answer"]["rung"] == "4"
    assert answer["verdicts"][2]["message"]
    assert 6 not in answer["untested"]
    assert [one.name for one in read_tests(kept()["D2_urging"])] == ["三天"] * 3
    state = loaded(admin, place)
    assert state["tests"] == [ORDER, wrong, fault]
    assert saved(admin, place, {**state, "tests": []}).get_json()["verdicts"] == []
    assert read_tests(kept()["D2_urging"]) == ()


def test_the_page_of_the_draft_says_that_tests_fail_and_changed(admin, draft, place):
    right = saved(admin, place, loaded(admin, place), tests=[ORDER])
    assert right.status_code == 200
    assert f'href="{place}"' not in admin.get(draft).text
    assert saved(admin, place, loaded(admin, place), tests=[{**ORDER, "expected": {"rung": "5"}}]).status_code == 200
    assert f'href="{place}"' in admin.get(draft).text


def test_a_table_with_errors_is_kept_and_its_problems_told(admin, place, kept):
    state = loaded(admin, place)
    broken = TABLE.replace("<text>days_late</text>", "<text>days_late +</text>")
    answer = saved(admin, place, state, table=broken, tests=[ORDER]).get_json()
    assert answer["columns"] is None
    assert [one["element"] for one in answer["problems"]] == ["D2_input_days_late"]
    assert loaded(admin, place)["tests"] == [ORDER]
    renamed = TABLE.replace('decision id="D2_urging"', 'decision id="D2"')
    state = loaded(admin, place)
    assert "D2_urging" in saved(admin, place, state, table=renamed).get_json()["problems"][-1]["message"]


def test_others_may_change_other_parts_meanwhile(admin, draft, place, errand_bundle, kept):
    state = loaded(admin, place)
    diagram = errand_bundle.diagram.decode().replace('name="复核"', 'name="复查"')
    assert admin.send(f"{draft}/save", {"revision": state["revision"], "diagram": diagram}).status_code == 200
    assert saved(admin, place, state, tests=[ORDER]).status_code == 200
    assert len(read_tests(kept()["D2_urging"])) == 1


def test_who_saves_second_learns_what_differs_and_may_insist(admin, place, kept):
    state = loaded(admin, place)
    theirs = TABLE.replace('<text>"督办单"</text>', '<text>"督办"</text>')
    assert saved(admin, place, state, table=theirs).status_code == 200
    mine = TABLE.replace('<text>"再催办"</text>', '<text>"催"</text>')
    answer = saved(admin, place, state, table=mine)
    assert answer.status_code == 409
    body = answer.get_json()
    assert len(body["differences"]) == 2
    assert '"督办"' in body["differences"][0]["theirs"]
    assert kept()["D2_urging"] == theirs.encode()
    again = saved(admin, place, state, table=mine, revision=body["revision"], mark=body["mark"])
    assert again.status_code == 200
    assert kept()["D2_urging"] == mine.encode()


@pytest.mark.parametrize(
    "change",
    [
        {"table": "<x/>"}, {"table": ""}, {"table": None}, {"table": "<!DOCTYPE x>"}, {"table": "\ud800"},
        {"tests": None}, {"tests": {}}, {"tests": ["x"]}, {"tests": [{"given": []}]}, {"tests": [{"name": 1}]},
        {"tests": [{"given": {"a": 1}, "expected": {}}]}, {"tests": [ORDER] * 201},
        {"mark": "x", "revision": "y"}, {"mark": None, "revision": None}, {"mark": [], "revision": 1},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_not_saved(admin, place, kept, change):
    assert saved(admin, place, loaded(admin, place), **change).status_code in (400, 409, 422)
    assert kept()["D2_urging"] == TABLE.encode()


@pytest.mark.parametrize("body", [None, [], "x", {}])
def test_what_is_no_request_is_not_saved(admin, place, body):
    assert admin.send(f"{place}/save", body).status_code == 400


def test_a_new_table_and_taking_it_out(admin, draft, kept):
    led = admin.post(f"{draft}/tables", {"key": "D9_new", "name": "新 <表>"})
    assert led.headers["Location"] == f"{draft}/tables/D9_new"
    assert (
        "新 &lt;表&gt;" in admin.get(led.headers["Location"]).text
        or "D9_new" in admin.get(led.headers["Location"]).text
    )
    assert "D9_new" in kept()
    page = admin.get(f"{draft}/tables")
    revision = re.search(r'name="revision" value="(\d+)"', page.text)[1]
    assert admin.post(f"{draft}/tables/D9_new/remove", {"revision": "1"}).status_code == 409
    assert "D9_new" in kept()
    assert admin.post(f"{draft}/tables/D9_new/remove", {"revision": revision}).status_code == 302
    assert set(kept()) == {"D2_urging"}
    assert admin.get(f"{draft}/tables/D9_new").status_code == 404


@pytest.mark.parametrize(
    ("key", "status"),
    [("D2_urging", 400), ("", 400), ("9x", 400), ("_x", 400), ("灯", 400), ("a b", 400), ("x" * 101, 400), ("if", 400)],
)
def test_a_bad_id_is_said_and_what_was_typed_stays(admin, draft, key, status, kept):
    page = admin.post(f"{draft}/tables", {"key": key, "name": "灯色"})
    assert page.status_code == status
    assert 'value="灯色"' in page.text
    assert set(kept()) == {"D2_urging"}


def test_only_administrators(visit, cast, draft, place, kept):
    for who in (cast.officer, cast.auditor):
        visitor = visit(who)
        for address in (f"{draft}/tables", place, f"{place}/table.json"):
            assert visitor.get(address).status_code == 403, address
        assert visitor.post(f"{draft}/tables", {"key": "x", "name": "x"}).status_code == 403
        assert visitor.post(f"{place}/remove", {"revision": "2"}).status_code == 403
        assert visitor.send(f"{place}/save", {"table": TABLE, "tests": []}).status_code == 403
    assert set(kept()) == {"D2_urging"}


@pytest.mark.parametrize("text", ["", "<x/>", TABLE.replace("decisionTable", "literalExpression")])
def test_a_document_that_is_no_table_is_shown_with_its_problems(admin, draft, text):
    assert admin.send(f"{draft}/save", {"revision": 2, "decisions": {"odd": text}}).status_code == 200
    assert "odd" in admin.get(f"{draft}/tables").text
    assert admin.get(f"{draft}/tables/odd").status_code == 200
    state = loaded(admin, f"{draft}/tables/odd")
    assert state["problems"]
    assert state["columns"] is None


def test_a_draft_that_was_given_up_is_only_shown(admin, draft, place):
    state = loaded(admin, place)
    admin.post(f"{draft}/drop")
    assert admin.get(place).status_code == 409
    assert saved(admin, place, state).status_code == 409
    assert admin.post(f"{draft}/tables", {"key": "x", "name": "x"}).status_code == 409
    page = admin.get(f"{draft}/tables")
    assert page.status_code == 200
    assert '<form class="card"' not in page.text


def test_hostile_names_stay_text(admin, draft, place):
    evil = "&lt;img src=x onerror=alert(1)&gt;"
    state = loaded(admin, place)
    table = TABLE.replace('name="催办梯次"', f'name="{evil}"')
    assert saved(admin, place, state, table=table, tests=[{**ORDER, "name": "<script>"}]).status_code == 200
    for address in (f"{draft}/tables", place):
        text = admin.get(address).text
        assert "<img src=x" not in text
        assert "onerror" in text
    assert read_decision(loaded(admin, place)["table"].encode()).name == "<img src=x onerror=alert(1)>"


# ---- the words of the island


def test_every_word_of_the_tool_is_there_in_chinese():
    words = json.loads((ISLANDS / "tables" / "words.json").read_text(encoding="utf-8"))
    assert said_by_the_tool() - words.keys() == set()
    for english, chinese in words.items():
        assert re.findall(r"{.*?}", english) == re.findall(r"{.*?}", chinese), english
        assert re.search(r"[\u4e00-\u9fff]", chinese), english


def test_the_page_hands_over_every_word_that_the_island_says():
    said = set()
    for path in (ISLANDS / "tables").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        said |= set(re.findall(r"\bsay\(\s*'([^']+)'", text))
        said |= {one.replace("\\'", "'") for one in re.findall(r'\bsay\(\s*"([^"]+)"', text)}
    text = (ISLANDS / "tables.js").read_text(encoding="utf-8")
    said |= set(re.findall(r'\bsay\(\s*"([^"]+)"', text))
    assert said - set(TEXTS) == set()


def said_by_the_tool():
    """The literals that dmn-js hands to its translation, and those that it looks up first."""
    library = TOOLS / "dmn-js-decision-table" / "lib"
    if not library.is_dir():
        pytest.skip("the packages of the islands are not installed")
    found = set()
    for folder in (library, TOOLS / "dmn-js-shared" / "lib", TOOLS / "table-js" / "lib"):
        for path in folder.rglob("*.js"):
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(r"ranslate\(\s*'([^']+)'", text))
    policies = (library / "features" / "hit-policy" / "HitPolicies.js").read_text(encoding="utf-8")
    found |= set(re.findall(r"(?:label|explanation): '([^']+)'", policies))
    for path in (library / "features").glob("simple-*/**/*.js"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"'((?:[A-Z][a-z]+ )+must match [^']+|Must match [^']+)'", text))
        found |= set(re.findall(r"_LABEL = '([^']+)'", text))
    types = (TOOLS / "dmn-js-shared" / "lib" / "features" / "data-types" / "DataTypes.js").read_text(encoding="utf-8")
    return found | set(re.findall(r"'(\w+)'", types.partition(";")[0]))
