"""Hello: the smallest FastAPI service over the same TLS, as the ceiling that the reference CRM is measured beside."""

import sys

import uvicorn
from fastapi import FastAPI

from scenarios.answers import Overview
from scenarios.port import Connector, Request, Steps

app = FastAPI()


@app.get("/")
async def root() -> dict[str, str]:
    return {"hello": "world"}


class Hello(Connector):
    """Asks the small service where others are asked for a customer at one glance."""

    def overview(self, customer: str) -> Steps[Overview]:
        yield Request(method="GET", path="/", step="overview")
        return None  # type: ignore[return-value]


if __name__ == "__main__":
    port, certificate, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    sys.stdout.write(f"ready https://127.0.0.1:{port}\n")
    sys.stdout.flush()
    uvicorn.run(
        app, host="127.0.0.1", port=port, ssl_certfile=certificate, ssl_keyfile=key, log_level="error", access_log=False
    )
