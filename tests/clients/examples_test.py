"""The example clients of one language (CALLBRIDGE_LANGUAGE), generated, compiled and run against the demo's programs."""

import json
import os
import re
import subprocess
import tempfile
import unittest

from demo import Demo
from languages import LANGUAGES, PYTHON
from reluctant_server import OFFERED, ReluctantServer
from waiting import SECONDS_MAX, wait_until

CALLER, CALLEE, OFFERED_DID = "+447700900123", "+447700900456", "442079460003"
# Of code that a person copies: without blank lines, comments and imports.
LINES_MAX = 40
# What a stream has that asks for no other.
DETAILS = ("DETAIL_MILESTONE", "DETAIL_NORMAL")


def plain(kind):
    """The kind of an event, as every language writes it: session_ended, SESSION_ENDED, sessionEnded."""
    return kind.replace("_", "").lower()


class Run:
    """One run of an example; its lines are SESSION SEQUENCE KIND, but for errors."""

    def __init__(self, command, folder):
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.lines = []

    def read(self):
        """The next event as (session, sequence, kind), or None at the end. Other lines are kept only."""
        for line in self.process.stdout:
            self.lines.append(line)
            found = re.fullmatch(r"(s_\w+) (\d+) (\w+)", line.strip())
            if found:
                return found.group(1), int(found.group(2)), plain(found.group(3))
        return None

    def until(self, kind, session=None):
        """All events up to the first one of this kind."""
        events = []
        while not events or events[-1][2] != plain(kind) or session not in (None, events[-1][0]):
            event = self.read()
            if event is None:
                raise AssertionError(f"it ended before {kind}:\n{''.join(self.lines)}")
            events.append(event)
        return events

    def kill(self):
        """Ends it without a chance to store anything; returns the events that it had printed by then."""
        self.process.kill()
        events = list(iter(self.read, None))
        self.process.communicate(timeout=SECONDS_MAX)
        return events

    def end(self):
        """The exit status, when all is read."""
        self.lines += self.process.communicate(timeout=SECONDS_MAX)[0]
        return self.process.returncode


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.language = LANGUAGES[os.environ["CALLBRIDGE_LANGUAGE"]]
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="callbridge-example-"))
        cls.example = os.path.join(folder, "example")
        cls.language.make(cls.example)
        cls.demo = cls.enterClassContext(Demo(os.environ["CALLBRIDGE_BIN"]))

    def setUp(self):
        # Where the tokens are kept.
        self.tokens = self.enterContext(tempfile.TemporaryDirectory(prefix="callbridge-tokens-"))

    def start(self, program, *arguments, address=None):
        address = address or self.demo.environment["CALLBRIDGE_SERVER"]
        run = Run(self.language.command(self.example, program) + [address, *arguments], self.tokens)
        self.addCleanup(run.process.communicate)
        self.addCleanup(run.process.kill)
        return run

    def history(self, session):
        """What happened in the session, by the command line of this tree, which asks for more detail than the examples."""
        told = subprocess.run(["callbridge", "watch", session, "--json"], env=self.demo.environment, capture_output=True,
                              text=True, timeout=SECONDS_MAX, check=True).stdout
        messages = [json.loads(line) for line in told.splitlines()]
        events = [message["event"] for message in messages if message.get("event", {}).get("detail") in DETAILS]
        kinds = [next(plain(name) for name in event if name[:1].islower() and isinstance(event[name], dict) and
                      name not in ("labels", "previous")) for event in events]
        return [(session, event["sequence"], kind) for event, kind in zip(events, kinds)]

    def calls_to_callee(self):
        return [call for call in self.demo.control("state")["calls"] if call["to"] == CALLEE[1:]]

    def test_a_bridge_is_followed_over_a_crash_of_either_side(self):
        before = len(self.calls_to_callee())
        first = self.start("start_bridge", "order-4711", CALLER, CALLEE)
        told = first.until("LegAnswered") + first.kill()
        again = self.start("start_bridge", "order-4711", CALLER, CALLEE)
        resumed = again.until("PartiesConnected")
        self.demo.kill_server()
        self.demo.start_server()
        resumed += again.until("SessionEnded")
        self.assertEqual(again.end(), 0, again.lines)
        # The event that the first run had in its hand when it was killed may come once more.
        self.assertGreaterEqual(resumed[0][1], told[-1][1])
        self.assertEqual(sorted(set(told + resumed)), self.history(told[0][0]))
        self.assertEqual(resumed, sorted(set(resumed)), "an event came twice")
        self.assertEqual(len(self.calls_to_callee()), before + 1, "the callee's telephone rang another time")

    def test_a_refusal_is_explained(self):
        run = self.start("start_bridge", "order-4712", CALLER, "a number")
        self.assertEqual(run.end(), 1)
        said = "".join(run.lines)
        self.assertIn("INVALID_FIELD", said)
        self.assertRegex(said, r"callees\[0\]\.endpoint\.phone\.number: .+")

    def test_offered_calls_are_taken_and_none_is_missed(self):
        first = self.start("take_offers", CALLEE)
        wait_until(lambda: os.path.exists(os.path.join(self.tokens, "offers.token")), "the first token")
        self.demo.call(OFFERED_DID)
        session = first.until("SessionOffered")[-1][0]
        first.until("PartiesConnected", session)
        first.kill()
        missed = self.demo.call(OFFERED_DID)
        offered = wait_until(lambda: self.demo.session_of(missed), "the session of a call while the example does not run")
        self.start("take_offers", CALLEE).until("SessionOffered", offered)

    def test_what_is_refused_for_a_moment_is_asked_again(self):
        generated = os.path.join(self.tokens, "for_the_server")
        PYTHON.make(generated)
        with ReluctantServer(os.path.join(generated, "gen/python")) as server:
            self.start("take_offers", CALLEE, address=server.address)
            wait_until(lambda: len(server.started) == 2, "a second StartBridge")
            self.assertEqual(len(server.streams), 2)
            self.assertEqual({request.request_id for request in server.started}, {f"take-{OFFERED}"})

    def test_the_code_fits_on_a_screen(self):
        for path in self.language.sources():
            with open(path, encoding="utf-8") as file:
                code = re.sub(r'^import \($.*?^\)$|^"""(?s:.*?)"""$|^ */\*\*(?s:.*?)\*/$', "", file.read(), flags=re.M | re.S)
            lines = [line for line in code.splitlines() if line.strip() and not re.match(r"\s*(//|#|import |from |package )", line)]
            self.assertLess(len(lines), LINES_MAX, path)


if __name__ == "__main__":
    unittest.main()
