"""Attack: a harmless pack along the OWASP API list, whose findings carry their severity and how to repeat them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.library.newcomers import first_branch, newcomers, on_file, second_branch
from scenarios.library.security import attacks_by_input, attacks_on_rights, attacks_on_talk
from scenarios.library.security.attempts import need
from scenarios.library.security.shooting import Range
from scenarios.library.security.weaknesses import BANDS, Shot, weaknesses
from scenarios.permission import Permitting
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, holds
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: The classes of attack, each with what plays it; weaknesses.toml files every weakness under one of them.
ATTACKS: Mapping[str, Callable[[Range], Iterator[Shot]]] = {
    "reach": attacks_on_rights.on_records,
    "login": attacks_on_rights.at_the_door,
    "smuggling": attacks_on_rights.by_smuggling,
    "functions": attacks_on_rights.on_functions,
    "inside": attacks_on_rights.into_the_network,
    "methods": attacks_on_rights.on_methods,
    "appetite": attacks_by_input.by_size,
    "queries": attacks_by_input.by_queries,
    "paths": attacks_by_input.by_paths,
    "stored": attacks_by_input.by_stored_text,
    "xml": attacks_by_input.by_xml,
    "lines": attacks_by_input.by_lines,
    "errors": attacks_on_talk.by_errors,
    "browsers": attacks_on_talk.by_browsers,
    "caches": attacks_on_talk.by_caches,
    "hosts": attacks_on_talk.by_hosts,
    "guessing": attacks_on_talk.by_guessing,
    "redirects": attacks_on_talk.by_redirects,
    "doors": attacks_on_talk.by_doors,
}
#: The same weakness shown in so many ways is told in so many findings; the rest are counted in ``alike``.
SHOWN = 3


class Played(NamedTuple):
    """What came of one class of attack: its shots, and why it could not be tried if it could not."""

    shots: tuple[Shot, ...]
    hindered: str = ""

    @property
    def hits(self) -> tuple[Shot, ...]:
        """Return the shots that found something."""
        return tuple(shot for shot in self.shots if shot.weakness)


class Seen(NamedTuple):
    """All classes of attack, and on what ground they were permitted."""

    ground: str
    played: Mapping[str, Played]

    @property
    def findings(self) -> tuple[Shot, ...]:
        """Return one shot for each weakness that was found, gravest first: a weakness is one finding however shown."""
        first: dict[str, Shot] = {}
        for played in self.played.values():
            for shot in played.hits:
                first.setdefault(shot.weakness, shot)
        return tuple(sorted(first.values(), key=lambda shot: -weaknesses()[shot.weakness].score))


@scenario("SEC-20")
def a_harmless_pack_of_attacks_is_tried(crm: CRM, bank: Bank) -> Seen:
    """Requests are bent as attackers bend them, in nineteen ways; nothing is destroyed that was not brought along."""
    ground = crm.wire.permission() if isinstance(crm.wire, Permitting) else ""
    if not ground:
        raise NotTestable("nobody permitted attacks on this target: name a signed permission in its settings")
    need(crm, Actor.INTEGRATION, Actor.RM_A, Actor.MARKETING, Actor.COMPLIANCE, Actor.ADMIN)
    own, victim = newcomers(crm, bank, 2, branch=first_branch(crm, bank))
    there = second_branch(crm, bank)
    other = next((one for one in bank.customers if one.branch == there and one.state == "active"), None)
    if other is None:
        raise NotTestable(f"the bank has no active customer in branch {there}: seed a larger bank")
    with on_file(crm, own, victim):
        range_ = Range(crm=crm, bank=bank, own=own, victim=victim, other=other)
        _ = crm.acting_as(Actor.RM_A).get(Customer, own.number).value  # an attack on a closed door proves nothing
        return Seen(ground=ground, played={name: _tried(attack, range_) for name, attack in ATTACKS.items()})


def _tried(attack: Callable[[Range], Iterator[Shot]], range_: Range) -> Played:
    """Play one class; what the product lacks or refuses hinders this class alone."""
    shots: list[Shot] = []
    try:
        shots.extend(attack(range_))
    except (Unsupported, Refused) as hindered:
        return Played(tuple(shots), str(hindered))
    return Played(tuple(shots), "" if shots else "the product offers nothing to try it on")


# -- the judgements ---------------------------------------------------------------------------------------------------
@a_harmless_pack_of_attacks_is_tried.harm
def no_critical_finding(seen: Seen) -> Verdict:
    """No attack of the pack leads to a critical finding (CVSS 4.0 of 9.0 or more)."""
    bands = Counter(weaknesses()[shot.weakness].severity for shot in seen.findings)
    counts = {band: bands[band] for band in BANDS}
    told = {
        **counts,
        "findings": [shot.fact() for shot in seen.findings],
        "shots": {name: len(played.shots) for name, played in seen.played.items()},
        "hindered": {name: played.hindered for name, played in seen.played.items() if played.hindered},
        "permitted": seen.ground,
    }
    measures = {f"{band}_findings": float(count) for band, count in counts.items()}
    passed = not counts["critical"]
    return Verdict(passed=passed, observed=told, expected="no critical finding", measures=measures)


def _withstood(seen: Seen, kind: str) -> Verdict:
    played = seen.played[kind]
    if played.hindered and not played.hits:
        raise NotTestable(played.hindered)
    if all(shot.reply is None for shot in played.shots) and kind != "stored":
        raise NotTestable("the target hung up on every request of this class")
    shown = _one_of_each(played.hits)
    told = {"tried": len(played.shots), "succeeded": len(played.hits), "findings": [shot.fact() for shot in shown]}
    return holds(not played.hits, observed=told, expected="nothing succeeds")


def _one_of_each(hits: Sequence[Shot]) -> list[Shot]:
    """Return at most ``SHOWN`` shots of each weakness."""
    counted = Counter[str]()
    kept = []
    for shot in hits:
        counted[shot.weakness] += 1
        if counted[shot.weakness] <= SHOWN:
            kept.append(shot)
    return kept


@a_harmless_pack_of_attacks_is_tried.check
def records_do_not_open_by_their_number(seen: Seen) -> Verdict:
    """A record of another branch opens neither by its number, nor by another spelling of it, nor by a header."""
    return _withstood(seen, "reach")


@a_harmless_pack_of_attacks_is_tried.check
def no_door_opens_without_a_login(seen: Seen) -> Verdict:
    """Nothing of the bank's is given without a login, for tokens that prove nothing, or for a name in a header."""
    return _withstood(seen, "login")


