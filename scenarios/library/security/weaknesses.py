"""Weaknesses: what an attack may find, how grave it is (CVSS 4.0), and one shot of an attack with what came of it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from scenarios.curl import curl
from scenarios.port import Reply, Request

#: Bands of CVSS 4.0 (specification 1.2, table 22), gravest first: the least score of each.
BANDS = {"critical": 9.0, "high": 7.0, "medium": 4.0, "low": 0.1}
#: What stands in a command line where the target's address and the session of who asked must be put in.
ADDRESS, SESSION = "@ADDRESS@", "@SESSION@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """One weakness: its class of attack, what it is called, where OWASP and CWE file it, and how grave it is."""

    name: str
    kind: str
    title: str
    title_zh: str
    owasp: str
    cwe: str
    cvss: str
    score: float

    @property
    def severity(self) -> str:
        """Return the band of the score: critical, high, medium or low."""
        return next(band for band, least in BANDS.items() if self.score >= least)


@cache
def weaknesses() -> Mapping[str, Weakness]:
    """Read the weaknesses by name."""
    told = tomllib.loads(files(__package__).joinpath("weaknesses.toml").read_text("utf-8"))
    return {name: Weakness(name=name, kind=facts.pop("class"), **facts) for name, facts in told.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One request of an attack: in whose name, what came back, and the weakness it found ("" if it was withstood).

    ``reply`` is None where the target hung up, which is no weakness. ``session`` names the headers that carried the
    attacker's session; their values are never kept.
    """

    what: str
    actor: str
    request: Request
    reply: Reply | None
    exchange: str = ""
    session: tuple[str, ...] = ()
    weakness: str = ""
    detail: str = ""

    @property
    def status(self) -> int:
        """Return the status of the reply, 0 for none."""
        return self.reply.status if self.reply else 0

    @property
    def ok(self) -> bool:
        """Whether the target said yes by its status."""
        return 200 <= self.status < 300

    @property
    def body(self) -> bytes:
        """Return the body of the reply."""
        return self.reply.body if self.reply else b""

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the headers of the reply."""
        return self.reply.headers if self.reply else {}

    def found(self, weakness: str, when: bool, detail: str = "") -> "Shot":
        """Return the shot with a weakness if the condition holds and nothing was found before."""
        return replace(self, weakness=weakness, detail=detail) if when and not self.weakness else self

    def fact(self) -> dict[str, object]:
        """Return a finding for people: severity, title in two languages, the class, and how to repeat it."""
        weak = weaknesses()[self.weakness]
        return {
            "severity": weak.severity,
            "score": weak.score,
            "title": weak.title,
            "title_zh": weak.title_zh,
            "weakness": weak.name,
            "owasp": weak.owasp,
            "cwe": weak.cwe,
            "cvss": weak.cvss,
            "actor": self.actor,
            "what": self.what,
            "detail": self.detail,
            "status": self.status,
            "curl": self.curl,
            "exchange": self.exchange,
        }

    @property
    def curl(self) -> str:
        """Return the command line that repeats the shot, once $TARGET and $SESSION are set to address and session."""
        headers = {**dict.fromkeys(self.session, SESSION), **self.request.headers}
        if self.request.json is not None:
            headers.setdefault("Content-Type", "application/json")
        line = curl(replace(self.request, headers=headers), ADDRESS)
        for mark, variable in ((ADDRESS, "TARGET"), (SESSION, "SESSION")):
            line = line.replace(f"'{mark}", f'"${variable}"\'').replace(f"{mark}'", f'\'"${variable}"')
            line = line.replace(mark, f'"${variable}"')
        return line if len(line) <= 2000 else f"{line[:2000]} ..."
