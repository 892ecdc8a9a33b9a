"""Reference: each verb becomes the request that the interface wants, and its reply our nouns."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import orjson
import pytest

from poc.connectors.reference import BULK_ROWS, ReferenceConnector
from scenarios.actors import Credential
from scenarios.answers import Recipe, Rejection, Session
from scenarios.port import VERBS, Reply, Request, Steps, Unsupported, drive
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import KINDS, Account, Branch, Consent, Customer, Household

CRM = ReferenceConnector()
AT = datetime(2026, 6, 30, 8, tzinfo=UTC)


def reply(told: object = None, *, status: int = 200) -> Reply:
    return Reply(status=status, headers={}, body=b"" if told is None else orjson.dumps(told))


def asked(steps: Steps[object], *told: object) -> tuple[object, list[Request]]:
    """Play a verb against replies in order; return what it gives and what it asked."""
    requests: list[Request] = []
    replies = iter(told)

    def send(request: Request) -> Reply:
        requests.append(request)
        return reply(next(replies))

    return drive(steps, send, CRM.error_of), requests


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=60).bank


def one(request: Request) -> tuple[str, str, Mapping[str, str], object]:
    return request.method, request.path, request.query, request.json


ROW = {"number": "C1", "version": 3, "name": "Ada"}
CLOCK = {"number": "T1", "due_at": "2026-07-01T09:00:00+08:00", "status": "open", "breached": True, "events": ["a"]}


@pytest.mark.parametrize(
    ("steps", "told", "wanted"),
    [
        (CRM.sign_out(), None, ("POST", "/v1/auth/logout", {}, None)),
        (CRM.get(Customer, "C1"), ROW, ("GET", "/v1/customers/C1", {}, None)),
        (CRM.get(Customer, "C1", include=[Account, Household]), ROW,
         ("GET", "/v1/customers/C1", {"include": "accounts,households"}, None)),
        (CRM.list(Customer, where={"since__gt": "2020-01-01"}, sort="-name", limit=7, cursor="c"), {"items": []},
         ("GET", "/v1/customers", {"limit": "7", "since__gt": "2020-01-01", "sort": "-name", "cursor": "c"}, None)),
        (CRM.find(Customer, mobile="1"), {"items": [ROW]}, ("GET", "/v1/customers", {"mobile": "1"}, None)),
        (CRM.search(Customer, "李", limit=3), {"items": []},
         ("GET", "/v1/customers/search", {"q": "李", "limit": "3"}, None)),
        (CRM.delete(Account, "A1"), None, ("DELETE", "/v1/accounts/A1", {}, None)),
        (CRM.unmask(Customer, "C1", ["mobile"], "call back"), ROW,
         ("POST", "/v1/customers/C1/unmask", {}, {"fields": ["mobile"], "reason": "call back"})),
        (CRM.count(Customer, "tier"), {"groups": {"mass": 2}}, ("GET", "/v1/reports/customers", {"by": "tier"}, None)),
        (CRM.revert("j"), {"accepted": 5, "state": "reverted"}, ("POST", "/v1/bulk/jobs/j/revert", {}, None)),
        (CRM.merge("C1", "C2"), ROW, ("POST", "/v1/customers/C1/merge", {}, {"drop": "C2"})),
        (CRM.unmerge("C1", "C2"), None, ("POST", "/v1/customers/C1/unmerge", {}, {"drop": "C2"})),
        (CRM.subject_request("C1", "erase"), {"status": "restricted", "basis": "art. 34", "until": "2036-01-01"},
         ("POST", "/v1/customers/C1/subject-requests", {}, {"request": "erase", "details": {}})),
        (CRM.ticket_clock("T1"), CLOCK, ("GET", "/v1/tickets/T1/clock", {}, None)),
        (CRM.ticket_act("T1", "pause", {"reason": "x"}), CLOCK,
         ("POST", "/v1/tickets/T1/acts", {}, {"act": "pause", "details": {"reason": "x"}})),
        (CRM.trigger("birthday", "C1"), None, ("POST", "/v1/events", {}, {"event": "birthday", "customer": "C1"})),
        (CRM.as_of(Customer, "C1", AT), ROW, ("GET", "/v1/customers/C1", {"as_of": "2026-06-30T08:00:00+00:00"}, None)),
        (CRM.restore(Customer, "C1", "9"), ROW, ("POST", "/v1/customers/C1/history/9/restore", {}, None)),
        (CRM.assign("rm-a", "teller"), None, ("PATCH", "/v1/users/rm-a", {}, {"role": "teller"})),
        (CRM.disable("rm-a"), None, ("PATCH", "/v1/users/rm-a", {}, {"disabled": True})),
        (CRM.policy(), {"operations": {}}, ("GET", "/v1/policy", {}, None)),
        (CRM.contract(), {"openapi": "3.1.0"}, ("GET", "/openapi.json", {}, None)),
        (CRM.now(), {"now": "2026-06-30T08:00:00Z"}, ("GET", "/v1/clock", {}, None)),
        (CRM.advance(timedelta(hours=2)), {"now": "2026-06-30T08:00:00Z"},
         ("POST", "/v1/clock", {}, {"advance_seconds": 7200})),
    ],
)  # fmt: skip
def test_a_verb_becomes_one_request(steps: Steps[object], told: object, wanted: object) -> None:
    _, requests = asked(steps, told)
    assert [one(request) for request in requests] == [wanted]


def test_every_verb_is_offered() -> None:
    assert ReferenceConnector.verbs() == VERBS


def test_signing_in_and_renewing_open_a_session() -> None:
    tokens = {"access_token": "a", "token_type": "Bearer", "expires_in": 900, "refresh_token": "r"}
    session, (request,) = asked(CRM.sign_in(Credential(username="ada", secret="pw")), tokens)
    assert session == Session(headers={"Authorization": "Bearer a"}, renewal="r", seconds=900)
    assert request.json == {"username": "ada", "password": "pw"}
    renewed, (request,) = asked(CRM.renew(session), tokens)  # type: ignore[arg-type]
    assert (renewed, request.json) == (session, {"refresh_token": "r"})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_record_has_its_place(bank: Bank, kind: type[Customer]) -> None:
    record = bank.of(kind)[0]
    number, (request,) = asked(CRM.create(record, key="k"), {"number": record.number, "version": 1})
    assert (number, request.headers) == (record.number, {"Idempotency-Key": "k"})
    assert isinstance(request.json, dict)
    assert request.json["number"] == record.number


def test_a_kind_that_the_product_does_not_keep_is_unsupported() -> None:
    with pytest.raises(Unsupported, match="keeps no Branch records"):
        asked(CRM.get(Branch, "BR01"))
    with pytest.raises(Unsupported, match="searches customers only"):
        asked(CRM.search(Account, "x"))


def test_an_update_presents_the_version_it_changes_and_reads_it_when_none_is_given() -> None:
    shown, (request,) = asked(CRM.update(Customer, "C1", {"tier": "mass"}, version="3"), ROW)
    assert (request.method, request.headers, request.json) == ("PATCH", {"If-Match": '"3"'}, {"tier": "mass"})
    assert shown.version == "3"  # type: ignore[attr-defined]
    _, requests = asked(CRM.update(Customer, "C1", {"tier": "mass"}), {**ROW, "version": 8}, ROW)
    assert [request.method for request in requests] == ["GET", "PATCH"]
    assert requests[1].headers == {"If-Match": '"8"'}


def test_a_consents_own_version_is_not_its_records() -> None:
    shown, _ = asked(CRM.get(Consent, "N1"), {"number": "N1", "version": "2026-01", "revision": 4})
    assert (shown.version, shown["version"]) == ("4", "2026-01")  # type: ignore[attr-defined, index]


def test_included_records_are_of_their_own_kind() -> None:
    told = {**ROW, "included": {"accounts": [{"number": "A1", "version": 1}]}}
    shown, _ = asked(CRM.get(Customer, "C1", include=[Account]), told)
    (account,) = shown.included["accounts"]  # type: ignore[attr-defined]
    assert (account.kind, account.number) == ("Account", "A1")


def test_a_large_file_goes_in_calls_of_five_thousand_under_one_job(bank: Bank) -> None:
    rows = [bank.customers[0]] * (BULK_ROWS + 2)
    report, requests = asked(
        CRM.bulk(rows, dry_run=True),
        {"job": "j", "accepted": 5000, "rejected": [], "state": "done"},
        {"job": "j", "accepted": 1, "rejected": [{"row": 5001, "field": "name", "reason": "long"}], "state": "done"},
    )
    assert [request.query for request in requests] == [
        {"dry_run": "true", "offset": "0"},
        {"dry_run": "true", "offset": "5000", "job": "j"},
    ]
    assert (report.accepted, report.job, report.dry_run) == (5001, "j", True)  # type: ignore[attr-defined]
    assert report.rejected == (Rejection(row=5001, field="name", reason="long"),)  # type: ignore[attr-defined]


def test_an_export_is_read_line_by_line() -> None:
    lines = b'{"number":"C1","version":1}\n{"number":"C2","version":1}\n'
    found = drive(CRM.export(Customer), lambda _: Reply(status=200, headers={}, body=lines), CRM.error_of)
    assert [row.number for row in found] == ["C1", "C2"]


def test_an_overview_is_one_call_with_its_domains() -> None:
    shown, requests = asked(CRM.overview("C1"), {"customer": ROW, "tickets": [{"number": "T1"}], "kyc": []})
    assert len(requests) == shown.calls == 1  # type: ignore[attr-defined]
    assert shown.domains == {"tickets": ({"number": "T1"},), "kyc": ()}  # type: ignore[attr-defined]


def test_money_of_a_household_is_exact() -> None:
    told = {"household": "H1", "total": "10.10", "currency": "CNY", "members": ["C1", "C2"]}
    shown, (request,) = asked(CRM.roll_up("H1", at=AT), told)
    assert (shown.total, shown.members) == (Decimal("10.10"), frozenset({"C1", "C2"}))  # type: ignore[attr-defined]
    assert request.query == {"at": "2026-06-30T08:00:00+00:00"}


def test_trails_are_read_to_the_end_and_in_order() -> None:
    late = {"id": 2, "at": "2026-06-30T09:00:00Z", "who": "b", "action": "login.ok"}
    early = {"id": 1, "at": "2026-06-30T08:00:00Z", "who": "a", "action": "login.ok", "subject": None}
    found, requests = asked(
        CRM.audit(who="a", since=AT), {"items": [late], "next": "n"}, {"items": [early], "next": None}
    )
    assert [entry.id for entry in found] == ["1", "2"]  # type: ignore[attr-defined]
    assert requests[1].query["cursor"] == "n"
    changes, _ = asked(CRM.history(Customer, "C1"), {"items": [{**early, "field": "tier", "before": 1, "after": 2}]})
    assert (changes[0].field, changes[0].after) == ("tier", 2)  # type: ignore[index]


def test_pairs_and_deeds_of_automations_are_read() -> None:
    pairs, _ = asked(CRM.duplicates(), {"items": [{"first": "C1", "second": "C2", "score": 0.9}], "next": None})
    assert pairs[0].score == 0.9  # type: ignore[index]
    deed = {"recipe": "r", "customer": "C1", "action": "remind", "at": "2026-06-30T08:00:00Z"}
    fired, _ = asked(CRM.fired("7"), {"items": [deed]})
    assert fired[0].at == AT  # type: ignore[index]
    made, (request,) = asked(CRM.automate(Recipe(name="r", trigger="t", action="remind", skip=("weekend",))), {"id": 7})
    assert (made, request.json["skip"]) == ("7", ["weekend"])  # type: ignore[index]


def test_a_user_of_the_whole_bank_has_no_branch() -> None:
    _, (request,) = asked(CRM.add_user(Credential(username="agent", secret="pw"), "agent"), None)
    assert request.json == {"username": "agent", "password": "pw", "role": "agent", "branch": "", "name": "agent"}
