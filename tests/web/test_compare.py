"""Drafts and versions beside each other: what the page says, to whom, and what it does not stumble over."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bpmn.renaming import rekeyed
from engine import process_drafts
from engine.process_drafts import Changes
from engine.publish import publish
from engine.tables import ProcessDraft, Version
from web import compare
from web.difference_words import PICTURES

TABLE = (Path(__file__).parents[2] / "bpmn/decisions/D4_rectification_deadline.dmn").read_bytes()
RULES = re.findall(b"<rule.*?</rule>", TABLE, re.DOTALL)
SAID = re.compile(r"""say\((?:'([^']+)'|"([^"]+)")""")
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def admin(visit, cast):
    return visit(cast.admin)


@pytest.fixture
def draft(errand, admin):
    """The address of a draft of the errand."""
    return admin.post("/admin/processes/errand/drafts").headers["Location"]


@pytest.fixture
def change(sessions, cast, moment, draft):
    """Save changes into the draft."""

    def made(**changes):
        with sessions.begin() as session:
            found = session.get_one(ProcessDraft, draft.rpartition("/")[2])
            process_drafts.save(session, cast.admin, found.id, found.revision, Changes(**changes), moment)

    return made


@pytest.fixture
def second(errand, sessions, cast, moment, errand_bundle):
    """The ids of the first version and of a second one, whose last step has another name."""
    renamed = replace(errand_bundle, diagram=errand_bundle.diagram.replace("复核".encode(), "复查".encode()))
    with sessions.begin() as session:
        publish(session, cast.admin, renamed, "改名", {}, moment)
    with sessions.read() as session:
        return session.scalars(select(Version.id).order_by(Version.number)).all()


@pytest.fixture
def other(errand, sessions, cast, moment, errand_bundle):
    """The id of a version of another process."""
    forms = {name.replace("errand/", "trip/"): {**form, "name": name.replace("errand/", "trip/")}
             for name, form in errand_bundle.forms.items()}  # fmt: skip
    bundle = replace(errand_bundle, diagram=rekeyed(errand_bundle.diagram, "errand", "trip"), forms=forms)
    with sessions.begin() as session:
        return publish(session, cast.admin, bundle, "other", {}, moment).id


def places(page):
    """(id, kind) of the list beside the pictures."""
    return re.findall(r'<li data-place="([^"]*)" data-kind="(\w+)"', page.text)


def diagram(bundle, *changes):
    text = bundle.diagram.decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def test_a_draft_that_says_the_same(admin, draft):
    page = admin.get(f"{draft}/compare")
    assert page.status_code == 200
    assert places(page) == []
    assert "没有差别" in page.text


def test_what_differs_from_the_version_it_comes_from(admin, draft, change, errand_bundle):
    changed = diagram(
        errand_bundle, ('name="复核"', 'name="复查"'), ('ducha:notSameAs="issue" ', ""), ('"pass"', '"fail"')
    )
    change(diagram=changed)
    page = admin.get(f"{draft}/compare")
    assert places(page) == [("report", "changed"), ("check", "changed"), ("done", "changed")]
    assert "notSameAs" not in page.text
    assert "交办 (issue)" in page.text
    assert "<del>核</del>" in page.text
    assert "<ins>查</ins>" in page.text
    assert "<del>pass</del>" in page.text
    listed = admin.get(draft)
    assert "notSameAs" not in listed.text
    assert "交办 (issue)" in listed.text
    assert f"{draft}/compare" in listed.text


def test_what_came_and_what_went(admin, draft, change, errand_bundle):
    step = '<bpmn:endEvent id="finished"/>'
    changed = diagram(errand_bundle, (step, f'{step}<bpmn:task id="extra" name="{HOSTILE.replace("<", "&lt;")}"/>'))
    change(diagram=changed, forms={"errand/issue": None})
    page = admin.get(f"{draft}/compare")
    assert ("extra", "added") in places(page)
    assert HOSTILE not in page.text
    assert 'data-document="errand/issue"' in page.text
    shown = admin.get(f"{draft}/compare/form?name=errand/issue").get_json()
    assert shown["after"]["html"] is None
    assert shown["after"]["note"]
    assert 'name="deadline"' in shown["before"]["html"]


