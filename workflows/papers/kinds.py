"""The kinds of papers that processes issue: one visible table.

To add one, write its collector (``collected/<noun>.py``), its template and a sample of what the collector gives, and
give it a row:

- the collector ``(session, campaign_id, facts, moment) -> data`` reads what the template needs; ``facts`` are what the
  diagram hands over.  Under ``source`` it may list the rows that the text rests on: ``{"kind", "id", "title"}``;
- ``templates/<name>.html`` is the text (Jinja); its first ``<h1>`` is the title, ``<h3>`` and ``<h4>`` are headings;
- ``samples/<name>.json`` is made-up data for the preview and the tests: ``{"data": what the collector gives,
  "paper": {"number", "issuer", "addressees", "copies", "signer"}}``.

Layouts: ``official`` has a red head (发文机关标志、发文字号、红线) and the copy block of GB/T 9704-2012, ``bulletin``
the masthead of 简报, ``report`` neither (总结、方案、办理情况报告), ``slip`` has its number above the text (催办单).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from workflows import bulletins, meetings
from workflows.papers.collected import (
    accountability,
    assessment,
    campaign,
    democratic,
    disclosure,
    instruction,
    item,
    joint,
    ledger,
    matter,
    media,
    objection,
    order,
    visit,
)

Collector = Callable[[Session, str | None, Mapping[str, Any], Moment], Mapping[str, Any]]
Layout = Literal["official", "bulletin", "report", "slip"]

TEMPLATES = Path(__file__).with_name("templates")
SAMPLES = Path(__file__).with_name("samples")
OFFICE = "生态和环境建设督查工作协调小组办公室"
GENERAL_OFFICE = "北京市人民政府办公厅"


@dataclass(frozen=True, slots=True)
class Kind:
    """``serial``: the series of `workflows.serials` it is numbered in, None where the number is given or there is none.

    ``mark`` is what stands in red at the head, if that is not the issuer with 文件; ``upward`` papers name who signs
    them beside their number.  ``processes`` are the keys of those that issue it.  Whoever sees the campaign may read
    what ``is_open``, others need to see the case.
    """

    name: str
    title: str
    layout: Layout
    collect: Collector
    processes: tuple[str, ...]
    serial: str | None = None
    issuer: str = OFFICE
    mark: str = ""
    upward: bool = False
    is_open: bool = False


def nothing(
    _session: Session, _campaign_id: str | None, facts: Mapping[str, Any], _moment: Moment
) -> Mapping[str, Any]:
    """The collector of papers for which the facts that the diagram hands over are enough."""
    return facts


# fmt: off
_TABLE: tuple[Kind, ...] = (
    # the campaign
    Kind("supervision_plan", "督查工作方案", "report", campaign.plan, ("campaign_setup",), "plan"),
    Kind("notice", "通知", "official", campaign.plan, ("campaign_setup",), issuer=GENERAL_OFFICE, is_open=True),
    Kind("campaign_summary", "督查工作总结", "report", campaign.summary, ("campaign_setup",), "report"),
    # ledgers and their items
    Kind("baseline_certificate", "基线凭证", "slip", ledger.certificate, ("ledger_establishment",)),
    Kind("urging_slip", "催办单", "slip", item.urging, ("item_progress", "ledger_establishment", "leader_instruction",
        "rectification")),
    Kind("supervision_order", "督办单", "slip", item.urging, ("item_progress", "ledger_establishment",
        "leader_instruction", "rectification")),
    Kind("closing_slip", "销号单", "slip", item.closing, ("item_progress",)),
    # instructions of leaders
    Kind("dispatch_slip", "交办单", "slip", instruction.instruction, ("leader_instruction",)),
    Kind("handling_report", "办理情况报告", "report", instruction.instruction, ("leader_instruction",), "report"),
    # rectifications
    Kind("rectification_notice", "整改通知书", "official", order.order, ("rectification",), "rectification_order"),
    Kind("rectification_plan", "整改方案", "report", order.order, ("rectification",)),
    Kind("recheck_record", "复查记录", "slip", order.order, ("rectification",)),
    Kind("rectification_closing", "整改销号单", "slip", order.order, ("rectification",), "closing_slip"),
    # objections
    Kind("review_decision", "复核决定书", "official", objection.objection, ("objection_review",)),
    # matters for decision
    Kind("request", "请示", "official", matter.matter, ("municipal_escalation",), upward=True),
    Kind("decision_minutes", "会议纪要", "official", matter.matter, ("municipal_escalation",), "minutes",
        mark="督查工作协调小组会议纪要"),
    Kind("decision_reply", "批复", "official", matter.matter, ("municipal_escalation",), issuer=GENERAL_OFFICE),
    # disclosures of lead units
    Kind("disclosure", "社会公布稿", "report", disclosure.disclosure, ("disclosure_cycle",)),
    # joint supervision, inspections of deputies
    Kind("joint_plan", "督查方案", "report", joint.joint, ("joint_supervision",)),
    Kind("joint_report", "联合督查报告", "report", joint.joint, ("joint_supervision",), "report"),
    Kind("joint_conclusion", "督查结论", "official", joint.joint, ("joint_supervision",)),
    Kind("inspection_plan", "视察方案", "report", democratic.activity, ("democratic_supervision",)),
    Kind("opinion_digest", "意见汇总", "report", democratic.activity, ("democratic_supervision",), "report"),
    Kind("deputy_reply", "答复函", "official", democratic.reply, ("democratic_supervision",), "deputy_reply"),
    # bulletins, reports, meetings
    Kind("flash_bulletin", "督查与反馈（快报）", "bulletin", bulletins.flash, ("flash_bulletin",), "flash_bulletin",
        mark="督查与反馈", is_open=True),
    Kind("monthly_report", "督查与反馈（专报）", "bulletin", bulletins.monthly, ("monthly_cycle",), "monthly_report",
        mark="督查与反馈", is_open=True),
    Kind("monthly_ranking", "区县进度排名", "report", bulletins.ranking, ("monthly_cycle",)),
    Kind("meeting_agenda", "会议议程", "report", meetings.agenda, ("monthly_cycle",), is_open=True),
    Kind("meeting_minutes", "会议纪要（例会）", "official", meetings.minutes, ("monthly_cycle",), "minutes",
        mark="督查工作协调小组会议纪要", is_open=True),
    Kind("quarterly_report", "季度综合报告", "official", bulletins.quarterly, ("quarterly_report",), "report",
        upward=True),
    # performance assessment
    Kind("assessment_result", "考核结果通报", "official", assessment.result, ("performance_assessment",)),
    # visits on the spot
    Kind("visit_record", "现场记录", "slip", visit.visit, ("onsite_supervision",)),
    Kind("visit_report", "督查报告", "report", visit.visit, ("onsite_supervision",)),
    Kind("improvement_opinion", "改进意见", "official", visit.visit, ("onsite_supervision",), "improvement"),
    # supervision by the media
    Kind("media_plan", "报道计划", "report", media.plan, ("media_supervision",)),
    Kind("exposure_draft", "曝光稿", "report", media.clue, ("media_supervision",), is_open=True),
    Kind("internal_reference", "内参", "bulletin", media.clue, ("media_supervision",), "internal_reference",
        mark="督查内参"),
    Kind("correction", "更正", "report", media.correction, ("media_supervision",), is_open=True),
    # accountability
    Kind("accountability_proposal", "追责建议", "official", accountability.referral, ("accountability",), "proposal"),
    Kind("talk_record", "约谈记录", "slip", accountability.referral, ("accountability",), "talk_record"),
    Kind("circular", "通报", "official", accountability.referral, ("accountability",), "circular"),
    Kind("transfer_letter", "移送函", "official", accountability.referral, ("accountability",)),
)
# fmt: on
PAPERS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _TABLE})
