"""Schemathesis, all phases, against every address of /data/openapi.json, in this process and with the page cache: `make try-formats`.

It reads the database of VAR_DIR as it stands. The same number gives the same requests. Exit code 1 where anything is found.
"""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

DESCRIPTION = "/data/openapi.json"
HOST = "localhost"
SEED = 20101127
PHASES = ("examples", "coverage", "fuzzing", "stateful")


@dataclass
class Trial:
    """What a run did: requests by phase and by status, and what was found, each finding once with a request that shows it."""

    requests: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    found: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)

    def note(self, event):
        if isinstance(event, events.ScenarioFinished):
            self.note_scenario(event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            self.errors.append(f"{getattr(event, 'label', '')}: {told_of(event)}")

    def note_scenario(self, event):
        recorder = event.recorder
        for interaction in recorder.interactions.values():
            self.requests[event.phase.value] += 1
            self.statuses[interaction.response.status_code if interaction.response else "none"] += 1
        for case, checks in recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    failure, request = check.failure_info.failure, recorder.interactions[case].request
                    key = (recorder.cases[case].value.operation.label, check.name, failure.title)
                    self.found.setdefault(key, f"{request.method} {request.uri}\n    {failure.message}")

    def __str__(self):
        phases = ", ".join(f"{name} {count:,}" for name, count in self.requests.items())
        statuses = ", ".join(f"{status} {count:,}" for status, count in sorted(self.statuses.items(), key=str))
        lines = [f"{sum(self.requests.values()):,} requests: {phases}", f"answers: {statuses}", f"findings: {len(self.found)}"]
        lines += [f"  {operation}, {check}: {title}\n    {told}" for (operation, check, title), told in self.found.items()]
        return "\n".join([*lines, *(f"error: {error}" for error in self.errors)])


def told_of(event):
    return str(event.info) if hasattr(event, "info") else repr(event.exception)


def loaded(application, examples, seed=SEED, phases=PHASES, path="", **limits):
    """The schema of the application's own description, set up for a run with so many examples of each operation."""
    config = SchemathesisConfig(seed=seed, **limits)
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, application, config=config, headers={"Host": HOST})
    project = schema.config
    project.update(base_url=f"http://{HOST}{path}", continue_on_failure=True)
    project.headers = {"Host": HOST, "Accept-Encoding": "identity"}  # the client in the process unpacks nothing
    project.generation.update(max_examples=examples, database="none")
    for name in PHASES:
        project.phases.get_by_name(name=name).enabled = name in phases
    schema.hook("filter_case")(asks_for_a_format)
    return schema


def asks_for_a_format(_context, case):
    """Whether a request is of a programme: without a format, where one is asked for, it is for a page for people, which has no schema."""
    needed = any(one.name == "format" and one.is_required for one in case.operation.query)
    return not needed or "format" in (case.query or {})


def run(schema):
    """The Trial of a run; the log of its requests would tell nothing."""
    trial, before = Trial(), logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        for event in from_schema(schema).execute():
            trial.note(event)
    finally:
        logging.disable(before)
    return trial


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=2000, help="of each address")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--path", default="", help="/@2010-03-10 for the addresses of that day")
    parser.add_argument("--only", help="part of the path of the addresses")
    parser.add_argument("--phases", nargs="+", default=PHASES, choices=PHASES)
    given = parser.parse_args()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "CRITICAL"}
    from cdmportal.wsgi import application

    schema = loaded(application, given.examples, given.seed, given.phases, given.path)
    if given.only:
        schema = schema.include(lambda context: given.only in context.operation.path)
    started = time.monotonic()
    trial = run(schema)
    application.watch.close()
    print(f"{trial}\n{given.examples:,} examples of each address, seed {given.seed}, {time.monotonic() - started:.0f} s")
    return 1 if trial.found or trial.errors else 0


if __name__ == "__main__":
    sys.exit(main())
