"""Papers: compiling a text, rendering it as .docx and PDF, and what memory that takes.

The floor is a paper of one page: what a file costs whatever stands in it.  Aims: fifty pages cost less than ten times
as much as one, and memory stays where it is after many papers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter

import psutil

from benchmarks import clock, table
from workflows.papers import docx, editions, pdf
from workflows.papers.blocks import blocks_of
from workflows.papers.kinds import PAPERS
from workflows.papers.printed import Printed, sampled
from workflows.papers.text import text_of

FONTS = Path("var/fonts")
KIND = "notice"
DAY = date(2013, 4, 19)
PAGES = (1, 10, 50)
A_PAGE = "<p>" + "督查各区县和牵头单位的工作进度，协调解决重大问题。" * 24 + "</p>"
MANY = 500


def measure() -> None:
    template, data = editions.shipped(KIND), editions.sample(KIND)["data"]
    paper = sampled(PAPERS[KIND], editions.preview(KIND, template), editions.sample(KIND)["paper"], DAY)
    sized = {pages: replace(paper, blocks=blocks_of(A_PAGE * pages)) for pages in PAGES}
    begun = perf_counter()
    pdf.to_pdf(sized[1], FONTS)
    first = (perf_counter() - begun) * 1000
    memory = _memory(sized[1])  # before the timing, which puts off the collection of what is left behind
    calls: dict[str, Callable[[], object]] = {"compile": lambda: text_of(template, data)}
    for pages, one in sized.items():
        calls[f"docx {pages}"] = _docx(one)
        calls[f"pdf {pages}"] = _pdf(one)
    cost = clock.medians(calls, rounds=20)
    rows: list[list[object]] = [["compiling a notice", cost["compile"], cost["compile"] / cost["pdf 1"]]]
    for kind in ("docx", "pdf"):
        rows += [
            [f"{kind}, {pages} pages", cost[f"{kind} {pages}"], cost[f"{kind} {pages}"] / cost[f"{kind} 1"]]
            for pages in PAGES
        ]
    rows.append(["pdf, the first of a process (fonts are looked for)", first, first / cost["pdf 1"]])
    table.show("Papers", ["", "ms", "ratio"], rows)
    table.show("Memory over many papers", ["", "MB"], memory)


def _docx(paper: Printed) -> Callable[[], object]:
    return lambda: docx.to_docx(paper)


def _pdf(paper: Printed) -> Callable[[], object]:
    """Each time another text: nothing can be taken from what was set before."""
    count = iter(range(1_000_000))
    return lambda: pdf.to_pdf(replace(paper, number=f"督字〔2013〕{next(count)}号"), FONTS)


def _memory(paper: Printed) -> list[list[object]]:
    set_one, found = _pdf(paper), []
    for done in (0, MANY // 10, MANY):
        for _ in range(done):
            set_one()
        found.append([f"after {done + 1}", psutil.Process().memory_info().rss / 2**20])
    return found
