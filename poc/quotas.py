"""Quotas: a day of a bank of some profile against a vendor's published quotas, told and drawn in both languages."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from loadtests.contracts.day import habits, visits
from loadtests.contracts.published import Contract
from loadtests.contracts.stalls import STRETCH, Screen, Told, simulate, wanted
from poc.words import Words
from synthetic_data.profile import load_profile

#: Measures of the picture.
_LEFT, _TOP, _CELL, _ROW = 190, 44, 18, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaDay:
    """A contract, the kind of day, heads by kind, and what came of it; ``wanted`` goes with the contract's limits."""

    contract: Contract
    kind: str
    heads: Mapping[str, int]
    licences: int
    packs: int
    told: Told
    wanted: tuple[int, ...]

    @property
    def stalling(self) -> tuple[Screen, ...]:
        """Return the screens that stall, those first that do so first."""
        found = [one for one in self.told.screens if one.stalled]
        return tuple(sorted(found, key=lambda one: (one.first or 0, one.role, one.screen)))


def staffed(profile: str, customers: int, branches: int | None = None) -> dict[str, int]:
    """Return how many heads of each kind a bank of a profile has; raises ProfileError."""
    known = load_profile(profile)
    each = int(known.branches.value) if branches is None else branches
    staff = known.staff
    return {
        "teller": each * int(staff.teller.value),
        "rm": each * int(staff.rm.value),
        "manager": each * int(staff.manager.value),
        "agent": int(staff.agent.value),
        "customer": customers,
    }


def quota_day(
    contract: Contract,
    heads: Mapping[str, int],
    kind: str,
    *,
    licences: int | None = None,
    packs: int = 1,
    accounts: int = 1,
) -> QuotaDay:
    """Play a day; ``licences`` are as many as there are employees if not named. Raises ContractError."""
    kept = habits()
    seats = sum(count for name, count in heads.items() if name != "customer") if licences is None else licences
    came = list(visits(kept, heads, kind, accounts=accounts))
    return QuotaDay(
        contract=contract,
        kind=kind,
        heads=heads,
        licences=seats,
        packs=packs,
        told=simulate(came, contract.limits, licences=seats, packs=packs),
        wanted=wanted(came, contract.limits),
    )


def sentences(day: QuotaDay, say: Words) -> list[str]:
    """Return what is to be known of a day, the verdict first."""
    heads = sum(count for name, count in day.heads.items() if name != "customer")
    told = [
        say(
            "quota.title",
            contract=day.contract.title,
            day=say(f"quota.kind_{day.kind}"),
            heads=f"{heads:,}",
            customers=f"{day.heads['customer']:,}",
        )
    ]
    if day.stalling:
        opened, stalled = (sum(getattr(one, name) for one in day.told.screens) for name in ("opened", "stalled"))
        first = clock(min(one.first for one in day.stalling if one.first is not None))
        told.append(say("quota.stalls", first=first, stalled=f"{stalled:,}", opened=f"{opened:,}"))
        told += _remedies(day, say)
    else:
        told.append(say("quota.fine", asked=f"{day.told.asked:,}"))
    told.append(say("quota.least"))
    told.append(say("quota.source", source=day.contract.source, read=day.contract.read.isoformat()))
    return told


def _remedies(day: QuotaDay, say: Words) -> list[str]:
    """Return what would have to be bought where more can be bought at all."""
    found = []
    for limit, most, held in zip(day.contract.limits, day.wanted, day.told.held, strict=True):
        short = most - limit.requests
        if held.calls and limit.pack:
            found.append(say("quota.packs", packs=math.ceil((short - day.licences * limit.licence) / limit.pack)))
        elif held.calls and limit.licence:
            found.append(say("quota.licences", licences=f"{math.ceil(short / limit.licence):,}"))
    return found


def screen_rows(day: QuotaDay, say: Words) -> list[dict[str, object]]:
    """Return the screens that stall, as rows of a table."""
    return [
        {
            say("quota.role"): say(f"quota.roles.{one.role}"),
            say("quota.screen"): say(f"quota.names.{one.screen}"),
            say("quota.opened"): one.opened,
            say("quota.stalled"): one.stalled,
            say("quota.given_up"): one.given_up,
            say("quota.first"): say("quota.none") if one.first is None else clock(one.first),
            say("quota.worst"): say("quota.seconds", value=f"{one.worst / 1000:.0f}"),
        }
        for one in day.stalling
    ]


