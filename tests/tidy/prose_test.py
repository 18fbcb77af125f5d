"""Shows that a line of prose that is too long is noticed and broken, and that nothing else is touched."""

import unittest

import prose

LONG = " ".join(["word"] * 40)


class Prose(unittest.TestCase):
    def test_breaks_a_paragraph_and_an_item_that_are_too_long(self):
        for text, indent in ((LONG, ""), ("* " + LONG, "  "), ("  12. " + LONG, "      ")):
            lines = prose.rewritten(text + "\n").split("\n")
            self.assertGreater(len(lines), 2)
            self.assertTrue(all(len(line) <= prose.COLUMNS for line in lines))
            self.assertTrue(all(line.startswith(indent + "word") for line in lines[1:-1]))
            self.assertEqual(" ".join(lines).split(), text.split())

    def test_leaves_alone_what_is_no_prose_or_short(self):
        for text in ("| " + LONG + " |", "# " + LONG, "    " + LONG, "```\n" + LONG + "\n```", "<!-- " + LONG + " -->",
                     "---\nabout: " + LONG + "\n---", "a\nb\n\n* c\n  d", "x" * 120):
            self.assertEqual(prose.rewritten(text), text)

    def test_begins_no_line_with_a_word_that_would_be_an_item(self):
        for marker in ("+", "-", "*", "#", ">", "3."):
            text = f"{'x' * 97} {marker} sum"
            self.assertFalse(any(prose.MARKER.match(line.split()[0]) for line in prose.rewritten(text).split("\n")), marker)

    def test_joins_the_lines_of_a_paragraph_only(self):
        text = f"{LONG}\n{LONG}\n\nshort\n* {LONG}\n* short"
        lines = prose.rewritten(text).split("\n")
        self.assertIn("short", lines)
        self.assertIn("* short", lines)
        self.assertEqual(sum(1 for line in lines if line.startswith("* ")), 2)


if __name__ == "__main__":
    unittest.main()
