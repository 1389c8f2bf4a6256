"""Scenarios in the browser: recorded, written step by step with a moved clock, guarding the publication; replay."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bpmn.moment import Moment
from engine import instances, publish, scenarios, tasks, work
from engine.services import Service
from engine.tables import Instance
from web import playing

LIST = "/admin/processes/errand/scenarios"


VALUE = {"name": "x", "starts_at": "2013-05-06T09:00"}


def finished(errand: Any, *verdicts: str, days: int = 0) -> str:
    started = errand.issued()
    for verdict in verdicts:
        errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "扫了"})
        with errand.sessions.begin() as session:
            moment = Moment(errand.moment.now + timedelta(days=days))
            task = errand.open_task(started.instance_id).id
            tasks.complete(session, errand.cast.chief, task, {"verdict": verdict}, None, moment)
    return str(started.instance_id)


def changed(admin: Any, draft: str, errand_bundle: Any, *pairs: tuple[str, str]) -> None:
    text = errand_bundle.diagram.decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    assert admin.send(f"{draft}/save", {"revision": 1, "diagram": text}).status_code == 200


def revision(page: Any) -> str:
    return re.search(r'name="_revision" value="(\d+)"', page.text)[1]


def test_a_finished_case_becomes_a_scenario_of_the_draft(admin, errand, draft):
    case = finished(errand, "fail", "pass")
    assert "/admin/processes/errand/scenarios/record" in admin.get(f"/cases/{case}").text
    ident = draft.rpartition("/")[2]
    led = admin.post(f"{LIST}/record?draft={ident}", {"instance": case, "name": "返工"})
    page = admin.get(led.headers["Location"])
    assert page.status_code == 200
    assert "返工" in page.text
    assert "mark-green" in page.text
    listed = admin.get(f"{LIST}?draft={ident}")
    assert "返工" in listed.text
    assert "100%" in listed.text
    assert f'value="{case}"' not in listed.text, "it is one already"
    assert f'hx-get="{draft}/scenarios"' in admin.get(draft).text
    assert "mark-green" in admin.get(f"{draft}/scenarios").text.partition('id="verdicts"')[2].partition("</p>")[0]


def test_it_guards_the_publication(admin, errand, draft, errand_bundle):
    admin.post(f"{LIST}/record", {"instance": finished(errand, "pass"), "name": "一次通过"})
    changed(admin, draft, errand_bundle, ('ducha:due="wd(1)"', 'ducha:due="wd(2)"'))
    assert 'name="reason"' in admin.get(draft).text
    assert "一次通过" in admin.get(f"{draft}/scenarios").text
    refused = admin.post(f"{draft}/publish", {"revision": "2", "comment": "改期限"})
    assert refused.status_code == 422
    assert "一次通过" in refused.text
    assert "改期限" in refused.text
    late = admin.post(f"{draft}/publish", {"revision": "2", "comment": "改期限", "starts_at": "2013-06-01T08:00"})
    assert late.status_code == 422
    done = admin.post(f"{draft}/publish", {"revision": "2", "comment": "改期限", "reason": "期限本来就要放宽"})
    assert done.status_code == 302
    assert "期限本来就要放宽" in admin.get(draft).text


def test_one_is_written_step_by_step(admin, errand, sessions, cast):
    led = admin.post(LIST, {"name": "手写"}).headers["Location"]
    page = admin.get(led)
    assert "element=issue" in page.text
    start = {"name": "手写", "starts_at": "2013-05-06T09:00", "org": "north", "title": "扫雪", "starter": "officer"}
    assert admin.post(f"{led}/start", {"_revision": revision(page), **start}).status_code == 302
    issue = admin.get(f"{led}/act?element=issue&deed=complete")
    assert "officer 01" in issue.text
    assert 'value="2013-05-06T09:00"' in issue.text
    answers = {"deadline": "2013-05-10", "checker": "chief", "what": "扫雪"}
    form = {"_revision": revision(issue), "_at": "2013-05-06T10:00", "_actor": "officer"}
    refused = admin.post(f"{led}/act?element=issue&deed=complete", form)
    assert refused.status_code == 422
    assert "data-summary" in refused.text
    put = admin.post(f"{led}/act?element=issue&deed=complete", {**form, **answers})
    assert put.status_code == 302, put.text
    page = admin.get(led)
    assert "element=report" in page.text
    for element, who, answer in (("report", "colleague", {"result": "好"}), ("check", "chief", {"verdict": "pass"})):
        step = {"_revision": revision(admin.get(led)), "_at": "2013-05-07T10:00", "_actor": who, **answer}
        assert admin.post(f"{led}/act?element={element}&deed=complete", step).status_code == 302
    taken = admin.post(f"{led}/expected", {"_revision": revision(admin.get(led)), "take": "1"})
    assert taken.status_code == 302
    with sessions.read() as session:
        play = scenarios.play_of(scenarios.get(session, cast.admin, led.rpartition("/")[2]))
    assert [act.element for act in play.script.acts] == ["issue", "report", "check"]
    assert play.script.acts[0].at == timedelta(hours=1)
    assert play.expected.end == "finished"
    assert play.expected.passes == ("issue", "report", "check")


@pytest.fixture
def recorded(admin, errand):
    return admin.post(f"{LIST}/record", {"instance": finished(errand, "fail", "pass"), "name": "返工"}).headers[
        "Location"
    ]


def test_an_act_is_changed_and_taken_out(admin, recorded, sessions, cast):
    page = admin.get(f"{recorded}/act?number=2")
    assert 'value="fail"' in page.text
    shown = re.search(r'name="_at" value="([^"]+)"', page.text)[1]
    post = {"_revision": revision(page), "_at": shown, "_actor": "chief", "verdict": "pass"}
    assert admin.post(f"{recorded}/act?number=2", post).status_code == 302
    page = admin.get(recorded)
    assert "mark-red" in page.text
    for _ in range(2):
        page = admin.get(recorded)
        assert admin.post(f"{recorded}/acts/3/remove", {"_revision": revision(page)}).status_code == 302
    with sessions.read() as session:
        play = scenarios.play_of(scenarios.get(session, cast.admin, recorded.rpartition("/")[2]))
    assert [act.element for act in play.script.acts] == ["issue", "report", "check"]
    assert admin.get(f"{recorded}/act?number=99").status_code == 404


def test_what_is_expected(admin, recorded, sessions, cast):
    post = {
        "_revision": "1", "end": "finished", "passes": ["issue", "check"], "add_passes": "check",
        "add_avoids": "report", "dates": ["issue|P1D"], "within_days": "2.5",
    }  # fmt: skip
    assert admin.post(f"{recorded}/expected", post).status_code == 302
    with sessions.read() as session:
        expected = scenarios.play_of(scenarios.get(session, cast.admin, recorded.rpartition("/")[2])).expected
    assert expected.passes == ("issue", "check", "check")
    assert expected.avoids == ("report",)
    assert expected.dates == (("issue", timedelta(days=1)),)
    assert expected.ends_within == timedelta(days=2.5)
    assert admin.get(recorded).status_code == 200


@pytest.mark.parametrize(
    ("what", "post"),
    [
        ("start", {"name": "x", "starts_at": "soon"}), ("start", {"name": "", "starts_at": "2013-05-06T09:00"}),
        ("start", {**VALUE, "given_name": "a b", "given_kind": "text", "given_value": "1"}),
        ("start", {**VALUE, "given_name": "a", "given_kind": "number", "given_value": "many"}),
        ("start", {**VALUE, "given_name": "a", "given_kind": "json", "given_value": "{"}),
        ("clock", {"until": "2013-05-06T09:00", "until_workdays": "-1"}),
        ("clock", {"until": "2013-05-06T09:00", "until_workdays": "9999999"}),
        ("expected", {"within_days": "2.5", "within_unit": "working"}), ("expected", {"add_date": "issue"}),
        ("expected", {"add_date": "issue", "add_date_workdays": "soon"}),
        ("clock", {"until": "2001-01-01T00:00"}), ("clock", {}), ("expected", {"within_days": "many"}),
        ("expected", {"within_days": "1e400"}), ("expected", {"dates": ["issue|soon"]}),
        ("expected", {"within_days": "999999999"}), ("clock", {"until": "9999-01-01T00:00"}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_sentence(admin, recorded, what, post):
    page = admin.post(f"{recorded}/{what}", {"_revision": "1", **post})
    assert page.status_code == 400
    assert "notice-danger" in page.text


def kept(sessions: Any, cast: Any, address: str) -> Any:
    with sessions.read() as session:
        return scenarios.play_of(scenarios.get(session, cast.admin, address.rpartition("/")[2]))


def test_values_are_given_without_knowing_how_json_is_written(admin, recorded, sessions, cast):
    rows = [
        ("count", "number", "3"), ("share", "number", "0.5"), ("urgent", "yes", ""), ("late", "no", "x"),
        ("units", "list", "north\r\n\r\n south "), ("note", "text", "两行\r\n=3"), ("void", "none", ""),
        ("whole", "json", '{"a": [1]}'), ("", "text", "lost"), ("empty", "text", " "),
    ]  # fmt: skip
    columns = dict(zip(("given_name", "given_kind", "given_value"), map(list, zip(*rows, strict=True)), strict=True))
    page = admin.get(recorded)
    post = {"_revision": revision(page), "name": "返工", "starts_at": "2013-05-06T09:30", "start": "begin", **columns}
    assert admin.post(f"{recorded}/start", post).status_code == 302
    given = {
        "count": 3, "share": 0.5, "urgent": True, "late": False, "units": ["north", "south"], "note": "两行\n=3",
        "void": None, "whole": {"a": [1]},
    }  # fmt: skip
    variables = kept(sessions, cast, recorded).script.variables
    assert {name: variables.get(name) for name in given} == given
    assert "empty" not in variables
    assert variables["instance_id"], "what nobody needs to see stays"
    page = admin.get(recorded)
    assert '<option value="list" selected>' in page.text
    again = {"_revision": revision(page), "name": "返工", "starts_at": "2013-05-06T09:30", "start": "begin"}
    shown = re.findall(r'name="given_name"[^>]* value="([^"]*)"', page.text)
    assert sorted(name for name in shown if name) == sorted(given)
    assert admin.post(f"{recorded}/start", again).status_code == 302
    assert "count" not in kept(sessions, cast, recorded).script.variables


COUNTING = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:ducha="https://ducha.example/bpmn" id="d"
  targetNamespace="x"><message id="m" name="msg_hello"/><process id="counting" name="计数" isExecutable="true"
  ducha:starterGroups="officer"><startEvent id="s"/><serviceTask id="sum" name="求和" ducha:service="add"/>
  <serviceTask id="more" name="再求" ducha:service="add"/>
  <intermediateCatchEvent id="hear" name="收到" ducha:correlationKey="instance_id">
  <messageEventDefinition id="hd" messageRef="m"/></intermediateCatchEvent>
  <scriptTask id="reckon"><script>x = hear.urgent</script></scriptTask><endEvent id="e" name="完"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="sum"/><sequenceFlow id="f2" sourceRef="sum" targetRef="more"/>
  <sequenceFlow id="f3" sourceRef="more" targetRef="hear"/><sequenceFlow id="f4" sourceRef="hear" targetRef="reckon"/>
  <sequenceFlow id="f5" sourceRef="reckon" targetRef="e"/></process></definitions>"""


