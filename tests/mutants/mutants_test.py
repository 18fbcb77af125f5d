"""Shows that the tools find what they should, leave alone what they must, and that the lists fit the code."""

import argparse
import contextlib
import io
import os
import subprocess
import tempfile
import unittest
import unittest.mock

import planted
import run
import weave
from generate import generate, sample
from hunt import Catch, Simulation, Suite, Trace, run as play
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

    def test_leaves_a_choice_with_a_coroutine_to_await_as_it_is(self):
        code = "Task<void> Serve(bool plain) {\n  const bool ready = plain || co_await ShakeHands();\n  if (plain && ready) Go();\n}\n"
        self.assertEqual([was for was, _ in changes("condition", code)], ["plain && ready"] * 3)

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

    def test_note_for_each_planted_mutant_what_catches_it(self):
        # One without a note costs minutes: whole suites are asked.
        by_hand, _ = weave.all_mutants()
        self.assertEqual(run.noted_seeds().keys() | run.noted_tests().keys(), {mutant.name for mutant in by_hand})
        self.assertLessEqual({suite for suite, _ in run.noted_tests().values()}, run.SUITES.keys())

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


# Two tests: while mutant 5 is on the second fails, with mutant 6 it crashes, and mutant 9 makes it wait for ever.
SUITE = """#!/bin/sh
[ "$CALLBRIDGE_MUTANT" = 0 ] || echo "the mutant was reached" >&2
echo "$*" >> "$0.asked"
case "$*" in *=A.Second) ;; *) echo "[ RUN      ] A.First"; echo "[       OK ] A.First (20 ms)" ;; esac
case "$*" in *=A.First) exit 0 ;; esac
echo "[ RUN      ] A.Second"
case "$CALLBRIDGE_MUTANT" in
  5) echo "[  FAILED  ] A.Second, where GetParam() = 3 (1 ms)"; echo "[ RUN      ] A.Third"; echo "[  SKIPPED ] A.Third (0 ms)"; exit 1 ;;
  6) kill -ABRT $$ ;;
  9) while :; do :; done ;;
esac
echo "[       OK ] A.Second (30 ms)"
"""


