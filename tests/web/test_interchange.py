"""Diagrams of other tools over the page and the command: in, told about, and out again without loss."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from bpmn.foreign import adopt
from faults import Refused
from tests.bpmn.interchanged import documents, drawn, losses
from workflows import deploy

DOCUMENTS = documents()
FOREIGN = Path(__file__).parents[1] / "bpmn" / "foreign_diagrams"
CARD = re.compile(r'id="notes".*?</form>', re.DOTALL)


def brought(admin, name, data):
    answer = admin.post(
        "/admin/processes/import", {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def renamed(data):
    found = adopt(data).notes
    return {one.params["old"]: one.params["new"] for one in found if one.code in ("foreign_renamed", "foreign_call")}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_comes_in_goes_out_again(admin, name):
    draft = brought(admin, "drawn.bpmn", DOCUMENTS[name])
    names = renamed(DOCUMENTS[name])
    assert losses(DOCUMENTS[name], admin.get(f"{draft}/diagram.bpmn").data, names) == []
    with zipfile.ZipFile(io.BytesIO(admin.get(f"{draft}/export.zip").data)) as held:
        (inside,) = [held.read(one) for one in held.namelist() if one.endswith(".bpmn")]
    assert losses(DOCUMENTS[name], inside, names) == []
    page = admin.get(draft)
    assert page.status_code == 200
    assert 'id="problems"' in page.text
    assert admin.get(f"{draft}/model").status_code == 200


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_command_loses_nothing_either(name, tmp_path):
    path = tmp_path / "drawn.bpmn"
    path.write_bytes(DOCUMENTS[name])
    deploy.import_file(path, tmp_path / "in")
    (written,) = (tmp_path / "in").glob("*.bpmn")
    assert losses(DOCUMENTS[name], written.read_bytes(), renamed(DOCUMENTS[name])) == []


def test_each_draft_tells_what_was_not_taken_over_until_that_is_read(admin):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as held:
        for name in ("camunda", "zeebe"):
            held.writestr(f"{name}.bpmn", (FOREIGN / f"{name}.bpmn").read_bytes())
        held.writestr("plain.bpmn", drawn("sheets"))
    assert brought(admin, "all.zip", archive.getvalue()).endswith("/admin/processes")
    library = admin.get("/admin/processes").text
    drafts = list(dict.fromkeys(re.findall(r'href="(/admin/drafts/[0-9a-f]{32})"', library)))
    cards = {draft: CARD.search(admin.get(draft).text) for draft in drafts}
    told = {draft: card[0] for draft, card in cards.items() if card}
    assert len(told) == 2
    (camunda,) = [draft for draft, text in told.items() if "taskListener" in text]
    assert "approve_invoice" in told[camunda]
    admin.get(camunda)
    assert admin.post(f"{camunda}/notes/away").status_code == 302
    assert CARD.search(admin.get(camunda).text) is None
    others = [draft for draft in told if draft != camunda]
    assert all(CARD.search(admin.get(draft).text) for draft in others)


def test_who_has_the_draft_open_goes_on_when_the_notes_are_put_away(admin):
    draft = brought(admin, "camunda.bpmn", (FOREIGN / "camunda.bpmn").read_bytes())
    admin.get(draft)
    admin.post(f"{draft}/notes/away")
    diagram = admin.get(f"{draft}/diagram.bpmn").text
    assert admin.send(f"{draft}/save", {"revision": 1, "diagram": diagram}).status_code == 200


def test_only_administrators_put_notes_away(admin, visit, cast):
    draft = brought(admin, "camunda.bpmn", (FOREIGN / "camunda.bpmn").read_bytes())
    assert visit(cast.officer).post(f"{draft}/notes/away").status_code == 403
    assert CARD.search(admin.get(draft).text)
    admin.get("/admin/processes")
    assert admin.post("/admin/drafts/" + "0" * 32 + "/notes/away").status_code == 404


HOSTILE = {
    "no xml": b"Dear all, attached is the diagram",
    "entities": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>',
    "laughs": b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><definitions>&b;</definitions>',
    "laughs in utf-16": '<!DOCTYPE l [<!ENTITY a "ha">]><definitions>&a;</definitions>'.encode("utf-16"),
    "another language": b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_diagram_is_a_sentence_and_begins_no_draft(admin, name):
    before = admin.get("/admin/processes").text.count("/admin/drafts/")
    answer = admin.post(
        "/admin/processes/import", {"file": (io.BytesIO(HOSTILE[name]), "x.bpmn")}, content_type="multipart/form-data"
    )
    assert answer.status_code in (400, 413, 422)
    assert "Traceback" not in answer.text
    assert "passwd" not in answer.text
    assert admin.get("/admin/processes").text.count("/admin/drafts/") == before


def test_five_megabytes_are_a_sentence(tmp_path):
    """By the command: the test client leaves so large an upload open."""
    path = tmp_path / "large.bpmn"
    path.write_bytes(drawn("sheets").replace(b"</definitions>", b" " * 5 * 1024 * 1024 + b"</definitions>"))
    with pytest.raises(Refused) as refused:
        deploy.import_file(path, tmp_path / "in")
    assert [one.code for one in refused.value.problems] == ["too_large"]
    assert not (tmp_path / "in").exists()


def test_what_cannot_be_executed_is_a_draft_with_its_problems(admin):
    none = brought(admin, "empty.bpmn", b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
                                        b'id="nothing" targetNamespace="x"/>')  # fmt: skip
    two = brought(admin, "two.bpmn", drawn("sheets").replace(b'isExecutable="false"', b'isExecutable="true"'))
    assert [one["code"] for one in admin.get(f"{none}/problems").get_json()] == ["no_process"]
    assert "several_processes" in {one["code"] for one in admin.get(f"{two}/problems").get_json()}
    assert admin.get(none).status_code == 200
    for draft in (none, two):
        assert admin.post(f"{draft}/publish", {"revision": "1", "comment": "x"}).status_code == 422


def test_a_diagram_is_put_in_order_without_being_saved(admin):
    draft = brought(admin, "drawn.bpmn", drawn("sheets"))
    before = admin.get(f"{draft}/diagram.bpmn").text
    answer = admin.send(f"{draft}/arrange", {"diagram": before})
    assert "BPMNShape" in answer.get_json()["diagram"]
    assert admin.get(f"{draft}/diagram.bpmn").text == before
    assert admin.send(f"{draft}/arrange", {"diagram": "<"}).status_code == 422
    assert admin.send(f"{draft}/arrange", None).status_code == 422