def test_services_answer_as_in_the_latest_case(admin, errand, sessions, cast):
    service = Service("add", "加法", (), ("sum",), lambda *_: {"sum": 7})
    with sessions.begin() as session:
        bundle = publish.Bundle(COUNTING.encode(), {}, {})
        publish.publish(session, cast.admin, bundle, "", {"add": service}, errand.moment)
    listed = "/admin/processes/counting/scenarios"
    led = admin.post(listed, {"name": "手写"}).headers["Location"]
    page = admin.get(led)
    assert f'action="{led}/answers"' in page.text
    assert admin.post(f"{led}/answers", {"_revision": revision(page)}).status_code == 302
    assert kept(sessions, cast, led).script.acts == ()
    assert "notice-warning" in admin.get(led).text
    with sessions.begin() as session:
        instances.start(session, cast.officer, "counting", "一", None, None, "k", errand.moment)
    for _ in range(3):
        work.drain(sessions, {"add": service}, errand.moment)
    assert admin.post(f"{led}/answers", {"_revision": revision(admin.get(led))}).status_code == 302
    acts = kept(sessions, cast, led).script.acts
    assert [(act.element, act.data) for act in acts] == [("sum", {"sum": 7}), ("more", {"sum": 7})]
    assert admin.post(f"{led}/answers", {"_revision": "1"}).status_code == 302, "there is nothing more to answer"
    message = admin.get(f"{led}/act?element=hear&deed=deliver")
    assert 'name="_brings_name" maxlength="100" value="urgent"' in message.text, "what the process reads of it"
    rows = {"_brings_name": "urgent", "_brings_kind": "yes", "_brings_value": ""}
    post = {"_revision": revision(message), "_at": "2013-05-07T10:00", **rows}
    assert admin.post(f"{led}/act?element=hear&deed=deliver", post).status_code == 302
    assert kept(sessions, cast, led).script.acts[-1].data == {"urgent": True}
    page = admin.get(led)
    assert 'name="values" value="x"' in page.text
    stale = admin.post(f"{led}/answers", {"_revision": "1"})
    assert stale.status_code == 302


