from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.decisions import DecisionFault, check_decision, read_decision
from bpmn.hits import POLICIES
from faults import Refused


@pytest.fixture
def decide(table, moment):
    def run(names, *rest, **more):
        return read_decision(table(*rest, **more)).decide(names, moment)

    return run


@pytest.fixture
def fails(decide):
    def run(names, *rest, **more):
        with pytest.raises(DecisionFault) as caught:
            decide(names, *rest, **more)
        assert "{" not in str(caught.value)
        return caught.value

    return run


KINDS = (
    ["kind"],
    ["deadline", "plan"],
    [
        ['"immediate"', "wd(3)", "false"],
        ['"general"', "wd(15)", "false"],
        ['"major","long_term"', "wd(30)", "true"],
    ],
)


def test_outputs_are_expressions_and_come_as_json(decide):
    assert decide({"kind": "immediate"}, "UNIQUE", *KINDS) == {"deadline": "2013-04-24T17:30:00+08:00", "plan": False}
    assert decide({"kind": "long_term"}, "UNIQUE", *KINDS)["plan"] is True


def test_input_heads_are_expressions(decide):
    rules = [["> 30", '"red"'], ["[10..30]", '"yellow"'], ["-", '"green"']]
    head = "item.planned - item.verified"
    assert decide({"item": {"planned": 80, "verified": 40}}, "FIRST", [head], ["light"], rules) == {"light": "red"}
    assert decide({"item": {"planned": 80, "verified": 80}}, "FIRST", [head], ["light"], rules) == {"light": "green"}


def test_several_inputs_must_all_fit(decide):
    rules = [['"a"', "> 1", "1"], ['"a"', "-", "2"], ["-", "null", "3"]]
    assert decide({"x": "a", "y": 5}, "FIRST", ["x", "y"], ["o"], rules) == {"o": 1}
    assert decide({"x": "a", "y": 0}, "FIRST", ["x", "y"], ["o"], rules) == {"o": 2}
    assert decide({"x": "b", "y": None}, "FIRST", ["x", "y"], ["o"], rules) == {"o": 3}


def test_an_output_may_use_the_variables(decide):
    assert decide({"x": 2, "y": 5}, "FIRST", ["x"], ["o"], [["-", "x * y"]]) == {"o": 10}


VALUES = '"low","mid","high"'
OVERLAPPING = (["k"], [f"o|{VALUES}"], [["-", '"high"'], ["1", '"low"'], ["> 5", '"mid"'], ["[0..3]", '"mid"']])


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("FIRST", {"o": "high"}),
        ("PRIORITY", {"o": "low"}),
        ("RULE ORDER", [{"o": "high"}, {"o": "low"}, {"o": "mid"}]),
        ("OUTPUT ORDER", [{"o": "low"}, {"o": "mid"}, {"o": "high"}]),
        ("COLLECT", [{"o": "high"}, {"o": "low"}, {"o": "mid"}]),
    ],
)
def test_hit_policies_that_allow_several_rules(policy, expected, decide):
    assert decide({"k": 1}, policy, *OVERLAPPING) == expected


def test_unique_refuses_that_two_rules_fit(fails):
    caught = fails({"k": 1}, "UNIQUE", *OVERLAPPING)
    assert (caught.code, caught.params["rules"]) == ("several_rules", "1, 2, 4")


def test_any_wants_the_same_answer(decide, fails):
    rules = [["> 1", '"a"'], ["> 2", '"a"'], ["> 3", '"b"']]
    assert decide({"k": 3}, "ANY", ["k"], ["o"], rules) == {"o": "a"}
    assert fails({"k": 4}, "ANY", ["k"], ["o"], rules).code == "differing"


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 9), ("MIN", 2), ("MAX", 4), ("COUNT", 3)])
def test_collecting_numbers(aggregation, expected, decide):
    rules = [["-", "2"], ["> 1", "3"], ["> 2", "4"], ["> 9", "100"]]
    assert decide({"k": 5}, "COLLECT", ["k"], ["o"], rules, aggregation=aggregation) == {"o": expected}


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 0), ("COUNT", 0)])
def test_collecting_nothing(aggregation, expected, decide, fails):
    assert decide({"k": 1}, "COLLECT", ["k"], ["o"], [["> 5", "1"]], aggregation=aggregation) == {"o": expected}
    for other in ("MIN", "MAX"):
        assert fails({"k": 1}, "COLLECT", ["k"], ["o"], [["> 5", "1"]], aggregation=other).code == "no_rule"


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX"])
def test_only_numbers_are_collected(aggregation, fails):
    assert fails({}, "COLLECT", ["1"], ["o"], [["-", '"a"'], ["-", "1"]], aggregation=aggregation).code == "not_numbers"


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY"])
def test_no_rule_is_a_fault_unless_there_is_a_default(policy, decide, fails):
    caught = fails({"k": 9}, policy, ["k"], ['o|"a","b"'], [["1", '"a"']])
    assert (caught.code, caught.params["values"]) == ("no_rule", "k = 9")
    assert decide({"k": 9}, policy, ["k"], ['o|"a","b"|"b"'], [["1", '"a"']]) == {"o": "b"}


