"""The customers of a bank, their second files and those who only look like one."""

from collections import Counter

from synthetic_data import identities
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.ground import years_before
from synthetic_data.profile import load_profile
from synthetic_data.records import Customer
from synthetic_data.truth import Truth


def test_every_number_of_a_person_is_well_formed(bank: Bank) -> None:
    for c in bank.customers:
        assert identities.is_national_id(c.national_id)
        assert identities.is_card_number(c.card_number)
        assert c.mobile.startswith("154")
        assert not c.email or c.email.rsplit("@", 1)[1] in ("example.com", "example.net", "example.org")


def test_identity_and_card_numbers_are_unique(bank: Bank) -> None:
    assert len({c.national_id for c in bank.customers}) == len(bank.customers)
    assert len({c.card_number for c in bank.customers}) == len(bank.customers)


def test_identity_numbers_agree_with_birth_date_and_gender(bank: Bank) -> None:
    new = [c for c in bank.customers if len(c.national_id) == 18]
    assert all(c.national_id[6:14] == f"{c.birth_date:%Y%m%d}" for c in new)
    assert all(int(c.national_id[16]) % 2 == (c.gender == "M") for c in new)


def test_there_are_customers_of_every_state_and_both_languages(bank: Bank) -> None:
    states = Counter(c.state for c in bank.customers)
    assert states["closed"] == 100
    assert states["dormant"] == 50
    assert states["deceased"] == 10
    assert {c.language for c in bank.customers} == {"zh", "en"}


def test_closed_customers_left_before_and_after_the_line_of_retention(bank: Bank) -> None:
    line = years_before(bank.as_of, 10)
    left = [c.closed_on for c in bank.customers if c.closed_on is not None]
    assert sum(day < line for day in left) == sum(day > line for day in left) == 50
    held = [c for c in bank.customers if c.legal_hold]
    assert 5 <= len(held) <= 40
    assert all(c.state == "closed" for c in held)


def test_nobody_joined_before_birth_or_left_before_joining(bank: Bank) -> None:
    assert all(c.birth_date < c.since <= bank.as_of for c in bank.customers)
    assert all(c.since < c.closed_on <= bank.as_of for c in bank.customers if c.closed_on)


def test_minors_have_a_guardian_of_age_and_no_income(bank: Bank) -> None:
    grown = years_before(bank.as_of, 18)
    minors = [c for c in bank.customers if c.birth_date > grown]
    assert len(minors) > 20
    for minor in minors:
        assert minor.guardian is not None
        guardian = bank.by_number(Customer, minor.guardian)
        assert guardian.birth_date <= grown
        assert guardian.number < minor.number
        assert minor.monthly_income == 0


def test_everybody_has_a_banker_of_the_own_branch(bank: Bank) -> None:
    bankers = {s.number: s for s in bank.staff if s.role == "rm"}
    assert all(bankers[c.manager].branch == c.branch for c in bank.customers)


def test_second_files_differ_where_they_should_and_nowhere_else_that_matters(bank: Bank, truth: Truth) -> None:
    for pair in truth.duplicates:
        own, copy = bank.by_number(Customer, pair.kept), bank.by_number(Customer, pair.duplicate)
        assert own.birth_date == copy.birth_date
        assert own.branch == copy.branch
        assert own.national_id != copy.national_id
        assert (own.name != copy.name) == (pair.kind in ("typo", "script", "order", "renamed", "latin"))
        assert (own.mobile != copy.mobile) == (pair.kind in ("mobile", "old_id"))
        assert (own.address != copy.address) == (pair.kind == "moved")
        assert (len(copy.national_id) == 15) == (pair.kind == "old_id")


def test_people_who_look_alike_have_all_numbers_of_their_own(bank: Bank, truth: Truth) -> None:
    assert {t.kind for t in truth.traps} == {"twins", "father_son", "namesakes"}
    for trap in truth.traps:
        one, other = bank.by_number(Customer, trap.first), bank.by_number(Customer, trap.second)
        assert one.mobile != other.mobile
        assert one.email != other.email
        assert one.national_id[10:17] != other.national_id[10:17]
        assert (one.birth_date == other.birth_date) == (trap.kind != "father_son")
        assert (one.name == other.name) == (trap.kind != "twins")
        assert (one.address == other.address) == (trap.kind != "namesakes")


def test_a_second_file_may_leave_something_open_and_a_first_file_never(bank: Bank, truth: Truth) -> None:
    copies = {pair.duplicate for pair in truth.duplicates}
    bare = {c.number for c in bank.customers if not (c.email and c.occupation and c.employer)}
    assert 5 <= len(bare) <= 40
    assert bare <= copies


def test_how_much_a_second_file_differs_is_a_matter_of_the_profile() -> None:
    profile = load_profile("cn-digital-bank")
    terms = profile.duplicates
    hard = terms.model_copy(
        update={
            "characters": terms.characters.model_copy(update={"value": 2}),
            "missing": terms.missing.model_copy(update={"value": 1.0}),
        }
    )
    bank, truth = generate(seed=7, customers=500, profile=profile.model_copy(update={"duplicates": hard}))
    copies = [bank.by_number(Customer, pair.duplicate) for pair in truth.duplicates]
    assert not any(c.email or c.occupation or c.employer for c in copies)
    typos = [pair for pair in truth.duplicates if pair.kind == "typo"]
    names = [(bank.by_number(Customer, p.kept).name, bank.by_number(Customer, p.duplicate).name) for p in typos]
    assert any(sum(a != b for a, b in zip(own, wrong, strict=False)) == 2 for own, wrong in names)


def test_the_kinds_of_second_files_show_what_they_say(bank: Bank, truth: Truth) -> None:
    for pair in truth.duplicates:
        own, copy = bank.by_number(Customer, pair.kept), bank.by_number(Customer, pair.duplicate)
        match pair.kind:
            case "latin":
                assert copy.name == own.latin_name
            case "order":
                assert sorted(copy.name.replace(" ", "")) == sorted(own.name.replace(" ", ""))
            case "renamed":
                assert copy.latin_name.split()[own.language == "zh"] == own.latin_name.split()[
                    own.language == "zh"
                ] or (copy.name[0] == own.name[0])
