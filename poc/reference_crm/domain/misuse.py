"""Misuse: what people who are let in should not do, told from what the trail says they did."""

import tomllib
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

RULES_FILE = Path(__file__).parents[1] / "alerts.toml"
#: Acts by which somebody looks at one customer.
LOOKS = frozenset({"customer.read", "customer.overview", "customer.unmask"})
#: All acts that any rule asks for.
WATCHED = (*sorted(LOOKS), "customer.exported", "login.ok", "role.change", "access.denied")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: more than ``most`` within ``minutes`` fires; ``then`` is alert or stop. Moments of ``day`` as HH:MM."""

    name: str
    says: str
    most: int
    minutes: int
    then: str = "alert"
    tiers: tuple[str, ...] = ()
    day: tuple[str, str] = ("00:00", "24:00")
    days: int = 0

    @property
    def window(self) -> timedelta:
        """Return for how long an act counts."""
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One entry of the trail, with what is known of user and customer.

    ``branch`` and ``tier`` are those of the customer looked at, empty where there is none; ``home`` is the user's
    branch, empty for the whole bank; ``records`` is how many an export took along; ``leaves_on`` the user's last day.
    """

    at: datetime
    who: str
    action: str
    subject: str
    home: str = ""
    branch: str = ""
    tier: str = ""
    records: int = 0
    leaves_on: date | None = None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a rule found: who, when the last act was, and how much it was within the window."""

    rule: Rule
    who: str
    at: datetime
    count: int


def written(path: Path = RULES_FILE) -> dict[str, Rule]:
    """Return the rules as the bank's file has them."""
    return {name: rule(name, told) for name, told in tomllib.loads(path.read_text("utf-8")).items()}


def rule(name: str, told: Mapping[str, object]) -> Rule:
    """Return a rule of its settings."""
    return amended(Rule(name=name, says="", most=0, minutes=1), told)


def weight(one: Rule, deed: Deed, zone: ZoneInfo) -> tuple[str, int] | None:
    """Return what of a deed counts under a rule, and how much; None if nothing does. A subject counts once."""
    if one.name == "bulk-export":
        return ("", deed.records) if deed.records else None
    if one.name == "night-browsing":
        prominent = deed.action in LOOKS and deed.tier in one.tiers
        return (deed.subject, 1) if prominent and _at_night(one, deed.at, zone) else None
    if one.name == "foreign-customers":
        foreign = deed.action in LOOKS and deed.home and deed.branch not in ("", deed.home)
        return (deed.subject, 1) if foreign else None
    if one.name == "leavers-export":
        last = deed.leaves_on
        leaving = last is not None and deed.at.astimezone(zone).date() >= last - timedelta(days=one.days)
        return ("", 1) if leaving and deed.records else None
    if one.name == "conflicting-duties":
        return ("", 1) if deed.own else None
    return ("", 1) if one.name == "shared-account" and deed.action == "login.ok" else None


def _at_night(one: Rule, at: datetime, zone: ZoneInfo) -> bool:
    return not one.day[0] <= at.astimezone(zone).strftime("%H:%M") < one.day[1]


class Watch:
    """Counts deeds by rule and user over each rule's window; whoever fired a rule fires it again after the window."""

    def __init__(self, rules: Iterable[Rule], zone: ZoneInfo) -> None:
        """Begin with nothing seen."""
        self.rules = {one.name: one for one in rules}
        self._zone = zone
        self._seen: dict[tuple[str, str], deque[tuple[datetime, str, int]]] = {}
        self._fired: dict[tuple[str, str], datetime] = {}

    def rule_anew(self, rules: Iterable[Rule]) -> None:
        """Take over rules that were set; where one changed, counting begins anew."""
        for one in rules:
            if self.rules.get(one.name) != one:
                self.rules[one.name] = one
                for kept in (self._seen, self._fired):
                    for key in [key for key in kept if key[0] == one.name]:
                        del kept[key]

    def see(self, deed: Deed) -> list[Alarm]:
        """Count one deed and return what it fires."""
        return [alarm for one in self.rules.values() if (alarm := self._count(one, deed)) is not None]

    def _count(self, one: Rule, deed: Deed) -> Alarm | None:
        counted = weight(one, deed, self._zone)
        if counted is None:
            return None
        key = (one.name, deed.who)
        seen = self._seen.setdefault(key, deque())
        while seen and seen[0][0] <= deed.at - one.window:
            seen.popleft()
        if not (counted[0] and any(subject == counted[0] for _, subject, _ in seen)):
            seen.append((deed.at, *counted))
        total = sum(amount for _, _, amount in seen)
        fired = self._fired.get(key)
        if total <= one.most or (fired is not None and fired > deed.at - one.window):
            return None
        self._fired[key] = deed.at
        return Alarm(rule=one, who=deed.who, at=deed.at, count=total)


def amended(one: Rule, told: Mapping[str, object]) -> Rule:
    """Return a rule with some settings replaced."""
    return replace(one, **{key: tuple(value) if isinstance(value, list) else value for key, value in told.items()})  # type: ignore[arg-type]
