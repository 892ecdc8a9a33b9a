"""Bare: a FastAPI route that returns ready-made bytes over the same TLS, as the measure of what a 360 view costs."""

import ssl
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

from poc.reference_crm.serve import SUITES

app = FastAPI(openapi_url=None)
FILE = Path(sys.argv[4]) if len(sys.argv) > 4 else None
BODY = FILE.read_bytes() if FILE else b"{}"


@app.get("/v1/customers/{number}/overview")
async def overview(number: str) -> Response:
    return Response(BODY, media_type="application/json")


if __name__ == "__main__":
    port, certificate, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    sys.stdout.write(f"ready https://127.0.0.1:{port}\n")
    sys.stdout.flush()
    uvicorn.run(
        app, host="127.0.0.1", port=port, ssl_certfile=certificate, ssl_keyfile=key, ssl_ciphers=SUITES,
        ssl_version=ssl.PROTOCOL_TLS_SERVER, log_level="error", access_log=False, http="httptools", loop="uvloop",
    )  # fmt: skip
