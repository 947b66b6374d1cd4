"""The calls of Codat's guide to a custom authorization journey, with Codat's Python client, which validates answers.
It accepts some nulls that the Node client rejects."""

import base64
import importlib.metadata

from codat_platform import CodatPlatform
from codat_platform.models import errors, shared
from codat_platform.utils.retries import RetryConfig

from sandbox import READY, Checks, control, error_of, fault, http, press, request_count

check = Checks(f"codat python {importlib.metadata.version('codat-platform')}")


def client(key=READY["codat_api_key"], **more):
    header = "Basic " + base64.b64encode(key.encode()).decode()
    return CodatPlatform(server_url=READY["codat"], security=shared.Security(auth_header=header), **more)


NEVER = RetryConfig("none", retry_connection_errors=False)
codat = client(retry_config=NEVER)
company = codat.companies.create(request={"name": "python sdk", "tags": {"uid": "python"}})
ID = {"company_id": company.id}
QUICKBOOKS_DESKTOP = {"platform_key": "pqsw"}
connection = codat.connections.create(request={**ID, "request_body": QUICKBOOKS_DESKTOP})
BOTH = {**ID, "connection_id": connection.id}


def codat_error(call):
    return error_of(errors.CodatPlatformError, call)


def reread():
    return codat.connections.get(request=BOTH)


def press_button(link, button):
    """Opens the page and presses a button."""
    http.open(link).close()
    return press(link.replace("/start?", f"/{button}?"))


def unlink():
    return codat.connections.unlink(request={**BOTH, "update_connection_status": {"status": "Unlinked"}})


ANY = [401, 402, 403, 429, 500, 503]
WITH_404 = [*ANY, 404]
ALL = [*WITH_404, 400]

# Every call with the error statuses that Codat documents for it.
CALLS = [
    ("companies.create", lambda: codat.companies.create(request={"name": "never"}), [*ANY, 400]),
    ("companies.list", lambda: codat.companies.list(), ALL),
    ("companies.get", lambda: codat.companies.get(request=ID), WITH_404),
    ("companies.delete", lambda: codat.companies.delete(request=ID), WITH_404),
    ("companies.get_access_token", lambda: codat.companies.get_access_token(request=ID), WITH_404),
    (
        "connections.create",
        lambda: codat.connections.create(request={**ID, "request_body": QUICKBOOKS_DESKTOP}),
        WITH_404,
    ),
    ("connections.list", lambda: codat.connections.list(request=ID), ALL),
    ("connections.get", reread, WITH_404),
    ("connections.unlink", unlink, WITH_404),
    ("connections.delete", lambda: codat.connections.delete(request=BOTH), WITH_404),
    ("connection_management.get", lambda: codat.connection_management.get(request=ID), WITH_404),
    ("integrations.list", lambda: codat.integrations.list(), [*ANY, 400]),
    ("integrations.get", lambda: codat.integrations.get(request=QUICKBOOKS_DESKTOP), WITH_404),
    ("integrations.get_branding", lambda: codat.integrations.get_branding(request=QUICKBOOKS_DESKTOP), WITH_404),
    ("refresh_data.get", lambda: codat.refresh_data.get(request=ID), WITH_404),
    ("refresh_data.list_pull_operations", lambda: codat.refresh_data.list_pull_operations(request=ID), ALL),
    ("refresh_data.all", lambda: codat.refresh_data.all(request=ID), ALL),
    (
        "refresh_data.by_data_type",
        lambda: codat.refresh_data.by_data_type(request={**ID, "data_type": "invoices"}),
        ALL,
    ),
    ("settings.get_profile", lambda: codat.settings.get_profile(), ANY),
    (
        "settings.update_profile",
        lambda: codat.settings.update_profile(request={"name": "A", "redirect_url": ""}),
        ANY,
    ),
]

for name, call, documented in CALLS:

    @check(f"{name}: maps each documented error to its class, any other to an SDK error")
    def _():
        for status in documented:
            fault("status", target="codat", status=status)
            error = codat_error(call)
            assert type(error) is errors.ErrorMessage, f"{status}: {type(error).__name__}"
            assert error.status_code == status == error.data.status_code
            assert error.data.correlation_id and type(error.data.can_be_retried) is str
        for status in [409, 451, 502]:
            fault("status", target="codat", status=status)
            error = codat_error(call)
            assert (type(error), error.status_code) == (errors.SDKError, status)
        fault("html", target="codat", status=503)
        assert type(codat_error(call)) is errors.SDKError


@check("creates, lists and gets companies, by query and by tag")
def _():
    assert (company.name, company.tags, company.last_sync) == ("python sdk", {"uid": "python"}, None)
    found = codat.companies.list(request={"query": f"id={company.id}"})
    assert [it.id for it in found.results] == [company.id] and found.total_results == 1
    assert codat.companies.list(request={"tags": "uid=nobody"}).total_results == 0
    assert codat.companies.get(request=ID).data_connections[0].id == connection.id


