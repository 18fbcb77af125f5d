"""Reads planted.yaml: the mistakes that somebody could make in this service, each in a line or two of its code."""

import os
import re

import yaml

from mutant import Edit, Mutant

HERE = os.path.dirname(os.path.abspath(__file__))
PAIRS = ("()", "[]", "{}")
LIST = os.path.join(HERE, "planted.yaml")


class ListError(Exception):
    pass


def edit_of(name, entry, read):
    path, was, now = entry["file"], entry["original"].strip(), str(entry.get("mutated") or "").strip()
    text = read(path)
    # However its lines are broken.
    found = re.findall(r"\s+".join(re.escape(word) for word in was.split()), text)
    count = len(found)
    if count != 1:
        raise ListError(f"{name}: its original text stands {count} times in {path}, and must stand there once; say in "
                        f"tests/mutants/planted.yaml what the code looks like now:\n{was}")
    form = "statement" if was.endswith((";", "}")) else "expression"
    if form == "expression" and not now:
        raise ListError(f"{name}: an expression needs something in its place")
    if form == "expression" and any(piece.count(left) != piece.count(right) for piece in (was, now) for left, right in PAIRS):
        raise ListError(f"{name}: neither a statement nor an expression: it opens a bracket that it does not close:\n{was}")
    begin = text.index(found[0])
    return Edit(path, begin, begin + len(found[0]), form, found[0], now), text.count("\n", 0, begin) + 1


def mutant_of(entry, read):
    name = entry["name"]
    edits = [edit_of(name, one, read) for one in entry.get("edits", [entry])]
    return Mutant(name, "planted", edits[0][1], [edit for edit, _ in edits], entry["hurts"].strip())


def planted_of(entries, read):
    """`read` gives the text of a source. Raises ListError that names every entry that does not fit the code."""
    mutants, findings = [], []
    for entry in entries:
        try:
            mutants.append(mutant_of(entry, read))
        except ListError as error:
            findings.append(str(error))
    names = [entry["name"] for entry in entries]
    findings += [f"{name}: stands twice in the list" for name in sorted(set(names)) if names.count(name) > 1]
    if findings:
        raise ListError("\n".join(findings))
    return mutants


def planted(read, path=LIST):
    with open(path, encoding="utf-8") as file:
        return planted_of(yaml.safe_load(file), read)
