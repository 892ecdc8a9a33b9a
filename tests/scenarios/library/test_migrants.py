"""Migrants: a small bank of strangers hangs together under numbers of its own and in our branches."""

from types import SimpleNamespace
from typing import cast

from scenarios.crm import CRM
from scenarios.library.migrants import Migrants, migrants
from synthetic_data.generator import generate
from synthetic_data.records import KINDS, Account, Company, Customer, Holding, Membership, Relation

BANK = generate(seed=5, customers=150).bank


def grown(nonce: str = "abc12345") -> Migrants:
    return migrants(cast(CRM, SimpleNamespace(nonce=nonce)), BANK, 150)


def test_migrants_bring_their_papers_under_numbers_of_their_own() -> None:
    strangers = grown()
    numbers = {one.number for one in strangers.of(Customer)}
    assert all(number.startswith("Xabc12345") for number in numbers)
    assert {one.customer for one in strangers.of(Account)} <= numbers
    assert {one.customer for one in strangers.of(Membership)} <= numbers
    assert {one.account for one in strangers.of(Holding)} <= {one.number for one in strangers.of(Account)}
    ends = {end for one in strangers.of(Relation) for end in (one.source, one.target)}
    assert ends <= numbers | {one.number for one in strangers.of(Company)}


def test_doubles_and_look_alikes_are_among_them() -> None:
    strangers = grown()
    numbers = {one.number for one in strangers.of(Customer)}
    assert {number for pair in strangers.doubles for number in pair} | strangers.alike <= numbers
    assert len(strangers.doubles) > 5


def test_they_belong_to_our_branches_and_bankers() -> None:
    strangers = grown()
    assert {one.branch for one in strangers.of(Customer)} <= {branch.number for branch in BANK.branches}
    assert {one.manager for one in strangers.of(Customer)} <= {staff.number for staff in BANK.staff}


def test_every_play_has_its_own_and_a_replay_the_same() -> None:
    assert grown() == grown()
    mine = {one.number for kind in KINDS for one in grown().of(kind)}
    assert not mine & {one.number for kind in KINDS for one in grown("zzz99999").of(kind)}
