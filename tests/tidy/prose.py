"""No line of a page's prose (.md) is longer than 100 columns. Tables, code, headings and words that are longer themselves are left
alone.

    prose.py           names the lines
    prose.py --write   breaks their paragraphs anew; ./dev format does so
"""

import os
import re
import sys

import tree

COLUMNS = 100
FENCE = re.compile(r"^\s*(```|~~~)")
# A line that stands by itself: a heading, a table's row, a quotation, a comment or tag of HTML, a rule, an image.
ALONE = re.compile(r"^\s*(#|\||>|<|!\[|-{3,}\s*$)")
ITEM = re.compile(r"^(\s*)([*+-]|\d+\.)(\s+)")
# A word that would begin an item, a heading or a quotation if it stood first in a line.
MARKER = re.compile(r"^([*+>-]|#+|\d+[.)])$")


def words_of(lines):
    """The words, each with what must stay in its line."""
    words = []
    for word in " ".join(lines).split():
        if words and MARKER.match(word):
            words[-1] += " " + word
        else:
            words.append(word)
    return words


def broken(lines):
    """The lines of one paragraph or item; broken anew if one of them is too long."""
    if max(map(len, lines)) <= COLUMNS:
        return lines
    item = ITEM.match(lines[0])
    first = item.group(0) if item else re.match(r"\s*", lines[0]).group(0)
    words = words_of([lines[0][len(first):], *lines[1:]])
    result = [first + words[0]]
    for word in words[1:]:
        if len(result[-1]) + 1 + len(word) > COLUMNS:
            result.append(" " * len(first) + word)
        else:
            result[-1] += " " + word
    return result


def rewritten(text):
    """The page with its prose broken anew where a line is too long."""
    result, paragraph = [], []
    fenced = front = False

    def close():
        if paragraph:
            result.extend(broken(paragraph))
            paragraph.clear()

    for number, line in enumerate(text.split("\n")):
        # What GitHub reads at the head of a template stands between two such lines.
        edge = line == "---" and (number == 0 or front)
        front = number == 0 if edge else front
        is_fence = FENCE.match(line) is not None
        fenced ^= is_fence
        item = ITEM.match(line)
        code = not paragraph and line.startswith("    ") and not item
        if edge or front or fenced or is_fence or code or not line.strip() or ALONE.match(line):
            close()
            result.append(line)
            continue
        if item:
            close()
        paragraph.append(line)
    close()
    return "\n".join(result)


def main(arguments):
    pages = {path: tree.read(path) for path in tree.files(".md")}
    crooked = {path: rewritten(text) for path, text in pages.items() if rewritten(text) != text}
    if arguments == ["--write"]:
        for path, text in crooked.items():
            with open(os.path.join(tree.ROOT, path), "w", encoding="utf-8") as file:
                file.write(text)
        return 0
    return tree.report([f"{path}: a line of its prose is longer than {COLUMNS} columns; run ./dev format" for path in crooked],
                       f"prose of {len(pages)} pages")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
