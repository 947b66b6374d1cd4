"""Shared by the Python scripts: the sandbox's addresses, its control API, the link pages, and one line per check."""

import json
import os
import sys
import traceback
import urllib.error
import urllib.request

READY = json.loads(sys.argv[1] if len(sys.argv) > 1 else os.environ["SANDBOX_READY"])


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Returns redirects instead of following them."""

    def redirect_request(self, *_):
        return None


http = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect())


def control(path, body=None):
    """Calls the control API; without a body the method is GET."""
    data = None if body is None else json.dumps(body).encode()
    with http.open(urllib.request.Request(READY["control"] + path, data=data)) as answer:
        return json.load(answer)


def fault(kind, target="conductor", **more):
    """Plans one fault, for one request."""
    control("/faults", {"target": target, "kind": kind, "times": 1, **more})


def request_count(path, target="conductor"):
    """Returns the number of requests for a path at a target."""
    requests = control("/requests")["requests"]
    return sum(it["count"] for it in requests if (it["target"], it["path"]) == (target, path))


def press(url):
    """Presses a button of a page and returns the redirect's target."""
    try:
        http.open(urllib.request.Request(url, data=b"")).close()
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"]
    return None


class Checks:
    """Runs each check immediately and prints one line."""

    def __init__(self, label):
        self.label = label
        self.failures = 0

    def __call__(self, name):
        def run(body):
            try:
                body()
                print(f"ok {self.label}: {name}")
            except Exception:
                self.failures += 1
                print(f"FAILED {self.label}: {name}: " + traceback.format_exc().replace("\n", " | "))

        return run

    def exit(self):
        """Ends the script; every script calls it last."""
        sys.exit(1 if self.failures else 0)


def error_of(kind, call):
    """Returns the error of the call if it is of that kind. Fails if the call raises nothing."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("nothing was raised")
