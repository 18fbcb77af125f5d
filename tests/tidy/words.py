"""Words that must not stand in our sources, and files that have grown too long. Each rule says why."""

import re
import sys

import tree

CODE = (".cc", ".h")
TEXT = CODE + (".proto", ".py", ".txt", ".md", ".yaml", ".sh")


def rule(pattern, why, endings=CODE, under="", outside=()):
    return (re.compile(pattern), why, endings, under, outside)


# This folder names the words, so rules over all text leave it out.
HERE = ("tests/tidy/",)

RULES = [
    rule(r"sleep_(for|until)|\bu?sleep\s*\(", "wait for a condition or on the injected clock, never for time to pass"),
    rule(r"system_clock|high_resolution_clock|absl::(Now|GetCurrentTimeNanos)|clock_gettime|gettimeofday|GPR_CLOCK_REALTIME"
         r"|\btime\s*\(\s*(0|NULL|nullptr|&)",
         "the system's clock may be set at any moment; take base::Clock for what is durable, steady_clock or base::Bell to wait",
         under=("server/", "webhook/", "client/"),
         # "Two hours ago" of a person at the command line is by the clock that the person sees.
         outside=("server/base/clock.cc", "server/flow/", "client/cli/session_commands.cc")),
    rule(r"(Await|LockWhen|ReaderLockWhen|Wait|WaitForNotification)With(Timeout|Deadline)\b",
         "absl's timed waits end at a moment of the system's clock, which may be set back; take base::Bell",
         under=("server/", "webhook/", "client/")),
    rule(r"system_clock|steady_clock|absl::Now|<thread>|<mutex>|<random>|<fstream>|<iostream>|\bgetenv\b",
         "the flow is pure: time comes in with the input", under="server/flow/"),
    rule(r"unordered_(map|set)|flat_hash|node_hash", "the flow iterates over no hash container: their order is random",
         under="server/flow/"),
    rule(r"\bmap<", "messages of the flow have no proto map: its order is random", (".proto",),
         under="proto/callbridge/internal/"),
    rule(r"^\s*using namespace", "a header must not open a namespace for whoever includes it", (".h",)),
    rule(r"\b(TODO|FIXME|XXX|HACK)\b", "nothing is left for later in the code", TEXT, outside=HERE),
    rule(r"/(work|farm|root|home/[a-z]+)/", "a path of one machine means nothing on another", TEXT, outside=HERE),
    rule(r"DISABLED[_]|GTEST[_]SKIP|SUCCEED\s*\(|(EXPECT|ASSERT)_TRUE\(\s*true\s*\)",
         "a test that is switched off or cannot fail tests nothing", under="tests/"),
    rule(r"catch\s*\(\s*\.\.\.\s*\)", "an exception that is not named is an error that is swallowed"),
    rule(r"IgnoreError\s*\(", "an error is handled or returned"),
    rule(r"\(void\)\s*[a-z_]+\s*\(", "a result is used, or the function should not return one"),
]

LINES_MAX = 400
# Longer on purpose, each with its reason.
LONG_FILES = {
    "proto/callbridge/v1/bridge_service.proto": "every method with its errors, as those who write a client wish",
    "proto/callbridge/v1/event.proto": "every kind of public event stands in one file, as its readers wish",
    "proto/callbridge/v1/session.proto": "a session with all that clients read of it: one page for those who read one",
    "proto/callbridge/internal/v1/session.proto": "the stored session and all its phases: one page to know what is kept",
    "tests/simulator/switches_test.cc": "one table with a row and a probe for each switch",
}
LENGTH_ENDINGS = (".cc", ".h", ".proto", ".py", ".sh")


def check(path, text):
    """Findings of one file."""
    findings = []
    for pattern, why, endings, under, outside in RULES:
        if not path.endswith(endings) or not path.startswith(under) or path.startswith(tuple(outside)):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            found = pattern.search(line)
            if found:
                findings.append(f'{path}:{number}: "{found.group(0).strip()}": {why}')
    lines = text.count("\n")
    if path.endswith(LENGTH_ENDINGS) and lines > LINES_MAX and path not in LONG_FILES:
        findings.append(f"{path}: {lines} lines; {LINES_MAX} is the most that one thing needs, so split it")
    return findings


def main():
    findings = []
    for path in tree.files(*TEXT):
        findings += check(path, tree.read(path))
    for path in LONG_FILES:
        if tree.read(path).count("\n") <= LINES_MAX:
            findings.append(f"{path}: is no longer too long; take it off LONG_FILES in tests/tidy/words.py")
    return tree.report(findings, "words")


if __name__ == "__main__":
    sys.exit(main())
