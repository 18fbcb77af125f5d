"""Every small change that a line of code could have been mistyped into: the generated mutants of one source.

Conditions are turned round, comparisons and constants are off by one, parts of a condition and whole statements are
missing, + is -, && is ||. All of them are found, in the order of the text; sample() takes some, spread over the files.
Log lines, assertions and loop headers are left alone: a mutant of the first two changes nothing that anybody relies on,
one of the last runs over the end of something.
"""

import hashlib
import re

from cpp import functions_of, lambda_bodies, tokens_of
from mutant import Edit, Mutant

COMPARISONS = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
ENDS = {",", ";", "?", ":", "=", "+=", "-=", "|=", "&=", "return"}
LOGICAL = {"&&", "||"}
ASSIGNMENTS = {"=", "+=", "-=", "|=", "&="}
# Calls that change nothing by which anybody could tell a mutant.
MEANINGLESS = {"Require", "Log", "Check", "CheckFailed", "reserve"}
KEYWORDS = {"return", "case", "default", "using", "if", "else", "for", "while", "do", "switch", "throw", "try", "catch",
            "const", "constexpr", "auto", "static", "struct", "break", "continue", "goto", "typename", "delete", "new"}


class _Source:
    """The mutants of one function of one source are found by one of these."""

    def __init__(self, path, text, tokens, function, found):
        self.path, self.text, self.tokens, self.function, self.found = path, text, tokens, function, found
        self.lambdas = lambda_bodies(tokens, function.first, function.last)
        self.inside = {}
        self.skipped = set()
        self._read_brackets()

    def _read_brackets(self):
        """Which bracket each token stands in, and which tokens are left alone."""
        open_brackets = [self.function.first]
        for index in range(self.function.first + 1, self.function.last):
            token = self.tokens[index]
            if token.partner is not None and token.partner < index:
                open_brackets.pop()
            self.inside[index] = open_brackets[-1]
            if token.partner is not None and token.partner > index:
                open_brackets.append(index)
            if token.text == "for" or (token.text in MEANINGLESS and self.tokens[index + 1].text == "("):
                self.skipped.update(range(index + 1, self.tokens[index + 1].partner + 1))
            if token.text in ("constexpr", "case"):
                end = index
                while self.tokens[end].text not in (";", ":"):
                    end += 1
                self.skipped.update(range(index, end))

    def words(self, first, last):
        return self.text[self.tokens[first].begin : self.tokens[last].end]

    def add(self, kind, first, last, form, now):
        # g++ 12 evaluates a co_await of a conditional expression although the condition chooses the other operand.
        if form == "expression" and "co_await" in self.words(first, last):
            return
        self.found.append((kind, self.function.name, Edit(
            self.path, self.tokens[first].begin, self.tokens[last].end, form, self.words(first, last), now)))

    def ends_operand(self, index, ends):
        token = self.tokens[index]
        return token.text in ends and (token.spaced or token.text not in ("<", ">"))

    def left(self, index, ends):
        """The first token of the operand that ends before this one."""
        at = index - 1
        while not self.ends_operand(at, ends) and self.tokens[at].text not in ("(", "[", "{"):
            if self.tokens[at].text in (")", "]", "}"):
                at = self.tokens[at].partner
            at -= 1
        return at + 1

    def right(self, index, ends):
        """The last token of the operand that begins after this one."""
        at = index + 1
        while not self.ends_operand(at, ends) and self.tokens[at].text not in (")", "]", "}"):
            if self.tokens[at].text in ("(", "[", "{"):
                at = self.tokens[at].partner
            at += 1
        return at - 1

    def is_binary(self, index):
        """A sign between two operands, not a template's bracket, a pointer's star or a number's minus."""
        return self.tokens[index].spaced and self.tokens[index - 1].text not in ENDS | LOGICAL | {"("}

    def mutate(self):
        for index in range(self.function.first + 1, self.function.last):
            token = self.tokens[index]
            if index not in self.skipped:
                if token.text in ("if", "while"):
                    self.turn_condition(index)
                elif token.text == "?":
                    self.turn_choice(index)
                elif token.text in COMPARISONS and self.is_binary(index):
                    self.change_comparison(index)
                elif token.text in LOGICAL:
                    self.shorten_condition(index)
                elif token.text in ("+", "-") and self.is_binary(index):
                    self.change_sum(index)
                elif token.kind == "number":
                    self.change_number(index)
                elif token.text in ("true", "false"):
                    self.add("constant", index, index, "expression", "false" if token.text == "true" else "true")
                elif token.text in ("min", "max") and self.tokens[index - 2].text == "std":
                    self.swap_extremes(index)
            if self.begins_statement(index):
                self.drop_statement(index)

    def turn_condition(self, index):
        first, last = index + 2, self.tokens[index + 1].partner - 1
        if self.tokens[index + 1].text != "(":
            return
        at, declares = first, False
        while at <= last:
            if self.tokens[at].text in ("(", "[", "{"):
                at = self.tokens[at].partner
            elif self.tokens[at].text == ";":
                first, declares = at + 1, False
            elif self.tokens[at].text == "=":
                declares = True
            at += 1
        if declares or self.words(first, last) == "true":
            return
        self.add("branch", first, last, "condition", f"!({self.words(first, last)})")

    def turn_choice(self, index):
        first = self.left(index, ENDS)
        self.add("branch", first, index - 1, "condition", f"!({self.words(first, index - 1)})")

    def change_comparison(self, index):
        ends = ENDS | LOGICAL
        first, last = self.left(index, ends), self.right(index, ends)
        sign = COMPARISONS[self.tokens[index].text]
        now = f"{self.words(first, index - 1)} {sign} {self.words(index + 1, last)}"
        self.add("comparison", first, last, "expression", now)

    def shorten_condition(self, index):
        """Once for each operator: the chain without the operand on its right, for the first also without its left."""
        first, last = self.left(index, ENDS), self.right(index, ENDS)
        operators = [at for at in range(first, last + 1)
                     if self.tokens[at].text in LOGICAL and self.inside[at] == self.inside[index]]
        if len({self.tokens[at].text for at in operators}) > 1:
            return
        after = self.right(index, ENDS | LOGICAL)
        rest = self.words(first, index - 1) + (" " + self.words(after + 1, last) if after < last else "")
        self.add("condition", first, last, "expression", f"static_cast<bool>({rest})")
        if index == operators[0]:
            self.add("condition", first, last, "expression", f"static_cast<bool>({self.words(index + 1, last)})")
        if len(operators) == 1:
            other = "||" if self.tokens[index].text == "&&" else "&&"
            now = f"({self.words(first, index - 1)}) {other} ({self.words(index + 1, last)})"
            self.add("condition", first, last, "expression", now)

    def change_sum(self, index):
        """+ to -; the other way round only where a number shows that both are allowed: two times have no sum."""
        ends = ENDS | LOGICAL | {sign for sign in COMPARISONS} | {"<<"}
        first, last = self.left(index, ends), self.right(index, ends)
        plus = self.tokens[index].text == "+"
        if '"' in self.words(first, last) or (not plus and self.tokens[index + 1].kind != "number"):
            return
        now = f"{self.words(first, index - 1)} {'-' if plus else '+'} {self.words(index + 1, last)}"
        self.add("sum", first, last, "expression", now)

    def change_number(self, index):
        token = self.tokens[index]
        found = re.fullmatch(r"(\d+)([uUlL]*)", token.text)
        if found and self.tokens[index - 1].text != "<":
            self.add("constant", index, index, "expression", f"{int(found.group(1)) + 1}{found.group(2)}")

    def swap_extremes(self, index):
        opening = index + 1
        while self.tokens[opening].text != "(":
            opening += 1
        last = self.tokens[opening].partner
        other = "max" if self.tokens[index].text == "min" else "min"
        self.add("extreme", index - 2, last, "expression", f"std::{other}{self.words(index + 1, last)}")

    def begins_statement(self, index):
        if self.tokens[self.inside[index]].text != "{":
            return False
        before = self.tokens[index - 1]
        if before.text in (";", "{", "}", "else"):
            return True
        if before.text == ")":
            return self.tokens[before.partner - 1].text in ("if", "while", "for", "switch")
        if before.text != ":":
            return False
        at = index - 2
        while self.tokens[at].text not in (";", "{", "}", "?", ":"):
            at -= 1
        return self.tokens[at].text != "?" and self.tokens[at + 1].text in ("case", "default")

    def drop_statement(self, index):
        last = index
        while self.tokens[last].text not in (";", "}", ")"):
            if self.tokens[last].text in ("(", "[", "{"):
                last = self.tokens[last].partner
            last += 1
        if self.tokens[last].text != ";":
            return
        first = self.tokens[index].text
        in_lambda = any(begin < index < end for begin, end in self.lambdas)
        if first == "return":
            drops = last == index + 1 or (self.function.is_void() and not in_lambda)
        else:
            drops = first in ("break", "continue") or self.is_expression(index, last)
        if drops and not self.jumps_to_the_next(index, last):
            self.add("statement", index, last, "statement", "")

    def jumps_to_the_next(self, index, last):
        """A jump to where the code goes on by itself: break before a switch's end, continue before a loop's, return before all."""
        if self.tokens[last + 1].text != "}":
            return False
        opening = self.inside[index]
        before = self.tokens[opening - 1]
        head = self.tokens[before.partner - 1].text if before.text == ")" else ""
        return {"break": head == "switch", "continue": head in ("for", "while"),
                "return": opening == self.function.first}.get(self.tokens[index].text, False)

    def is_expression(self, index, last):
        """A call or an assignment; no declaration, and no value that a declared variable would lack."""
        at = index
        while self.tokens[at].text in ("*", "++", "--"):
            at += 1
        if self.tokens[at].kind != "word" or self.tokens[at].text in KEYWORDS:
            return False
        name, members = self.tokens[at].text, 0
        at += 1
        while at < last:
            text = self.tokens[at].text
            if text in ("(", "["):
                at = self.tokens[at].partner + 1
            elif text in (".", "->", "::"):
                at, members = at + 2, members + 1
            else:
                break
        names = {self.tokens[place].text for place in range(index, at)}
        if names & MEANINGLESS:
            return False
        body = self.text[self.tokens[self.function.first].begin : self.tokens[index].begin]
        if members == 0 and re.search(rf"\b[\w:>]+ {name};", body) and self.tokens[at].text == "=":
            return False
        return at == last or self.tokens[at].text in ASSIGNMENTS


