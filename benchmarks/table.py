"""A small table on the terminal that is also Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def show(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers are aligned to the right, floats get three significant digits."""
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max(len(line[place]) for line in [list(heads), *texts]) for place in range(len(heads))]
    print(f"\n### {title}\n")
    print(_line(heads, widths))
    print("|" + "|".join("-" * (width + 1) + (":" if place else "-") for place, width in enumerate(widths)) + "|")
    for line in texts:
        print(_line(line, widths), flush=True)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "| " + " | ".join([first[0].ljust(first[1])] + [cell.rjust(width) for cell, width in rest]) + " |"


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
