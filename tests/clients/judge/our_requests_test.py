"""Every request that our programs make, judged by the request models of the provider's own client: those that server/provider
can write, with all that can be set, and those that arrived at the simulator while bridges ran."""

import json
import os
import subprocess
import unittest

from infobip_api_client.models import CallsLanguage

from demo import Demo
from not_served import NOT_SERVED
from official_client import find, judge_request, operations
from waiting import wait_until

BIN = os.environ["CALLBRIDGE_BIN"]
# Languages of the provider's specification that its client does not know (docs/provider.md §9.21). The service sends them.
SPECIFIED_ONLY = {"ar_xa", "bn-in", "cmn-cn", "en-ph", "es-419", "es-co", "es-us", "et-ee", "lt", "lv", "nb-no", "nl-be", "pa-in",
                  "sr-rs", "ur-in", "yue-hk"}
DIDS = ("442079460001", "442079460002")  # answered and unanswered, by the routes of deploy/demo.yaml


class OurRequests(unittest.TestCase):
    def judge(self, name, method, target, body):
        with self.subTest(f"{name}: {method} {target} {body}"):
            self.assertEqual(judge_request(method, target, body), [])

    @staticmethod
    def written(*languages):
        lines = subprocess.run([os.path.join(BIN, "print_requests"), *languages], capture_output=True, text=True, check=True)
        return [json.loads(line) for line in lines.stdout.splitlines()]

    @staticmethod
    def with_a_look(arrived):
        return arrived if any(request["operation"] == "get-call" for request in arrived) else None

    def test_all_that_can_be_written(self):
        requests = self.written()
        for request in requests:
            self.judge(**request)
        used = {find(request["method"], request["target"].split("?")[0]).name for request in requests}
        self.assertEqual(used & set(NOT_SERVED), set(), "our programs use what the simulator does not serve")

    def test_each_language(self):
        for request in self.written(*[language.value for language in CallsLanguage]):
            self.judge(**request)
        for request in self.written(*SPECIFIED_ONLY):
            with self.subTest(request["name"]):
                self.assertEqual(json.loads(request["body"])["language"], request["name"])
                self.assertNotEqual(judge_request(request["method"], request["target"], request["body"]), [])

    def test_all_that_arrived_while_bridges_ran(self):
        with Demo(BIN) as demo:
            for did in DIDS:
                call = demo.call(did)
                wait_until(lambda: demo.session_of(call, "ENDED"), "a bridge to its end")
            # Without webhooks the server learns by looking, of the caller first.
            demo.control("faults", **{"drop-types": "CALL_ESTABLISHED"})
            demo.call(DIDS[0])
            arrived = wait_until(lambda: self.with_a_look(demo.control("requests")["requests"]), "a look at a call")
        self.assertGreater(len(arrived), 20)
        for request in arrived:
            self.judge(request["operation"], request["method"], request["target"], request["body"])


class Judge(unittest.TestCase):
    """The judge itself can say no."""

    SAY = "/calls/1/calls/aaaa/say"

    def test_finds_what_is_wrong(self):
        for target, body, finding in (
            ("/calls/1/calls/aaaa/sing", "", "knows no such operation"),
            (f"{self.SAY}?twice=1", '{"text": "Hello", "language": "en"}', "knows no parameter twice"),
            (self.SAY, '{"text": "Hello", "language": "en", "voice": "loud"}', "does not know the field voice"),
            (self.SAY, '{"language": "en"}', "text"),
            (self.SAY, '{"text": "Hello", "language": "Klingon"}', "Klingon"),
            ("/calls/1/calls/aaaa/hangup", '{"errorCode": "BORED"}', "BORED"),
            ("/calls/1/conferences/cccc/call", '{"callRequest": {"endpoint": {"type": "PHONE", "phoneNumber": "447700900456"},'
             ' "connectTimeout": 61}}', "less than or equal to 60"),
            ("/calls/1/calls/aaaa/send-ringing", "{}", "sends no body"),
        ):
            with self.subTest(target + body):
                self.assertIn(finding, "\n".join(judge_request("POST", target, body)))
        for query, finding in (("direction=BOTH", "BOTH"), ("startTimeAfter=yesterday", "datetime"), ("page=one", "integer"),
                               ("size=101", "less than or equal to 100")):
            with self.subTest(query):
                self.assertIn(finding, "\n".join(judge_request("GET", f"/calls/1/calls?{query}", "")))
        self.assertEqual(judge_request("POST", self.SAY, '{"text": "Hello", "language": "en"}'), [])

    def test_reads_the_operations_of_the_client(self):
        self.assertGreater(len(operations()), 90)
        self.assertEqual(operations()["call_say_text"].path, "/calls/1/calls/{callId}/say")
        self.assertEqual(operations()["call_say_text"].body.__name__, "CallsSayRequest")
        self.assertIn("startTimeAfter", operations()["get_calls"].queries)
        self.assertEqual(find("GET", "/calls/1/calls/history").name, "get_calls_history")


if __name__ == "__main__":
    unittest.main()
