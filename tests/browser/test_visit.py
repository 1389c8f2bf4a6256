"""A visit told by a phone of 390 px: the checklist, photos, where it is, and who signs, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine import accounts
from engine.database import Sessions, connect
from engine.tables import Attachment
from tests.browser.conftest import CALENDAR, PHONE
from tests.browser.test_phone import ON_SITE, open_form, take_photo
from tests.scenarios.visits import FIRST, Field, Visited, install
from workflows import demo
from workflows.database import migrate
from workflows.services import SERVICES
from workflows.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEAM = "chaoyang-supervision-01"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Field]:
    """A database with a ledger of 朝阳区 and the processes of visits."""
    folder = tmp_path_factory.mktemp("visits")
    engine = connect(f"sqlite:///{folder / 'ducha.db'}")
    migrate(engine)
    made = install(Sessions(engine), folder, accounts.HASHER.hash(demo.PASSWORD))
    engine.dispose()
    return folder / "ducha.db", made


@pytest.fixture
def beginning(begun: tuple[Path, Field]) -> Path:
    return begun[0]


@pytest.fixture
def field(office: Any, begun: tuple[Path, Field]) -> Field:
    """The same place, played in this office."""
    office.clock.now = begun[1].stage.now
    stage = Stage(office.sessions, SERVICES, office.folder / "attachments", office.clock.now, CALENDAR)
    return Field(stage, begun[1].campaign_id, begun[1].ledger_id)


def on_site(field: Field) -> tuple[Visited, str]:
    """A visit whose team has arrived, and the address of its task."""
    visit = field.go_out()
    visit.plan("2013-05-06")
    (task,) = field.stage.open_tasks(visit.id, "conduct_visit")
    return visit, f"/tasks/{task.id}"


def look_at_everything(person: Any) -> None:
    for number in range(person.page.locator('[name^="checklist-"][name$="-result"]').count()):
        person.choose(f"checklist-{number}-result", "ok")
    person.choose("no_position", False)
    person.page.locator("[data-locate]").click()
    expect(person.page.locator('[name="geo_position-lat"]')).to_have_value("39.920000")
    person.choose("access", "normal")


def sign(page: Page) -> None:
    pad = page.locator("[data-sign-pad]")
    pad.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    pad.hover(position={"x": 30, "y": 60})
    page.mouse.down()
    for step in range(1, 12):
        pad.hover(position={"x": 30 + step * 20, "y": 40 if step % 2 else 90})
    page.mouse.up()
    page.locator("[data-sign-take]").click()


@pytest.mark.clause("S4.2a")
def test_a_visit_without_a_network(office: Any, field: Field) -> None:
    visit, address = on_site(field)
    officer = office.person(TEAM, PHONE, **ON_SITE)
    page = officer.page
    open_form(officer, address)
    officer.checks_access()

    page.context.set_offline(True)
    look_at_everything(officer)
    take_photo(officer, "photos", "gate")
    take_photo(officer, "photos", "yard")
    officer.choose("signed", "signed")
    sign(page)
    expect(page.locator("[data-kept]")).to_have_count(3)
    officer.checks_access()
    officer.button("complete").click()
    expect(page.locator("form.is-handed-in .kept-line")).to_contain_text("3")
    assert visit.open == ["conduct_visit"]

    page.goto("/tasks")
    expect(page.locator("[data-kept-pages] a")).to_have_count(1)
    officer.checks_access()
    page.locator("[data-kept-pages] a").click()
    page.wait_for_url(f"**{address}")
    expect(page.locator("form.is-handed-in .kept-line")).to_contain_text("3")

    page.context.set_offline(False)
    page.wait_for_url(lambda url: not url.endswith(address))
    office.work()
    assert visit.open == ["visit_report"], "who has signed on the spot is not asked again"
    with office.sessions.read() as session:
        files = list(session.scalars(select(Attachment).where(Attachment.instance_id == visit.id)))
    assert sorted(one.grade or "" for one in files if one.media_type == "image/jpeg") == ["A", "A"]
    assert [one.media_type for one in files].count("image/png") == 1
    officer.go(f"/cases/{visit.id}")
    officer.page.wait_for_selector(".told-signature")
    officer.checks_access()


@pytest.mark.clause("S4.2c")
def test_a_photo_of_an_earlier_visit_is_shown_to_whoever_reads_of_this_one(office: Any, field: Field) -> None:
    earlier, _ = on_site(field)
    earlier.see(photos=[field.stage.photo(FIRST, "the same yard")])
    field.stage.now = field.stage.now.replace(day=9)
    office.clock.now = field.stage.now
    later = field.go_out()
    later.plan("2013-05-09", resolution="keep", clash_reason="群众反映强烈")
    later.see(photos=[field.stage.photo(FIRST, "the same yard")])
    officer = office.person(TEAM, PHONE)
    officer.go(f"/cases/{later.id}")
    link = officer.page.locator(".told-alike a").first
    expect(link).to_have_attribute("href", f"/cases/{earlier.id}")
    officer.go(f"/cases/{earlier.id}")
    assert officer.page.locator(".told-alike").count() == 0
