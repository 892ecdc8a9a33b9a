"""Messages and dialogues of a cell, and what is sealed of them."""

import pandas as pd
import pytest

from synthetic_data.domains.intents import THANKS, TURNS, dialogues, messages
from synthetic_data.phrases import intents, speech
from tests.synthetic_data.columns_lives import accounts_of, ground_of, people_of

GIVEN = (ground_of(), people_of(), accounts_of())


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    cell = messages(*GIVEN)
    return cell.tables["messages"].to_pandas().merge(cell.truth["message_intents"].to_pandas(), on="number")


@pytest.fixture(scope="module")
def talked() -> pd.DataFrame:
    cell = dialogues(*GIVEN)
    return (
        cell.tables["turns"]
        .to_pandas()
        .merge(cell.truth["turn_intents"].to_pandas().drop(columns="dialogue"), on="number", how="left")
    )


def test_the_same_cell_says_the_same() -> None:
    for domain, name in ((messages, "messages"), (dialogues, "turns")):
        assert domain(*GIVEN).tables[name].equals(domain(*GIVEN).tables[name])


def test_every_message_has_its_intent_and_every_intent_its_messages(told: pd.DataFrame) -> None:
    assert len(told) == messages(*GIVEN).tables["messages"].num_rows
    assert set(told["intent"]) == set(intents())
    assert told["number"].is_unique


def test_only_hard_messages_name_a_rival(told: pd.DataFrame) -> None:
    assert (told["rival"].notna() == (told["difficulty"] == "hard")).all()
    assert not (told["rival"].astype(object) == told["intent"].astype(object)).any()


def test_hardly_two_messages_are_the_same(told: pd.DataFrame) -> None:
    assert told["text"].nunique() > 0.9 * len(told)


def test_messages_are_in_the_language_of_their_customer(told: pd.DataFrame) -> None:
    english = people_of().english[told["customer"].str[1:].astype(int).to_numpy() - 1]
    chinese = told["text"].str.contains(r"[\u4e00-\u9fff]").to_numpy()
    assert (english != chinese).all()


def test_a_dialogue_opens_with_the_bank_and_its_turns_follow_in_time(talked: pd.DataFrame) -> None:
    for _, turns in talked.groupby("dialogue"):
        assert turns["nth"].tolist() == list(range(1, len(turns) + 1))
        assert turns["at"].is_monotonic_increasing
        assert turns["speaker"].iloc[0] == "agent"
        assert len(turns) in (TURNS - 2, TURNS)


def test_customers_alone_want_something_and_thank_at_last(talked: pd.DataFrame) -> None:
    assert (talked["intent"].notna() == (talked["speaker"] == "customer")).all()
    mine = talked[talked["speaker"] == "customer"]
    assert (mine.groupby("dialogue")["intent"].last() == THANKS).all()


def test_who_turns_to_something_else_wants_something_else(talked: pd.DataFrame) -> None:
    mine = talked[talked["speaker"] == "customer"].assign(before=lambda t: t.groupby("dialogue")["intent"].shift())
    turned = mine[mine["switched"].astype(bool)]
    assert len(turned)
    assert (turned["intent"].astype(str) != turned["before"].astype(str)).all()
    opening = speech("zh").turning + speech("en").turning
    assert turned["text"].str.startswith(opening).all()
