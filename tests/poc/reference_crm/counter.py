"""Counter: the reference CRM in this process, asked over ASGI in the name of one role after another."""

import asyncio
import base64
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from poc.reference_crm.desk import Desk
from poc.reference_crm.service import running
from poc.reference_crm.settings import Settings

PASSWORD = "a-Pass-for-Tests-7"
MASTER_KEY = base64.b64encode(b"m" * 32).decode()
#: user name -> (role, branch)
STAFF = {
    "teller-a": ("teller", "BR01"),
    "rm-a": ("rm", "BR01"),
    "rm-b": ("rm", "BR02"),
    "manager-a": ("manager", "BR01"),
    "agent": ("agent", ""),
    "marketing": ("marketing", ""),
    "compliance": ("compliance", ""),
    "auditor": ("auditor", ""),
    "integration": ("integration", ""),
}


class Counter:
    """Asks the service, synchronously; ``desk`` is its inside for what only the inside shows."""

    def __init__(self, runner: asyncio.Runner, http: httpx.AsyncClient, app: FastAPI) -> None:
        """Begin with nobody signed in."""
        self._runner, self._http, self.app = runner, http, app
        self._tokens: dict[str, str] = {}

    @property
    def desk(self) -> Desk:
        """The means of the service."""
        desk: Desk = self.app.state.desk
        return desk

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something in the service's loop."""
        return self._runner.run(work)

    def token(self, who: str) -> str:
        """The access token of a user, who signs in the first time."""
        if who not in self._tokens:
            self._tokens[who] = self.sign_in(who)["access_token"]
        return self._tokens[who]

    def sign_in(self, who: str, password: str = PASSWORD) -> dict[str, Any]:
        """Sign in anew."""
        reply = self.ask(None, "POST", "/v1/auth/token", json={"username": who, "password": password})
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def ask(self, who: str | None, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one request; ``who`` None for a stranger."""
        return self.together([lambda: self._send(who, method, path, **more)], who)[0]

    def together(
        self, calls: list[Callable[[], Coroutine[Any, Any, httpx.Response]]], *who: str | None
    ) -> list[httpx.Response]:
        """Send requests at once."""
        for name in who:
            if name is not None and name not in self._tokens:
                self.token(name)

        async def all_of() -> list[httpx.Response]:
            return list(await asyncio.gather(*(call() for call in calls)))

        return list(self._runner.run(all_of()))

    def sending(
        self, who: str, method: str, path: str, **more: Any
    ) -> Callable[[], Coroutine[Any, Any, httpx.Response]]:
        """A request to be sent by ``together``."""
        return lambda: self._send(who, method, path, **more)

    async def _send(self, who: str | None, method: str, path: str, **more: Any) -> httpx.Response:
        headers = dict(more.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {self._tokens[who]}"
        return await self._http.request(method, path, headers=headers, **more)


@contextmanager
def counter(url: str, **settings: Any) -> Iterator[Counter]:
    """Open the service over a database, with all staff on file."""
    chosen = Settings(
        database_url=url, master_key=MASTER_KEY, admin_password=PASSWORD, trial_clock=True, pool_size=4, **settings
    )  # type: ignore[arg-type]
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def enter() -> tuple[httpx.AsyncClient, FastAPI]:
            app = await stack.enter_async_context(running(chosen))
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            return await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url="https://crm.test")
            ), app

        http, app = runner.run(enter())
        open_counter = Counter(runner, http, app)
        for username, (role, branch) in STAFF.items():
            person = {"username": username, "password": PASSWORD, "role": role, "branch": branch, "name": username}
            assert open_counter.ask("admin", "POST", "/v1/users", json=person).status_code in (201, 409)
        yield open_counter
        runner.run(stack.aclose())


def national_id(serial: int, birth: str = "19800101") -> str:
    """A well-formed identity number (GB 11643) in a region that does not exist."""
    body = f"910000{birth}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def card(serial: int) -> str:
    """A card number that passes Luhn."""
    body = f"622000{serial:09d}"
    total = sum(n - 9 if (n := int(d) * (2 - i % 2)) > 9 else n for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def customer(serial: int, **other: object) -> dict[str, Any]:
    """A valid customer of branch BR01."""
    return {
        "number": f"C{serial:06d}", "name": "张伟", "latin_name": "Zhang Wei", "language": "zh", "gender": "M",
        "birth_date": "1980-01-01", "national_id": national_id(serial % 1000), "mobile": f"154{serial:08d}",
        "email": f"zw{serial}@example.test", "address": "浙江省杭州市西湖区文三路一号", "card_number": card(serial),
        "monthly_income": "12000.00", "currency": "CNY", "occupation": "engineer", "employer": "somewhere",
        "tier": "mass", "risk_level": "C3", "aml_rating": "low", "state": "active", "branch": "BR01",
        "manager": "S0001", "since": "2020-01-01",
    } | other  # fmt: skip


def opened(counter: Counter, serial: int, who: str = "integration", **other: object) -> Mapping[str, Any]:
    """A customer put on file, as the reply shows them."""
    reply = counter.ask(who, "POST", "/v1/customers", json=customer(serial, **other))
    assert reply.status_code == 201, reply.text
    return dict(reply.json())
