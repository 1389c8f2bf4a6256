"""Timing: medians of many short calls, taken in turn, so that a slow minute of the machine touches all alike; and how
long a call takes on the clock and in computing, which a busy machine hardly changes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Time:
    """Milliseconds: on the clock, and of this thread's computing."""

    elapsed: float
    computing: float


def timed(call: Callable[[], T]) -> tuple[T, Time]:
    """What the call returns, and how long it took."""
    elapsed, computing = time.perf_counter(), time.thread_time()
    result = call()
    return result, Time((time.perf_counter() - elapsed) * 1000, (time.thread_time() - computing) * 1000)


def medians(calls: Mapping[K, Callable[[], object]], rounds: int) -> dict[K, float]:
    """Milliseconds of each call: the median of ``rounds``, the calls taking turns."""
    taken: dict[K, list[float]] = {key: [] for key in calls}
    for call in calls.values():
        call()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for key, call in calls.items():
                begin = time.perf_counter()
                call()
                taken[key].append((time.perf_counter() - begin) * 1000)
    finally:
        gc.enable()
    return {key: median(values) for key, values in taken.items()}
