"""Formulas over frames, such as `1.02+0.02*sin(2*3.14*t/30)`: read as data, never run as code."""

import ast
import math
from collections.abc import Callable, Mapping

from exporters.errors import LichenError

LONGEST_TEXT = 500

OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.Mod: lambda left, right: left % right,
    ast.Pow: math.pow,
}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "ceil": math.ceil,
    "cos": math.cos,
    "exp": math.exp,
    "floor": math.floor,
    "log": math.log,
    "max": max,
    "min": min,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}
# The names that every formula may use beside its own.
CONSTANTS = {"pi": math.pi, "e": math.e}


class Formula:
    """One formula; calling it with the values of its names gives a finite number."""

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        """Read a formula that may use these names.

        Raises:
            LichenError: it is too long, or no formula; the sentence says where.
        """
        self.text = text.strip()
        if len(self.text) > LONGEST_TEXT:
            raise LichenError(
                f"a formula has {len(self.text)} characters; {LONGEST_TEXT} are the most."
            )
        try:
            self._tree = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            place = getattr(error, "offset", None) or 1
            raise LichenError(self._complaint("is no formula", place)) from None
        self._names = {*names, *CONSTANTS}
        self._check(self._tree)

    @property
    def is_number(self) -> bool:
        """Whether it is a plain number, which others may be interpolated with."""
        tree = self._tree.operand if isinstance(self._tree, ast.UnaryOp) else self._tree
        return isinstance(tree, ast.Constant)

    def __call__(self, values: Mapping[str, float]) -> float:
        """Its value. Raises LichenError where that is no finite number, as 1/0."""
        try:
            value = self._value(self._tree, {**CONSTANTS, **values})
        except (ArithmeticError, ValueError, TypeError, RecursionError):
            value = math.nan
        if not math.isfinite(value):
            told = ", ".join(f"{name} = {value:g}" for name, value in values.items())
            raise LichenError(f"the formula {self.text!r} has no finite value at {told}.")
        return value

    def _check(self, node: ast.expr) -> None:
        """Raise LichenError for anything but numbers, known names, operators and functions."""
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return
            case ast.Name(id=name) if name in self._names:
                return
            case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
                self._check(operand)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
                self._check(left)
                self._check(right)
            case ast.Call(func=ast.Name(id=name), args=[_, *_] as inputs, keywords=[]) if (
                name in FUNCTIONS
            ):
                for inner in inputs:
                    self._check(inner)
            case ast.Name(id=name):
                known = ", ".join(sorted(self._names))
                reason = f"uses {name!r}, which is not one of {known}"
                raise LichenError(self._complaint(reason, node.col_offset + 1))
            case _:
                known = ", ".join(sorted(FUNCTIONS))
                reason = f"may hold numbers, + - * / % **, and {known} alone, but does not"
                raise LichenError(self._complaint(reason, node.col_offset + 1))

    def _value(self, node: ast.expr, values: Mapping[str, float]) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name):
                return values[name]
            case ast.UnaryOp(op=operator, operand=operand):
                value = self._value(operand, values)
                return -value if isinstance(operator, ast.USub) else value
            case ast.BinOp(left=left, op=operator, right=right):
                return OPERATORS[type(operator)](
                    self._value(left, values), self._value(right, values)
                )
            case ast.Call(func=ast.Name(id=name), args=inputs):
                return float(FUNCTIONS[name](*(self._value(inner, values) for inner in inputs)))
        raise AssertionError("what was read is one of the above")

    def _complaint(self, reason: str, place: int) -> str:
        return f"the formula {self.text!r} {reason} (at character {place})."
