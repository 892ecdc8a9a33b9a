"""Reading: business cases from files, complete offers, the register and how amounts are told."""

from datetime import date
from decimal import Decimal

import pytest

from scorecards.business.amounts import converted, told
from scorecards.business.reading import CaseError, case_from, case_of, cost_lines, example_case, read_case
from scorecards.business.readings import Reading
from scorecards.business.register import State, register
from scorecards.methods.tables import TableError

PLAIN = {"name": "plain", "currency": "CNY", "years": 3, "rate": 0.1, "costs": {"seats": {"yearly": 10}}}


def test_the_22_lines_have_names_in_both_languages():
    lines = cost_lines()
    assert len(lines) == 22
    assert all(one.title and one.title_zh for one in lines.values())


def test_the_example_fills_every_line_and_says_that_it_is_one():
    assert {one.name for one in example_case().costs} == set(cost_lines())
    assert example_case().example


def test_names_and_titles_are_kept_in_both_languages():
    case = example_case()
    assert (case.named("en"), case.named("zh")) == ("Example bank", "示例银行")
    assert (case.risks[0].title, case.risks[0].title_zh) == ("Breach of customer data", "客户数据泄露")
    assert case_of(PLAIN).named("zh") == "plain"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"rate": "much"}, "rate is 'much'"),
        ({"currency": "yuan"}, "currency is 'yuan'"),
        ({"costs": {"bribes": {"once": 1}}}, "costs.bribes is no cost line"),
        ({"costs": {"seats": {"once": -1}}}, "costs.seats.once is -1"),
        ({"drivers": {"x": {}}}, "drivers.x.title"),
        ({"surprise": 1}, "surprise is 1"),
    ],
)
def test_a_mistake_is_named_by_field_and_value(change, named):
    with pytest.raises(CaseError, match=named):
        case_of({**PLAIN, **change})


def test_a_file_that_is_none_is_named(tmp_path):
    with pytest.raises(CaseError, match="cannot be read"):
        read_case(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ")
    with pytest.raises(CaseError, match=r"broken\.toml"):
        read_case(broken)


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"name = 'x'\n", b"x = " + b"[" * 9999, b"#" * 10**6])
def test_an_upload_that_is_no_case_is_told_in_words(content):
    with pytest.raises(CaseError, match=r"mine\.toml") as refused:
        case_from(content, "mine.toml")
    assert len(str(refused.value)) < 300
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("value", [1e308, -1e308, float("inf"), float("nan")])
def test_a_number_beyond_any_bank_is_named_before_it_is_computed_with(value):
    with pytest.raises(CaseError, match=r"costs\.seats\.once is "):
        case_of({**PLAIN, "costs": {"seats": {"once": value}}})
    with pytest.raises(CaseError, match=r"uncertain\.overrun\.a is "):
        case_of({**PLAIN, "uncertain": {"overrun": {"kind": "exactly", "a": value}}})


def test_a_spread_beyond_drawing_is_no_belief():
    with pytest.raises(CaseError, match=r"lognormal of .* is no distribution"):
        case_of({**PLAIN, "uncertain": {"overrun": {"kind": "lognormal", "a": 1.1, "b": 1e9}}})


def test_more_than_can_be_drawn_is_refused():
    never = {"kind": "exactly", "a": 0.0}
    risk = {"title": "t", "title_zh": "t", "a_year": never, "loss": never, "reduction": never}
    case_of({**PLAIN, "risks": {f"r{number}": risk for number in range(60)}})
    with pytest.raises(CaseError, match=r"risks is .* at most 60 items"):
        case_of({**PLAIN, "risks": {f"r{number}": risk for number in range(61)}})


def test_the_register_asks_after_three_six_and_twelve_months():
    readings = [Reading(driver="retention", on=date(2027, 5, 2), effect=0.10, by="retail")]
    entry = register(example_case(), date(2027, 1, 31), readings)[0]
    assert entry.due == {3: date(2027, 4, 30), 6: date(2027, 7, 31), 12: date(2028, 1, 31)}
    assert entry.state(3, date(2027, 5, 3)) is State.PARTLY_KEPT
    assert entry.state(6, date(2027, 7, 1)) is State.NOT_DUE
    assert entry.state(6, date(2027, 8, 1)) is State.OVERDUE
    with pytest.raises(TableError, match="no such driver"):
        register(example_case(), date(2027, 1, 1), [Reading(driver="luck", on=date(2027, 5, 2), effect=1, by="x")])


@pytest.mark.parametrize(
    ("amount", "language", "text"),
    [
        (12_345_678, "en", "CNY 12.3 m"), (12_345_678, "zh", "1,235 万元"), (123_456_789, "zh", "1.23 亿元"),
        (-54_041_073, "en", "\u2212CNY 54.0 m"), (-54_041_073, "zh", "\u22125,404 万元"), (950, "zh", "950 元"),
        (0, "en", "CNY 0"), (1_500, "en", "CNY 1.50 k"),
    ],
)  # fmt: skip
def test_amounts_are_told_as_people_read_them(amount, language, text):
    assert told(amount, "CNY", language) == text


def test_another_currency_needs_a_rate():
    rates = {"EUR": Decimal("7.8"), "CNY": Decimal(1)}
    assert converted(Decimal(78), "CNY", "EUR", rates) == 10
    with pytest.raises(TableError, match=r"exchange.USD is missing"):
        converted(Decimal(1), "USD", "CNY", rates)
