"""Faults: one line, one remedy, one exit code for whatever goes wrong."""

import errno

import pytest
from pydantic import BaseModel, ValidationError

from poc.cli.faults import BAD_INPUT, OUR_FAULT, STOPPED, explain
from scenarios.port import BenchFault, Refused
from synthetic_data.profile import ProfileError


class Settings(BaseModel):
    port: int


def test_what_a_room_calls_wrong_input_is_told_in_its_own_words() -> None:
    fault = explain(ProfileError("there is no profile 'moon'; choose one of: cn-digital-bank"))
    assert fault == ("there is no profile 'moon'; choose one of: cn-digital-bank", BAD_INPUT)


def test_a_fault_of_the_bench_is_never_called_the_users() -> None:
    assert explain(BenchFault("127.0.0.1:1 cannot be reached: is the target up?")).code == OUR_FAULT


def test_a_refusing_target_points_to_its_credentials() -> None:
    fault = explain(Refused("unauthenticated", status=401))
    assert fault.code == BAD_INPUT
    assert "unauthenticated (401)" in fault.message
    assert "credentials" in fault.message


@pytest.mark.parametrize(
    ("number", "code", "remedy"),
    [
        (errno.ENOSPC, OUR_FAULT, "Free some space"),
        (errno.EADDRINUSE, BAD_INPUT, "--port"),
        (errno.ENOENT, BAD_INPUT, "Check the path"),
        (errno.EACCES, BAD_INPUT, "permissions"),
        (errno.ENOTDIR, BAD_INPUT, "another path"),
        (errno.EIO, OUR_FAULT, "operating system"),
    ],
)
def test_what_the_operating_system_refuses_has_a_remedy(number: int, code: int, remedy: str) -> None:
    fault = explain(OSError(number, "no", "runs/7/evidence.jsonl"))
    assert fault.code == code
    assert remedy in fault.message


def test_a_file_in_trouble_is_named() -> None:
    assert "'runs/7/evidence.jsonl'" in explain(OSError(errno.ENOSPC, "full", "runs/7/evidence.jsonl")).message


def test_a_wrong_setting_is_told_with_its_field_and_its_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"port": "eighty"})
    fault = explain(caught.value)
    assert fault.code == BAD_INPUT
    assert fault.message.startswith("port = 'eighty': ")


def test_a_stop_by_the_user_is_no_fault() -> None:
    assert explain(KeyboardInterrupt()).code == STOPPED


def test_what_nobody_foresaw_is_ours_and_fits_in_one_line() -> None:
    fault = explain(RuntimeError("first\nsecond"))
    assert fault.code == OUR_FAULT
    assert "RuntimeError: first second" in fault.message
    assert "\n" not in fault.message
    assert "TOUCHSTONE_DEBUG=1" in fault.message
