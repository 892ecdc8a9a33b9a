"""Outgoing: what a judge makes of what came to receivers, and of a customer read under a second layer."""

import base64

import pytest

from scenarios.library.security import outgoing
from scenarios.library.security.outgoing import Envelopes, Told
from scenarios.listening import BAD, SOUND
from scenarios.verdict import NotTestable

MARK = "910000198001010011"


def told(**came: int) -> Told:
    counted = {SOUND: 1, **dict.fromkeys(BAD, 0), **{make.replace("_", "-"): count for make, count in came.items()}}
    return Told(taken=dict.fromkeys(counted, True), came=counted)


def test_events_to_the_sound_receiver_alone_pass() -> None:
    for check in outgoing.events_are_told_to_receivers_good_and_bad.checks:
        assert check.judge(told()).passed, check.name


@pytest.mark.parametrize("make", BAD)
def test_one_event_to_a_receiver_that_proved_nothing_fails(make: str) -> None:
    assert not outgoing.no_delivery_to_bad_certificate(told(**{make: 1})).passed


def test_silence_everywhere_proves_nothing_about_bad_receivers() -> None:
    with pytest.raises(NotTestable):
        outgoing.no_delivery_to_bad_certificate(told(sound=0))


def read(crossed: tuple[str, str], opened: str = f'{{"national_id": "{MARK}"}}') -> Envelopes:
    return Envelopes(marks=(MARK,), crossed=crossed, opened=(opened, opened))


def test_two_different_envelopes_that_open_pass() -> None:
    assert outgoing.payload_layer_is_offered(read(("e30..AA.AA.AA", "e30..AA.AA.BB"))).passed


def test_an_envelope_that_anybody_reads_fails() -> None:
    glass = base64.urlsafe_b64encode(MARK.encode()).decode().rstrip("=")
    assert not outgoing.payload_layer_is_offered(read((f"e30..AA.{glass}.AA", f"e30..AA.{glass}.BB"))).passed


def test_an_envelope_that_does_not_open_fails() -> None:
    assert not outgoing.payload_layer_is_offered(read(("e30..AA.AA.AA", "e30..AA.AA.BB"), opened="")).passed


def test_masked_values_in_an_envelope_fail() -> None:
    masked = read(("e30..AA.AA.AA", "e30..AA.AA.BB"), opened='{"national_id": "910***********0011"}')
    assert not outgoing.payload_layer_is_offered(masked).passed