@a_harmless_pack_of_attacks_is_tried.check
def no_field_is_smuggled_in(seen: Seen) -> Verdict:
    """Fields that are not the writer's stay as they were when they are sent along."""
    return _withstood(seen, "smuggling")


@a_harmless_pack_of_attacks_is_tried.check
def no_function_opens_by_a_side_way(seen: Seen) -> Verdict:
    """Functions of other roles answer neither at their address nor at another spelling of it."""
    return _withstood(seen, "functions")


@a_harmless_pack_of_attacks_is_tried.check
def no_call_goes_into_the_inside(seen: Seen) -> Verdict:
    """Addresses that lead into the network, to the machine or to files are not accepted for calls."""
    return _withstood(seen, "inside")


@a_harmless_pack_of_attacks_is_tried.check
def appetite_has_limits(seen: Seen) -> Verdict:
    """Pages have an end, and what is too large or too deep is refused before work goes into it."""
    return _withstood(seen, "appetite")


@a_harmless_pack_of_attacks_is_tried.check
def errors_tell_nothing_of_the_inside(seen: Seen) -> Verdict:
    """Malformed requests are refused as such, in words that tell nothing of language, database or files."""
    return _withstood(seen, "errors")


@a_harmless_pack_of_attacks_is_tried.check
def headers_keep_browsers_safe(seen: Seen) -> Verdict:
    """Foreign sites read nothing in a user's name, and headers keep browsers from guessing and from plain HTTP."""
    return _withstood(seen, "browsers")


@a_harmless_pack_of_attacks_is_tried.check
def personal_answers_are_not_kept(seen: Seen) -> Verdict:
    """Answers about people may be kept by nobody on the way, under no name."""
    return _withstood(seen, "caches")


@a_harmless_pack_of_attacks_is_tried.check
def paths_stay_inside(seen: Seen) -> Verdict:
    """No path and no parameter leads to a file of the server."""
    return _withstood(seen, "paths")


@a_harmless_pack_of_attacks_is_tried.check
def no_question_becomes_a_command(seen: Seen) -> Verdict:
    """Input is a value wherever it is pasted: never a query, a template or a wildcard."""
    return _withstood(seen, "queries")


@a_harmless_pack_of_attacks_is_tried.check
def stored_text_stays_text(seen: Seen) -> Verdict:
    """Formulas and markup that were stored as names are neither in tables nor in pages."""
    return _withstood(seen, "stored")


@a_harmless_pack_of_attacks_is_tried.check
def xml_is_not_expanded(seen: Seen) -> Verdict:
    """Entities of XML are not expanded, neither those of the document nor those that name a file."""
    return _withstood(seen, "xml")


@a_harmless_pack_of_attacks_is_tried.check
def no_foreign_host_is_believed(seen: Seen) -> Verdict:
    """A foreign host name in a request is in no answer."""
    return _withstood(seen, "hosts")


@a_harmless_pack_of_attacks_is_tried.check
def methods_are_what_they_say(seen: Seen) -> Verdict:
    """No header and no parameter turns a read or a write into a deletion."""
    return _withstood(seen, "methods")


@a_harmless_pack_of_attacks_is_tried.check
def nobody_is_guessed_by_the_answer(seen: Seen) -> Verdict:
    """Answers tell known users and records from unknown ones by nothing."""
    return _withstood(seen, "guessing")


@a_harmless_pack_of_attacks_is_tried.check
def nobody_is_sent_elsewhere(seen: Seen) -> Verdict:
    """No link of the bank's leads to a foreign site."""
    return _withstood(seen, "redirects")


@a_harmless_pack_of_attacks_is_tried.check
def no_header_is_injected(seen: Seen) -> Verdict:
    """What is sent never becomes a header of the answer."""
    return _withstood(seen, "lines")


@a_harmless_pack_of_attacks_is_tried.check
def forgotten_doors_are_shut(seen: Seen) -> Verdict:
    """Neither secrets nor source, pages of the inside or old versions of the interface are open to strangers."""
    return _withstood(seen, "doors")
