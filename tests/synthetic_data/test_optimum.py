"""The best that anybody could do."""

import pyarrow as pa
import pytest

from synthetic_data.optimum import optima
from tests.synthetic_data.domains.money.cells import PROFILES, grown_of


@pytest.mark.parametrize("profile", PROFILES)
def test_true_probabilities_reach_the_optimum_within_sampling_error(profile: str) -> None:
    grown = [grown_of(profile, cell) for cell in range(2)]
    truth = {name: pa.concat_tables([g.truth[name] for g in grown]) for name in ("churn", "propensities")}
    found = optima(truth)
    assert [o.question for o in found] == [
        "churn",
        *grown_of().truth["propensities"].column("product").unique().to_pylist(),
    ]
    for one in found:
        assert one.auc is not None
        assert one.drawn is not None
        assert one.error is not None
        assert abs(one.drawn - one.auc) < 4 * one.error, one.question
    assert found[0].auc is not None
    assert found[0].auc > 0.85


def test_an_optimum_worked_out_by_hand() -> None:
    churn = pa.table({"hazard": [0.8, 0.2], "leaves": [True, False]})
    offers = pa.table({"product": ["fund", "fund"], "probability": [0.5, 0.5], "takes": [True, False]})
    first, second = optima({"churn": churn, "propensities": offers})
    # one pair each way: 0.8 x 0.8 with the leaver above, 0.2 x 0.2 the other way round
    assert first.auc == pytest.approx(0.64 / 0.68)
    assert first.drawn == 1.0
    assert second.auc == pytest.approx(0.5)
    assert (first.rows, first.happened, first.expected) == (2, 1, 0.5)
