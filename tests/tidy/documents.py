"""The tables of docs/api.md agree with the code they describe, docs/operations.md explains every warning and error of the log,
docs/decisions/README.md lists every decision, and no document links to a file, or names one, that is not there."""

import os
import re
import sys

import tree

NAMED = re.compile(r"`([\w.\-/]+)`")
SOURCE = re.compile(r"[\w-]+\.(?:cc|h|proto|py)$")
# What a reader's own commands make.
GENERATED = ("build/", "proto/gen/")
# Pages that tell of the past.
HISTORY = ("docs/decisions/", "CHANGELOG.md")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def reasons_of_code(text):
    """The provider's error name to our reason, from the table in server/flow/reasons.cc."""
    return dict(re.findall(r'\{"([A-Z_]+)",\s*v1::END_REASON_([A-Z_]+)\}', text))


def reasons_of_document(text):
    section = text.split("### From the provider's error to the reason", 1)[1]
    return {
        name: row.group(1)
        for row in re.finditer(r"^\| ([A-Z_]+) \| ([A-Z_, ]+) \|$", section, re.M)
        for name in row.group(2).split(", ")
    }


def errors_of_proto(text):
    body = text.split("enum ErrorReason {", 1)[1].split("\n}", 1)[0]
    return set(re.findall(r"ERROR_REASON_([A-Z_]+) =", body)) - {"UNSPECIFIED"}


def errors_of_document(text):
    section = text.split("\n## Errors", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| ([A-Z_]+) \|", section, re.M))


def table_findings(code, document, what):
    findings = []
    for name in sorted(set(code) | set(document)):
        if code.get(name) != document.get(name):
            findings.append(f"docs/api.md: {what} {name}: the code says {code.get(name)}, the page {document.get(name)}")
    return findings


def link_findings(path, text):
    folder = os.path.dirname(path)
    return [
        f"{path}: links to {target}, which is not there"
        for target in LINK.findall(text)
        if not os.path.exists(os.path.join(tree.ROOT, folder, target))
    ]


class Names:
    """What a page may name in backticks: files and folders by their path from the project's folder, sources by their name alone."""

    def __init__(self, paths):
        self._paths = set(paths)
        self._folders = {os.path.dirname(path)[:end] for path in paths for end in folder_ends(os.path.dirname(path))}
        self._names = {os.path.basename(path) for path in paths}
        self._tops = tuple(sorted({path.split("/")[0] + "/" for path in paths if "/" in path}))

    def findings(self, path, text):
        return [f"{path}: names {name}, which is not there" for name in NAMED.findall(text) if not self._knows(name.rstrip("/"))]

    def _knows(self, name):
        if name.startswith(self._tops):
            return name in self._paths or name in self._folders or name.startswith(GENERATED)
        return "/" in name or not SOURCE.match(name) or name in self._names


def folder_ends(folder):
    """The lengths of a path that are whole folders: of "a/b" 1 and 3."""
    return [at for at, letter in enumerate(folder + "/") if letter == "/"]


def log_events(text):
    """Warnings and errors that a source may write to the log."""
    return set(re.findall(r'LogLevel::k(?:Warning|Error),\s*"([a-z_]+)"', text))


def event_findings(path, text, page):
    return [
        f"{path}: docs/operations.md does not say what the log's {event} means and what to do"
        for event in sorted(log_events(text))
        if f"`{event}`" not in page
    ]


def decision_findings(path, text, index):
    """What is wrong with one record of docs/decisions."""
    name = os.path.basename(path)
    title = re.match(rf"# {name[:4]}: (.+)\n", text)
    if title is None:
        return [f"{path}: begins with no title of the form # {name[:4]}: …"]
    row = f"| [{name[:4]}]({name}) | {title.group(1)} |"
    return [] if row in index else [f"docs/decisions/README.md has no row that begins with {row}"]


def main():
    page = tree.read("docs/api.md")
    findings = table_findings(
        reasons_of_code(tree.read("server/flow/reasons.cc")), reasons_of_document(page), "provider error")
    findings += table_findings(
        dict.fromkeys(errors_of_proto(tree.read("proto/callbridge/v1/bridge_service.proto")), "there"),
        dict.fromkeys(errors_of_document(page), "there"), "error reason")
    operations = tree.read("docs/operations.md")
    for path in tree.files(".cc"):
        if path.startswith(("server/", "webhook/", "client/")):
            findings += event_findings(path, tree.read(path), operations)
    index = tree.read("docs/decisions/README.md")
    for path in tree.files(".md"):
        if re.match(r"docs/decisions/\d{4}-", path):
            findings += decision_findings(path, tree.read(path), index)
    names = Names(tree.files())
    for path in tree.files(".md"):
        findings += link_findings(path, tree.read(path))
        if not path.startswith(HISTORY):
            findings += names.findings(path, tree.read(path))
    return tree.report(findings, "documents")


if __name__ == "__main__":
    sys.exit(main())
