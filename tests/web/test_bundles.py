"""Processes as .zip files: scenarios travel along, the same content gives the same bytes, hostile files are refused."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from engine import definitions, process_drafts, scenarios
from engine.publish import Bundle, publish
from engine.tables import Instance
from web import bundles
from web.bundles import BadArchive, BadFiles, OutsideFolder, Package

FORM = {"name": "errand/issue", "title": "x", "fields": []}


def finished(errand: Any) -> str:
    started = errand.issued()
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "好"})
    errand.complete(errand.cast.chief, errand.open_task(started.instance_id).id, {"verdict": "pass"})
    return str(started.instance_id)


@pytest.fixture
def case(errand: Any) -> str:
    """It is a scenario as well; there are two more, of one name."""
    case = finished(errand)
    with errand.sessions.begin() as session:
        found = scenarios.record(session, errand.cast.admin, case, "扫雪", errand.moment)
        play = scenarios.play_of(found)
        for avoided in ("z", "a"):
            other = replace(play, name='<b>"/..\\', expected=replace(play.expected, avoids=(avoided,)))
            scenarios.add(session, errand.cast.admin, other, errand.moment)
    return case


def package(errand: Any, actor: Any) -> Package:
    with errand.sessions.read() as session:
        version = definitions.current(session, "errand")
        assert version
        return bundles.package(session, actor, process_drafts.bundle_of_version(session, version.id))


def names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return held.namelist()


def zipped(files: dict[str, Any]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes | str) else json.dumps(content))
    return held.getvalue()


def brought_in(errand: Any, data: bytes) -> tuple[str, int]:
    """Taken over as the page does it, and published: the id of the draft, how many scenarios were added."""
    (found,) = bundles.unpack("all.zip", data)
    with errand.sessions.begin() as session:
        draft, _ = process_drafts.bring_in(session, errand.cast.admin, found.bundle, errand.moment)
        added = scenarios.take_over(session, errand.cast.admin, draft.process_key, found.plays, errand.moment)
        publish(session, errand.cast.admin, process_drafts.bundle_of(draft), "", {}, errand.moment)
        return draft.id, added


def test_out_in_and_out_again_are_the_same_bytes(errand: Any, case: str) -> None:
    admin = errand.cast.admin
    brought_in(errand, bundles.packed([package(errand, admin)]))  # a diagram without a picture gets one, once
    first = bundles.packed([package(errand, admin)])
    assert [name for name in names(first) if name.startswith("scenarios/")] == [
        "scenarios/errand/b.json",
        "scenarios/errand/b-2.json",
        "scenarios/errand/扫雪.json",
    ]
    assert brought_in(errand, first)[1] == 0, "they are there already"
    with errand.sessions.begin() as session:
        for one in scenarios.of_process(session, admin, "errand"):
            scenarios.remove(session, admin, one.id)
    assert len(names(bundles.packed([package(errand, admin)]))) == len(names(first)) - 3
    assert brought_in(errand, first)[1] == 3
    assert bundles.packed([package(errand, admin)]) == first


def test_what_is_hidden_from_somebody_is_not_exported_to_him(errand: Any, case: str) -> None:
    assert len(package(errand, errand.cast.admin).plays) == 3
    assert package(errand, errand.cast.auditor).plays == ()
    with errand.sessions.begin() as session:
        session.get_one(Instance, case).restricted_to = "|discipline_officer|"
    assert [play.name for play in package(errand, errand.cast.admin).plays] == ['<b>"/..\\'] * 2


def test_tables_that_differ_lie_apart_and_are_found_again(errand_bundle: Bundle) -> None:
    diagram = errand_bundle.diagram.replace(b'id="errand"', b'id="chore"')
    shared = dict(errand_bundle.forms)
    other = {**shared, "errand/issue": {**shared["errand/issue"], "title": "另一个"}}
    moved = diagram.replace(b'<bpmn:userTask id="issue"', b'<bpmn:userTask ducha:form="errand/issue" id="issue"')
    one, two = Package("errand", errand_bundle), Package("chore", Bundle(moved, other, {}))
    files = bundles.placed([one, two])
    assert bundles.placed([two, one]) == files
    assert {"chore.bpmn", "forms/errand/issue.json", "errand/errand.bpmn", "errand/forms/errand/issue.json"} < set(
        files
    )
    found = {each.key: each.bundle.forms["errand/issue"]["title"] for each in bundles.unpack("x.zip", zipped(files))}
    assert found == {"chore": "另一个", "errand": shared["errand/issue"]["title"]}


def test_a_form_that_would_climb_out_of_the_folder_is_not_written(errand_bundle: Bundle) -> None:
    for name in ("../../evil", "a\\b"):
        with pytest.raises(OutsideFolder):
            bundles.packed([Package("errand", Bundle(errand_bundle.diagram, {name: FORM}, {}))])


def test_a_scenario_is_not_taken_for_a_form_of_the_same_name(errand_bundle: Bundle, errand: Any, case: str) -> None:
    play = package(errand, errand.cast.admin).plays[-1]
    (found,) = bundles.unpack(
        "x.zip",
        zipped({"errand.bpmn": errand_bundle.diagram, "scenarios/errand/issue.json": bundles.scripts.written(play)}),
    )
    assert found.bundle.forms == {}
    assert found.plays == (play,)


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", b"\xff", {"starts_at": 3}, {"process": "chore", "starts_at": "2013-05-06T09:30+08:00"},
        "[" * 100_000]
)  # fmt: skip
def test_broken_files_are_all_named_and_nothing_is_taken_over(admin: Any, errand_bundle: Bundle, content: Any) -> None:
    archive = zipped(
        {
            "errand.bpmn": errand_bundle.diagram,
            "scenarios/errand/<img src=x>.json": content,
            "forms/errand/check.json": "{",
        }
    )
    with pytest.raises(BadFiles) as refused:
        bundles.unpack("x.zip", archive)
    assert [one.element for one in refused.value.problems] == [
        "forms/errand/check.json",
        "scenarios/errand/<img src=x>.json",
    ]
    page = admin.post(
        "/admin/processes/import", {"file": (io.BytesIO(archive), "x.zip")}, content_type="multipart/form-data"
    )
    assert page.status_code == 422
    assert "scenarios/errand/&lt;img src=x&gt;.json: " in page.text
    assert "/admin/drafts/" not in page.text


def test_too_many_scenarios_change_nothing(admin: Any, errand: Any, case: str) -> None:
    play = package(errand, errand.cast.admin).plays[-1]
    files: dict[str, Any] = {"errand.bpmn": errand.bundle.diagram}
    for number in range(scenarios.MOST):
        files[f"scenarios/errand/{number}.json"] = bundles.scripts.written(replace(play, name=str(number)))
    data = {"file": (io.BytesIO(zipped(files)), "x.zip")}
    page = admin.post("/admin/processes/import", data, content_type="multipart/form-data")
    assert page.status_code == 409
    with errand.sessions.read() as session:
        assert len(scenarios.of_process(session, errand.cast.admin, "errand")) == 3


def test_a_damaged_archive_is_a_sentence(errand_bundle: Bundle) -> None:
    good = bundles.packed([Package("errand", errand_bundle)])
    for at in range(30, len(good), 97):
        damaged = good[:at] + bytes([good[at] ^ 0x5A]) + good[at + 1 :]
        try:
            bundles.unpack("x.zip", damaged)
        except (BadArchive, BadFiles):
            continue
    with pytest.raises(BadArchive):
        bundles.unpack("x.zip", good[: len(good) // 2])


def test_the_pages_give_and_take_scenarios(admin: Any, errand: Any, case: str) -> None:
    archive = admin.get("/admin/processes/export.zip").data
    assert "scenarios/errand/扫雪.json" in names(archive)
    with errand.sessions.begin() as session:
        for one in scenarios.of_process(session, errand.cast.admin, "errand"):
            scenarios.remove(session, errand.cast.admin, one.id)
    led = admin.post(
        "/admin/processes/import", {"file": (io.BytesIO(archive), "x.zip")}, content_type="multipart/form-data"
    )
    page = admin.get(led.headers["Location"])
    assert "3" in page.text
    again = admin.get(f"{led.headers['Location']}/export.zip").data
    assert [name for name in names(again) if "scenarios" in name] == [
        name for name in names(archive) if "scenarios" in name
    ]
