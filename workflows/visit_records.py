"""What a team finds on a visit (M2, S4.2c, S4.2d): the checklist it takes along, the record, the report, the findings.

The checklist follows the evidence standards of the baseline: nothing else may be demanded of a unit (domain guide,
section 8, complaint 4).  What is measured and judged is kept for each item, so that whoever asked about one item is
told about that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import serials, visit_calendar
from workflows.progress import number_of
from workflows.tables import Finding, LedgerItem, Visit
from workflows.visits import get, items_of

# What a row of the checklist may say, the better the earlier.
RESULTS = ("ok", "gap", "bad", "skipped")
NATURES = ("false", "lagging", "measures_weak", "other")  # the worse the earlier
SILENT = "unsigned"
CONFIRMATIONS = ("refuse", SILENT, "agree_with_statement", "agree")  # what counts for the whole visit: the first found
LOWER = {"A": "B", "B": "C", "C": "C"}
STATUS = {"fixed": "fixed", "rectify": "ordered", "common": "pooled", "observe": "observed"}


def checklist(session: Session, instance: Instance, _inputs: Mapping[str, Any], _moment: Moment) -> dict[str, Any]:
    """What is to be looked at, from the evidence standards of the items, and their amounts where there are any.

    Returns {"rows": [{"item", "point", "evidence", "result"}], "units": codes}; ``result`` is ``skipped`` until looked
    at.
    """
    visit = get(session, instance.id)
    rows = [row for item in items_of(session, {"targets": visit.targets}) for row in _points(item)]
    if not rows:
        rows = [{"item": None, "point": visit.title[:200], "evidence": "matter", "result": "skipped"}]
    return {"rows": rows, "units": visit.objects}


def record(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what the team saw; from now on the visit has taken place, also where it was let in by nobody.

    A unit that has signed on the spot, being the only one, is not asked to sign again.  Returns {"grade", "measured":
    item -> value, "checked": item -> result, "proposed": findings, "text": the record, "signing": [{"unit", "text"}],
    "signed": what was said on the spot, as the units' answers are kept}.
    """
    visit = get(session, instance.id)
    rows = inputs["checklist"] or []
    visit.access, visit.conducted_at = inputs["access"], moment.now
    visit.position_reason = inputs["position_reason"]
    visit.evidence_grade = _grade(inputs["photos"] or [], bool(inputs["no_position"]))
    items = {one.id: one for one in items_of(session, {"targets": visit.targets})}
    measured = {
        str(row["item"]): row["measured"] for row in rows if _says(row, "measured") and row.get("item") in items
    }
    if inputs["measured_value"] is not None and len(items) == 1:
        measured = {next(iter(items)): inputs["measured_value"]} | measured
    single = inputs["measured_value"] if inputs["measured_value"] is not None else next(iter(measured.values()), None)
    visit.measured_value = None if single is None else Decimal(str(single))
    visit_calendar.hold(session, visit.id)
    session.flush()
    refusal = f"现场人员拒绝签字：{inputs['refusal']}" if inputs["refusal"] else ""
    texts = {unit: "\n".join(filter(None, (_record_of(unit, rows, visit, items), refusal))) for unit in visit.objects}
    has_signed = inputs["signed"] == "signed" and len(texts) == 1
    said = [{"unit": unit, "confirmation": "agree", "statement": None} for unit in texts]
    return {
        "grade": visit.evidence_grade,
        "measured": measured,
        "checked": {item: _checked(row for row in rows if row.get("item") == item) for item in items},
        "proposed": [_proposal(row, visit, items) for row in rows if row["result"] in ("gap", "bad")],
        "text": "\n".join(dict.fromkeys(line for text in texts.values() for line in text.splitlines())),
        "signing": [] if has_signed else [{"unit": unit, "text": text} for unit, text in texts.items()],
        "signed": said if has_signed else [],
    }


