"""An opinion from the portal at the desk of the officer: its photos can be seen, and only by those of the case."""

import re

import pytest

from engine import attachments
from engine.attachments import Captured
from tests.scenarios.opinions import Counter, install
from tests.web.conftest import PASSWORD, Visitor
from web.app import create_app
from web.settings import Settings
from workflows import opinions
from workflows.services import SERVICES
from workflows.stage import _picture

PICTURE = re.compile(r'src="(/attachments/[^"]+)"')


@pytest.fixture
def counter(sessions, hashed_password, tmp_path) -> Counter:
    return install(sessions, tmp_path / "attachments", hashed_password)


@pytest.fixture
def sign_in(counter, sessions, tmp_path):
    settings = Settings(secret_file=tmp_path / "secret", attachments=counter.stage.folder)
    app = create_app(settings, sessions, counter.stage.calendar, SERVICES, lambda: counter.stage.now)

    def visitor(account):
        found = Visitor(app.test_client())
        assert found.sign_in(account, PASSWORD).status_code == 302
        return found

    return visitor


def status(visitor, address):
    with visitor.get(address) as answer:
        return answer.status_code


def test_the_officer_sees_the_photos_that_were_sent_along(counter, sign_in):
    moment = counter.stage.moment
    taken = attachments.take(counter.stage.folder, _picture("smoke"), "现场.jpg", Captured(), moment)
    with counter.stage.sessions.begin() as session:
        code = opinions.submit(session, "portal", "王四营村口烧垃圾", None, None, True, (taken,), moment).code
    counter.stage.work()
    case = counter.case(code)
    (task,) = counter.open_tasks(case)
    officer = sign_in("synthesis-officer-01")
    page = officer.get(f"/tasks/{task.id}").text
    assert "现场.jpg" in page
    (picture,) = PICTURE.findall(page)
    assert status(officer, picture) == 200
    assert status(sign_in("unit-110105-HB"), picture) == 404
    counter.accept(case, "suggestion")
    assert counter.incidents() == []