def generate(path, text):
    """All mutants of this source, in the order of the text."""
    tokens = tokens_of(text)
    found = []
    for function in functions_of(text, tokens):
        _Source(path, text, tokens, function, found).mutate()
    mutants, seen = [], {}
    for kind, function, edit in found:
        content = "\0".join((kind, " ".join(edit.was.split()), " ".join(edit.now.split())))
        turn = seen[(function, content)] = seen.get((function, content), 0) + 1
        digest = hashlib.sha256(f"{content}\0{turn}".encode()).hexdigest()[:6]
        line = text.count("\n", 0, edit.begin) + 1
        mutants.append(Mutant(f"{path}:{function}:{kind}:{digest}", kind, line, [edit]))
    return mutants


def sample(mutants, count, seed):
    """The same ones for the same seed and code; each file gives its share, and at least one."""
    by_path = {}
    for mutant in mutants:
        by_path.setdefault(mutant.path, []).append(mutant)
    ordered = []
    for path, ones in by_path.items():
        ones.sort(key=lambda mutant: hashlib.sha256(f"{seed}/{mutant.name}".encode()).digest())
        ordered += [(place / len(ones), path, mutant) for place, mutant in enumerate(ones)]
    ordered.sort(key=lambda entry: entry[:2])
    return [mutant for _, _, mutant in ordered[:count]]