def test_times_are_given_in_working_days(admin, recorded, sessions, cast):
    """From Monday, 6 May 2013: five working days after the act before is Monday, 13 May, at the same time."""
    page = admin.get(f"{recorded}/act?number=1")
    shown = re.search(r'name="_at" value="([^"]+)"', page.text)[1]
    post = {"_revision": revision(page), "_at": shown, "_at_workdays": "5", "_actor": "colleague", "result": "扫了"}
    assert admin.post(f"{recorded}/act?number=1", post).status_code == 302
    script = kept(sessions, cast, recorded).script
    moved = next(act for act in script.acts if act.at >= timedelta(days=1))
    assert (moved.element, moved.at - script.acts[0].at) == ("report", timedelta(days=7))
    page = admin.get(recorded)
    post = {"_revision": revision(page), "until": "2013-05-06T09:30", "until_workdays": "1"}
    assert admin.post(f"{recorded}/clock", post).status_code == 302


def test_dates_and_spans_are_expected_in_working_days(admin, recorded, sessions, cast):
    post = {
        "_revision": "1", "end": "finished", "within_days": "3", "within_unit": "working",
        "add_date": "check", "add_date_workdays": "1",
    }  # fmt: skip
    assert admin.post(f"{recorded}/expected", post).status_code == 302
    expected = kept(sessions, cast, recorded).expected
    assert expected.ends_within == timedelta(days=3, hours=8), "until 17:30 on Thursday"
    assert expected.dates == (("check", timedelta(days=1, hours=8)),)
    assert "mark-red" in admin.get(recorded).text, "a check has no date"


