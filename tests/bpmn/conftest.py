"""A moment in 2013 with that year's working days, and builders of small diagrams and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

import pytest

from bpmn.moment import BEIJING, Moment

# The State Council's arrangement for 2013: days off on weekdays, and weekends that were worked.
DAYS_OFF = {
    (1, 1), (1, 2), (1, 3), (2, 11), (2, 12), (2, 13), (2, 14), (2, 15), (4, 4), (4, 5), (4, 29), (4, 30), (5, 1),
    (6, 10), (6, 11), (6, 12), (9, 19), (9, 20), (10, 1), (10, 2), (10, 3), (10, 4), (10, 7),
}  # fmt: skip
DAYS_WORKED = {
    (1, 5), (1, 6), (2, 16), (2, 17), (4, 7), (4, 27), (4, 28), (6, 8), (6, 9), (9, 22), (9, 29), (10, 12),
}  # fmt: skip


@dataclass(frozen=True)
class Calendar2013:
    zone: ZoneInfo = BEIJING
    day_end: time = time(17, 30)

    def is_working_day(self, day: date) -> bool:
        if day.year == 2013 and (day.month, day.day) in DAYS_OFF:
            return False
        return day.weekday() < 5 or (day.year == 2013 and (day.month, day.day) in DAYS_WORKED)


def at(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text).replace(tzinfo=BEIJING), Calendar2013())


@pytest.fixture(name="at")
def _at() -> Callable[[str], Moment]:
    """``at("2013-04-19T09:00")``: a moment in Beijing."""
    return at


@pytest.fixture
def moment() -> Moment:
    return at("2013-04-19T09:00")


BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{BPMN}" id="D" targetNamespace="https://ducha.example"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ducha="https://ducha.example/bpmn"'
    ' xmlns:tns="https://ducha.example" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">\n'
)


class Drawing:
    """Writes BPMN. Attributes: ``ducha_form`` means ``ducha:form``; a trailing _ is dropped."""

    def __init__(self) -> None:
        self.flows = 0

    def node(self, kind: str, id_: str, body: str = "", **attributes: str) -> str:
        written = "".join(
            f" {name.rstrip('_').replace('ducha_', 'ducha:')}={quoteattr(value)}" for name, value in attributes.items()
        )
        return f'<{kind} id="{id_}"{written}>{body}</{kind}>\n'

    def user(self, id_: str, body: str = "", **attributes: str) -> str:
        settings = {"name": id_.title(), "ducha_candidateGroups": "officer", "ducha_form": "some/form", **attributes}
        return self.node("userTask", id_, body, **settings)

    def flow(self, source: str, target: str, condition: str | None = None, id_: str | None = None) -> str:
        self.flows += 1
        written = ""
        if condition is not None:
            written = f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}</conditionExpression>'
        id_ = id_ or f"f{self.flows}"
        return f'<sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}">{written}</sequenceFlow>\n'

    def chain(self, *ids: str) -> str:
        return "".join(self.flow(source, target) for source, target in pairwise(ids))

    def timer(self, kind: str, text: str) -> str:
        return f"<timerEventDefinition><{kind}>{escape(text)}</{kind}></timerEventDefinition>"

    def process(self, body: str, head: str = "", **attributes: str) -> bytes:
        settings = {
            "id": "p",
            "name": "流程",
            "isExecutable": "true",
            "ducha:starterGroups": "officer",
            **{name.replace("ducha_", "ducha:"): value for name, value in attributes.items()},
        }
        written = "".join(f" {name}={quoteattr(value)}" for name, value in settings.items() if value)
        return f"{HEAD}{head}<process{written}>\n{body}</process>\n</definitions>".encode()

    def simple(self, middle: str, id_: str, after: str = "", head: str = "", **attributes: str) -> bytes:
        """start -> element ``id_`` -> end, and more."""
        body = self.node("startEvent", "s") + middle + self.node("endEvent", "e") + self.chain("s", id_, "e") + after
        return self.process(body, head, **attributes)


@pytest.fixture
def drawing() -> Drawing:
    return Drawing()


DMN_HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="https://ducha.example">'


def write_table(
    policy: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    aggregation: str = "",
) -> bytes:
    """A decision. An input is ``expression`` or ``expression|possible values``, an output ``name|values|default``."""
    parts = [DMN_HEAD, '<decision id="D4" name="D4">']
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    parts.append(f'<decisionTable id="t" hitPolicy="{policy}"{aggregated}>')
    for number, text in enumerate(inputs):
        expression, _, allowed = text.partition("|")
        parts.append(f'<input id="i{number}" label={quoteattr(expression)}>')
        parts.append(f'<inputExpression id="x{number}"><text>{escape(expression)}</text></inputExpression>')
        parts.append(f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else "")
        parts.append("</input>")
    for number, text in enumerate(outputs):
        name, _, rest = text.partition("|")
        values, _, default = rest.partition("|")
        parts.append(f'<output id="o{number}" name={quoteattr(name)}>')
        parts.append(f"<outputValues><text>{escape(values)}</text></outputValues>" if values else "")
        parts.append(f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else "")
        parts.append("</output>")
    for number, row in enumerate(rules):
        parts.append(f'<rule id="r{number + 1}">')
        for column, cell in enumerate(row):
            tag = "inputEntry" if column < len(inputs) else "outputEntry"
            parts.append(f'<{tag} id="r{number + 1}c{column + 1}"><text>{escape(cell)}</text></{tag}>')
        parts.append("</rule>")
    parts.append("</decisionTable></decision></definitions>")
    return "".join(parts).encode()


@pytest.fixture
def table() -> Callable[..., bytes]:
    return write_table
