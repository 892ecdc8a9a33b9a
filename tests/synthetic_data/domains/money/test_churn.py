"""Who leaves, and the signs of it."""

import numpy as np
import pandas as pd
import pytest

from synthetic_data.domains.money.domain import money
from synthetic_data.ground import lay_ground
from synthetic_data.profile import load_profile
from tests.synthetic_data.domains.money.cells import PROFILES, crowd, frame, ground_of

CELLS = range(3)
SIGNS = ["logins_fade", "activity_fades", "salary_moves", "balance_drains", "complains"]
TODAY = pd.Timestamp("2026-06-30", tz="UTC")


def all_of(name: str) -> pd.DataFrame:
    return pd.concat([frame(name, cell=cell) for cell in CELLS], ignore_index=True)


def late_share(rows: pd.DataFrame, weight: str | None = None) -> pd.Series:
    """For each customer the share of a year's rows (or of a column) in its last sixty days."""
    year = rows[rows["at"] > TODAY - pd.Timedelta(days=365)]
    late = year[year["at"] > TODAY - pd.Timedelta(days=58)]
    count = (
        (lambda part: part.groupby("customer")[weight].sum())
        if weight
        else lambda part: part.groupby("customer").size()
    )
    return (count(late) / count(year)).fillna(0).reindex(year["customer"].unique()).fillna(0)


def test_as_many_leave_as_their_hazards_say() -> None:
    churn = all_of("churn")
    spread = np.sqrt((churn["hazard"] * (1 - churn["hazard"])).sum())
    assert abs(churn["leaves"].sum() - churn["hazard"].sum()) < 4 * spread
    assert 0.04 < churn["leaves"].mean() < 0.09


def test_whoever_leaves_does_so_within_the_horizon_after_the_day_the_bank_is_seen() -> None:
    churn = all_of("churn")
    left = churn[churn["leaves"]]
    assert left["leaves_on"].notna().all()
    assert churn.loc[~churn["leaves"], "leaves_on"].isna().all()
    late = pd.to_datetime(left["leaves_on"]) - pd.Timestamp("2026-06-30")
    assert late.dt.days.between(1, 90).all()


def test_most_of_those_who_leave_show_signs_and_about_a_fifth_show_none() -> None:
    churn = all_of("churn")
    silent = ~churn.loc[churn["leaves"], SIGNS].any(axis=1)
    assert 0.08 < silent.mean() < 0.35
    assert churn.loc[~churn["leaves"], SIGNS].sum(axis=1).mean() < 0.4


def test_purchases_and_logins_fade_in_the_last_sixty_days() -> None:
    churn = all_of("churn").set_index("customer")
    moved = all_of("transactions")
    share = late_share(moved[moved["kind"] == "purchase"])
    fading = churn.index[churn["activity_fades"]].intersection(share.index)
    steady = churn.index[~churn[SIGNS].any(axis=1)].intersection(share.index)
    assert share[fading].mean() < share[steady].mean() / 2
    used = all_of("engagements")
    used["late"] = pd.to_datetime(used["month"]) >= pd.Timestamp("2026-05-01")
    means = used.groupby(["customer", "late"])["logins"].mean().unstack()
    ratio = means[True] / means[False]
    assert ratio.reindex(churn.index[churn["logins_fade"]]).median() < 0.5
    assert 0.8 < ratio.reindex(churn.index[~churn["logins_fade"]]).median() < 1.2


def test_wages_go_elsewhere_before_their_earner_does() -> None:
    churn = all_of("churn").set_index("customer")
    moved = all_of("transactions")
    paid = moved[moved["kind"].isin(["salary", "pension"]) & (moved["at"] > TODAY - pd.Timedelta(days=58))]
    assert not set(churn.index[churn["salary_moves"]]) & set(paid["customer"])
    earning = all_of("personas").set_index("customer")["payer"].dropna().index
    stay = churn.index[~churn["salary_moves"]].intersection(earning)
    assert stay.isin(paid["customer"]).mean() > 0.97


def test_drained_balances_have_fallen() -> None:
    churn = all_of("churn").set_index("customer")
    moved = all_of("transactions")
    out = moved[(moved["kind"] == "transfer_out") & (moved["at"] > TODAY - pd.Timedelta(days=59))]
    sent = -out.groupby("customer")["amount"].sum()
    drains = sent.reindex(churn.index[churn["balance_drains"]]).fillna(0)
    others = sent.reindex(churn.index[~churn["balance_drains"]]).fillna(0)
    assert drains.median() > 2 * others.median()


def test_complaints_come_before_leaving() -> None:
    churn = all_of("churn").set_index("customer")
    used = all_of("engagements")
    late = used[pd.to_datetime(used["month"]) >= pd.Timestamp("2026-05-01")].groupby("customer")["complaints"].sum()
    assert late.reindex(churn.index[churn["complains"]]).mean() > 1
    assert late.reindex(churn.index[~churn["complains"]]).mean() < 0.1


def test_who_has_left_in_the_window_showed_signs_before_closing() -> None:
    moved = all_of("transactions")
    closed = moved[moved["kind"] == "closing"].groupby("customer")["at"].max()
    bought = moved[(moved["kind"] == "purchase") & moved["customer"].isin(closed.index)]
    days = (bought["customer"].map(closed) - bought["at"]).dt.days
    rate_late, rate_before = (days < 60).sum() / 60, ((days >= 60) & (days < 240)).sum() / 180
    assert rate_late < 0.8 * rate_before


@pytest.mark.parametrize("profile", PROFILES[1:])
def test_every_profile_has_leavers(profile: str) -> None:
    assert frame("churn", profile)["leaves"].sum() > 5


def test_without_visibility_the_signs_cannot_be_seen() -> None:
    profile = load_profile("cn-digital-bank")
    hidden = profile.money.churn.model_copy(
        update={"visibility": profile.money.churn.visibility.model_copy(update={"value": 0.0})}
    )
    profile = profile.model_copy(update={"money": profile.money.model_copy(update={"churn": hidden})})
    ground = lay_ground(ground_of().seed, profile)
    grown = money(ground, *crowd(ground))
    churn = grown.truth["churn"].to_pandas().set_index("customer")
    used = grown.tables["engagements"].to_pandas()
    used["late"] = pd.to_datetime(used["month"]) >= pd.Timestamp("2026-05-01")
    means = used.groupby(["customer", "late"])["logins"].mean().unstack()
    ratio = (means[True] / means[False]).reindex(churn.index[churn["logins_fade"]])
    assert 0.7 < ratio.median() < 1.3
