"""A small SMS gateway on loopback: it takes messages by number, and dies or errs where the test says."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Gateway:
    """`dies_at`: before (nothing kept) or after (kept, no answer). `status` answers POST; `looks_up` GET (0: by number)."""

    dies_at: str = ""
    status: int = 0
    looks_up: int = 0
    taken: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    secret: str = "gateway-secret"
    port: int = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/messages"


@contextmanager
def sms_gateway(**given):
    """A gateway in a thread of its own."""
    gateway = Gateway(**given)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            gateway.asked.append(("POST", body["id"]))
            if self.headers["Authorization"] != f"Bearer {gateway.secret}":
                return self.say(401)
            if gateway.dies_at == "before":
                return self.die()
            if gateway.status:
                return self.say(gateway.status)
            known = body["id"] in gateway.taken
            gateway.taken.setdefault(body["id"], body)
            return self.die() if gateway.dies_at == "after" else self.say(409 if known else 202)

        def do_GET(self):
            number = self.path.rpartition("/")[2]
            gateway.asked.append(("GET", number))
            self.say(gateway.looks_up or (200 if number in gateway.taken else 404))

        def say(self, status):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if 300 <= status < 400:
                self.send_header("Location", gateway.url)
            self.end_headers()

        def die(self):
            self.close_connection = True
            self.connection.close()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None
    gateway.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
