"""The same questions for every address: who may, who not, without sign-in, without token, with nonsense.

The table lists every endpoint; a test compares it with the routes that the application has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine.access import Actor
from engine.tables import Instance, Record, WebSession

Visit = Callable[[Actor], Any]
EVERYBODY = ("officer", "colleague", "outsider", "chief", "admin", "auditor")
NORTH = ("officer", "colleague", "chief", "admin", "auditor")  # who may see what happens in the north


@dataclass(frozen=True)
class Address:
    """``may``: who gets an answer below 400; all others of the cast are refused with 403 or 404."""

    path: str
    may: tuple[str, ...] = EVERYBODY


# {task}: an open report of the north, for the colleague; {case}: its case; {session}, {version}: rows that exist.
READING = {
    "acts.page": Address(
        "/admin/processes/errand/scenarios/" + "0" * 32 + "/act?number=0", ()
    ),  # no such scenario; see test_scenarios.py
    "api.instance": Address("/api/instances/{case}", NORTH),
    "api.open_tasks": Address("/api/tasks"),
    "api.session": Address("/api/session"),
    "api.task": Address("/api/tasks/{task}", NORTH),
    "attachments.thumbnail": Address("/attachments/" + "0" * 32 + "/small", ()),
    "attachments.view": Address("/attachments/" + "0" * 32, ()),
    "burden.page": Address("/burden", ("admin", "auditor")),
    "campaigns.current": Address("/campaigns", ("admin", "auditor")),
    "campaigns.page": Address("/campaigns/{case}", ()),  # the case is no campaign; see test_campaigns.py
    "drafts.drawing": Address("/admin/drafts/{case}/diagram.bpmn", ()),  # no such draft; see test_processes.py
    "compare.draft": Address("/admin/drafts/" + "0" * 32 + "/compare", ()),  # no such draft; see test_compare.py
    "compare.draft_form": Address("/admin/drafts/" + "0" * 32 + "/compare/form?name=errand/issue", ()),
    "compare.version": Address("/admin/processes/versions/{version}/compare", ("admin", "auditor")),
    "compare.version_form": Address(
        "/admin/processes/versions/{version}/compare/form?name=errand/issue", ("admin", "auditor")
    ),
    "drafts.export": Address("/admin/drafts/{case}/export.zip", ()),
    "drafts.page": Address("/admin/drafts/{case}", ()),
    "drafts.problems": Address("/admin/drafts/{case}/problems", ()),
    "modeler.page": Address("/admin/drafts/{case}/model", ()),
    "modeler.words": Address("/admin/drafts/{case}/vocabulary.json", ()),
    "processes.export": Address("/admin/processes/versions/{version}/export.zip", ("admin", "auditor")),
    "processes.export_all": Address("/admin/processes/export.zip", ("admin", "auditor")),
    "designer.page": Address("/admin/drafts/{case}/forms/errand/report", ()),  # no such draft; see test_designer.py
    "designer.saved": Address("/admin/drafts/{case}/form/saved", ()),
    "draft_forms.all_forms": Address("/admin/drafts/{case}/forms", ()),
    "incidents.all_incidents": Address("/admin/incidents", ("admin", "auditor")),
    "instances.all_cases": Address("/cases"),
    "instances.drawing": Address("/cases/{case}/diagram.bpmn", NORTH),
    "instances.earlier": Address(
        "/cases/{case}/record?before=2", ("officer", "colleague", "chief", "admin", "auditor")
    ),
    "instances.page": Address("/cases/{case}", NORTH),
    "items.all_items": Address("/items", ()),
    "items.page": Address("/items/{case}", ()),
    "ledgers.baseline": Address("/ledgers/{case}/baselines/1", ()),
    "ledgers.export": Address("/ledgers/{case}/export.xlsx", ()),
    "ledgers.new_row": Address("/ledgers/{case}/rows/new", ()),
    "ledgers.page": Address("/ledgers/{case}", ()),
    "ledgers.row": Address("/ledgers/{case}/rows/{task}", ()),
    "ledgers.to_import": Address("/ledgers/{case}/import", ()),
    "messages.waiting": Address("/admin/messages", ("admin",)),
    "outside.new_clue": Address("/clues/new", ()),  # for journalists; see test_outside.py
    "moving.of_draft": Address("/admin/drafts/" + "0" * 32 + "/impact", ()),  # no such draft; see test_moving.py
    "scenarios.of_draft": Address("/admin/drafts/" + "0" * 32 + "/scenarios", ()),  # no such draft
    "affected.of_draft": Address("/admin/drafts/" + "0" * 32 + "/impact/cases", ()),  # no such draft
    "affected.of_version": Address("/admin/processes/versions/{version}/move/cases", ("admin", "auditor")),
    "moving.page": Address("/admin/processes/versions/{version}/move", ("admin", "auditor")),
    "moving.report": Address("/admin/moves/{case}", ()),  # no such move
    "papers.all_papers": Address("/papers"),
    "papers.all_templates": Address("/admin/templates", ("admin", "auditor")),
    "papers.as_docx": Address("/papers/{case}.docx", ()),  # there is no such paper; see test_papers.py
    "papers.as_pdf": Address("/papers/{case}.pdf", ()),
    "papers.page": Address("/papers/{case}", ()),
    "papers.template": Address("/admin/templates/notice", ("admin", "auditor")),
    "parameters.all_parameters": Address("/admin/parameters", ("admin", "auditor")),
    "parameters.page": Address("/admin/parameters/ledger_days", ("admin", "auditor")),
    "processes.all_processes": Address("/admin/processes", ("admin", "auditor")),
    "processes.drawing": Address("/admin/processes/versions/{version}/diagram.bpmn", ("admin", "auditor")),
    "processes.page": Address("/admin/processes/errand", ("admin", "auditor")),
    "processes.version": Address("/admin/processes/versions/{version}", ("admin", "auditor")),
    "records.choose": Address("/admin/records", ("admin", "auditor")),
    "records.verify": Address("/admin/records/{case}", ("admin", "auditor")),
    "registers.first": Address("/registers"),
    "registers.page": Address("/registers/problems", ("admin", "auditor")),
    "rehearsals.page": Address("/admin/processes/errand/scenarios/" + "0" * 32, ()),
    "replays.one": Address("/admin/drafts/" + "0" * 32 + "/replay/{case}", ()),
    "replays.page": Address("/admin/drafts/" + "0" * 32 + "/replay", ()),
    "rounds.page": Address("/campaigns/{case}/rounds", ()),  # the case is no campaign; see test_rounds.py
    "scenarios.all_scenarios": Address("/admin/processes/errand/scenarios", ("admin",)),
    "scenarios.export": Address("/admin/processes/errand/scenarios/" + "0" * 32 + ".json", ()),
    "scores.current": Address("/assessments", ("admin", "auditor")),
    "scores.export": Address("/assessments/{case}.xlsx", ()),  # no assessment; see test_scores.py
    "scores.page": Address("/scores/{case}", ()),
    "scores.table": Address("/assessments/{case}", ()),
    "sittings.all_sittings": Address("/admin/sessions", ("admin",)),
    "starts.choose": Address("/start"),
    "starts.fill_in": Address("/start/errand", ("officer", "colleague", "outsider")),
    "substitutes.all_substitutes": Address("/admin/substitutes", ("admin", "auditor")),
    "tables.all_tables": Address("/admin/drafts/{case}/tables", ()),  # no such draft; see test_tables.py
    "tables.content": Address("/admin/drafts/{case}/tables/D2/table.json", ()),
    "tables.page": Address("/admin/drafts/{case}/tables/D2", ()),
    "tasks.done": Address("/tasks/done"),
    "tasks.home": Address("/"),
    "tasks.mine": Address("/tasks"),
    "tasks.page": Address("/tasks/{task}", NORTH),
    "traceability.clause": Address("/traceability/S4.2d", ("admin", "auditor")),
    "traceability.drawing": Address("/traceability/diagrams/errand.bpmn", ("admin", "auditor")),
    "traceability.notice": Address("/traceability", ("admin", "auditor")),
}
# In an order in which none of them spoils the next.
CHANGING = {
    "acts.put": Address(
        "/admin/processes/errand/scenarios/" + "0" * 32 + "/act?number=0", ()
    ),  # no such scenario; see test_scenarios.py
    "rehearsals.begin": Address("/admin/processes/errand/scenarios/" + "0" * 32 + "/start", ()),
    "rehearsals.expect": Address("/admin/processes/errand/scenarios/" + "0" * 32 + "/expected", ()),
    "acts.answer_services": Address("/admin/processes/errand/scenarios/" + "0" * 32 + "/answers", ()),
    "rehearsals.move_clock": Address("/admin/processes/errand/scenarios/" + "0" * 32 + "/clock", ()),
    "rehearsals.remove_act": Address("/admin/processes/errand/scenarios/" + "0" * 32 + "/acts/0/remove", ()),
    "scenarios.begin": Address("/admin/processes/errand/scenarios", ()),  # it has no name
    "scenarios.bring_in": Address("/admin/processes/errand/scenarios/import", ()),
    "scenarios.record": Address("/admin/processes/errand/scenarios/record", ()),
    "scenarios.remove": Address("/admin/processes/errand/scenarios/" + "0" * 32 + "/remove", ()),
    "api.complete": Address("/api/tasks/{task}/complete", ()),  # the table posts no answers: refused even for the right
    "attachments.give_tickets": Address("/tickets"),
    "attachments.send": Address("/attachments", ()),
    "drafts.check": Address("/admin/drafts/{case}/check", ()),  # no such draft; see test_processes.py
    "drafts.drop": Address("/admin/drafts/{case}/drop", ()),
    "drafts.make_current": Address("/admin/drafts/{case}/publish", ()),
    "drafts.put_notes_away": Address("/admin/drafts/{case}/notes/away", ()),
    "drafts.save": Address("/admin/drafts/{case}/save", ()),
    "drafts.seen": Address("/admin/drafts/{case}/seen", ()),
    "drafts.upload": Address("/admin/drafts/{case}/upload", ()),
    "modeler.arrange": Address("/admin/drafts/{case}/arrange", ()),
    "modeler.compare": Address("/admin/drafts/{case}/compare", ()),
    "modeler.formula": Address("/admin/drafts/{case}/formula", ()),
    "modeler.suggest": Address("/admin/drafts/{case}/suggest", ()),
    "processes.begin": Address("/admin/processes", ()),  # it has no key
    "processes.bring_in": Address("/admin/processes/import", ()),
    "processes.copy": Address("/admin/processes/versions/{version}/copy", ()),
    "processes.edit": Address("/admin/processes/errand/drafts", ("admin",)),
    "processes.retire": Address("/admin/processes/nothing/retire", ()),
    "processes.roll_back": Address("/admin/processes/versions/{version}/current", ("admin",)),
    "designer.attempt": Address("/admin/drafts/{case}/form/try", ()),  # no such draft; see test_designer.py
    "designer.differing": Address("/admin/drafts/{case}/form/compare", ()),
    "designer.preview": Address("/admin/drafts/{case}/form/preview", ()),
    "draft_forms.add": Address("/admin/drafts/{case}/forms", ()),
    "draft_forms.remove": Address("/admin/drafts/{case}/form/remove", ()),
    "incidents.assign": Address("/admin/incidents/1/assign", ()),
    "incidents.retry": Address("/admin/incidents/1/retry", ()),
    "instances.cancel": Address("/cases/{case}/cancel", EVERYBODY),  # without a reason it only asks for one
    "items.ask_change": Address("/items/{case}/change", ()),
    "items.ask_report": Address("/items/{case}/report", ()),
    "items.withdraw_change": Address("/items/{case}/changes/{task}/withdraw", ()),
    "ledgers.add_row": Address("/ledgers/{case}/rows/new", ()),
    "ledgers.change_row": Address("/ledgers/{case}/rows/{task}", ()),
    "ledgers.remove_row": Address("/ledgers/{case}/rows/{task}/remove", ()),
    "ledgers.take": Address("/ledgers/{case}/import", ()),
    "moving.begin": Address("/admin/processes/versions/{version}/moves", ()),  # there is nothing to move
    "moving.preview": Address("/admin/processes/versions/{version}/move/preview", ("admin", "auditor")),
    "moving.stop": Address("/admin/moves/{case}/stop", ()),
    "outside.hand_in_clue": Address("/clues/new", ()),
    "outside.enter_result": Address("/cases/{case}/result", ()),
    "outside.ask_correction": Address("/cases/{case}/correction", ()),
    "papers.revert_template": Address("/admin/templates/notice/revert", ()),  # without an edition there is none
    "papers.sample": Address("/admin/templates/notice/sample.pdf", ()),  # an empty text has no title
    "papers.save_template": Address("/admin/templates/notice", ()),
    "parameters.put": Address("/admin/parameters/ledger_days", ()),  # without a value it only asks for one
    "sittings.throw_out": Address("/admin/sessions/{session}/end", ("admin",)),
    "starts.begin": Address("/start/errand", ()),
    "substitutes.appoint": Address("/admin/substitutes", ()),  # an empty form: refused even for the administrator
    "substitutes.end": Address("/admin/substitutes/1/end", ()),
    "tables.begin": Address("/admin/drafts/{case}/tables", ()),  # no such draft
    "tables.remove": Address("/admin/drafts/{case}/tables/D2/remove", ()),
    "tables.save": Address("/admin/drafts/{case}/tables/D2/save", ()),
    "tasks.release": Address("/tasks/{task}/release", ()),
    "tasks.claim": Address("/tasks/{task}/claim", ("colleague",)),
    "tasks.complete": Address("/tasks/{task}", ()),
    "tasks.keep_draft": Address("/tasks/{task}/draft", ("colleague",)),
    "tasks.read_notices": Address("/notices/read"),
    "login.leave": Address("/logout"),
}
# Without an account: the pages of the portal are asked in test_portal.py.
PUBLIC_CHANGING = {"language.choose", "login.sign_in", "portal.follow", "portal.rate", "portal.send"}
OPEN_TO_ALL = PUBLIC_CHANGING | {
    "assets.asset",
    "health.healthz",
    "login.enter",
    "offline.no_network",
    "offline.worker",
    "portal.answers",
    "portal.ask_for_code",
    "portal.disclosed",
    "portal.disclosure",
    "portal.given",
    "portal.home",
    "portal.notices",
    "portal.write",
    "static",
}


@pytest.fixture
def places(errand: Any) -> dict[str, str]:
    case = errand.issued().instance_id
    with errand.sessions.read() as session:
        version = session.get_one(Instance, case).version_id
    return {"case": case, "task": errand.open_task(case).id, "version": str(version), "session": "0" * 64}


def test_the_table_is_complete(app: Flask) -> None:
    assert set(READING) | set(CHANGING) | OPEN_TO_ALL == {rule.endpoint for rule in app.url_map.iter_rules()}
    for rule in app.url_map.iter_rules():
        assert ("POST" in (rule.methods or ())) == (rule.endpoint in {*CHANGING, *PUBLIC_CHANGING})


@pytest.mark.parametrize("who", EVERYBODY)
def test_reading(visit: Visit, cast: Any, places: dict[str, str], who: str) -> None:
    visitor = visit(getattr(cast, who))
    for endpoint, address in READING.items():
        status = visitor.get(address.path.format(**places)).status_code
        assert status in ((200, 302) if who in address.may else (403, 404)), (endpoint, who, status)


@pytest.mark.parametrize("who", EVERYBODY)
def test_changing(visit: Visit, cast: Any, places: dict[str, str], who: str) -> None:
    """Without what the operation needs: those who may get an answer or a friendly refusal, the others a refusal."""
    visitor = visit(getattr(cast, who))
    for endpoint, address in CHANGING.items():
        status = visitor.post(address.path.format(**places)).status_code
        expected = (200, 302) if who in address.may else (400, 403, 404, 409, 415, 422)
        assert status in expected, (endpoint, who, status)


def test_without_a_session_nothing_is_shown_or_changed(app: Flask, stranger: Any, places: dict[str, str]) -> None:
    stranger.get("/login")
    for endpoint, address in READING.items():
        answer = stranger.get(address.path.format(**places))
        if endpoint.startswith("api."):
            assert answer.status_code == 401
            assert "message" in answer.json
        else:
            assert answer.status_code == 302, endpoint
            assert answer.location.startswith("/login")
    for endpoint, address in CHANGING.items():
        assert stranger.post(address.path.format(**places)).status_code == 401, endpoint


def test_without_a_token_nothing_is_changed(
    app: Flask, visit: Visit, cast: Any, places: dict[str, str], sessions: Any
) -> None:
    """Also not with the token of somebody else's session, and whatever other sites send."""
    with sessions.read() as session:
        before = [session.scalars(select(Record.hash)).all(), len(session.scalars(select(WebSession)).all())]
    admin, colleague = visit(cast.admin), visit(cast.colleague)
    for token in ("", "x", admin.token):
        colleague.token = token
        colleague.headers = {"Sec-Fetch-Site": "cross-site"}
        for endpoint, address in CHANGING.items():
            answer = colleague.client.post(
                address.path.format(**places), data={"csrf_token": token}, headers=colleague.headers
            )
            assert answer.status_code == 400, endpoint
    with sessions.read() as session:
        assert before[0] == session.scalars(select(Record.hash)).all()
        assert len(session.scalars(select(WebSession)).all()) == 2


@pytest.mark.parametrize("nonsense", ["x", "0" * 32, "督查", "%00", "a" * 3000, "..%2f..%2fetc", "-1", "9" * 30])
def test_ids_that_lead_nowhere(visit: Visit, cast: Any, places: dict[str, str], nonsense: str) -> None:
    visitor = visit(cast.admin)
    for addresses, ask in ((READING, visitor.get), (CHANGING, visitor.post)):
        for endpoint, address in addresses.items():
            if "{" in address.path:
                status = ask(address.path.format(**dict.fromkeys(places, nonsense))).status_code
                assert status in (302, 400, 403, 404, 413, 415, 422), (endpoint, status)


def test_wrong_methods_are_answered_with_a_page(visit: Visit, cast: Any) -> None:
    answer = visit(cast.officer).get("/logout")
    assert answer.status_code == 405
    assert "不能进行此操作" in answer.text


def test_unknown_addresses_are_answered_with_a_page(visit: Visit, cast: Any, stranger: Any) -> None:
    for visitor in (visit(cast.officer), stranger):
        answer = visitor.get("/no/such/page")
        assert answer.status_code == 404
        assert "页面不存在" in answer.text
