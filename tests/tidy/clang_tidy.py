"""Runs clang-tidy over our sources, on all cores, and only over those that have changed.

Reading the headers of gRPC and Protobuf takes longer than checking a source of ours, so many sources are looked at as one unit
that includes them. Sources that give one name to two things in one namespace stand in different units; a unit that does not
compile all the same is split. A source that was clean leaves a stamp named after everything that its result depends on: the
checks, the compiler's command, its text and each of our headers and protos that it includes.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import threading

import tree

STAMPS = os.path.join(tree.ROOT, "build", "tidy")
UNITS = os.path.join(STAMPS, "units")
# What changes nothing for the checks, but would keep sources of different targets apart; and -Wshadow, because in a unit of many
# sources a name may hide one of another source. Our compiler checks it.
NOT_FOR_CLANG = re.compile(r"^(-f(no-)?sanitize\S*|-c|-O\d|-g\d?|-pthread|-fPIC|-fpch-preprocess|-Winvalid-pch|-Wshadow)$")
# More of them share more headers; fewer keep the cores evenly busy.
SOURCES_PER_UNIT = 20
# A name that a line gives to something outside of every class and function: such a line is not indented. Macros give none.
NAMING = re.compile(r"^(?=\w)(?!using |namespace )(?:[\w:<>,&*\[\] ]*?[ &*])?(\w+)(?: final)?(?: : |\(|\{|\[| = |;| \{)", re.M)


def flags_of(command, source):
    """What is left of a compiler's command without the compiler, the source, its output and headers that are compiled already."""
    kept, words = [], iter(shlex.split(command)[1:])
    for word in words:
        if word in ("-o", "-include"):
            next(words)
        elif word == "-isystem":
            kept.append(word + next(words))
        elif not NOT_FOR_CLANG.match(word) and word != source and not word.endswith(("ccache", "/c++")):
            kept.append(word)
    return tuple(kept)


def commands(build_folder):
    """Path, relative to the project, to compiler flags, for our own sources."""
    with open(os.path.join(build_folder, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    ours = set(tree.files(".cc"))
    found = {}
    for entry in entries:
        for full in compiled(os.path.join(entry["directory"], entry["file"])):
            path = os.path.relpath(full, tree.ROOT)
            if path in ours:
                found[path] = flags_of(entry["command"], entry["file"])
    return found


def compiled(path):
    """The sources that a compiler's command is about: the file, or what one of CMake's units of several sources includes."""
    if os.path.basename(os.path.dirname(path)) != "Unity":
        return [path]
    with open(path, encoding="utf-8") as file:
        return re.findall(r'^#include "([^"]+)"', file.read(), re.M)


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


def names_in(text):
    """What a source names, each with its namespace. A name too many keeps two sources apart and does no harm."""
    found = re.search(r"^namespace ([\w:]+) \{", text, re.M)
    names = {name for name in NAMING.findall(text) if not name.isupper()}
    return {("", name) if name == "main" else (found.group(1) if found else "", name) for name in names}


def grouped(sources, text_of=tree.read):
    """Units of neighbours, which include the same headers, without two that name things alike."""
    units = []
    for source in sorted(sources):
        names = names_in(text_of(source))
        for unit, taken in units:
            if len(unit) < SOURCES_PER_UNIT and not names & taken:
                unit.append(source)
                taken |= names
                break
        else:
            units.append(([source], set(names)))
    # The longest first, so that the cores end together.
    return sorted((unit for unit, _ in units), key=len, reverse=True)


def together(flags):
    """The flags with which every source compiles: those of all."""
    return list(dict.fromkeys(flag for words in flags.values() for flag in words))


def run(sources, flags):
    """Whether the sources are clean as one unit, and what clang-tidy said."""
    name = hashlib.sha256("\n".join(sources).encode()).hexdigest()[:16]
    unit = os.path.join(UNITS, name + ".cc")
    with open(unit, "w", encoding="utf-8") as file:
        file.writelines(f'#include "{os.path.join(tree.ROOT, source)}"\n' for source in sources)
    done = subprocess.run(
        ["clang-tidy", "--quiet", f"--config-file={tree.ROOT}/.clang-tidy", unit, "--", *flags],
        cwd=tree.ROOT, capture_output=True, text=True)
    os.remove(unit)
    return done.returncode == 0, done.stdout + ("" if done.returncode == 0 or done.stdout else done.stderr)


def look(sources, flags):
    """Clean sources and reports about the others. A unit that does not compile is split until each part stands alone."""
    clean, output = run(sources, flags)
    if clean:
        return sources, []
    if len(sources) > 1 and "clang-diagnostic-error" in output:
        middle = len(sources) // 2
        first, second = look(sources[:middle], flags), look(sources[middle:], flags)
        return first[0] + second[0], first[1] + second[1]
    return [], [output]


def main():
    build_folder, only = sys.argv[1], sys.argv[2:]
    os.makedirs(UNITS, exist_ok=True)
    flags = commands(build_folder)
    if not flags:
        print(f"{build_folder}/compile_commands.json names no source of ours; configure first (./dev build)")
        return 1
    version = subprocess.run(["clang-tidy", "--version"], check=True, capture_output=True, text=True).stdout
    texts, stamp = Texts(), {}
    for path in flags:
        stamp[path] = texts.digest(path, version + tree.read(".clang-tidy") + " ".join(flags[path]))
    waiting = [path for path in flags if not os.path.exists(os.path.join(STAMPS, stamp[path])) and (not only or path in only)]
    reports, lock, shared = [], threading.Lock(), together(flags)

    def work(sources):
        clean, said = look(sources, shared)
        with lock:
            reports.extend(said)
            for path in clean:
                with open(os.path.join(STAMPS, stamp[path]), "w", encoding="utf-8") as file:
                    file.write(path + "\n")
            print("\n".join([f"{'findings in' if said else 'clean:'} {' '.join(sources)}", *said]), flush=True)

    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(work, grouped(waiting)))
    for stale in set(os.listdir(STAMPS)) - set(stamp.values()) - {"units"}:
        os.remove(os.path.join(STAMPS, stale))
    print(f"clang-tidy: {len(flags)} sources, {len(waiting)} looked at, {len(reports)} report(s)")
    return 1 if reports else 0


if __name__ == "__main__":
    sys.exit(main())
