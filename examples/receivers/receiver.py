"""Receives SePay's deliveries and accepts only authentic ones. Python 3.8 or later, no packages.

AUTHENTICATION=hmac    WEBHOOK_SECRETS=new,old                             python3 receiver.py
AUTHENTICATION=api_key WEBHOOK_SECRETS=new,old                             python3 receiver.py
AUTHENTICATION=oauth2  WEBHOOK_SECRETS=new,old WEBHOOK_CLIENT_ID=deliveries python3 receiver.py

WEBHOOK_SECRETS are the values that are accepted, so that a rotation loses no delivery.
"""

import email.parser
import email.policy
import hashlib
import hmac
import json
import os
import re
import secrets as random
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

MODE = os.environ.get("AUTHENTICATION", "hmac")
SECRETS = [value for value in os.environ.get("WEBHOOK_SECRETS", "").split(",") if value]
CLIENT_ID = os.environ.get("WEBHOOK_CLIENT_ID", "")
TOKEN_KEY = random.token_bytes(32)  # of the tokens that this process issues
LIFETIME = 3600
TOLERANCE = 300  # seconds
LARGEST_BODY = 1 << 20
seen = set()  # a database in practice


def equal(a, b):
    """Compares without an early exit, which would reveal how much of a guess is right."""
    return hmac.compare_digest((a or "").encode(), (b or "").encode())


def sign(key, message):
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def signed(headers, body):
    """SePay signs "{timestamp}.{body}". Use the body as it arrived: parsed and written again it may differ."""
    timestamp = headers.get("X-SePay-Timestamp", "")
    if not re.fullmatch("[0-9]+", timestamp) or abs(time.time() - int(timestamp)) > TOLERANCE:
        return False  # old or replayed
    message = timestamp.encode() + b"." + body
    signature = headers.get("X-SePay-Signature", "")
    return any(equal(signature, "sha256=" + sign(secret.encode(), message)) for secret in SECRETS)


def has_api_key(headers, _body):
    return any(equal(headers.get("Authorization"), "Apikey " + key) for key in SECRETS)


def issue_token(expiry):
    return f"{expiry}.{sign(TOKEN_KEY, str(expiry).encode())}"


def has_token(headers, _body):
    match = re.fullmatch(r"Bearer (([0-9]+)\..+)", headers.get("Authorization", ""))
    return bool(match) and int(match[2]) > time.time() and equal(match[1], issue_token(int(match[2])))


AUTHENTIC = {"hmac": signed, "api_key": has_api_key, "oauth2": has_token}[MODE]
if not SECRETS:
    raise SystemExit("set AUTHENTICATION and WEBHOOK_SECRETS")


def token(body):
    """SePay fetches a token here before a delivery: this is the webhook's oauth2_access_token_url."""
    sent = json.loads(body)
    if not equal(sent["clientId"], CLIENT_ID) or not any(equal(sent["clientSecret"], secret) for secret in SECRETS):
        return 401, {"success": False}
    access_token = issue_token(int(time.time()) + LIFETIME)
    return 200, {"data": {"accessToken": access_token, "refreshToken": access_token, "expiredIn": LIFETIME}}


def parse(content_type, body):
    if content_type.startswith("multipart/form-data"):
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        return {part.get_param("name", header="content-disposition"): part.get_content().strip() for part in form.iter_parts()}
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode()))
    return json.loads(body)


def delivery(headers, body):
    if not AUTHENTIC(headers, body):
        return 401, {"success": False}
    payment = parse(headers.get("Content-Type", "application/json"), body)
    identity = str(payment["id"])
    if identity not in seen:
        seen.add(identity)  # a delivery may be repeated: process each id once
        print(f"payment {identity}: {payment['transferType']} {payment['transferAmount']}", flush=True)
    return 200, {"success": True}  # anything else makes SePay retry


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        try:
            length = int(self.headers.get("Content-Length", 0))
            if length > LARGEST_BODY:
                status, answer = 413, {"success": False}
            else:
                body = self.rfile.read(length)
                status, answer = 404, {"success": False}
                if self.path == "/sepay":
                    status, answer = delivery(self.headers, body)
                elif self.path == "/oauth/token" and MODE == "oauth2":
                    status, answer = token(body)
        except (ValueError, KeyError, TypeError):
            status, answer = 400, {"success": False}
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass  # the paths and addresses of callers are for the proxy's log


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver)
print(f"listening on {server.server_port}", flush=True)
server.serve_forever()
