#!/usr/bin/env python3
"""Says what the tests run and what they do not, from what gcovr counted; ./dev coverage calls it.

    report.py --flow flow.json --rest rest.json --tests flow_test.json

Three things must hold, or the exit status is 1:
  1. flow_test played every cell of the transition table, phase × input.
  2. Every branch of server/flow was taken both ways by the flow's tests and the simulation, but for those of
     exceptions.txt, each with the reason why nobody can take it. An exception that is taken after all must go.
  3. Of every other folder at least 90 % of the lines were run.
"""

import argparse
import collections
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
EXCEPTIONS = os.path.join(HERE, "exceptions.txt")
SHARE = 0.90
FLOW = "server/flow"
TABLE = "SaysWhatTheCodeDoes"


class Unreadable(Exception):
    """A file that is not what it should be."""


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def read_exceptions(path=EXCEPTIONS):
    """(file, text of the line) → how many of its branches nobody can take.

    A block is three lines: the file and the number, the line's text, the reason.
    """
    with open(path, encoding="utf-8") as file:
        text = "".join(line for line in file if not line.startswith("#"))
    known = {}
    for block in text.split("\n\n"):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if not lines:
            continue
        head = lines[0].split()
        if len(lines) != 3 or len(head) != 2 or not head[1].isdigit():
            raise Unreadable(f"exceptions.txt: write the file and a number, the line's text, and the reason, not: {lines}")
        known[head[0], lines[1]] = int(head[1])
    return known


def source_lines(name, root=ROOT):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read().split("\n")


class Tally:
    """Lines and branches of one folder."""

    def __init__(self):
        self.lines = self.run = self.branches = self.taken = 0

    def add(self, line):
        self.lines += 1
        self.run += line["count"] > 0
        self.branches += len(line["branches"])
        self.taken += sum(branch["count"] > 0 for branch in line["branches"])

    def share(self):
        return self.run / self.lines if self.lines else 1.0


def counted_lines(file):
    return [line for line in file["lines"] if not line.get("gcovr/noncode")]


def tally(counts):
    """folder → Tally."""
    folders = collections.defaultdict(Tally)
    for file in counts["files"]:
        for line in counted_lines(file):
            folders[os.path.dirname(file["file"])].add(line)
    return folders


def untaken(counts, texts):
    """(file, number of the line, its text, untaken branches, branches); 0 of 0: a function that was never called.

    Other lines that were never run are left out: the branch that leads to them says so.
    """
    found = []
    for file in counts["files"]:
        source = texts(file["file"])
        for line in counted_lines(file):
            text = source[line["line_number"] - 1]
            missed = sum(branch["count"] == 0 for branch in line["branches"])
            if line["count"] > 0 and missed:
                found.append((file["file"], line["line_number"], text.strip(), missed, len(line["branches"])))
            elif line["count"] == 0 and text[:1].strip() not in ("", "}"):
                found.append((file["file"], line["line_number"], text.strip(), 0, 0))
    return sorted(found)


def cells(tests):
    """How many cells of the table flow_test played, and whether the table held."""
    for suite in tests["testsuites"]:
        for test in suite["testsuite"]:
            if test["name"] == TABLE:
                return int(test.get("cells", 0)), "failures" not in test
    return 0, False


def judge_cells(tests):
    played, held = cells(tests)
    if played == 0 or not held:
        return [f"The transition table: {played} cells were played, and it did {'' if held else 'not '}hold; see flow_test.log."]
    print(f"Transition table (phase × input): {played} cells, {played} played.")
    return []


def judge_flow(counts, exceptions, texts=source_lines):
    faults = []
    used = collections.Counter()
    for name, number, text, missed, branches in untaken(counts, texts):
        allowed = exceptions.get((name, text), 0)
        used[name, text] = max(used[name, text], missed)
        if branches == 0:
            faults.append(f"{name}:{number}: never called: {text}")
        elif missed > allowed:
            faults.append(f"{name}:{number}: {missed} of {branches} branches never taken, {allowed} excepted: {text}")
    for (name, text), allowed in sorted(exceptions.items()):
        if used[name, text] < allowed:
            faults.append(f"exceptions.txt excepts {allowed} branches and {used[name, text]} are not taken: {name}: {text}")
    return faults


def judge_folders(folders):
    return [f"{name}: {part.share():.1%} of the lines, and {SHARE:.0%} are asked for."
            for name, part in sorted(folders.items()) if part.share() < SHARE]


def show(folders):
    print(f"\n{'folder':26}{'lines':>8}{'run':>8}{'share':>8}{'branches':>11}{'taken':>8}{'share':>8}")
    for name, part in sorted(folders.items()):
        branches = part.taken / part.branches if part.branches else 1.0
        print(f"{name:26}{part.lines:8}{part.run:8}{part.share():8.1%}{part.branches:11}{part.taken:8}{branches:8.1%}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--flow", required=True)
    parser.add_argument("--rest", required=True)
    parser.add_argument("--tests", required=True)
    arguments = parser.parse_args()
    flow, rest = read_json(arguments.flow), read_json(arguments.rest)
    exceptions = read_exceptions()
    others = {name: part for name, part in tally(rest).items() if name != FLOW}
    faults = judge_cells(read_json(arguments.tests))
    show({**tally(flow), **others})
    faults += judge_flow(flow, exceptions) + judge_folders(others)
    print(f"\nBranches of {FLOW} that nobody can take (tests/coverage/exceptions.txt says why): {sum(exceptions.values())}.")
    for fault in faults:
        print(fault)
    print(f"{len(faults)} holes." if faults else "No holes.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
