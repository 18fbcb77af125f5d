"""Shows that the tools find what they should, leave alone what they must, and that the lists fit the code."""

import contextlib
import io
import os
import subprocess
import tempfile
import unittest

import planted
import run
import weave
from generate import generate, sample
from hunt import Catch, Simulation, Trace, run as play
from mutant import Edit, Mutant

CODE = """#include "a.h"
namespace n {
constexpr int kMost = 3;
int Count(const std::vector<int>& numbers, bool all) {
  int count = 0;
  for (int i = 0; i < 7; ++i) count += 1;
  if (const int more = Ask(); more > 2 && all) {
    Tell(count);
    return more;
  }
  Require(count == 1, "one");
  return all ? std::min<int>(count, kMost) : static_cast<int>(numbers.size()) - 1;
}
void Close(Door& door) {
  if (!door.open()) return;
  *door.mutable_lock() = MakeLock();
  switch (door.kind()) {
    case Door::kOld:
      door.Creak();
      break;
    default:
      return Slam(door);
  }
}
}  // namespace n
"""


def changes(kind, code=CODE):
    return [(mutant.edits[0].was, mutant.edits[0].now) for mutant in generate("a.cc", code) if mutant.kind == kind]


class Generated(unittest.TestCase):
    def test_turns_conditions_round(self):
        self.assertEqual([was for was, _ in changes("branch")], ["more > 2 && all", "all", "!door.open()"])

    def test_shortens_and_swaps_conditions(self):
        self.assertEqual([now for _, now in changes("condition")],
                         ["static_cast<bool>(more > 2)", "static_cast<bool>(all)", "(more > 2) || (all)"])

    def test_changes_comparisons_but_no_template_loop_or_assertion(self):
        self.assertEqual(changes("comparison"), [("more > 2", "more >= 2")])

    def test_changes_numbers_sums_and_extremes(self):
        self.assertEqual(changes("constant"), [("0", "1"), ("1", "2"), ("2", "3"), ("1", "2")])
        self.assertEqual(changes("sum"), [("static_cast<int>(numbers.size()) - 1", "static_cast<int>(numbers.size()) + 1")])
        self.assertEqual(changes("extreme"), [("std::min<int>(count, kMost)", "std::max<int>(count, kMost)")])

    def test_leaves_a_jump_to_where_the_code_goes_on_anyway(self):
        code = ("void Go(int way) {\n  switch (way) {\n    case 1:\n      Left();\n      break;\n    default:\n      Right();\n      break;\n  }\n"
                "  for (int i = 0; i < way; ++i) {\n    if (i == 1) {\n      Skip();\n      continue;\n    }\n    Step();\n    continue;\n  }\n"
                "  return;\n}\n")
        dropped = [mutant.edits[0].was for mutant in generate("a.cc", code) if mutant.kind == "statement"]
        self.assertEqual(dropped, ["Left();", "break;", "Right();", "Skip();", "continue;", "Step();"])

    def test_drops_statements_but_no_declaration_and_no_value_that_must_be_returned(self):
        self.assertEqual([was for was, _ in changes("statement")],
                         ["count += 1;", "Tell(count);", "return;", "*door.mutable_lock() = MakeLock();", "door.Creak();",
                          "break;", "return Slam(door);"])

    def test_names_stay_when_lines_move(self):
        before = [mutant.name for mutant in generate("a.cc", CODE)]
        after = [mutant.name for mutant in generate("a.cc", CODE.replace("namespace n {\n", "namespace n {\n\nvoid None() {}\n"))]
        self.assertEqual(before, after)
        self.assertEqual(len(before), len(set(before)))

    def test_samples_every_file_and_repeats_itself(self):
        mutants = generate("a.cc", CODE) + generate("b.cc", CODE)[:1]
        some = sample(mutants, 4, 1)
        self.assertEqual({mutant.path for mutant in some}, {"a.cc", "b.cc"})
        self.assertEqual([mutant.name for mutant in some], [mutant.name for mutant in sample(mutants, 4, 1)])


