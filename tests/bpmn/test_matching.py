"""Which element of a later diagram takes the place of one of an earlier, and where a case may come."""

from bpmn.diagram import Process, read_diagram
from bpmn.matching import ahead, candidates, suggested

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:ducha="https://ducha.example/bpmn" id="d" '
    'targetNamespace="https://ducha.example/test"><process id="p" isExecutable="true">'
)


def drawn(*nodes: str, flows: str = "") -> Process:
    """Nodes are ``kind id name``; flows ``a>b b>c``."""
    body = "".join(
        '<{} id="{}" name="{}"/>'.format(*node.split(" ", 2)) if not node.startswith("<") else node for node in nodes
    )
    body += "".join(
        '<sequenceFlow id="f{}" sourceRef="{}" targetRef="{}"/>'.format(number, *flow.split(">"))
        for number, flow in enumerate(flows.split())
    )
    return read_diagram(f"{HEAD}{body}</process></definitions>".encode()).processes[0]


LINE = drawn("startEvent S begin", "userTask A Ask", "userTask B Bring", "endEvent E end", flows="S>A A>B B>E")


def test_what_has_the_same_id_and_kind_stays():
    after = drawn("startEvent S x", "userTask A y", "scriptTask B Bring", "endEvent E z", flows="S>A A>B B>E")
    assert suggested(LINE, after) == {"S": "S", "A": "A", "B": "", "E": "E"}


def test_what_is_called_the_same_follows():
    after = drawn("startEvent S begin", "userTask x Bring", "userTask y Ask", "endEvent E end", flows="S>y y>x x>E")
    assert suggested(LINE, after) == {"S": "S", "A": "y", "B": "x", "E": "E"}


def test_a_name_that_several_bear_tells_nothing():
    after = drawn("startEvent S b", "userTask x Ask", "userTask y Ask", "endEvent E e", flows="S>x S>y x>E y>E")
    assert suggested(LINE, after)["A"] == ""


def test_what_stands_between_the_same_neighbours_follows_one_after_the_other():
    after = drawn("startEvent S b", "userTask x Other", "userTask B Bring", "endEvent E e", flows="S>x x>B B>E")
    assert suggested(LINE, after)["A"] == "x"
    far = drawn("startEvent S b", "userTask x 1", "userTask y 2", "endEvent E e", flows="S>x x>y y>E")
    assert suggested(LINE, far) == {"S": "S", "A": "", "B": "", "E": "E"}


def test_no_two_take_the_same_place():
    before = drawn("userTask A Ask", "userTask x Ask too", flows="A>x")
    after = drawn("userTask x Ask")
    assert suggested(before, after) == {"A": "", "x": "x"}


def test_only_what_is_of_the_same_kind_may_take_the_place():
    after = drawn("userTask x X", "scriptTask y Y", "userTask A A")
    assert [one.id for one in candidates(LINE.elements["A"], after)] == ["x", "A"]


def test_what_lies_ahead():
    assert ahead(LINE, ["B"]) == {"B", "E"}
    assert ahead(LINE, ["A", "E"]) == {"A", "B", "E"}
    assert ahead(LINE, ["nowhere"]) == frozenset()
    nested = drawn(
        '<subProcess id="U"><userTask id="I"/><userTask id="J"/><sequenceFlow id="g" sourceRef="I" targetRef="J"/>'
        '</subProcess><boundaryEvent id="T" attachedToRef="U"><timerEventDefinition id="td"><timeDuration>P1D'
        "</timeDuration></timerEventDefinition></boundaryEvent>",
        '<subProcess id="V" triggeredByEvent="true"><startEvent id="v"><messageEventDefinition id="md"/></startEvent>'
        "</subProcess>",
        "userTask L Late",
        "userTask B Before",
        "userTask Z After",
        flows="B>U U>Z T>L",
    )
    assert ahead(nested, ["J"]) == {"J", "U", "T", "L", "Z", "V", "v"}, "not again what lies before it inside"
    assert ahead(nested, ["Z"]) == {"Z", "V", "v"}


def test_events_follow_the_step_on_which_they_sit_and_steps_the_one_before_them():
    def reminded(suffix: str) -> Process:
        steps = [f"userTask {name}{suffix} {name}" for name in ("A", "B")]
        late = [
            f'<boundaryEvent id="late_{name}{suffix}" name="late" attachedToRef="{name}{suffix}"/>'
            for name in ("A", "B")
        ]
        urge = [f"serviceTask urge_{name}{suffix} urge" for name in ("A", "B")]
        ends = [f"endEvent urged_{name}{suffix} urged" for name in ("A", "B")]
        flows = " ".join(
            f"late_{name}{suffix}>urge_{name}{suffix} urge_{name}{suffix}>urged_{name}{suffix}" for name in ("A", "B")
        )
        return drawn(*steps, *late, *urge, *ends, flows=flows)

    before = reminded("")
    assert suggested(before, reminded("_new")) == {name: f"{name}_new" for name in before.elements}
