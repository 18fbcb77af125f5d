"""Runs the examples of README.md and docs/api.md as they stand, against the programs and the settings of the demo.

Usage: examples.py BIN BUF: the folder of the built programs, and the program buf, which speaks gRPC here in the place of
grpcurl. Addresses become those of free ports, and "s_…" the newest session. Every example must exit with 0; one that follows
all sessions never ends, so its first answer is enough.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import urllib.request

DOCUMENTS = ("README.md", "docs/api.md")
COMMANDS = ("bridge", "callbridge", "grpcurl")
# The ports of deploy/demo.yaml and of ./dev: the API, the inbox, the ingress, the simulator.
DEMO_PORTS = ("50051", "50052", "8081", "8090")
PEOPLE = ("+447700900456=answers:1,hangs-up:5", "+447700900999=never-answers")
OFFERED_NUMBER = "442079460003"
SECONDS_MAX = 60

# What an example means by grpcurl: the same request by buf.
GRPCURL = """
grpcurl() {
  local body=
  while [ $# -gt 2 ]; do
    case $1 in -d) body=$2; shift 2 ;; *) shift ;; esac
  done
  "$BUF" curl --protocol grpc --http2-prior-knowledge -d "$body" "http://$1/$2"
}
"""


def blocks(text):
    """The code blocks of a document, without indentation, prompts and fences. A prompt begins a block of its own."""
    block, fenced = [], False
    for line in text.splitlines() + [""]:
        if line.startswith("```"):
            fenced = not fenced
            if not fenced:
                yield block
                block = []
        elif fenced:
            if line.startswith("$ ") and block:
                yield block
                block = []
            block.append(line.removeprefix("$ "))
        elif line.startswith("    "):
            block.append(line[4:])
        elif block:
            yield block
            block = []


def examples(text):
    """The blocks that a reader would type: those that begin with one of our commands."""
    for block in blocks(text):
        if block and re.match(rf"({'|'.join(COMMANDS)})\b", block[0]):
            yield "\n".join(block)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [str(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Demo:
    """The programs of the demo on ports of their own, in a folder that goes with them."""

    def __init__(self, bin_folder, buf):
        self.bin = os.path.abspath(bin_folder)
        self.folder = tempfile.TemporaryDirectory(prefix="callbridge-examples-")
        self.ports = dict(zip(DEMO_PORTS, free_ports(len(DEMO_PORTS))))
        self.processes = []
        self.environment = dict(
            os.environ,
            BUF=os.path.abspath(buf),
            PATH=f"{self.bin}:{os.environ['PATH']}",
            CALLBRIDGE_SERVER=f"127.0.0.1:{self.ports['50051']}",
        )

    def moved(self, text):
        """The same text with this demo's ports and folder."""
        for usual, port in self.ports.items():
            text = text.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{port}")
        return text.replace(".callbridge/", f"{self.folder.name}/")

    def start(self):
        for name in ("api-key", "webhook-secret"):
            path = os.path.join(self.folder.name, name)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
                file.write(os.urandom(24).hex())
        with open("deploy/demo.yaml", encoding="utf-8") as file:
            settings = self.moved(file.read())
        path = os.path.join(self.folder.name, "settings.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(settings)
        simulator = ["--listen", "127.0.0.1:8090", "--configuration", "bridge-demo", "--api-key", "@.callbridge/api-key",
                     "--webhook-url", "http://127.0.0.1:8081/infobip/events",
                     "--webhook-hmac-secret", "@.callbridge/webhook-secret", "--speed", "5"]
        for person in PEOPLE:
            simulator += ["--person", person]
        self.run("infobip-simulator", "8090", [self.moved(argument) for argument in simulator])
        self.run("callbridge-server", "50051", ["--config", path])
        self.run("callbridge-webhook", "8081", ["--config", path])

    def run(self, name, port, arguments):
        log = open(os.path.join(self.folder.name, f"{name}.log"), "w+", encoding="utf-8")
        process = subprocess.Popen([os.path.join(self.bin, name), *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.processes.append(process)
        for _ in range(SECONDS_MAX * 20):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(self.ports[port]))) == 0:
                    return
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            log.seek(0)
            sys.exit(f"{name} ended with {process.returncode}:\n{log.read()}")
        sys.exit(f"{name} did not listen within {SECONDS_MAX} s")

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(SECONDS_MAX)
        self.folder.cleanup()

    def call(self, number):
        """A person calls one of our numbers."""
        body = f'{{"from": "447700900123", "to": "{number}"}}'.encode()
        urllib.request.urlopen(self.moved("http://127.0.0.1:8090/control/incoming-call"), body, SECONDS_MAX).read()

    def newest_session(self, state=None):
        arguments = ["callbridge", "list", "--limit", "1", "--json"] + (["--state", state] if state else [])
        listed = subprocess.run(arguments, env=self.environment, capture_output=True, text=True, timeout=SECONDS_MAX, check=True)
        found = re.search(r"s_[0-9A-Z]{26}", listed.stdout)
        return found.group(0) if found else None

    def await_offer(self):
        for _ in range(SECONDS_MAX * 10):
            if self.newest_session("OFFERED"):
                return
        sys.exit("the offered call made no session")


def never_ends(example):
    return "StreamEvents" in example and "session_id" not in example or example.startswith("callbridge watch --")


def run_example(demo, functions, example):
    """Returns what went wrong, or nothing."""
    if "offered_session_id" in example:
        demo.call(OFFERED_NUMBER)
        demo.await_offer()
    script = functions + demo.moved(example)
    if "s_…" in script:
        script = script.replace("s_…", demo.newest_session() or "s_NONE_YET")
    process = subprocess.Popen(["bash", "-euo", "pipefail", "-c", script], env=demo.environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    if never_ends(example):
        first = process.stdout.readline()
        os.killpg(process.pid, 15)
        _, errors = process.communicate(timeout=SECONDS_MAX)
        return "" if first.strip() else f"nothing came: {errors}"
    try:
        output, errors = process.communicate(timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.communicate()
        return f"did not end within {SECONDS_MAX} s"
    return "" if process.returncode == 0 else f"exit {process.returncode}: {output}{errors}"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if not os.access(sys.argv[2], os.X_OK):
        sys.exit("buf is not installed: run ./dev test, which brings it to build/tools/buf.")
    demo = Demo(sys.argv[1], sys.argv[2])
    ran, failures = 0, []
    try:
        demo.start()
        for document in DOCUMENTS:
            with open(document, encoding="utf-8") as file:
                text = file.read()
            functions = GRPCURL
            for example in examples(text):
                # A function that a page defines is there for the rest of the page.
                defined = re.match(r"\w+\(\) \{.*\}$", example.splitlines()[0])
                if defined:
                    functions += demo.moved(defined.group(0)) + "\n"
                    continue
                ran += 1
                trouble = run_example(demo, functions, example)
                print(f"{'FAILED' if trouble else 'ok'}  {document}: {example.splitlines()[0]}")
                if trouble:
                    failures.append(f"{document}:\n{example}\n{trouble}")
    finally:
        demo.stop()
    if ran == 0:
        sys.exit("no example was found")
    if failures:
        sys.exit("\n\n".join(failures))


if __name__ == "__main__":
    main()
