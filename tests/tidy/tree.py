"""The project's files as the checks see them: what git tracks or would track, and what each file includes."""

import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def files(*endings):
    """Paths, relative to the project, that end with one of the endings; all files when there is none."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(
        path
        for path in set(listed)
        if (not endings or path.endswith(endings)) and os.path.isfile(os.path.join(ROOT, path))
    )


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def includes(text):
    """What a source includes: (line, quoted, path) of each #include."""
    return [
        (text.count("\n", 0, found.start(1)) + 1, found.group(1) == '"', found.group(2))
        for found in INCLUDE.finditer(text)
    ]


def report(findings, what):
    """Prints the findings and answers the exit code."""
    for finding in findings:
        print(finding)
    print(f"{what}: {len(findings)} finding(s)" if findings else f"{what}: nothing found")
    return 1 if findings else 0
