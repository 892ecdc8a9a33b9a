"""Knocking: shows a client certificate at a target's machine door, and tells a closed door from an empty house."""

import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from scenarios.knocking import NONE
from scenarios.port import BenchFault, Reply, Request
from scenarios.verdict import NotTestable

SECONDS = 10.0


class MachineDoor:
    """The door of a target at which everybody must show a certificate."""

    def __init__(self, url: str, ca: Path | None, certificates: Path | None) -> None:
        """Take its address, the authority of the target's own certificate, and the folder of ours (NAME.pem)."""
        self.url, self._ca, self._certificates = url, ca, certificates

    def knock(self, certificate: str, request: Request) -> Reply | None:
        """Carry a request with a certificate; None if it was hung up on before anything was answered.

        Raises NotTestable for a certificate that the settings do not give, BenchFault when nobody listens there.
        """
        context = self._context(certificate)
        headers = {"accept": "application/json", "user-agent": "touchstone", **request.headers}
        if request.json is not None:
            headers["content-type"] = "application/json"
        self._reached()
        try:
            with httpx.Client(verify=context, timeout=SECONDS, trust_env=False) as client:
                came = client.request(
                    request.method,
                    self.url + request.path,
                    params=dict(request.query) or None,
                    content=request.body or None,
                    headers=headers,
                )
        except httpx.TransportError as no:
            if "CERTIFICATE_VERIFY_FAILED" in str(no):  # ours of theirs, which is no refusal of theirs
                raise BenchFault(f"the certificate of {self.url} is not trusted: {no}; check the CA file") from no
            return None
        lower = {name.lower(): value for name, value in came.headers.items()}
        return Reply(status=came.status_code, headers=lower, body=came.content)

    def _context(self, certificate: str) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._ca)
        if certificate == NONE:
            return context
        path = None if self._certificates is None else self._certificates / f"{certificate}.pem"
        if path is None or not path.exists():
            raise NotTestable(f"the target's settings (machines) give no certificate {certificate}.pem to show")
        try:
            context.load_cert_chain(path)
        except (OSError, ssl.SSLError) as error:
            raise BenchFault(f"cannot read the certificate and key in {path}: {error}; mend the target") from None
        return context

    def _reached(self) -> None:
        parts = urlsplit(self.url)
        try:
            socket.create_connection((parts.hostname or "", parts.port or 443), timeout=SECONDS).close()
        except OSError as fault:
            raise BenchFault(f"no connection to {self.url}: {fault}; check machine_url and that it is up") from fault
