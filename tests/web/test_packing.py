"""Large answers without secrets are packed for those who take it, and nothing else is."""

import gzip

import pytest


@pytest.mark.parametrize("part", ["diagram.bpmn", "vocabulary.json"])
def test_packed_answers_say_the_same(admin, draft, part):
    plain = admin.client.get(f"{draft}/{part}")
    packed = admin.client.get(f"{draft}/{part}", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) / 2
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert plain.headers["Content-Type"] == packed.headers["Content-Type"]


def test_who_takes_no_gzip_gets_none(admin, draft):
    answer = admin.client.get(f"{draft}/diagram.bpmn", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("address", ["/api/session", "{draft}/model", "{draft}"])
def test_what_holds_a_secret_is_never_packed(admin, draft, address):
    answer = admin.client.get(address.format(draft=draft), headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_a_refusal_is_sent_as_it_is(visit, errand, cast, draft):
    answer = visit(cast.officer).client.get(f"{draft}/diagram.bpmn", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 403
    assert "Content-Encoding" not in answer.headers
