#!/usr/bin/env python3
"""Switches every mutant on, one after the other, and says after how many seeds the simulation noticed it.

    ./dev mutants                 the planted ones, and a sample of the generated ones
    ./dev mutants --planted       those of planted.yaml: each has to be caught, by seeds or by a suite
    ./dev mutants --generated     a sample (--count 80) of those that generate.py makes of server/flow and server/worker
    ./dev mutants --all           the planted ones and every generated one: some hours
    ./dev mutants --only NAME     one, by its name
    ./dev mutants --slice FOLDER  a sample of the generated ones of one folder, or all of them with --all; rest: of every folder
                                  but server/flow and server/worker. What is known of a mutant is kept: a run goes on where another
                                  stopped, and --again asks those that survived once more
    ./dev mutants --kept          what is known of all slices

--planted --note keeps what catches each planted one: a seed in noted_seeds.txt, or else a test of a suite in noted_tests.txt. --noted
plays just those, and asks whole suites only about a mutant that is not caught by what is noted: the test of the planted ones does so.

Of the generated ones 95 % have to be caught, by seeds or by a suite, and each that survives has to be explained in
survivors.txt. The table also goes to build/mutants/report.txt.
"""

import argparse
import concurrent.futures
import os
import sys
import time

import slices
import unfit
import weave
from generate import sample
from hunt import Simulation, Suite, Trace
from planted import ListError

HERE = os.path.dirname(os.path.abspath(__file__))
SURVIVORS = os.path.join(HERE, "survivors.txt")
SEEDS = os.path.join(HERE, "noted_seeds.txt")
TESTS = os.path.join(HERE, "noted_tests.txt")
# The suites that are asked, and the folders that each is about.
SUITES = {"flow_test": "server/flow", "worker_test": "server/worker", "provider_test": "server/provider", "webhook_test": ("webhook", "server/inbox"),
          "admission_test": "server/admission", "base_test": "server/base", "store_test": "server/store",
          "api_test": "server/api", "settings_test": "server/settings", "admin_test": "server/admin",
          "live_test": "server/live"}
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