def quota_rows(day: QuotaDay, say: Words) -> list[dict[str, object]]:
    """Return the quotas with what was wanted of them, as rows of a table."""
    return [
        {
            say("quota.quota"): held.allowance.told(day.licences, day.packs),
            say("quota.wanted"): round(most / 1000) if held.allowance.kind == "work" else most,
            say("quota.held"): held.calls,
            say("quota.first"): say("quota.none") if held.first is None else clock(held.first),
        }
        for held, most in zip(day.told.held, day.wanted, strict=True)
    ]


def clock(milliseconds: int) -> str:
    """Return a moment of the day as hours and minutes."""
    minutes = milliseconds // 60_000
    return f"{minutes // 60:02}:{minutes % 60:02}"


def picture(day: QuotaDay, say: Words) -> Markup:
    """Return the day as SVG: a row for each screen that stalls, a column for each half hour, filled by what stalls."""
    rows = day.stalling
    columns = 86_400_000 // STRETCH
    width, height = _LEFT + columns * _CELL + 20, _TOP + max(1, len(rows)) * _ROW + 30
    title, verdict = sentences(day, say)[:2]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="8" y="18" font-weight="bold">{escape(title)}</text>'
        f'<text x="8" y="36">{escape(verdict)}</text>'
    ]
    parts += [_strip(one, place, say) for place, one in enumerate(rows)]
    bottom = height - 12
    parts += [
        f'<text x="{_LEFT + hour * 2 * _CELL}" y="{bottom}" text-anchor="middle">{hour:02}:00</text>'
        for hour in range(0, 25, 3)
    ]
    return Markup("".join(parts) + "</svg>")  # noqa: S704 every text in it is escaped, all else are numbers


def _strip(one: Screen, place: int, say: Words) -> str:
    y = _TOP + place * _ROW
    role, screen = say(f"quota.roles.{one.role}"), say(f"quota.names.{one.screen}")
    drawn = [f'<text x="{_LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(role)} · {escape(screen)}</text>']
    for column, (opened, stalled) in enumerate(one.by_stretch):
        x = _LEFT + column * _CELL
        drawn.append(f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_ROW - 4}" fill="{_ground(opened)}"/>')
        if stalled:
            tall = max(1.0, (_ROW - 4) * stalled / opened)
            about = say(
                "quota.picture", share=f"{stalled / opened:.0%}", at=clock(column * STRETCH),
                until=clock((column + 1) * STRETCH), role=role, screen=screen,
            )  # fmt: skip
            drawn.append(
                f'<rect x="{x}" y="{y + _ROW - 4 - tall:.1f}" width="{_CELL - 2}" height="{tall:.1f}" fill="#b3261e">'
                f"<title>{escape(about)}</title></rect>"
            )
    return "".join(drawn)


def _ground(opened: int) -> str:
    return "#e6ebf2" if opened else "#f7f8fa"


def plain(day: QuotaDay) -> dict[str, object]:
    """Return a day as plain values for machines; moments in ms from midnight."""

    def screens(some: Sequence[Screen]) -> list[dict[str, object]]:
        names = ("role", "screen", "opened", "stalled", "given_up", "first", "worst")
        return [{name: getattr(one, name) for name in names} for one in some]

    return {
        "contract": day.contract.title,
        "source": day.contract.source,
        "read": day.contract.read.isoformat(),
        "day": day.kind,
        "heads": dict(day.heads),
        "licences": day.licences,
        "packs": day.packs,
        "asked": day.told.asked,
        "passed": day.told.passed,
        "screens": screens(day.told.screens),
        "quotas": [
            {
                "quota": held.allowance.told(day.licences, day.packs),
                "wanted": most,
                "held": held.calls,
                "first": held.first,
            }
            for held, most in zip(day.told.held, day.wanted, strict=True)
        ],
    }
