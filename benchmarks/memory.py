"""Memory of the serving process (`ducha serve`): at rest, and after 1,000 completions over HTTP."""

from __future__ import annotations

import time

import psutil

from benchmarks import databases, served, table, world

COMPLETIONS = 1_000
STEP = 250


def measure() -> None:
    rows = []
    for kind in databases.BOTH:
        with kind() as place, world.built(place) as one:
            task = world.start(one, world.officer(one), 0, "循环")
            with served.server(place) as server:
                officer = served.sign_in(server.address, world.OFFICER, world.PASSWORD)
                sizes = [_megabytes(server.pid)]
                begin = time.perf_counter()
                for number in range(1, COMPLETIONS + 1):
                    task = officer.complete(task, world.typed(f"key-{number}"))
                    if number % STEP == 0:
                        sizes.append(_megabytes(server.pid))
                each = (time.perf_counter() - begin) * 1000 / COMPLETIONS
            rows.append([place.name, *sizes, sizes[-1] - sizes[0], each])
    heads = [
        "database",
        "at rest MB",
        *(f"after {n:,}" for n in range(STEP, COMPLETIONS + 1, STEP)),
        "growth",
        "ms each",
    ]
    table.show("Memory of the serving process (resident set), completing over loopback", heads, rows)


def _megabytes(pid: int) -> float:
    """Of the process and its children."""
    process = psutil.Process(pid)
    return float(sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))) / 2**20
