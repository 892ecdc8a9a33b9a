"""Faults are data: the shipped ones cover what the requirement asks for, and a wrong file is told in one line."""

import pytest

from loadtests.fault import ASKED, FaultError, fault, missing, parse, shipped

LEAST = {
    "name": "switch-off",
    "title": {"en": "The switch is off", "zh": "交换机关闭"},
    "because": {"en": "It happens.", "zh": "时有发生。"},
    "act": "cut-line",
    "lasts": 5,
    "asked": 60,
    "reads": "resume",
    "restores": "bench",
}


def test_the_shipped_faults_stand_for_all_that_the_requirement_asks_for_each_once():
    stands_for = [one.stands_for for one in shipped() if one.stands_for]
    assert sorted(stands_for) == sorted(ASKED)
    assert missing(shipped()) == ()
    assert missing([fault("kill-worker")]) == tuple(one for one in ASKED if one != "application")


def test_a_fault_is_long_enough_only_when_it_lasts_as_long_as_is_asked():
    assert fault("kill-worker").long_enough
    assert not fault("kill-database").long_enough
    assert fault("kill-database").at(full=True).lasts == 600
    assert fault("kill-database").at(lasts=30).lasts == 30
    assert fault("kill-worker").at(full=True).lasts == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"act": "unplug"}, "act 'unplug' is unknown: use kill-worker"),
        ({"stands_for": "rain"}, "stands_for 'rain' is unknown"),
        ({"lasts": -1}, "lasts = -1"),
        ({"act": "command"}, "needs both"),
        ({"begin": ["reboot"], "undo": ["true"]}, "belong to act 'command'"),
        ({"surprise": 1}, "surprise"),
        ({"title": {"en": "only one"}}, "title.zh"),
    ],
)
def test_a_wrong_fault_is_told_by_field_value_and_remedy(change, told):
    with pytest.raises(FaultError) as wrong:
        parse({**LEAST, **change})
    assert told in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_a_laboratory_brings_its_own_command_with_what_undoes_it(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(
        "{name: own, title: {en: a, zh: b}, because: {en: a, zh: b}, act: command, begin: [ctl, stop], "
        "undo: [ctl, start], lasts: 9, asked: 9, reads: resume, restores: bench}",
        encoding="utf-8",
    )
    own = fault(str(file))
    assert (own.begin, own.undo) == (("ctl", "stop"), ("ctl", "start"))


@pytest.mark.parametrize("text", ["{", "- 1", "&a [*a, *a", ""])
def test_a_file_that_is_no_fault_is_refused_in_one_line(tmp_path, text):
    file = tmp_path / "odd.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FaultError) as wrong:
        fault(str(file))
    assert "\n" not in str(wrong.value)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(FaultError, match="unknown fault 'storm': use kill-worker"):
        fault("storm")
