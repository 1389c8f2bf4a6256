"""Stories of papers: what goes out of the house, with number, date and addressee. On both databases."""

import pytest

from forms.answers import AnswersRefused
from tests.scenarios import campaigns, items
from workflows.papers.printed import printed
from workflows.tables import Paper


@pytest.fixture
def city(sessions, hashed_password, tmp_path):
    return campaigns.install(sessions, tmp_path / "attachments", hashed_password, ["campaign_setup"])


@pytest.fixture
def ground(sessions, hashed_password, tmp_path):
    return items.install(sessions, tmp_path / "attachments", hashed_password)


def papers(scene, kind):
    return sorted(scene.rows(Paper, Paper.kind == kind), key=lambda one: one.issued_at)


@pytest.mark.clause("S0.1", "S0.2", "S2.3")
def test_the_notice_goes_out_as_the_deputy_director_edited_it(city):
    case = city.start()
    city.draft(case)
    city.do(case, "approve_campaign", "group-leader-01", verdict="approve")
    (plan,) = papers(city, "supervision_plan")
    assert (plan.number, plan.title) == ("督案字〔2013〕1号", "2013年生态文明和城乡环境建设专项督查工作方案")

    answers = {"doc_number": "京政办函〔2013〕31号", "addressees": ["110105"], "issue_date": "2013-04-19"}
    with pytest.raises(AnswersRefused):
        city.do(case, "issue_notice", "office-deputy-01", **answers, text="<p>机密★1年</p><p>正文</p>")
    city.do(case, "issue_notice", "office-deputy-01", **answers, text="<h3>一、要求</h3><p>按月报送。</p>")

    (notice,) = papers(city, "notice")
    sheet = printed(notice)
    assert (sheet.number, sheet.addressees, sheet.day_words) == ("京政办函〔2013〕31号", ("朝阳区",), "2013年4月19日")
    assert (sheet.mark, [block.text for block in sheet.blocks]) == (
        "北京市人民政府办公厅文件",
        ["一、要求", "按月报送。"],
    )


@pytest.mark.clause("S2.1", "S2.3")
def test_who_does_not_report_gets_a_slip_and_then_an_order(ground):
    item = ground.signed_item()
    ground.live_until("2013-05-28 10:00")
    (slip,) = papers(ground, "urging_slip")[:1]
    assert (slip.instance_id, slip.addressees) == (item.case, ["朝阳区环保局"])
    assert "填报进展" in slip.body
    ground.live_until("2013-05-31 10:00")
    (order,) = papers(ground, "supervision_order")
    assert (order.addressees, order.copies) == (["朝阳区人民政府"], ["朝阳区环保局"])
    assert "逾期3个工作日" in order.body
    numbers = [one.number for one in (*papers(ground, "urging_slip"), order)]
    assert len(set(numbers)) == len(numbers), "each has a number of its own"
