"""The judgement of ./dev coverage notices what it is there for."""

import os
import tempfile
import unittest

import report

SOURCE = ["void Go(bool far) {", "  if (far) Run();", "  Walk();", "}"]


def line(number, count, *branches):
    return {"line_number": number, "count": count, "branches": [{"count": taken} for taken in branches]}


def counts(*lines, name="server/flow/go.cc"):
    return {"files": [{"file": name, "lines": list(lines)}]}


def judge(counted, exceptions):
    return report.judge_flow(counted, exceptions, lambda name: SOURCE)


class Flow(unittest.TestCase):
    def test_a_branch_taken_both_ways_is_no_hole(self):
        self.assertEqual(judge(counts(line(1, 2), line(2, 2, 1, 1), line(3, 2)), {}), [])

    def test_a_branch_never_taken_is_named_with_its_line(self):
        self.assertEqual(judge(counts(line(2, 2, 2, 0)), {}),
                         ["server/flow/go.cc:2: 1 of 2 branches never taken, 0 excepted: if (far) Run();"])

    def test_an_exception_covers_so_many_branches_and_no_more(self):
        known = {("server/flow/go.cc", "if (far) Run();"): 1}
        self.assertEqual(judge(counts(line(2, 2, 2, 0)), known), [])
        self.assertEqual(len(judge(counts(line(2, 2, 0, 0)), known)), 1)

    def test_an_exception_that_is_taken_must_go(self):
        known = {("server/flow/go.cc", "if (far) Run();"): 1}
        self.assertEqual(len(judge(counts(line(2, 2, 1, 1)), known)), 1)

    def test_a_function_that_is_never_called_is_a_hole(self):
        found = judge(counts(line(1, 0), line(2, 0, 0, 0)), {})
        self.assertEqual(found, ["server/flow/go.cc:1: never called: void Go(bool far) {"])


class Folders(unittest.TestCase):
    def test_nine_lines_of_ten_are_enough(self):
        enough = counts(*(line(number, number > 1) for number in range(1, 11)), name="webhook/a.cc")
        self.assertEqual(report.judge_folders(report.tally(enough)), [])
        few = counts(*(line(number, number > 2) for number in range(1, 11)), name="webhook/a.cc")
        self.assertEqual(len(report.judge_folders(report.tally(few))), 1)


class Cells(unittest.TestCase):
    def test_a_table_that_was_not_played_or_did_not_hold_is_a_hole(self):
        test = {"name": report.TABLE, "cells": "168"}
        self.assertEqual(report.judge_cells({"testsuites": [{"testsuite": [test]}]}), [])
        self.assertEqual(len(report.judge_cells({"testsuites": []})), 1)
        failed = {**test, "failures": [{"failure": "no"}]}
        self.assertEqual(len(report.judge_cells({"testsuites": [{"testsuite": [failed]}]})), 1)


class Exceptions(unittest.TestCase):
    def test_each_has_a_file_a_number_a_line_and_a_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "exceptions.txt")
            for text, good in (("# why\nserver/flow/go.cc 1\nif (far) Run();\nNobody is far.\n", True),
                               ("server/flow/go.cc 1\nif (far) Run();\n", False),
                               ("server/flow/go.cc\nif (far) Run();\nNobody is far.\n", False)):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                if good:
                    self.assertEqual(report.read_exceptions(path), {("server/flow/go.cc", "if (far) Run();"): 1})
                else:
                    self.assertRaises(report.Unreadable, report.read_exceptions, path)

    def test_the_committed_ones_can_be_read(self):
        self.assertTrue(report.read_exceptions())


if __name__ == "__main__":
    unittest.main()
