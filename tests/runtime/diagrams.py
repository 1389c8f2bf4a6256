"""Writes small diagrams: each function gives the XML of one element; `process` puts them together."""

from __future__ import annotations

from itertools import count, pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:ducha="https://ducha.example/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="definitions" targetNamespace="https://ducha.example/test">'
)
_numbers = count(1)


def element(tag: str, name: str, inside: str = "", /, **attributes: str) -> str:
    """``ducha_form="x"`` gives ``ducha:form="x"``."""
    written = "".join(f" {key.replace('ducha_', 'ducha:')}={quoteattr(value)}" for key, value in attributes.items())
    return f'<{tag} id="{name}"{written}>{inside}</{tag}>'


def flow(source: str, target: str, condition: str | None = None, name: str | None = None) -> str:
    inside = ""
    if condition is not None:
        inside = f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}</conditionExpression>'
    name = name or f"{source}_{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def chain(*names: str) -> str:
    return "".join(flow(source, target) for source, target in pairwise(names))


def extension(inside: str) -> str:
    return f"<extensionElements>{inside}</extensionElements>"


def given(tag: str = "input", **expressions: str) -> str:
    """``<ducha:input>``s (or outputs) of an element."""
    rows = (f'<ducha:{tag} name="{name}" value={quoteattr(text)}/>' for name, text in expressions.items())
    return extension("".join(rows))


def user(name: str, inside: str = "", /, **attributes: str) -> str:
    return element("userTask", name, inside, **attributes)


def start(name: str = "S", inside: str = "", **attributes: str) -> str:
    return element("startEvent", name, inside, **attributes)


def end(name: str = "E", inside: str = "", **attributes: str) -> str:
    return element("endEvent", name, inside, **attributes)


def script(name: str, text: str) -> str:
    return element("scriptTask", name, f"<script>{escape(text)}</script>")


def timer(kind: str, text: str) -> str:
    return (
        f'<timerEventDefinition id="d{next(_numbers)}"><{kind} xsi:type="tFormalExpression">{escape(text)}</{kind}>'
        "</timerEventDefinition>"
    )


def message(name: str = "m") -> str:
    return f'<messageEventDefinition id="d{next(_numbers)}" messageRef="msg_{name}"/>'


def signal(name: str = "s") -> str:
    return f'<signalEventDefinition id="d{next(_numbers)}" signalRef="sig_{name}"/>'


def error(name: str = "") -> str:
    reference = f' errorRef="err_{name}"' if name else ""
    return f'<errorEventDefinition id="d{next(_numbers)}"{reference}/>'


def escalation(name: str = "") -> str:
    reference = f' escalationRef="esc_{name}"' if name else ""
    return f'<escalationEventDefinition id="d{next(_numbers)}"{reference}/>'


def link(name: str) -> str:
    return f'<linkEventDefinition id="d{next(_numbers)}" name="{name}"/>'


TERMINATE = '<terminateEventDefinition id="terminate"/>'


def boundary(name: str, host: str, inside: str, **attributes: str) -> str:
    return element("boundaryEvent", name, inside, attachedToRef=host, **attributes)


def aside(name: str, host: str, inside: str, **attributes: str) -> str:
    """A boundary event that does not interrupt."""
    return boundary(name, host, inside, cancelActivity="false", **attributes)


def catch(name: str, inside: str, **attributes: str) -> str:
    return element("intermediateCatchEvent", name, inside, **attributes)


def throw(name: str, inside: str, **attributes: str) -> str:
    return element("intermediateThrowEvent", name, inside, **attributes)


def sub(name: str, inside: str) -> str:
    return element("subProcess", name, inside)


def handler(name: str, inside: str) -> str:
    """An event sub-process."""
    return element("subProcess", name, inside, triggeredByEvent="true")


def many(
    cardinality: str | None = None,
    collection: str | None = None,
    item: str | None = None,
    until: str | None = None,
    sequential: bool = False,
) -> str:
    attributes = ' isSequential="true"' if sequential else ""
    attributes += f" ducha:collection={quoteattr(collection)}" if collection else ""
    attributes += f' ducha:elementVariable="{item}"' if item else ""
    inside = f"<loopCardinality>{escape(cardinality)}</loopCardinality>" if cardinality else ""
    inside += f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    return f"<multiInstanceLoopCharacteristics{attributes}>{inside}</multiInstanceLoopCharacteristics>"


def process(body: str, name: str = "p", outputs: str = "", shared: str = "") -> bytes:
    """A whole document with messages m and n, signals s and t, errors x and y, escalations e and g, and ``shared``."""
    shared += "".join(f'<message id="msg_{m}" name="{m}"/>' for m in "mn")
    shared += "".join(f'<signal id="sig_{s}" name="{s}"/>' for s in "st")
    shared += "".join(f'<error id="err_{e}" name="{e}" errorCode="{e}"/>' for e in "xy")
    shared += "".join(f'<escalation id="esc_{e}" name="{e}" escalationCode="{e}"/>' for e in "eg")
    return f'{HEAD}{shared}<process id="{name}" isExecutable="true">{outputs}{body}</process></definitions>'.encode()
