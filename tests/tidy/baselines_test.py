"""Shows that a broken contract is noticed, and that no baseline moves in silence."""

import os
import shutil
import tempfile
import unittest

import baselines

V1 = baselines.CONTRACTS["v1"]
INTERNAL = baselines.CONTRACTS["internal"]


class Baselines(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.folder = os.path.join(self.scratch.name, "proto")
        shutil.copytree(baselines.PROTO, self.folder, ignore=shutil.ignore_patterns("gen", "baselines"))
        self.image = os.path.join(self.scratch.name, "image.binpb")

    def change(self, path, original, changed):
        path = os.path.join(self.folder, path)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(original, text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(original, changed, 1))

    def keep(self, contract):
        with open(self.image, "wb") as file:
            file.write(baselines.built(contract, self.folder))

    def breaks(self, contract):
        return baselines.breaks(contract, self.image, self.folder)

    def test_leaves_comments_and_additions_alone(self):
        self.keep(V1)
        self.change("callbridge/v1/plan.proto", "message Plan {", "// Another comment.\nmessage Plan {\n  string added = 999;")
        self.assertEqual(self.breaks(V1), [])

    def test_notices_a_public_field_of_another_name_number_or_file(self):
        self.keep(V1)
        self.change("callbridge/v1/bridge_service.proto", "string request_id = 1;", "string request_key = 1;")
        self.assertTrue(self.breaks(V1))
        self.change("callbridge/v1/bridge_service.proto", "string request_key = 1;", "string request_id = 999;")
        self.assertTrue(self.breaks(V1))

    def test_notices_a_stored_field_of_another_type_and_leaves_its_name_alone(self):
        self.keep(INTERNAL)
        self.change("callbridge/internal/v1/session.proto", "string session_id = 1;", "string id = 1;")
        self.assertEqual(self.breaks(INTERNAL), [])
        self.change("callbridge/internal/v1/session.proto", "string id = 1;", "int32 id = 1;")
        self.assertTrue(self.breaks(INTERNAL))

    def test_notices_the_real_baseline_broken(self):
        self.change("callbridge/v1/bridge_service.proto", "string request_id = 1;", "bytes request_id = 1;")
        self.assertTrue(baselines.breaks(V1, V1.image, self.folder))

    def test_moves_no_baseline_of_which_the_changelog_does_not_tell(self):
        image = baselines.built(V1, self.folder)
        told = f"* `callbridge.v1`, baseline {baselines.digest(image)}: a field was added.\n"
        for changelog in ("", told.replace(": a field was added.", ": "), told.replace("callbridge.v1", "callbridge.v2")):
            with self.assertRaises(baselines.Failure):
                baselines.move(V1, changelog, self.folder, self.image)
            self.assertFalse(os.path.exists(self.image))
        self.assertIn("baseline of callbridge.v1 now", baselines.move(V1, told, self.folder, self.image))
        self.assertIn("nothing to move", baselines.move(V1, "", self.folder, self.image))

    def writer(self, name, *lines):
        """A program that takes the folder for what it writes."""
        path = os.path.join(self.scratch.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(("#!/bin/sh", *lines)))
        os.chmod(path, 0o700)
        return path

    def test_keeps_what_the_guarded_revision_writes_beside_the_image(self):
        image = baselines.built(INTERNAL, self.folder)
        told = f"* `callbridge.internal.v1`, baseline {baselines.digest(image)}: it is guarded.\n"
        kept = os.path.join(self.scratch.name, "kept")
        fails = self.writer("fails", "echo much > $1/sessions.db", "echo full >&2", "exit 1")
        for writer in (os.path.join(self.scratch.name, "nowhere"), fails):
            with self.assertRaises(baselines.Failure):
                baselines.move(INTERNAL, told, self.folder, self.image, kept, writer)
            self.assertFalse(os.path.exists(self.image) or os.path.exists(kept))
        writes = self.writer("writes", "cd $1 && touch sessions.db handover.binpb holds.txt", "echo 7 sessions")
        self.assertIn("7 sessions", baselines.move(INTERNAL, told, self.folder, self.image, kept, writes))
        self.assertTrue(baselines.is_kept(image, kept))
        self.assertIn("nothing to move", baselines.move(INTERNAL, "", self.folder, self.image, kept, fails))
        os.remove(os.path.join(kept, baselines.digest(image), "handover.binpb"))
        self.assertFalse(baselines.is_kept(image, kept))
        with self.assertRaises(baselines.Failure):
            baselines.move(INTERNAL, told, self.folder, self.image, kept, fails)

    def test_says_that_the_protos_do_not_compile(self):
        self.change("callbridge/v1/plan.proto", "message Plan {", "message Plan ")
        with self.assertRaises(baselines.Failure):
            baselines.built(V1, self.folder)


if __name__ == "__main__":
    unittest.main()
