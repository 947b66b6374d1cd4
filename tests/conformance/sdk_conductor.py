"""The auth flow with Conductor's Python client and strict response validation: an object without a required field
raises an error. Works with every version of the client; 1.18.1 is the last one with a ping."""

import conductor
from conductor import Conductor

from sandbox import READY, Checks, control, error_of, fault, http, press

VERSION = conductor.__version__
OPTIONS = {
    "api_key": READY["conductor_secret_key"],
    "base_url": READY["conductor"] + "/v1",
    "max_retries": 0,
    "timeout": 5,
    "_strict_response_validation": True,
}
client = Conductor(**OPTIONS)
CAN_PING = hasattr(client.end_users, "ping")
check = Checks(f"python {VERSION}")


def set_state(state):
    control(f"/end-users/{user.id}", {"state": state})


def finish(link):
    return press(link.replace("?", "/finish?"))


def conductor_error(call):
    return error_of(conductor.ConductorError, call)


def expect(error, kind, status, code, integration_code=None):
    assert type(error) is kind, f"{type(error).__name__} instead of {kind.__name__}"
    body = error.body["error"]
    assert error.status_code == status == body["httpStatusCode"], error.status_code
    assert (body["code"], body.get("integrationCode")) == (code, integration_code), body
    assert body["requestId"] == error.response.headers["conductor-request-id"]
    assert body["message"] and body["userFacingMessage"] and body["type"]


def health():
    """The active check of this version."""
    if CAN_PING:
        return client.end_users.ping("quickbooks_desktop", id=user.id)
    return client.qbd.health_check(conductor_end_user_id=user.id)


def health_checks():
    return next(it["health_checks"] for it in control("/state")["end_users"] if it["id"] == user.id)


def session_with(**more):
    return client.auth_sessions.create(
        publishable_key=READY["conductor_publishable_key"], end_user_id=user.id, **more
    )


user = client.end_users.create(company_name="Acme", source_id=f"python-{VERSION}", email="a@b.example")


@check("the client has the health call of its generation")
def _():
    assert CAN_PING == (VERSION == "1.18.1"), VERSION


@check("creates, lists and retrieves an end user")
def _():
    assert user.integration_connections == []
    assert client.end_users.retrieve(user.id) == user
    assert user in client.end_users.list().data


@check("not set up leads to an auth session, its page to a working connection")
def _():
    expect(conductor_error(health), conductor.ConflictError, 409, "INTEGRATION_CONNECTION_NOT_SET_UP")
    session = session_with(link_expiry_mins=60 * 24, redirect_url="https://app.example/done?state=abc")
    assert session.redirect_url == "https://app.example/done?state=abc"
    http.open(session.auth_flow_url).close()
    connection = client.end_users.retrieve(user.id).integration_connections[0]
    assert connection.last_successful_request_at is None
    expect(conductor_error(health), conductor.ConflictError, 409, "INTEGRATION_CONNECTION_NOT_SET_UP")
    assert finish(session.auth_flow_url) == "https://app.example/done?state=abc"
    assert health().duration == 100
    connection = client.end_users.retrieve(user.id).integration_connections[0]
    assert connection.last_successful_request_at is not None


@check("passthrough")
def _():
    payload = {"CustomerQueryRq": {"MaxReturned": 1}}
    answer = client.end_users.passthrough("quickbooks_desktop", id=user.id, qbd_payload=payload)
    assert answer["CustomerQueryRs"]["CustomerRet"][0]["Name"] == "Sandbox Customer"


if not CAN_PING:

    @check("retrieves the connected company")
    def _():
        company = client.qbd.company.retrieve(conductor_end_user_id=user.id)
        assert company.company_name == "Acme"


def calls(id):
    """Every documented call of this version with an end user."""
    payload = {"CustomerQueryRq": {"MaxReturned": 1}}
    yield "end_users.retrieve", lambda: client.end_users.retrieve(id)
    yield "end_users.delete", lambda: client.end_users.delete(id)
    yield "end_users.passthrough", lambda: client.end_users.passthrough(
        "quickbooks_desktop", id=id, qbd_payload=payload
    )
    yield "auth_sessions.create", lambda: client.auth_sessions.create(
        publishable_key=READY["conductor_publishable_key"], end_user_id=id
    )
    if CAN_PING:
        yield "end_users.ping", lambda: client.end_users.ping("quickbooks_desktop", id=id)
    else:
        yield "qbd.health_check", lambda: client.qbd.health_check(conductor_end_user_id=id)
        yield "qbd.company.retrieve", lambda: client.qbd.company.retrieve(conductor_end_user_id=id)


