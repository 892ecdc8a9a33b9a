"""The sealed tables of a bank are what the judges take: the truth itself is perfect, and an empty answer is not."""

import numpy as np
import pandas as pd
import pytest

from synthetic_data.cell import grow_cell
from synthetic_data.ground import lay_ground
from synthetic_data.grown import Grown
from synthetic_data.judging.actions import judge_actions
from synthetic_data.judging.cases import judge_cases
from synthetic_data.judging.chances import judge_chances
from synthetic_data.judging.labels import judge_labels
from synthetic_data.judging.screening import judge_screening
from synthetic_data.judging.sets import judge_sets
from synthetic_data.profile import load_profile


@pytest.fixture(scope="module")
def grown() -> Grown:
    return grow_cell(lay_ground(21, load_profile("cn-digital-bank")), 0)


def sealed(grown: Grown, name: str) -> pd.DataFrame:
    frame: pd.DataFrame = grown.truth[name].to_pandas()
    return frame


def test_churn_is_judged_beside_its_optimum(grown: Grown) -> None:
    truth = sealed(grown, "churn")
    judged = judge_chances(truth["hazard"], truth["leaves"], likely=truth["hazard"])
    assert judged.auc is not None
    assert judged.optimum_auc is not None
    assert judged.auc_error is not None
    assert abs(judged.auc - judged.optimum_auc) < 4 * judged.auc_error


def test_the_best_offer_captures_the_optimum(grown: Grown) -> None:
    truth = sealed(grown, "propensities")
    truth["gain"] = np.where(truth["suitable"], truth["probability"] * truth["value"].astype(float), np.nan)
    worth = truth.pivot_table(index="customer", columns="product", values="gain", observed=True, dropna=False)
    products = [str(name) for name in worth.columns]
    best = [products[int(np.nanargmax(row))] if np.isfinite(row).any() else None for row in worth.to_numpy()]
    judged = judge_actions(best, products, worth.to_numpy())
    assert judged.share == pytest.approx(1)
    assert judged.at_random is not None
    assert judged.at_random < 0.9
    assert judged.harmed == 0


def test_planted_cases_are_found_by_their_events_alone(grown: Grown) -> None:
    truth = sealed(grown, "risk_events").rename(columns={"number": "event"})
    kinds = sealed(grown, "risk_cases").set_index("number")["kind"].astype(str)
    truth["kind"] = truth["case"].map(kinds)
    perfect = judge_cases(truth[["event"]], truth)
    assert (perfect.precision, perfect.recall, perfect.event_recall) == (1, 1, 1)
    assert perfect.cases == len(kinds)
    payments = grown.tables["transactions"].column("number").to_pandas().sample(300, random_state=1)
    blind = judge_cases(pd.DataFrame({"event": payments}), truth)
    assert blind.precision is not None
    assert blind.precision < 0.1


def test_owners_are_judged_company_by_company(grown: Grown) -> None:
    truth = sealed(grown, "beneficial_owners")
    latest = truth[truth["at"] == truth["at"].max()]
    true = latest.groupby("company")["owner"].agg(set).to_dict()
    assert judge_sets(true, true).exact_f1 == 1
    first = {company: sorted(owners)[:1] for company, owners in true.items()}
    judged = judge_sets(first, true)
    assert judged.exact_f1 is not None
    assert judged.exact_f1 < 1


def test_intents_and_segments_are_judged_as_labels(grown: Grown) -> None:
    for name, column in (("message_intents", "intent"), ("personas", "segment")):
        wanted = sealed(grown, name)[column].astype(str).tolist()
        assert judge_labels(wanted, wanted).macro_f1 == 1
        assert judge_labels([wanted[0]] * len(wanted), wanted).macro_f1 < 0.5


def test_a_watch_list_is_judged_at_few_false_alarms(grown: Grown) -> None:
    truth = sealed(grown, "watch_verdicts")
    judged = judge_screening(truth["hit"].astype(float), truth["hit"], allowed=0.0)
    assert (judged.recall, judged.alarmed) == (1, 0)
