#!/usr/bin/env python3
"""Compiles woven sources, and takes out of them what does not compile.

    compile.py BUILD COMMAND …   runs the compiler's command; the woven sources are in BUILD/source

Where the compiler complains about a generated mutant, that one is noted as unfit (BUILD/unfit), its source is written
without it, and the command runs again. A planted mistake has to compile, and so has everything else.
"""

import os
import re
import subprocess
import sys

import unfit
import weave
from generate import generate
from planted import planted

PLACE = re.compile(r"^(?P<path>/[^\n:]+):(?P<line>\d+):(?P<column>\d+):\s+(?P<what>(?:fatal )?error: |required from )", re.M)
# What follows from another error says nothing about the place where it shows.
CONSEQUENCE = re.compile(r"was not declared in this scope|use of .auto. before deduction")


def complaints(said, folder):
    """source → the places of it, line and column, that the compiler complains about."""
    places, consequences = {}, {}
    for found in PLACE.finditer(said):
        source = os.path.relpath(os.path.realpath(found["path"]), os.path.realpath(folder))
        if source.startswith(".."):
            continue
        line = said[found.start() : said.find("\n", found.start())]
        into = consequences if CONSEQUENCE.search(line) else places
        into.setdefault(source, []).append((int(found["line"]), int(found["column"])))
    return places or consequences


def take_out(source, places, build, taken):
    """Whether any more mutants of this source were taken out; `taken` gets their names."""
    text = weave.read(source)
    path = os.path.join(build, "source", source)
    with open(path, encoding="utf-8") as file:
        numbers = unfit.blamed(file.read(), places)
    made = generate(source, text)
    wrong = {mutant.name for mutant in made if mutant.number in numbers} - taken
    taken |= wrong
    left = [mutant for mutant in unfit.without(planted(weave.read) + made, os.path.join(build, "unfit")) if mutant.name not in taken]
    # Its time stays: what is compiled from it is not older than it.
    times = os.stat(path)
    with open(path, "w", encoding="utf-8") as file:
        file.write(weave.woven(text, weave.by_path(left).get(source, [])))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    return bool(wrong)


def main():
    build, command = sys.argv[1], sys.argv[2:]
    taken = {}
    while True:
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
        if done.returncode == 0:
            # Of a source that is wrong itself no mutant is noted.
            for source, names in taken.items():
                unfit.add(os.path.join(build, "unfit"), source, names)
            return 0
        found = complaints(done.stderr, os.path.join(build, "source"))
        more = [take_out(source, places, build, taken.setdefault(source, set())) for source, places in found.items()]
        if not any(more):
            sys.stderr.write(done.stderr)
            return done.returncode


if __name__ == "__main__":
    sys.exit(main())
