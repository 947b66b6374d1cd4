"""What the fuzzer cannot derive from the document: a device's token, existing identifiers, new codes and signatures.

`PROTOCOL_BACKEND` is the backend, `PROTOCOL_CODES` an address that creates an enrollment link for every POST.
"""

import base64
import hashlib
import hmac
import os
import re
import time

import requests
import schemathesis
from requests.auth import AuthBase
from schemathesis import GenerationMode

BACKEND = os.environ["PROTOCOL_BACKEND"]
INTEGRATION = "quickbooks_desktop"
EVENTS = "/v1/events"


def fresh_code():
    page = requests.post(os.environ["PROTOCOL_CODES"], timeout=10)
    page.raise_for_status()
    return re.search(r"code=([A-Za-z0-9._~-]+)", page.text)[1]


def enroll():
    description = {"name": "fuzzer", "platform": "linux", "app_version": "0.1.0"}
    body = {"code": fresh_code(), "device": description}
    answer = requests.post(f"{BACKEND}/v1/devices", json=body, timeout=10)
    answer.raise_for_status()
    return answer.json()


DEVICE = enroll()
CONNECTION = DEVICE["connections"][0]["id"]


@schemathesis.auth()
class TokenAuth:
    def get(self, case, context):
        return DEVICE["token"]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


class SignatureAuth(AuthBase):
    """Signs the body as it is sent."""

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        identifier = request.headers["webhook-id"]
        now = str(int(time.time()))
        key = base64.b64decode(DEVICE["signing_secret"].removeprefix("whsec_"))
        digest = hmac.digest(key, f"{identifier}.{now}.".encode() + body, hashlib.sha256)
        request.headers["webhook-timestamp"] = now
        request.headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
        return request


def is_valid(case):
    """Whether every part of the request is meant to be valid."""
    return case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE


def is_stateful(case):
    """Whether the case belongs to a chain of calls, which has identifiers of its own."""
    return case.meta is not None and case.meta.phase.name == "stateful"


@schemathesis.hook
def before_call(context, case, kwargs):
    if not is_valid(case):
        return
    path, method = case.operation.path, case.method.upper()
    if path == EVENTS and method == "POST":
        kwargs["auth"] = SignatureAuth()
    elif path in ("/v1/enrollments", "/v1/devices") and method == "POST":
        case.body["code"] = fresh_code()
    elif path == "/v1/connections" and method == "POST":
        case.body["integration"] = INTEGRATION
    elif path.startswith("/v1/connections/{id}") and method != "DELETE" and not is_stateful(case):
        case.path_parameters["id"] = CONNECTION
