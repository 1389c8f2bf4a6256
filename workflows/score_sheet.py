"""Scores as a spreadsheet: a row for each unit, and a sheet with every event behind every point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from workflows.score_lists import Table
from workflows.score_results import TITLES, name
from workflows.scoring import periods
from workflows.scoring.rules import COUNTS, RATES
from workflows.spreadsheet import Cell, Column, write_sheets
from workflows.tables import Score, ScoreEvent

KINDS = {"district": "区县", "lead_unit": "牵头单位", "co_unit": "协办单位"}
GRADES = {"excellent": "优秀", "good": "良好", "fair": "合格", "poor": "不合格"}
ANSWERS = {"accepted": "认可", "appealed": "申诉", "no_reply": "逾期未答复"}
OPINIONS = {"good": "好", "fair": "一般", "poor": "差"}
COMPONENTS = (*RATES["principal"], *RATES["co_unit"], *COUNTS, "adjusted")


def write(table: Table, events: Iterable[ScoreEvent], say: Callable[[str, Mapping[str, Any]], str]) -> bytes:
    """The .xlsx file. ``say`` puts the rule and the facts of an event into words."""
    fixed = ("类别", "单位", "总分", "等次", "名次", "参加排名", "核对", "班子能力", "作风")
    columns = [Column(heading, 16) for heading in (*fixed, *(TITLES[one] for one in COMPONENTS))]
    units = {score.id: name(score.unit) for score in table.scores}
    headings = (("单位", 16), ("项目", 14), ("得分", 10), ("满分", 10), ("来源", 40), ("日期", 12), ("说明", 60))
    details = [
        [
            units[event.score_id],
            TITLES.get(event.component, event.component),
            _number(event.points),
            _number(event.possible),
            event.text,
            event.day,
            say(event.rule, event.facts),
        ]
        for event in events
    ]
    about: list[list[Cell]] = [
        ["考核", table.assessment.title],
        ["编号", table.assessment.number],
        ["考核期", periods.read(table.assessment.period).label],
        ["起止", f"{table.assessment.first_day} — {table.assessment.last_day}"],
        ["分值权重（%）", _number(table.assessment.campaign_weight)],
        ["校验值 SHA-256", table.assessment.content_hash or "未公布"],
    ]
    return write_sheets(
        (
            ("得分", columns, [_row(score) for score in table.scores]),
            ("依据", [Column(heading, width) for heading, width in headings], details),
            ("说明", [Column("项目", 18), Column("内容", 80)], about),
        )
    )


def _row(score: Score) -> list[Cell]:
    points = {one["name"]: one["points"] for one in score.components}
    return [
        KINDS[score.kind],
        name(score.unit),
        _number(score.total),
        GRADES.get(score.grade or "", "不评等次"),
        score.rank,
        score.ranked,
        ANSWERS.get(score.answer or "", ""),
        OPINIONS.get(score.capability or "", ""),
        OPINIONS.get(score.work_style or "", ""),
        *(points.get(one) for one in COMPONENTS),
    ]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
