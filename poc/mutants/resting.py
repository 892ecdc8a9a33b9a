"""Resting: defects in how restricted values rest: in clear somewhere, badly encrypted, or under a key out of hand."""

import hashlib
import hmac
import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import orjson
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from poc.mutants.mutant import Mutant, always, swap
from poc.reference_crm.crypto import KEY_ID, NONCE, Closed, DataKey

LOG = logging.getLogger("reference_crm")
STORES = ("no_mark_is_found_in_any_store",)
TABLES = (*STORES, "sensitive_fields_are_encrypted", "volumes_are_encrypted")


def in_clear(rests: Callable[[str], bool]) -> Callable[[Any], Any]:
    """Return a maker of a seal that leaves in clear what rests at some places."""

    def make(seal: Any) -> Any:
        def opening(sound: Any) -> Any:
            def opened(self: Any, place: str, sealed: bytes) -> bytes:
                if self.closed:
                    raise Closed
                return sealed[KEY_ID:] if rests(place) else bytes(sound(self, place, sealed))

            return opened

        swap("crypto:Vault.open", opening)
        return lambda self, place, data, *, owner="": (
            self._prefix + data if rests(place) else seal(self, place, data, owner=owner)
        )

    return make


def _with_nonce(nonce_of: Callable[[str, bytes], bytes]) -> Callable[[Any], Any]:
    def make(seal: Any) -> Any:
        def sealed(self: Any, place: str, data: bytes, *, owner: str = "") -> bytes:
            nonce = nonce_of(place, data)
            return bytes(self._prefix + nonce + self._cipher.encrypt(nonce, data, place.encode()))

        return sealed

    return make


def _of_place(place: str, data: bytes) -> bytes:
    return hashlib.sha256(place.encode()).digest()[:NONCE]


def _of_data(place: str, data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:NONCE]


def _raw(adopt: Any) -> Any:
    """Keep the bytes of keys, for modes that the vault itself does not have."""

    def kept(self: Any, keys: Any, sealing: Any) -> None:
        held = getattr(self, "raw", {})
        self.raw = held | {n: one.key if isinstance(one, DataKey) else one for n, one in keys.items()}
        adopt(self, keys, sealing)

    return kept


def _block_by_block(seal: Any) -> Any:
    """Encrypt in the mode ECB, without any nonce or tag."""
    swap("crypto:Vault.adopt", _raw)

    def opened(self: Any, place: str, sealed: bytes) -> bytes:
        if self.closed:
            raise Closed
        key = self.raw[int.from_bytes(sealed[:KEY_ID], "big")]
        opening = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 - that is the defect
        unpadding = padding.PKCS7(128).unpadder()
        return unpadding.update(opening.update(sealed[KEY_ID:]) + opening.finalize()) + unpadding.finalize()

    def sealed(self: Any, place: str, data: bytes, *, owner: str = "") -> bytes:
        sealing = Cipher(algorithms.AES(self.raw[self.sealing]), modes.ECB()).encryptor()  # noqa: S305 - the same
        filling = padding.PKCS7(128).padder()
        return bytes(self._prefix + sealing.update(filling.update(data) + filling.finalize()))

    swap("crypto:Vault.open", always(opened))
    return sealed


def _unproven(open_: Any) -> Any:
    """Decrypt without looking at the tag (GCM without it is CTR from the second block on)."""
    swap("crypto:Vault.adopt", _raw)

    def opened(self: Any, place: str, sealed: bytes) -> bytes:
        if self.closed:
            raise Closed
        key, nonce = self.raw[int.from_bytes(sealed[:KEY_ID], "big")], sealed[KEY_ID : KEY_ID + NONCE]
        opening = Cipher(algorithms.AES(key), modes.CTR(nonce + b"\x00\x00\x00\x02")).decryptor()
        return opening.update(sealed[KEY_ID + NONCE : -16])

    return opened


def _one_key(field_key: Any) -> Any:
    return lambda self, name: hmac.digest(field_key(self, "customers"), b"", hashlib.sha256)


def _log_bodies(checked: Any) -> Any:
    def told(kind: Any, body: bytes) -> Any:
        LOG.info("record taken", extra={"facts": {"body": body.decode("utf-8", "replace")}})
        return checked(kind, body)

    return told


def _outbox(insert_rows: Any) -> Any:
    """Tell other systems of new records through the log of writes, as they came in."""

    async def told(act: Any, desk: Any, kind: Any, rows: Any) -> Any:
        message = orjson.dumps([dict(row) for row in rows], default=str).decode()
        await act.connection.fetchval("SELECT pg_logical_emit_message(true, 'outbox', $1::text)::text", message)
        return await insert_rows(act, desk, kind, rows)

    return told


def _found_by_mail(sealed_row: Any) -> Any:
    def row(desk: Any, kind: Any, values: Any) -> dict[str, object]:
        rests: dict[str, object] = sealed_row(desk, kind, values)
        return rests | {"employer": f"{rests['employer']} {values['email']}"} if kind.sealed else rests

    return row


def _copied(sealed_row: Any) -> Any:
    def row(desk: Any, kind: Any, values: Any) -> Any:
        if kind.sealed:
            with desk.settings.audit_checkpoints.with_suffix(".bak").open("ab") as file:
                file.write(orjson.dumps(dict(values), default=str) + b"\n")
        return sealed_row(desk, kind, values)

    return row