def test_values_that_come_out_are_expected(admin, errand, draft, errand_bundle, recorded, sessions, cast):
    page = admin.get(recorded)
    assert 'name="values" value="check.verdict"' in page.text
    assert "复核 · 结论" in page.text
    post = {"_revision": "1", "end": "finished", "values": ["check.verdict", "no.such", "report.result"]}
    assert admin.post(f"{recorded}/expected", post).status_code == 302
    expected = kept(sessions, cast, recorded).expected
    assert expected.values == (("check.verdict", "pass"), ("no.such", None), ("report.result", "扫了"))
    page = admin.get(recorded)
    assert "mark-green" in page.text
    act = admin.get(f"{recorded}/act?number=3")
    shown = re.search(r'name="_at" value="([^"]+)"', act.text)[1]
    again = {"_revision": revision(act), "_at": shown, "_actor": "colleague", "result": "没有扫"}
    assert admin.post(f"{recorded}/act?number=3", again).status_code == 302
    page = admin.get(recorded)
    assert "没有扫" in page.text
    assert "mark-red" in page.text
    data = admin.get(f"{recorded}.json").json
    assert data["expected"]["values"]["report.result"] == "扫了"
    taken = admin.post(f"{recorded}/expected", {"_revision": revision(page), "take": "1"})
    assert taken.status_code == 302
    assert dict(kept(sessions, cast, recorded).expected.values)["report.result"] == "没有扫"


def test_the_clock_is_moved_and_who_comes_second_is_told(admin, recorded):
    assert admin.post(f"{recorded}/clock", {"_revision": "1", "until": "2013-06-01T00:00"}).status_code == 302
    again = admin.post(f"{recorded}/clock", {"_revision": "1", "until": "2013-06-01T00:00"})
    assert again.status_code == 409
    assert "admin 01" in again.text


def test_in_and_out_as_a_file(admin, recorded):
    data = admin.get(f"{recorded}.json").data
    assert json.loads(data)["process"] == "errand"
    file = {"file": (io.BytesIO(data), "x.json")}
    led = admin.post(f"{LIST}/import", file, content_type="multipart/form-data")
    assert led.status_code == 302
    assert "mark-green" in admin.get(led.headers["Location"]).text
    for bad in (b"{", b"", b"\xff\xfe"):
        page = admin.post(f"{LIST}/import", {"file": (io.BytesIO(bad), "x")}, content_type="multipart/form-data")
        assert page.status_code == 400
    assert admin.post(f"{recorded}/remove").status_code == 302
    assert admin.get(recorded).status_code == 404


def test_replay(admin, errand, draft, errand_bundle):
    case, same = finished(errand, "fail", "pass", days=3), finished(errand, "pass")
    page = admin.get(f"{draft}/replay")
    assert page.status_code == 200
    assert case not in page.text
    changed(
        admin, draft, errand_bundle,
        ('=check.verdict == "pass"', "=check.verdict in ['pass', 'fail']"),
        ('id="check"', 'id="check" ducha:due="P1D"'),
    )  # fmt: skip
    page = admin.get(f"{draft}/replay?limit=100")
    assert case in page.text
    assert same not in page.text
    one = admin.get(f"{draft}/replay/{case}")
    assert one.status_code == 200
    assert "复核" in one.text
    assert admin.get(f"{draft}/replay/nothing").status_code == 404