@pytest.mark.parametrize("policy", ["RULE ORDER", "OUTPUT ORDER", "COLLECT"])
def test_no_rule_is_an_empty_list(policy, decide):
    assert decide({"k": 9}, policy, ["k"], ['o|"a"'], [["1", '"a"']]) == []


def test_priorities_of_several_outputs(decide):
    outputs = ['a|"x","y"', "b|1,2"]
    rules = [["-", '"y"', "1"], ["-", '"x"', "2"], ["-", '"x"', "1"]]
    assert decide({"k": 1}, "PRIORITY", ["k"], outputs, rules) == {"a": "x", "b": 1}
    assert [row["b"] for row in decide({"k": 1}, "OUTPUT ORDER", ["k"], outputs, rules)] == [1, 2, 1]


def test_every_hit_policy_of_dmn_is_there():
    assert set(POLICIES) == {"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"}


def test_the_only_output_needs_no_name(table, moment):
    data = table("FIRST", ["k"], [""], [["-", "1"]]).replace(b' name=""', b"")
    assert read_decision(data).decide({"k": 1}, moment) == {"D4": 1}
    named = data.replace(b'name="D4">', b'name="D4"><variable name="light"/>')
    assert read_decision(named).decide({"k": 1}, moment) == {"light": 1}


def test_possible_values_of_an_input_are_held(decide, fails):
    rules = [["-", "1"]]
    assert decide({"k": "a"}, "FIRST", ['k|"a","b"'], ["o"], rules) == {"o": 1}
    assert decide({"k": None}, "FIRST", ['k|"a","b"'], ["o"], rules) == {"o": 1}
    caught = fails({"k": "c"}, "FIRST", ['k|"a","b"'], ["o"], rules)
    assert (caught.code, caught.params["found"]) == ("not_allowed", "“c”")


@pytest.mark.parametrize(
    ("names", "inputs", "rules", "code", "where"),
    [
        ({}, ["k"], [["-", "1"]], "expression", "D4 k: k"),
        ({"k": 1}, ["k"], [["2", "1"], ["red", "1"]], "expression", "D4 #2 k: red"),
        ({"k": 1}, ["k"], [["-", "zzz"]], "expression", "D4 #1 o: zzz"),
        ({"k": 1}, ["k"], [["-", "k / 0"]], "expression", "D4 #1 o: k / 0"),
        ({"k": 1}, ["k"], [["-", "10 ** 40"]], "expression", "D4 #1 o: 10 ** 40"),
    ],
)
def test_a_failing_expression_names_the_rule(names, inputs, rules, code, where, fails):
    caught = fails(names, "FIRST", inputs, ["o"], rules)
    assert (caught.code, caught.params["source"]) == (code, where)


def test_what_can_not_be_compared_names_the_rule(fails):
    caught = fails({"k": "x"}, "FIRST", ["k"], ["o"], [['"a"', "1"], ["> 3", "1"]])
    assert (caught.code, caught.params["rule"], caught.params["cell"]) == ("uncomparable", 2, "> 3")


def test_the_names_that_a_table_needs_are_known(table):
    decision = read_decision(table("FIRST", ["a.x", "b"], ["o"], [["? > c", "> d", "e"], ["-", "-", "1"]]))
    assert decision.names == {"a", "b", "c", "d", "e"}


def test_descriptions_become_annotations(table):
    data = table("FIRST", ["k"], ["o"], [["-", "1"]]).replace(
        b'<rule id="r1">', '<rule id="r1"><description>新生违法建设</description>'.encode()
    )
    assert read_decision(data).rules[0].annotation == "新生违法建设"


def test_the_shipped_table_is_free_of_problems():
    for path in Path("bpmn/decisions").glob("*.dmn"):
        assert [problem for problem in check_decision(path.read_bytes()) if problem.severity == "error"] == []


# ---- what is refused


def codes(data):
    return {problem.code for problem in check_decision(data)}


