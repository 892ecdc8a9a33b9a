"""A customer is found by number or name, and their story is all that the bank knows, in the order of time."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from poc.story import LANES, TELLERS, Moment, Story, StoryError, found, story
from poc.story_plot import timeline, told
from poc.words import LANGUAGES, words
from synthetic_data.domains.lives import EVENTS
from synthetic_data.folders.growing import grow_folder
from synthetic_data.folders.order import Order
from synthetic_data.folders.reading import BankFolder
from synthetic_data.folders.soil import soil_of
from synthetic_data.ledger import MOVES
from synthetic_data.profile import load_profile, profile_names


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> BankFolder:
    folder = tmp_path_factory.mktemp("banks") / "bank"
    grow_folder(Order(seed=7, profile=load_profile("cn-digital-bank"), customers=120), folder, grower=soil_of)
    return BankFolder.open(folder)


def test_a_customer_is_found_by_any_form_of_the_number(bank: BankFolder) -> None:
    for asked in ("C00000017", "c17", "17", " 00000017 "):
        assert [row["number"] for row in found(bank, asked)] == ["C00000017"]
    for asked in ("121", "C99999999", "0", ""):
        assert found(bank, asked) == ()


def test_customers_are_found_by_a_part_of_their_name_in_either_script(bank: BankFolder) -> None:
    known = found(bank, "17")[0]
    for asked in (str(known["name"]), str(known["latin_name"]).upper()):
        assert "C00000017" in [row["number"] for row in found(bank, asked)]
    assert len(found(bank, "a", most=3)) == 3
    assert found(bank, "%_*\\") == ()


def test_a_story_is_told_in_the_order_of_time(bank: BankFolder) -> None:
    whole = story(bank, "C00000017")
    assert whole.customer["number"] == "C00000017"
    assert whole.accounts
    moments = [moment.at for moment in whole.moments]
    assert moments == sorted(moments)
    assert {moment.lane for moment in whole.moments} <= set(LANES)
    assert "joined" in {moment.kind for moment in whole.moments}
    assert all(row["customer"] == "C00000017" for row in whole.accounts)


def test_every_customer_of_the_bank_can_be_told_of(bank: BankFolder) -> None:
    kinds = {moment.kind for n in range(1, 121, 6) for moment in story(bank, f"C{n:08d}").moments}
    assert {"joined", "contact_in", "consent_yes", "kyc"} <= kinds


def test_somebody_else_s_customer_is_refused(bank: BankFolder) -> None:
    with pytest.raises(StoryError, match="customer C00000999: is not in bank; it has 120 customers"):
        story(bank, "C00000999")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_moment_has_words(language: str) -> None:
    say = words(language)
    assert all(say.of(f"data.kind.move_{kind}", "") for kind in MOVES)
    assert all(say.of(f"data.kind.life_{kind}", "") for kind in EVENTS)
    for profile in profile_names():
        assert all(say.of(f"data.word.{category}", "") for category in load_profile(profile).money.categories)
    assert all(say(f"data.lane.{lane}") for lane in LANES)


def test_money_comes_in_and_goes_out_in_lanes_of_its_own() -> None:
    row = {
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "kind": "salary",
        "channel": "system",
        "category": None,
        "account": "A1",
    }
    (come,) = TELLERS["transactions"]({**row, "amount": Decimal("9.50")})
    (gone,) = TELLERS["transactions"]({**row, "kind": "purchase", "category": "groceries", "amount": Decimal("-3.00")})
    assert (come.lane, gone.lane) == ("money_in", "money_out")
    assert told(come, words("en")) == "salary · system"


def test_a_plot_has_a_lane_for_each_kind_and_escapes_what_people_wrote() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    moments = (Moment(at, "life", "joined"), Moment(at, "contacts", "message", ("app",), text="<b>now</b>"))
    whole = Story(customer={"number": "C1"}, accounts=(), moments=moments)
    plot = timeline(whole, words("zh"))
    assert [trace.name for trace in plot.figure.data] == ["人生", "接触"]
    assert "<b>now" not in plot.figure.to_json()
    assert timeline(whole, words("en"), ["sales"]).title == "Nothing is on file for this choice."
