"""Steps: what somebody should do next in a selection, told by who they are and where it stands."""

from dataclasses import dataclass

from scorecards.committee.selection import Round, Selection


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next (a key of the catalogue), where (a tab of the page), and the names that belong to it."""

    key: str
    tab: str
    names: tuple[str, ...] = ()


def next_step(state: Selection, who: str) -> Step:
    """Return the next step of somebody; whoever is no member is told to look on."""
    names = {one.name for one in state.panel.members}
    if who in state.invited:
        return Step("join", "members")
    if who != state.founder and who not in names:
        return Step("guest", "members")
    if who in names and who not in state.panel.declared:
        return Step("declare", "members")
    if who == state.founder and not names:
        return Step("invite", "members")
    if not state.evidence:
        return _before_evidence(state, who)
    if who in state.weights and who not in state.opened_weights:
        return Step("open_weights", "weights")
    return _of_round(state, who) or _of_motions(state, who) or _of_replies(state) or Step("decide", "motions")


def _before_evidence(state: Selection, who: str) -> Step:
    if who in state.voters and who not in state.weights:
        return Step("seal_weights", "weights")
    if not state.weights or state.unsealed:
        return Step("wait_weights", "weights", state.unsealed)
    if who == state.founder:
        return Step("disclose", "evidence")
    return Step("wait_evidence", "evidence", (state.founder,))


def _of_round(state: Selection, who: str) -> Step | None:
    last: Round | None = state.rounds[-1] if state.rounds else None
    if last is None:
        return Step("begin_round", "rounds") if who == state.founder else Step("wait_round", "rounds", (state.founder,))
    if who in last.awaited:
        return Step("score", "rounds")
    if last.awaited:
        return Step("wait_scores", "rounds", last.awaited)
    if who in last.unopened:
        return Step("open_scores", "rounds")
    return Step("wait_open", "rounds", last.unopened) if last.unopened else None


def _of_motions(state: Selection, who: str) -> Step | None:
    still = [one for one in state.motions if one.open]
    if mine := [one.id for one in still if who in state.voters and who not in one.votes]:
        return Step("vote", "motions", tuple(mine))
    if still and who == state.founder:
        return Step("close", "motions", tuple(one.id for one in still))
    if still:
        return Step("wait_close", "motions", tuple(one.id for one in still))
    chosen = any(one.vendor and one.result is not None and one.result.passed for one in state.motions)
    return None if chosen else Step("put", "motions")


def _of_replies(state: Selection) -> Step | None:
    waiting = tuple(one.id for one in state.findings if not one.outcome)
    return Step("settle", "replies", waiting) if waiting else None
