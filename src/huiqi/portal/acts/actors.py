"""Who acts, in which capacity, and whether that capacity reaches a subject."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a row belongs: its region, the agency that handles it, the firm it is about, the person whose own it is.

    None where it has none.
    """

    region: str | None = None
    agency: str | None = None
    firm: int | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """One capacity of an actor: a role at an agency with its area, or a member of a firm.

    `acts` and `pages` are what the role allows (data in accounts/roles.yaml). `areas` are prefixes of region
    codes, "" for the whole country. `own_agency_only` limits the role to rows that its agency handles;
    `firms` limits it to these firms, `person` to that person's own rows. `principal` is whom a substitute stands in for.
    """

    role: str
    title: str
    acts: frozenset[str]
    pages: frozenset[str]
    agency: str = ""
    areas: tuple[str, ...] = ()
    own_agency_only: bool = False
    firms: frozenset[int] | None = None
    person: str | None = None
    principal: str = ""

    def reaches(self, scope: Scope) -> bool:
        """Whether rows of this scope are the capacity's business. A row of no known place is nobody's."""
        if self.person is not None:
            return scope.person == self.person
        if self.firms is not None:
            return scope.firm is not None and scope.firm in self.firms
        if scope.region is None or not any(scope.region.startswith(area) for area in self.areas):
            return False
        return not self.own_agency_only or scope.agency == self.agency

    @property
    def mark(self) -> str:
        """How an event names it: role@agency, and `for` whom where it is a substitute."""
        place = f"{self.role}@{self.agency}" if self.agency else self.role
        return f"{place} for {self.principal}" if self.principal else place


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or a job: `id` is user:12, job:deadlines.

    Who acts by a token acts as the token's owner, so that incompatible acts are told apart by person; `token` is its
    number and stands in the events.
    """

    id: str
    name: str
    capacities: tuple[Capacity, ...] = field(default=())
    via: str = "page"
    token: int | None = None

    def allowed(self, act: str) -> tuple[Capacity, ...]:
        """The capacities whose role holds this act."""
        return tuple(each for each in self.capacities if act in each.acts)

    def may_see(self, page: str) -> bool:
        """Whether any capacity opens this page."""
        return any(page in each.pages for each in self.capacities)
