"""Every figure stands beside its published one, or says that there is none; parts add up to the whole."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import synthetic_data.audits
from synthetic_data.audits.audit import (
    FIGURES,
    AuditError,
    Finding,
    Published,
    audit,
    book_of,
    count,
    published,
)
from synthetic_data.profile import profile_names
from tests.synthetic_data.audits.village import CLOCK, found, village

BOOKS = Path(synthetic_data.audits.__file__).parent / "published"


@pytest.mark.parametrize("profile", profile_names())
def test_every_profile_has_its_book_with_a_source_for_every_figure(profile: str) -> None:
    book = published(profile)
    assert book.keys() == FIGURES.keys()
    assert len(book) >= 40
    assert sum(one.value is not None for one in book.values()) >= 35
    assert all(one.source for one in book.values())


def test_there_is_no_book_without_a_profile() -> None:
    assert {path.stem.replace("_", "-") for path in BOOKS.glob("*.toml")} == set(profile_names())


def test_a_bank_is_the_sum_of_its_parts() -> None:
    tables = village()
    first = {name: part.slice(0, 2) if name == "customers" else part for name, part in tables.items()}
    rest = {name: part.slice(2) if name == "customers" else part.slice(0, 0) for name, part in tables.items()}
    first["accounts"] = first["accounts"].slice(0, 3)
    rest["accounts"] = tables["accounts"].slice(3)
    whole, parts = count(tables, CLOCK), count(first, CLOCK) + count(rest, CLOCK)
    for name, value in whole.sums.items():
        if "fifth" not in name:  # the highest incomes are those of each part
            assert parts.sums[name] == pytest.approx(value), name
    for name, spread in whole.spreads.items():
        assert np.allclose(parts.spreads[name], spread), name
    assert {name: dict(words) for name, words in parts.words.items()} == whole.words


def test_what_has_no_table_is_not_measured() -> None:
    done = audit([village()], CLOCK, "cn-digital-bank")
    verdicts = {finding.key: finding.verdict for finding in done.findings}
    assert verdicts["purchase_mean"] == verdicts["cards_each"] == "unmeasured"
    assert verdicts["surname_top5"] in ("near", "far")
    assert verdicts["dormant"] == "unpublished"
    assert done.customers == 4
    assert sum(done.counted(verdict) for verdict in ("near", "far", "unpublished", "unmeasured")) == len(FIGURES)


def test_progress_is_told_in_customers() -> None:
    told: list[int] = []
    audit([village(), village()], CLOCK, "cn-digital-bank", progress=told.append)
    assert told == [4, 8]


def test_a_bank_without_customers_is_refused() -> None:
    with pytest.raises(AuditError, match="has no customers"):
        audit([], CLOCK, "cn-digital-bank")


def test_a_profile_of_ones_own_has_no_published_figures() -> None:
    done = audit([village()], CLOCK, "my-bank")
    assert {finding.verdict for finding in done.findings} == {"unpublished", "unmeasured"}


@pytest.mark.parametrize(
    ("relation", "value", "verdict"),
    [
        ("near", 0.55, "near"),
        ("near", 0.56, "far"),
        ("near", 0.44, "far"),
        ("at_least", 9.0, "near"),
        ("at_least", 0.44, "far"),
        ("at_most", -9.0, "near"),
        ("at_most", 0.56, "far"),
    ],
)
def test_a_verdict_follows_from_value_tolerance_and_relation(relation: str, value: float, verdict: str) -> None:
    known = Published.model_validate({"value": 0.5, "within": 0.05, "relation": relation, "source": "a paper"})
    assert Finding(key="male", topic="people", unit="share", found=value, published=known).verdict == verdict


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[male\n", "not TOML"),
        ('[male]\nvalue = 0.5\nsource = "none found"', "a value needs a source"),
        ('[male]\nsource = "NBS"', "needs a value"),
        ("[male]\nvalue = 0.5", "male.source"),
        ('[moon]\nsource = "none found"', "'moon' is not measured"),
        ('[male]\nvalue = 0.5\nwithin = -1\nsource = "NBS"', "male.within"),
    ],
)
def test_a_book_that_cannot_be_used_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(AuditError, match=r"figures mine\.toml") as trouble:
        book_of(text, "mine.toml")
    assert told in str(trouble.value)
    assert "\n" not in str(trouble.value)


def test_words_may_come_as_dictionaries() -> None:
    tables = village()
    at = tables["customers"].schema.get_field_index("tier")
    coded = tables["customers"].column("tier").combine_chunks().dictionary_encode()
    tables["customers"] = tables["customers"].set_column(at, "tier", pa.chunked_array([coded]))
    assert found(count(tables, CLOCK)) == found(count(village(), CLOCK))
