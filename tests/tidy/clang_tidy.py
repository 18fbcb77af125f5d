"""Runs clang-tidy over our sources, as many at a time as there are cores, and only over those that have changed.

A source that was clean leaves a stamp named after everything that its result depends on: the checks, the compiler's
command, the text of the source and of each of our headers and protos that it includes. A second run takes a second.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys
import time

import tree

STAMPS = os.path.join(tree.ROOT, "build", "tidy")
# gcc's words that clang does not know; sanitizers change nothing for the checks and cost time.
NOT_FOR_CLANG = re.compile(r"^-f(no-)?sanitize")


def commands(build_folder):
    """Path, relative to the project, to compiler command, for our own sources."""
    with open(os.path.join(build_folder, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    ours = set(tree.files(".cc"))
    found = {}
    for entry in entries:
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), tree.ROOT)
        if path in ours:
            found[path] = entry["command"]
    return found


class Texts:
    """The digest of a source together with all of ours that it includes."""

    def __init__(self):
        self._texts = {}

    def _text(self, path):
        if path not in self._texts:
            full = os.path.join(tree.ROOT, path)
            self._texts[path] = tree.read(path) if os.path.isfile(full) else ""
        return self._texts[path]

    def closure(self, source):
        seen, waiting = set(), [source]
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            if path.endswith(".proto"):
                waiting += ["proto/" + name for name in re.findall(r'^import "([^"]+)"', self._text(path), re.M)]
                continue
            for _, _, included in tree.includes(self._text(path)):
                proto = "proto/" + re.sub(r"(\.grpc)?\.pb\.h$", ".proto", included)
                waiting.append(proto if included.endswith(".pb.h") else included)
        return sorted(seen)

    def digest(self, source, salt):
        total = hashlib.sha256(salt.encode())
        for path in self.closure(source):
            total.update(path.encode() + b"\0" + self._text(path).encode() + b"\0")
        return total.hexdigest()


def salt_of(command):
    version = subprocess.run(["clang-tidy", "--version"], check=True, capture_output=True, text=True).stdout
    return version + tree.read(".clang-tidy") + command


def run(path, build_folder, stamp):
    started = time.monotonic()
    done = subprocess.run(
        ["clang-tidy", "--quiet", "-p", build_folder, os.path.join(tree.ROOT, path)],
        cwd=tree.ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(path + "\n")
    return path, done.returncode, done.stdout + ("" if done.returncode == 0 else done.stderr), time.monotonic() - started


def database(build_folder, found):
    """A compile_commands.json that clang understands: gcc's sanitizer flags are left out."""
    folder = os.path.join(STAMPS, "commands")
    os.makedirs(folder, exist_ok=True)
    entries = [
        {"directory": os.path.abspath(build_folder), "file": os.path.join(tree.ROOT, path),
         "command": " ".join(word for word in command.split() if not NOT_FOR_CLANG.match(word))}
        for path, command in found.items()
    ]
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(entries, file)
    return folder


def main():
    build_folder = sys.argv[1]
    only = sys.argv[2:]
    os.makedirs(STAMPS, exist_ok=True)
    found = commands(build_folder)
    if not found:
        print(f"{build_folder}/compile_commands.json names no source of ours; configure first (./dev build)")
        return 1
    folder = database(build_folder, found)
    texts = Texts()
    salts = {command: salt_of(command) for command in set(found.values())}
    waiting, keep = [], {"commands"}
    for path, command in sorted(found.items()):
        if only and path not in only:
            continue
        name = texts.digest(path, salts[command])
        keep.add(name)
        if not os.path.exists(os.path.join(STAMPS, name)):
            waiting.append((path, os.path.join(STAMPS, name)))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        runs = [pool.submit(run, path, folder, stamp) for path, stamp in waiting]
        for ended in concurrent.futures.as_completed(runs):
            path, code, output, seconds = ended.result()
            failed += code != 0
            print(f"{'FAILED' if code else 'clean '} {seconds:5.1f} s  {path}", flush=True)
            if code:
                print(output, flush=True)
    if not only:
        for stale in set(os.listdir(STAMPS)) - keep:
            os.remove(os.path.join(STAMPS, stale))
    print(f"clang-tidy: {len(found)} sources, {len(waiting)} looked at, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
