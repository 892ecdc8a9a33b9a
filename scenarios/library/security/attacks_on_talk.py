"""Attacks on talk: what errors, headers, redirects and forgotten pages give away (OWASP API 8 and 9)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from scenarios.actors import Actor
from scenarios.library.security.shooting import Range, bent, said, verb
from scenarios.library.security.staffing import credential_for, enter
from scenarios.library.security.weaknesses import Shot
from scenarios.port import Request
from synthetic_data.records import Customer

EVIL = "evil.example"
#: Words by which the inside of a system is known: traces of languages, databases and frameworks.
INNER_WORDS = re.compile(
    rb"Traceback \(most recent|File \"[^\"]+\", line \d+|\bat [\w.$]+\([\w]+\.java:\d+\)|\.py\", line|SQLSTATE"
    rb"|ORA-\d{5}|syntax error at or near|psycopg|asyncpg\.|sqlalchemy\.|org\.hibernate|System\.\w+Exception"
    rb"|node_modules/|/site-packages/|Fatal error: |Unhandled exception|goroutine \d+ \[|SELECT [\w, .*]+ FROM \w+"
)
VERSION = re.compile(r"\d+\.\d+")
#: Pages of the inside, files of secrets and of source, and what is seen on them if they are served.
SECRETS = {
    "/.git/HEAD": rb"^ref: ", "/.git/config": rb"\[core\]", "/.env": rb"^\w+=", "/config.json": rb"(?i)password|secret",
    "/backup.sql": rb"(?i)insert into|create table", "/actuator/env": rb"propertySources",
    "/actuator/heapdump": rb"^JAVA", "/.aws/credentials": rb"aws_", "/dump": rb"(?i)insert into|\"national_id\"",
    "/web.config": rb"<configuration", "/.svn/entries": rb"^\d+\n",
}  # fmt: skip
INSIDE = (
    "/debug", "/debug/vars", "/console", "/admin", "/metrics", "/actuator", "/server-status", "/phpinfo.php", "/docs",
    "/redoc", "/swagger-ui.html", "/graphiql", "/trace", "/status", "/_profiler", "/test",
)  # fmt: skip
REDIRECTS = ("next", "url", "redirect", "redirect_uri", "return_to", "continue", "dest")
HOSTS = ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Host")


def by_errors(range_: Range) -> Iterator[Shot]:
    """Malformed requests of many kinds are sent; what the refusals say is read for words of the inside."""
    view = range_.as_(Actor.RM_A)
    for what, request in _malformed(range_).items():
        shot = range_.fire(view, what, request)
        inner = INNER_WORDS.search(shot.body)
        shot = shot.found("inner_words", inner is not None, inner[0].decode("ascii", "replace") if inner else "")
        yield shot.found("unhandled", shot.status >= 500 and shot.status != 501, f"status {shot.status}")


def _malformed(range_: Range) -> dict[str, Request]:
    own = range_.own
    get, listed = range_.opening("get", Customer, own.number), range_.opening("list", Customer, limit=1)
    change = range_.opening("update", Customer, own.number, {"occupation": "x"}, version="1")
    json, form = {"Content-Type": "application/json"}, {"Content-Type": "application/x-www-form-urlencoded"}
    told = {
        "broken JSON": bent(change, content=b'{"occupation": ', headers=json),
        "no JSON at all": bent(change, content=b"\xff\xfe\x00", headers=json),
        "a list for an object": bent(change, content=b"[[]]", headers=json),
        "a number for a text": bent(change, content=b'{"occupation": 1e999}', headers=json),
        "half a character": bent(change, content=b'{"occupation": "\\ud800"}', headers=json),
        "a null character": bent(change, content=b'{"occupation": "a\\u0000b"}', headers=json),
        "the same key twice": bent(change, content=b'{"occupation": "a", "occupation": 7}', headers=json),
        "another media type": bent(change, content=b"a=b", headers=form),
        "a stale version that is none": bent(change, headers={"If-Match": "'"}),
        "a number that is none": bent(get, path=f"{get.path}%ff%00'"),
        "a parameter that is none": bent(get, query={"include": "'\"\x00"}),
        "an unknown sort order": bent(listed, query={"sort": "'"}),
        "a page of no number": bent(listed, query={"limit": "1e9"}),
        "a cursor that is none": bent(listed, query={"cursor": "'=="}),
        "an unknown address": Request(method="GET", path=f"{listed.path}-nothing-here/'"),
        "an unknown method": bent(listed, method="PROPFIND"),
    }  # fmt: skip
    for what, asked in range_.requests([verb("a search for half a character", "search", Customer, "%\u0000x")]):
        told[what] = asked
    return told


def by_browsers(range_: Range) -> Iterator[Shot]:
    """A page of a foreign site asks in a user's name; headers that keep browsers safe are read."""
    view = range_.as_(Actor.RM_A)
    get = range_.opening("get", Customer, range_.own.number)
    for origin in (f"https://{EVIL}", "null"):
        shot = range_.fire(view, f"read from {origin}", bent(get, headers={"Origin": origin}))
        yield shot.found("any_origin", _lets(shot, origin), f"answers are readable from {origin}")
        asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
        shot = range_.fire(range_.as_(Actor.ANONYMOUS), "preflight", bent(get, method="OPTIONS", headers=asked))
        yield shot.found("any_origin", _lets(shot, origin), f"changes are allowed from {origin}")
    asks = [verb("get", "get", Customer, range_.own.number), verb("list", "list", Customer, limit=1)]
    for what, request in range_.requests(asks):
        yield _unsafe(range_.fire(view, what, request))
    yield _unsafe(range_.fire(view, "a refusal", bent(get, path=f"{get.path}-none")))
    marked = bent(get, method="TRACE", headers={"X-Echo": "touchstone-echo"})
    shot = range_.fire(view, "TRACE", marked)
    yield shot.found("echoed_request", shot.ok and b"touchstone-echo" in shot.body)


