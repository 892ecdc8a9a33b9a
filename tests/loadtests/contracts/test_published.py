"""Published: shipped contracts name their sources, and a bad file is refused in one line that names the field."""

from pathlib import Path

import pytest

from loadtests.contracts.day import habits, visits
from loadtests.contracts.published import ContractError, contract, contracts


def test_every_shipped_contract_says_where_and_when_it_was_read():
    known = contracts()
    assert {"fxiaoke", "salesforce-enterprise", "hubspot-enterprise", "dataverse"} <= known.keys()
    for one in known.values():
        assert one.source.startswith("https://")
        assert one.says


def test_salesforce_gives_a_thousand_for_each_licence():
    (daily, _) = contract("salesforce-enterprise").limits
    assert daily.size(200, 0) == 300_000
    assert daily.told(200, 0) == "300,000 / 24 h"


def test_an_unknown_contract_is_told_with_the_known_ones():
    with pytest.raises(ContractError, match="contract 'acme' is unknown: use dataverse, fxiaoke"):
        contract("acme")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[own]\ntitle = "x"', r"own\.yaml: own\.source: Field required"),
        ("[own", "cannot be read"),
        (
            '[own]\ntitle="x"\nsource="y"\nread=2026-01-01\n[[own.limits]]\nkind="window"\nrequests=-1',
            r"own\.limits\.0\.requests = -1",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_field(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ContractError, match=told):
        contracts(file)


def test_a_day_opens_what_heads_and_hours_say_and_the_same_twice():
    kept, heads = habits(), {"teller": 2, "customer": 100}
    first, again = (list(visits(kept, heads, "ordinary", seed=4)) for _ in range(2))
    assert first == again
    tellers = [one for one in first if one.role == "teller"]
    assert abs(len(tellers) - 120) <= 6  # 60 each, rounded hour by hour
    assert {one.account for one in tellers} == {"teller/0", "teller/1"}
    assert {one.account for one in first if one.role == "mobile"} == {"mobile/0"}


def test_a_salary_day_is_six_times_as_busy_on_the_phones_at_its_hours():
    kept, heads = habits(), {"customer": 10_000}
    hours = [
        [sum(one.at // 3_600_000 == hour for one in visits(kept, heads, kind)) for hour in (9, 10)]
        for kind in ("ordinary", "salary-day")
    ]
    assert hours[1][0] == hours[0][0]
    assert hours[1][1] == pytest.approx(6 * hours[0][1], abs=6)


def test_an_unknown_day_is_told_with_the_known_ones():
    with pytest.raises(ContractError, match="day 'doomsday' is unknown: use campaign, month-end"):
        list(visits(habits(), {}, "doomsday"))
