"""Every kind of paper: a template that fits its sample, a layout, a series, processes that issue it, both files."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from bpmn.diagram import read_diagram
from forms.secrecy import marks
from workflows import serials
from workflows.documents import PROCESSES
from workflows.papers import docx, editions, pdf
from workflows.papers.kinds import PAPERS, SAMPLES, TEMPLATES
from workflows.papers.printed import sampled

LAYOUTS = {"official", "bulletin", "report", "slip"}


def sample_of(name):
    text = editions.preview(name, editions.shipped(name))
    return sampled(PAPERS[name], text, editions.sample(name)["paper"], date(2013, 4, 19))


def test_each_kind_has_its_template_and_sample_and_nothing_is_left_over():
    assert {file.stem for file in TEMPLATES.glob("*.html")} == set(PAPERS)
    assert {file.stem for file in SAMPLES.glob("*.json")} == set(PAPERS)


@pytest.mark.parametrize("name", PAPERS)
def test_the_row_of_a_kind_is_sound(name):
    kind = PAPERS[name]
    assert kind.layout in LAYOUTS
    assert kind.serial is None or kind.serial in {*serials.KINDS, *serials.ISSUES}
    assert kind.title
    assert kind.issuer
    assert kind.processes


@pytest.mark.parametrize("name", PAPERS)
def test_the_template_makes_a_text_of_the_sample(name):
    paper = sample_of(name)
    text = "".join(block.text for block in paper.blocks)
    assert paper.title
    assert text or any(block.rows for block in paper.blocks)
    assert not re.search(r"None|Undefined|\{\{|\}\}|<[a-z]", paper.title + text)
    assert not marks(paper.title + "\n" + text)


@pytest.mark.parametrize("name", PAPERS)
def test_a_kind_becomes_both_files(name, fonts):
    paper = sample_of(name)
    assert pdf.to_pdf(paper, fonts).startswith(b"%PDF-")
    document = Document(BytesIO(docx.to_docx(paper)))
    assert paper.title in "".join(one.text for one in document.paragraphs).replace("\n", "")


def test_the_processes_of_a_kind_issue_it():
    """Each kind that a shipped diagram names is known, and stands in the row of that kind."""
    named = set()
    for file in PROCESSES.glob("*.bpmn"):
        (process,) = read_diagram(file.read_bytes()).processes
        for element in process.elements.values():
            if element.attributes.get("service") in ("compile_paper", "issue_paper"):
                kinds = re.findall(r"'([a-z_]+)'", dict(element.inputs)["kind"])
                named |= {(process.key, kind) for kind in kinds if kind in PAPERS}
                assert any(kind in PAPERS for kind in kinds), (process.key, element.id)
    assert all(key in PAPERS[kind].processes for key, kind in named)


@pytest.mark.parametrize("name", PAPERS)
def test_each_kind_is_pictured_and_told_of(name):
    folder = Path("docs/papers")
    assert (folder / f"{name}.png").is_file(), "run docs/papers/render.py"
    assert f"| [`{name}`]({name}.png) | {PAPERS[name].title} |" in (folder / "README.md").read_text("utf-8")