def _lets(shot: Shot, origin: str) -> bool:
    allowed = shot.headers.get("access-control-allow-origin", "")
    credentials = shot.headers.get("access-control-allow-credentials", "").lower() == "true"
    return allowed == origin or (allowed == "*" and credentials)


def _unsafe(shot: Shot) -> Shot:
    if shot.reply is None:
        return shot
    headers = shot.headers
    told = f"{headers.get('server', '')} {headers.get('x-powered-by', '')} {headers.get('x-aspnet-version', '')}"
    cookie = headers.get("set-cookie", "").lower()
    bare = bool(cookie) and not all(word in cookie for word in ("secure", "httponly", "samesite"))
    shot = shot.found("bare_cookie", bare, "see Set-Cookie")
    shot = shot.found("named_version", VERSION.search(told) is not None, told.strip())
    shot = shot.found("guessed_type", headers.get("x-content-type-options", "").lower() != "nosniff", "no nosniff")
    return shot.found("no_transport_rule", "strict-transport-security" not in headers, "no HSTS")


def by_caches(range_: Range) -> Iterator[Shot]:
    """Answers about people are read for how long they may be kept, and asked for under names of public files."""
    view, own = range_.as_(Actor.RM_A), range_.own
    asks = [verb("get", "get", Customer, own.number), verb("list", "list", Customer, limit=1)]
    asks += [verb("search", "search", Customer, own.latin_name), verb("overview", "overview", own.number)]
    asks += [verb("history", "history", Customer, own.number), verb("lookup", "find", Customer, mobile=own.mobile)]
    for what, request in range_.requests(asks):
        shot = range_.fire(view, what, request)
        rule = shot.headers.get("cache-control", "").lower()
        yield shot.found("kept_answer", range_.yes(shot) and "no-store" not in rule, f"Cache-Control: {rule or 'none'}")
    get = range_.opening("get", Customer, own.number)
    for ending in ("/x.css", ".css", "%2fx.css", ";x.css", "%0ax.js"):
        shot = range_.fire(view, f"get as {ending}", bent(get, path=f"{get.path}{ending}"))
        yield shot.found("deceived_cache", range_.yes(shot) and own.number.encode() in shot.body)


