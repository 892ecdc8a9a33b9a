"""Plan: who stands where among the next hundred customers: families, second files, states, founders.

A hundred is planned at once from its own seed, so every hundred shows each make in its proper share, and no plan
depends on how many hundreds follow. All links point backwards: a customer is tied only to customers who came before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from synthetic_data.draws import Draws
from synthetic_data.profile import Profile, ProfileError

SIZE = 100

#: The parts of each make of family, in the order in which they join the bank.
MAKES: Mapping[str, tuple[str, ...]] = {
    "couple": ("head", "spouse"),
    "couple_child": ("head", "spouse", "child"),
    "couple_two": ("head", "spouse", "child", "child"),
    "divorced": ("head", "ex_spouse", "child"),
    "overlap": ("head", "spouse", "heir", "heir_spouse"),
    "trust": ("settlor", "trustee", "beneficiary"),
    "twins": ("head", "twin", "twin"),
    "father_son": ("father", "son"),
    "namesakes": ("namesake", "namesake"),
}

#: Parts whose bearers are adults and no traps: they may have a second file, found a company or own part of one.
PLAIN = ("single", "head", "spouse", "ex_spouse", "heir", "heir_spouse", "settlor", "trustee")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A customer's place in the bank before there is a person in it; places are counted from 0."""

    index: int
    part: str = "single"
    family: str = ""
    kin: tuple[int, ...] = ()  # places of those of the family who came before
    language: str = "zh"
    state: str = "active"  # active | dormant | deceased | closed_recently | closed_long_ago
    legal_hold: bool = False
    copies: int | None = None  # place of the person whose second file this is
    defect: str = ""  # what differs in the second file
    founds: bool = False  # founds a company
    company_owner: int | None = None  # founder of an earlier company that owns part of the new one
    owns_part_of: int | None = None  # founder of an earlier company that this customer owns part of

    @property
    def gone(self) -> bool:
        """Whether the customer has closed everything or has died."""
        return self.state not in ("active", "dormant")


def plan(seed: int, profile: Profile, block: int) -> tuple[Place, ...]:
    """The places of the hundred customers from ``100 * block`` on."""
    draws = Draws(seed, "plan", block)
    places = _families(draws, profile, block * SIZE)
    places = _states(draws, profile, places)
    places = _second_files(draws, profile, places)
    return tuple(_founders(draws, profile, places))


def _families(draws: Draws, profile: Profile, first: int) -> list[Place]:
    """Places in a shuffled order in which each family's parts keep theirs; second files are kept free for later."""
    makes = [make for make in MAKES for _ in range(draws.rounded(getattr(profile.families, make).value))]
    copies = [kind for kind in _kinds() for _ in range(draws.rounded(getattr(profile.duplicates, kind).value))]
    taken = sum(len(MAKES[make]) for make in makes) + len(copies)
    if taken > SIZE:
        raise ProfileError(f"profile: families and duplicates take {taken} of {SIZE} customers; lower their values")
    seats = [family for family, make in enumerate(makes) for _ in MAKES[make]] + [-1] * (SIZE - taken)
    order: list[int | str] = [*draws.shuffled(seats)]
    for kind in copies:
        order.insert(draws.whole(min(20, len(order)), len(order)), kind)
    tongues = ["en" if draws.chance(profile.rates.english.value) else "zh" for _ in makes]
    return _seated(draws, profile, order, makes, tongues, first)


def _seated(
    draws: Draws, profile: Profile, order: list[int | str], makes: list[str], tongues: list[str], first: int
) -> list[Place]:
    kin: dict[int, tuple[int, ...]] = dict.fromkeys(range(len(makes)), ())
    places = []
    for index, seat in enumerate(order, first):
        if isinstance(seat, str):
            places.append(Place(index=index, part="copy", defect=seat))
        elif seat < 0:
            language = "en" if draws.chance(profile.rates.english.value) else "zh"
            places.append(Place(index=index, language=language))
        else:
            make, before = makes[seat], kin[seat]
            part = MAKES[make][len(before)]
            places.append(Place(index=index, part=part, family=make, kin=before, language=tongues[seat]))
            kin[seat] = (*before, index)
    return places


def _kinds() -> tuple[str, ...]:
    return ("typo", "script", "mobile", "old_id", "order", "moved")


def _states(draws: Draws, profile: Profile, places: list[Place]) -> list[Place]:
    """States are given to customers without family, so that a household's money stays that of living customers."""
    states = ("closed_recently", "closed_long_ago", "dormant", "deceased")
    wanted = [s for s in states for _ in range(draws.rounded(getattr(profile.states, s).value))]
    singles = draws.shuffled(at for at, place in enumerate(places) if place.part == "single")
    for at, state in zip(singles, wanted, strict=False):
        hold = state.startswith("closed") and draws.chance(profile.rates.legal_hold.value)
        places[at] = replace(places[at], state=state, legal_hold=hold)
    return places


def _second_files(draws: Draws, profile: Profile, places: list[Place]) -> list[Place]:
    """Each second file is of another person, who came before; without one, the place goes to a newcomer."""
    free = {p.index: p for p in places if p.part in PLAIN and p.state == "active"}
    for at, place in enumerate(places):
        if place.part != "copy":
            continue
        fit = [p for p in free.values() if p.index < place.index and (p.language == "zh" or place.defect != "script")]
        if fit:
            own = draws.one(fit)
            del free[own.index]
            places[at] = replace(place, copies=own.index, language=own.language)
        else:
            places[at] = Place(index=place.index)
    return places


def _founders(draws: Draws, profile: Profile, places: list[Place]) -> list[Place]:
    able = sorted(draws.shuffled(at for at, p in enumerate(places) if p.part in PLAIN and p.state == "active"))
    chosen = sorted(draws.shuffled(able)[: draws.rounded(profile.companies.per_hundred.value)])
    for before, at in zip([None, *chosen], chosen, strict=False):
        held = before is not None and draws.chance(profile.companies.held_by_company.value)
        places[at] = replace(
            places[at], founds=True, company_owner=places[before].index if before is not None and held else None
        )
        later = [
            other
            for other in able
            if other > at and not places[other].founds and other not in chosen and places[other].owns_part_of is None
        ]
        if later and draws.chance(profile.companies.co_owner.value):
            other = draws.one(later)
            places[other] = replace(places[other], owns_part_of=places[at].index)
    return places
