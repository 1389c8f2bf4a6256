"""Which scenario tests prove which clause: the index `scenarios.csv` beside this file, read from the tests.

A test names its clauses by the mark ``@pytest.mark.clause("S3.1", "S2.8")``.  An installed program has no tests, so the
index comes with it; ``python -m workflows.scenarios`` writes it anew, and a test compares it with the tests.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("scenarios.csv")
TESTS = Path(__file__).parents[1] / "tests" / "scenarios"


@dataclass(frozen=True, slots=True)
class Scenario:
    """``test`` is the name of the function in ``tests/scenarios/<file>``."""

    file: str
    test: str
    clauses: tuple[str, ...]

    @property
    def title(self) -> str:
        """What it tells, as its name says it."""
        return self.test.removeprefix("test_").replace("_", " ")


@cache
def scenarios() -> tuple[Scenario, ...]:
    """As the index has them."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return tuple(Scenario(row["file"], row["test"], tuple(row["clauses"].split())) for row in csv.DictReader(table))


def by_clause() -> Mapping[str, tuple[Scenario, ...]]:
    found: dict[str, list[Scenario]] = {}
    for scenario in scenarios():
        for clause in scenario.clauses:
            found.setdefault(clause, []).append(scenario)
    return {clause: tuple(tests) for clause, tests in found.items()}


def collect(folder: Path) -> tuple[Scenario, ...]:
    """The tests of a folder that name a clause, by file and place. Nothing is imported."""
    found: list[Scenario] = []
    for path in sorted(folder.glob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                clauses = tuple(dict.fromkeys(_named(node.decorator_list)))
                if clauses:
                    found.append(Scenario(path.name, node.name, clauses))
    return tuple(found)


def write(found: Iterable[Scenario]) -> None:
    with TABLE.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(("file", "test", "clauses"))
        writer.writerows((one.file, one.test, " ".join(one.clauses)) for one in found)


def _named(decorators: Iterable[ast.expr]) -> Iterator[str]:
    for decorator in decorators:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.clause":
            for argument in decorator.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


if __name__ == "__main__":
    write(collect(TESTS))
