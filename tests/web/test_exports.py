"""Published processes as files, and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine import scenarios
from web import cli, exports
from web.bundles import OutsideFolder
from web.exports import NoSuchProcess
from workflows import deploy, simulation
from workflows.document_files import bundle_of


def finished(errand: Any) -> str:
    started = errand.issued()
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "好"})
    errand.complete(errand.cast.chief, errand.open_task(started.instance_id).id, {"verdict": "pass"})
    return str(started.instance_id)


def test_what_is_exported_can_be_deployed_and_played(errand: Any, errand_bundle: Any, tmp_path: Path) -> None:
    case = finished(errand)
    with errand.sessions.begin() as session:
        first = scenarios.record(session, errand.cast.admin, case, "一次/通过 ..", errand.moment)
        play = scenarios.play_of(first)
        other = replace(play, expected=replace(play.expected, avoids=("nothing",)))
        for one in (other, play):  # the same once more: of no use twice
            scenarios.add(session, errand.cast.admin, one, errand.moment)
    admin = errand.cast.admin
    with errand.sessions.read() as session:
        versions = exports.chosen(session, ["errand"])
        assert exports.chosen(session, []) == versions
        written = exports.write(session, admin, versions.values(), tmp_path)
    names = {str(path.relative_to(tmp_path)) for path in written}
    assert {"errand.bpmn", "forms/errand/check.json"} < names
    assert {"scenarios/errand/一次-通过.json", "scenarios/errand/一次-通过-2.json"} < names
    assert bundle_of(tmp_path / "errand.bpmn") == errand_bundle
    _, played = simulation.play(tmp_path / "errand.bpmn", (), errand.moment)
    assert len(played) == 2
    assert not any(one.problems for one in played)


def test_what_is_not_published_is_a_sentence(errand: Any, tmp_path: Path) -> None:
    with errand.sessions.read() as session:
        with pytest.raises(NoSuchProcess):
            exports.chosen(session, ["chore"])
        (tmp_path / "inner").mkdir()
        (tmp_path / "inner" / "forms").symlink_to(tmp_path)  # leads out of the folder
        with pytest.raises(OutsideFolder):
            exports.write(session, errand.cast.admin, exports.chosen(session, []).values(), tmp_path / "inner")
    assert list(tmp_path.rglob("*.json")) == []


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DUCHA_DATABASE_URL", f"sqlite:///{tmp_path}/ducha.db")
    monkeypatch.setenv("DUCHA_CLOCK", "2013-05-06T09:30")
    path = next(one for one in deploy.shipped() if one.stem == "rectification")
    assert cli.main(["simulate", str(path)]) == 0
    assert "started" in capsys.readouterr().out
    assert cli.main(["simulate", str(tmp_path / "nothing.bpmn")]) == 1
    assert "nothing.bpmn" in capsys.readouterr().err
    assert cli.main(["export", "errand", "--folder", str(tmp_path)]) == 1
    assert "errand" in capsys.readouterr().err
    assert cli.main(["export", "--folder", str(tmp_path)]) == 0