@check("a new connection awaits authorization")
def _():
    assert (connection.status.value, connection.integration_key) == ("PendingAuth", "pqsw")
    assert connection.last_sync is None
    assert [it.id for it in codat.connections.list(request=ID).results] == [connection.id]


@check("lists integrations and their branding")
def _():
    wanted = codat.integrations.list(request={"query": "sourceType=Accounting&&enabled=true"}).results
    assert "pqsw" in [it.key for it in wanted] and all(it.enabled for it in wanted)
    assert codat.integrations.get(request=QUICKBOOKS_DESKTOP).name == "QuickBooks Desktop"
    branding = codat.integrations.get_branding(request=QUICKBOOKS_DESKTOP)
    assert branding.button.default.image.src != branding.button.hover.image.src
    assert branding.logo.full.image.alt


@check("the profile, and each button of the page behind a link")
def _():
    template = "https://app.example/done?code={statusCode}&why={errorMessage}"
    profile = codat.settings.update_profile(request={"name": "Python", "redirect_url": template})
    assert codat.settings.get_profile() == profile and profile.redirect_url == template
    assert press_button(reread().link_url, "cancel").endswith("?code=403&why=User%20cancelled.")
    error = reread().data_connection_errors[0]
    assert (error.status_code, error.error_message) == ("403", "User cancelled")
    assert press_button(reread().link_url, "fail").endswith("?code=500&why=Unknown%20error%20occurred.")
    assert press_button(reread().link_url, "unsupported").endswith("?code=501&why=Not%20supported.")
    assert press_button(reread().link_url, "finish").endswith("?code=200&why=")
    assert (reread().status.value, reread().last_sync) == ("Linked", None)
    assert press_button(reread().link_url, "already").endswith("?code=201&why=")


@check("data is queued until it is synced, and can be refreshed")
def _():
    assert codat.refresh_data.get(request=ID).invoices.current_status.value == "Queued"
    control("/codat/data-status", {**ID, "status": "Complete"})
    assert codat.refresh_data.get(request=ID).invoices.last_successful_sync
    assert reread().last_sync
    codat.refresh_data.all(request=ID)
    pull = codat.refresh_data.by_data_type(request={**ID, "data_type": "bills"})
    assert (pull.status.value, pull.is_completed, pull.connection_id) == ("Queued", False, connection.id)
    history = codat.refresh_data.list_pull_operations(request=ID)
    assert history.results[0].id == pull.id


@check("gets an access token")
def _():
    token = codat.companies.get_access_token(request=ID)
    assert (token.expires_in, token.token_type) == (86400, "Bearer")
    withdrawn = codat_error(lambda: codat.connection_management.get(request=ID))
    assert (type(withdrawn), withdrawn.status_code) == (errors.ErrorMessage, 404)


@check("reads the errors of the sandbox itself")
def _():
    stranger = client("wrong", retry_config=NEVER)
    for status, call in [
        (400, lambda: codat.companies.list(request={"query": "nonsense"})),
        (401, lambda: stranger.companies.list()),
        (404, lambda: codat.connections.get(request={**ID, "connection_id": "unknown"})),
    ]:
        error = codat_error(call)
        assert (type(error), error.status_code) == (errors.ErrorMessage, status)
    # Below this client, urllib3 repeats the request three times after a delay; no option disables this.
    control("/codat/settings", {"rate_limit": 0, "retry_after": "0"})
    error = codat_error(reread)
    assert (type(error), error.headers["retry-after"]) == (errors.ErrorMessage, "0")
    assert (error.status_code, error.headers["x-rate-limit-remaining"]) == (429, "0")
    control("/codat/settings", {"rate_limit": None, "retry_after": "60"})


@check("the client validates answers")
def _():
    control("/codat/settings", {"loose": True})
    for call in [lambda: codat.integrations.list(), lambda: codat.refresh_data.get(request=ID)]:
        assert type(codat_error(call)) is errors.ResponseValidationError
    control("/codat/settings", {"loose": False})


@check("with default retries the client repeats the request")
def _():
    path = f"/companies/{company.id}/accessToken"
    before = request_count(path, "codat")
    fault("status", target="codat", status=503)
    client().companies.get_access_token(request=ID)
    assert request_count(path, "codat") - before == 2


@check("unlinks and deletes")
def _():
    assert unlink().status.value == "Unlinked"
    codat.connections.delete(request=BOTH)
    assert codat_error(reread).status_code == 404
    codat.companies.delete(request=ID)
    assert codat_error(lambda: codat.companies.get(request=ID)).status_code == 404


check.exit()
