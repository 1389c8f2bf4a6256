"""Editing a process: checks, differences, impact on running cases, replay of finished ones, moving cases.

All of it with the shipped processes; the cases are rectifications (`benchmarks.office`).
"""

from __future__ import annotations

from benchmarks import changes, checks, databases, impacts, moves, office, replays, world
from workflows import deploy
from workflows.documents import PROCESSES

SIZES = (1_000, 10_000)
ENDED = 1_000


def measure() -> None:
    checks.measure_differences()
    for kind in databases.BOTH:
        with kind() as place, world.opened(place) as small:
            town = office.founded(place, small)
            checks.measure(place, small)
            office.play(town)
            moment = town.stage.moment
            office.fill_ended(small, ENDED)
            office.fill_running(small, SIZES[0])
            bundle = deploy.bundle_of(PROCESSES / f"{office.KEY}.bpmn")
            bundle = changes.repeated(changes.renamed(bundle, "approve_plan", "judge_plan"), "sign_order")
            draft = office.draft(small, bundle, moment)
            small.engine.dispose()
            with world.opened(place.copy()) as large:
                office.fill_running(large, SIZES[1])
                impacts.measure(place, dict(zip(SIZES, (small, large), strict=True)), draft, moment)
            replays.measure(place, small, ENDED)
            moves.measure(place, small, SIZES[0], moment)
