"""Draws the first page of a sample of every kind of paper beside this file.

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
COLOURS = 32  # red and grey on white: a small file without loss that one could see


def draw(name: str) -> None:
    text = editions.preview(name, editions.shipped(name))
    paper = sampled(PAPERS[name], text, editions.sample(name)["paper"], DAY)
    with pypdfium2.PdfDocument(pdf.to_pdf(paper, ROOT / "var/fonts")) as document:
        picture = document[0].render(scale=SCALE).to_pil()
    picture.quantize(COLOURS).save(HERE / f"{name}.png", optimize=True)


if __name__ == "__main__":
    for name in sys.argv[1:] or PAPERS:
        draw(name)
        print(f"{name} drawn")
