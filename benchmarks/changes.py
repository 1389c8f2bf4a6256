"""Changed documents to measure with: what an author might do to the shipped processes."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.publish import Bundle

REPEATED = """<bpmn:multiInstanceLoopCharacteristics isSequential="true">
        <bpmn:loopCardinality>1</bpmn:loopCardinality>
      </bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"""


def hurried(bundle: Bundle) -> Bundle:
    """Everything that is due some working days after it opens is due after one."""
    return replace(bundle, diagram=_again(bundle.diagram, r'ducha:due="wd\([^"]*\)"', 'ducha:due="wd(1)"'))


def renamed(bundle: Bundle, element: str, name: str) -> Bundle:
    """A user task has another id, in all formulas and for its form too, and everything is hurried."""
    form, other = (f"{_key(bundle)}/{one}" for one in (element, name))
    forms = {key if key != form else other: document for key, document in bundle.forms.items()}
    if other in forms:
        forms[other] = {**forms[other], "name": other}
    diagram = _again(bundle.diagram, rf"\b{element}\b", name)
    return hurried(replace(bundle, diagram=diagram, forms=forms))


def repeated(bundle: Bundle, element: str) -> Bundle:
    """A user task is done once for each of one: cases that stand there can't be moved."""
    task = rf'(<bpmn:userTask id="{element}".*?)</bpmn:userTask>'
    return replace(bundle, diagram=_again(bundle.diagram, task, rf"\g<1>{REPEATED}", re.DOTALL))


def redrawn(diagram: bytes) -> bytes:
    """Everything is hurried, every name has a sign more, and every tenth shape stands elsewhere."""
    text = _again(diagram, r'ducha:due="wd\([^"]*\)"', 'ducha:due="wd(1)"')
    text = _again(text, r'(<bpmn:userTask [^>]*?name="[^"]*)', r"\g<1>。")
    count = iter(range(10_000))

    def moved(found: re.Match[str]) -> str:
        return found[0] if next(count) % 10 else f'{found[1]}{float(found[2]) + 10:.0f}"'

    return re.sub(r'(<dc:Bounds x=")([\d.]+)"', moved, text.decode()).encode()


def _key(bundle: Bundle) -> str:
    found = re.search(r'<bpmn:process id="(\w+)"', bundle.diagram.decode())
    assert found
    return found[1]


def _again(diagram: bytes, pattern: str, text: str, flags: int = 0) -> bytes:
    changed, count = re.subn(pattern, text, diagram.decode(), flags=flags)
    assert count, f"{pattern} is not in the diagram"
    return changed.encode()
