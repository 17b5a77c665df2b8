"""A small OpenID provider on this machine: it publishes its keys and gives tokens for codes, right ones or wrong ones."""

import base64
import datetime
import hashlib
import hmac
import json
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jws
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "huiqi", "a secret: with / signs"


@cache
def _key(_which: str) -> RSAKey:
    """One of two keys; both go by the same name."""
    return RSAKey.generate_key(2048, {"kid": "first", "alg": "RS256"})


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _signed(head: dict, content: bytes, secret: bytes) -> str:
    """A token as no library would make it: not signed at all, or with a public key for a secret."""
    said = f"{_plain(json.dumps(head).encode())}.{_plain(content)}"
    mark = hmac.digest(secret, said.encode(), "sha256") if secret else b""
    return f"{said}.{_plain(mark)}"


class Provider:
    """The provider: `claims` changes the token's claims, `sign` how it is signed, `broken` how the server answers.

    `subject` is who is signed in there: browsers that come to its page are sent straight back.
    """

    def __init__(self, now: datetime.datetime):
        self.now = now
        self.key, self.other = _key("first"), _key("second")
        self.claims = {}
        self.sign = "right"
        self.broken = ""
        self.codes = {}
        self.subject = ""
        self.asked = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, address: str, subject: str) -> str:
        """What the provider does when the visitor signs in there: the query with which it sends them back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["code_challenge_method"] == "S256" and query["response_type"] == "code"
        code = f"code{len(self.codes)}"
        self.codes[code] = {**query, "sub": subject}
        return f"?code={code}&state={query['state']}"

    def _token(self, asked):
        moment = int(self.now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": asked["sub"],
            "nonce": asked["nonce"],
            "iat": moment,
            "exp": moment + 300,
            "email": "li@office.example",
        }
        if "max_age" in asked:
            claims["auth_time"] = moment
        claims |= self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        content = json.dumps(claims).encode()
        if self.sign == "none":
            return _signed({"alg": "none", "kid": "first"}, content, b"")
        if self.sign == "public key as a secret":
            return _signed({"alg": "HS256", "kid": "first"}, content, self.key.as_pem(private=False))
        key = self.other if self.sign == "another key" else self.key
        return jws.serialize_compact({"alg": "RS256", "kid": "first"}, content, key)

    def _give(self, form, authorization):
        asked = self.codes.pop(form.get("code", ""), None)
        client, _colon, secret = (
            base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        )
        verifier = form.get("code_verifier", "")
        challenge = _plain(hashlib.sha256(verifier.encode()).digest())
        right = (
            asked is not None
            and (client, unquote(secret)) == (CLIENT, SECRET)
            and challenge == asked["code_challenge"]
            and form.get("redirect_uri") == asked["redirect_uri"]
        )
        return (200, {"id_token": self._token(asked)}) if right else (400, {"error": "invalid_grant"})

    def _handler(provider):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer = provider.issuer
                if self.path.startswith("/authorize?"):
                    return self._send_back()
                pages = {
                    "/.well-known/openid-configuration": {
                        "issuer": "https://evil.example" if provider.broken == "issuer" else issuer,
                        "authorization_endpoint": f"{issuer}/authorize",
                        "token_endpoint": "http://evil.example/token"
                        if provider.broken == "plain http"
                        else f"{issuer}/token",
                        "jwks_uri": f"{issuer}/keys",
                        "end_session_endpoint": f"{issuer}/end",
                    },
                    "/keys": KeySet([provider.key]).as_dict(private=False),
                }
                return self._answer(200, pages[self.path])

            def _send_back(self):
                (address,) = parse_qs(urlsplit(self.path).query)["redirect_uri"]
                self.send_response(302)
                self.send_header("Location", address + provider.authorize(self.path, provider.subject))
                self.end_headers()

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                form = {
                    name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()
                }
                self._answer(*provider._give(form, self.headers.get("Authorization", "")))

            def _answer(self, status, content):
                provider.asked.append(self.path)
                data = json.dumps(content).encode()
                if provider.broken == "500":
                    status = 500
                if provider.broken == "no JSON":
                    data = b"<html>under repair</html>"
                if provider.broken == "endless":
                    data = b'{"x":"' + b"x" * (2 << 20) + b'"}'
                if provider.broken == "redirect":
                    self.send_response(307)
                    self.send_header("Location", "http://evil.example/")
                    self.end_headers()
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_arguments):
                pass

        return Handler
