"""An amount with its arithmetic in figures: 4200元 × 3个月 = 12,600.00元, claim by claim, then what a cap takes off."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from huiqi.policies.library import PolicyLibrary
from huiqi.reference.money import format_yuan_grouped
from huiqi.rules.judge import Claim
from huiqi.rules.measure import Measure
from huiqi.rules.render import Renderer
from huiqi.rules.situation import Situation
from huiqi.rules.typed import Arithmetic, Greatest, If, Least, Literal, Named, Typed, Whole

_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}
_MOST = 160


class Worked:
    """Works out amounts in figures for one subject."""

    def __init__(self, library: PolicyLibrary, measure: Measure, situation: Situation) -> None:
        self.evaluator = library.evaluator
        self.renderer: Renderer = library.renderer(measure)
        self.measure = measure
        self.s = situation

    def lines(self, claims: tuple[Claim, ...]) -> Iterator[str]:
        """Yield one line for each claim whose amount is known."""
        node = self.measure.amount
        for claim in claims:
            if node is None or claim.amount is None:
                continue
            self.s.record = claim.row
            try:
                figures = self._figures(node)
            finally:
                self.s.record = {}
            result = f"{format_yuan_grouped(claim.amount)}元"
            known = figures if any(sign in figures for sign in " ×÷+−者，") else ""
            yield f"{known} = {result}" if known and len(figures) <= _MOST else result

    def _figures(self, node: Typed, factor: bool = False) -> str:
        """Return a formula with the figures of this subject in place of its names."""
        if isinstance(node, Named) and not isinstance(node.body, Literal):
            return self._figures(node.body, factor)
        if isinstance(node, If):
            chosen = self.evaluator.value(node.condition, self.s)
            return self._figures(node.then if chosen is True else node.otherwise, factor)
        if isinstance(node, Arithmetic):
            inner = node.operator in "*/"
            left, right = (
                self._figures(node.left, inner),
                self._figures(node.right, inner or node.operator == "-"),
            )
            text = f"{left}{_SIGNS[node.operator]}{right}"
            return f"（{text}）" if factor and node.operator in "+-" else text
        if isinstance(node, (Least, Greatest)):
            word = "较小" if isinstance(node, Least) else "较大"
            parts = list(dict.fromkeys(self._figures(each) for each in node.of))
            return f"（{'与'.join(parts)}中{word}者）" if len(parts) > 1 else parts[0]
        if isinstance(node, Whole):
            return f"（{self._figures(node.of)}，取整为{self._value(node)}）"
        return self._value(node)

    def _value(self, node: Typed) -> str:
        value = self.evaluator.value(node, self.s)
        if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            return self.renderer.value(value, node.type.unit)
        return self.renderer.text(node) if value is None else self.renderer.value(value, node.type.unit)
