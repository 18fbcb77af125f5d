"""Plays worlds with one mutant switched on, until one of them is violated, crashes or hangs."""

import os
import re
import signal
import subprocess
import threading
import time

# Seeds are played in portions: most mutants show at once, and a portion that takes far too long is one that hangs.
PORTIONS = (10, 40, 150, 400, 900, 1500, 2000)
# From here on faults lie in ambush and people come in crowds too (tests/simulation/plan.h).
FIRST_SEED = 1_000_000_000
# How much longer than without a mutant a portion may take: a mutant may make more work without hanging.
PATIENCE = 10
PATIENCE_AT_LEAST = 5.0
# How often a suite that takes too long with a mutant is asked again with twice the time, while it takes too long without one.
BUSY_MAX = 5
# In how many pieces a portion is cut to find the seed that breaks: each cut costs one more run that hangs.
PIECES = 20

# Tests of a suite that take longer, in seconds, are asked after all others.
QUICK = 0.5


class Catch:
    """How a mutant was caught: in which seed, and how many were played until then."""

    def __init__(self, seed, seeds, how):
        self.seed, self.seeds, self.how = seed, seeds, how


class Trace:
    """What became of one mutant."""

    def __init__(self, mutant):
        self.mutant, self.catch, self.suite, self.test, self.reached, self.seconds = mutant, None, None, None, False, 0.0


class Portion:
    """What one run of the simulation said. failed: a seed; broken: it crashed or hung."""

    def __init__(self, failed, broken, how, reached):
        self.failed, self.broken, self.how, self.reached = failed, broken, how, reached


def run(command, number, timeout):
    """Exit status (None: too long), standard output, standard error."""
    environment = dict(os.environ, CALLBRIDGE_MUTANT=str(number))
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
                          start_new_session=True) as child:
        try:
            out, err = child.communicate(timeout=timeout)
            return child.returncode, out, err
        except subprocess.TimeoutExpired:
            # Programs that a test had started hold the pipes as well, so they go with it.
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
            return None, out, err


