"""Shows that a slice asks what it should, keeps what it learns, and goes on where it was ended."""

import argparse
import os
import tempfile
import unittest
import unittest.mock

import run
import slices
import weave
from hunt import Catch, Trace
from mutant import Edit, Mutant
from planted import ListError


def mutant(name, path="server/store/a.cc"):
    return Mutant(f"{path}:{name}", "constant", 1, [Edit(path, 0, 1, "expression", "1", "2")])


class Suite:
    """Notices those mutants that are named to it, fails once by chance if it is told to, and counts how often it is asked."""

    def __init__(self, noticed=(), chance=False):
        self.noticed, self.chance, self.asked = noticed, 1 if chance else 0, 0

    def portions(self):
        return [None]

    def catches(self, one, _tests=None):
        self.asked += 1
        self.chance -= 1
        return ("A.B" if one.name in self.noticed or self.chance == 0 else None), True


class Simulation:
    def __init__(self, catch=None):
        self.catch, self.asked = catch, 0

    def hunt(self, one, _seeds):
        self.asked += 1
        trace = Trace(one)
        trace.catch = self.catch
        return trace


def suites(**noticed):
    return {name: Suite(noticed.get(name, ())) for name in slices.programs_of(slices.SUITES)}


class Asked(unittest.TestCase):
    def test_first_by_the_suite_of_the_folder_then_by_others_then_by_seeds(self):
        one, asked, simulation = mutant("m"), suites(power_loss_test=["server/store/a.cc:m"]), Simulation()
        trace = slices.ask(one, asked, simulation, 10)
        self.assertEqual((trace.suite, trace.test, trace.reached), ("power_loss_test", "A.B", True))
        self.assertEqual((asked["store_test"].asked, asked["worker_test"].asked, asked["api_test"].asked, simulation.asked), (1, 0, 0, 0))

    def test_a_test_that_fails_once_by_chance_has_noticed_nothing(self):
        asked = suites()
        asked["store_test"] = Suite(chance=True)
        self.assertIsNone(slices.ask(mutant("m"), asked, Simulation(), 0).suite)
        self.assertEqual(asked["store_test"].asked, 3)

    def test_by_seeds_if_no_suite_notices(self):
        trace = slices.ask(mutant("m"), suites(), Simulation(Catch(7, 7, "broken")), 10)
        self.assertEqual((trace.suite, trace.catch.seed), (None, 7))

    def test_by_no_seed_if_none_is_wanted(self):
        simulation = Simulation(Catch(7, 7, "broken"))
        self.assertIsNone(slices.ask(mutant("m"), suites(), simulation, 0).catch)
        self.assertEqual(simulation.asked, 0)


class Kept(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def results(self):
        return slices.Results(self.folder)

    def keep(self, name, suite=None, seed=None, reached=False):
        trace = Trace(mutant(name))
        trace.suite, trace.test, trace.reached = suite, "A.B" if suite else None, reached
        trace.catch = Catch(seed, seed, "broken") if seed else None
        self.results().keep(trace)

    def test_says_after_another_start_what_noticed_each(self):
        self.keep("a", suite="store_test")
        self.keep("b", seed=7)
        self.keep("c", reached=True)
        a, b, c, d = (self.results().trace(mutant(name)) for name in "abcd")
        self.assertEqual((a.suite, a.test), ("store_test", "A.B"))
        self.assertEqual(b.catch.seed, 7)
        self.assertEqual((c.suite, c.catch, c.reached), (None, None, True))
        self.assertIsNone(d)

    def test_the_last_answer_counts(self):
        self.keep("a")
        self.keep("a", suite="store_test")
        self.assertEqual(self.results().trace(mutant("a")).suite, "store_test")

    def test_a_line_that_was_cut_off_tells_nothing(self):
        self.keep("a", suite="store_test")
        with open(os.path.join(self.folder, "server-store.txt"), "a", encoding="utf-8") as file:
            file.write("server/store/a.cc:b\tsurvived\tnev")
        self.assertIsNone(self.results().trace(mutant("b")))
        self.assertIsNotNone(self.results().trace(mutant("a")))

    def test_a_run_goes_on_where_it_was_ended(self):
        self.keep("a", suite="store_test")
        self.keep("b")
        mutants = [mutant(name) for name in "abc"]
        self.assertEqual([one.name[-1] for one in slices.to_ask(mutants, self.results(), False)], ["c"])
        self.assertEqual([one.name[-1] for one in slices.to_ask(mutants, self.results(), True)], ["b", "c"])

    def test_what_is_asked_is_kept_at_once(self):
        said, results = [], self.results()
        slices.ask_all([mutant("a"), mutant("b")], suites(store_test=["server/store/a.cc:a"]), Simulation(),
                       argparse.Namespace(jobs=1, seeds=0), results, lambda trace: said.append(self.results().trace(trace.mutant)))
        self.assertEqual([trace.suite for trace in said], ["store_test", None])

    def judged(self, known):
        options = argparse.Namespace(folder=self.folder, slice=[], kept=True, again=False)
        lines = []
        with unittest.mock.patch("run.slices.Results", return_value=self.results()):
            good = run.slices_judged(options, [mutant("a"), mutant("b")], known, argparse.Namespace(say=lambda line="": lines.append(line)))
        return good, "\n".join(lines)

    def test_the_summary_reads_what_is_kept_of_todays_mutants(self):
        self.keep("a", suite="store_test")
        self.keep("gone")
        good, said = self.judged({})
        self.assertTrue(good)
        self.assertIn("1 of     1 noticed: 100.0 %", said)

    def test_the_summary_wants_an_explanation_for_a_survivor(self):
        self.keep("b")
        good, said = self.judged({})
        self.assertFalse(good)
        self.assertIn("NOT EXPLAINED", said)

    def test_a_summary_of_nothing_is_not_good(self):
        self.assertFalse(self.judged({})[0])


class Folders(unittest.TestCase):
    def test_are_those_that_mutants_are_generated_of(self):
        self.assertEqual(tuple(slices.SUITES), weave.FOLDERS)

    def test_rest_is_all_but_those_with_a_sample_of_their_own(self):
        self.assertEqual(slices.folders_of(["rest"]), [name for name in slices.SUITES if name not in ("server/flow", "server/worker")])
        self.assertEqual(slices.folders_of(["server/api", "server/api"]), ["server/api"])

    def test_a_name_that_is_none_is_told(self):
        with self.assertRaises(ListError) as raised:
            slices.folders_of(["server/stores"])
        self.assertIn("server/stores is no slice", str(raised.exception))

    def test_each_gives_mutants(self):
        self.assertEqual({slices.folder_of(one.path) for one in weave.generated()}, set(slices.SUITES))

    def test_a_slice_chooses_of_its_folder_alone_and_the_same_for_the_same_seed(self):
        made = [mutant(str(number)) for number in range(9)] + [mutant("x", "webhook/b.cc")]
        options = argparse.Namespace(all=False, count=4, sample_seed=3)
        some = slices.chosen(["server/store"], made, options)
        self.assertEqual((len(some), {one.path for one in some}), (4, {"server/store/a.cc"}))
        self.assertEqual(some, slices.chosen(["server/store"], made, options))
        options.all = True
        self.assertEqual(slices.chosen(["server/store"], made, options), made[:9])


if __name__ == "__main__":
    unittest.main()
