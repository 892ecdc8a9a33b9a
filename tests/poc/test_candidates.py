"""The lab's own candidates are the reference CRM and copies that wear their label."""

from poc.candidates import candidates


def test_the_reference_comes_first_and_every_copy_wears_its_label() -> None:
    assert list(candidates()) == ["reference", "leaky", "careless"]
    assert [one.labels for one in candidates().values()] == [(), ("deliberately weakened",), ("deliberately weakened",)]
    assert [bool(one.mutants) for one in candidates().values()] == [False, True, True]
