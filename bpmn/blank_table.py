"""The decision table that a new one begins with: an input that has yet to be told, an output, no rules."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from bpmn.xml import DMN

_TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{dmn}" id="definitions_{id}" name={name} namespace="https://ducha.example/decisions">
  <decision id="{id}" name={name}>
    <decisionTable id="{id}_table" hitPolicy="FIRST">
      <input id="{id}_input">
        <inputExpression id="{id}_input_expression" typeRef="string"><text></text></inputExpression>
      </input>
      <output id="{id}_output" name="result" typeRef="string" />
    </decisionTable>
  </decision>
</definitions>
"""


def blank_table(id_: str, name: str) -> bytes:
    """``id_`` is a name as diagrams use them; ``name`` any text."""
    return _TEMPLATE.format(dmn=DMN, id=id_, name=quoteattr(name)).encode()
