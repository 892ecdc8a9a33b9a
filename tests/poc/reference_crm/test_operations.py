"""Operations: sign-in, sessions, users, keys of idempotency and many at once."""

import pytest

from tests.poc.reference_crm.counter import PASSWORD, Counter, customer, national_id, opened

pytestmark = pytest.mark.pg


def me(crm: Counter, token: str) -> int:
    return crm.ask(None, "GET", "/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(crm: Counter) -> None:
    replies = [
        crm.ask(None, "POST", "/v1/auth/token", json={"username": name, "password": "something-wrong"}).json()
        for name in ("auditor", "nobody-at-all")
    ]
    assert replies[0]["detail"] == replies[1]["detail"]
    assert [reply["status"] for reply in replies] == [401, 401]


def test_guessing_locks_the_door_for_the_right_password_too(crm: Counter) -> None:
    guess = {"username": "teller-a", "password": "wrong-wrong-wrong"}
    for _ in range(5):
        assert crm.ask(None, "POST", "/v1/auth/token", json=guess).status_code == 401
    assert crm.ask(None, "POST", "/v1/auth/token", json=guess | {"password": PASSWORD}).status_code == 401


def test_signing_out_ends_the_token_at_once(crm: Counter) -> None:
    tokens = crm.sign_in("rm-b")
    assert me(crm, tokens["access_token"]) == 200
    crm.ask(None, "POST", "/v1/auth/logout", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert me(crm, tokens["access_token"]) == 401
    assert crm.ask(None, "POST", "/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_an_access_token_dies_as_it_is_renewed(crm: Counter) -> None:
    first = crm.sign_in("rm-b")
    assert me(crm, first["access_token"]) == 200
    renewal = {"refresh_token": first["refresh_token"]}
    assert crm.ask(None, "POST", "/v1/auth/refresh", json=renewal).status_code == 200
    assert me(crm, first["access_token"]) == 401


def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(crm: Counter) -> None:
    first = crm.sign_in("rm-b")
    renewal = {"refresh_token": first["refresh_token"]}
    second = crm.ask(None, "POST", "/v1/auth/refresh", json=renewal).json()
    assert me(crm, second["access_token"]) == 200
    assert crm.ask(None, "POST", "/v1/auth/refresh", json=renewal).status_code == 401
    assert me(crm, second["access_token"]) == 401


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é", "Bearer"])
def test_a_forged_token_opens_nothing(crm: Counter, token: str) -> None:
    reply = crm.ask(None, "GET", "/v1/customers", headers={"Authorization": f"Bearer {token}".encode()})
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"


def person(name: str, **other: object) -> dict[str, object]:
    return {"username": name, "password": "Some-Long-Word-42", "role": "rm", "branch": "BR01", "name": name} | other


def test_a_changed_role_and_a_shut_out_user_are_felt_at_once(crm: Counter) -> None:
    assert crm.ask("admin", "POST", "/v1/users", json=person("novice")).status_code == 201
    token = crm.sign_in("novice", "Some-Long-Word-42")["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert crm.ask(None, "GET", "/v1/customers", headers=bearer).status_code == 200
    assert crm.ask("admin", "PATCH", "/v1/users/novice", json={"role": "newcomer"}).status_code == 200
    assert crm.ask(None, "GET", "/v1/customers", headers=bearer).status_code == 403
    crm.ask("admin", "PATCH", "/v1/users/novice", json={"disabled": True})
    assert me(crm, token) == 401
    again = crm.ask(None, "POST", "/v1/auth/token", json={"username": "novice", "password": "Some-Long-Word-42"})
    assert again.status_code == 401


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", "Password1234", "weakling-rm-a-weakling"])
def test_a_weak_password_is_refused_and_not_repeated(crm: Counter, password: str) -> None:
    reply = crm.ask("admin", "POST", "/v1/users", json=person("weakling", password=password))
    assert reply.status_code == 422 or password == "weakling-rm-a-weakling"
    assert password not in reply.text


def test_the_last_passwords_may_not_come_back(crm: Counter) -> None:
    crm.ask("admin", "POST", "/v1/users", json=person("returner"))
    change = {"password": "Another-Long-Word-43"}
    assert crm.ask("admin", "PATCH", "/v1/users/returner", json=change).status_code == 200
    assert crm.ask("admin", "PATCH", "/v1/users/returner", json={"password": "Some-Long-Word-42"}).status_code == 422


def test_only_the_administrator_adds_users(crm: Counter) -> None:
    assert crm.ask("manager-a", "POST", "/v1/users", json=person("intruder")).status_code == 403


def test_a_key_makes_a_repeat_harmless(crm: Counter) -> None:
    body = customer(101)
    body.pop("number")
    first = crm.ask("rm-a", "POST", "/v1/customers", json=body, headers={"Idempotency-Key": "key-1"})
    again = crm.ask("rm-a", "POST", "/v1/customers", json=body, headers={"Idempotency-Key": "key-1"})
    other = crm.ask(
        "rm-a", "POST", "/v1/customers", json=body | {"tier": "private"}, headers={"Idempotency-Key": "key-1"}
    )
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.content == again.content
    assert again.headers["idempotent-replay"] == "true"


def test_twenty_equal_creations_at_once_leave_one(crm: Counter) -> None:
    body = customer(102)
    body.pop("number")
    calls = [crm.sending("integration", "POST", "/v1/customers", json=body) for _ in range(20)]
    replies = crm.together(calls, "integration")
    assert sorted(reply.status_code for reply in replies) == [201] + [409] * 19
    keyed = {"Idempotency-Key": "key-2"}
    body = customer(103)
    calls = [crm.sending("integration", "POST", "/v1/customers", json=body, headers=keyed) for _ in range(20)]
    replies = crm.together(calls, "integration")
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.content for reply in replies}) == 1


def test_twenty_writers_at_once_lose_no_change(crm: Counter) -> None:
    opened(crm, 104)
    calls = [
        crm.sending("rm-a", "PATCH", "/v1/customers/C000104", json={"employer": f"e{i}"}, headers={"If-Match": '"1"'})
        for i in range(20)
    ]
    replies = crm.together(calls, "rm-a")
    assert sorted(reply.status_code for reply in replies) == [200] + [412] * 19
    assert crm.ask("rm-a", "GET", "/v1/customers/C000104").json()["version"] == 2


def test_what_rests_in_the_database_shows_no_restricted_value(crm: Counter) -> None:
    opened(crm, 105)

    async def rows() -> str:
        import asyncpg

        connection = await asyncpg.connect(crm.desk.settings.database_url)
        try:
            found = [
                await connection.fetch(f"SELECT t::text FROM {table} t") for table in ("customers", "history", "audit")
            ]
        finally:
            await connection.close()
        return str(found)

    stored = crm.wait(rows())
    for name in ("national_id", "mobile", "email", "address", "card_number"):
        assert str(customer(105)[name]) not in stored


def test_the_service_role_cannot_see_past_row_level_security(crm: Counter) -> None:
    from poc.reference_crm.database import NOBODY

    async def counted() -> int:
        async with crm.desk.database.connection(NOBODY) as connection:
            return int(await connection.fetchval("SELECT count(*) FROM customers"))

    opened(crm, 106)
    assert crm.wait(counted()) == 0
    assert national_id(106) == customer(106)["national_id"]


def test_what_nobody_can_use_any_more_is_thrown_away(crm: Counter) -> None:
    from poc.reference_crm.database import NOBODY
    from poc.reference_crm.operations.housekeeping import tidy

    async def kept() -> int:
        async with crm.desk.database.connection(NOBODY) as connection:
            return int(await connection.fetchval("SELECT count(*) FROM keyed_replies"))

    body = customer(107)
    crm.ask("rm-a", "POST", "/v1/customers", json=body, headers={"Idempotency-Key": "key-3"})
    crm.wait(tidy(crm.desk))
    assert crm.wait(kept()) > 0
    crm.ask("integration", "POST", "/v1/clock", json={"advance_seconds": 25 * 3600})
    crm.wait(tidy(crm.desk))
    assert crm.wait(kept()) == 0
    assert crm.ask("rm-a", "GET", "/v1/me").status_code == 200
