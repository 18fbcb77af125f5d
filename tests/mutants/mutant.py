"""A mutant: one small change of a source, switched on at run time by its number (active.h)."""

import hashlib
import re

ACTIVE = "callbridge::mutants::Active"


def number_of(name):
    """Stable: a change of one file renumbers no mutant of another, so nothing else is compiled again."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) + 1


def one_line(text, most=60):
    words = re.sub(r"\s+", " ", text).strip()
    return words if len(words) <= most else words[: most - 1] + "…"


class Edit:
    """The text between two places of a source, and what stands there instead while the mutant is active."""

    def __init__(self, path, begin, end, form, was, now):
        if form not in ("expression", "condition", "statement"):
            raise ValueError(f"an edit has no form {form}")
        self.path, self.begin, self.end, self.form, self.was, self.now = path, begin, end, form, was, now

    def guarded(self, number, inner):
        """`inner` is the original text, in which other mutants may have been put already."""
        active = f"{ACTIVE}({number})"
        if self.form == "condition":
            return f"({active} != static_cast<bool>({inner}))"
        if self.form == "expression":
            return f"({active} ? ({self.now}) : ({inner}))"
        if not self.now:
            return f"{{ if (!{active}) {{ {inner} }} }}"
        return f"{{ if ({active}) {{ {self.now} }} else {{ {inner} }} }}"


class Mutant:
    def __init__(self, name, kind, line, edits, why=""):
        self.name, self.kind, self.line, self.edits, self.why = name, kind, line, edits, why
        self.number = number_of(name)

    @property
    def path(self):
        return self.edits[0].path

    def place(self):
        return f"{self.path}:{self.line}"

    def description(self):
        if self.why:
            return self.why
        edit = self.edits[0]
        return f"{one_line(edit.was)}  →  {one_line(edit.now) or 'nothing'}"