def report(session: Session, instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep the report and its findings, unless the verdict does not follow from them.

    ``confirmations`` are what the units said to the record, ``checked`` what `record` gave.  Returns {"fits",
    "problems": codes, "findings": what each of them needs, "units": that have findings, "item_verdicts": item ->
    verdict or None}.
    """
    visit = get(session, instance.id)
    rows, verdict = inputs["findings"] or [], str(inputs["verdict"])
    problems = list(_mismatches(rows, verdict, visit, inputs["checked"] or {}))
    if problems:
        return {"fits": False, "problems": problems, "findings": [], "units": [], "item_verdicts": {}}
    visit.verdict, visit.summary = verdict, inputs["summary"]
    said = [one["confirmation"] for one in inputs["confirmations"] or []]
    visit.confirmation = next((one for one in CONFIRMATIONS if one in said), None)
    visit.statement = (
        "\n".join(one["statement"] for one in inputs["confirmations"] or [] if one.get("statement")) or None
    )
    items = {one.id: one for one in items_of(session, {"targets": visit.targets})}
    found = [_finding(visit, items, position, row, moment) for position, row in enumerate(rows, start=1)]
    session.add_all(found)
    session.flush()
    return {
        "fits": True,
        "problems": [],
        "findings": [_told(one, items.get(one.item_id or ""), visit) for one in found],
        "units": list(dict.fromkeys(one.unit for one in found if one.unit)),
        "item_verdicts": {item: _verdict_of(item, rows, verdict, inputs["checked"] or {}) for item in items},
    }


def dispose(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """Keep what the task group says to a finding, and give it a key if it goes on as an order or a problem.

    Returns {"disposition", "problem_id", "number", "rectification_kind"}. Raises ServiceFault: no_finding,
    bad_disposition.
    """
    finding = session.get(Finding, inputs["finding_id"])
    if finding is None:
        raise ServiceFault("no_finding", N_("There is no finding with the id {id}."), id=inputs["finding_id"])
    disposition = inputs["disposition"]
    if disposition not in STATUS:
        raise ServiceFault("bad_disposition", N_("A finding can't be dealt with as “{way}”."), way=disposition)
    finding.improvement, finding.disposition = inputs["opinion_text"], disposition
    finding.status, finding.disposed_at = STATUS[disposition], moment.now
    number = None
    if disposition in ("rectify", "common"):
        finding.problem_id = uuid4().hex
        number = serials.next_number(session, "problem", moment)
    return {
        "disposition": disposition,
        "problem_id": finding.problem_id,
        "number": number,
        "rectification_kind": "major" if finding.severity == "major" else "general",
    }


def _points(item: LedgerItem) -> Iterable[dict[str, Any]]:
    name = f"{item.sub_item} {item.item_name or ''}".strip()
    standards = list(item.evidence_standard or [])
    if item.target_value is not None:
        known = f"目标 {number_of(item.target_value)}，已核实 {number_of(item.verified_value) or 0}"
        point = f"{name}：累计完成多少{item.unit_of_measure or ''}（{known}）"
        yield {"item": item.id, "point": point[:200], "evidence": "measurement", "result": "skipped"}
        standards = [one for one in standards if one != "measurement"]
    elif item.qualitative_standard:
        point = f"{name}：{item.qualitative_standard}"
        yield {"item": item.id, "point": point[:200], "evidence": "matter", "result": "skipped"}
    for standard in standards:
        yield {"item": item.id, "point": name[:200], "evidence": standard, "result": "skipped"}


def _says(row: Mapping[str, Any], name: str) -> bool:
    return row.get(name) is not None


def _grade(photos: Iterable[Mapping[str, Any]], is_without_position: bool) -> str | None:
    """That of the weakest photo, and one lower where nobody can say where it was taken."""
    grades = [str(one.get("grade") or "C") for one in photos]
    weakest = max(grades, default=None)
    return LOWER[weakest] if weakest and is_without_position else weakest


def _checked(rows: Iterable[Mapping[str, Any]]) -> str:
    """What was seen of an item: the worst of its rows; ``skipped`` if none of them was looked at."""
    seen = [str(row["result"]) for row in rows if row["result"] != "skipped"]
    return max(seen, key=RESULTS.index, default="skipped")


def _proposal(row: Mapping[str, Any], visit: Visit, items: Mapping[str, LedgerItem]) -> dict[str, Any]:
    item = items.get(row.get("item") or "")
    return {
        "unit": item.responsible_unit if item else next(iter(visit.objects), None),
        "item": item.id if item else None,
        "text": "：".join(part for part in (row["point"], row.get("note")) if part),
        "severity": "general" if row["result"] == "gap" else "serious",
        "nature": "lagging" if row["result"] == "gap" else "measures_weak",
        "fixed": False,
    }


def _record_of(unit: str, rows: Iterable[Mapping[str, Any]], visit: Visit, items: Mapping[str, LedgerItem]) -> str:
    """The record as one unit signs it: the rows of its items, and those that are about no item."""
    words = {"ok": "符合", "gap": "有差距", "bad": "不符合", "skipped": "未查"}
    lines = []
    for row in rows:
        item = items.get(row.get("item") or "")
        if item is None or item.responsible_unit == unit or len(visit.objects) == 1:
            measured = f"，实测 {row['measured']}" if _says(row, "measured") else ""
            note = f"。{row['note']}" if row.get("note") else ""
            lines.append(f"{row['point']}：{words[row['result']]}{measured}{note}")
    return "\n".join(lines)


def _mismatches(
    rows: Iterable[Mapping[str, Any]], verdict: str, visit: Visit, checked: Mapping[str, str]
) -> Iterable[str]:
    natures = {row["nature"] for row in rows}
    if verdict in ("lagging", "measures_weak") and not natures:
        yield "no_findings"
    if (verdict == "false") is not ("false" in natures):
        yield "false_mismatch"
    if verdict == "consistent" and natures & {"lagging", "measures_weak"}:
        yield "not_consistent"
    if verdict == "consistent" and checked and set(checked.values()) == {"skipped"}:
        yield "nothing_seen"
    if any(row.get("item") and row["item"] not in visit.targets for row in rows):
        yield "foreign_item"


def _finding(
    visit: Visit, items: Mapping[str, LedgerItem], position: int, row: Mapping[str, Any], moment: Moment
) -> Finding:
    item = items.get(row.get("item") or "")
    return Finding(
        id=uuid4().hex,
        visit_id=visit.id,
        position=position,
        campaign_id=visit.campaign_id,
        unit=row["unit"],
        item_id=item.id if item else None,
        text=row["text"],
        severity=row["severity"],
        nature=row["nature"],
        fixed_on_spot=bool(row.get("fixed")),
        status="found",
        found_at=moment.now,
    )


def _told(finding: Finding, item: LedgerItem | None, visit: Visit) -> dict[str, Any]:
    return {
        "finding_id": finding.id,
        "position": finding.position,
        "unit": finding.unit,
        "item_id": finding.item_id,
        "task_code": item.task_code if item else visit.task_code,
        "text": finding.text,
        "severity": finding.severity,
        "nature": finding.nature,
        "fixed": finding.fixed_on_spot,
        "standard": item.qualitative_standard if item else None,
    }


def _verdict_of(item: str, rows: Iterable[Mapping[str, Any]], verdict: str, checked: Mapping[str, str]) -> str | None:
    """What the report says of one item: the worst of its findings; without one, whether it was seen to be in order."""
    if verdict == "blocked":
        return verdict
    natures = {str(row["nature"]) for row in rows if row.get("item") == item} - {"other"}
    if natures:
        return min(natures, key=NATURES.index)
    seen = checked.get(item, "skipped")
    return "consistent" if seen == "ok" or (verdict == "consistent" and seen != "skipped") else None


def findings_of(session: Session, visit_id: str) -> list[Finding]:
    """In the order of the report."""
    return list(session.scalars(select(Finding).where(Finding.visit_id == visit_id).order_by(Finding.position)))
