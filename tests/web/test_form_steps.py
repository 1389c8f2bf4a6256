"""A step that shows the form of another one, as its page asks, refuses and shows again."""

import pytest

from bpmn.moment import Moment
from engine import instances, publish, tasks
from tests.engine.conftest import NOW, SERVICES, diagram
from tests.engine.test_form_steps import FLOWS, NODES, form, task_of

KEY = "shown_page"
RULES = {"cost": "readonly", "measures.what": "readonly", "measures.checked": "optional", "opinion": "required"}


@pytest.fixture
def second(sessions, cast):
    """The task that shows what the first step has answered."""
    given = publish.Bundle(
        diagram(KEY, NODES.format(key=KEY), *FLOWS), {f"{KEY}/report": form(KEY, verify={"fields": RULES})}, {}
    )
    moment = Moment(NOW)
    with sessions.begin() as session:
        publish.publish(session, cast.admin, given, "", SERVICES, moment)
        started = instances.start(session, cast.officer, KEY, KEY, None, None, "k", moment)
        first = task_of(session, started.instance_id, "report")
        answers = {"cost": "12", "measures": [{"what": "清淤"}, {"what": "截污"}]}
        tasks.complete(session, cast.officer, first, answers, None, moment)
        return task_of(session, started.instance_id, "verify")


def test_a_refused_form_still_shows_what_can_not_be_changed(visit, cast, second):
    visitor = visit(cast.officer)
    page = visitor.get(f"/tasks/{second}")
    assert 'name="measures-1-checked"' in page.text
    assert 'name="measures-1-what"' not in page.text
    assert 'value="measures-0"' not in page.text  # no button removes the row
    refused = visitor.post(f"/tasks/{second}", {"_action": "complete", "measures-1-checked": "true", "cost": "9"})
    assert refused.status_code == 422
    for words in ("12.00", "清淤", "截污"):
        assert words in refused.text
    typed = {"measures-1-checked": "true", "opinion": "属实", "_action": "complete"}
    assert visitor.post(f"/tasks/{second}", typed).status_code == 302
    told = visitor.get(f"/tasks/{second}").text
    for words in ("12.00", "清淤", "截污", "属实"):
        assert words in told


def test_rows_are_neither_added_nor_removed_without_script(visit, cast, second):
    visitor = visit(cast.officer)
    visitor.get(f"/tasks/{second}")
    for press in ({"_add": "measures"}, {"_remove": "measures-0"}):
        page = visitor.post(f"/tasks/{second}", {"measures-0-checked": "true", **press})
        assert page.status_code == 200
        assert page.text.count("data-row ") + page.text.count("data-row>") == 2
