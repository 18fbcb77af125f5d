"""The generated mutants of one folder, asked one by one, with every answer kept.

A slice is a folder. Its mutants are put to the suites that are about it and then to the simulation. What each came to
stands in results/<folder>.txt beside the build: a run that was ended goes on where it stopped. A mutant's name says its
file and its text, so an edited line is a new mutant and is asked anew.
"""

import concurrent.futures
import os
import time

from generate import sample
from hunt import Catch, Trace
from planted import ListError

# Each folder, and the suites that are about it: the likeliest first.
SUITES = {
    "server/flow": ("flow_test",),
    "server/worker": ("worker_test", "worker_model_test"),
    "server/store": ("store_test", "power_loss_test", "worker_test"),
    "server/inbox": ("webhook_test", "admission_test"),
    "server/api": ("api_test", "admission_test"),
    "server/settings": ("settings_test", "webhook_test"),
    "server/admin": ("admin_test",),
    "server/live": ("live_test", "admin_test"),
    "server/provider": ("provider_test", "worker_model_test"),
    "webhook": ("webhook_test",),
    "client/cpp": ("cli_test",),
}
# What is asked as one by this name: the two others have a sample of their own.
REST = "rest"
SIMULATION = "callbridge-simulation"


def folders_of(names):
    """The folders that these slices are. Raises ListError for a name that is none."""
    folders = []
    for name in names:
        if name != REST and name not in SUITES:
            raise ListError(f"{name} is no slice; these are: {', '.join([*SUITES, REST])}")
        folders += [folder for folder in SUITES if folder not in ("server/flow", "server/worker")] if name == REST else [name]
    return list(dict.fromkeys(folders))


def programs_of(folders):
    """What has to be built to ask these."""
    return [SIMULATION, *dict.fromkeys(name for folder in folders for name in SUITES[folder])]


def folder_of(path):
    return next(folder for folder in SUITES if path.startswith(folder + "/"))


class Results:
    """What became of the mutants that were asked."""

    def __init__(self, folder):
        self.folder = folder
        self.lines = {}
        for slice_folder in SUITES:
            self._read(self._path(slice_folder))

    def _path(self, slice_folder):
        return os.path.join(self.folder, slice_folder.replace("/", "-") + ".txt")

    def _read(self, path):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    # Of a line that the end of a run has cut off nothing is known.
                    name, *words = line.rstrip("\n").split("\t")
                    if line.endswith("\n") and len(words) == 2:
                        self.lines[name] = words

    def keep(self, trace):
        if trace.catch is not None:
            words = ["seed", str(trace.catch.seed)]
        elif trace.suite is not None:
            words = [trace.suite, trace.test]
        else:
            words = ["survived", "reached" if trace.reached else "never reached"]
        self.lines[trace.mutant.name] = words
        os.makedirs(self.folder, exist_ok=True)
        with open(self._path(folder_of(trace.mutant.path)), "a", encoding="utf-8") as file:
            file.write("\t".join([trace.mutant.name, *words]) + "\n")

    def trace(self, mutant):
        """What is known of this mutant, or None."""
        if mutant.name not in self.lines:
            return None
        by, what = self.lines[mutant.name]
        trace = Trace(mutant)
        if by == "seed":
            trace.catch = Catch(int(what), int(what), "")
        elif by == "survived":
            trace.reached = what == "reached"
        else:
            trace.suite, trace.test = by, what
        return trace


def notices(suite, mutant):
    """The test that fails, or None, and whether the mutant was reached. It has to fail twice: a busy machine fails others once."""
    reached = False
    for tests in suite.portions():
        failed, here = suite.catches(mutant, tests)
        reached = reached or here
        # The name of a test in which a suite crashed is a guess: its last words are lost.
        if failed is not None and any(suite.catches(mutant, again)[0] is not None for again in (failed, tests)):
            return failed, reached
    return None, reached


def ask(mutant, suites, simulation, seeds):
    """The suites of the mutant's folder, then the simulation, until one notices."""
    trace, begin = Trace(mutant), time.monotonic()
    for name in SUITES[folder_of(mutant.path)]:
        failed, reached = notices(suites[name], mutant)
        trace.reached = trace.reached or reached
        if failed is not None:
            trace.suite, trace.test = name, failed
            break
    if trace.suite is None and seeds > 0:
        hunted = simulation.hunt(mutant, seeds)
        trace.catch, trace.reached = hunted.catch, trace.reached or hunted.reached
    trace.seconds = time.monotonic() - begin
    return trace


def chosen(folders, made, options):
    """Of the mutants of these folders as many as are wanted, in an order that the seed draws."""
    here = [mutant for mutant in made if folder_of(mutant.path) in folders]
    return here if options.all else sample(here, options.count, options.sample_seed)


def to_ask(mutants, results, again):
    """Those of which nothing is known; with `again` also those that survived."""
    def is_open(mutant):
        trace = results.trace(mutant)
        return trace is None or (again and trace.catch is None and trace.suite is None)

    return [mutant for mutant in mutants if is_open(mutant)]


def ask_all(mutants, suites, simulation, options, results, say):
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        asked = [pool.submit(ask, mutant, suites, simulation, options.seeds) for mutant in mutants]
        try:
            for done in concurrent.futures.as_completed(asked):
                results.keep(done.result())
                say(done.result())
        except BaseException:
            # Who stops a run does not wait for those that are not asked yet.
            pool.shutdown(cancel_futures=True)
            raise


def known_traces(made, results):
    """What is known of today's mutants."""
    return [trace for trace in (results.trace(mutant) for mutant in made) if trace is not None]


def table(traces):
    """Rows: a folder, how many of its mutants were asked, and how many were noticed."""
    rows = []
    for folder in SUITES:
        here = [trace for trace in traces if folder_of(trace.mutant.path) == folder]
        if here:
            noticed = sum(trace.catch is not None or trace.suite is not None for trace in here)
            rows.append((folder, len(here), noticed))
    return rows
