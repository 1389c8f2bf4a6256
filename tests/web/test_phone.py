"""What a phone asks of the server: tickets, photos that are sent twice, forms that are sent later, its worker."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from PIL import Image

from web.assets import FOLDER

PLACE = {"lat": "39.92", "lon": "116.44", "accuracy": "8"}


def photo(angle: int = 0) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").rotate(angle).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def officer(visit: Any, cast: Any) -> Any:
    return visit(cast.officer)


def ticket(visitor: Any) -> str:
    return str(visitor.post("/tickets", {"count": "1"}).json["tickets"][0])


def send(visitor: Any, clock: Any, data: bytes, **items: str) -> Any:
    told = {"in_app": "true", "captured_at": clock.now.isoformat(), **PLACE, **items}
    return visitor.post("/attachments", {"file": (io.BytesIO(data), "现场.jpg"), **told})


def test_a_page_gets_tickets_and_the_time(officer: Any, clock: Any) -> None:
    answer = officer.post("/tickets", {"count": "3"}).json
    assert len(set(answer["tickets"])) == 3
    assert answer["now"] == clock.now.isoformat()
    assert len(officer.post("/tickets", {"count": "x"}).json["tickets"]) == 20
    assert len(officer.post("/tickets", {"count": "9" * 30}).json["tickets"]) == 40


def test_only_a_ticket_makes_grade_a(officer: Any, clock: Any, visit: Any, cast: Any) -> None:
    assert send(officer, clock, photo()).json["grade"] == "C", "a flag alone is not believed"
    assert send(officer, clock, photo(), ticket="made up").json["grade"] == "C"
    assert send(officer, clock, photo(), ticket=ticket(visit(cast.colleague))).json["grade"] == "C"
    assert send(officer, clock, photo(), ticket=ticket(officer)).json["grade"] == "A"
    assert send(officer, clock, photo(), ticket=ticket(officer), in_app="false").json["grade"] == "C"
    assert send(officer, clock, photo(), ticket=ticket(officer), lat="").json["grade"] == "C"


def test_a_photo_of_two_days_ago_counts_one_of_four_days_does_not(officer: Any, clock: Any) -> None:
    early, taken = ticket(officer), clock.now.isoformat()
    late = ticket(officer)
    clock.move(hours=48)
    officer.sign_in("officer", "correct horse battery")
    assert send(officer, clock, photo(), ticket=early, captured_at=taken).json["grade"] == "A"
    clock.move(hours=48)
    officer.sign_in("officer", "correct horse battery")
    assert send(officer, clock, photo(), ticket=late, captured_at=taken).json["grade"] == "C"


def test_a_photo_that_is_sent_again_is_the_same(officer: Any, clock: Any) -> None:
    nonce = ticket(officer)
    first = send(officer, clock, photo(), ticket=nonce)
    again = send(officer, clock, photo(), ticket=nonce)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["id"] == again.json["id"]
    assert send(officer, clock, photo(45), ticket=nonce).json["id"] == first.json["id"], "a ticket is good for one file"


def test_a_photo_that_arrives_otherwise_is_refused_and_its_ticket_stays_good(officer: Any, clock: Any) -> None:
    nonce, data = ticket(officer), photo()
    sha256 = hashlib.sha256(data).hexdigest()
    assert send(officer, clock, photo(90) + b"x", ticket=nonce, sha256=sha256).status_code == 422
    assert send(officer, clock, data, ticket=nonce, sha256=sha256).json["grade"] == "A"


def test_a_form_that_is_sent_later_is_answered_in_json(visit: Any, cast: Any, errand: Any) -> None:
    task = errand.open_task(errand.issued().instance_id)
    colleague = visit(cast.colleague)
    colleague.headers = {**colleague.headers, "Accept": "application/json"}
    address, form = f"/tasks/{task.id}", {"result": "已扫净", "_key": "k", "_action": "complete"}
    refused = colleague.post(address, form | {"result": ""})
    assert refused.status_code == 422
    assert [one["element"] for one in refused.json["problems"]] == ["result"]
    done = colleague.post(address, form)
    assert (done.status_code, done.json["repeated"]) == (200, False)
    assert done.json["next"].startswith("/tasks")
    assert colleague.post(address, form).json["repeated"] is True, "the answer had got lost"
    late = colleague.post(address, form | {"_key": "other"})
    assert late.status_code == 409
    assert cast.colleague.name in late.json["message"]


def test_the_worker_knows_what_pages_need(stranger: Any) -> None:
    answer = stranger.get("/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-store"
    needed = [part for part in answer.text.split('"') if part.startswith("/static/dist/")]
    assert len(needed) > 8
    for one in needed:
        assert (FOLDER / one.removeprefix("/static/dist/")).is_file(), one
    asset = stranger.get(needed[0])
    assert asset.status_code == 200
    asset.close()


def test_the_page_without_a_network_says_nothing_of_anybody(officer: Any, cast: Any) -> None:
    page = officer.get("/offline").text
    assert cast.officer.id not in page
    assert cast.officer.name not in page
