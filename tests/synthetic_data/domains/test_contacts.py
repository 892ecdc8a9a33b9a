"""Twelve months of talks and tickets."""

from datetime import date

from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.identities import text_mark
from synthetic_data.records import CampaignMember, Customer, Interaction, Opportunity, Ticket

GONE = ("closed", "deceased")


def test_dealings_lie_in_the_last_twelve_months(bank: Bank) -> None:
    moments = [i.at for i in bank.of(Interaction)] + [t.opened_at for t in bank.of(Ticket)]
    assert len(moments) > 3000
    assert all(date(2025, 7, 1) <= m.date() <= bank.as_of and m.utcoffset() is not None for m in moments)
    assert {m.month for m in moments} == set(range(1, 13))


def test_those_who_have_left_or_died_are_left_in_peace(bank: Bank) -> None:
    gone = [c.number for c in bank.customers if c.state in GONE]
    for kind in (Interaction, Ticket, Opportunity, CampaignMember):
        assert not [r for number in gone for r in bank.belonging_to(kind, number)]


def test_every_channel_is_used_and_every_text_carries_its_customers_mark(bank: Bank) -> None:
    assert {i.channel for i in bank.of(Interaction)} == {"app", "web", "call", "branch", "wecom", "email"}
    marks = {c.number: text_mark(bank.seed, int(c.number[1:]) - 1) for c in bank.customers}
    assert all(marks[text.customer] in text.text for text in (*bank.of(Interaction), *bank.of(Ticket)))


def test_texts_are_in_the_language_of_the_customer(bank: Bank) -> None:
    for interaction in bank.of(Interaction):
        english = bank.by_number(Customer, interaction.customer).language == "en"
        assert interaction.subject.isascii() == english


def test_interactions_are_kept_by_staff_of_the_bank(bank: Bank) -> None:
    staff = {s.number for s in bank.staff}
    assert {i.staff for i in bank.of(Interaction)} <= staff


def test_elder_customers_use_the_app_less_where_the_profile_says_so() -> None:
    grown = generate(seed=7, customers=1000, profile="eu-retail").bank
    born = {c.number: c.birth_date for c in grown.customers}
    online: dict[bool, list[bool]] = {True: [], False: []}
    for talk in grown.of(Interaction):
        online[born[talk.customer] < date(1966, 6, 30)].append(talk.channel in ("app", "web"))
    elder, younger = (sum(online[is_elder]) / len(online[is_elder]) for is_elder in (True, False))
    assert elder < 0.15
    assert younger > 0.5
