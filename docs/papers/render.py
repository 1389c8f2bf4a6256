"""Draws the first page of a sample of every kind of paper beside this file, and lists the kinds in README.md.

Run it from the root of the repository; names draw only those::

    .venv/bin/python docs/papers/render.py [kind ...]
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pypdfium2

from workflows.papers import editions, pdf
from workflows.papers.kinds import PAPERS
from workflows.papers.printed import sampled

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DAY = date(2013, 4, 19)
SCALE = 1.1
LAYOUTS = {"official": "red head", "bulletin": "masthead", "report": "report", "slip": "slip"}
BEGIN, END = "<!-- kinds -->", "<!-- end of kinds -->"
COLOURS = 32  # red and grey on white: a small file without loss that one could see


def draw(name: str) -> None:
    text = editions.preview(name, editions.shipped(name))
    paper = sampled(PAPERS[name], text, editions.sample(name)["paper"], DAY)
    with pypdfium2.PdfDocument(pdf.to_pdf(paper, ROOT / "var/fonts")) as document:
        picture = document[0].render(scale=SCALE).to_pil()
    picture.quantize(COLOURS).save(HERE / f"{name}.png", optimize=True)


def list_kinds() -> None:
    rows = ["| kind | title | layout | issued by process |", "|---|---|---|---|"]
    for kind in PAPERS.values():
        processes = ", ".join(f"`{key}`" for key in kind.processes)
        rows.append(f"| [`{kind.name}`]({kind.name}.png) | {kind.title} | {LAYOUTS[kind.layout]} | {processes} |")
    readme = HERE / "README.md"
    before, rest = readme.read_text("utf-8").split(BEGIN)
    readme.write_text(f"{before}{BEGIN}\n" + "\n".join(rows) + f"\n{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    list_kinds()
    for name in sys.argv[1:] or PAPERS:
        draw(name)
        print(f"{name} drawn")
