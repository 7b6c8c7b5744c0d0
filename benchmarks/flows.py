"""What the load tool runs: signed-in people who open pages or take a quiz.

A locust file. `BENCH_PLAN` names a JSON file made by `load.py`, which also says where the figures
of the measured window go: flows and requests done, CPU of the server's process tree, latency.
"""

import itertools
import json
import os
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

import gevent
from locust import FastHttpUser, events, task

from benchmarks.forms import Filled, filled_form, questions_of
from benchmarks.processes import Reading, memory_pss, reading

PLAN: dict[str, Any] = json.loads(Path(os.environ["BENCH_PLAN"]).read_text())

JSON = "application/json"
BETWEEN_ARRIVALS = 0.1  # seconds: people come one by one, and a busy process leaves them to others

_turn = itertools.count(PLAN["offset"])
_place = itertools.count()


class Tally:
    """What was done so far; errors are kept by their text."""

    flows = 0
    requests = 0
    pairs = 0
    latencies: ClassVar[list[float]] = []
    errors: ClassVar[dict[str, int]] = {}


class FlowError(Exception):
    """An answer that is not the one the flow needs."""


class Learner(FastHttpUser):
    """One connection. Each flow is the next learner; once all had a turn, another page."""

    host = PLAN["base"]

    def on_start(self) -> None:
        gevent.sleep(next(_place) * BETWEEN_ARRIVALS)

    @task
    def flow(self) -> None:
        turn = next(_turn)
        people, pages = PLAN["cookies"], PLAN["paths"]
        self.cookies = dict(item.split("=", 1) for item in people[turn % len(people)].split("; "))
        path = pages[(turn % len(people) + turn // len(people)) % len(pages)]
        Tally.pairs = turn + 1
        try:
            STEPS[PLAN["flow"]](self, path)
        except Exception as error:  # whatever it is, the figure would be of something else
            Tally.errors[repr(error)] = Tally.errors.get(repr(error), 0) + 1
        else:
            Tally.flows += 1

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, accept: str = "*/*"
    ) -> Any:
        """One request with this person's cookies; redirects are the flow's to follow."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Accept-Encoding": PLAN["encoding"], "Accept": accept}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.client.request(
            method,
            path,
            data=urlencode(form) if form is not None else None,
            headers=headers,
            allow_redirects=False,
            name="save" if accept == JSON else "page",
        )
        Tally.requests += 1
        for cookie in (answer.headers.get_all("set-cookie") if answer.headers else None) or ():
            name, _equals, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer

    def page(self, path: str, needs: str) -> str:
        """The text of a page that must come at once and hold `needs`."""
        answer = self.ask("GET", path)
        return _checked(answer, needs)


def _checked(answer: Any, needs: str) -> str:
    if answer.status_code != 200:
        raise FlowError(f"{answer.status_code} instead of 200")
    text = str(answer.text)
    if needs not in text:
        raise FlowError(f"no {needs!r} in the page")
    return text


def _post(person: Learner, path: str, form: Filled) -> str:
    """Send a form that answers with the address of the next page."""
    action, fields = form
    answer = person.ask("POST", action or path, fields)
    if answer.status_code not in (302, 303):
        raise FlowError(f"{answer.status_code} to a form instead of a redirect")
    return str(answer.headers["location"])


def page(person: Learner, path: str) -> None:
    person.page(path, PLAN["needs"])


def attempt(person: Learner, path: str) -> None:
    """Front page, start, questions, send, result: five requests."""
    front = person.page(path, "<form")
    asked = _post(person, path, filled_form(front, "attempts"))
    questions = person.page(asked, 'type="radio"')
    result = _post(person, asked, filled_form(questions, 'type="radio"'))
    person.page(result, PLAN["needs"])


def saving(person: Learner, path: str) -> None:
    """The same attempt as a browser with scripts takes it: each answer is saved as it is given."""
    front = person.page(path, "<form")
    asked = _post(person, path, filled_form(front, "attempts"))
    text = person.page(asked, 'type="radio"')
    action, fields = filled_form(text, 'type="radio"')
    for turn, (number, question) in enumerate(questions_of(text), 1):
        answer = person.ask(
            "POST",
            f"{asked}/questions/{number}",
            {
                "csrf_token": fields["csrf_token"],
                "page": fields["page"],
                "turn": str(turn),
                f"s-{question}": fields[f"s-{question}"],
                f"q-{question}": fields[f"q-{question}"],
            },
            JSON,
        )
        if answer.status_code != 200:
            raise FlowError(f"{answer.status_code} to an answer instead of 200")
        fields[f"s-{question}"] = str(json.loads(answer.text)["revision"])
        fields["turn"] = str(turn + 1)
    result = _post(person, asked, (action, fields))
    person.page(result, PLAN["needs"])


STEPS = {"page": page, "attempt": attempt, "saving": saving}


@events.request.add_listener
def on_request(name: str, response_time: float, exception: Exception | None, **_rest: Any) -> None:
    # Of a flow that saves, it is the saving that a learner waits for.
    if exception is None and (PLAN["flow"] != "saving" or name == "save"):
        Tally.latencies.append(response_time)


@events.test_start.add_listener
def on_start(environment: Any, **_rest: Any) -> None:
    gevent.spawn(_measure, environment)


def _measure(environment: Any) -> None:
    gevent.sleep(PLAN["warm_up"])
    first, flows, requests, calls = _state()
    gevent.sleep(PLAN["seconds"])
    last, flows_after, requests_after, calls_after = _state()
    cpu = last.tree - first.tree
    done = flows_after - flows
    workers, whole = memory_pss(PLAN["server"])
    result = {
        "flows": done,
        "requests": requests_after - requests,
        "cpu_ms": cpu * 1000 / done if done else None,
        "others": last.others_since(first),
        "driver": (last.driver - first.driver) / (last.at - first.at),
        "per_second": done / (last.at - first.at),
        "latencies": sorted(Tally.latencies[calls:calls_after]),
        "errors": Tally.errors,
        "turns": Tally.pairs,
        "pss_mb": workers,
        "tree_mb": whole,
    }
    Path(PLAN["result"]).write_text(json.dumps(result))
    environment.runner.quit()


def _state() -> tuple[Reading, int, int, int]:
    return (
        reading(PLAN["server"], PLAN["database"]),
        Tally.flows,
        Tally.requests,
        len(Tally.latencies),
    )
