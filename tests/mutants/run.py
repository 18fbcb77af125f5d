#!/usr/bin/env python3
"""Switches every mutant on, one after the other, and says after how many seeds the simulation noticed it.

    ./dev mutants                 the planted ones, and a sample of the generated ones
    ./dev mutants --planted       those of planted.yaml: each has to be caught, by seeds or by a suite
    ./dev mutants --generated     a sample (--count 80) of those that generate.py makes of server/flow and server/worker
    ./dev mutants --all           the planted ones and every generated one: some hours
    ./dev mutants --only NAME     one, by its name

--planted --note keeps the seed that catches each planted one in noted_seeds.txt, and --noted plays just those, and asks the suites
about the others: the test does so, in a minute.

Of the generated ones 95 % have to be caught, by seeds or by a suite, and each that survives has to be explained in
survivors.txt. The table also goes to build/mutants/report.txt.
"""

import argparse
import concurrent.futures
import os
import sys
import time

import weave
from generate import sample
from hunt import Simulation, Suite, Trace
from planted import ListError

HERE = os.path.dirname(os.path.abspath(__file__))
SURVIVORS = os.path.join(HERE, "survivors.txt")
NOTES = os.path.join(HERE, "noted_seeds.txt")
# The suites that are asked, and the folders that each is about.
SUITES = {"flow_test": "server/flow", "worker_test": "server/worker", "store_test": "server/store", "client_test": "client",
          "webhook_test": ("webhook", "server/inbox")}
SHARE = 0.95
MEASURED_SEEDS = 60


def explanations(path=SURVIVORS):
    """mutant → why nobody can notice it. A line of the file is a name and its explanation."""
    known = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, _, why = line.strip().partition(" ")
                known[name] = why.strip()
    return known


