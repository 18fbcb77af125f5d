"""Runs the examples of README.md and docs/api.md as they stand, against the programs and the settings of the demo.

Usage: examples.py BIN BUF: the folder of the built programs, and the program buf, which speaks gRPC here in the place of
grpcurl. Addresses become those of free ports, and "s_…" the newest session. Every example must exit with 0; one that follows
all sessions never ends, so its first answer is enough.
"""

import os
import re
import subprocess
import sys

from demo import Demo
from waiting import SECONDS_MAX

DOCUMENTS = ("README.md", "docs/api.md")
COMMANDS = ("bridge", "callbridge", "grpcurl")
OFFERED_NUMBER = "442079460003"

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


def never_ends(example):
    return "StreamEvents" in example and "session_id" not in example or example.startswith("callbridge watch --")


def run_example(demo, functions, example):
    """Returns what went wrong, or nothing."""
    if "offered_session_id" in example or "--offer" in example:
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
    ran, failures = 0, []
    with Demo(sys.argv[1]) as demo:
        demo.environment["BUF"] = os.path.abspath(sys.argv[2])
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
    if ran == 0:
        sys.exit("no example was found")
    if failures:
        sys.exit("\n\n".join(failures))


if __name__ == "__main__":
    main()
