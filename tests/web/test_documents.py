"""The commands of those who keep diagrams in git: check, simulate, deploy and export, as they are typed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bpmn.table_tests import TableTest, with_tests
from engine import accounts, definitions, library, process_changes, scenarios
from engine.tables import Version
from web import cli
from workflows.documents import DECISIONS

FOREIGN = Path(__file__).parents[1] / "bpmn" / "foreign_diagrams"


@dataclass
class Shell:
    """Runs ``ducha`` on the database of the test; gives its exit code, what it said, and what it told beside that."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: Any) -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = cli.main([str(word) for word in words])
        said = self.capsys.readouterr()
        return code, said.out, said.err


@pytest.fixture
def ducha(errand: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    url = errand.sessions.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DUCHA_DATABASE_URL", url)
    monkeypatch.setenv("DUCHA_CLOCK", "2013-05-06T09:30")
    return Shell(capsys)


@pytest.fixture
def office(errand: Any, tmp_path: Path, ducha: Shell) -> Path:
    """The errand as files, as it is published."""
    assert ducha("export", "--folder", tmp_path / "office")[0] == 0
    return tmp_path / "office"


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def versions(errand: Any) -> list[tuple[int, str, str | None]]:
    with errand.sessions.read() as session:
        rows = session.scalars(select(Version).where(Version.process_key == "errand").order_by(Version.number))
        return [(one.number, one.comment, one.published_by) for one in rows]


def scenario(office: Path, name: str, verdict: str = "pass") -> None:
    acts = [
        {"at": "PT1H", "do": "complete", "element": "issue", "actor": "a",
         "data": {"what": "扫雪", "deadline": "2013-05-10", "checker": None}},
        {"at": "P1D", "do": "complete", "element": "report", "actor": "b", "data": {"result": "好"}},
        {"at": "P2D", "do": "complete", "element": "check", "actor": "c", "data": {"verdict": verdict}},
    ]  # fmt: skip
    whole = {
        "name": name, "starts_at": "2013-05-06T09:30:00+08:00", "start": "begin", "acts": acts,
        "variables": {"title": "扫雪", "org": "north", "starter": "a"}, "expected": {"end": "finished"},
    }  # fmt: skip
    path = office / "scenarios" / "errand" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole), "utf-8")


# ---- check


def test_check_says_where_each_problem_is(ducha: Shell, office: Path) -> None:
    roles = ("--role", "officer", "--role", "chief")
    assert ducha("check", office, *roles) == (0, "", "")
    rewrite(office / "errand.bpmn", 'candidateGroups="chief,officer"', 'candidateGroups="chef"')
    rewrite(office / "forms" / "errand" / "report.json", '"type": "longtext"', '"type": "nonsense"')
    (office / "forms" / "errand" / "issue.json").write_text('{\n "name": }')
    (office / "scenarios" / "errand").mkdir(parents=True)
    (office / "scenarios" / "errand" / "x.json").write_text('{"starts_at": 3}')
    code, said, _ = ducha("check", office, *roles)
    assert code == 1
    lines = said.splitlines()
    assert any(line.startswith(f"{office}/forms/errand/issue.json:2: error: ") for line in lines)
    assert any(line.startswith(f"{office}/forms/errand/report.json:") and "nonsense" in line for line in lines)
    assert any(line.startswith(f"{office}/scenarios/errand/x.json: error: The scenario") for line in lines)
    (office / "forms" / "errand" / "issue.json").write_text('{"name": "errand/issue", "title": "x", "fields": []}')
    code, said, _ = ducha("check", office / "errand.bpmn", *roles, "--json")
    found = json.loads(said)
    assert code == 1
    (chef,) = [one for one in found if "chef" in one["message"]]
    line = next(
        number for number, text in enumerate((office / "errand.bpmn").read_text().splitlines(), 1) if "chef" in text
    )
    assert (chef["file"], chef["element"], chef["severity"]) == (f"{office}/errand.bpmn", "check", "error")
    assert chef["line"] in (line, line - 1, line + 1)


