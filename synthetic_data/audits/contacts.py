"""Contacts: how customers and bank speak, what they complain of, what they consent to and what is known of them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic_data.audits.people import ages, here
from synthetic_data.audits.reading import Bools, Ints, encoded, flags, places, seconds, words
from synthetic_data.audits.tally import Clock, Figure, Subject, Tables, Tally

CHANNELS = ("app", "web", "call", "branch", "wecom", "email")
DAY = 86_400


def _count(tables: Tables, clock: Clock) -> Tally:
    customers, interactions = tables["customers"], tables["interactions"]
    there, old = here(customers), ages(customers, clock)
    owner = places(interactions, "customer", customers.column("number"))
    recent = (owner >= 0) & there[owner] & _in_year(seconds(interactions, "at"), clock)
    channel = words(interactions, "channel")
    used = {name: _whoever(owner, recent & channel.are(name), len(there)) for name in CHANNELS}
    online = used["app"] | used["web"]
    reached = _whoever(owner, recent, len(there))
    young, elder, prime = ((old >= a) & (old < b) & there for a, b in ((18, 35), (60, 200), (25, 35)))
    grown = there & (old >= 16) & (old < 75)
    sums = {f"used_{name}": (used[name] & there).sum() for name in CHANNELS}
    sums |= {
        "contacts": recent.sum(),
        "contacts_out": (recent & words(interactions, "direction").are("out")).sum(),
        "calls": (recent & channel.are("call")).sum(),
        "contacted": reached.sum(),
        "clients": there.sum(),
        "online_prime": (online & prime).sum(),
        "prime": prime.sum(),
        "online_grown": (online & grown).sum(),
        "grown": grown.sum(),
        "app_young": (recent & channel.are("app") & young[owner]).sum(),
        "contacts_young": (recent & young[owner]).sum(),
        "app_elder": (recent & channel.are("app") & elder[owner]).sum(),
        "contacts_elder": (recent & elder[owner]).sum(),
    }
    return Tally(sums={name: float(value) for name, value in sums.items()}, words={"channel": channel.counted(recent)})


def _in_year(at: Ints, clock: Clock) -> Bools:
    end = (clock.today + 1) * DAY
    return (at >= end - 365 * DAY) & (at < end)


def _whoever(owner: Ints, rows: Bools, size: int) -> Bools:
    found = np.zeros(size, dtype=np.bool_)
    found[owner[rows & (owner >= 0)]] = True
    return found


def _count_tickets(tables: Tables, clock: Clock) -> Tally:
    tickets = tables["tickets"]
    recent = _in_year(seconds(tickets, "opened_at"), clock)
    complaint = flags(tickets, "complaint") & recent
    severity = words(tickets, "severity")
    return Tally(
        sums={
            "tickets": float(recent.sum()),
            "complaints": float(complaint.sum()),
            "critical": float((severity.are("critical") & recent).sum()),
            "ticket_clients": float(here(tables["customers"]).sum()),
        }
    )


def _count_consents(tables: Tables, clock: Clock) -> Tally:
    """Count who says yes today: the last word on each purpose and channel counts."""
    customers, consents = tables["customers"], tables["consents"]
    there, old = here(customers), ages(customers, clock)
    owner = places(consents, "customer", customers.column("number"))
    purpose, channel = words(consents, "purpose"), encoded(consents.column("channel"))
    key = (owner * 64 + purpose.codes) * 64 + channel.codes
    order = np.lexsort((np.arange(len(key)), seconds(consents, "at"), key))
    last = order[np.append(key[order][1:] != key[order][:-1], True)] if len(order) else order
    yes = flags(consents, "granted")[last] & (owner[last] >= 0)
    size = len(there)
    says = {
        name: _whoever(owner[last], yes & purpose.are(name)[last], size) & there
        for name in ("marketing", "profiling", "sharing")
    }
    ever = _whoever(owner, purpose.are("marketing") & flags(consents, "granted"), size) & there
    young, elder = there & (old >= 18) & (old < 35), there & (old >= 55)
    sums = {f"consent_{name}": who.sum() for name, who in says.items()}
    sums |= {
        "consenters": there.sum(),
        "marketing_ever": ever.sum(),
        "marketing_young": (says["marketing"] & young).sum(),
        "consent_young": young.sum(),
        "marketing_elder": (says["marketing"] & elder).sum(),
        "consent_elder": elder.sum(),
    }
    return Tally(sums={name: float(value) for name, value in sums.items()})


def _count_kyc(tables: Tables, clock: Clock) -> Tally:
    files, customers = tables["kyc_files"], tables["customers"]
    mine = pc.is_in(files.column("customer"), value_set=_numbers(customers))
    among = np.asarray(mine, dtype=np.bool_)
    return Tally(
        words={"kyc_status": words(files, "status").counted(among), "kyc_level": words(files, "level").counted(among)}
    )


def _numbers(customers: pa.Table) -> pa.Array:
    return customers.column("number").filter(pa.array(here(customers))).combine_chunks()


def _count_campaigns(tables: Tables, clock: Clock) -> Tally:
    members = tables["campaign_members"]
    control, answered = words(members, "arm").are("control"), flags(members, "responded")
    return Tally(
        sums={
            "campaigned": float(len(control)),
            "control": float(control.sum()),
            "target": float((~control).sum()),
            "answered_target": float((answered & ~control).sum()),
            "answered_control": float((answered & control).sum()),
        }
    )


def _complaints(tally: Tally) -> float | None:
    """Complaints a quarter among ten million customers, the unit in which the Chinese supervisor counts."""
    each = tally.ratio("complaints", "ticket_clients")
    return None if each is None else each / 4 * 10_000_000


def _relative(tally: Tally, one: tuple[str, str], other: tuple[str, str]) -> float | None:
    first, second = tally.ratio(*one), tally.ratio(*other)
    return first / second if first is not None and second else None


def _uplift(tally: Tally) -> float | None:
    first, second = tally.ratio("answered_target", "target"), tally.ratio("answered_control", "control")
    return first - second if first is not None and second is not None else None


def _used(name: str) -> Figure:
    return Figure(f"used_{name}", "channels", "share", lambda t: t.ratio(f"used_{name}", "contacted"))


CONTACTS = Subject(
    {
        "customers": ("number", "state", "birth_date"),
        "interactions": ("customer", "channel", "direction", "at"),
    },
    _count,
    (
        Figure("contacts_each", "channels", "number", lambda t: t.ratio("contacts", "clients")),
        Figure("calls_each", "channels", "number", lambda t: t.ratio("calls", "clients")),
        Figure("contacts_out", "channels", "share", lambda t: t.ratio("contacts_out", "contacts")),
        Figure("channel_branch", "channels", "share", lambda t: t.share_of("channel", "branch")),
        Figure("channel_app", "channels", "share", lambda t: t.share_of("channel", "app")),
        *(_used(name) for name in ("app", "web", "wecom", "call")),
        Figure("online_banking", "channels", "share", lambda t: t.ratio("online_grown", "grown")),
        Figure(
            "online_25_34", "joint", "index",
            lambda t: _relative(t, ("online_prime", "prime"), ("online_grown", "grown")),
        ),
        Figure(
            "app_young_to_old", "joint", "index",
            lambda t: _relative(t, ("app_young", "contacts_young"), ("app_elder", "contacts_elder")),
        ),
    ),
)  # fmt: skip
TICKETS = Subject(
    {"customers": ("state",), "tickets": ("complaint", "severity", "opened_at")},
    _count_tickets,
    (
        Figure("tickets_each", "conduct", "number", lambda t: t.ratio("tickets", "ticket_clients")),
        Figure("complaint_share", "conduct", "share", lambda t: t.ratio("complaints", "tickets")),
        Figure("complaints_quarter", "conduct", "number", _complaints),
        Figure("tickets_critical", "conduct", "share", lambda t: t.ratio("critical", "tickets")),
    ),
)
CONSENTS = Subject(
    {
        "customers": ("number", "state", "birth_date"),
        "consents": ("customer", "purpose", "channel", "granted", "at"),
    },
    _count_consents,
    (
        Figure("consent_marketing", "conduct", "share", lambda t: t.ratio("consent_marketing", "consenters")),
        Figure("consent_profiling", "conduct", "share", lambda t: t.ratio("consent_profiling", "consenters")),
        Figure("consent_sharing", "conduct", "share", lambda t: t.ratio("consent_sharing", "consenters")),
        Figure(
            "consent_young_to_old", "joint", "index",
            lambda t: _relative(t, ("marketing_young", "consent_young"), ("marketing_elder", "consent_elder")),
        ),
    ),
)  # fmt: skip
KYC = Subject(
    {"customers": ("number", "state"), "kyc_files": ("customer", "status", "level")},
    _count_kyc,
    (
        Figure("kyc_overdue", "conduct", "share", lambda t: t.share_of("kyc_status", "overdue")),
        Figure("kyc_enhanced", "conduct", "share", lambda t: t.share_of("kyc_level", "enhanced")),
    ),
)
CAMPAIGNS = Subject(
    {"campaign_members": ("arm", "responded")},
    _count_campaigns,
    (
        Figure("campaign_control", "conduct", "share", lambda t: t.ratio("control", "campaigned")),
        Figure("campaign_uplift", "conduct", "share", _uplift),
    ),
)