@pytest.mark.parametrize(
    ("inputs", "outputs", "rules", "policy", "code"),
    [
        ([""], ["o"], [["-", "1"]], "FIRST", "input_empty"),
        (["k +"], ["o"], [["-", "1"]], "FIRST", "input_expression"),
        (["k|>"], ["o"], [["-", "1"]], "FIRST", "allowed_values"),
        (["k"], ["o|>"], [["-", "1"]], "FIRST", "allowed_values"),
        (["k"], ["o p"], [["-", "1"]], "FIRST", "output_name"),
        (["k"], ["a", ""], [["-", "1", "2"]], "FIRST", "output_name"),
        (["k"], ["true"], [["-", "1"]], "FIRST", "output_name"),
        (["k"], ["class"], [["-", "1"]], "FIRST", "output_name"),
        (["k"], ["o", "o"], [["-", "1", "2"]], "FIRST", "output_twice"),
        (["k"], ["o"], [["-", "1", "2"]], "FIRST", "cells"),
        (["k"], ["o"], [["red red", "1"]], "FIRST", "input_cell"),
        (["k"], ["o"], [["red", "1"]], "FIRST", "bare_word"),
        (["k"], ["o"], [["-", ""]], "FIRST", "output_empty"),
        (["k"], ["o"], [["-", "1 +"]], "FIRST", "output_cell"),
        (["k"], ['o|"a"'], [["-", '"b"']], "FIRST", "output_not_listed"),
        (["k"], ["o||1 +"], [["-", '"b"']], "FIRST", "default_output"),
        (["k"], ["o"], [["-", "1"]], "PRIORITY", "no_priorities"),
        (["k"], ["o"], [["-", "1"]], "OUTPUT ORDER", "no_priorities"),
        (["k"], ["o"], [], "FIRST", "no_rules"),
        (["k"], ["o"], [["-", "1"]], "SOMETIMES", "value"),
    ],
)
def test_faults_of_the_document(table, inputs, outputs, rules, policy, code):
    assert code in codes(table(policy, inputs, outputs, rules))


def test_all_faults_come_at_once_with_their_cells(table):
    problems = check_decision(table("FIRST", ["k +", "x"], ["o p"], [["a b", "[1..", "2 +"], ["-", "-", ""]]))
    assert {(problem.code, problem.element) for problem in problems} >= {
        ("input_expression", "i0"),
        ("output_name", "o0"),
        ("input_cell", "r1c1"),
        ("input_cell", "r1c2"),
        ("output_cell", "r1c3"),
        ("output_empty", "r2c3"),
    }
    assert all(problem.line for problem in problems)
    assert all("{" not in str(problem) for problem in problems)


def test_aggregation_wants_one_output(table):
    assert "aggregation" in codes(table("COLLECT", ["k"], ["a", "b"], [["-", "1", "2"]], aggregation="SUM"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'<decision id="D4"', b'<decision id="4-D"', "value"),
        (b'<decision id="D4"', b'<decision id="D-4"', "bad_id"),
        (b"20191111/MODEL", b"20180521/MODEL", "not_a_decision"),
        (b"</definitions>", b'<decision id="D5" name="D5"/></definitions>', "several_decisions"),
        (b"</decision></definitions>", b"</decision>", "not_xml"),
        (b'name="d" namespace', b'name="d" nonsense="1" namespace', "attribute_unknown"),
    ],
)
def test_other_documents(table, old, new, code):
    data = table("FIRST", ["k"], ["o"], [["-", "1"]])
    assert old in data
    assert code in codes(data.replace(old, new))


def test_a_decision_that_is_no_table(table):
    data = table("FIRST", ["k"], ["o"], [["-", "1"]])
    start, end = data.index(b"<decisionTable"), data.index(b"</decisionTable>") + len(b"</decisionTable>")
    assert codes(data[:start] + b"<literalExpression><text>1</text></literalExpression>" + data[end:]) == {
        "not_a_table"
    }
    head, tail = data.index(b"<decision "), data.index(b"</decision>") + len(b"</decision>")
    assert codes(data[:head] + data[tail:]) == {"no_decision"}


def test_a_table_that_is_too_large(table):
    assert "too_many_rules" in codes(table("FIRST", ["k"], ["o"], [["-", "1"]] * 1001))
    assert "too_many_rules" in codes(table("FIRST", ["k"] * 51, ["o"], [["-"] * 51 + ["1"]]))


def test_warnings_do_not_refuse(table):
    data = table("FIRST", ["k"], ["o"], [["other", "1"]])
    assert codes(data) == {"bare_word"}
    assert read_decision(data).id == "D4"


def test_a_declared_name_is_no_bare_word(table):
    data = table("FIRST", ["k"], ["o"], [["? >= most", "1"]])
    assert codes(data) == {"bare_word"}
    end = data.rindex(b"</definitions>")
    assert codes(data[:end] + b'<inputData id="most_data" name="most" />' + data[end:]) == set()


def test_a_name_with_a_member_is_no_bare_word(table):
    assert codes(table("FIRST", ["k"], ["o"], [["? >= limits.most", "1"]])) == set()


def test_data_that_the_diagram_declares_may_stand_bare(table):
    data = table("FIRST", ["k"], ["o"], [["> other", "1"]])
    assert codes(data.replace(b"</definitions>", b'<inputData id="declared" name="other"/></definitions>')) == set()


def test_reading_raises_all_problems(table):
    with pytest.raises(Refused) as caught:
        read_decision(table("FIRST", ["k"], ["o"], [["1 +", "2 +"]]))
    assert len(caught.value.problems) == 2


BASE = Path("bpmn/decisions/D4_rectification_deadline.dmn")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_mutation_is_read_or_refused(data):
    content = bytearray(BASE.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.integers(0, 40))
        content[start : start + length] = data.draw(st.binary(max_size=20))
    problems = check_decision(bytes(content))
    assert all(str(problem) for problem in problems)
