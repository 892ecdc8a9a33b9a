"""What a profile may claim about money."""

from pathlib import Path

import pytest

from synthetic_data.profile import ProfileError, load_profile
from tests.synthetic_data.test_profile import OURS


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("[money.flows] # amounts in the home currency, rates in events a month\npayroll = { value = 0.42",
         "[money.flows]\npayroll = { value = 1.42", "money.flows.payroll.value = 1.42"),
        ("hardest = { value = 0.7", "hardest = { value = 7", "money.risk.hardest.value = 7"),
        ("[money.categories.fuel]\nshare = 5", "[money.categories.fuel]\nshare = 0", "money.categories.fuel.share = 0"),
        ("shares = { mon = 0.9,", "shares = {", "weekdays_shop must have 7 weights"),
        ("[money.risk]", "[money.risk]\nmoon = 1", "money.risk.moon = 1"),
    ],
)  # fmt: skip
def test_a_wrong_claim_about_money_is_refused_by_field_and_value(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    path = tmp_path / "mine.toml"
    assert before in OURS
    path.write_text(OURS.replace(before, after), encoding="utf-8")
    with pytest.raises(ProfileError, match="mend that") as trouble:
        load_profile(path)
    assert told in str(trouble.value)