@pytest.mark.parametrize("command", ["check", "simulate", "deploy"])
def test_what_is_not_there_is_a_sentence(ducha: Shell, command: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    for name in ("nowhere.bpmn", "notes.txt", "empty", "*.bpmn"):
        code, said, told = ducha(command, tmp_path / name)
        assert (code, said) == (1, "")
        assert name in told
        assert "Traceback" not in told


# ---- deploy


def test_deploying_what_is_published_makes_no_version(ducha: Shell, office: Path, errand: Any) -> None:
    code, said, _ = ducha("deploy", office)
    assert (code, said) == (0, "errand: version 1, unchanged\n")
    assert len(versions(errand)) == 1


def test_a_dry_run_tells_differences_and_what_becomes_of_cases(ducha: Shell, office: Path, errand: Any) -> None:
    errand.issued()
    rewrite(office / "errand.bpmn", 'name="复核"', 'name="复查"')
    scenario(office, "新的")
    code, said, told = ducha("deploy", office, "--dry-run")
    assert code == 0
    assert "errand: version 2\n" in said
    assert "changed check name: 复核 -> 复查" in said
    assert "scenarios added or changed: 1" in said
    assert "running cases on other versions, which stay there: 0 not touched, 1 can be moved, 0 can't be moved" in said
    assert "Nothing was changed" in told
    (one,) = json.loads(ducha("deploy", office, "--dry-run", "--json")[1])
    assert (one["version"], one["running"]["movable"], one["changes"][0]["after"]) == (2, 1, "复查")
    assert len(versions(errand)) == 1
    with errand.sessions.read() as session:
        assert scenarios.of_process(session, errand.cast.admin, "errand") == []


def test_comment_and_author_are_kept(ducha: Shell, office: Path, errand: Any) -> None:
    with errand.sessions.begin() as session:
        accounts.create(session, "second", "二号", "correct horse battery", [("admin", None, None)])
    rewrite(office / "errand.bpmn", 'name="复核"', 'name="复查"')
    for somebody in ("officer", "nobody"):
        code, _, told = ducha("deploy", office, "--as", somebody)
        assert code == 1
        assert somebody in told
    assert ducha("deploy", office, "--as", "second", "--comment", "改名")[0] == 0
    assert versions(errand)[1:] == [(2, "改名", "second")]
    rewrite(office / "errand.bpmn", 'name="复查"', 'name="复核"')
    assert ducha("deploy", office)[1].startswith("errand: version 1, which was published before\n")
    with errand.sessions.read() as session:
        found = process_changes.history(session, errand.cast.admin, "errand")
    assert (found[0].what, found[0].comment) == ("again", "errand.bpmn")


def test_what_is_out_of_use_comes_back_into_use(ducha: Shell, office: Path, errand: Any) -> None:
    with errand.sessions.begin() as session:
        library.retire(session, errand.cast.admin, "errand", "", errand.moment)
    assert ducha("deploy", office)[1] == "errand: version 1, which was published before\n"
    with errand.sessions.read() as session:
        assert definitions.current(session, "errand")


def test_what_fails_needs_a_reason_here_too(ducha: Shell, office: Path, errand: Any) -> None:
    scenario(office, "不通过", verdict="fail")
    rewrite(office / "errand.bpmn", 'name="复核"', 'name="复查"')
    code, said, told = ducha("deploy", office)
    assert code == 1
    assert "不通过" in said
    assert "--reason" in told
    assert len(versions(errand)) == 1
    code, said, _ = ducha("deploy", office, "--reason", "以后再说")
    assert code == 0
    assert "although this fails: 不通过" in said
    with errand.sessions.read() as session:
        version = definitions.current(session, "errand")
        assert version
        found = process_changes.waiver_of(session, version.id)
        assert found == process_changes.Waiver("以后再说", ("不通过",))


def test_scenarios_of_files_replace_those_of_their_name(ducha: Shell, office: Path, errand: Any) -> None:
    scenario(office, "一", verdict="fail")
    assert "scenarios added or changed: 1" in ducha("deploy", office)[1]
    scenario(office, "一")
    scenario(office, "二")
    assert "scenarios added or changed: 2" in ducha("deploy", office)[1]
    assert ducha("deploy", office)[1] == "errand: version 1, unchanged\n"
    with errand.sessions.read() as session:
        found = scenarios.of_process(session, errand.cast.admin, "errand")
        assert [one.name for one in found] == ["一", "二"]
        assert scenarios.play_of(found[0]).script.acts[-1].data == {"verdict": "pass"}


def test_all_are_published_or_none_and_the_called_one_first(ducha: Shell, office: Path, errand: Any) -> None:
    caller = (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:ducha="https://ducha.example/bpmn" id="d" targetNamespace="x">'
        '<bpmn:process id="a_caller" name="a" isExecutable="true" ducha:starterGroups="officer">'
        '<bpmn:startEvent id="s"/><bpmn:callActivity id="c" calledElement="z_called"/><bpmn:endEvent id="e"/>'
        '<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="c"/>'
        '<bpmn:sequenceFlow id="f2" sourceRef="c" targetRef="e"/>'
        "</bpmn:process></bpmn:definitions>"
    )
    called = caller.replace("a_caller", "z_called").replace('<bpmn:callActivity id="c" calledElement="z_called"/>', "")
    called = called.replace('targetRef="c"/><bpmn:sequenceFlow id="f2" sourceRef="c" ', "")
    (office / "a_caller.bpmn").write_text(caller, "utf-8")
    (office / "z_called.bpmn").write_text(called, "utf-8")
    rewrite(office / "errand.bpmn", 'candidateGroups="chief,officer"', 'candidateGroups="chef"')
    code, said, told = ducha("deploy", office)
    assert code == 1
    assert f"{office}/errand.bpmn:" in said
    assert "Nothing was published." in told
    with errand.sessions.read() as session:
        assert definitions.current(session, "z_called") is None
    rewrite(office / "errand.bpmn", 'candidateGroups="chef"', 'candidateGroups="chief,officer"')
    code, said, _ = ducha("deploy", office)
    assert (code, [line.split(":")[0] for line in said.splitlines()]) == (0, ["errand", "z_called", "a_caller"])


def test_two_files_of_one_process_and_a_drawing_without_one(ducha: Shell, office: Path) -> None:
    (office / "copy.bpmn").write_bytes((office / "errand.bpmn").read_bytes())
    assert "are both the process “errand”" in ducha("deploy", office)[2]
    nothing = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x"/>'
    (office / "copy.bpmn").write_text(nothing)
    assert "no process that can be executed" in ducha("deploy", office / "copy.bpmn")[2]


# ---- simulate


def test_simulate_plays_folders_and_the_tests_of_tables(ducha: Shell, office: Path) -> None:
    scenario(office, "通过")
    code, said, _ = ducha("simulate", office)
    assert code == 0
    assert "通过: passes" in said
    scenario(office, "不通过", verdict="fail")
    code, said, _ = ducha("simulate", office, "--json")
    assert code == 1
    assert {one["scenario"]: one["passes"] for one in json.loads(said)} == {"通过": True, "不通过": False}
    table = (DECISIONS / "D2_urging.dmn").read_bytes()
    (office / "good.dmn").write_bytes(table)
    assert ducha("simulate", office / "good.dmn")[0] == 0
    late = {"paused": "false", "subordinate": "true", "days_late": "3", "overdue_count": "0"}
    (office / "bad.dmn").write_bytes(with_tests(table, [TableTest("迟三天", None, late, {"kind": '"nothing"'})]))
    code, said, _ = ducha("simulate", office / "bad.dmn")
    assert code == 1
    assert "0 of 1 tests end as expected" in said
    assert "迟三天" in said


def test_what_can_not_be_read_fails_and_the_others_are_taken(ducha: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a.bpmn").write_text("<")
    (folder / "b.dmn").write_text("<x/>")
    (folder / "c.bpmn").write_bytes((FOREIGN / "camunda.bpmn").read_bytes())
    code, said, _ = ducha("simulate", folder / "b.dmn", folder / "a.bpmn")
    assert code == 1
    assert [line.partition(": error: ")[0] for line in said.splitlines()] == [f"{folder}/b.dmn", f"{folder}/a.bpmn:1"]
    code, said, _ = ducha("import", folder / "a.bpmn", folder / "c.bpmn", "--folder", tmp_path / "new")
    assert code == 1
    assert f"{folder}/a.bpmn:1: error: " in said
    assert (tmp_path / "new" / "invoice_process.bpmn").is_file()


def test_simulate_says_which_file_is_wrong(ducha: Shell, office: Path) -> None:
    scenario(office, "x")
    (office / "scenarios" / "errand" / "y.json").write_text("{")
    code, _, told = ducha("simulate", office)
    assert code == 1
    assert f"{office}/scenarios/errand/y.json: The scenario can't be read as JSON." in told


def test_a_database_that_does_not_answer_is_a_sentence(ducha: Shell, office: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("DUCHA_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    code, said, told = ducha("deploy", office)
    assert (code, said) == (1, "")
    assert told.splitlines()[-1].startswith("ducha: The database does not answer (")


@pytest.mark.parametrize("command", ["check", "simulate", "deploy", "export", "import"])
def test_help_says_what_it_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert "Ends with 0 if all is well" in " ".join(capsys.readouterr().out.split())
