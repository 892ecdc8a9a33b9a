"""Organisation: teams and absences of the staff, and in whose book each customer has been."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from synthetic_data import days
from synthetic_data.affairs import Absence, BookEntry, Team, TeamMember
from synthetic_data.chance import Chance
from synthetic_data.columns import NEVER, STATES, Accounts, People, Places
from synthetic_data.findings import Coverage
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.tables import from_records, table_of
from synthetic_data.texts import numbered, words

#: What the teams of each branch and of the whole bank are called, and which roles work in them.
TEAMS = {
    "counter": ("teller", "manager"),
    "relationship": ("rm",),
    "service": ("agent",),
    "marketing": ("marketing",),
    "control": ("compliance", "auditor", "admin"),
}
#: Teams that every branch has; the others are the whole bank's.
OF_BRANCHES = ("counter", "relationship")
#: Days before and after the day the bank is seen in which absences begin.
PAST, AHEAD = 730, 60
#: Most transfers of one customer from book to book.
MOST = 4


class Away(NamedTuple):
    """Absences of the whole bank; staff by their places in the ground, -1 where nobody was free to stand in."""

    staff: Places
    kind: Places
    starts: Places
    ends: Places
    cover: Places


def away(ground: Ground) -> Away:
    """Return all absences, each with somebody of the same branch and role who was there all the time."""
    told, chance = ground.profile.lives.organisation, Chance(ground.seed, 0, "absences")
    today, heads = days.of_date(ground.as_of), len(ground.staff)
    many = chance.counts(np.full(heads, told.absence_a_year.value * (PAST + AHEAD) / 365))
    staff = np.repeat(np.arange(heads), many)
    starts = today + chance.whole(-PAST, AHEAD, len(staff))
    starts = starts[np.lexsort((starts, staff))]
    ends = starts + np.floor(chance.along(told.absence_days.points, len(staff))).astype(np.int64) - 1
    same = staff[1:] == staff[:-1]
    ends[:-1] = np.where(same, np.minimum(ends[:-1], starts[1:] - 1), ends[:-1])
    kept = ends >= starts
    staff, starts, ends = staff[kept], starts[kept], ends[kept]
    kind = chance.pick(list(told.absence_kinds.shares.values()), len(staff))
    return Away(staff, kind, starts, ends, _cover(ground, staff, starts, ends, chance))


def _cover(ground: Ground, staff: Places, starts: Places, ends: Places, chance: Chance) -> Places:
    """Somebody of the same branch and role who is never away meanwhile; whom it hits first is drawn."""
    posts = [(s.branch, s.role) for s in ground.staff]
    place = {post: n for n, post in enumerate(dict.fromkeys(posts))}
    post = np.array([place[p] for p in posts])
    busy = np.zeros((len(staff), len(posts)), dtype=np.bool_)
    overlap = (starts[:, None] <= ends[None, :]) & (starts[None, :] <= ends[:, None])
    rows, others = np.nonzero(overlap)
    busy[rows, staff[others]] = True
    free = (post[staff][:, None] == post[None, :]) & ~busy
    turn = (np.arange(len(posts))[None, :] + chance.whole(0, len(posts) - 1, len(staff))[:, None]) % len(posts)
    found: Places = np.argmin(np.where(free, turn, len(posts)), axis=1)
    return np.where(free.any(axis=1), found, -1)


def organisation(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return books and, from the first cell, teams and absences; in truth who answers for whom today."""
    absent = away(ground)
    staff = tuple(s.number for s in ground.staff)
    tables = {"teams": _teams(ground), "team_members": _members(ground), "absences": _absences(absent, staff)}
    if people.cell:
        tables = {name: table.slice(0, 0) for name, table in tables.items()}
    owners = {name: np.zeros(table.num_rows, dtype=np.int64) for name, table in tables.items()}
    books, whose = _books(ground, people, staff)
    coverage, covered = _coverage(ground, people, absent, staff)
    return Grown(
        {**tables, "book_entries": books},
        {"coverage": coverage},
        {**owners, "book_entries": whose, "coverage": covered},
    )


def _team_of(ground: Ground) -> list[tuple[str, str]]:
    """The team of each member of staff, as kind and branch; those of the whole bank sit at its first branch."""
    kinds = {role: kind for kind, roles in TEAMS.items() for role in roles}
    first = ground.branches[0].number
    return [(kinds[s.role], s.branch if kinds[s.role] in OF_BRANCHES else first) for s in ground.staff]


def _teams(ground: Ground) -> pa.Table:
    of, names = _team_of(ground), {b.number: b.name for b in ground.branches}
    rows = [
        Team(
            number=f"TM{nth:03d}",
            name=f"{names[branch]} {kind}",
            kind=kind,
            branch=branch,
            leader=_leader(ground, kind, branch),
        )
        for nth, (kind, branch) in enumerate(dict.fromkeys(of), 1)
    ]
    return from_records(rows, Team)


