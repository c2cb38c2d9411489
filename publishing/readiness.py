"""Readiness checks: what must work before a process gets visitors. Each app registers its own, `/readyz` runs them."""

checks = {}


class NotReady(Exception):
    """A check failed; the message is public, so it names no path, host or person."""


def readiness_check(name):
    """Register a function that returns a dict of facts for `/readyz` (figures, not secrets), or raises NotReady.

    Called on every `/readyz`, so it must be quick and change nothing. Register in a module that `AppConfig.ready` imports.
    """

    def register(function):
        checks[name] = function
        return function

    return register
