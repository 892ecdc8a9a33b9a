"""Documents: files good and bad are handed in, and what comes back of them is looked at."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.library.security.sightings import OWN
from scenarios.papers import Attachment, Paper
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: Why a document is opened, where the target wants to know.
WHY = "the customer asked what this paper says"
PDF = "application/pdf"
#: What a browser runs or draws as a page of the site that it comes from; a file that says it is a PDF and is this.
PAGES: Mapping[str, bytes] = {
    "a page": b"<!doctype html><script>fetch('/v1/auth/logout')</script>",
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>",
    "a program": b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00",
    "a shell script": b'#!/bin/sh\nrm -rf "$HOME"\n',
}
#: Names that lead somewhere, or would end a header.
NAMES = (
    "../../../../etc/passwd.pdf", "..\\..\\windows\\win.ini.pdf", "/etc/cron.d/job.pdf", 'a"; filename="run.exe',
    "a.pdf\r\nSet-Cookie: stolen=1", "report.pdf\x00.exe",
)  # fmt: skip
#: Media types that no browser draws as a page or runs.
TAME = ("application/pdf", "application/octet-stream", "image/", "text/plain")


def pdf(*lines: str) -> bytes:
    """Return a whole PDF of one empty page that has lines as its comments, in clear."""
    parts = [b"%PDF-1.4\n", *(b"%" + line.encode() + b"\n" for line in lines)]
    places = []
    for number, text in enumerate(
        (
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ),
        start=1,
    ):
        places.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, text))
    start = sum(map(len, parts))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return b"".join((*parts, b"xref\n0 4\n0000000000 65535 f \n", table, tail))


@contextmanager
def papers_of(crm: CRM, *states: Customer) -> Iterator[tuple[str, ...]]:
    """Hang a document with a customer's restricted values, former ones too, on their record, where one can."""
    if not crm.offers("attach"):
        yield ()
        return
    values = [str(getattr(one, field)) for one in states for field in OWN]
    core, content = crm.acting_as(Actor.INTEGRATION), pdf(*values)
    document = core.attach(Customer, states[0].number, name="identity.pdf", media_type=PDF, content=content).value
    try:
        yield (document,)
    finally:
        if crm.has(Actor.COMPLIANCE):
            quietly(crm.acting_as(Actor.COMPLIANCE).detach, document)


class Tried(NamedTuple):
    """A file that was handed in: whether it was taken, how it is listed, and what came when it was asked for."""

    what: str
    taken: Attempt[str]
    listed: Attachment | None
    came: Attempt[Paper] | None


#: What does not take files is open to no attack by files.
NOTHING = none_of((), what="file", note="not offered: the product takes no files")


class Handed(NamedTuple):
    """A good file, bad ones, and bad names; too many bytes are tried with the attacks on appetite."""

    good: Tried
    content: bytes
    pages: tuple[Tried, ...]
    names: tuple[Tried, ...]


@scenario("SEC-20")
def files_good_and_bad_are_handed_in(crm: CRM, bank: Bank) -> Handed | None:
    """A good file, pages and programs that claim to be papers, and names that lead elsewhere."""
    if not crm.offers("attach"):
        return None
    need(crm, Actor.INTEGRATION)
    (owner,) = newcomers(crm, bank, 1)
    core, content = crm.acting_as(Actor.INTEGRATION), pdf(crm.nonce)
    with on_file(crm, owner), _tidy(crm) as taken:
        good = _tried(core, owner, "a good file", "paper.pdf", content, taken)
        pages = tuple(_tried(core, owner, what, "paper.pdf", data, taken) for what, data in PAGES.items())
        names = tuple(_tried(core, owner, repr(name), name, content, taken) for name in NAMES)
    return Handed(good=good, content=content, pages=pages, names=names)


@contextmanager
def _tidy(crm: CRM) -> Iterator[list[str]]:
    taken: list[str] = []
    try:
        yield taken
    finally:
        for document in taken if crm.has(Actor.COMPLIANCE) else ():
            quietly(crm.acting_as(Actor.COMPLIANCE).detach, document)


def _tried(core: CRM, owner: Customer, what: str, name: str, content: bytes, taken: list[str]) -> Tried:
    made = attempt(
        core, what, lambda view: view.attach(Customer, owner.number, name=name, media_type=PDF, content=content)
    )
    if not made.ok:
        return Tried(what, made, None, None)
    taken.append(made.value)
    listed = attempt(core, "list", lambda view: view.attachments(Customer, owner.number))
    mine = next((one for one in listed.value if one.number == made.value), None) if listed.ok else None
    came = attempt(core, f"download of {what}", lambda view: view.read_attachment(made.value, WHY))
    return Tried(what, made, mine, came)


def _takes(seen: Handed) -> None:
    """Raise NotTestable unless the good file went in and came back: a closed door proves nothing."""
    came = seen.good.came
    if came is None or not came.ok or came.value.content != seen.content:
        raise NotTestable(f"a good file did not come back as it was handed in: {seen.good.taken.reason}")


@files_good_and_bad_are_handed_in.check
def a_file_is_what_it_claims(seen: Handed | None) -> Verdict:
    """Pages, drawings with scripts and programs that claim to be a PDF are not taken, or never called what they are."""
    if seen is None:
        return NOTHING
    _takes(seen)
    wrong = [
        f"{one.what} comes back as {one.came.value.media_type}"
        for one in seen.pages
        if one.came is not None and one.came.ok and not _harmless(one.came.value)
    ]
    wrong += [f"{one.what} was taken for a PDF" for one in seen.pages if one.listed and one.listed.media_type == PDF]
    return none_of(wrong, what="file that is not what it claims")


def _harmless(paper: Paper) -> bool:
    return paper.media_type.lower().startswith(TAME)


@files_good_and_bad_are_handed_in.check
def a_file_comes_as_a_download(seen: Handed | None) -> Verdict:
    """A file is sent to be saved and not shown, and browsers are told not to guess its type."""
    if seen is None:
        return NOTHING
    _takes(seen)
    came = [one.came.value for one in (seen.good, *seen.pages, *seen.names) if one.came is not None and one.came.ok]
    wrong = [f"shown in place: {one.disposition or 'no word'}" for one in came if not _saved(one)]
    wrong += ["the type may be guessed" for one in came if one.sniffing.lower() != "nosniff"]
    return none_of(wrong, what="file that a browser would show", note=f"{len(came)} downloads")


def _saved(paper: Paper) -> bool:
    return paper.disposition.lower().startswith("attachment")


@files_good_and_bad_are_handed_in.check
def a_file_name_leads_nowhere(seen: Handed | None) -> Verdict:
    """Names lose folders, line ends and quotes before they are listed or become a header."""
    if seen is None:
        return NOTHING
    _takes(seen)
    wrong = []
    for one in seen.names:
        name = one.listed.name if one.listed else ""
        wrong += [f"listed as {name!r}"] if any(mark in name for mark in ("/", "\\", "\r", "\n", "\x00")) else []
        if one.came is not None and one.came.ok and one.came.answer is not None:
            headers = one.came.answer.replies[-1].headers
            wrong += [f"{one.what} sets a cookie"] if "stolen" in headers.get("set-cookie", "") else []
            wrong += [f"{one.what} is saved as run.exe"] if 'filename="run.exe' in one.came.value.disposition else []
    return none_of(wrong, what="name that leads somewhere", note=f"{len(seen.names)} names")
