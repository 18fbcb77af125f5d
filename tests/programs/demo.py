"""The programs of the demo as a test runs them: with the settings of deploy/demo.yaml, on free ports, in a folder that goes
with them."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import urllib.request

from waiting import SECONDS_MAX, wait_until

# The ports of deploy/demo.yaml and of ./dev: the API, the inbox, the ingress, the simulator.
DEMO_PORTS = ("50051", "50052", "8081", "8090")
PEOPLE = ("+447700900456=answers:1,hangs-up:5", "+447700900999=never-answers")
PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def reserve_port():
    """A socket on a port that the kernel chose. It never listens: a program may, again and again, and nobody gets the port by
    chance."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved


class Demo:
    """The programs of the demo on ports of their own, in a folder that goes with them."""

    def __init__(self, bin_folder):
        self.bin = os.path.abspath(bin_folder)
        self.folder = tempfile.TemporaryDirectory(prefix="callbridge-demo-")
        self.reserved = [reserve_port() for _ in DEMO_PORTS]
        self.ports = {usual: str(each.getsockname()[1]) for usual, each in zip(DEMO_PORTS, self.reserved)}
        self.started = {}
        self.environment = dict(
            os.environ,
            PATH=f"{self.bin}:{os.environ['PATH']}",
            CALLBRIDGE_SERVER=f"127.0.0.1:{self.ports['50051']}",
        )

    def __enter__(self):
        for name in ("api-key", "webhook-secret"):
            path = os.path.join(self.folder.name, name)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
                file.write(os.urandom(24).hex())
        with open(os.path.join(PROJECT, "deploy/demo.yaml"), encoding="utf-8") as file:
            settings = self.moved(file.read())
        self.settings = os.path.join(self.folder.name, "settings.yaml")
        with open(self.settings, "w", encoding="utf-8") as file:
            file.write(settings)
        simulator = ["--listen", "127.0.0.1:8090", "--configuration", "bridge-demo", "--api-key", "@.callbridge/api-key",
                     "--webhook-url", "http://127.0.0.1:8081/infobip/events",
                     "--webhook-hmac-secret", "@.callbridge/webhook-secret", "--speed", "5"]
        for person in PEOPLE:
            simulator += ["--person", person]
        try:
            self.start("infobip-simulator", "8090", [self.moved(argument) for argument in simulator])
            self.start_server()
            self.start("callbridge-webhook", "8081", ["--config", self.settings])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.started.values()):
            process.terminate()
        for process in self.started.values():
            process.wait(SECONDS_MAX)
        for each in self.reserved:
            each.close()
        self.folder.cleanup()

    def moved(self, text):
        """The same text with this demo's ports and folder."""
        for usual, port in self.ports.items():
            text = text.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{port}")
        return text.replace(".callbridge/", f"{self.folder.name}/")

    def start_server(self):
        self.start("callbridge-server", "50051", ["--config", self.settings])

    def kill_server(self):
        """Without a chance to say goodbye."""
        process = self.started.pop("callbridge-server")
        process.kill()
        process.wait(SECONDS_MAX)

    def start(self, name, port, arguments):
        log = os.path.join(self.folder.name, f"{name}.log")
        with open(log, "a", encoding="utf-8") as file:
            process = subprocess.Popen([os.path.join(self.bin, name), *arguments], stdin=subprocess.DEVNULL, stdout=file,
                                       stderr=file)
        self.started[name] = process

        def listens():
            if process.poll() is not None:
                with open(log, encoding="utf-8") as file:
                    sys.exit(f"{name} ended with {process.returncode}:\n{file.read()}")
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", int(self.ports[port]))) == 0

        wait_until(listens, f"{name} to listen")

    def control(self, path, **values):
        """A request to the simulator's controls; without values it asks (GET)."""
        url = self.moved(f"http://127.0.0.1:8090/control/{path}")
        body = json.dumps(values).encode() if values else None
        with urllib.request.urlopen(url, body, SECONDS_MAX) as answer:
            return json.load(answer)

    def call(self, number):
        """A person calls one of our numbers."""
        return self.control("incoming-call", **{"from": "447700900123", "to": number})["callId"]

    def newest_session(self, state=None):
        return self._first_session(["--limit", "1"] + (["--state", state] if state else []))

    def session_of(self, call_id, state=None):
        """The session of a call of the provider, if there is one, in this state."""
        return self._first_session(["--call-id", call_id] + (["--state", state] if state else []))

    def _first_session(self, arguments):
        listed = subprocess.run(["callbridge", "list", "--json", *arguments], env=self.environment, capture_output=True, text=True,
                                timeout=SECONDS_MAX, check=True)
        found = re.search(r"s_[0-9A-Z]{26}", listed.stdout)
        return found.group(0) if found else None

    def await_offer(self):
        return wait_until(lambda: self.newest_session("OFFERED"), "a session for the offered call")
