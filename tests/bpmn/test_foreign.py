"""Diagrams of other engines: what has a meaning here is said here, the rest is listed, the picture stays."""

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from bpmn.diagram import read_diagram
from bpmn.foreign import adopt
from bpmn.foreign.formulas import NotTranslatable, translate
from bpmn.xml import BPMN
from faults import Refused
from forms.document import check_form

DIAGRAMS = Path(__file__).parent / "foreign_diagrams"
NAMES = {"approved": "check.approved", "amount": "check.amount"}


def adopted(name):
    return adopt((DIAGRAMS / f"{name}.bpmn").read_bytes())


def process(name):
    return read_diagram(adopted(name).diagram).processes[0]


def noted(name):
    return {(note.element, note.code) for note in adopted(name).notes}


FILES = sorted(path.stem for path in DIAGRAMS.glob("*.bpmn"))


@pytest.fixture(params=FILES)
def name(request):
    return request.param


@pytest.mark.parametrize(
    ("language", "foreign", "own"),
    [
        ("juel", "${amount > 100 && approved}", "check.amount > 100 and check.approved"),
        ("juel", "#{!approved || empty comment}", "not check.approved or comment in [null, '', []]"),
        ("juel", "${a eq 'x' ? 'b' : c.d}", "('b') if (a == 'x') else (c.d)"),
        ("juel", "${list.contains('x') and list.size() gt 2}", "('x') in list and len(list) > 2"),
        ("juel", "${execution.getVariable('amount') != null}", "check.amount != null"),
        ("juel", "${nrOfCompletedInstances/nrOfInstances >= 0.5}", "nrOfCompletedInstances / nrOfInstances >= 0.5"),
        ("juel", "${name.equals('a')}", "name == ('a')"),
        ("feel", '=amount > 100 and x = "a"', 'check.amount > 100 and x == "a"'),
        ("feel", "=not(approved)", "not (check.approved)"),
        ("feel", "=if approved then b else c", "(b) if (check.approved) else (c)"),
        ("feel", '=list contains(items, "a")', 'contains(items, "a")'),
        ("feel", '= starts with(name, "x")', 'startswith(name, "x")'),
    ],
)
def test_formulas_are_said_here(language, foreign, own):
    assert translate(foreign, language, NAMES) == own


@pytest.mark.parametrize(
    ("language", "foreign"),
    [
        ("juel", "${bean.run(execution)}"),
        ("juel", "Hello ${name}"),
        ("juel", "${execution.processInstanceId}.${x}"),
        ("juel", "${}"),
        ("feel", "=x in [1..3]"),
        ("feel", "=for x in items return x"),
        ("feel", "={a: 1}"),
        ("juel", "${a +}"),
    ],
)
def test_what_has_no_counterpart_is_left_alone(language, foreign):
    with pytest.raises(NotTranslatable):
        translate(foreign, language, NAMES)


def test_no_element_is_lost_and_the_picture_stays(name):
    before, after = (DIAGRAMS / f"{name}.bpmn").read_bytes(), adopted(name).diagram
    assert tags(before) == tags(after)
    assert not places(before) - places(after)


def tags(data):
    standard = (node for node in etree.fromstring(data).iter(f"{{{BPMN}}}*"))
    told = ((etree.QName(node).localname, node.get("name")) for node in standard)
    # Flowable draws a decision as a service task.
    return Counter(
        ("task" if name == "May it be felled?" else kind, name)
        for kind, name in told
        if kind not in ("extensionElements", "script")
    )


def places(data):
    return Counter(str(sorted(node.attrib.items())) for node in etree.fromstring(data).iter("{*}Bounds", "{*}waypoint"))


def test_every_form_is_one_of_ours(name):
    found = adopted(name)
    tasks = {f"{process(name).key}/{task.id}" for task in process(name).elements.values() if task.kind == "userTask"}
    assert set(found.forms) == tasks
    for document in found.forms.values():
        assert [problem for problem in check_form(document) if problem.severity == "error"] == []


