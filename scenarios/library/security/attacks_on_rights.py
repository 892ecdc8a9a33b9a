"""Attacks on rights: records, functions, fields and methods that are not the attacker's (OWASP API 1, 2, 3, 5, 7)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import orjson

from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.library.newcomers import quietly
from scenarios.library.security.policy import the_policy
from scenarios.library.security.shooting import Range, bent, verb
from scenarios.library.security.staffing import credential_for
from scenarios.library.security.weaknesses import Shot
from scenarios.port import Request, Unsupported
from synthetic_data.records import Account, Customer

#: Endings by which the number of a record is spelt otherwise.
SPELLINGS = ("%00", "%20", ".json", "%2f", ";v=1", "?")
#: Tokens that nobody was given: empty words of careless clients, and a token that signs itself with no algorithm.
TOKENS = ("null", "undefined", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJhZG1pbiJ9.")
#: Headers in which careless gateways are told who asks, and which address was meant.
NAMED_BY_HEADER = ("X-Forwarded-User", "X-Remote-User", "X-User-Id", "X-Authenticated-User")
ADDRESSED_BY_HEADER = ("X-Original-URL", "X-Rewrite-URL")
BRANCH_BY_HEADER = ("X-Branch", "X-Tenant-Id", "X-Org-Id")
#: Addresses that lead into a network or a machine (OWASP, Server-Side Request Forgery Prevention Cheat Sheet).
INNER = (
    "http://169.254.169.254/latest/meta-data/", "https://169.254.169.254/", "https://[::ffff:169.254.169.254]/",
    "https://2852039166/", "https://0.0.0.0/", "file:///etc/passwd", "gopher://169.254.169.254:6379/_INFO",
    "https://100.100.100.200/", "https://[fe80::1]/",
)  # fmt: skip
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


def on_records(range_: Range) -> Iterator[Shot]:
    """A banker asks for a customer of another branch by number, by other spellings of it, and by headers."""
    view, number = range_.as_(Actor.RM_A), range_.other.number
    accounts = range_.bank.belonging_to(Account, number)[:1]
    asks = [verb("get", "get", Customer, number), verb("overview", "overview", number)]
    asks += [verb("history", "history", Customer, number), verb("list", "list", Customer, where={"number": number})]
    asks += [verb("account", "get", Account, one.number) for one in accounts]
    for what, request in range_.requests(asks):
        shot = range_.fire(view, f"{what} of another branch's customer", request)
        yield shot.found("others_record", _shows(range_, shot))
    get = range_.opening("get", Customer, number)
    for spelling in SPELLINGS:
        shot = range_.fire(view, "another spelling of the number", bent(get, path=f"{get.path}{spelling}"))
        yield shot.found("others_record", _shows(range_, shot))
    for header in BRANCH_BY_HEADER:
        shot = range_.fire(view, f"header {header}", bent(get, headers={header: range_.other.branch}))
        yield shot.found("tenant_by_header", _shows(range_, shot))


def _shows(range_: Range, shot: Shot) -> bool:
    other = range_.other
    return range_.yes(shot) and any(mark.encode() in shot.body for mark in (other.number, other.latin_name))


def at_the_door(range_: Range) -> Iterator[Shot]:
    """Somebody without a login asks for what only staff may see, and shows tokens and names that prove nothing."""
    nobody, number = range_.as_(Actor.ANONYMOUS), range_.own.number
    asks = [verb("get", "get", Customer, number), verb("list", "list", Customer, limit=2)]
    asks += [verb("search", "search", Customer, range_.own.latin_name), verb("overview", "overview", number)]
    asks += [verb("export", "export", Customer), verb("count", "count", Customer, "tier"), verb("audit", "audit")]
    asks += [verb("policy", "policy"), verb("history", "history", Customer, number)]
    for what, request in range_.requests(asks):
        shot = range_.fire(nobody, f"{what} without a login", request)
        yield shot.found("open_door", range_.yes(shot))
    get = range_.opening("get", Customer, number)
    shown = [dict(range_.crm.connector.session_of(token).headers) for token in TOKENS]
    shown += [{"Authorization": "Basic YWRtaW46YWRtaW4="}, *({header: "admin"} for header in NAMED_BY_HEADER)]
    for headers in shown:
        shot = range_.fire(nobody, f"{', '.join(headers)} that proves nothing", bent(get, headers=headers))
        yield shot.found("open_door", range_.yes(shot))
    held = range_.as_(Actor.RM_A).session()
    token = next(iter(held.headers.values())).rpartition(" ")[2] if held else ""
    shot = range_.fire(nobody, "token in the address", bent(get, query={"access_token": token}))
    yield shot.found("token_in_address", bool(token) and range_.yes(shot))


def by_smuggling(range_: Range) -> Iterator[Shot]:
    """A banker changes an occupation and sends along fields that are not a banker's."""
    view, core, number = range_.as_(Actor.RM_A), range_.as_(Actor.INTEGRATION), range_.own.number
    extras: Mapping[str, object] = {
        "branch": range_.other.branch, "role": "admin", "is_admin": True, "created_at": "2001-01-01T00:00:00+00:00",
        "revision": 999, "__proto__": {"role": "admin"},
    }  # fmt: skip
    for name, value in extras.items():
        before = core.get(Customer, number).value
        changes = {"occupation": f"Smuggler of {name}"}
        request = range_.opening("update", Customer, number, changes, version=before.version)
        if not isinstance(request.json, Mapping):
            return
        shot = range_.fire(view, f"update with {name}", replace(request, json={**request.json, name: value}))
        after = _fields(range_.fire(core, "get", range_.opening("get", Customer, number)).body)
        yield shot.found("mass_assignment", after.get(name) == value, f"{name} is what was sent along")


