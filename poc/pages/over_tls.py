"""over_tls: serves the pages over TLS with authenticated suites alone; Streamlit's own command takes others too."""

import json
import sys

import uvicorn
from streamlit.web.bootstrap import load_config_options

#: TLS 1.2 suites with authenticated encryption and forward secrecy (RFC 9325, 4.2); those of TLS 1.3 all have both.
SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"


def main(given: str) -> None:
    """Serve until told to end; ``given`` is a JSON object of Streamlit's settings by name, as ``server.port``."""
    settings = json.loads(given)
    load_config_options(settings)
    uvicorn.run(
        "app:app",
        host=settings["server.address"],
        port=settings["server.port"],
        ssl_certfile=settings["server.sslCertFile"],
        ssl_keyfile=settings["server.sslKeyFile"],
        ssl_ciphers=SUITES,
        ws="websockets-sansio",  # what Streamlit's own command chooses
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main(sys.argv[1])
