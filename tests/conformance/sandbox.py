"""What the Python scripts share: the sandbox's addresses, its control API, the link pages, and one line per check."""

import json
import os
import sys
import traceback
import urllib.error
import urllib.request

READY = json.loads(sys.argv[1] if len(sys.argv) > 1 else os.environ["SANDBOX_READY"])


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The redirect is what we want to see."""

    def redirect_request(self, *_):
        return None


plain = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect())


def control(path, body=None):
    """Calls the control API; without a body it is a GET."""
    data = None if body is None else json.dumps(body).encode()
    with plain.open(urllib.request.Request(READY["control"] + path, data=data)) as answer:
        return json.load(answer)


def fault(kind, target="conductor", **more):
    """Plans one fault, for one request."""
    control("/faults", {"target": target, "kind": kind, "times": 1, **more})


def asked(path, target="conductor"):
    """How often a side was asked for a path."""
    counted = control("/requests")["requests"]
    return sum(it["count"] for it in counted if (it["target"], it["path"]) == (target, path))


def press(url):
    """Presses a button of a page; where the browser is sent."""
    try:
        plain.open(urllib.request.Request(url, data=b"")).close()
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"]
    return None


class Checks:
    """Runs each check at once and prints one line."""

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

    def done(self):
        """The last word of every script."""
        sys.exit(1 if self.failures else 0)


def thrown(kind, call):
    """What the call raises, if it is of that kind; that it raises nothing is a failure."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("nothing was raised")