def _key_beside(load: Any) -> Any:
    """Leave a copy of the wrapping key in the database, so that a restore needs nothing else."""

    async def loaded(connection: Any, wrapper: Any, *more: Any) -> Any:
        pem = wrapper._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        await connection.execute(
            "INSERT INTO state (name, value) VALUES ('recovery', $1) ON CONFLICT (name) DO UPDATE SET value = $1", pem
        )
        return await load(connection, wrapper, *more)

    return loaded


MUTANTS = (
    Mutant(
        name="fields_rest_in_clear",
        defect="Restricted fields rest encoded, not encrypted.",
        killed_by=TABLES,
        place="crypto:Vault.seal",
        make=in_clear(lambda place: place.startswith("customers/")),
        precedent="CWE-311",
    ),
    Mutant(
        name="history_rests_in_clear",
        defect="The change history keeps old and new values in clear.",
        killed_by=TABLES,
        place="crypto:Vault.seal",
        make=in_clear(lambda place: place.startswith("history/")),
        precedent="CWE-312",
    ),
    Mutant(
        name="replies_rest_in_clear",
        defect="Replies that are kept for idempotency hold the whole record in clear.",
        killed_by=TABLES,
        place="crypto:Vault.seal",
        make=in_clear(lambda place: place.startswith("keyed_replies/")),
        precedent="CWE-524",
    ),
    Mutant(
        name="found_by_mail",
        defect="The search column holds the e-mail address in clear, so that people are found by it.",
        killed_by=TABLES,
        place="operations.inserts:sealed_row",
        make=_found_by_mail,
        precedent="CWE-312",
    ),
    Mutant(
        name="log_tells_bodies",
        defect="The service log holds the bodies of requests.",
        killed_by=STORES,
        place="models:checked",
        make=_log_bodies,
        precedent="CWE-532",
    ),
    Mutant(
        name="outbox_tells_values",
        defect="New records go to other systems in clear through the database's log of writes.",
        killed_by=("no_mark_is_found_in_any_store", "volumes_are_encrypted"),
        place="operations.inserts:insert_rows",
        make=_outbox,
        precedent="CWE-312",
    ),
    Mutant(
        name="copy_in_clear",
        defect="A copy of all records for emergencies lies in clear beside the service's files.",
        killed_by=STORES,
        place="operations.inserts:sealed_row",
        make=_copied,
        precedent="CWE-530",
    ),
    Mutant(
        name="nonce_of_nought",
        defect="Every value is encrypted under the same nonce.",
        killed_by=("equal_values_differ_at_rest",),
        place="crypto:os",
        make=always(SimpleNamespace(urandom=bytes)),
        precedent="CWE-323 (CVE-2020-1472)",
    ),
    Mutant(
        name="nonce_of_the_place",
        defect="A record has one nonce for life, so that each change is encrypted under it again.",
        killed_by=("equal_values_differ_at_rest",),
        place="crypto:Vault.seal",
        make=_with_nonce(_of_place),
        precedent="CWE-323",
    ),
    Mutant(
        name="equal_in_equal_out",
        defect="Encryption is deterministic: the same values in the same record give the same ciphertext.",
        killed_by=("equal_values_differ_at_rest",),
        place="crypto:Vault.seal",
        make=_with_nonce(_of_data),
        precedent="CWE-329",
    ),
    Mutant(
        name="block_by_block",
        defect="Fields are encrypted block by block (ECB), so that equal parts show.",
        killed_by=("equal_values_differ_at_rest",),
        place="crypto:Vault.seal",
        make=_block_by_block,
        precedent="CWE-327 (CVE-2020-11500)",
    ),
    Mutant(
        name="tag_unread",
        defect="A changed ciphertext is decrypted to something else, since nobody looks at its tag.",
        killed_by=("encryption_is_authenticated",),
        place="crypto:Vault.open",
        make=_unproven,
        precedent="CWE-354",
    ),
    Mutant(
        name="one_index_key_for_all",
        defect="Blind indexes of all fields have one key, so that equal values of two fields show.",
        killed_by=("equal_values_differ_at_rest",),
        place="crypto:Vault._field_key",
        make=_one_key,
        precedent="CWE-203",
    ),
    Mutant(
        name="key_beside_the_data",
        defect="A copy of the wrapping key rests in the database that it protects.",
        killed_by=("keys_are_kept_apart_from_data",),
        place="keys:load",
        make=_key_beside,
        precedent="CWE-321",
    ),
    Mutant(
        name="keys_of_everybody",
        defect="One key encrypts the data of all banks that the vendor serves.",
        killed_by=("each_tenant_has_its_key",),
        place="operations.rotation:TENANT",
        make=always("all"),
        precedent="CWE-323",
    ),
    Mutant(
        name="revoked_key_lives_on",
        defect="Once loaded, keys stay in memory for ever: taking the bank's key away changes nothing.",
        killed_by=("the_bank_holds_the_key",),
        place="desk:Desk.close_vault",
        make=always(lambda self: None),
        precedent="CWE-672",
    ),
    Mutant(
        name="masked_forms_outlive_the_key",
        defect="What was masked while the bank's key was there is shown on when it is gone.",
        killed_by=("the_bank_holds_the_key",),
        place="masking:Gate.forget",
        make=always(lambda self: None),
        precedent="CWE-524",
    ),
    Mutant(
        name="key_given_back_in_vain",
        defect="After the bank's key was away, nothing opens until the service is started anew.",
        killed_by=("the_bank_holds_the_key",),
        place="crypto:Vault.reopen",
        make=always(lambda self, keys, index_key, sealing: None),
        precedent="CWE-460",
    ),
)