def _fields(body: bytes) -> Mapping[str, object]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def on_functions(range_: Range) -> Iterator[Shot]:
    """A banker and a marketer call what is an administrator's or an auditor's, and spell its address otherwise."""
    newcomer = credential_for(range_.crm, range_.bank, "climber")
    for actor in (Actor.RM_A, Actor.MARKETING):
        view = range_.as_(actor)
        name = view.credential.username
        asks = [verb("make oneself admin", "assign", name, "admin"), verb("make a user", "add_user", newcomer, "admin")]
        asks += [verb("read the audit", "audit"), verb("replace the key", "rotate_key")]
        asks += [verb("read the keyring", "keyring"), verb("issue a key", "issue_key", name, ("customer.export",), 60)]
        asks += [verb("lift an idle limit", "limit_idle", name, 43_200)]
        for what, request in range_.requests(asks):
            shot = range_.fire(view, what, request)
            yield shot.found("others_function", range_.yes(shot))
            if shot.ok:
                _undone(range_, view, what, newcomer)
    yield from _spelt_otherwise(range_)


def _undone(range_: Range, view: CRM, what: str, newcomer: Credential) -> None:
    """Take back what an attack got through with."""
    admin = range_.as_(Actor.ADMIN)
    if what == "make oneself admin":
        quietly(admin.assign, view.credential.username, the_policy().role(view.actor) or "teller")
    if what == "make a user":
        quietly(admin.disable, newcomer.username)


def _spelt_otherwise(range_: Range) -> Iterator[Shot]:
    view = range_.as_(Actor.RM_A)
    for what, request in range_.requests([verb("audit", "audit")]):
        path = request.path
        head, _, last = path.rpartition("/")
        spelt = [f"{path}/", f"/{path}", f"{head}/{last.upper()}", f"{path};a=1", f"{path}%2f", f"{path}.json"]
        for one in [bent(request, path=one) for one in spelt]:
            shot = range_.fire(view, f"{what} as {one.path}", one)
            yield shot.found("side_way", range_.yes(shot) and bool(_fields(shot.body)))
        front = range_.fire(view, "the front", Request(method="GET", path="/"))
        for header in ADDRESSED_BY_HEADER:
            shot = range_.fire(view, f"{what} by {header}", bent(request, path="/", headers={header: path}))
            told = _fields(shot.body)
            yield shot.found("side_way", range_.yes(shot) and bool(told) and told != _fields(front.body))


def into_the_network(range_: Range) -> Iterator[Shot]:
    """The core system subscribes addresses that lead into the network or to files of the machine."""
    view = range_.as_(Actor.INTEGRATION)
    if not range_.crm.offers("subscribe"):
        raise Unsupported("the product calls no address that a user names")
    for url in INNER:
        request = range_.opening("subscribe", url)
        answer = view.subscribe(url)
        exchange, reply = next(reversed(answer.exchanges), ""), next(reversed(answer.replies), None)
        shot = Shot(what=f"subscribe {url}", actor=view.actor.value, request=request, reply=reply, exchange=exchange)
        yield replace(shot, session=range_.carried(view)).found("inner_address", answer.ok, url)
        if answer.ok:
            quietly(view.unsubscribe, answer.value)


def on_methods(range_: Range) -> Iterator[Shot]:
    """Whoever may delete sends reads and writes that call themselves deletions; the record must stay."""
    view, core, number = range_.as_(Actor.COMPLIANCE), range_.as_(Actor.INTEGRATION), range_.victim.number
    get = range_.opening("get", Customer, number)
    asked = [bent(get, method=method, headers={header: "DELETE"}) for header in OVERRIDES for method in ("GET", "POST")]
    asked += [bent(get, method=method, query={"_method": "DELETE"}) for method in ("GET", "POST")]
    for request in asked:
        shot = range_.fire(view, f"{request.method} that calls itself DELETE", request)
        gone = shot.status == 204 or core.get(Customer, number).reason == "not-found"
        yield shot.found("overridden_method", gone, "the record is gone")
        if gone:
            return