def notes(path=NOTES):
    """mutant → seeds that have caught it."""
    with open(path, encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {name: [int(seed) for seed in seeds] for name, *seeds in lines}


def note(traces, names, path=NOTES):
    """Of all that are planted, `names`, those that were played are written anew."""
    known = {name: seeds for name, seeds in notes(path).items() if name in names}
    for trace in traces:
        if trace.catch is not None:
            known[trace.mutant.name] = [trace.catch.seed]
    with open(path, encoding="utf-8") as file:
        head = [line for line in file if line.startswith("#")]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(head)
        file.writelines(f"{name} {' '.join(map(str, seeds))}\n" for name, seeds in sorted(known.items()))


def rotten(known, mutants):
    names = {mutant.name for mutant in mutants}
    findings = [f"{name}: there is no such mutant any more; take its line out of tests/mutants/survivors.txt"
                for name in known if name not in names]
    return findings + [f"{name}: survivors.txt does not say why it survives" for name, why in known.items() if not why]


def row(trace):
    if trace.catch is not None:
        caught = f"after {trace.catch.seeds} seed{'s' if trace.catch.seeds > 1 else ''}"
    elif trace.suite:
        caught = f"by {trace.suite}"
    else:
        caught = "SURVIVED" if trace.reached else "SURVIVED, never reached"
    why = trace.catch.how[:70] if trace.catch is not None else ""
    name = trace.mutant.name if trace.mutant.kind == "planted" else trace.mutant.kind
    return f"{caught:24} {trace.seconds:6.1f} s  {name:42} {trace.mutant.place():40} {why or trace.mutant.description()}"


class Report:
    """Prints each row as it comes, and keeps all for the end."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "report.txt")
        self.lines = []

    def say(self, line=""):
        print(line, flush=True)
        self.lines.append(line)

    def write(self):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("\n".join(self.lines) + "\n")


def hunt_all(simulation, suites, mutants, options, report):
    noted = notes() if options.noted else {}

    def by_suite(trace):
        # The suite of the folder is the likeliest.
        for suite in sorted(suites, key=lambda suite: not trace.mutant.path.startswith(SUITES.get(suite.name, " "))):
            caught, reached = suite.catches(trace.mutant)
            trace.reached = trace.reached or reached
            if caught:
                trace.suite = suite.name
                return

    def one(mutant):
        # Of thousands the quick suites are asked first; otherwise it is of interest how soon the seeds notice.
        before = Trace(mutant)
        if options.all:
            by_suite(before)
        if before.suite or options.seeds == 0:
            return before
        seeds = 0 if options.noted else options.seeds
        trace = simulation.hunt(mutant, seeds, noted.get(mutant.name, ()))
        if trace.catch is None and not options.all:
            by_suite(trace)
        trace.reached = trace.reached or before.reached
        return trace

    traces = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(one, mutant) for mutant in mutants]):
            traces.append(done.result())
            report.say(row(traces[-1]))
    return traces


def judge_planted(traces, report):
    by_seeds = sum(trace.catch is not None for trace in traces)
    by_suites = sum(trace.suite is not None for trace in traces)
    report.say(f"\nOf {len(traces)} planted mutants {by_seeds} are caught by seeds, {by_suites} more by suites.")
    missed = [trace for trace in traces if trace.catch is None and trace.suite is None]
    for trace in missed:
        report.say(f"NOT CAUGHT: {trace.mutant.name} ({trace.mutant.place()}): {trace.mutant.why}"
                   + ("" if trace.reached else " The changed place was never reached."))
    return not missed


def judge_generated(traces, known, report):
    by_seeds = sum(trace.catch is not None for trace in traces)
    by_suites = sum(trace.suite is not None for trace in traces)
    share = (by_seeds + by_suites) / len(traces)
    report.say(f"\nOf {len(traces)} generated mutants {by_seeds} are caught by seeds, {by_suites} more by suites: {100 * share:.1f} %.")
    good = share >= SHARE
    if not good:
        report.say(f"That is less than {100 * SHARE:.0f} %.")
    for trace in traces:
        if trace.catch is None and trace.suite is None:
            why = known.get(trace.mutant.name)
            good = good and why is not None
            report.say(f"survived: {trace.mutant.name}  {trace.mutant.place()}\n    {trace.mutant.description()}\n    "
                       + (why or "NOT EXPLAINED in tests/mutants/survivors.txt"))
    return good


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--planted", action="store_true")
    parser.add_argument("--generated", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--list", action="store_true", help="print every mutant and end")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seeds", type=int, default=5000)
    parser.add_argument("--count", type=int, default=80, help="how many generated ones")
    parser.add_argument("--sample-seed", type=int, default=1, help="another number takes others")
    parser.add_argument("--note", action="store_true", help="write noted_seeds.txt anew")
    parser.add_argument("--noted", action="store_true", help="only the seeds of noted_seeds.txt, and the suites")
    parser.add_argument("--suite", action="append", help="a test program to ask, if not those of that build")
    parser.add_argument("--folder", default=os.path.join(weave.ROOT, "build", "mutants"), help="of the build, and of the report")
    parser.add_argument("--simulation", help="the program, if it is not the one of that build")
    return parser.parse_args()


def chosen(options, by_hand, made):
    if options.only:
        return ([mutant for mutant in by_hand if mutant.name in options.only],
                [mutant for mutant in made if mutant.name in options.only])
    if options.all:
        return by_hand, made
    some = sample(made, options.count, options.sample_seed)
    if options.planted == options.generated:
        return by_hand, some
    return (by_hand, []) if options.planted else ([], some)


def main():
    options = arguments()
    try:
        by_hand, made = weave.all_mutants()
        known = explanations()
        findings = rotten(known, made)
        if findings:
            raise ListError("\n".join(findings))
        by_hand_here, made_here = chosen(options, by_hand, made)
        if options.list:
            for mutant in by_hand + made:
                print(f"{mutant.place():40} {mutant.name:70} {mutant.description()}")
            return 0
        if not by_hand_here and not made_here:
            raise ListError("no mutant has this name; --list prints them all")
        programs = os.path.join(options.folder, "bin")
        simulation = Simulation(options.simulation or os.path.join(programs, "callbridge-simulation"))
        if not os.path.exists(simulation.program):
            raise ListError(f"{simulation.program} is not built; ./dev mutants builds it")
        simulation.measure(MEASURED_SEEDS)
        suites = [Suite(path) for path in options.suite or [os.path.join(programs, name) for name in SUITES]]
        for suite in suites:
            suite.measure()
    except (ListError, RuntimeError) as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 1
    report = Report(options.folder)
    report.say(f"{1 / simulation.seconds_per_seed:.0f} seeds a second and process, {options.jobs} at a time, at most "
               f"{options.seeds} seeds for each mutant.")
    good = True
    if by_hand_here:
        traces = hunt_all(simulation, suites, by_hand_here, options, report)
        good = judge_planted(traces, report)
        if options.note:
            note(traces, {mutant.name for mutant in by_hand})
    if made_here:
        report.say()
        good = judge_generated(hunt_all(simulation, suites, made_here, options, report), known, report) and good
    unsound = sorted(seed for seed, sound in simulation.sound.items() if not sound)
    if unsound:
        report.say(f"These seeds fail without any mutant: {unsound}. Mend that first.")
    report.write()
    return 0 if good and not unsound else 1


if __name__ == "__main__":
    sys.exit(main())
