"""The mutants that do not compile: found by the compiler (compile.py), kept for each source, left out by weave.py.

The generator knows no types. Which of its mutants a type, a constant expression or a lambda forbids, the compiler says.
"""

import os

from cpp import tokens_of


def _path(folder, source):
    return os.path.join(folder, source.replace("/", "-") + ".txt")


def names(folder, source):
    """The names of those of this source."""
    try:
        with open(_path(folder, source), encoding="utf-8") as file:
            return set(file.read().split("\n")) - {""}
    except FileNotFoundError:
        return set()


def add(folder, source, more):
    after = names(folder, source) | set(more)
    os.makedirs(folder, exist_ok=True)
    with open(_path(folder, source), "w", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for name in sorted(after))


def without(mutants, folder):
    known = {}
    for mutant in mutants:
        if mutant.path not in known:
            known[mutant.path] = names(folder, mutant.path)
    return [mutant for mutant in mutants if mutant.name not in known[mutant.path]]


def pieces_of(woven):
    """Where each mutant of a woven text begins and ends, and its number (Edit.guarded in mutant.py writes them)."""
    tokens, pieces = tokens_of(woven), []
    for index, token in enumerate(tokens):
        # callbridge::mutants::Active(number)
        if token.text != "Active" or tokens[index - 2].text != "mutants":
            continue
        begin = index - 5
        if tokens[begin].text == "!":
            begin -= 1
        if tokens[begin - 1].text == "if":
            begin -= 2
        pieces.append((tokens[begin].begin, tokens[tokens[begin].partner].end, int(tokens[index + 2].text)))
    return pieces


def blamed(woven, places):
    """The numbers of the mutants that are wrong at these places, each a line and a column, as a compiler counts.

    It is the innermost one around a place; if no place is within any, all that begin in those lines.
    """
    starts = [0]
    for line in woven.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    pieces, found = pieces_of(woven), set()
    for line, column in places:
        at = starts[line - 1] + column - 1
        around = [piece for piece in pieces if piece[0] <= at < piece[1]]
        if around:
            found.add(min(around, key=lambda piece: piece[1] - piece[0])[2])
    if found:
        return found
    lines = {line for line, _ in places}
    return {number for begin, _, number in pieces if any(starts[line - 1] <= begin < starts[line] for line in lines)}