def test_camunda():
    assert adopted("camunda").origin == "Camunda 7"
    one = process("camunda")
    assert (one.key, one.starter_groups) == ("invoice_process", ("accounting",))
    approve = one.elements["approve_invoice"]
    assert approve.attributes["candidateGroups"] == "manager"
    assert approve.attributes["due"] == "=dueOn"
    pay = one.elements["pay"]
    assert pay.attributes["service"] == "payment"
    assert (pay.loop.collection, pay.loop.variable) == ("items", "item")
    assert one.flows["f3"].condition == "approve_invoice.approved and approve_invoice.invoice_amount < 1000"
    fields = {field["name"]: field for field in adopted("camunda").forms["invoice_process/approve_invoice"]["fields"]}
    assert fields["approved"] == {"name": "approved", "label": "OK?", "type": "bool", "required": True}
    assert noted("camunda") == {
        ("invoice_process", "foreign_renamed"),
        ("approve_invoice", "foreign_renamed"),
        ("approve_invoice", "foreign_form"),
        ("", "foreign_drawn"),
        ("approve_invoice", "foreign_not_taken"),
    }


def test_flowable():
    one = process("flowable")
    assert one.elements["sid_1A2B_3C"].attributes["assignee"] == "starter"
    assert one.elements["remind"].attributes["assignee"] == "starter"
    assert dict(one.elements["pay"].inputs) == {"why": "sid_1A2B_3C.reason"}
    fields = adopted("flowable").forms["leave/sid_1A2B_3C"]["fields"]
    assert fields[0]["options"] == [["ill", "Ill"], ["trip", "Trip"]]
    assert {
        ("start", "foreign_start_form"),
        ("decide", "foreign_users"),
        ("book", "foreign_code"),
        ("pay", "foreign_output"),
        ("sid_1A2B_3C", "foreign_field"),
    } <= noted("flowable")
    assert b"sid_1A2B_3C.reason == 'ill' or not pay.receipt in [null, '', []]" in adopted("flowable").diagram


def test_zeebe():
    one = process("zeebe")
    check = one.elements["check"]
    assert check.attributes["assignee"] == "starter"
    assert check.attributes["candidateGroups"] == "clerks"
    assert check.attributes["due"] == '=now() + duration("P3D")'
    assert one.elements["pay"].attributes["service"] == "charge"
    assert dict(one.elements["pay"].inputs) == {"sum": "check.amount"}
    assert (one.elements["pay"].loop.kind, one.elements["pay"].loop.variable) == ("sequential", "part")
    assert one.elements["rate"].attributes["decision"] == "rating"
    assert one.elements["paid"].attributes["correlationKey"] == "check.customer_name"
    assert one.elements["ship"].called == "shipping"
    assert b'check.verdict == "yes" and check.amount &gt; 10' in adopted("zeebe").diagram
    kinds = {field["name"]: field["type"] for field in adopted("zeebe").forms["order_process/check"]["fields"]}
    assert kinds == {"customer_name": "text", "verdict": "enum", "amount": "int"}
    assert ("check", "foreign_not_taken") in noted("zeebe"), "its priority"


def taken(name, element):
    """What an element says now, in short."""
    found = process(name).elements[element]
    loop = found.loop and (found.loop.kind, found.loop.collection, found.loop.variable, found.loop.until)
    return {
        **found.attributes,
        **{"input " + key: value for key, value in found.inputs},
        **({"loop": loop} if loop else {}),
    }


