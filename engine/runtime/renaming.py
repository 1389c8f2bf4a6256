"""What a token keeps, under the names of another definition: variables bear the ids of what stored them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.runtime.fitting import flow_into
from engine.runtime.nodes.base import Node
from engine.runtime.nodes.gateways import JoiningGateway
from engine.runtime.nodes.multi_instance import MultiInstance

if TYPE_CHECKING:
    from engine.runtime.token import Token


def rename(old: Token, target: Node, mapping: Mapping[str, str]) -> dict[str, Any]:
    """The facts of ``old`` for a token at ``target``."""
    facts: dict[str, Any] = dict(old.internal_data)
    if "vars" in facts:
        facts["vars"] = _variables(facts["vars"], mapping)
        _rename_item(facts["vars"], old, target)
    if isinstance(target, MultiInstance):
        facts |= _repeated(facts, mapping)
    if isinstance(target, JoiningGateway) and "via" in facts:
        facts["via"] = flow_into(old, target, mapping)
    return facts


def _variables(stored: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    found = _renamed(stored, mapping)
    if "performers" in stored:
        found["performers"] = _performers(stored["performers"], mapping)
    started_by = stored.get("started_by")
    if isinstance(started_by, str) and mapping.get(started_by):
        found["started_by"] = mapping[started_by]
    return found


def _renamed(stored: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    """What an element has stored under its own id outweighs what one that is now called so had stored."""
    moved = {mapping[name]: value for name, value in stored.items() if mapping.get(name, name) not in ("", name)}
    stays = {name: value for name, value in stored.items() if mapping.get(name, name) in ("", name)}
    return {**moved, **stays}


def _performers(kept: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    every = {f"{before}[]": f"{after}[]" for before, after in mapping.items() if after}
    return _renamed(kept, {**mapping, **every})


def _repeated(facts: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "who" in facts:
        found["who"] = _performers(facts["who"], mapping)
    if "results" in facts:
        found["results"] = {
            place: _renamed(result, mapping) if isinstance(result, dict) else result
            for place, result in facts["results"].items()
        }
    return found


def _rename_item(variables: dict[str, Any], old: Token, target: Node) -> None:
    """In an instance of a multi-instance activity: the item under the name that it has now."""
    if old.parent is None or not isinstance(old.parent.task_spec, MultiInstance):
        return
    before = old.parent.task_spec
    after = target._wf_spec.task_specs.get(target.scope)
    if isinstance(after, MultiInstance) and after.item_name and after.item_name != before.item_name:
        variables.pop(before.item_name, None)
        variables[after.item_name] = before.item(old.parent, old.internal_data["counter"])
