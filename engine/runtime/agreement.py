"""When several people have decided together: all, one, a share, by weight, in order; and whose refusal is a veto."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bpmn.expressions import Expression

Kind = Literal["all", "any", "ratio", "weight", "in_order"]
OnReturn = Literal["cancel_others", "let_finish"]
_ROUNDING = 1e-9  # so that two of three are 2/3, and 0.1 + 0.2 of 0.3 are all


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the answers of a multi-instance activity count; the expressions see the variables of the one who answered.

    ``approves``: whether an answer approves (without: whoever has done it approves). ``veto``: whether his refusal
    decides alone. ``on_return``: whether the others are called off, or go on, when it is refused.
    """

    kind: Kind
    ratio: Expression | None = None
    weight: Expression | None = None
    approves: Expression | None = None
    veto: Expression | None = None
    on_return: OnReturn = "cancel_others"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``agreed`` is None as long as it is open. ``share`` is what has approved, of all, by weight (0 to 1)."""

    agreed: bool | None
    approved: int
    refused: int
    asked: int
    share: float
    vetoed: bool

    def told(self) -> dict[str, Any]:
        """As diagrams see it; what is open at the end was not agreed to."""
        return {
            "agreed": bool(self.agreed),
            "approved": self.approved,
            "refused": self.refused,
            "asked": self.asked,
            "share": self.share,
            "vetoed": self.vetoed,
        }


def judge(kind: Kind, needed: float, weights: Sequence[float], votes: Mapping[int, str]) -> Verdict:
    """``weights``: one for each that is asked; ``votes``: by place, ``yes``, ``no``, ``veto``, or ``none`` for one who
    was passed over and so counts as if he had not been asked.  Nobody asked: not agreed.
    """
    counted = {place: vote for place, vote in votes.items() if vote != "none"}
    left_out = sum(weights[place] for place in votes if place not in counted)
    whole = sum(weights) - left_out
    yes = sum(weights[place] for place, vote in counted.items() if vote == "yes")
    no = sum(weights[place] for place, vote in counted.items() if vote != "yes")
    vetoed = "veto" in counted.values()
    approved = sum(vote == "yes" for vote in counted.values())
    asked = len(weights) - len(votes) + len(counted)
    share = round(yes / whole, 6) if whole > 0 else 0.0
    wanted = 2 * _ROUNDING if kind == "any" else whole if kind in ("all", "in_order") else needed * whole
    agreed: bool | None = None
    if vetoed or whole <= 0 or whole - no < wanted - _ROUNDING:
        agreed = False
    elif yes >= wanted - _ROUNDING and yes > 0:
        agreed = True
    return Verdict(agreed, approved, len(counted) - approved, asked, share, vetoed)
