"""The command, as it is typed: each word of it in a process of its own, on an empty folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from web import cli
from workflows import deploy
from workflows.document_files import bundle_of
from workflows.documents import PROCESSES

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "web.cli"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUCHA_")}
    return kept | {
        "DUCHA_DATABASE_URL": f"sqlite:///{tmp_path}/ducha.db",
        "DUCHA_SECRET_FILE": f"{tmp_path}/secret",
        "DUCHA_ATTACHMENTS": f"{tmp_path}/attachments",
        "PYTHONPATH": str(ROOT),
    }


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
def test_serve_demo_says_what_it_does_and_serves(environment: dict[str, str]) -> None:
    server = subprocess.Popen(
        [*COMMAND, "serve", "--demo", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert server.wait(timeout=60) == 2, "0 is no port"
    assert server.stdout
    server.stdout.close()
    port = _free_port()
    server = subprocess.Popen(
        [*COMMAND, "serve", "--demo", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    said = []
    for line in server.stdout:
        said.append(line)
        if "serves at" in line:
            break
    words = "".join(said)
    assert "Opening the database" in words
    assert "Playing the demo cases" in words
    assert "ducha-demo-2013" in words
    assert re.search(r"air-officer-01 +大气组督查员01", words)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        assert answer.status == 200
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/login") as answer:
        assert "2013-09-17" in answer.read().decode(), "the page says which day the demonstration has"
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0
    assert "Stopping" in server.stdout.read()
    server.stdout.close()


def test_a_bad_setting_ends_the_start_with_a_sentence(environment: dict[str, str]) -> None:
    ended = run(environment | {"DUCHA_PORT": "no"}, "serve")
    assert ended.returncode == 1
    assert ended.stderr == "ducha: A setting is wrong: DUCHA_PORT=no. Allowed: 1 to 65535.\n"


def test_migrate_can_be_repeated(environment: dict[str, str]) -> None:
    for _ in range(2):
        ended = run(environment, "migrate")
        assert ended.returncode == 0, ended.stderr
        assert "SQLite" in ended.stdout


def test_check_lists_problems_with_their_place(environment: dict[str, str], tmp_path: Path) -> None:
    good = run(environment, "check", *map(str, deploy.shipped()))
    assert good.returncode == 0, good.stdout
    bad = tmp_path / "bad.bpmn"
    bad.write_text(
        (PROCESSES / "rectification.bpmn").read_text("utf-8").replace('ducha:decision="D4', 'ducha:decision="D99'),
        "utf-8",
    )
    ended = run(environment, "check", str(bad))
    assert ended.returncode == 1
    assert re.search(r"bad\.bpmn:\d+: error: deadline_rule: ", ended.stdout)


def test_a_foreign_diagram_is_brought_in_with_its_forms(environment: dict[str, str], tmp_path: Path) -> None:
    foreign = str(ROOT / "tests" / "bpmn" / "foreign_diagrams" / "camunda.bpmn")
    ended = run(environment, "import", foreign, "--folder", str(tmp_path / "new"))
    assert ended.returncode == 0, ended.stderr
    assert "Camunda 7, 1 forms" in ended.stdout
    assert "taskListener" in ended.stdout
    bundle = bundle_of(tmp_path / "new" / "invoice_process.bpmn")
    assert set(bundle.forms) == {"invoice_process/approve_invoice"}
    again = run(environment, "import", foreign, "--folder", str(tmp_path / "new"))
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_deploy_needs_an_administrator(environment: dict[str, str]) -> None:
    ended = run(environment, "deploy", str(deploy.shipped()[0]))
    assert ended.returncode == 1
    assert "There is no account with the role admin" in ended.stderr


def test_who_has_seen_enough_of_it_may_close_the_pipe(environment: dict[str, str]) -> None:
    command = subprocess.Popen(
        [*COMMAND, "simulate", *map(str, deploy.shipped())],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stdout
    assert command.stderr
    command.stdout.close()
    assert command.wait(timeout=120) == 1
    assert command.stderr.read() == ""
    command.stderr.close()


def test_a_missing_file_is_a_sentence_too(environment: dict[str, str]) -> None:
    ended = run(environment, "check", "nowhere.bpmn")
    assert ended.returncode == 1
    assert "nowhere.bpmn" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("setting", [{"DUCHA_CLOCK": "2013-09-17T09:00"}, {"DUCHA_DEMO": "yes"}])
def test_a_clock_that_was_set_is_of_one_process(environment: dict[str, str], setting: dict[str, str]) -> None:
    ended = run(environment | setting, "worker")
    assert ended.returncode == 1
    assert "runs in one process only" in ended.stderr


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    words = capsys.readouterr().out
    for name in ("serve", "worker", "migrate", "demo", "check", "deploy", "import", "catalogues"):
        assert name in words


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.slow
def test_a_taken_port_is_said_in_a_sentence(environment: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run(environment, "serve", "--port", port)
    assert done.returncode == 1
    assert f"port {port} already" in done.stderr
    assert "Traceback" not in done.stderr
    assert "worker" not in done.stdout
