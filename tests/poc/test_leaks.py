"""Nothing that is secret, and nobody's own data, is left in what an assessment leaves behind."""

import re
import stat
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from poc import orders
from poc.cli.door import run
from poc.cli.faults import FINE
from poc.conduct import conduct
from poc.orders import Order
from scenarios.folders import AssessmentFolder
from scenarios.redaction import PLACEHOLDER
from synthetic_data.generator import generate

pytestmark = [pytest.mark.pg, pytest.mark.slow]

#: Stories in which passwords, tokens, one-time codes, API keys and the secrets of webhooks cross the wire.
ASKED = ("SEC-17", "SEC-23", "SEC-02")
CUSTOMERS, SEED = 100, 7
#: Where a target's own words are kept; they are synthetic, and their owner's alone.
WIRE = ("exchanges.jsonl", ".zz")
#: A name that says that a secret stands behind it, in JSON that may stand in JSON, and the value.
NAMED = re.compile(
    rb'\\*"([a-z_]*(?:secret|passw|token|otp|recovery|api_?key|private|credential)[a-z_]*)\\*"\s*:\s*\\*"([^"\\]{6,})',
    re.IGNORECASE,
)
#: Values of such names that are no secrets: what kind of token it is, where it is had, and where secrets are kept.
PLAIN = {b"token_type", b"token_endpoint", b"secrets_file"}
SHAPES = {
    "a private key": rb"BEGIN [A-Z ]*PRIVATE KEY",
    "a signed token": rb"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.",
    "a hash of a password": rb"\$argon2",
    "the secret of one-time codes": rb"otpauth://[^\"\s]*secret=(?!\[secret-)",
    "a password in an address": rb"postgres(?:ql)?://[^:/\s]+:[^@/\s]+@",
    "a token in clear": rb"[Bb]earer (?!\[secret-)[\w.~+/-]{16,}",
}


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bench after an assessment that was ordered, played, pressed, reported and put on record."""
    bench = tmp_path_factory.mktemp("bench")
    folder = AssessmentFolder(bench / "runs", "a1")
    order = Order(
        systems=("reference",), customers=CUSTOMERS, seed=SEED, rate=20, seconds=2, only=ASKED, lab=bench / "lab"
    )
    orders.give(folder, order)
    assert conduct(folder) == "done"
    assert run(["report", str(folder.path)]) == FINE
    assert run(["record", str(folder.path), "--draws", "1000"]) == FINE
    return bench


def test_no_secret_is_left_in_any_file_of_a_run_or_in_any_log(left: Path) -> None:
    known = set(secrets_of(left / "lab"))
    assert len(known) > 10, "the lab's own secrets were not found: nothing would be proven"
    found = []
    for path in written(left):
        text = content(path)
        found += [f"{path}: a secret of the lab" for secret in known if secret in text]
        found += [f"{path}: {what}" for what, shape in SHAPES.items() if re.search(shape, text)]
        found += [
            f"{path}: {name.decode()}"
            for name, value in NAMED.findall(text)
            if name not in PLAIN and not PLACEHOLDER.match(value)
        ]
    assert not sorted(set(found))


def test_nobody_s_data_is_left_but_in_what_the_target_answered(left: Path) -> None:
    people = generate(seed=SEED, customers=CUSTOMERS, profile=Order().profile).bank.customers
    canaries = {value.encode() for one in people for value in (one.national_id, one.mobile, one.email, one.card_number)}
    canaries.discard(b"")
    answered = b"".join(content(path) for path in written(left) if path.name.endswith(WIRE))
    assert any(canary in answered for canary in canaries), "nothing was answered: nothing would be proven"
    found = [
        f"{path}: {canary.decode()}"
        for path in written(left)
        if not path.name.endswith(WIRE)
        for canary in canaries
        if canary in content(path)
    ]
    assert not found


def test_secrets_and_answers_are_their_owner_s_alone(left: Path) -> None:
    private = [path for path in (left / "runs").rglob("*") if path.name.endswith(WIRE)]
    private += keepers(left / "lab")
    assert len(private) > 6
    assert not [f"{path} {oct(mode)}" for path in private if (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077]


def keepers(lab: Path) -> Iterator[Path]:
    """The files of a lab in which its secrets are kept."""
    yield from (path for room in ("keys", "secrets") for path in (lab / room).iterdir() if path.is_file())
    yield from (lab / "authority").glob("*.key")
    yield from (lab / "authority" / "receivers").iterdir()
    yield from (lab / "bank").iterdir()
    public = ("stranger.pem", "authority.pem")  # certificates of authorities
    yield from (one for one in (lab / "authority" / "machines").iterdir() if one.name not in public)


def secrets_of(lab: Path) -> Iterator[bytes]:
    for path in keepers(lab):
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".key", ".pem"):  # the lines after the first hold the public half as well
            lines = [text.partition("PRIVATE KEY-----")[2].split()[0]]
        else:
            lines = list(strings(tomllib.loads(text))) if path.suffix == ".toml" else text.splitlines()
        yield from (line.encode() for line in lines if len(line) >= 12)


def strings(document: object) -> Iterator[str]:
    match document:
        case str():
            yield document
        case dict():
            for name, value in document.items():
                if name != "username":
                    yield from strings(value)


def written(bench: Path) -> Iterator[Path]:
    """Every file that is left, but those that keep secrets and the database's own."""
    kept = {*keepers(bench / "lab")}
    for path in bench.rglob("*"):
        if path.is_file() and path not in kept and bench / "lab" / "postgres" not in path.parents:
            yield path


def content(path: Path) -> bytes:
    data = path.read_bytes()
    return zlib.decompress(data) if path.suffix == ".zz" else data
