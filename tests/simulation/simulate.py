"""Plays many seeds on many cores, and says what the faults met: ./dev simulate --seeds N --jobs N.

Each job plays a range of its own with callbridge-simulation; their counts are added up here. Exit status 1: a seed failed.
"""

import argparse
import collections
import os
import subprocess
import sys
import time

# Every cell of the table should be met so often.
ENOUGH = 100
# So many of those that were not are named; --cells names all.
NAMED = 20
PROGRAM = "build/release/bin/callbridge-simulation"


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev simulate", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=2000, help="how many (default 2000)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="at a time (default: one for each core)")
    parser.add_argument("--first-seed", type=int, default=int(time.time()), help="default: one that was hardly played before")
    parser.add_argument("--twice", action="store_true", help="each seed twice; both courses must be the same")
    parser.add_argument("--cells", action="store_true", help="print each fault × phase × command of the table with its count")
    return parser.parse_args(arguments)


def ranges(first, seeds, jobs):
    """(first seed, how many) of each job."""
    jobs = max(1, min(jobs, seeds))
    share, rest = divmod(seeds, jobs)
    for job in range(jobs):
        count = share + (1 if job < rest else 0)
        yield first, count
        first += count


def reachable():
    """The cells that ambushes are laid for: fault, phase and command in flight."""
    lines = subprocess.run([PROGRAM, "--cells"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return [tuple(line.split()[1:]) for line in lines]


def report_cells(cells, print_all):
    """Which fault met which phase with which command in flight, and how often."""
    table = reachable()
    others = {cell: count for cell, count in cells.items() if cell not in set(table)}
    enough = [cell for cell in table if cells[cell] >= ENOUGH]
    few = sorted((cells[cell], cell) for cell in table if cells[cell] < ENOUGH)
    never = sum(1 for count, _ in few if count == 0)
    print(f"\nFault × phase × command in flight: of the {len(table)} cells of the table {len(enough)} were met at least {ENOUGH} times, "
          f"{len(few) - never} less often, {never} never; {len(others)} others were met {sum(others.values())} times")
    by_fault = collections.defaultdict(list)
    for fault, phase, command in table:
        by_fault[fault].append(cells[fault, phase, command])
    for fault, counts in by_fault.items():
        met = sum(1 for count in counts if count >= ENOUGH)
        print(f"  {fault:22} {met:4} of {len(counts):4} cells, {sum(counts):9} times, the least {min(counts):5}")
    for fault, phase, command in table if print_all else []:
        print(f"    {cells[fault, phase, command]:8}  {fault:22} {phase:18} {command}")
    if few and not print_all:
        print(f"  Fewer than {ENOUGH} times, the rarest first:")
        for count, (fault, phase, command) in few[:NAMED]:
            print(f"    {count:8}  {fault:22} {phase:18} {command}")
        if len(few) > NAMED:
            print(f"    and {len(few) - NAMED} more: --cells names all")


def main(arguments):
    options = parse(arguments)
    begin = time.monotonic()
    jobs = []
    for first, count in ranges(options.first_seed, options.seeds, options.jobs):
        command = [PROGRAM, "--first-seed", str(first), "--seeds", str(count), "--coverage"]
        jobs.append(subprocess.Popen(command + ([] if options.twice else ["--once"]), stdout=subprocess.PIPE, text=True))
    cells = collections.Counter()
    sessions, hours, failed = 0, 0.0, False
    for job in jobs:
        for line in job.stdout:
            words = line.split()
            if line.startswith("cover "):
                cells[tuple(words[1:4])] += int(words[4])
            elif " simulated hours, " in line:
                sessions += int(words[2])
                hours += float(words[4])
            else:
                sys.stdout.write(line)
        failed = job.wait() != 0 or failed
    took = time.monotonic() - begin
    report_cells(cells, options.cells)
    print(f"\nSeeds {options.first_seed} to {options.first_seed + options.seeds - 1}: {sessions} sessions, {hours:.1f} simulated "
          f"hours in {took:.0f} s ({options.seeds / took:.0f} seeds a second): "
          + ("SOME FAILED, see above" if failed else "every invariant held"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
