"""Shows that the check of citations can fail, and that it leaves alone what resolves."""

import unittest

import citations

TEXTS = {
    "docs/flow.md": "# The flow\n\n## 1. Phases\n\nSee §1.\n\n## 4. Situations and races\n",
    "docs/provider.md": "# Facts\n\n### 3.4 Calls\n\n| § | question |\n|---|---|\n| 9.14 | status |\n",
    "docs/invariants.md": "## 1. One\n\n## 8. Eight\n\n## 9. Nine\n",
    "README.md": "# Callbridge\n",
}
PAGES = citations.Pages(TEXTS.get, {"0001", "0010"})


class Citations(unittest.TestCase):
    def found(self, text, path="server/a.cc"):
        return citations.check(path, text, PAGES)

    def test_accepts_what_resolves(self):
        for text in ("// docs/flow.md §1, and §4 beside it.", "// README.md says so.", "// (docs/provider.md\n// §3.4)",
                     "// docs/provider.md §9.14: it is gone.", "// invariants 1, 8 and 9.", "// Invariant 8.", "// decision 0010",
                     "// decisions 0001 and 0010", "// docs/decisions/0001 says why.", "// RFC 9110 §15.5.9",
                     "// §6.6.1 of RFC 9110", "  Expect(invariant, holds);"):
            self.assertEqual(self.found(text + "\n"), [], text)

    def test_finds_what_does_not_resolve(self):
        for text in ("// docs/flow.md §9", "// Calls API §3.4", "// flow.md §1", "// design.md", "// docs/provider.md §9.15",
                     "// invariant 7", "// invariants 8 to 10", "// decision 0002", "// decisions 0001 and 0011",
                     "// docs/decisions/0002", "/* docs/none.md */", "// RFC 9110 §1\nint a;\n// §2"):
            self.assertEqual(len(self.found(text + "\n")), 2 if text == "// flow.md §1" else 1, text)

    def test_names_the_line_of_the_comment(self):
        self.assertEqual(self.found("int a;\n// First,\n// decision 0002.\n"), ["server/a.cc:2: there is no decision 0002"])

    def test_takes_a_section_without_document_for_one_of_the_page_itself(self):
        self.assertEqual(self.found("See §1, and [calls](provider.md) §3.4.\n", "docs/flow.md"), [])
        self.assertEqual(len(self.found("See §2.\n", "docs/flow.md")), 1)
        self.assertEqual(len(self.found("[calls](provider.md) say:\n\n§3.4\n", "docs/flow.md")), 1)

    def test_finds_a_heading_that_is_not_there(self):
        page = "[a](flow.md#4-situations-and-races) [b](https://e.f/g.md#h) [c](#1-phases)\n"
        self.assertEqual(self.found(page, "docs/flow.md"), [])
        self.assertEqual(len(self.found("[a](flow.md#5-numbers)\n", "docs/invariants.md")), 1)

    def test_reads_sections_in_brackets_where_they_are_meant(self):
        self.assertEqual(self.found('Choice("a", "status [9.14]", 1)\n', "tests/simulator/switches.cc"), [])
        self.assertEqual(len(self.found('Choice("a", "status [9.15]", 1)\n', "tests/simulator/switches.cc")), 1)
        self.assertEqual(self.found("int a = b[5];\n"), [])

    def test_notices_when_an_invariant_of_the_tree_loses_its_section(self):
        pages = citations.pages_of_the_tree()
        text = "// Invariant 29.\n"
        self.assertEqual(citations.check("server/a.cc", text, pages), [])
        without = {path: pages.text(path) for path in (citations.INVARIANTS,)}
        without[citations.INVARIANTS] = without[citations.INVARIANTS].replace("## 29.", "## 30.")
        self.assertEqual(len(citations.check("server/a.cc", text, citations.Pages(without.get, set()))), 1)


if __name__ == "__main__":
    unittest.main()