class Simulation:
    """The program that plays seeds; thread-safe."""

    def __init__(self, program, first_seed=FIRST_SEED):
        self.program, self.first_seed = program, first_seed
        self.seconds_per_seed = 0.0
        self.sound = {}
        self.lock = threading.Lock()

    def play(self, number, first, count, timeout):
        command = [self.program, "--first-seed", str(first), "--seeds", str(count), "--once", "--fail-fast"]
        status, out, err = run(command, number, timeout)
        reached = "the mutant was reached" in err
        found = re.search(r"^failed seed (\d+)\n?(?:\s*(\S[^\n]*))?", out, re.M)
        if status == 1 and found:
            return Portion(int(found.group(1)), False, (found.group(2) or "").strip(), reached)
        if status == 0:
            return Portion(None, False, "", reached)
        # Whoever crashes or hangs has been somewhere else than usual.
        if status is None:
            return Portion(None, True, "hangs", True)
        return Portion(None, True, f"crashes: {crash_reason(status, err)}", True)

    def measure(self, count):
        """How long a seed takes without a mutant. Raises RuntimeError for a simulation that fails by itself."""
        begin = time.monotonic()
        portion = self.play(0, self.first_seed, count, 600)
        if portion.failed is not None or portion.broken:
            raise RuntimeError(f"without any mutant seed {portion.failed or '?'} fails: {portion.how}")
        self.seconds_per_seed = (time.monotonic() - begin) / count

    def patience(self, count):
        return max(PATIENCE_AT_LEAST, PATIENCE * count * self.seconds_per_seed)

    def is_sound(self, seed):
        """Whether this seed holds without a mutant: only then a failure says something about one."""
        with self.lock:
            known = self.sound.get(seed)
        if known is None:
            portion = self.play(0, seed, 1, 60)
            known = portion.failed is None and not portion.broken
            with self.lock:
                self.sound[seed] = known
        return known

    def hunt(self, mutant, seeds, noted=()):
        """Seeds that caught it before are played first; then as many as are given."""
        trace, begin = Trace(mutant), time.monotonic()
        for seed in noted:
            if trace.catch is None:
                self.search(trace, seed, seed + 1)
        first = self.first_seed
        for size in PORTIONS:
            end = min(first + size, self.first_seed + seeds)
            if trace.catch is None and first < end:
                self.search(trace, first, end)
                first = end
        trace.seconds = time.monotonic() - begin
        return trace

    def search(self, trace, first, end):
        while first < end and trace.catch is None:
            portion = self.play(trace.mutant.number, first, end - first, self.patience(end - first))
            trace.reached = trace.reached or portion.reached
            if portion.broken:
                seed = self.narrow(trace.mutant.number, first, end - first)
            elif portion.failed is not None:
                seed = portion.failed
            else:
                return
            if self.is_sound(seed):
                trace.catch = Catch(seed, max(1, seed - self.first_seed + 1), portion.how)
            first = seed + 1

    def narrow(self, number, first, count):
        """The seed in which it breaks, of so many: portions in their order until one breaks, and so on within that one."""
        while count > 1:
            size = -(-count // PIECES)
            while count > size:
                if self.play(number, first, size, self.patience(size)).broken:
                    count = size
                    break
                first, count = first + size, count - size
        return first


def crash_reason(status, err):
    # What was logged meanwhile is no reason.
    noise = ("{", "the mutant was reached")
    lines = [line.strip() for line in err.splitlines() if line.strip() and not line.startswith(noise)]
    if status < 0:
        name = signal.Signals(-status).name
        return f"{name} {lines[-1] if lines else ''}".strip()
    return lines[-1] if lines else f"exit status {status}"


class Suite:
    """A test program that may catch what the seeds do not; thread-safe."""

    def __init__(self, program):
        # Programs of another build than that of the mutants have a longer name.
        self.program, self.name = program, os.path.basename(program).removesuffix("-planted")
        # Of each test that was played without a mutant, and of the suite as a whole: None is its name.
        self.seconds = {}
        self.lock = threading.Lock()

    def measure(self, tests=()):
        """How long these tests take without a mutant, or all. Raises RuntimeError for a suite that fails by itself."""
        with self.lock:
            if (set(tests) or {None}) <= self.seconds.keys():
                return
            begin = time.monotonic()
            status, out, _ = self.play(0, tests, 600)
            if status != 0:
                raise RuntimeError(f"without any mutant {self.name} fails:\n{out[-2000:]}")
            self.seconds |= {test: int(ms) / 1000 for test, ms in re.findall(r"^\[       OK \] (\S+) \((\d+) ms\)", out, re.M)}
            if not tests:
                self.seconds[None] = time.monotonic() - begin

    def portions(self):
        """Its quick tests, and then the others: most mutants are noticed by one of the first. Each is a name for catches()."""
        self.measure()
        slow = {test: seconds for test, seconds in self.seconds.items() if test is not None and ":" not in test and seconds > QUICK}
        if not slow:
            return [None]
        names = ":".join(slow)
        self.seconds[names] = sum(slow.values())
        self.seconds["-" + names] = max(0.0, self.seconds[None] - self.seconds[names])
        return ["-" + names, names]

    def catches(self, mutant, test=None):
        """The test that fails, or None, and whether the mutant was reached. All tests are asked, or those that are named."""
        self.measure([test] if test else [])
        # Of a test that does not exist any more nothing is known.
        patience = max(PATIENCE_AT_LEAST, PATIENCE * self.seconds.get(test, 0.0))
        tests = [test] if test else []
        for _ in range(BUSY_MAX):
            status, out, err = self.play(mutant.number, tests, patience)
            # On a busy machine a suite may be too slow without the mutant as well.
            if status is not None or self.play(0, tests, patience)[0] == 0:
                break
            patience *= 2
        reached = "the mutant was reached" in err
        return (failed_test(out) if status != 0 else None), reached

    def play(self, number, tests, timeout):
        filters = [f"--gtest_filter={':'.join(tests)}"] if tests else []
        return run([self.program, "--gtest_fail_fast", *filters], number, timeout)


def failed_test(out):
    """The first that failed, or the one that was running when the program crashed or was ended."""
    failed = re.search(r"^\[  FAILED  \] ([^\s,]+)", out, re.M)
    return failed.group(1) if failed else (re.findall(r"^\[ RUN      \] (\S+)", out, re.M) or ["all"])[-1]
