"""`python -m deploy.demo.agencies`: simulates all parties with topics, in one process."""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from deploy.demo.agencies.city_time import CityTime
from deploy.demo.agencies.kafka_log import PartiesLog
from deploy.demo.agencies.tray import Tray

LOOK_SECONDS = 0.5


class Agencies:
    """All simulated agencies. One thread acts at a time."""

    def __init__(self, tray: Tray, city: CityTime) -> None:
        self._tray, self._city, self._lock = tray, city, threading.Lock()

    def act(self) -> dict[str, Any]:
        """Read the topics, write the replies that are due, and return counts and the time of the next act.

        Raises OSError or HTTPException if the city's time cannot be read.
        """
        with self._lock:
            self._tray.read()
            now = self._city.now()
            act_count = self._tray.act_until(now)
            next_at = self._tray.next_act()
            return {
                "at": next_at.isoformat() if next_at else None,
                "city_now": now.isoformat(),
                "acted": act_count,
                "read": self._tray.log.read_so_far,
                "open": len(self._tray.open),
                "counts": self._tray.counts,
            }


def _page_of(agencies: Agencies) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if self.path != "/next-act":
                self.send_error(404)
                return
            body = json.dumps(agencies.act()).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing: there are many requests a second."""

    return Page


def main() -> int:
    """Serve `/next-act`, and act every `LOOK_SECONDS` without requests too."""
    args = _arguments()
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    log = PartiesLog(args.kafka, args.party)
    agencies = Agencies(Tray(log, args.seed, log.written_reply_ids()), CityTime(args.routing))
    server = ThreadingHTTPServer(("127.0.0.1", args.port), _page_of(agencies))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"parties": len(log.parties), "port": server.server_port}), flush=True)  # noqa: T201
    while not stopped.wait(LOOK_SECONDS):
        try:
            agencies.act()
        except (OSError, http.client.HTTPException) as error:
            print(json.dumps({"city": "away", "why": type(error).__name__}), file=sys.stderr)  # noqa: T201
    server.shutdown()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="agencies", description=__doc__)
    parser.add_argument("--kafka", required=True, help="bootstrap servers")
    parser.add_argument("--routing", required=True, help="address of routing, for the city's time")
    parser.add_argument("--party", action="append", required=True, help="a party to act for, once for each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one and prints it")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
