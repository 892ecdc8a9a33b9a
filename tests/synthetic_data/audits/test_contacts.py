"""Contacts of the last twelve months, consents as they stand today."""

from datetime import UTC, datetime

import pytest

from synthetic_data.audits.audit import count
from tests.synthetic_data.audits.village import CLOCK, found, village


def test_only_the_last_twelve_months_count() -> None:
    seen = found(count(village(), CLOCK))
    assert seen["contacts_each"] == 1
    assert seen["channel_branch"] == pytest.approx(1 / 3)
    assert seen["contacts_out"] == pytest.approx(1 / 3)
    assert (seen["used_app"], seen["used_web"], seen["used_call"]) == (0.5, 0, 0.5)
    assert seen["online_banking"] == 0.5


def test_the_last_word_on_a_consent_counts() -> None:
    seen = found(count(village(), CLOCK))
    assert seen["consent_marketing"] == pytest.approx(1 / 3)
    assert seen["consent_sharing"] == pytest.approx(1 / 3)
    assert seen["consent_profiling"] == 0


def test_complaints_are_told_in_the_unit_of_the_supervisor() -> None:
    tickets = {
        "complaint": [True, False],
        "severity": ["critical", "low"],
        "opened_at": [datetime(2026, 1, 1, tzinfo=UTC)] * 2,
    }
    seen = found(count(village(tickets=tickets), CLOCK))
    assert seen["complaint_share"] == 0.5
    assert seen["complaints_quarter"] == pytest.approx(1 / 3 / 4 * 1e7)


def test_uplift_is_target_less_control() -> None:
    members = {
        "arm": ["target"] * 4 + ["control"] * 4,
        "responded": [True, True, True, False, True, False, False, False],
    }
    seen = found(count(village(campaign_members=members), CLOCK))
    assert (seen["campaign_control"], seen["campaign_uplift"]) == (0.5, 0.5)


def test_files_are_those_of_customers() -> None:
    files = {"customer": ["C1", "C2", "C4"], "status": ["overdue", "verified", "overdue"], "level": ["enhanced"] * 3}
    seen = found(count(village(kyc_files=files), CLOCK))
    assert (seen["kyc_overdue"], seen["kyc_enhanced"]) == (0.5, 1)
