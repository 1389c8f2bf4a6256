"""Pages say how a due day was counted."""

import re


def test_the_page_of_a_task_says_from_which_day_its_due_time_counts(visit, cast, errand):
    case = errand.issued().instance_id
    task = errand.open_task(case)
    assert task.due is not None
    page = visit(cast.colleague).get(f"/tasks/{task.id}").text
    (said,) = re.findall(r'<div class="soft small">([^<]*)</div></dd>\s*<dt>[^<]*</dt><dd>2', page)
    assert task.opened_at.astimezone(errand.moment.calendar.zone).date().isoformat() in said