@pytest.mark.parametrize(
    ("name", "element", "expected"),
    [
        ("camunda_loan", "Activity_Ask", {"assignee": "starter"}),
        ("camunda_loan", "Activity_Agree", {
            "assignee": "keeper", "candidateGroups": "keepers,heads", "due": "P2D",
            "loop": ("sequential", "keepers", "keeper", "nrOfCompletedInstances / nrOfInstances >= 0.5")}),
        ("camunda_loan", "Activity_Fee", {"decision": "loan_fee"}),
        ("camunda_loan", "Activity_Book", {"service": "book-fee", "input sum": "Activity_Fee"}),
        ("camunda_loan", "Activity_Hand", {"input tool": "Activity_Ask.tool_name"}),
        ("flowable_design", "sid_1E8F_01", {"assignee": "starter", "due": "2030-05-01T12:00:00"}),
        ("flowable_design", "sid_DMN_1", {"decision": "felling"}),
        ("flowable_design", "agree", {
            "assignee": "member", "loop": ("parallel", "board", "member", "nrOfCompletedInstances == nrOfInstances")}),
        ("flowable_design", "fell", {"input height": "height"}),
        ("activiti_explorer", "usertask1", {"candidateGroups": "water", "due": "=measureBy"}),
        ("zeebe_claim", "Activity_See", {
            "assignee": "surveyor", "candidateGroups": '=["surveyors"]', "due": '=datetime("2030-05-01T12:00:00")'}),
        ("zeebe_claim", "Activity_Sign", {"loop": ("parallel", "signers", "signer", "nrOfCompletedInstances > 1")}),
        ("zeebe_claim", "Activity_Rate", {"decision": "claim_rate"}),
        ("zeebe_claim", "Activity_Tell", {}),
        ("zeebe_claim", "Activity_Pay", {"service": "pay", "input sum": "Activity_See.damage_sum * Activity_Rate"}),
    ],
)  # fmt: skip
def test_what_has_a_meaning_here_is_said_here(name, element, expected):
    assert taken(name, element) == expected


@pytest.mark.parametrize(
    ("name", "flow", "condition"),
    [
        ("camunda_loan", "Flow_5", "Activity_Fee > 10 and not Activity_Ask.urgent"),
        ("flowable_design", "sid-F3", "form_treeform_outcome == 'yes' and height > 10"),
        ("activiti_explorer", "flow6", "usertask1.water_level < 3"),
        ("zeebe_claim", "F2", 'Activity_See.verdict == "pay" and Activity_See.damage_sum > 100'),
    ],
)
def test_conditions(name, flow, condition):
    assert process(name).flows[flow].condition == condition


def test_timers_calls_and_who_may_start():
    assert process("camunda_loan").elements["Event_Late"].events[0].timer == "R3/PT24H"
    assert process("zeebe_claim").elements["Event_Week"].events[0].timer == '=duration("P7D")'
    assert process("camunda_loan").elements["Activity_Hand"].called == "hand_over"
    assert process("zeebe_claim").elements["Activity_Dry"].called == "dry_house"
    assert process("flowable_design").starter_groups == ("parks",)
    assert process("camunda_loan").key == "tool_loan"


def test_the_bounds_and_defaults_of_fields():
    fields = {field["name"]: field for field in adopted("camunda_loan").forms["tool_loan/Activity_Ask"]["fields"]}
    assert (fields["tool_name"]["max"], fields["tool_name"]["prefill"]) == (40, "'Drill'")
    assert (fields["days"]["min"], fields["days"]["max"], fields["days"]["prefill"]) == (1, 30, "3")
    assert fields["urgent"]["prefill"] == "false"


# What no translation takes over: the attribute or element, for each file.
LEFT = {
    "camunda_loan": "priority followUpDate asyncBefore executionListener decisionRefBinding taskPriority inputOutput "
    "failedJobRetryTimeCycle in",
    "flowable_design": "formFieldValidation skipExpression field type inheritVariables",
    "activiti_explorer": "value taskListener autoStoreVariables",
    "zeebe_claim": "versionTag priorityDefinition ioMapping taskHeaders taskListeners userTaskForm "
    "taskSchedule+followUpDate taskDefinition+retries calledDecision+bindingType calledDecision+versionTag "
    "calledElement+propagateAllChildVariables formDefinition+bindingType loopCharacteristics+outputElement",
}


@pytest.mark.parametrize("name", LEFT)
def test_each_thing_that_is_left_is_listed_and_stays_in_the_file(name):
    listed = {one.params["name"] for one in adopted(name).notes if one.code == "foreign_not_taken"}
    assert listed == {one.replace("+", " ") for one in LEFT[name].split()}
    text = adopted(name).diagram.decode()
    assert all(one in text for one in LEFT[name].split() if "+" not in one and one != "userTaskForm")


def test_a_diagram_of_nobody_is_given_back_as_it_is():
    shipped = next((Path(__file__).parents[2] / "bpmn" / "processes").glob("*.bpmn")).read_bytes()
    assert adopt(shipped).diagram == shipped
    assert adopt(shipped).notes == ()


def test_what_is_no_diagram_is_refused():
    with pytest.raises(Refused):
        adopt(b"<x/>")
