"""Plays many seeds on many cores, and says what the faults met: ./dev simulate --seeds N --jobs N.

Each job plays a range of its own with callbridge-simulation; their counts are added up here. Exit status 1: a seed failed.
"""

import argparse
import collections
import os
import subprocess
import sys
import time

# Every cell that was met at all should be met so often.
ENOUGH = 100


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev simulate", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=2000, help="how many (default 2000)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="at a time (default: one for each core)")
    parser.add_argument("--first-seed", type=int, default=int(time.time()), help="default: one that was hardly played before")
    parser.add_argument("--twice", action="store_true", help="each seed twice; both courses must be the same")
    parser.add_argument("--cells", action="store_true", help="print each fault × phase × command with its count")
    return parser.parse_args(arguments)


def ranges(first, seeds, jobs):
    """(first seed, how many) of each job."""
    jobs = max(1, min(jobs, seeds))
    share, rest = divmod(seeds, jobs)
    for job in range(jobs):
        count = share + (1 if job < rest else 0)
        yield first, count
        first += count


def report_cells(cells, print_all):
    """Which fault met which phase with which command in flight, and how often."""
    if not cells:
        return
    met = [cell for cell, count in cells.items() if count >= ENOUGH]
    by_fault = collections.defaultdict(list)
    for (fault, phase, command), count in cells.items():
        by_fault[fault].append((phase, command, count))
    print(f"\nFault × phase × command in flight: {len(cells)} cells met, {len(met)} of them at least {ENOUGH} times")
    for fault, found in sorted(by_fault.items()):
        few = [cell for cell in found if cell[2] < ENOUGH]
        phases = {phase for phase, _, _ in found}
        print(f"  {fault:22} {len(found):4} cells in {len(phases):2} phases, {sum(count for _, _, count in found):8} times"
              + (f", {len(few)} cells fewer than {ENOUGH}" if few else ""))
        for phase, command, count in sorted(found) if print_all else []:
            print(f"      {phase:18} {command:20} {count:8}")


def main(arguments):
    options = parse(arguments)
    program = "build/release/bin/callbridge-simulation"
    begin = time.monotonic()
    jobs = []
    for first, count in ranges(options.first_seed, options.seeds, options.jobs):
        command = [program, "--first-seed", str(first), "--seeds", str(count), "--coverage"]
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
