"""Two decision tables as grids: which rows, cells and columns are marked."""

import re
from pathlib import Path

import pytest

from bpmn.decisions import read_decision
from bpmn.table_compare import compare
from bpmn.table_sides import alone, sides

TABLE = (Path(__file__).parents[2] / "bpmn" / "decisions" / "D4_rectification_deadline.dmn").read_text(encoding="utf-8")
RULES = re.findall("<rule.*?</rule>", TABLE, re.DOTALL)


def grids(*changes):
    changed = TABLE
    for old, new in changes:
        assert old in changed, old
        changed = changed.replace(old, new, 1)
    return sides(read_decision(TABLE.encode()), read_decision(changed.encode()))


def marked(grid):
    return [(row.number, row.mark) for row in grid.rows if row.mark]


def test_nothing_is_marked_in_a_table_that_is_like_itself():
    for grid in (*grids(), alone(read_decision(TABLE.encode()))):
        assert marked(grid) == []
        assert not any(head.mark for head in grid.heads)
        assert not any(cell.mark for row in grid.rows for cell in row.cells)
        assert {len(row.cells) for row in grid.rows} == {len(grid.heads)}
        assert len(grid.rows) == len(RULES)


def test_a_rule_that_went_is_marked_where_it_was():
    before, after = grids((RULES[1], ""))
    assert (marked(before), marked(after)) == ([(2, "removed")], [])


def test_a_rule_that_came_is_marked_where_it_is():
    before, after = grids((RULES[0], RULES[0] + re.sub('id="[^"]*"', "", RULES[0])))
    assert (marked(before), marked(after)) == ([], [(2, "added")])


def test_the_cell_that_changed_is_marked_on_both_sides():
    before, after = grids((RULES[1], re.sub("<text>[^<]*</text>", '<text>"at_once"</text>', RULES[1], count=1)))
    assert marked(before) == marked(after) == [(2, "changed")]
    (old,) = [cell for row in before.rows for cell in row.cells if cell.mark]
    (new,) = [cell for row in after.rows for cell in row.cells if cell.mark]
    assert new.text == '"at_once"' != old.text


@pytest.mark.parametrize("tag", ["input", "output"])
def test_a_column_of_another_name_is_marked_and_its_cells_are_not(tag):
    label = re.search(rf'<{tag} [^>]*label="([^"]*)"', TABLE)[1]
    before, after = grids((f'label="{label}"', 'label="换了"'))
    assert [head.label for head in before.heads if head.mark] == [label]
    assert [head.label for head in after.heads if head.mark] == ["换了"]
    assert marked(before) == marked(after) == []


def test_grids_and_the_list_of_differences_mark_the_same_rules():
    cell = re.sub("<text>[^<]*</text>", '<text>"at_once"</text>', RULES[0], count=1)
    changed = TABLE.replace(RULES[1], "").replace(RULES[0], cell)
    old, new = read_decision(TABLE.encode()), read_decision(changed.encode())
    before, after = sides(old, new)
    listed = {(one.rule, one.kind) for one in compare(old, new)}
    assert {one for one in marked(before) if one[1] == "removed"} == {one for one in listed if one[1] == "removed"}
    assert set(marked(after)) == {one for one in listed if one[1] != "removed"}