def test_both_editions_of_a_form_are_drawn_with_what_differs(admin, draft, change, errand_bundle):
    before = errand_bundle.forms["errand/issue"]
    fields = [
        before["fields"][0] | {"label": HOSTILE},
        *before["fields"][2:],
        {"name": "new", "label": "新", "type": "int"},
    ]
    change(forms={"errand/issue": before | {"fields": fields}})
    page = admin.get(f"{draft}/compare")
    assert 'data-form="errand/issue"' in page.text
    assert HOSTILE not in page.text
    shown = admin.get(f"{draft}/compare/form?name=errand/issue").get_json()
    old, new = shown["before"]["html"], shown["after"]["html"]
    assert old.count("still-removed") == new.count("still-added") == 1
    assert old.count("still-changed") == new.count("still-changed") == 1
    assert HOSTILE not in old + new
    assert "<script" not in old + new
    assert admin.get(f"{draft}/compare/form?name=errand/nothing").status_code == 404
    assert admin.get(f"{draft}/compare/form").status_code == 404


def test_tables_stand_beside_each_other_as_grids(admin, draft, change, sessions, errand_bundle):
    change(decisions={"D4_rectification_deadline": TABLE})
    page = admin.get(f"{draft}/compare")
    assert page.text.count('<table class="compare-grid">') == 1
    base = add_version(sessions, errand_bundle, decisions={"D4_rectification_deadline": TABLE.decode()})
    with sessions.begin() as session:  # from now on the version it comes from has the table too
        session.execute(update(ProcessDraft).values(base_version_id=base))
    cell = re.sub(
        b"<text>[^<]*</text>", f'<text>"{HOSTILE}"</text>'.replace("<img", "&lt;img").encode(), RULES[1], count=1
    )
    change(decisions={"D4_rectification_deadline": TABLE.replace(RULES[0], b"").replace(RULES[1], cell)})
    page = admin.get(f"{draft}/compare")
    assert page.text.count('<table class="compare-grid">') == 2
    assert page.text.count('<tr class="differs-removed">') == 1
    assert page.text.count('<tr class="differs-changed">') == 2
    assert page.text.count('class="differs-cell"') == 2
    assert HOSTILE not in page.text


def test_two_versions_the_earlier_first(admin, second):
    first, later = second
    page = admin.get(f"/admin/processes/versions/{later}/compare")
    assert places(page) == [("check", "changed")]
    assert "<del>核</del>" in page.text
    turned = admin.get(f"/admin/processes/versions/{first}/compare?with={later}")
    assert "<del>核</del>" in turned.text, "the earlier version stands first, whichever page asks"
    assert f"/admin/processes/versions/{later}/compare" in admin.get(f"/admin/processes/versions/{later}").text
    form = admin.get(f"/admin/processes/versions/{later}/compare/form?name=errand/issue&with={first}").get_json()
    assert "still-" not in form["before"]["html"].replace("still-words", "")


def test_the_first_version_has_nothing_before_it(admin, second):
    page = admin.get(f"/admin/processes/versions/{second[0]}/compare")
    assert page.status_code == 200
    assert "data-compare" not in page.text
    assert f'<option value="{second[1]}"' in page.text


def test_a_draft_with_another_version(admin, second, draft):
    assert places(admin.get(f"{draft}/compare")) == []
    assert places(admin.get(f"{draft}/compare?with={second[0]}")) == [("check", "changed")]


def test_a_new_process_has_nothing_to_be_compared_with(admin, cast):
    begun = admin.post("/admin/processes", {"key": "visit", "name": "来访"}).headers["Location"]
    page = admin.get(f"{begun}/compare")
    assert page.status_code == 200
    assert "data-compare" not in page.text
    form = admin.get(f"{begun}/compare/form?name=visit/first_task").get_json()
    assert form["before"]["html"] is None
    assert form["after"]["html"]


def test_versions_of_other_processes_are_refused_with_a_sentence(admin, draft, second, other):
    for address in (draft, f"/admin/processes/versions/{second[0]}"):
        for path in ("compare", "compare/form"):
            answer = admin.get(f"{address}/{path}?with={other}&name=errand/issue")
            assert answer.status_code == 400
            assert "trip" in answer.text


