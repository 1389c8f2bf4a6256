"""Two diagrams, two decision tables: what an administrator is told has changed."""

import re
from pathlib import Path

import pytest

from bpmn import table_compare
from bpmn.compare import Difference, compare
from bpmn.decisions import read_decision
from bpmn.diagram import read_diagram
from workflows import deploy

ROOT = Path(__file__).parents[2] / "bpmn"
RECTIFICATION = (ROOT / "processes" / "rectification.bpmn").read_text(encoding="utf-8")
TABLE = (ROOT / "decisions" / "D4_rectification_deadline.dmn").read_text(encoding="utf-8")
RULES = re.findall("<rule.*?</rule>", TABLE, re.DOTALL)


def after(*changes, text=RECTIFICATION):
    changed = text
    for old, new in changes:
        assert old in changed, old
        changed = changed.replace(old, new)
    return compare(read_diagram(text.encode()), read_diagram(changed.encode()))


@pytest.mark.parametrize("path", deploy.shipped(), ids=lambda path: path.stem)
def test_a_diagram_is_like_itself(path):
    diagram = read_diagram(path.read_bytes())
    assert compare(diagram, diagram) == ()


def test_a_new_name():
    assert Difference("recheck", "changed", "name", "复查", "现场复查") in after(('name="复查"', 'name="现场复查"'))


def test_who_does_a_step():
    found = after(('ducha:candidateGroups="task_group_lead"', 'ducha:candidateGroups="lead_unit_officer"'))
    assert {(one.facet, one.before, one.after) for one in found} == {
        ("candidateGroups", "task_group_lead", "lead_unit_officer")
    }


def test_another_kind_of_step_is_another_step():
    tag = '<bpmn:businessRuleTask id="deadline_rule"'
    end = RECTIFICATION.index("</bpmn:businessRuleTask>", RECTIFICATION.index(tag))
    changed = RECTIFICATION[:end] + "</bpmn:task>" + RECTIFICATION[end + len("</bpmn:businessRuleTask>") :]
    changed = changed.replace(tag, '<bpmn:task id="deadline_rule"')
    found = compare(read_diagram(RECTIFICATION.encode()), read_diagram(changed.encode()))
    assert [(one.element, one.kind) for one in found if one.element == "deadline_rule"] == [
        ("deadline_rule", "added"),
        ("deadline_rule", "removed"),
    ]


def test_what_is_only_moved_is_told_apart():
    start = RECTIFICATION.index('bpmnElement="recheck"')
    place = RECTIFICATION.index('x="', start)
    end = RECTIFICATION.index('"', place + 3)
    moved = f'{RECTIFICATION[:place]}x="{float(RECTIFICATION[place + 3 : end]) + 40}{RECTIFICATION[end:]}'
    found = compare(read_diagram(RECTIFICATION.encode()), read_diagram(moved.encode()))
    assert found == (Difference("recheck", "moved", before="复查", after="复查"),)


def test_what_had_no_picture_was_not_moved():
    bare = re.sub("<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", RECTIFICATION, flags=re.DOTALL).encode()
    assert compare(read_diagram(bare), read_diagram(RECTIFICATION.encode())) == ()


def test_80_and_80_0_are_the_same_place():
    again = RECTIFICATION.replace('width="100"', 'width="100.0"').replace('height="80"', 'height="80.00"')
    assert compare(read_diagram(RECTIFICATION.encode()), read_diagram(again.encode())) == ()


def test_lanes_and_notes_are_compared_by_their_names():
    lane = re.search(r'<bpmn:lane id="(\w+)" name="([^"]*)"', RECTIFICATION)
    found = after((f'id="{lane[1]}" name="{lane[2]}"', f'id="{lane[1]}" name="别处"'))
    assert Difference(lane[1], "changed", "name", lane[2], "别处") in found
    note = '<bpmn:textAnnotation id="note"><bpmn:text>先读\n参数</bpmn:text></bpmn:textAnnotation>'
    found = after(("</bpmn:process>", f"{note}</bpmn:process>"))
    assert found == (Difference("note", "added", after="先读 参数"),)


# ---- decision tables


def table_after(*changes):
    changed = TABLE
    for old, new in changes:
        assert old in changed, old
        changed = changed.replace(old, new, 1)
    return table_compare.compare(read_decision(TABLE.encode()), read_decision(changed.encode()))


def test_a_table_is_like_itself():
    assert table_after() == ()


def test_a_rule_that_went_and_one_that_changed():
    rule = RULES[1]
    assert [(one.rule, one.kind) for one in table_after((rule, ""))] == [(2, "removed")]
    assert table_after((rule, rule.replace("<text>", "<text>  "))) == (), "blanks say nothing"
    found = table_after((rule, re.sub("<text>[^<]*</text>", '<text>"at_once"</text>', rule, count=1)))
    assert [(one.kind, one.facet) for one in found] == [("changed", "rule")]
    assert '"at_once"' in found[0].after


def test_new_ids_alone_are_no_difference():
    assert table_after(('<rule id="', '<rule id="renamed_')) == ()


def test_a_remark_alone_is_a_difference():
    said = RULES[0].replace("</rule>", "<annotationEntry><text>新的说明</text></annotationEntry></rule>")
    if "<annotationEntry>" in RULES[0]:
        said = re.sub("(<annotationEntry>.*?<text>)[^<]*", r"\1新的说明", RULES[0], flags=re.DOTALL)
    (found,) = table_after((RULES[0], said))
    assert (found.kind, found.facet, found.after) == ("changed", "remark", "新的说明")
