"""Where the subjects of a region are: its counties, weighted by inhabitants as far as these are published."""

from __future__ import annotations

from huiqi.reference.regions import children, region
from huiqi.screening.population.margins import value


def county_weights(code: str) -> dict[str, int]:
    """Return the counties of a region with weights that add up to about a thousand million."""
    return {place: weight for place, weight in _split(region(code).code, 1_000_000_000).items() if weight}


def _split(code: str, weight: int) -> dict[str, int]:
    below = children(code)
    if not below:
        return {code: weight}
    people = {each.code: _inhabitants(each.code) for each in below}
    counted = {place: number for place, number in people.items() if number}
    own = _inhabitants(code)
    left = [place for place in people if place not in counted]
    # Places without a published number share what is left of the region alike, or weigh as the others do on average.
    rest = (own or 0) - sum(counted.values())
    if left and rest <= 0:
        rest = sum(counted.values()) * len(left) // len(counted) if counted else len(left)
    for place in left:
        counted[place] = max(1, rest // len(left))
    total = sum(counted.values())
    found: dict[str, int] = {}
    for place in people:
        found.update(_split(place, weight * counted[place] // total))
    return found


def _inhabitants(code: str) -> int | None:
    number = value("inhabitants").get(int(code)) or value("county_bands").get(int(code))
    return None if number is None else int(number)