@pytest.mark.parametrize("given", ["x", "0", "-1", "1.5", "99999", "9" * 30, "١", "%00", "1 or 1=1"])
def test_versions_that_are_not_there(admin, draft, given):
    assert admin.get(f"{draft}/compare?with={given}").status_code in (400, 404)


def test_auditors_look_and_officers_do_not(visit, cast, draft, second, change, errand_bundle):
    change(diagram=diagram(errand_bundle, ('name="复核"', 'name="复查"')))
    addresses = [f"{draft}/compare", f"{draft}/compare/form?name=errand/issue", f"{draft}/diagram.bpmn",
                 f"/admin/processes/versions/{second[1]}/compare"]  # fmt: skip
    for address in addresses:
        assert visit(cast.auditor).get(address).status_code == 200, address
        assert visit(cast.officer).get(address).status_code == 403, address
    assert visit(cast.auditor).get(draft).status_code == 403, "working on it is for administrators"


def kept(bundle):
    return {"forms": bundle.forms, "decisions": {"D4": TABLE.decode()}, "diagram": bundle.diagram}


def add_version(sessions, bundle, **documents):
    """A version as it may lie in the database; what is published can't be changed any more."""
    with sessions.begin() as session:
        first = session.scalars(select(Version).order_by(Version.number).limit(1)).one()
        names = ("process_key", "name", "starter_groups", "by_hand", "calls", "published_by", "published_at")
        row = {name: getattr(first, name) for name in names}
        found = Version(**row, number=99, content_hash="0" * 64, comment="", **{**kept(bundle), **documents})
        session.add(found)
        session.flush()
        return found.id


BROKEN = [
    {"forms": {"errand/issue": {"name": "errand/issue", "title": 3, "fields": "x"}}},
    {"forms": {"errand/issue": {"name": "errand/issue", "title": "t", "fields": [{"name": "a"}, 7]}}},
    {"decisions": {"D4": "<nothing/>"}},
    {"decisions": {"D4": "no xml"}},
    {"diagram": b"no xml"},
    {"diagram": b"<x/>"},
]


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: json.dumps(row, default=str)[:40])
@pytest.mark.parametrize("kind", [ProcessDraft, Version])
def test_documents_that_can_not_be_read_any_more(admin, draft, sessions, errand_bundle, kind, row):
    """A later edition of the program may refuse what an earlier one took."""
    given = {
        name: value if isinstance(value, bytes) else {**kept(errand_bundle)[name], **value}
        for name, value in row.items()
    }
    base = add_version(sessions, errand_bundle, **(given if kind is Version else {}))
    with sessions.begin() as session:
        values = {**kept(errand_bundle), **(given if kind is ProcessDraft else {}), "base_version_id": base}
        session.execute(update(ProcessDraft).values(values))
    page = admin.get(f"{draft}/compare")
    assert page.status_code == 200
    assert "没有差别" not in page.text
    form = admin.get(f"{draft}/compare/form?name=errand/issue")
    assert form.status_code == 200
    if "forms" in row:
        notes = [form.get_json()[side]["note"] for side in ("before", "after")]
        assert [bool(note) for note in notes].count(True) == 1, notes


def test_the_page_in_english(visit, cast, draft, change, errand_bundle):
    change(diagram=diagram(errand_bundle, ('name="复核"', 'name="复查"'), ("wd(1)", "wd(2)")))
    admin = visit(cast.admin)
    admin.post("/language", {"language": "en", "back": "/tasks"})
    page = admin.get(f"{draft}/compare")
    assert "What is different" in page.text
    assert "Previous difference" in page.text
    assert "<del>1</del>" in page.text


def test_the_page_gives_the_island_all_its_words():
    islands = Path(__file__).parents[2] / "web/islands"
    sources = [islands / "compare.js", *(islands / "compare").glob("*.js")]
    said = {a or b for one in sources for a, b in SAID.findall(one.read_text(encoding="utf-8"))}
    assert len(said) > 10
    assert said == {*compare.TEXTS, *PICTURES}
    assert set(PICTURES) < said, "those of the pictures are given to the modeler as well"
