"""The order inside server/flow: each unit (a header and its source) stands in one stratum, includes only units of its own
stratum and of lower ones, and no unit includes itself by way of others. The strata are the chain of ARCHITECTURE.md: facts
cannot issue commands, orders cannot change the phase, and only the rules decide where a session goes."""

import os
import sys

import tree

FOLDER = "server/flow/"

# From the bottom to the top.
STRATA = [
    ("values", "command_names news next numbers prompt_time public_view reasons upgrade"),
    ("knowledge", "knowledge"),
    ("facts", "adoption audio_facts callees conference_facts leg_end leg_facts legs look_facts notice_facts outcome provider_events recording_facts session_events sound_facts times"),
    ("orders", "orders"),
    ("settle", "audio conference deadlines dialing failing hangup lane looks notices phase_timers recordings requested_digits requested_sounds retry sound_commands sound_results verdicts"),
    ("course", "course"),
    ("rules", "apologizing beginning callee_phases caller_phases dial_rules ending giving_up joining leg_requests recording_requests talk"),
    ("phases", "phases"),
    ("inputs", "command_results follow timers"),
    ("step", "step"),
]
RANK = {unit: rank for rank, (_, units) in enumerate(STRATA) for unit in units.split()}


def unit_of(path):
    return os.path.splitext(os.path.basename(path))[0]


def check(path, included):
    """Findings of one include of a file of server/flow."""
    here, there = unit_of(path), unit_of(included)
    if here not in RANK:
        return [f"{path}: no stratum of tests/tidy/strata.py holds this unit; say where it stands"]
    if there in RANK and RANK[there] > RANK[here]:
        return [f"{path}: {STRATA[RANK[here]][0]} must not include {included}, which is of a higher stratum, "
                f"{STRATA[RANK[there]][0]} (tests/tidy/strata.py)"]
    return []


def ring_of(graph):
    """Units that include one another in a ring, in its order; empty: there is none."""
    done, way = set(), []

    def visit(unit):
        if unit in way:
            return way[way.index(unit):] + [unit]
        if unit in done:
            return []
        way.append(unit)
        for other in sorted(graph.get(unit, ())):
            if ring := visit(other):
                return ring
        way.pop()
        done.add(unit)
        return []

    for unit in sorted(graph):
        if ring := visit(unit):
            return ring
    return []


def findings_of(sources):
    """sources: path → text."""
    findings, graph = [], {}
    for path, text in sources.items():
        for _, _, included in tree.includes(text):
            if not included.startswith(FOLDER):
                continue
            findings += check(path, included)
            if unit_of(included) != unit_of(path):
                graph.setdefault(unit_of(path), set()).add(unit_of(included))
    if ring := ring_of(graph):
        findings.append(f"{FOLDER}: these units include one another in a ring: {' → '.join(ring)}")
    return findings


if __name__ == "__main__":
    sources = {path: tree.read(path) for path in tree.files(".cc", ".h") if path.startswith(FOLDER)}
    sys.exit(tree.report(findings_of(sources), "strata of the flow"))