class Asked(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        program = os.path.join(self.folder.name, "some_test-planted")
        with open(program, "w", encoding="utf-8") as file:
            file.write(SUITE)
        os.chmod(program, 0o755)
        self.suite = Suite(program)

    def mutant(self, number):
        mutant = Mutant("any", "planted", 1, [Edit("a.cc", 0, 1, "statement", "x", "")])
        mutant.number = number
        return mutant

    def asked(self):
        with open(self.suite.program + ".asked", encoding="utf-8") as file:
            return file.read().splitlines()

    def test_says_which_test_fails_or_was_running_when_the_program_crashed(self):
        self.assertEqual(self.suite.catches(self.mutant(5)), ("A.Second", True))
        self.assertEqual(self.suite.catches(self.mutant(6)), ("A.Second", True))
        self.assertEqual(self.suite.catches(self.mutant(8)), (None, True))

    def test_asks_only_the_test_that_is_named(self):
        self.assertEqual(self.suite.catches(self.mutant(5), "A.First"), (None, True))
        self.assertEqual(self.suite.catches(self.mutant(5), "A.Second"), ("A.Second", True))
        self.assertEqual(set(self.asked()), {"--gtest_fail_fast --gtest_filter=A.First", "--gtest_fail_fast --gtest_filter=A.Second"})

    def test_ends_a_test_that_hangs(self):
        with unittest.mock.patch("hunt.PATIENCE_AT_LEAST", 0.5):
            self.assertEqual(self.suite.catches(self.mutant(9)), ("A.Second", True))

    def test_that_is_slow_without_the_mutant_too_is_given_more_time(self):
        self.suite.measure()
        with open(self.suite.program, "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\necho "[ RUN      ] A.Slow"\nsleep 0.7\n')
        with unittest.mock.patch("hunt.PATIENCE_AT_LEAST", 0.2):
            self.assertEqual(self.suite.catches(self.mutant(4)), (None, False))

    def test_is_measured_once_and_all_noted_tests_together(self):
        self.suite.measure(["A.First", "A.Second"])
        self.suite.measure(["A.Second"])
        self.suite.measure()
        self.suite.measure()
        self.assertEqual(self.asked(), ["--gtest_fail_fast --gtest_filter=A.First:A.Second", "--gtest_fail_fast"])
        self.assertEqual((self.suite.seconds["A.First"], self.suite.seconds["A.Second"]), (0.02, 0.03))

    def test_is_asked_for_its_quick_tests_first(self):
        with unittest.mock.patch("hunt.QUICK", 0.025):
            self.assertEqual(self.suite.portions(), ["-A.Second", "A.Second"])
            self.assertEqual(self.suite.portions(), ["-A.Second", "A.Second"])
        self.assertEqual(self.suite.seconds["A.Second"], 0.03)

    def test_is_asked_as_a_whole_if_all_are_quick(self):
        self.assertEqual(self.suite.portions(), [None])

    def test_is_no_witness_if_it_fails_without_a_mutant(self):
        with open(self.suite.program, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nexit 1\n")
        with self.assertRaises(RuntimeError):
            self.suite.catches(self.mutant(5))

    def hunted(self, number, noted):
        """What catches a mutant for which this test is noted, and how often the suite was played; no seed catches it."""
        options = argparse.Namespace(noted=True, all=False, seeds=5000, jobs=1)
        simulation = unittest.mock.Mock()
        simulation.hunt.side_effect = lambda mutant, seeds, noted_ones: Trace(mutant)
        with unittest.mock.patch("run.noted_seeds", return_value={}), \
                unittest.mock.patch("run.noted_tests", return_value={"any": noted}), \
                contextlib.redirect_stdout(io.StringIO()):
            trace, = run.hunt_all(simulation, [self.suite], [self.mutant(number)], options, run.Report(self.folder.name))
        return trace.suite, trace.test, len(self.asked())

    def test_of_what_is_noted_is_the_only_one_that_is_asked(self):
        self.assertEqual(self.hunted(5, ("some_test", "A.Second")), ("some_test", "A.Second", 2))

    def test_that_does_not_notice_any_more_makes_the_whole_suite_be_asked(self):
        self.assertEqual(self.hunted(5, ("some_test", "A.First")), ("some_test", "A.Second", 4))
        self.assertEqual(self.hunted(8, ("some_test", "A.First"))[:2], (None, None))


class Noted(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.seeds, self.tests = self.file("seeds", "# head\nold 700\ngone 800\nmissed 300\nsoon 40\n"), self.file(
            "tests", "# head\nsoon flow_test A.B\nsure flow_test A.C\n")

    def file(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def trace(self, name, seed=None, test=None):
        one = Trace(Mutant(name, "planted", 1, [Edit("a.cc", 0, 1, "statement", "x", "")]))
        one.catch = Catch(seed, 1, "broken") if seed else None
        one.suite, one.test = ("flow_test", test) if test else (None, None)
        return one

    def test_keeps_the_seeds_of_others_and_writes_its_own(self):
        traces = [self.trace("late", 900), self.trace("missed"), self.trace("soon", 2)]
        run.note_all(traces, {"old", "late", "missed", "soon"}, self.seeds, self.tests)
        self.assertEqual(run.noted_seeds(self.seeds), {"late": [900], "missed": [300], "old": [700], "soon": [2]})

    def test_keeps_a_test_only_of_what_no_seed_has_caught(self):
        run.note_all([self.trace("new", test="A.D")], {"soon", "sure", "new"}, self.seeds, self.tests)
        self.assertEqual(run.noted_tests(self.tests), {"sure": ("flow_test", "A.C"), "new": ("flow_test", "A.D")})


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