def by_hosts(range_: Range) -> Iterator[Shot]:
    """Requests name a foreign host; answers are read for it."""
    view = range_.as_(Actor.RM_A)
    asks = [verb("get", "get", Customer, range_.own.number), verb("list", "list", Customer, limit=1)]
    for what, request in range_.requests(asks):
        for name in HOSTS:
            shot = range_.fire(view, f"{what} with {name}", bent(request, headers={name: EVIL}))
            yield shot.found("believed_host", EVIL.encode() in said(shot.reply))
        shot = range_.fire(view, f"{what} with Forwarded", bent(request, headers={"Forwarded": f"host={EVIL}"}))
        yield shot.found("believed_host", EVIL.encode() in said(shot.reply))


def by_guessing(range_: Range) -> Iterator[Shot]:
    """A wrong secret of a known and of an unknown user, and a record out of reach and one that is not, are compared."""
    yield from _at_the_door(range_)
    view = range_.as_(Actor.RM_A)
    there = range_.fire(view, "another branch's", range_.opening("get", Customer, range_.other.number))
    nowhere = range_.fire(view, "nobody's", range_.opening("get", Customer, f"Z{range_.crm.nonce}"))
    apart = there.status >= 400 and there.status != nowhere.status
    yield there.found("known_record", apart, f"{there.status} for one that exists, {nowhere.status} for none")
    yield nowhere


def _at_the_door(range_: Range) -> Iterator[Shot]:
    known = range_.crm.credentials.get(Actor.MARKETING)
    if known is None or not known.secret:
        return
    nobody = range_.as_(Actor.ANONYMOUS)
    wrong = f"Guess-{range_.crm.nonce}-secret!"
    stranger = replace(credential_for(range_.crm, range_.bank, "stranger"), secret=wrong)
    unknown = range_.fire(nobody, "an unknown user", range_.opening("sign_in", stranger))
    guess = range_.fire(nobody, "a known user", range_.opening("sign_in", replace(known, secret=wrong)))
    enter(range_.crm, known, Actor.MARKETING)  # the right secret, so that the wrong one does not count on
    apart = (guess.status, len(guess.body)) != (unknown.status, len(unknown.body))
    yield guess.found("known_user", apart, f"{guess.status} for a known name, {unknown.status} for an unknown one")
    yield unknown


def by_redirects(range_: Range) -> Iterator[Shot]:
    """Links of the bank's name a foreign site as where to go on."""
    nobody = range_.as_(Actor.ANONYMOUS)
    paths = [f"//{EVIL}/", f"//{EVIL}/%2e%2e", f"/%5c%5c{EVIL}/", f"///{EVIL}/"]
    asked = [Request(method="GET", path=path) for path in paths]
    doors = ["/", range_.opening("sign_in", credential_for(range_.crm, range_.bank, "nobody")).path]
    there = f"https://{EVIL}/"
    asked += [Request(method="GET", path=door, query={name: there}) for door in doors for name in REDIRECTS]
    for request in asked:
        shot = range_.fire(nobody, f"go to {EVIL}", request)
        where = shot.headers.get("location", "")
        leads = re.match(rf"(https?:)?[/\\]+{re.escape(EVIL)}", where) is not None
        yield shot.found("sent_elsewhere", 300 <= shot.status < 400 and leads, f"Location: {where}")


def by_doors(range_: Range) -> Iterator[Shot]:
    """Pages of the inside, files of secrets and old versions of the interface are asked for by a stranger."""
    nobody = range_.as_(Actor.ANONYMOUS)
    control = range_.fire(nobody, "an address that nobody has", Request(method="GET", path=f"/zq-{range_.crm.nonce}"))
    for path, sign in SECRETS.items():
        shot = range_.fire(nobody, path, Request(method="GET", path=path))
        seen = shot.ok and re.search(sign, shot.body, re.MULTILINE) is not None
        yield shot.found("open_secret", seen and shot.body != control.body, path)
    for path in INSIDE:
        shot = range_.fire(nobody, path, Request(method="GET", path=path))
        yield shot.found("forgotten_door", shot.ok and bool(shot.body) and shot.body != control.body, path)
    get = range_.opening("get", Customer, range_.own.number)
    for old in sorted({re.sub(r"/v\d+/", f"/{version}/", get.path) for version in ("v0", "v2", "beta", "internal")}):
        if old != get.path:
            shot = range_.fire(nobody, old, bent(get, path=old))
            yield shot.found("forgotten_door", range_.yes(shot), old)