def _leader(ground: Ground, kind: str, branch: str) -> str:
    """The manager leads the counter; elsewhere who came first."""
    mine = [s for s, team in zip(ground.staff, _team_of(ground), strict=True) if team == (kind, branch)]
    return next((s.number for s in mine if s.role == "manager"), mine[0].number)


def _members(ground: Ground) -> pa.Table:
    of = _team_of(ground)
    numbers = {team: f"TM{nth:03d}" for nth, team in enumerate(dict.fromkeys(of), 1)}
    since = ground.profile.opened.value
    rows = [
        TeamMember(number=f"TW{nth:04d}", team=numbers[team], staff=s.number, since=since)
        for nth, (s, team) in enumerate(zip(ground.staff, of, strict=True), 1)
    ]
    return from_records(rows, TeamMember)


def _absences(absent: Away, staff: tuple[str, ...]) -> pa.Table:
    return table_of(
        Absence,
        {
            "number": pa.array([f"AB{nth:06d}" for nth in range(1, len(absent.staff) + 1)]),
            "staff": words(absent.staff, staff),
            "kind": words(absent.kind, ("leave", "illness", "training", "parental")),
            "starts": absent.starts,
            "ends": absent.ends,
            "cover": words(absent.cover, staff),
        },
    )


def _books(ground: Ground, people: People, staff: tuple[str, ...]) -> tuple[pa.Table, Places]:
    """Each customer's way from book to book of the branch's managers; it ends with the one on file."""
    told, chance = ground.profile.lives.organisation, Chance(ground.seed, people.cell, "books")
    n, since = len(people), people.since.astype(np.int64)
    end = np.minimum(people.closed, days.of_date(ground.as_of)).astype(np.int64)
    moves = np.minimum(chance.counts(told.transfer_a_year.value * np.maximum(end - since, 0) / 365), MOST)
    moves = np.where(end - since > 2 * MOST, moves, 0)
    posts = [(s.branch, s.role) for s in ground.staff]
    bankers = np.array([[at for at, post in enumerate(posts) if post == (b.number, "rm")] for b in ground.branches])
    who = np.repeat(np.arange(n), moves + 1)
    step = np.arange(len(who)) - np.searchsorted(who, who)
    # Steps of even length with a day drawn in each, so that the days of a customer rise.
    width = np.maximum(end - since, 1)[who] / (moves + 1)[who]
    begins = since[who] + np.floor(width * (step + 0.8 * chance.shares(len(who)))).astype(np.int64)
    begins = np.where(step == 0, since[who], np.maximum(begins, since[who] + step))
    last = step == moves[who]
    seat = np.argmax(bankers[people.branch] == people.manager[:, None], axis=1)
    back, width_of = moves[who] - step, bankers.shape[1]
    shift = chance.whole(1, max(width_of - 1, 1), len(who))
    # Going back from the manager on file, each was another than the one who came next.
    passed = np.cumsum(shift[::-1])[::-1]
    ends_at = np.searchsorted(who, who, side="right") - 1
    before = (seat[who] + passed - passed[ends_at]) % width_of
    holder = np.where(back == 0, people.manager[who], bankers[people.branch[who], before])
    reason = chance.pick(list(told.transfer_reasons.shares.values()), len(who)) + 1
    following = np.append(begins[1:], NEVER)
    gone = np.where(people.closed[who] == NEVER, NEVER, people.closed[who])
    table = table_of(
        BookEntry,
        {
            "number": numbered("BK", people.index[who], step),
            "customer": numbered("C", people.index[who]),
            "staff": words(holder, staff),
            "reason": words(np.where(step == 0, 0, reason), ("opened", *told.transfer_reasons.shares)),
            "since": begins,
            "until": np.where(last, gone, following),
        },
    )
    return table, who


def _coverage(ground: Ground, people: People, absent: Away, staff: tuple[str, ...]) -> tuple[pa.Table, Places]:
    """Who answers today for the customers of those who are away."""
    today = days.of_date(ground.as_of)
    now = np.flatnonzero((absent.starts <= today) & (today <= absent.ends))
    answers = np.full(len(staff), -2)
    answers[absent.staff[now]] = absent.cover[now]
    here = people.state <= STATES.index("dormant")
    who = np.flatnonzero(here & (answers[people.manager] != -2))
    table = table_of(
        Coverage,
        {
            "number": numbered("CV", people.index[who]),
            "customer": numbered("C", people.index[who]),
            "manager": words(people.manager[who], staff),
            "answers": words(answers[people.manager[who]], staff),
        },
    )
    return table, who
