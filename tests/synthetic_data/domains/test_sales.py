"""Twelve months of sales and campaigns."""

from synthetic_data.bank import Bank
from synthetic_data.records import Campaign, CampaignMember, Consent, Opportunity


def test_campaigns_reach_only_who_had_agreed_by_then(bank: Bank) -> None:
    assert len(bank.of(CampaignMember)) > 300
    for member in bank.of(CampaignMember):
        starts = bank.by_number(Campaign, member.campaign).starts
        said = [
            c.granted
            for c in bank.belonging_to(Consent, member.customer)
            if (c.purpose, c.channel) == ("marketing", "app") and c.at.date() < starts
        ]
        assert said[-1]


def test_a_tenth_is_held_out_as_control(bank: Bank) -> None:
    members = bank.of(CampaignMember)
    assert 0.05 < sum(m.arm == "control" for m in members) / len(members) < 0.15
    assert {m.arm for m in members if m.responded} == {"control", "target"}


def test_won_and_lost_sales_are_over_and_others_lie_ahead(bank: Bank) -> None:
    for sale in bank.of(Opportunity):
        assert sale.opened <= sale.closes
        assert (sale.closes <= bank.as_of) == (sale.stage in ("won", "lost"))
        assert sale.amount > 0


def test_only_grown_ups_are_sold_to(bank: Bank) -> None:
    minors = {c.number for c in bank.customers if c.guardian is not None}
    assert minors.isdisjoint(o.customer for o in bank.of(Opportunity))
    assert minors.isdisjoint(m.customer for m in bank.of(CampaignMember))
