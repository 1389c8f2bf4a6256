"""Timing: medians of many short calls, taken in turn, so that a slow minute of the machine touches all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Hashable, Mapping
from statistics import median
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


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
