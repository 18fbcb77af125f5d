"""Shows that a mutant that does not compile is taken out, and that no other goes with it."""

import os
import tempfile
import unittest
import unittest.mock

import unfit
import weave
from compile import complaints, main
from generate import generate

# Two mutants of it do not compile: one of a null pointer, one of an array's size.
CODE = """#include <algorithm>
namespace n {
int* Find(int* from, int wanted) {
  int* const none = 0;
  static char row[4] = {};
  if (from == none || *from != wanted) return none;
  row[1] = 'x';
  return row[1] == 'x' ? from + 1 : none;
}
}  // namespace n
"""
HERE = os.path.dirname(os.path.abspath(__file__))


def woven(code=CODE):
    mutants = generate("a.cc", code)
    return mutants, weave.woven(code, weave.by_path(mutants)["a.cc"])


class Pieces(unittest.TestCase):
    def test_are_found_for_each_mutant_with_what_is_guarded(self):
        mutants, text = woven()
        pieces = {number: text[begin:end] for begin, end, number in unfit.pieces_of(text)}
        self.assertEqual(pieces.keys(), {mutant.number for mutant in mutants})
        for one in mutants:
            # Of two with the same place the outer one holds the inner one: then its text begins as the form says.
            self.assertTrue(pieces[one.number].startswith({"condition": "(", "expression": "(", "statement": "{ if ("}[one.edits[0].form]))
            self.assertIn(f"Active({one.number})", pieces[one.number])


class Blamed(unittest.TestCase):
    def place(self, text, at):
        return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)

    def test_is_the_innermost_one_around_the_place(self):
        mutants, text = woven()
        one = next(mutant for mutant in mutants if mutant.edits[0].now == "5" and mutant.edits[0].was == "4")
        at = text.index(f"Active({one.number}) ?") + len(f"Active({one.number}) ")
        self.assertEqual(unfit.blamed(text, [self.place(text, at)]), {one.number})

    def test_is_all_of_the_line_if_none_is_around_the_place(self):
        mutants, text = woven()
        line, _ = self.place(text, text.index("static char row"))
        self.assertEqual(unfit.blamed(text, [(line, 1)]), {one.number for one in mutants if one.line == 5})


class Complaints(unittest.TestCase):
    SAID = ("/b/source/server/a.cc:3:9: error: no match for ‘operator+’\n/b/source/server/a.cc:7:1: error: ‘x’ was not declared in this scope\n"
            "/usr/include/optional:7:7:   required from here\n/b/source/webhook/b.cc:4:2:   required from here\n"
            "/b/source/server/a.cc:5:5: note: candidate\n/usr/include/optional:9:9: error: static assertion failed\n")

    def test_are_errors_in_woven_sources_and_what_led_to_errors_elsewhere(self):
        self.assertEqual(complaints(self.SAID, "/b/source"), {"server/a.cc": [(3, 9)], "webhook/b.cc": [(4, 2)]})

    def test_of_a_consequence_counts_if_there_is_nothing_else(self):
        only = "/b/source/server/a.cc:7:1: error: ‘x’ was not declared in this scope\n"
        self.assertEqual(complaints(only, "/b/source"), {"server/a.cc": [(7, 1)]})


class Compiled(unittest.TestCase):
    """The compiler itself, for a source of a tree in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root, self.build = folder.name, os.path.join(folder.name, "build")

    def compiled(self, code):
        """The status, and which of its mutants are unfit."""
        with open(os.path.join(self.root, "a.cc"), "w", encoding="utf-8") as file:
            file.write(code)
        mutants, text = woven(code)
        os.makedirs(os.path.join(self.build, "source"))
        source = os.path.join(self.build, "source", "a.cc")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        with unittest.mock.patch.object(weave, "ROOT", self.root), unittest.mock.patch("compile.planted", return_value=[]), \
                unittest.mock.patch("sys.argv", ["compile.py", self.build, "g++", "-std=c++20", "-w", "-fsyntax-only", "-I",
                                                 os.path.dirname(os.path.dirname(HERE)), source]), \
                unittest.mock.patch("sys.stderr"):
            status = main()
        wrong = unfit.names(os.path.join(self.build, "unfit"), "a.cc")
        return status, [one.edits[0].was for one in mutants if one.name in wrong]

    def test_loses_those_mutants_that_do_not_compile_and_no_others(self):
        status, wrong = self.compiled(CODE)
        self.assertEqual(status, 0)
        self.assertEqual(wrong, ["0", "4"])

    def test_what_does_not_compile_without_mutants_is_told(self):
        status, wrong = self.compiled("int F() { return G() + 1; }\n")
        self.assertNotEqual(status, 0)
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
