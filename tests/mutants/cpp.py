"""Reads C++ as clang-format leaves it: tokens with their places, the brackets that belong together, and the functions.

It is no compiler. It knows as much as is needed to say where a condition, a statement or an operand begins and ends, and it
leans on the format: a binary `<` stands between spaces, that of a template does not.
"""

import re

TOKEN = re.compile(
    r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<directive>^[ \t]*\#[^\n]*)
  | (?P<string>R"\((?:.*?)\)"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')
  | (?P<number>(?:0[xX][0-9a-fA-F']+|\d[\d']*(?:\.\d+)?(?:[eE][+-]?\d+)?)[uUlLfF]*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<sign><=>|<<=|>>=|->|::|<=|>=|==|!=|&&|\|\||\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|[-+*/%&|^!~<>=?:;,.(){}\[\]])
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
OPENING = {"(": ")", "[": "]", "{": "}"}


class Token:
    """A word, sign or literal of the text. `partner` is the index of the bracket that belongs to a bracket."""

    __slots__ = ("kind", "text", "begin", "end", "partner", "spaced")

    def __init__(self, kind, text, begin, end, spaced):
        self.kind, self.text, self.begin, self.end, self.spaced = kind, text, begin, end, spaced
        self.partner = None

    def __repr__(self):
        return f"{self.text}@{self.begin}"


class Function:
    """The body of a function: the indices of its braces."""

    def __init__(self, name, header, first, last):
        self.name, self.header, self.first, self.last = name, header, first, last

    def is_void(self):
        return re.match(r"(?:static )?void\b", self.header) is not None


def tokens_of(text):
    """Comments and directives are left out. Raises ValueError for brackets that do not close."""
    tokens = []
    for found in TOKEN.finditer(text):
        kind = found.lastgroup
        if kind in ("comment", "directive"):
            continue
        spaced = text[found.start() - 1 : found.start()] in (" ", "\n") and text[found.end() : found.end() + 1] in (" ", "\n")
        tokens.append(Token(kind, found.group(), found.start(), found.end(), spaced))
    waiting = []
    for index, token in enumerate(tokens):
        if token.text in OPENING and token.kind == "sign":
            waiting.append(index)
        elif token.kind == "sign" and token.text in OPENING.values():
            if not waiting or OPENING[tokens[waiting[-1]].text] != token.text:
                raise ValueError(f"a bracket at {token.begin} closes nothing")
            token.partner = waiting.pop()
            tokens[token.partner].partner = index
    if waiting:
        raise ValueError(f"a bracket at {tokens[waiting[-1]].begin} is never closed")
    return tokens


def functions_of(text, tokens):
    """The functions at namespace and class level, in their order. Lambdas belong to the function around them."""
    found = []
    _scan(text, tokens, 0, len(tokens), found)
    return found


def _scan(text, tokens, index, end, found):
    begin = index
    while index < end:
        token = tokens[index]
        if token.text == ";":
            begin = index + 1
        elif token.text == "{":
            _brace(text, tokens, begin, index, found)
            index = token.partner
            begin = index + 1
        elif token.text in OPENING:
            index = token.partner
        index += 1


def _brace(text, tokens, begin, index, found):
    header = [token.text for token in tokens[begin:index]]
    if "namespace" in header or "struct" in header or "class" in header:
        _scan(text, tokens, index + 1, tokens[index].partner, found)
        return
    if "enum" in header or "(" not in header or "=" in header[: header.index("(")]:
        return
    name = tokens[begin + header.index("(") - 1].text
    found.append(Function(name, text[tokens[begin].begin : tokens[index].begin], index, tokens[index].partner))


def lambda_bodies(tokens, first, last):
    """The ranges of the lambdas' bodies within a function."""
    bodies = []
    for index in range(first + 1, last):
        if tokens[index].text != "[" or tokens[index - 1].kind in ("word", "number", "string") or tokens[index - 1].text in (")", "]"):
            continue
        after = tokens[index].partner + 1
        if tokens[after].text == "(":
            after = tokens[after].partner + 1
        while tokens[after].text not in ("{", ";", ",", ")") and after < last:
            after += 1
        if tokens[after].text == "{":
            bodies.append((after, tokens[after].partner))
    return bodies