def noted_lines(path):
    """mutant → what has caught it, word by word."""
    with open(path, encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {name: words for name, *words in lines}


def noted_seeds(path=SEEDS):
    """mutant → seeds that have caught it."""
    return {name: [int(seed) for seed in seeds] for name, seeds in noted_lines(path).items()}


def noted_tests(path=TESTS):
    """mutant → the suite that has caught it, and the test of it."""
    return {name: (suite, test) for name, (suite, test) in noted_lines(path).items()}


def note(caught, names, path):
    """Of all that are planted, `names`, those that were caught by what stands in this file are written anew."""
    known = {name: words for name, words in noted_lines(path).items() if name in names} | caught
    with open(path, encoding="utf-8") as file:
        head = [line for line in file if line.startswith("#")]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(head)
        file.writelines(f"{' '.join([name, *words])}\n" for name, words in sorted(known.items()))


def note_all(traces, names, seeds=SEEDS, tests=TESTS):
    by_seeds = {trace.mutant.name: [str(trace.catch.seed)] for trace in traces if trace.catch is not None}
    by_tests = {trace.mutant.name: [trace.suite, trace.test] for trace in traces if trace.suite is not None}
    note(by_seeds, names, seeds)
    # One note is enough.
    note(by_tests, set(names) - noted_lines(seeds).keys(), tests)


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
    why = trace.catch.how[:70] if trace.catch is not None else trace.test
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
    seeds_of = noted_seeds() if options.noted else {}
    tests_of = noted_tests() if options.noted else {}
    for suite in suites:
        tests = [tests_of[mutant.name][1] for mutant in mutants if tests_of.get(mutant.name, ("",))[0] == suite.name]
        if tests:
            suite.measure(tests)

    def by_test(trace, suite, test=None):
        failed, reached = suite.catches(trace.mutant, test)
        trace.reached = trace.reached or reached
        if failed is not None:
            trace.suite, trace.test = suite.name, failed
        return failed is not None

    def by_suite(trace):
        name, test = tests_of.get(trace.mutant.name, (None, None))
        if any(by_test(trace, suite, test) for suite in suites if suite.name == name):
            return
        # The suite of the folder is the likeliest.
        any(by_test(trace, suite)
            for suite in sorted(suites, key=lambda suite: not trace.mutant.path.startswith(SUITES.get(suite.name, " "))))

    def one(mutant):
        # Of thousands the quick suites are asked first; otherwise it is of interest how soon the seeds notice.
        before, begin = Trace(mutant), time.monotonic()
        if options.all:
            by_suite(before)
        if before.suite or options.seeds == 0:
            return before
        seeds = 0 if options.noted else options.seeds
        trace = simulation.hunt(mutant, seeds, seeds_of.get(mutant.name, ()))
        if trace.catch is None and not options.all:
            by_suite(trace)
        trace.seconds = time.monotonic() - begin
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


def slices_judged(options, made, known, report):
    """Asks the mutants of the slices of which nothing is known yet. True: enough of those are noticed, and all others explained."""
    results = slices.Results(os.path.join(options.folder, "results"))
    folders = slices.folders_of(options.slice or slices.SUITES)
    if options.slice:
        programs = os.path.join(options.folder, "bin")
        mutants = slices.chosen(folders, made, options)
        open_ones = slices.to_ask(mutants, results, options.again)
        report.say(f"{len(mutants)} mutants of {', '.join(folders)}; {len(open_ones)} of them are asked now.")
        suites = {name: Suite(os.path.join(programs, name)) for name in slices.programs_of(folders)}
        simulation = Simulation(options.simulation or os.path.join(programs, slices.SIMULATION))
        if open_ones and options.seeds:
            simulation.measure(MEASURED_SEEDS)
        slices.ask_all(open_ones, suites, simulation, options, results, lambda trace: report.say(row(trace)))
    else:
        mutants = [mutant for mutant in made if slices.folder_of(mutant.path) in folders]
    traces = slices.known_traces(mutants, results)
    for folder, asked, noticed in slices.table(traces):
        report.say(f"{folder:20} {noticed:5} of {asked:5} noticed: {100 * noticed / asked:.1f} %")
    return bool(traces) and judge_generated(traces, known, report)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--planted", action="store_true")
    parser.add_argument("--generated", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--slice", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--programs", action="store_true", help="print what has to be built for these options and end")
    parser.add_argument("--list", action="store_true", help="print every mutant and end")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seeds", type=int, default=5000)
    parser.add_argument("--count", type=int, default=80, help="how many generated ones")
    parser.add_argument("--sample-seed", type=int, default=1, help="another number takes others")
    parser.add_argument("--note", action="store_true", help="write noted_seeds.txt and noted_tests.txt anew")
    parser.add_argument("--noted", action="store_true", help="only what stands there, and suites for what it does not catch")
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


def hunted(options):
    """True: all is as it has to be. Raises ListError and RuntimeError."""
    if options.programs:
        print("\n".join(slices.programs_of(slices.folders_of(options.slice)) if options.slice else [slices.SIMULATION, *SUITES]))
        return True
    by_hand, made = weave.all_mutants()
    known = explanations()
    findings = rotten(known, made)
    if findings:
        raise ListError("\n".join(findings))
    made = unfit.without(made, os.path.join(options.folder, "unfit"))
    by_hand_here, made_here = chosen(options, by_hand, made)
    if options.list:
        for mutant in by_hand + made:
            print(f"{mutant.place():40} {mutant.name:70} {mutant.description()}")
        return True
    report = Report(options.folder)
    if options.slice or options.kept:
        good = slices_judged(options, made, known, report)
        report.write()
        return good
    if not by_hand_here and not made_here:
        raise ListError("no mutant has this name; --list prints them all")
    programs = os.path.join(options.folder, "bin")
    simulation = Simulation(options.simulation or os.path.join(programs, "callbridge-simulation"))
    if not os.path.exists(simulation.program):
        raise ListError(f"{simulation.program} is not built; ./dev mutants builds it")
    simulation.measure(MEASURED_SEEDS)
    suites = [Suite(path) for path in options.suite or [os.path.join(programs, name) for name in SUITES]]
    report.say(f"{1 / simulation.seconds_per_seed:.0f} seeds a second and process, {options.jobs} at a time, at most "
               f"{options.seeds} seeds for each mutant.")
    good = True
    if by_hand_here:
        traces = hunt_all(simulation, suites, by_hand_here, options, report)
        good = judge_planted(traces, report)
        if options.note:
            note_all(traces, {mutant.name for mutant in by_hand})
    if made_here:
        report.say()
        good = judge_generated(hunt_all(simulation, suites, made_here, options, report), known, report) and good
    unsound = sorted(seed for seed, sound in simulation.sound.items() if not sound)
    if unsound:
        report.say(f"These seeds fail without any mutant: {unsound}. Mend that first.")
    report.write()
    return good and not unsound


def main():
    try:
        return 0 if hunted(arguments()) else 1
    except (ListError, RuntimeError) as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
