"""What reference fields of forms offer, and how what was chosen is called."""

from workflows import registers


def test_an_instruction_may_refer_to_the_items_that_are_tracked(office):
    office.opened()
    draft = office.add(office.ledger())
    tracked = office.add(office.ledger(), item_name="淘汰黄标车")
    tracked.status = "in_progress"
    office.session.flush()
    assert registers.offer(office.session, "ledger_items") == [(tracked.id, "朝阳区 A3 淘汰黄标车")]
    named = registers.names(office.session, [draft.id, tracked.id, "nothing"])
    assert named == {draft.id: "朝阳区 A3 淘汰老旧机动车", tracked.id: "朝阳区 A3 淘汰黄标车"}


def test_a_campaign_that_is_over_offers_nothing(office):
    office.opened()
    tracked = office.add(office.ledger())
    tracked.status = "in_progress"
    office.run("close_campaign", summary="完成。", disposition="无。")
    assert registers.offer(office.session, "ledger_items") == []
