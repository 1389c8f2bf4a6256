"""What can be proven about conditions by their form alone."""

from __future__ import annotations

import ast
from collections.abc import Sequence

_OPPOSITES = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def may_be_true_or_false(tree: ast.expr) -> bool:
    """False only where the expression surely gives something else, such as a text or a sum."""
    if isinstance(tree, ast.Constant):
        return isinstance(tree.value, bool)
    if isinstance(tree, ast.UnaryOp):
        return isinstance(tree.op, ast.Not)
    return not isinstance(
        tree, ast.BinOp | ast.List | ast.Tuple | ast.Dict | ast.JoinedStr | ast.ListComp | ast.DictComp
    )


def are_exhaustive(conditions: Sequence[ast.expr]) -> bool:
    """True only where one of the conditions always holds: ``true``, or a condition and its opposite."""
    return any(_always(condition) for condition in conditions) or any(
        _opposite(one, other) for one in conditions for other in conditions
    )


def _always(condition: ast.expr) -> bool:
    return isinstance(condition, ast.Constant) and condition.value is True


def _opposite(one: ast.expr, other: ast.expr) -> bool:
    if isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.Not):
        return _same(one.operand, other)
    if isinstance(one, ast.Compare) and isinstance(other, ast.Compare) and len(one.ops) == len(other.ops) == 1:
        return (
            _OPPOSITES[type(one.ops[0])] is type(other.ops[0])
            and _same(one.left, other.left)
            and _same(one.comparators[0], other.comparators[0])
        )
    return False


def _same(one: ast.expr, other: ast.expr) -> bool:
    return ast.dump(one) == ast.dump(other)