REACH_QUICKBOOKS = ["end_users.passthrough", "end_users.ping", "qbd.health_check", "qbd.company.retrieve"]

for state, kind, status, code, integration_code in [
    ("not_set_up", conductor.ConflictError, 409, "INTEGRATION_CONNECTION_NOT_SET_UP", None),
    ("inactive", conductor.ConflictError, 409, "INTEGRATION_CONNECTION_NOT_ACTIVE", None),
    ("broken", conductor.InternalServerError, 502, "QBD_CONNECTION_ERROR", "0x80040420"),
    ("timeout", conductor.InternalServerError, 504, "QBD_REQUEST_TIMEOUT", None),
    ("request_refused", conductor.InternalServerError, 502, "QBD_REQUEST_ERROR", "3200"),
]:

    @check(f"{state}, for every call that reaches QuickBooks")
    def _():
        set_state(state)
        for name, call in calls(user.id):
            if name in REACH_QUICKBOOKS:
                expect(conductor_error(call), kind, status, code, integration_code)


CLASSES = {
    400: conductor.BadRequestError,
    401: conductor.AuthenticationError,
    403: conductor.PermissionDeniedError,
    404: conductor.NotFoundError,
    409: conductor.ConflictError,
    422: conductor.UnprocessableEntityError,
    429: conductor.RateLimitError,
    500: conductor.InternalServerError,
    502: conductor.InternalServerError,
    503: conductor.InternalServerError,
    504: conductor.InternalServerError,
}
EVERY_CALL = [
    ("end_users.list", client.end_users.list),
    ("end_users.create", lambda: client.end_users.create(company_name="A", source_id="never", email="a@b.example")),
    *calls(user.id),
]

for name, call in EVERY_CALL:

    @check(f"{name}: maps each status to its class")
    def _():
        for status, kind in CLASSES.items():
            fault("status", status=status)
            error = conductor_error(call)
            assert type(error) is kind, f"{status}: {type(error).__name__}"
            assert error.body["error"]["httpStatusCode"] == status
            assert error.response.headers["conductor-request-id"] == error.body["error"]["requestId"]
        fault("html", status=502)
        assert type(conductor_error(call)) is conductor.InternalServerError
        fault("reset")
        assert type(conductor_error(call)) is conductor.APIConnectionError


for name, call in calls("end_usr_unknown"):

    @check(f"{name}: rejects an unknown end user")
    def _():
        expect(conductor_error(call), conductor.NotFoundError, 404, "RESOURCE_MISSING")


@check("errors that do not concern the connection")
def _():
    expect(conductor_error(lambda: session_with(link_expiry_mins=14)), conductor.BadRequestError, 400, "SANDBOX_INVALID_REQUEST")
    expect(conductor_error(lambda: session_with(link_expiry_mins=10081)), conductor.BadRequestError, 400, "SANDBOX_INVALID_REQUEST")
    stranger = Conductor(**{**OPTIONS, "api_key": "sk_conductor_wrong"})
    expect(conductor_error(stranger.end_users.list), conductor.AuthenticationError, 401, "API_KEY_INVALID")
    fault("latency", ms=2000)
    assert type(conductor_error(lambda: client.end_users.list(timeout=0.1))) is conductor.APITimeoutError


@check("strict validation is on")
def _():
    fault("status", status=200, body={"objectType": "end_user", "id": "end_usr_half"})
    assert type(conductor_error(lambda: client.end_users.retrieve(user.id))) is conductor.APIResponseValidationError


@check("the older dialect passes strict validation")
def _():
    control("/backend", {"legacy": True})
    set_state("working")
    assert float(health().duration) == 111
    assert session_with().id.startswith("int_conn_auth_sess_")
    control("/backend", {"legacy": False})


@check("with default retries the client sends three requests when not set up")
def _():
    set_state("not_set_up")
    retrying = Conductor(**{**OPTIONS, "max_retries": conductor.DEFAULT_MAX_RETRIES})
    if CAN_PING:
        call = lambda: retrying.end_users.ping("quickbooks_desktop", id=user.id)
    else:
        call = lambda: retrying.qbd.health_check(conductor_end_user_id=user.id)
    before = health_checks()
    expect(conductor_error(call), conductor.ConflictError, 409, "INTEGRATION_CONNECTION_NOT_SET_UP")
    assert health_checks() - before == 3


@check("deletes an end user")
def _():
    assert client.end_users.delete(user.id).deleted is True
    expect(conductor_error(lambda: client.end_users.retrieve(user.id)), conductor.NotFoundError, 404, "RESOURCE_MISSING")


check.exit()
