"""Questions: twenty-five that a bank asks its customer records every week, answered from whatever files are at hand."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from poc.drill.files import Files, Row
from synthetic_data.records import (
    Account,
    CampaignMember,
    Consent,
    Customer,
    Holding,
    Interaction,
    KycFile,
    Membership,
    Opportunity,
    Relation,
    Ticket,
)

#: An answer is plain data: counts and sums by name, or names in order.
Answer = Mapping[str, object] | Sequence[object] | int
#: Its words stand under its name in the catalogues of ``poc.words``.
Question = Callable[[Files], Answer]
#: How many names a list of the largest holds.
TOP = 10


def counted(rows: Iterable[Row], field: str) -> dict[str, object]:
    """Return how many rows there are of each value of a field."""
    return dict(sorted(Counter(str(row[field]) for row in rows).items()))


def summed(rows: Iterable[Row], field: str, *by: str) -> dict[str, object]:
    """Return the sums of a field by others, as text, so that no cent is lost."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        name = " ".join(str(row[one]) for one in by)
        sums[name] = sums.get(name, Decimal(0)) + Decimal(str(row[field]))
    return {name: f"{value:f}" for name, value in sorted(sums.items())}


# -- customers -------------------------------------------------------------------------------------------------------
def how_many_customers_are_there(files: Files) -> Answer:
    return len(files.of(Customer))


def how_many_customers_has_each_tier(files: Files) -> Answer:
    return counted(files.of(Customer, "tier"), "tier")


def how_many_customers_has_each_branch(files: Files) -> Answer:
    return counted(files.of(Customer, "branch"), "branch")


def how_many_customers_has_each_manager(files: Files) -> Answer:
    return counted(files.of(Customer, "manager"), "manager")


def what_risk_may_customers_bear(files: Files) -> Answer:
    return counted(files.of(Customer, "risk_level"), "risk_level")


def which_customers_may_not_be_erased(files: Files) -> Answer:
    return sorted(str(row["number"]) for row in files.of(Customer, "legal_hold") if row["legal_hold"])


def who_is_looked_after_by_a_guardian(files: Files) -> Answer:
    rows = files.of(Customer, "guardian")
    return {str(row["number"]): str(row["guardian"]) for row in rows if row["guardian"]}


def what_do_customers_earn(files: Files) -> Answer:
    return summed(files.of(Customer, "monthly_income", "tier", "currency"), "monthly_income", "tier", "currency")


def who_has_come_in_which_year(files: Files) -> Answer:
    return counted(({"year": str(row["since"])[:4]} for row in files.of(Customer, "since")), "year")


def how_are_customers_to_be_addressed(files: Files) -> Answer:
    return counted(files.of(Customer, "language"), "language")


# -- money -----------------------------------------------------------------------------------------------------------
def how_many_open_accounts_are_there_of_each_product(files: Files) -> Answer:
    return counted((row for row in files.of(Account, "product", "closed") if row["closed"] is None), "product")


def what_do_customers_keep_with_us(files: Files) -> Answer:
    return summed(files.of(Account, "balance", "product", "currency"), "balance", "product", "currency")


def whose_accounts_have_joint_holders(files: Files) -> Answer:
    rows = files.of(Account, "joint_holders")
    return {str(row["number"]): list(row["joint_holders"]) for row in rows if row["joint_holders"]}  # type: ignore[call-overload]


def who_are_the_ten_largest(files: Files) -> Answer:
    sums = summed(files.of(Account, "balance", "customer"), "balance", "customer")
    ranked = sorted(sums, key=lambda name: (-Decimal(str(sums[name])), name))
    return [[name, sums[name]] for name in ranked[:TOP]]


def who_has_several_accounts(files: Files) -> Answer:
    each = counted(files.of(Account, "customer"), "customer")
    return counted(({"accounts": many} for many in each.values()), "accounts")


def what_are_positions_worth_by_class_of_risk(files: Files) -> Answer:
    return summed(files.of(Holding, "value", "risk_class", "currency"), "value", "risk_class", "currency")


# -- dealings --------------------------------------------------------------------------------------------------------
def which_tickets_are_open(files: Files) -> Answer:
    return counted((row for row in files.of(Ticket, "severity", "status") if row["status"] == "open"), "severity")


def who_has_complained(files: Files) -> Answer:
    return sorted({str(row["customer"]) for row in files.of(Ticket, "complaint", "customer") if row["complaint"]})


def what_may_be_sold(files: Files) -> Answer:
    return summed(files.of(Opportunity, "amount", "stage", "currency"), "amount", "stage", "currency")


def by_which_channel_do_we_meet(files: Files) -> Answer:
    return counted(files.of(Interaction, "channel"), "channel")


def when_was_each_customer_last_heard(files: Files) -> Answer:
    last: dict[str, str] = {}
    for row in files.of(Interaction, "customer", "at"):
        name, at = str(row["customer"]), str(row["at"])
        last[name] = max(last.get(name, ""), at)
    return dict(sorted(last.items()))


def who_answered_campaigns(files: Files) -> Answer:
    rows = files.of(CampaignMember, "campaign", "responded")
    return counted((row for row in rows if row["responded"]), "campaign")


# -- what the law asks -----------------------------------------------------------------------------------------------
def who_agreed_to_what(files: Files) -> Answer:
    return counted((row for row in files.of(Consent, "purpose", "granted") if row["granted"]), "purpose")


def whose_identity_is_to_be_looked_at_again(files: Files) -> Answer:
    return counted(files.of(KycFile, "status"), "status")


def who_belongs_together(files: Files) -> Answer:
    homes = counted(files.of(Membership, "household"), "household")
    return {**homes, **counted(files.of(Relation, "role"), "role")}


QUESTIONS: tuple[Question, ...] = (
    how_many_customers_are_there,
    how_many_customers_has_each_tier,
    how_many_customers_has_each_branch,
    how_many_customers_has_each_manager,
    what_risk_may_customers_bear,
    which_customers_may_not_be_erased,
    who_is_looked_after_by_a_guardian,
    what_do_customers_earn,
    who_has_come_in_which_year,
    how_are_customers_to_be_addressed,
    how_many_open_accounts_are_there_of_each_product,
    what_do_customers_keep_with_us,
    whose_accounts_have_joint_holders,
    who_are_the_ten_largest,
    who_has_several_accounts,
    what_are_positions_worth_by_class_of_risk,
    which_tickets_are_open,
    who_has_complained,
    what_may_be_sold,
    by_which_channel_do_we_meet,
    when_was_each_customer_last_heard,
    who_answered_campaigns,
    who_agreed_to_what,
    whose_identity_is_to_be_looked_at_again,
    who_belongs_together,
)
