"""The provider's own client drives the simulator. Every operation that both know is called, its answer is parsed by the
client's models, and the models must keep every field of it."""

import datetime
import os
import tempfile
import unittest
import wave

import infobip_api_client.models as models
from infobip_api_client.exceptions import ApiException

from not_served import NOT_SERVED
from official_client import client_for, judge_answer, operations
from simulator import Simulator
from waiting import wait_until

CALLER, CALLEE, DID = "447700900123", "447700900456", "442079460001"
MUSIC = "https://files.example.com/hold.mp3"
CUSTOM_DATA = {"session": "s_1", "leg": "callee-1"}


class Judged(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator(os.environ["CALLBRIDGE_BIN"])
        self.addCleanup(self.simulator.stop)
        self.client = client_for(self.simulator.address, Simulator.API_KEY)
        self.accepted = set()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def wav(self, seconds):
        """The path of a WAV file of silence."""
        path = os.path.join(self.folder, "hold.wav")
        with wave.open(path, "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(16000 * seconds))
        return path

    def do(self, name, /, *arguments, **options):
        """One operation that must succeed; returns what the client made of the answer."""
        answer = getattr(self.client, f"{name}_with_http_info")(*arguments, **options)
        self.assertIsNotNone(answer.data, f"{name}: the client expects another status than {answer.status_code}")
        self.assertEqual(judge_answer(answer.raw_data, answer.data), [], name)
        self.accepted.add(name)
        return answer.data

    def refused(self, status, name, /, *arguments, **options):
        """One operation that must be refused with an error that the client can read; returns that error."""
        with self.assertRaises(ApiException) as raised:
            getattr(self.client, name)(*arguments, **options)
        error = raised.exception
        self.assertEqual(error.status, status)
        self.assertIsNotNone(error.data, f"{name}: the client does not expect the status {status}")
        self.assertEqual(judge_answer(error.body, error.data), [], name)
        return error.data.request_error.service_exception

    def until_state(self, call_id, state):
        return wait_until(lambda: self.do("get_call", call_id).state == state, f"{state} of a call")

    def incoming(self):
        return self.simulator.control("incoming-call", **{"from": CALLER, "to": DID})["callId"]


class Answers(Judged):
    def configurations(self):
        self.do("get_calls_configurations", page=0, size=10)
        found = self.do("get_calls_configuration", Simulator.CONFIGURATION)
        self.assertEqual(found.id, Simulator.CONFIGURATION)
        made = self.do("create_calls_configuration", models.CallsConfigurationCreateRequest(id="judged", name="Judged"))
        self.assertEqual((made.id, made.name), ("judged", "Judged"))
        named = self.do("update_calls_configuration", made.id, models.CallsConfigurationUpdateRequest(name="Named"))
        self.assertEqual(named.name, "Named")
        self.assertEqual(self.do("delete_calls_configuration", made.id).id, made.id)

    def files(self):
        path = self.wav(3)
        made = self.do("upload_calls_audio_file", path)
        self.assertEqual((made.name, made.file_format, made.size, made.duration), ("hold.wav", "WAV", os.path.getsize(path), 3))
        self.assertEqual(self.do("get_calls_files", page=0, size=10).results[0].id, made.id)
        self.assertEqual(self.do("get_calls_file", made.id), made)
        self.assertEqual(self.do("delete_calls_file", made.id).id, made.id)

    def an_outgoing_call(self):
        call = self.do("create_call", models.CallRequest(
            endpoint=models.CallsPhoneEndpoint(phone_number=CALLEE), var_from=DID, connect_timeout=30, max_duration=3600,
            custom_data=CUSTOM_DATA, calls_configuration_id=Simulator.CONFIGURATION, external_id="order-4711",
            platform=models.Platform(entity_id="shop", application_id="orders")))
        self.assertEqual((call.direction, call.custom_data), ("OUTBOUND", CUSTOM_DATA))
        self.until_state(call.id, "ESTABLISHED")
        listed = self.do("get_calls", calls_configuration_id=Simulator.CONFIGURATION, direction="OUTBOUND", to=CALLEE,
                         start_time_after=datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc), page=0, size=100)
        self.assertEqual([each.id for each in listed.results], [call.id])
        self.sounds(call.id, "call_say_text", "call_play_file", models.CallsSayRequest, models.CallsPlayRequest)
        self.do("call_stop_playing_file", call.id, models.CallsStopPlayRequest(custom_data=CUSTOM_DATA))
        self.do("hangup_call", call.id, models.CallsHangupRequest(error_code="NORMAL_HANGUP"))
        over = wait_until(lambda: [log for log in self.do("get_calls_history", to=CALLEE).results if log.end_time],
                          "the end in the history")
        self.assertEqual(over[0].call_id, call.id)
        self.assertEqual(self.do("get_call_history", call.id).error_code.name, "NORMAL_HANGUP")

    def sounds(self, on, say, play, say_request, play_request):
        """Each content that a sound can have, on a call or a conference."""
        self.do(say, on, say_request(text="One moment.", language="en-gb", speech_rate=1.25, loop_count=1,
                                     preferences=models.CallsVoicePreferences(voice_gender="FEMALE", voice_name="Joanna")))
        for content in (models.CallsUrlPlayContent(file_url=MUSIC), models.CallsFilePlayContent(file_id="f-1"),
                        models.CallsTextPlayContent(text="Hello", language="en")):
            self.do(play, on, play_request(content=content, loop_count=2))

    def an_incoming_call(self):
        call_id = self.incoming()
        self.assertEqual(self.do("get_call", call_id).direction, "INBOUND")
        self.do("send_ringing", call_id)
        self.do("pre_answer_call", call_id, models.CallsPreAnswerRequest(ringing=True))
        self.do("answer_call", call_id, models.CallsAnswerRequest(custom_data=CUSTOM_DATA))
        self.until_state(call_id, "ESTABLISHED")
        return call_id

    def a_conference(self, caller):
        conference = self.do("create_conference", models.CallsConferenceRequest(
            calls_configuration_id=Simulator.CONFIGURATION, name="bridge/s_1", max_duration=7200))
        self.do("add_existing_conference_call", conference.id, caller,
                models.CallsAddExistingCallRequest(custom_data=CUSTOM_DATA))
        added = self.do("add_new_conference_call", conference.id, models.CallsAddNewCallRequest(
            call_request=models.CallsActionCallRequest(endpoint=models.CallsPhoneEndpoint(phone_number=CALLEE), var_from=DID,
                                                       connect_timeout=30, custom_data=CUSTOM_DATA)))
        callee = added.call.id
        wait_until(lambda: [each.state for each in self.do("get_conference", conference.id).participants] == ["JOINED"] * 2,
                   "a conference of two")
        self.do("update_conference", conference.id, models.CallsUpdateRequest(muted=True, deaf=False))
        self.do("update_conference_call", conference.id, callee, models.CallsUpdateCallRequest(muted=False))
        self.sounds(conference.id, "conference_say_text", "conference_play_file", models.CallsConferenceSayRequest,
                    models.CallsConferencePlayRequest)
        self.do("conference_stop_playing_file", conference.id)
        listed = self.do("get_conferences", name="bridge/s_1", calls_configuration_id=Simulator.CONFIGURATION)
        self.assertEqual([each.id for each in listed.results], [conference.id])
        self.do("remove_conference_call", conference.id, callee)
        self.do("hangup_conference", conference.id)
        over = wait_until(lambda: [log for log in self.do("get_conferences_history").results if log.end_time],
                          "the conference's end in the history")
        self.assertEqual(over[0].conference_id, conference.id)
        self.do("get_conference_history", conference.id)

    def test_the_client_reads_every_answer(self):
        self.configurations()
        self.files()
        self.an_outgoing_call()
        self.a_conference(self.an_incoming_call())
        served = set(operations()) - set(NOT_SERVED)
        self.assertEqual(served - self.accepted, set(), "these operations are served, and no test of this file calls them")
        self.assertEqual(self.simulator.violations(), [], "requests of the provider's own client that the simulator calls wrong")


    def test_the_client_reads_every_status_of_an_action(self):
        for status in ("IN_PROGRESS", "PENDING", "COMPLETED"):
            self.simulator.control("switches", **{"action-status": status})
            self.assertEqual(self.do("send_ringing", self.incoming()).status, status)


class Endings(Judged):
    """What the client reads of calls that failed, in each way that people have."""

    def test_the_client_reads_how_each_call_ended(self):
        for script, name in (("busy:0", "BUSY"), ("rejects:0", "REJECTED"), ("unreachable:0", "DESTINATION_UNAVAILABLE"),
                             ("fails:DESTINATION_NOT_FOUND", "DESTINATION_NOT_FOUND"), ("answers:0,hangs-up:1", "NORMAL_HANGUP")):
            with self.subTest(script):
                self.simulator.control("people", **{CALLEE: script})
                call = self.do("create_call", models.CallRequest(
                    endpoint=models.CallsPhoneEndpoint(phone_number=CALLEE), var_from=DID,
                    calls_configuration_id=Simulator.CONFIGURATION))
                log = wait_until(lambda: next((log for log in self.do("get_calls_history", to=CALLEE).results
                                               if log.call_id == call.id and log.end_time), None), "the call's end")
                self.assertEqual(log.error_code.name, name)

    def test_the_client_reads_every_kind_of_endpoint(self):
        for endpoint in (models.CallsSipEndpoint(username="desk", sip_trunk_id="t1", custom_headers={"X-A": "1"}),
                         models.CallsWebRtcEndpoint(identity="ann", display_name="Ann")):
            call = self.do("create_call", models.CallRequest(
                endpoint=endpoint, var_from="callbridge", calls_configuration_id=Simulator.CONFIGURATION))
            self.assertEqual(call.endpoint.type, endpoint.type)


class Errors(Judged):
    def test_the_client_reads_every_refusal(self):
        self.assertEqual(self.refused(404, "get_call", "no-such-call").message_id, "NOT_FOUND")
        self.assertEqual(self.refused(404, "delete_calls_file", "no-such-file").message_id, "NOT_FOUND")
        self.assertIn("file", self.refused(400, "upload_calls_audio_file", b"words").validation_errors)
        call_id = self.incoming()
        self.do("answer_call", call_id, models.CallsAnswerRequest())
        self.assertEqual(self.refused(400, "answer_call", call_id, models.CallsAnswerRequest()).message_id, "BAD_REQUEST")
        conference = self.do("create_conference", models.CallsConferenceRequest(
            calls_configuration_id=Simulator.CONFIGURATION))
        both = models.CallsAddExistingCallRequest(connect_on_early_media=True,
                                                  ringback_generation=models.RingbackGeneration(enabled=True))
        invalid = self.refused(400, "add_existing_conference_call", conference.id, call_id, both)
        self.assertEqual(list(invalid.validation_errors), ["ringbackGeneration.enabled"])
        stranger = client_for(self.simulator.address, "another key")
        self.client, ours = stranger, self.client
        self.assertEqual(self.refused(401, "get_call", call_id).message_id, "UNAUTHORIZED")
        self.client = ours
        self.simulator.control("people", **{CALLEE: "refused:403"})
        self.refused(403, "create_call", models.CallRequest(
            endpoint=models.CallsPhoneEndpoint(phone_number=CALLEE), calls_configuration_id=Simulator.CONFIGURATION))
        # The client has no model of the newer body of a 429, which the provider documents in general (docs/provider.md §1.4).
        self.simulator.control("switches", **{"throttle-body": "old"})
        for fault, status, name in (("throttled", 429, "TOO_MANY_REQUESTS"), ("error-before", 500, "GENERAL_ERROR")):
            self.simulator.control("faults", **{fault: "1"})
            self.assertEqual(self.refused(status, "get_call", call_id).message_id, name)
            self.simulator.control("reset-faults")


class Table(Judged):
    def test_says_of_every_operation_whether_the_simulator_serves_it(self):
        unknown = set()
        for name, operation in operations().items():
            self.simulator.control("reset-journal")
            self.simulator.request(operation.method, operation.path.replace("{", "").replace("}", ""))
            if self.simulator.journal()[-1]["operation"] == "unknown":
                unknown.add(name)
        self.assertGreater(len(unknown), 0)
        self.assertEqual(unknown - set(NOT_SERVED), set(), "the simulator does not serve these, and not_served.py has no reason")
        self.assertEqual(set(NOT_SERVED) - unknown, set(), "not_served.py is old: the simulator serves these, or the client lost them")


if __name__ == "__main__":
    unittest.main()
