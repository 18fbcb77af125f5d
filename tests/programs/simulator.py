"""The simulator as a process of its own, on a port that it chooses."""

import json
import os
import subprocess
import tempfile
import urllib.error
import urllib.request

from waiting import SECONDS_MAX, wait_until


class Simulator:
    API_KEY = "a-key-of-tests"
    CONFIGURATION = "of-tests"

    def __init__(self, bin_folder):
        self.folder = tempfile.TemporaryDirectory(prefix="callbridge-simulator-")
        port_file = os.path.join(self.folder.name, "port")
        self.process = subprocess.Popen(
            [os.path.join(bin_folder, "infobip-simulator"), "--port-file", port_file, "--api-key", self.API_KEY,
             "--configuration", self.CONFIGURATION, "--speed", "20"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        wait_until(lambda: os.path.exists(port_file) or self.process.poll() is not None, "the simulator to listen")
        with open(port_file, encoding="utf-8") as file:
            self.address = f"127.0.0.1:{file.read().strip()}"

    def stop(self):
        self.process.terminate()
        self.process.wait(SECONDS_MAX)
        self.folder.cleanup()

    def request(self, method, path, body=None):
        """A request as it stands, without the client. The answer's status and its JSON."""
        headers = {"Authorization": f"App {self.API_KEY}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://{self.address}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS_MAX) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def control(self, path, **values):
        status, answer = self.request("POST", f"/control/{path}", values)
        assert status < 300, answer
        return answer

    def journal(self):
        return self.request("GET", "/control/requests")[1]["requests"]

    def violations(self):
        return self.request("GET", "/control/state")[1]["violationList"]