class Planted(unittest.TestCase):
    ENTRY = {"name": "silent", "hurts": "nobody knows.", "file": "a.cc", "original": "Tell(count);"}

    def refused(self, *entries):
        with self.assertRaises(planted.ListError) as raised:
            planted.planted_of(entries, lambda path: CODE)
        return str(raised.exception)

    def test_finds_its_text_however_the_lines_are_broken(self):
        mutant = planted.planted_of([{**self.ENTRY, "original": "if (!door.open())\n return;"}], lambda path: CODE)[0]
        self.assertEqual(mutant.edits[0].was, "if (!door.open()) return;")
        self.assertEqual(mutant.edits[0].form, "statement")
        self.assertEqual(mutant.line, 15)

    def test_refuses_a_text_that_is_not_there_once(self):
        self.assertIn("stands 0 times", self.refused({**self.ENTRY, "original": "Shout(count);"}))
        self.assertIn("stands 3 times", self.refused({**self.ENTRY, "original": "(count"}))

    def test_refuses_one_name_for_two_and_an_expression_without_anything_instead(self):
        self.assertIn("twice", self.refused(self.ENTRY, self.ENTRY))
        self.assertIn("in its place", self.refused({**self.ENTRY, "original": "more > 2"}))


class Woven(unittest.TestCase):
    def test_holds_mutants_within_mutants(self):
        def edit(was, form, now):
            begin = CODE.index(was)
            return Edit("a.cc", begin, begin + len(was), form, was, now)

        outer = Mutant("outer", "planted", 1, [edit("if (!door.open()) return;", "statement", "")])
        inner = Mutant("inner", "planted", 1, [edit("!door.open()", "expression", "true")])
        text = weave.woven(CODE, [(outer.edits[0], outer), (inner.edits[0], inner)])
        active = "callbridge::mutants::Active"
        self.assertIn(f"{{ if (!{active}({outer.number})) {{ if (({active}({inner.number}) ? (true) : (!door.open()))) return; }} }}", text)

    def test_refuses_mutants_that_cross(self):
        at = CODE.index("Tell(count);")
        first = Mutant("first", "planted", 1, [Edit("a.cc", at, at + 12, "statement", "", "")])
        second = Mutant("second", "planted", 1, [Edit("a.cc", at + 4, at + 20, "statement", "", "")])
        with self.assertRaises(planted.ListError):
            weave.woven(CODE, [(first.edits[0], first), (second.edits[0], second)])


# Fails at seed 20 while mutant 5 is on, crashes at seed 31 with mutant 6, and fails at seed 7 by itself.
PROGRAM = """#!/bin/sh
first=$2 count=$4 seed=$2
[ "$CALLBRIDGE_MUTANT" = 0 ] || echo "the mutant was reached" >&2
while [ $seed -lt $((first + count)) ]; do
  if [ $seed = 7 ] || { [ $seed = 20 ] && [ "$CALLBRIDGE_MUTANT" = 5 ]; }; then echo "failed seed $seed"; echo "  broken"; exit 1; fi
  if [ $seed = 31 ] && [ "$CALLBRIDGE_MUTANT" = 6 ]; then kill -ABRT $$; fi
  seed=$((seed + 1))
done
"""


