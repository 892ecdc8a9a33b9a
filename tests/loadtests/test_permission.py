"""Permission: a signed paper allows what it says, where it says, when it says, and nothing that was changed since."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from loadtests.permission import Paper, Permission, PermitError, allow

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
TRUSTED = KEY.public_key().public_bytes_raw().hex()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def permission(**change):
    told = {
        "vendor": "Alder",
        "host": "crm.example",
        "purposes": ["load"],
        "begins": datetime(2026, 11, 20, tzinfo=UTC),
        "expires": datetime(2026, 11, 30, tzinfo=UTC),
        "most_per_second": 50,
        "signed_by": "A. Keeper",
    }
    return Permission.model_validate({**told, **change})


def test_a_paper_comes_back_from_its_text_as_it_was_signed():
    text = Paper.sign(permission(), KEY).text()
    assert Paper.read(text).believed(TRUSTED) == permission()
    assert permission().told() == "signed by A. Keeper of Alder until 2026-11-30, at most 50 requests/s"


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("50.0", "5000.0"), ("crm.example", "erp.example"), ("11-30", "12-30"), ('["load"', '["attack"')],
)
def test_whatever_is_changed_after_signing_is_noticed(was, becomes):
    text = Paper.sign(permission(), KEY).text().replace('[\n    "load",\n]', '["load"]')
    assert was in text
    with pytest.raises(PermitError, match="was changed after it was signed"):
        Paper.read(text.replace(was, becomes)).believed(TRUSTED)


def test_a_key_that_nobody_trusts_signs_nothing():
    with pytest.raises(PermitError, match="not the trusted one"):
        Paper.read(Paper.sign(permission(), OTHER).text()).believed(TRUSTED)


def test_a_foreign_signature_under_the_trusted_key_is_noticed():
    mine, theirs = Paper.sign(permission(), KEY), Paper.sign(permission(), OTHER)
    forged = mine.text().replace(mine.signature.value, theirs.signature.value)
    with pytest.raises(PermitError, match="was changed"):
        Paper.read(forged).believed(TRUSTED)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"purpose": "attack"}, "permits load, not attack"),
        ({"host": "erp.example"}, "permits crm.example, not erp.example"),
        ({"now": datetime(2026, 11, 19, 23, 59, tzinfo=UTC)}, "this would last from 2026-11-19T23:59:00"),
        ({"now": datetime(2026, 11, 29, 23, 59, tzinfo=UTC), "seconds": 61}, "to 2026-11-30T00:00:01"),
        ({"per_second": 50.1}, "permits 50 requests/s, and 50.1/s are asked: lower the rate"),
    ],
)
def test_what_a_paper_does_not_cover_is_refused_with_the_reason(asked, told):
    given = {"purpose": "load", "host": "crm.example", "now": NOON, **asked}
    with pytest.raises(PermitError, match=told):
        allow(permission(), **given)


def test_what_it_covers_is_allowed():
    allow(permission(), "load", "crm.example", NOON, seconds=600, per_second=50)


@pytest.mark.parametrize(
    ("hour", "minute", "seconds", "good"),
    [
        (23, 0, 3600, True),
        (0, 30, 60, True),
        (4, 59, 60, True),
        (4, 59, 61, False),
        (12, 0, 1, False),
        (21, 59, 1, False),
    ],
)
def test_a_window_over_midnight_holds_the_whole_run(hour, minute, seconds, good):
    at_night = permission(window="22:00-05:00")
    now = datetime(2026, 11, 23, hour, minute, tzinfo=UTC)
    if good:
        allow(at_night, "load", "crm.example", now, seconds=seconds, per_second=1)
    else:
        with pytest.raises(PermitError, match="permits 22:00-05:00 UTC only"):
            allow(at_night, "load", "crm.example", now, seconds=seconds, per_second=1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"most_per_second": 0}, "most_per_second must be above 0"),
        ({"expires": datetime(2026, 11, 20, tzinfo=UTC)}, "must come after begins"),
        ({"window": "25:00-26:00"}, "window"),
        ({"begins": datetime(2026, 11, 20)}, "begins"),  # noqa: DTZ001 a moment without a zone is what is refused
        ({"host": "CRM example"}, "host"),
    ],
)
def test_a_paper_that_makes_no_sense_is_refused_with_its_field(change, told):
    with pytest.raises(ValueError, match=told):
        permission(**change)


def test_a_paper_that_is_no_paper_is_refused_in_one_line():
    for text, told in (("permission =", "is not TOML"), ("[permission]", "vendor"), ("", "permission")):
        with pytest.raises(PermitError, match=told) as no:
            Paper.read(text)
        assert "\n" not in str(no.value)
