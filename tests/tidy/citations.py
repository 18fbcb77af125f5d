"""What a comment or a page cites is there: a document, a section of a document (§), an invariant by its number, a decision by its
number, a heading behind "#". A citation that resolves to nothing sends its reader to look for what nobody wrote.

How to cite: "docs/flow.md §5" (a path from the project's folder), "§5" again in the same comment, "invariant 8", "invariants 26 to
28", "decision 0010", "RFC 9110 §15.5". In a page, "§5" alone is a section of that page."""

import os
import re
import sys

import tree

TEXT = (".cc", ".h", ".proto", ".py", ".txt", ".md", ".yaml", ".sh", ".cmake", "dev", ".ci/run", "Dockerfile")
# This folder names citations that resolve to nothing, to show that they are found.
OUTSIDE = ("tests/tidy/", "tests/fuzz/corpus/", "tests/scenarios/", "tests/flow/accounts/", "tests/cli/stories/")
# Folders whose comments still cite what is not in this repository. Each entry leaves this list once its comments are rewritten.
NOT_YET_COVERED = ()
# Texts that cite a section of a page by its number in brackets.
BRACKETS = dict.fromkeys(
    ("docs/simulator.md", "proto/callbridge/internal/v1/command.proto", "tests/simulator/switches.cc"), "docs/provider.md")

DECISIONS = "docs/decisions/"
INVARIANTS = "docs/invariants.md"

NUMBERS = r"\d+(?:(?:, | and |, and | or | to |–)\d+)*"
CITATION = re.compile(
    r"(?P<link>\]\((?!https?:)(?P<target>[^)\s]*)#(?P<heading>[^)\s]+)\))"
    r"|(?P<decision>\bdocs/decisions/(?P<number>\d{4})\b(?!-)|\b[Dd]ecisions? (?P<numbers>\d{4}(?:(?:, | and | to )\d{4})*))"
    r"|(?P<page>(?<![\w/.*\"-])[\w.][\w./-]*\.md\b)"
    r"|(?P<rfc>\bRFC \d+)"
    r"|(?P<section>§ ?(?P<at>\d+(?:\.\d+)*)(?: of (?P<of>RFC \d+))?)"
    r"|(?P<invariant>\b[Ii]nvariants? (?P<invariants>" + NUMBERS + r"))")
BRACKET = re.compile(r"\[(\d+(?:\.\d+)?(?:, \d+(?:\.\d+)?)*)\]")
COMMENT = re.compile(r"^\s*(?://|#)\s?")
HEADING = re.compile(r"^#{1,6} (.+)$", re.M)
NUMBERED = re.compile(r"^(?:#{2,6} (\d+(?:\.\d+)*)\.? |\| (\d+(?:\.\d+)+) \|)", re.M)


def passages(path, text):
    """(line, words) of each passage in which "§" may rely on a document that was named before it: a paragraph or row of a page, a
    comment of any number of lines, a line of code."""
    found, begin, words = [], 0, []

    def close():
        if words:
            found.append((begin, " ".join(words)))
        words.clear()

    for number, line in enumerate(text.splitlines(), start=1):
        is_page = path.endswith(".md")
        part = line.strip() if is_page else COMMENT.sub("", line).strip()
        goes_on = part and (not part.startswith("|") if is_page else COMMENT.match(line))
        if not goes_on:
            close()
        if part and not words:
            begin = number
        if part:
            words.append(part)
        if not goes_on:
            close()
    close()
    return found


def slug(heading):
    """The anchor that GitHub gives a heading."""
    plain = re.sub(r"[`*\[\]]|\([^)]*\.md[^)]*\)", "", heading).lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


class Pages:
    """The documents of the tree, as far as citations ask for them. read: a document's text, or None if there is none."""

    def __init__(self, read, decisions):
        self._read = read
        self.decisions = decisions

    def text(self, path):
        return self._read(path)

    def sections(self, path):
        return {first or second for first, second in NUMBERED.findall(self.text(path) or "")}

    def headings(self, path):
        return {slug(heading) for heading in HEADING.findall(self.text(path) or "")}

    def resolve(self, path, cited):
        """The document that a text cites, or None."""
        for candidate in (cited, os.path.normpath(os.path.join(os.path.dirname(path), cited))):
            if self.text(candidate) is not None:
                return candidate
        return None


class Reader:
    """Finds what does not resolve in one passage: a method for each kind of citation, named like its group."""

    def __init__(self, path, pages):
        self._path = path
        self._pages = pages
        # What "§" means: a document, "RFC …", or nothing yet.
        self._document = path if path.endswith(".md") else None

    def findings(self, words):
        return [why for found in CITATION.finditer(words) for why in getattr(self, found.lastgroup)(found)]

    def link(self, found):
        target = found.group("target")
        page = self._pages.resolve(self._path, target) if target else self._path
        if page is None or not page.endswith(".md"):
            return []
        known = found.group("heading") in self._pages.headings(page)
        return [] if known else [f"{page} has no heading #{found.group('heading')}"]

    def page(self, found):
        document = self._pages.resolve(self._path, found.group("page"))
        if document is None:
            return [f"there is no document {found.group('page')}"]
        self._document = document
        return []

    def rfc(self, found):
        self._document = found.group("rfc")
        return []

    def section(self, found):
        document, at = found.group("of") or self._document, found.group("at")
        if document is None:
            return [f"§{at} of which document?"]
        if document.startswith("RFC ") or at in self._pages.sections(document):
            return []
        return [f"{document} has no §{at}"]

    def invariant(self, found):
        known = self._pages.sections(INVARIANTS)
        return [f"there is no invariant {number}"
                for number in re.findall(r"\d+", found.group("invariants")) if number not in known]

    def decision(self, found):
        numbers = [found.group("number")] if found.group("number") else re.findall(r"\d{4}", found.group("numbers"))
        return [f"there is no decision {number}" for number in numbers if number not in self._pages.decisions]


def check(path, text, pages):
    """Findings of one file."""
    findings = []
    for line, words in passages(path, text):
        found = Reader(path, pages).findings(words)
        if path in BRACKETS:
            known = pages.sections(BRACKETS[path])
            found += [f"{BRACKETS[path]} has no §{at}" for group in BRACKET.findall(words)
                      for at in group.split(", ") if at not in known]
        findings += [f"{path}:{line}: {why}" for why in found]
    return findings


def pages_of_the_tree():
    texts = {path: tree.read(path) for path in tree.files(".md")}
    decisions = {os.path.basename(path)[:4] for path in texts if path.startswith(DECISIONS)}
    return Pages(texts.get, decisions)


def main():
    pages = pages_of_the_tree()
    findings = []
    for path in tree.files(*TEXT):
        if not path.startswith(OUTSIDE + NOT_YET_COVERED):
            findings += check(path, tree.read(path), pages)
    return tree.report(findings, "citations")


if __name__ == "__main__":
    sys.exit(main())
