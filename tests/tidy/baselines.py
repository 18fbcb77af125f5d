"""The contracts that others rely on do not break: buf compares each with its baseline, an image of the protos as they were.

    baselines.py              compares; a test does so
    baselines.py --move NAME  makes today's protos the baseline of NAME; ./dev baseline NAME does so. It refuses without a line of
                              CHANGELOG.md that names the new baseline and says what changed

v1 is what clients compile (callbridge/v1): neither names nor numbers may change. internal is what stands on the disk and goes between
processes (callbridge/internal/v1): what was written must be read, so numbers and types may not change, and names may. A contract
without an image in proto/baselines is not guarded yet.

Of internal a database and a hand-over are kept as well, as the guarded revision writes them: tests/baselines/<digest of the image>. The
program callbridge-baseline makes them, which has to be built (./dev baseline does so), and baselines_test goes on with each of them.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import tree

BUF = os.path.join(tree.ROOT, "build/tools/buf/node_modules/.bin/buf")
PROTO = os.path.join(tree.ROOT, "proto")
CHANGELOG = "CHANGELOG.md"
# Where what guarded revisions wrote is kept, what there is of each, and the program that writes it.
KEPT = os.path.join(tree.ROOT, "tests/baselines")
KEPT_FILES = ("sessions.db", "handover.binpb", "holds.txt")
WRITER = os.path.join(tree.ROOT, "build/dev/bin/callbridge-baseline")
CONFIG = '{"version": "v2", "modules": [{"path": "."}], "breaking": {"use": ["%s"]}}'


@dataclass(frozen=True)
class Contract:
    # Its folder in proto/.
    folder: str
    # The category of buf's rules that it keeps.
    rules: str
    # Whether what a revision writes by it is kept too.
    written: bool = False

    @property
    def package(self):
        return self.folder.replace("/", ".")

    @property
    def image(self):
        return os.path.join(PROTO, "baselines", self.package + ".binpb")


CONTRACTS = {"v1": Contract("callbridge/v1", "FILE"), "internal": Contract("callbridge/internal/v1", "WIRE", written=True)}


class Failure(Exception):
    """What a person has to mend first."""


def buf(*arguments, folder):
    if not os.access(BUF, os.X_OK):
        raise Failure("buf is not installed: run ./dev test, which brings it to build/tools/buf.")
    return subprocess.run([BUF, *arguments], cwd=folder, capture_output=True, text=True)


def built(contract, folder=PROTO):
    """The image of the contract as the protos of the folder say it."""
    with tempfile.TemporaryDirectory() as scratch:
        image = os.path.join(scratch, "image.binpb")
        done = buf("build", "--as-file-descriptor-set", "--exclude-source-info", "--path", contract.folder, "-o", image, folder=folder)
        if done.returncode != 0:
            raise Failure(done.stdout + done.stderr)
        with open(image, "rb") as file:
            return file.read()


def breaks(contract, image, folder=PROTO):
    """What the protos of the folder break of the image."""
    done = buf("breaking", "--against", image, "--path", contract.folder, "--config", CONFIG % contract.rules, folder=folder)
    lines = (done.stdout + done.stderr).splitlines()
    return lines if lines or done.returncode == 0 else [f"buf breaking ended with {done.returncode}"]


def digest(image):
    return hashlib.sha256(image).hexdigest()[:12]


def is_told(changelog, contract, image):
    """Whether a line of the changelog names this baseline and says what changed."""
    line = rf"^\* `{re.escape(contract.package)}`, baseline {digest(image)}: \S.*$"
    return re.search(line, changelog, re.M) is not None


def read(path):
    with open(path, "rb") as file:
        return file.read()


def is_kept(image, kept=KEPT):
    """Whether the database and the hand-over of the revision with this image are there."""
    return all(os.path.exists(os.path.join(kept, digest(image), name)) for name in KEPT_FILES)


def keep(image, kept=KEPT, writer=WRITER):
    """Lets the program write them: all of them, or nothing."""
    if not os.access(writer, os.X_OK):
        raise Failure(f"{os.path.relpath(writer, tree.ROOT)} is not built: run ./dev baseline internal, which builds it.")
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run([writer, scratch], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"callbridge-baseline ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        shutil.copytree(scratch, os.path.join(kept, digest(image)), dirs_exist_ok=True)
    return done.stdout.strip()


def findings(changelog):
    found = []
    for name, contract in CONTRACTS.items():
        if not os.path.exists(contract.image):
            if name == "v1":
                found.append(f"{contract.image} is not there; ./dev baseline {name} makes it")
            continue
        found += [f"{line} ({contract.package} is guarded; see CONTRIBUTING.md)" for line in breaks(contract, contract.image)]
        if not is_told(changelog, contract, read(contract.image)):
            found.append(f"{CHANGELOG} does not name the baseline {digest(read(contract.image))} of {contract.package}")
        if contract.written and not is_kept(read(contract.image)):
            found.append(f"tests/baselines/{digest(read(contract.image))} lacks a file; ./dev baseline {name} writes all")
    return found


def move(contract, changelog, folder=PROTO, path=None, kept=KEPT, writer=WRITER):
    """Makes the folder's protos the baseline and says so; refuses what the changelog does not tell."""
    path = path or contract.image
    image = built(contract, folder)
    moved = not os.path.exists(path) or read(path) != image
    if not moved and (not contract.written or is_kept(image, kept)):
        return f"{contract.package} is as its baseline says; there is nothing to move."
    if not is_told(changelog, contract, image):
        raise Failure(f"{CHANGELOG} does not tell what changes. Add this line under its first heading, and run this again:\n"
                      f"* `{contract.package}`, baseline {digest(image)}: <what is different for those who rely on it>")
    told = f"{os.path.relpath(path, tree.ROOT)} is the baseline of {contract.package} now; commit it together with {CHANGELOG}."
    if contract.written:
        told += f"\n{os.path.join(os.path.relpath(kept, tree.ROOT), digest(image))} belongs to it: {keep(image, kept, writer)}."
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(image)
    return told


def main(arguments):
    changelog = tree.read(CHANGELOG)
    try:
        if arguments[:1] == ["--move"]:
            if arguments[1:] not in [[name] for name in CONTRACTS]:
                raise Failure(f"name the contract: {' or '.join(CONTRACTS)}.")
            print(move(CONTRACTS[arguments[1]], changelog))
            return 0
        return tree.report(findings(changelog), "baselines")
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
