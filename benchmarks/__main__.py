"""`python -m benchmarks [NAME ...]`: all measurements, or those that are named."""

from __future__ import annotations

import platform
import sys

from benchmarks import campaign, completion, editing, inbox, memory, modeler, papers, runtime

MEASUREMENTS = {
    "runtime": runtime.measure,
    "completion": completion.measure,
    "inbox": inbox.measure,
    "memory": memory.measure,
    "campaign": campaign.measure,
    "papers": papers.measure,
    "editing": editing.measure,
    "modeler": modeler.measure,
}


def main(names: list[str]) -> None:
    unknown = set(names) - set(MEASUREMENTS)
    if unknown:
        sys.exit(f"There is no measurement {', '.join(sorted(unknown))}. There are: {', '.join(MEASUREMENTS)}.")
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    for name in names or MEASUREMENTS:
        MEASUREMENTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
