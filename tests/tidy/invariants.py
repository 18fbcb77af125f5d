"""docs/invariants.md numbers the invariants without a gap. Each has a judge or a test, each file that it calls a judge checks that
number, and each test that it names is in the sources."""

import os
import re
import sys

import tree
import user_cases

PAGE = "docs/invariants.md"
SECTION = re.compile(r"^## (\d+)\. (.+)$", re.M)
JUDGED = re.compile(r"^\* Judged in: (.*?)(?=^\* |^## |\Z)", re.M | re.S)
SHOWN = re.compile(r"^\* Shown by: (.*?)(?=^\* |^## |\Z)", re.M | re.S)
LINK = re.compile(r"\]\(([^)]+)\)")


def sections(page):
    """(number, text) of each invariant, in the order of the page."""
    found = list(SECTION.finditer(page))
    ends = [following.start() for following in found[1:]] + [len(page)]
    return [(int(one.group(1)), page[one.end():end]) for one, end in zip(found, ends)]


def named(pattern, inner, text):
    found = pattern.search(text)
    return inner.findall(found.group(1)) if found else []


def checks(number, source):
    """Whether the source of a judge checks the invariant of this number."""
    return re.search(rf"\b(?:Expect|Owe|Fail)\(\s*{number},|\bInvariant{number}\(", source) is not None


def findings(page, tests, read):
    """What is wrong with the page. read: the text of a file by its path, or None if it is not there."""
    found = []
    numbers = [number for number, _ in sections(page)]
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"{PAGE}: the invariants are numbered {numbers}; number them 1, 2, 3 …")
    for number, text in sections(page):
        judges = named(JUDGED, LINK, text)
        shown = named(SHOWN, user_cases.QUOTED, text)
        if not shown:
            found.append(f"{PAGE}: invariant {number} names no test")
        for judge in judges:
            source = read(os.path.normpath(os.path.join(os.path.dirname(PAGE), judge)))
            if source is None or not checks(number, source):
                found.append(f"{PAGE}: invariant {number}: {judge} does not check it")
        for name in shown:
            why = tests.missing(name)
            if why:
                found.append(f"{PAGE}: invariant {number}: {name} {why}")
    return found


def read_if_there(path):
    return tree.read(path) if os.path.isfile(os.path.join(tree.ROOT, path)) else None


def main():
    page = tree.read(PAGE)
    found = findings(page, user_cases.tests_of_the_tree(), read_if_there)
    return tree.report(found, f"invariants: {len(sections(page))} read")


if __name__ == "__main__":
    sys.exit(main())
