"""Seven invariants: each holds for a target that behaves, and each is broken by the misdeed that it is there for."""

from dataclasses import replace

import pytest

from loadtests.invariants import INVARIANTS, availability, judged, noticed_after, recovered_after
from loadtests.ordeal import OrdealError, Trail, read
from tests.loadtests.ordeals import ordeal, told_off, tried, with_wish


def broken(one):
    return {name for name, held in judged(one).items() if held.holds is False}


@pytest.mark.parametrize("name", ["kill-worker", "kill-database", "core-outage"])
def test_a_target_that_behaves_keeps_all_seven(name):
    assert {held.holds for held in judged(ordeal(name)).values()} == {True}


@pytest.mark.parametrize(
    ("misdeed", "check"),
    [
        (with_wish(ordeal(), found=0), "no_confirmed_write_is_lost"),
        (with_wish(ordeal(), found=2), "no_effect_happens_twice"),
        (with_wish(ordeal(), noted=2), "no_effect_happens_twice"),
        (with_wish(ordeal(), told=2), "no_effect_happens_twice"),
        (with_wish(ordeal(), noted=0), "the_audit_chain_holds"),
        (ordeal(trail=Trail(sound=False, findings=("altered at 7",), sealed_after_s=1.0)), "the_audit_chain_holds"),
        (ordeal(trail=Trail(sound=True, sealed_after_s=None)), "the_audit_chain_holds"),
        (ordeal(reads=(*ordeal().reads, told_off(106, status=500, again_in=None))), "errors_are_told"),
        (ordeal(reads=(*ordeal().reads, told_off(106, again_in=None))), "errors_are_told"),
        (ordeal(reads=(*ordeal().reads, tried(106, "silent", seconds=10))), "errors_are_told"),
        (ordeal("kill-worker", reads=tuple(tried(100 + n / 4) for n in (*range(20), *range(50, 80)))), "reads_go_on"),
        (ordeal(reads=tuple(tried(100 + n / 8) for n in range(40))), "reads_go_on"),
        (with_wish(ordeal(), told=0), "queues_drain"),
        (ordeal(unanswered=3), "queues_drain"),
        (ordeal(mended=None), "it_recovers_alone"),
    ],
)
def test_each_misdeed_breaks_the_invariant_that_is_there_for_it(misdeed, check):
    assert broken(misdeed) == {check}


def test_a_connection_that_breaks_tells_of_the_fault_and_one_that_is_silent_does_not():
    lost = ordeal(reads=(*ordeal().reads, tried(106, "lost")))
    assert broken(lost) == set()


def test_a_wish_that_was_never_confirmed_may_be_on_file_or_not():
    for found in (0, 1):
        unconfirmed = with_wish(ordeal(), tries=(told_off(106), tried(107, "lost")), found=found, noted=found)
        assert "no_confirmed_write_is_lost" not in broken(unconfirmed)


@pytest.mark.parametrize(
    ("unknown", "check"),
    [
        (ordeal(wishes=ordeal().wishes[:4]), "no_confirmed_write_is_lost"),
        (ordeal(wishes=tuple(replace(one, found=None) for one in ordeal().wishes)), "no_confirmed_write_is_lost"),
        (ordeal(wishes=ordeal().wishes[::2]), "no_effect_happens_twice"),
        (ordeal(trail=Trail(note="the product offers no audit")), "the_audit_chain_holds"),
        (ordeal(listens=False), "queues_drain"),
    ],
)
def test_what_nobody_could_see_is_neither_kept_nor_broken(unknown, check):
    assert judged(unknown)[check].holds is None


def test_recovery_counts_from_the_end_of_the_fault_to_the_last_failure():
    assert recovered_after(ordeal()) == pytest.approx(1.0)  # the missing process came back a second after it
    late = ordeal(reads=(*ordeal().reads, told_off(118.9)))
    assert recovered_after(ordeal(reads=late.reads)) is None  # nothing was asked long enough after it
    asked = (*late.reads, *(tried(119 + n) for n in range(6)))
    assert recovered_after(ordeal(reads=asked)) == pytest.approx(8.0)


def test_who_notices_a_fault_says_so_and_who_says_nothing_noticed_nothing():
    assert noticed_after(ordeal()) == pytest.approx(0.1)
    assert noticed_after(ordeal("core-outage", wishes=())) is None


def test_availability_is_told_with_what_it_is_at_least():
    seen, least = availability(ordeal())
    assert seen == pytest.approx(1 - 60 / 250)
    assert least < seen - 0.1  # the failures are one clump, and tell no more than that
    clean, bound = availability(ordeal(failures={}))
    assert (clean, round(bound, 4)) == (1.0, round(0.05 ** (1 / 250), 4))  # Clopper and Pearson with no failure
    assert availability(ordeal(requests={})) is None


def test_an_ordeal_comes_back_from_disk_as_it_was(tmp_path):
    one = ordeal()
    one.write(tmp_path / "deep")
    assert read(tmp_path / "deep") == one


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"wishes": 1}'])
def test_a_file_that_is_no_ordeal_is_told_in_one_line(tmp_path, text):
    (tmp_path / "ordeal.json").write_text(text, encoding="utf-8")
    with pytest.raises(OrdealError, match="is no readable ordeal") as wrong:
        read(tmp_path)
    assert "\n" not in str(wrong.value)


def test_every_invariant_says_in_one_sentence_what_holds():
    assert all(judge.__doc__.endswith(".") and "\n" not in judge.__doc__ for judge in INVARIANTS.values())
