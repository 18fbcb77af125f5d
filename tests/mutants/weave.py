#!/usr/bin/env python3
"""Writes a copy of the production sources that holds every mutant, each behind a switch (active.h).

    weave.py --list         the sources that get mutants, one in a line
    weave.py --into FOLDER  writes them there, and touches only what has changed
    weave.py --planted …    of the planted ones alone
    weave.py --unfit FOLDER …  without those that compile.py took out
"""

import argparse
import glob
import os
import sys

import unfit
from generate import generate
from planted import ListError, planted

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# What mutants are generated of: a folder with all below it.
FOLDERS = ("server/flow", "server/worker", "server/store", "server/inbox", "server/api", "server/settings", "server/admin",
           "server/live", "server/provider", "webhook", "client/cpp")
INCLUDE = '#include "tests/mutants/active.h"\n'


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def generated():
    """All generated mutants, in the order of their sources."""
    paths = [os.path.relpath(path, ROOT) for folder in FOLDERS
             for path in sorted(glob.glob(os.path.join(ROOT, folder, "**", "*.cc"), recursive=True))]
    return [mutant for path in paths for mutant in generate(path, read(path))]


def all_mutants():
    """The planted ones and the generated ones. Raises ListError for a list that does not fit the code."""
    by_hand, made = planted(read), generated()
    seen = {}
    for mutant in by_hand + made:
        other = seen.setdefault(mutant.number, mutant)
        if other is not mutant:
            raise ListError(f"{mutant.name} and {other.name} have the same number by chance; rename the planted one, "
                            "or let number_of() in tests/mutants/mutant.py take other digits")
    return by_hand, made


def by_path(mutants):
    edits = {}
    for mutant in mutants:
        for edit in mutant.edits:
            edits.setdefault(edit.path, []).append((edit, mutant))
    return edits


def woven(text, edits):
    """The text with all its mutants. Of two that cross, instead of holding one another, the second is an error."""
    ordered = sorted(edits, key=lambda entry: (entry[0].begin, -entry[0].end))
    body, rest = _weave(text, ordered, 0, 0, len(text))
    if rest != len(ordered):
        edit, mutant = ordered[rest]
        raise ListError(f"{mutant.name}: it crosses another mutant of {edit.path}; take the whole statement")
    return INCLUDE + body


def _weave(text, ordered, index, begin, end):
    """What stands between two places, and the first edit that does not begin and end there."""
    pieces, at = [], begin
    while index < len(ordered) and ordered[index][0].begin < end:
        edit = ordered[index][0]
        if edit.begin < at or edit.end > end:
            break
        same = index
        while same < len(ordered) and (ordered[same][0].begin, ordered[same][0].end) == (edit.begin, edit.end):
            same += 1
        inner, following = _weave(text, ordered, same, edit.begin, edit.end)
        for one, mutant in ordered[index:same]:
            inner = one.guarded(mutant.number, inner)
        pieces += [text[at : edit.begin], inner]
        at, index = edit.end, following
    return "".join(pieces) + text[at:end], index


def write(folder, paths, mutants):
    edits = by_path(mutants)
    for path in paths:
        target = os.path.join(folder, path)
        content = woven(read(path), edits.get(path, []))
        if os.path.exists(target):
            with open(target, encoding="utf-8") as file:
                if file.read() == content:
                    continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(content)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--into")
    parser.add_argument("--planted", action="store_true")
    parser.add_argument("--unfit")
    options = parser.parse_args()
    try:
        by_hand, made = all_mutants()
        mutants = by_hand if options.planted else by_hand + made
        paths = sorted(by_path(mutants))
        if options.list:
            print("\n".join(paths))
        if options.into:
            write(options.into, paths, unfit.without(mutants, options.unfit) if options.unfit else mutants)
    except ListError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
