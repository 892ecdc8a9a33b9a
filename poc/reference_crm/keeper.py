"""Keeper: what the data keys are wrapped with, looked at again and again, since the bank may take its key away."""

from pathlib import Path

from poc.reference_crm.crypto import Closed
from poc.reference_crm.wrapping import BankKey, Secret, WeakKey, Wrapper


class Keeper:
    """Wraps with the service's own secret, or with the bank's key as long as the bank lets the service read it."""

    def __init__(self, secret: bytes, bank_key: Path | None) -> None:
        """Take the secret and where the bank's key is; raises OSError or WeakKey if there is none that may be used."""
        self._path, self._seen = bank_key, b""
        self.former: Wrapper = Secret(secret)
        self._wrapper: Wrapper | None = self.former
        if bank_key is not None:
            self._seen = bank_key.read_bytes()
            self._wrapper = BankKey(self._seen)
        #: what is known to open the data keys: at the start whoever loads them proves it
        self.proven: Wrapper = self._wrapper

    @property
    def wrapper(self) -> Wrapper:
        """Return what wraps; raises Closed while the bank holds its key back."""
        if self._wrapper is None:
            raise Closed
        return self._wrapper

    @property
    def apart(self) -> str:
        """Return where the wrapping key is kept."""
        return "the service's environment" if self._path is None else "the bank's file outside the product"

    @property
    def held_by(self) -> str:
        """Return who holds the wrapping key."""
        return "service" if self._path is None else "bank"

    def look(self) -> bool:
        """Look whether the bank's key is there, and tell whether there is anything to wrap with."""
        if self._path is None:
            return True
        try:
            pem = self._path.read_bytes()
            if pem != self._seen:
                self._wrapper = BankKey(pem)
        except (OSError, WeakKey):
            pem, self._wrapper = b"", None
        self._seen = pem
        return self._wrapper is not None

    def distrust(self) -> None:
        """Wrap nothing with the key that is there, which opens nothing of ours, until another is in its place."""
        self._wrapper = None