def test_a_draft_that_cannot_be_executed_says_so(admin, errand, draft, recorded):
    broken = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">'
        '<process id="errand" isExecutable="true"><startEvent id="s"/><complexGateway id="g"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="g"/></process></definitions>'
    )
    assert admin.send(f"{draft}/save", {"revision": 1, "diagram": broken}).status_code == 200
    ident = draft.rpartition("/")[2]
    for place in (draft, f"{draft}/replay", f"{LIST}?draft={ident}", f"{recorded}?draft={ident}"):
        assert admin.get(place).status_code == 200, place
    assert admin.get(f"{recorded}/act?number=0&draft={ident}").status_code == 404


def test_many_are_played_a_part_at_a_time(admin, errand, draft, errand_bundle, monkeypatch):
    cases = [finished(errand, "fail", "pass") for _ in range(3)]
    changed(admin, draft, errand_bundle, ('=check.verdict == "pass"', "=check.verdict in ['pass', 'fail']"))
    monkeypatch.setattr(playing, "TOGETHER", 1)
    monkeypatch.setattr(playing, "AT_ONCE", 1e-9)
    page = admin.get(f"{draft}/replay?limit=100")
    assert "hx-trigger" in page.text.partition('id="played"')[2].partition(">")[0]
    assert '<progress class="w-100" max="3" value="1"' in page.text
    for done in (2, 3):
        page = admin.get(f"{draft}/replay?limit=100")
        assert sum(case in page.text for case in cases) == done
    assert "<progress" not in page.text
    for only, there in (("path", True), ("missed", False), ("refused", True), ("longer", False), ("<b>", True)):
        assert (cases[0] in admin.get(f"{draft}/replay?limit=100&only={only}").text) is there, only
    with errand.sessions.begin() as session:
        session.get_one(Instance, cases[0]).restricted_to = "|chief|"
    assert cases[0] not in admin.get(f"{draft}/replay?limit=100").text


def test_a_step_that_is_gone_keeps_its_name(admin, errand, draft, errand_bundle):
    case = finished(errand, "pass")
    text = errand_bundle.diagram.decode()
    line = next(one for one in text.splitlines() if 'id="check"' in one)
    gone = [(line, line.replace('id="check" name="复核"', 'id="verify" name="审核"'))]
    gone += [('sourceRef="check"', 'sourceRef="verify"'), ('targetRef="check"', 'targetRef="verify"')]
    gone += [("check.verdict", "verify.verdict")]
    changed(admin, draft, errand_bundle, *gone)
    page = admin.get(f"{draft}/replay")
    assert "审核" in page.text
    assert "复核" in page.text
    assert "复核" in admin.get(f"{draft}/replay/{case}").text


@pytest.mark.parametrize("who", ["officer", "auditor", "chief"])
def test_others_may_not(visit, cast, draft, recorded, who):
    visitor = visit(getattr(cast, who))
    for place in (LIST, recorded, f"{recorded}.json", f"{recorded}/act?number=0", f"{draft}/replay"):
        assert visitor.get(place).status_code == 403, place
    for place in (
        LIST, f"{LIST}/record", f"{LIST}/import", f"{recorded}/start", f"{recorded}/clock", f"{recorded}/expected",
        f"{recorded}/acts/0/remove", f"{recorded}/act?number=0", f"{recorded}/remove",
    ):  # fmt: skip
        assert visitor.post(place, {"name": "x"}).status_code == 403, place


def test_there_is_none_of_another_process(admin, recorded):
    other = recorded.replace("/errand/", "/chore/")
    assert admin.get(other).status_code == 404
    assert admin.get("/admin/processes/chore/scenarios").status_code == 404
    assert admin.get(f"{recorded}?draft=nothing").status_code == 404


def test_names_stay_text(admin, errand, draft):
    hostile = "<img src=x onerror=alert(1)>"
    led = admin.post(f"{LIST}/record", {"instance": finished(errand, "pass"), "name": hostile}).headers["Location"]
    for place in (led, LIST, draft):
        assert hostile not in admin.get(place).text


def test_the_texts_of_templates_are_texts():
    folder = Path(__file__).parents[2] / "web" / "templates"
    for name in ("scenarios", "scenario", "act", "replay", "replay_case"):
        assert "|safe" not in (folder / f"{name}.html").read_text("utf-8").replace(" ", "")
