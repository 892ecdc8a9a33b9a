"""Port: a verb is played to its end over anything that can carry a request."""

import pytest

from scenarios.crm import CRM
from scenarios.port import REASONS, VERBS, Connector, Refused, Reply, Request, Steps, Unsupported, drive


def reply(status: int = 200, body: bytes = b"{}", **headers: str) -> Reply:
    return Reply(status=status, headers=headers, body=body)


class Asking(Connector):
    """A product with one verb."""

    def sign_out(self) -> Steps[None]:
        yield Request(method="POST", path="/out")


def two_steps() -> Steps[list[int]]:
    first = yield Request(method="GET", path="/1")
    second = yield Request(method="GET", path="/2")
    return [first.status, second.status]


def test_each_request_is_sent_and_its_reply_handed_back() -> None:
    asked: list[str] = []

    def send(request: Request) -> Reply:
        asked.append(request.path)
        return reply(200 + len(asked))

    assert drive(two_steps(), send, lambda _: None) == [201, 202]
    assert asked == ["/1", "/2"]


def test_a_refusal_is_thrown_into_the_verb_which_may_take_it() -> None:
    def lenient() -> Steps[str]:
        try:
            yield Request(method="GET", path="/")
        except Refused as no:
            return no.reason
        return "found"

    assert drive(lenient(), lambda _: reply(404), Connector().error_of) == "not-found"
    with pytest.raises(Refused, match=r"not-found \(404\)"):
        drive(two_steps(), lambda _: reply(404), Connector().error_of)


@pytest.mark.parametrize(
    ("status", "reason"), [(200, None), (302, None), (403, "forbidden"), (418, "refused"), (500, "server-error")]
)
def test_the_status_line_is_believed_where_a_vendor_says_nothing_else(status: int, reason: str | None) -> None:
    no = Connector().error_of(reply(status))
    assert (no.reason if no else None) == reason


def test_every_reason_is_a_word() -> None:
    assert all(word.replace("-", "").isalpha() for word in REASONS.values())


def test_too_fast_says_how_long_to_wait() -> None:
    assert Connector().throttle_of(reply(200)) is None
    assert Connector().throttle_of(reply(429)) == 1.0
    assert Connector().throttle_of(reply(429, **{"retry-after": "7"})) == 7.0


def test_a_date_to_wait_for_is_read_as_a_short_wait() -> None:
    """RFC 9110 allows a date; a bench that crashed on it would blame itself for the vendor's manners."""
    assert Connector().throttle_of(reply(429, **{"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})) == 1.0


def test_what_is_offered_is_what_is_written() -> None:
    assert Asking.verbs() == {"sign_out"}
    assert Connector.verbs() == frozenset()


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_is_unsupported_until_it_is_written_and_known_to_the_crm(verb: str) -> None:
    assert callable(getattr(CRM, verb))
    with pytest.raises((Unsupported, TypeError)):
        getattr(Connector(), verb)()


def test_a_request_knows_its_bytes() -> None:
    assert Request(method="GET", path="/").body == b""
    assert Request(method="POST", path="/", json={"a": 1}).body == b'{"a":1}'
    assert Request(method="POST", path="/", json={"a": 1}, content=b"raw").body == b"raw"


def test_a_reply_reads_its_json_or_says_that_it_is_none() -> None:
    assert reply(body=b"[1]").json == [1]
    with pytest.raises(ValueError, match=r"JSON|unexpected|expected"):
        _ = reply(body=b"<html>").json
