"""A pack has the same bytes whenever it is made, gives every figure anew, and one changed byte in it is refused."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE
from poc.container import contents, zipped
from poc.pack import EVENTS, INDEX, RECORD, SEAL, Inputs, PackError, canonical, packed, private_key, sealed
from poc.record import Record, made
from poc.unpacking import differences, verified
from scorecards.committee.events import Log
from tests.poc.committee.seats import weighed
from tests.poc.pages.sample import TARGETS, write_sample

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
FLIPS = 150


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def record(place: Path) -> Record:
    return made(place, "seed-default", None, draws=500, seed=1)


@pytest.fixture(scope="module")
def whole(record: Record, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return packed(
        record, Inputs(weighting="seed-default", events=log(tmp_path_factory.mktemp("log") / "log.jsonl")), KEY
    )


def log(file: Path) -> Path:
    told = Log()
    for hour, kind in enumerate(("weights sealed", "motion carried"), start=9):
        at = datetime(2026, 6, 30, hour, tzinfo=UTC)
        told = told.add(told.next(kind, {"n": hour}, actor="wang", role="chair", at=at, key=KEY))
    file.write_bytes(b"".join(orjson.dumps(one.line()) + b"\n" for one in told.events))
    return file


def kept(folder: Path, data: bytes) -> Path:
    file = folder / "x.pack.zip"
    file.write_bytes(data)
    return file


def forged(whole: bytes, changes: dict[str, bytes], key: Ed25519PrivateKey | None = None) -> bytes:
    """Return what somebody who mends every hash, but holds no key, would make of a pack."""
    entries = contents(whole) | changes
    index = json.loads(entries[INDEX])
    fresh = contents(zipped(entries))
    for one in index["entries"]:
        content = fresh[one["name"]]
        one |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    told = canonical(index)
    return zipped({**entries, INDEX: told, SEAL: sealed(told, key)})


def test_it_holds_and_every_figure_is_worked_out_anew(whole: bytes, record: Record, tmp_path: Path) -> None:
    found = verified(kept(tmp_path, whole), KEY.public_key())
    assert found.record == record.digest
    assert found.figures > 100
    assert found.events == 2
    assert found.signed_by == KEY.public_key().public_bytes_raw().hex()
    assert not found.differing_versions


def test_made_again_it_has_the_same_bytes(record: Record) -> None:
    one, other = (packed(record, Inputs(weighting="seed-default"), KEY) for _ in range(2))
    assert one == other


def test_one_changed_byte_anywhere_is_refused_and_named(whole: bytes, tmp_path: Path) -> None:
    chance, names = Random(7), list(contents(whole))
    edges = [*range(0, 40, 3), *range(len(whole) - 60, len(whole), 4)]
    for at in [*edges, *(chance.randrange(len(whole)) for _ in range(FLIPS))]:
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        with pytest.raises(PackError) as fault:
            verified(kept(tmp_path, bytes(changed)))
        told = str(fault.value)
        assert "byte " in told or any(name in told for name in names), told


def test_a_changed_line_of_evidence_is_named_by_its_number(whole: bytes, tmp_path: Path) -> None:
    changed = whole.replace(b'"outcome":"failed"', b'"outcome":"fAiled"', 1)
    assert changed != whole
    with pytest.raises(PackError, match=r"targets/02-leaky/evidence\.jsonl line 1 differs"):
        verified(kept(tmp_path, changed))


@pytest.mark.parametrize("cut", [0, 10, 1000, -1])
def test_a_pack_that_was_cut_is_refused(whole: bytes, tmp_path: Path, cut: int) -> None:
    with pytest.raises(PackError):
        verified(kept(tmp_path, whole[:cut]))


def test_a_total_that_was_made_up_is_named_though_every_hash_fits(whole: bytes, tmp_path: Path) -> None:
    told = json.loads(contents(whole)[RECORD])
    target = next(iter(told["decision"]["targets"]))
    told["decision"]["targets"][target]["middle"] += 0.5
    with pytest.raises(PackError, match=rf"record: decision\.targets\.{target}\.middle is .* gives"):
        verified(kept(tmp_path, forged(whole, {RECORD: canonical(told)})))


def test_other_weights_are_found_by_what_they_give(whole: bytes, tmp_path: Path) -> None:
    name = "inputs/weighting.toml"
    moved = contents(whole)[name].replace(b"[dimensions]\nSEC = ", b"[dimensions]\nSEC = 1", 1)
    with pytest.raises(PackError, match="record: "):
        verified(kept(tmp_path, forged(whole, {name: moved})))


def test_an_input_that_cannot_be_read_is_named(whole: bytes, tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"inputs/weighting\.toml.*cannot be read"):
        verified(kept(tmp_path, forged(whole, {"inputs/weighting.toml": b"="})))


def test_a_log_whose_entry_was_changed_is_refused(whole: bytes, tmp_path: Path) -> None:
    changed = contents(whole)[EVENTS].replace(b"motion carried", b"motion refused")
    with pytest.raises(PackError, match="entry 2 was changed"):
        verified(kept(tmp_path, forged(whole, {EVENTS: changed})))


def test_who_must_have_signed_is_asked_for(whole: bytes, tmp_path: Path) -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(PackError, match="not by the key that was given"):
        verified(kept(tmp_path, forged(whole, {}, other)), KEY.public_key())
    with pytest.raises(PackError, match="signed by nobody"):
        verified(kept(tmp_path, forged(whole, {})), KEY.public_key())


def test_a_figure_may_differ_in_its_last_bits_and_no_more() -> None:
    assert not list(differences({"a": [1.0]}, {"a": [1.0 + 1e-12]}))
    assert list(differences({"a": [1.0]}, {"a": [1.1]})) == ["a[0] is 1.0 where what is packed gives 1.1"]
    assert list(differences({"a": 1}, {})) == ['a is 1 where what is packed gives "nothing"']


def test_the_commands_make_and_believe_a_pack(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pem, public, file = tmp_path / "k.pem", tmp_path / "k.pub", tmp_path / "x.pack.zip"
    pem.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    words = ["record", "pack", str(place), "-o", str(file), "--draws", "500", "--sign", str(pem), "--json"]
    assert run(words) == FINE
    digest = json.loads(capsys.readouterr().out)["record_sha256"]
    assert run(["verify", "pack", str(file), "--key", str(public), "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert (told["whole"], told["record_sha256"]) == (True, digest)
    file.write_bytes(file.read_bytes().replace(b"tie_band = 0.10", b"tie_band = 0.90"))
    assert run(["verify", "pack", str(file)]) == BAD_INPUT
    assert "inputs/policy.toml differs" in capsys.readouterr().err


def test_what_is_no_pack_and_no_key_is_said_in_one_line(place: Path, tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no Ed25519 private key"):
        private_key(kept(tmp_path, b"nothing"))
    with pytest.raises(PackError, match="is missing"):
        verified(kept(tmp_path, zipped({"a": b"b"})))
    assert run(["verify", "pack", str(tmp_path / "none.zip")]) == BAD_INPUT


def test_a_committees_record_is_rebuilt_from_its_own_log(place: Path, tmp_path: Path) -> None:
    names = tuple(name for name, _, _ in TARGETS)
    chair, seats = weighed(tmp_path / "crm", place, names, "SEC-02")
    state = chair.ledger.state()
    record = made(place, "seed-default", None, draws=500, seed=1, committee=state)
    told = json.loads(record.as_json())
    assert told["gates"][names[0]]["SEC-02"] == "waived"
    assert [(one["target"], one["name"], one["expires"]) for one in told["weighting"]["waivers"]] == [
        (names[0], "Lin", "2027-03-31")
    ]
    assert told["committee"]["motions"][0]["dissent"] == {"m2": "a gate is a gate"}
    assert 0 < told["committee"]["integrity"] < 100
    whole = packed(record, Inputs(weighting="seed-default", events=chair.ledger.path), KEY)
    assert verified(kept(tmp_path, whole)).record == record.digest
    with pytest.raises(PackError, match="not where the committee that decided does"):
        packed(record, Inputs(weighting="seed-default"), KEY)
    own = forged(whole, {RECORD: record.as_json().replace(b"a gate is a gate", b"no objections")})
    with pytest.raises(PackError, match=r"record: committee\.motions\[0\]\.dissent\.m2 is"):
        verified(kept(tmp_path, own))
    seats[0].do("note.taken", {"text": "the log goes on"})
    with pytest.raises(PackError, match="not where the committee that decided does"):
        packed(record, Inputs(weighting="seed-default", events=chair.ledger.path), KEY)
