"""Terms: this machine is pressed freely, all else with a signed paper, never beyond what a contract lets through."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from loadtests.limits import DAY, Limit
from loadtests.permission import Paper, Permission, PermitError
from loadtests.terms import Terms, terms_of
from loadtests.workload import parse

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
THERE = "https://crm.example"


def load(**change):
    base = {
        "name": "t", "because": "test", "arrivals": "constant", "rate": 10, "seconds": 10, "warm_up": 0, "users": 4,
        "seed": 3, "mix": {"read": 1},
    }  # fmt: skip
    return parse({**base, **change})


def papered(**change):
    told = {
        "vendor": "Alder", "host": "crm.example", "purposes": ["load"], "begins": NOW - timedelta(days=1),
        "expires": NOW + timedelta(days=1), "most_per_second": 10, "signed_by": "A. Keeper",
    }  # fmt: skip
    text = Paper.sign(Permission.model_validate(told), KEY).text()
    return Terms(**{"paper": text, "trusted_key": KEY.public_key().public_bytes_raw().hex(), **change})


def at(*addresses):
    return lambda host, port: frozenset((address, port) for address in addresses)


def ground(terms, url=THERE, resolve=None, **change):
    return terms.ground(url, load(**change), NOW, resolve=resolve or at("203.0.113.7"))


def test_this_machine_needs_no_paper_and_is_known_by_its_addresses():
    found = ground(Terms(), "https://localhost:8443", at("127.0.0.1", "::1"))
    assert found.words == "loopback"
    assert found.places == {("127.0.0.1", 8443), ("::1", 8443)}


def test_a_name_that_leads_elsewhere_as_well_is_not_this_machine():
    with pytest.raises(PermitError, match="https://localhost is not this machine, and nobody signed a permission"):
        ground(Terms(), "https://localhost", at("127.0.0.1", "203.0.113.7"))


def test_a_signed_paper_lets_a_load_go_out_and_is_named():
    found = ground(papered())
    assert found.words == "signed by A. Keeper of Alder until 2026-11-24, at most 10 requests/s"
    assert found.places == {("203.0.113.7", 443)}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rate": 11}, "the permission for crm.example permits 10 requests/s, and 11/s are asked"),
        ({"mix": {"update_customer": 1}}, "and 20/s are asked"),
        ({"seconds": 86_401}, "permits between"),
        ({"arrivals": "closed"}, "a closed workload has no rate"),
    ],
)
def test_a_paper_bounds_rate_and_time(change, told):
    with pytest.raises(PermitError, match=told):
        ground(papered(), **change)


def test_a_paper_of_an_unknown_signer_is_none():
    with pytest.raises(PermitError, match=r"the permission for crm\.example is signed with the key"):
        ground(papered(trusted_key="0" * 64))


def test_a_capped_target_is_never_asked_for_more_than_declared_not_even_here():
    capped = Terms(mode="capped", limits=(Limit(9, 1),))
    told = r"9 in 1 s are declared\. --rate 8\.\d+ with 4 connections fits; --pace takes it"
    with pytest.raises(PermitError, match=told):
        ground(capped, "http://127.0.0.1", at("127.0.0.1"))
    assert ground(capped, "http://127.0.0.1", at("127.0.0.1"), rate=9).words == "loopback"


def test_a_full_target_is_pressed_beyond_what_it_declares():
    assert ground(Terms(limits=(Limit(1, 1),)), "http://127.0.0.1", at("127.0.0.1")).words == "loopback"


def test_an_attested_target_is_pressed_by_nobody():
    with pytest.raises(PermitError, match="its speed is what the vendor attests"):
        ground(Terms(mode="attested"), "http://127.0.0.1", at("127.0.0.1"))


def test_a_host_without_an_address_is_told():
    def nowhere(host, port):
        raise OSError(-2, "Name or service not known")

    with pytest.raises(PermitError, match=r"the host of https://crm\.example has no address here: Name or service"):
        ground(papered(), resolve=nowhere)


def test_terms_come_back_from_the_plan_as_they_were():
    terms = papered(mode="capped", limits=(Limit(5, DAY, "user"), Limit(2, 0)), spent=3)
    assert terms_of(terms.as_dict()) == terms
