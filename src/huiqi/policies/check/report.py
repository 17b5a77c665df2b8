"""What a check found: errors, information, and the mutation score of each rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from huiqi.findings import Finding
from huiqi.rules.positions import Position


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """How many mutants of one rule its examples notice; `unnoticed` names those that none does."""

    file: str
    id: str
    region: str
    mutants: int
    noticed: int
    equivalent: int
    unnoticed: tuple[str, ...]

    def as_json(self) -> dict[str, str | int | list[str]]:
        """Return the score for programs."""
        return {
            "file": self.file,
            "id": self.id,
            "region": self.region,
            "mutants": self.mutants,
            "noticed": self.noticed,
            "equivalent": self.equivalent,
            "unnoticed": list(self.unnoticed),
        }


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of one document is encoded: its sentences, the benefit sentences, those that no measure cites."""

    document: str
    sentences: int
    benefits: int
    unencoded: int

    def as_json(self) -> dict[str, str | int]:
        """Return the counts for programs."""
        return {
            "document": self.document,
            "sentences": self.sentences,
            "benefits": self.benefits,
            "unencoded": self.unencoded,
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The whole check: `rules` and `examples` are how many were checked.

    `covered` holds the documents whose texts were at hand, when the whole folder was checked.
    """

    errors: tuple[Finding, ...] = ()
    information: tuple[Finding, ...] = ()
    scores: tuple[Score, ...] = ()
    rules: int = 0
    examples: int = 0
    covered: tuple[Covered, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors

    def with_findings(self, errors: Iterable[Finding], information: Iterable[Finding]) -> CheckReport:
        """Return the report with the findings of another check."""
        return replace(self, errors=(*self.errors, *errors), information=(*self.information, *information))

    def as_json(self) -> dict[str, object]:
        """Return the report for programs."""
        return {
            "sound": self.sound,
            "rules": self.rules,
            "examples": self.examples,
            "errors": [each.as_json() for each in self.errors],
            "information": [each.as_json() for each in self.information],
            "scores": [each.as_json() for each in self.scores],
            "coverage": [each.as_json() for each in self.covered],
        }


@dataclass(slots=True)
class Notes:
    """Findings being collected, each once."""

    errors: dict[Finding, None] = field(default_factory=dict)
    information: dict[Finding, None] = field(default_factory=dict)

    def error(self, at: Position, cell: str, code: str, what: str, why: str = "", mend: str = "") -> None:
        """Note something wrong."""
        self.errors[Finding(at.file, at.line, cell, code, what, why, mend)] = None

    def tell(self, at: Position, cell: str, code: str, what: str, why: str = "", mend: str = "") -> None:
        """Note something worth knowing."""
        self.information[Finding(at.file, at.line, cell, code, what, why, mend)] = None