class Hunted(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        program = os.path.join(self.folder.name, "simulation")
        with open(program, "w", encoding="utf-8") as file:
            file.write(PROGRAM)
        os.chmod(program, 0o755)
        self.simulation = Simulation(program, first_seed=1)

    def hunted(self, number):
        mutant = Mutant("any", "planted", 1, [Edit("a.cc", 0, 1, "statement", "x", "")])
        mutant.number = number
        return self.simulation.hunt(mutant, 60)

    def test_says_which_seed_catches_and_passes_over_those_that_fail_anyway(self):
        trace = self.hunted(5)
        self.assertEqual((trace.catch.seeds, trace.catch.how, trace.reached), (20, "broken", True))
        self.assertEqual([seed for seed, sound in self.simulation.sound.items() if not sound], [7])

    def test_says_in_which_seed_a_mutant_crashes(self):
        trace = self.hunted(6)
        self.assertEqual((trace.catch.seeds, trace.catch.how), (31, "crashes: SIGABRT"))

    def test_says_that_a_mutant_survives(self):
        self.assertIsNone(self.hunted(8).catch)

    def test_begins_with_the_seeds_that_are_noted(self):
        mutant = Mutant("any", "planted", 1, [Edit("a.cc", 0, 1, "statement", "x", "")])
        mutant.number = 6
        self.assertEqual(self.simulation.hunt(mutant, 0, noted=[3, 31]).catch.seeds, 31)
        self.assertIsNone(self.simulation.hunt(mutant, 0, noted=[3]).catch)

    def test_ends_a_program_that_hangs(self):
        self.assertIsNone(play(["sh", "-c", "while :; do :; done"], 1, 0.2)[0])


class TheLists(unittest.TestCase):
    def test_fit_the_code(self):
        by_hand, made = weave.all_mutants()
        self.assertGreaterEqual(len(by_hand), 26)
        for path, edits in weave.by_path(by_hand + made).items():
            self.assertIn("Active(", weave.woven(weave.read(path), edits))
        self.assertEqual(run.rotten(run.explanations(), made), [])

    def test_find_an_explanation_whose_mutant_is_gone(self):
        self.assertIn("no such mutant", run.rotten({"server/flow/gone.cc:X:y:123456": "why"}, [])[0])


class Judged(unittest.TestCase):
    def judged(self, catch, suite):
        trace = Trace(Mutant("any", "planted", 1, [Edit("a.cc", 0, 1, "statement", "x", "")], "it hurts."))
        trace.catch, trace.suite = catch, suite
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            return run.judge_planted([trace], run.Report(folder))

    def test_asks_that_each_is_caught_by_seeds_or_by_a_suite(self):
        self.assertTrue(self.judged(Catch(3, 3, "broken"), None))
        self.assertTrue(self.judged(None, "flow_test"))
        self.assertFalse(self.judged(None, None))


class Noted(unittest.TestCase):
    def test_keeps_the_seeds_of_others_and_writes_its_own(self):
        def trace(name, seeds):
            one = Trace(Mutant(name, "planted", 1, [Edit("a.cc", 0, 1, "statement", "x", "")]))
            one.catch = Catch(seeds, 1, "broken") if seeds else None
            return one

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "noted")
            with open(path, "w", encoding="utf-8") as file:
                file.write("# head\nold 700\ngone 800\nmissed 300\nsoon 40\n")
            run.note([trace("late", 900), trace("missed", None), trace("soon", 2)], {"old", "late", "missed", "soon"}, path)
            self.assertEqual(run.notes(path), {"late": [900], "missed": [300], "old": [700], "soon": [2]})


class TheSwitch(unittest.TestCase):
    def test_switches_on_the_one_that_is_named_and_tells_that_it_was_reached(self):
        with tempfile.TemporaryDirectory() as folder:
            source, program = os.path.join(folder, "main.cc"), os.path.join(folder, "main")
            with open(source, "w", encoding="utf-8") as file:
                file.write('#include "tests/mutants/active.h"\nint main() { return callbridge::mutants::Active(7) ? 3 : 4; }\n')
            subprocess.run(["g++", "-std=c++20", "-I", weave.ROOT, source, "-o", program], check=True)
            self.assertEqual(play([program], 7, 10)[0::2], (3, "the mutant was reached\n"))
            self.assertEqual(play([program], 8, 10)[0::2], (4, ""))


if __name__ == "__main__":
    unittest.main()
