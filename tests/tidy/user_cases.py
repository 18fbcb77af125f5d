"""docs/user-cases.md has a row for each of the seventy cases, each row names a test or says what is not built yet, and every test
that it names is in the sources: a table of promises must not outlive what proves them."""

import os
import re
import sys

import tree

PAGE = "docs/user-cases.md"
CASES = range(1, 71)

ROW = re.compile(r"^\|\s*(\d+)\s*\|(.*)\|([^|]*)\|\s*$", re.M)
QUOTED = re.compile(r"`([^`]+)`")
TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", re.M)
INSTANCE = re.compile(r"^INSTANTIATE_TEST_SUITE_P\(\s*(\w+),\s*(\w+)", re.M)
# How CMake files name tests that are no gtest.
COMMAND = re.compile(r"add_test\(NAME ([\w.]+)(?![\w.$])|^tidy_test\((\w+) ", re.M)
NAME = re.compile(r"^(?:(\w+)/)?(\w+)\.(\w+)(?:/(\w+))?$")
# The fuzzers are added in a loop over this list.
FUZZERS = re.compile(r"^set\(fuzzers ([\w ]+)\)", re.M)
# A macro that instantiates suites: its name, and what stands before the suites' names.
MACRO = re.compile(r"^#define (\w+)\((\w+)\)[\s\\]*INSTANTIATE_TEST_SUITE_P\(\s*(\w+),\s*\2\b", re.M)


class Tests:
    """Which tests there are, from the texts of the sources."""

    def __init__(self, sources, scenarios=(), commands=()):
        self.tests = {name for text in sources for name in TEST.findall(text)}
        self.instances = {name for text in sources for name in INSTANCE.findall(text)}
        for macro, _, prefix in (found for text in sources for found in MACRO.findall(text)):
            used = re.compile(rf"^{macro}\((\w+)\);", re.M)
            self.instances.update((prefix, suite) for text in sources for suite in used.findall(text))
        self.scenarios = {name.replace("-", "_") for name in scenarios}
        self.commands = set()
        for text in commands:
            for plain, tidy in COMMAND.findall(text):
                self.commands.add(plain or f"tidy.{tidy}")
            for names in FUZZERS.findall(text):
                self.commands.update(f"fuzz.{name}" for name in names.split())

    def missing(self, name):
        """Why there is no such test; None: there is."""
        if name in self.commands:
            return None
        parts = NAME.match(name)
        if not parts:
            return "is no name of a test as ctest prints it"
        prefix, suite, test, parameter = parts.groups()
        if (suite, test) not in self.tests:
            return "is in no source under tests/"
        if prefix and (prefix, suite) not in self.instances:
            return f"is not instantiated as {prefix}/{suite}"
        if prefix and not parameter:
            return "lacks its parameter: ctest prints one after its name"
        if not prefix and any(suite == instance for _, instance in self.instances):
            return "has parameters: ctest prints an instance before its name"
        if suite == "Golden" and test == "PlaysAsWritten" and parameter not in self.scenarios:
            return "has no file in tests/scenarios"
        return None


def findings(page, tests):
    """What is wrong with the page."""
    found = []
    rows = ROW.findall(page)
    numbers = [int(number) for number, _, _ in rows]
    for case in CASES:
        if numbers.count(case) != 1:
            found.append(f"{PAGE}: case {case} has {numbers.count(case)} rows; give it one")
    for number, _, proof in rows:
        if int(number) not in CASES:
            found.append(f"{PAGE}: there is no case {number}")
        names = QUOTED.findall(proof)
        if not names and not re.search(r"outside: \S", proof):
            found.append(f'{PAGE}: case {number} names no test; name one, or say "outside: " and why')
        for name in names:
            why = tests.missing(name)
            if why:
                found.append(f"{PAGE}: case {number}: {name} {why}")
    return found


def tests_of_the_tree():
    return Tests(
        [tree.read(path) for path in tree.files(".cc", ".h") if path.startswith("tests/")],
        [os.path.basename(path)[: -len(".txt")] for path in tree.files(".txt") if path.startswith("tests/scenarios/")],
        [tree.read(path) for path in tree.files("CMakeLists.txt") if path.startswith("tests/")])


def main():
    return tree.report(findings(tree.read(PAGE), tests_of_the_tree()), "user cases")


if __name__ == "__main__":
    sys.exit(main())
