"""Shows that each check can fail: a check that never speaks up guards nothing."""

import os
import subprocess
import tempfile
import unittest

import yaml

import clang_tidy
import deployment
import documents
import invariants
import layers
import packages
import strata
import tree
import user_cases
import words


class Layers(unittest.TestCase):
    def refused(self, path, included):
        return layers.check(path, f"#pragma once\n#include {included}\n")

    def test_refuses_grpc_in_the_flow(self):
        self.assertIn("only", self.refused("server/flow/step.cc", "<grpcpp/grpcpp.h>")[0])

    def test_refuses_the_store_in_the_flow(self):
        self.assertEqual(len(self.refused("server/flow/step.cc", '"server/store/store.h"')), 1)

    def test_refuses_the_insides_of_the_flow_in_the_worker(self):
        self.assertEqual(len(self.refused("server/worker/loop.cc", '"server/flow/course.h"')), 1)
        self.assertEqual(self.refused("server/worker/loop.cc", '"server/flow/step.h"'), [])

    def test_refuses_an_engine_of_the_store_in_the_api(self):
        self.assertEqual(len(self.refused("server/api/service.cc", '"server/store/sqlite/writer.h"')), 1)

    def test_refuses_roles_of_the_store_that_are_those_of_others(self):
        for included in ('"server/store/store.h"', '"server/store/ledger.h"', '"server/store/rules/ledger.h"'):
            self.assertEqual(len(self.refused("server/admission/room.h", included)), 1, included)
        self.assertEqual(self.refused("server/admission/room.h", '"server/store/upkeep.h"'), [])

    def test_refuses_the_server_in_the_webhook(self):
        for included in ('"server/store/store.h"', '"server/flow/step.h"', '"server/worker/loop.h"', '"server/api/service.h"'):
            self.assertEqual(len(self.refused("webhook/listener.cc", included)), 1, included)

    def test_refuses_internal_messages_in_the_client(self):
        self.assertEqual(len(self.refused("client/cpp/callbridge/client.h", '"callbridge/internal/v1/input.pb.h"')), 1)
        self.assertEqual(self.refused("client/cpp/callbridge/client.h", '"callbridge/v1/bridge_service.grpc.pb.h"'), [])

    def test_refuses_the_users_library_in_the_server(self):
        self.assertEqual(len(self.refused("server/worker/loop.cc", '"callbridge/client.h"')), 1)
        self.assertEqual(self.refused("client/cli/start.cc", '"callbridge/client.h"'), [])

    def test_refuses_the_provider_in_the_flow_and_among_users(self):
        for path in ("server/flow/step.cc", "server/store/ledger.cc", "client/cli/start.cc"):
            self.assertEqual(len(self.refused(path, '"server/provider/provider.h"')), 1, path)
        self.assertEqual(self.refused("server/worker/loop.cc", '"server/provider/provider.h"'), [])

    def test_refuses_services_where_only_messages_are_allowed(self):
        self.assertEqual(len(self.refused("server/flow/step.cc", '"callbridge/v1/bridge_service.grpc.pb.h"')), 1)

    def test_refuses_the_provider_client_in_the_simulator(self):
        self.assertEqual(len(self.refused("tests/simulator/model.cc", '"server/provider/encode.h"')), 1)

    def test_refuses_a_folder_without_a_row(self):
        self.assertEqual(len(layers.check("extra/file.cc", "")), 1)

    def test_names_the_line(self):
        found = layers.check("server/flow/a.cc", '\n\n#include "server/api/service.h"\n')
        self.assertTrue(found[0].startswith("server/flow/a.cc:3: "), found)


class Strata(unittest.TestCase):
    def refused(self, path, included):
        return strata.findings_of({path: f'#include "{included}"\n'})

    def test_refuses_orders_in_the_facts(self):
        self.assertIn("facts must not include", self.refused("server/flow/legs.cc", "server/flow/orders.h")[0])

    def test_refuses_phases_in_what_issues(self):
        self.assertIn("settle must not include", self.refused("server/flow/lane.cc", "server/flow/course.h")[0])

    def test_lets_rules_use_facts(self):
        self.assertEqual(self.refused("server/flow/joining.cc", "server/flow/legs.h"), [])

    def test_refuses_a_unit_without_a_stratum(self):
        self.assertEqual(len(self.refused("server/flow/extra.cc", "server/flow/legs.h")), 1)

    def test_refuses_a_ring(self):
        ring = strata.findings_of({"server/flow/legs.cc": '#include "server/flow/adoption.h"\n',
                                   "server/flow/adoption.cc": '#include "server/flow/times.h"\n',
                                   "server/flow/times.cc": '#include "server/flow/legs.h"\n'})
        self.assertIn("adoption → times → legs → adoption", ring[0])


class Words(unittest.TestCase):
    # Put together here, so that these lines do not find themselves.
    SAMPLES = [
        ("server/worker/a.cc", "std::this_thread::sleep" + "_for(1s);"),
        ("tests/worker/a.cc", "  sleep" + "(1);"),
        ("server/flow/a.cc", "auto now = std::chrono::system" + "_clock::now();"),
        ("server/api/a.cc", "auto end = std::chrono::system" + "_clock::now() + grace;"),
        ("webhook/a.cc", "const auto begin = time" + "(nullptr);"),
        ("client/cli/a.cc", "absl::" + "Now();"),
        ("server/provider/a.cc", "clock_get" + "time(CLOCK_REALTIME, &now);"),
        ("server/worker/a.cc", "mutex_.AwaitWith" + "Timeout(absl::Condition(&done), longest);"),
        ("server/flow/a.h", "#include <mu" + "tex>"),
        ("server/flow/a.h", "std::unordered" + "_map<int, int> m;"),
        ("proto/callbridge/internal/v1/a.proto", "  map" + "<string, string> labels = 1;"),
        ("client/a.h", "using name" + "space std;"),
        ("webhook/a.cc", "// TO" + "DO: later"),
        ("docs/a.md", "See /wo" + "rk/notes."),
        ("tests/store/a.cc", "GTEST" + "_SKIP();"),
        ("tests/store/a.cc", "TEST(A, DISABLED" + "_B) {"),
        ("server/api/a.cc", "} catch (" + "...) {"),
        ("server/api/a.cc", "status.Ignore" + "Error();"),
        ("server/api/a.cc", "(void)" + "send(1);"),
    ]

    def test_finds_each_word(self):
        for path, line in self.SAMPLES:
            self.assertEqual(len(words.check(path, line + "\n")), 1, (path, line))

    def test_every_rule_has_a_sample(self):
        for pattern, why, endings, under, _ in words.RULES:
            hits = [p for p, line in self.SAMPLES if pattern.search(line) and p.endswith(endings) and p.startswith(under)]
            self.assertTrue(hits, why)

    def test_leaves_the_same_words_alone_where_they_are_allowed(self):
        self.assertEqual(words.check("server/base/clock.cc", "std::chrono::system" + "_clock::now();\n"), [])
        self.assertEqual(words.check("server/api/a.cc", "  using name" + "space std::chrono_literals;\n"), [])

    def test_finds_a_file_that_is_too_long(self):
        self.assertEqual(words.check("server/api/a.cc", "int a;\n" * (words.LINES_MAX + 1)),
                         [f"server/api/a.cc: {words.LINES_MAX + 1} lines; {words.LINES_MAX} is the most that one thing needs, so split it"])


class Format(unittest.TestCase):
    def test_clang_format_refuses_a_crooked_line(self):
        with tempfile.NamedTemporaryFile("w", suffix=".cc") as file:
            file.write("int  main( ){return 0 ;}\n")
            file.flush()
            done = subprocess.run(["clang-format", f"--style=file:{tree.ROOT}/.clang-format", "--dry-run", "-Werror", file.name],
                                  capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)


class ClangTidy(unittest.TestCase):
    def test_finds_a_value_used_after_it_was_moved(self):
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, "moved.cc")
            with open(source, "w", encoding="utf-8") as file:
                file.write("#include <string>\n#include <utility>\nvoid Take(std::string text);\n"
                           "auto F(std::string text) { Take(std::move(text)); return text.size(); }\n")
            done = subprocess.run(["clang-tidy", "--quiet", f"--config-file={tree.ROOT}/.clang-tidy", source, "--", "-std=c++20"],
                                  capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("bugprone-use-after-move", done.stdout)

    def test_looks_again_when_an_included_header_changes(self):
        texts = clang_tidy.Texts()
        source = "server/base/time.cc"
        before = texts.digest(source, "")
        self.assertIn("server/base/time.h", texts.closure(source))
        texts._texts["server/base/time.h"] += "\n"
        self.assertNotEqual(before, texts.digest(source, ""))

    def test_looks_at_sources_in_one_unit_unless_they_name_two_things_alike(self):
        text = "namespace callbridge::%s {\nnamespace {\nusing std::string;\n%s\n  int inside = 1;\n}  // namespace\n}  // namespace\n"
        texts = {"a.cc": text % ("flow", "constexpr int kMost = 1;"), "b.cc": text % ("flow", "class Other final : public Base {};"),
                 "c.cc": text % ("flow", "constexpr int kMost = 2;"), "d.cc": text % ("store", "constexpr int kMost = 3;"),
                 "e.cc": text % ("flow", "struct Other {\n};"), "f.cc": "int main(int count, char** words) {\n}",
                 "g.cc": "int main() {\n}"}
        self.assertEqual(clang_tidy.grouped(texts, texts.get), [["a.cc", "b.cc", "d.cc", "f.cc"], ["c.cc", "e.cc", "g.cc"]])


class Buf(unittest.TestCase):
    BUF = os.path.join(tree.ROOT, "build/tools/buf/node_modules/.bin/buf")

    def test_lint_refuses_a_message_without_a_comment(self):
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "a/v1"))
            with open(os.path.join(folder, "buf.yaml"), "w", encoding="utf-8") as file:
                file.write(tree.read("proto/buf.yaml"))
            with open(os.path.join(folder, "a/v1/a.proto"), "w", encoding="utf-8") as file:
                file.write('syntax = "proto3";\npackage a.v1;\nmessage Bare {}\n')
            done = subprocess.run([self.BUF, "lint"], cwd=folder, capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('Message "Bare"', done.stdout)


class Packages(unittest.TestCase):
    def test_finds_a_package_that_only_one_list_names(self):
        self.assertTrue(packages.differences(["g++", "cmake"], ["g++"]))
        self.assertEqual(packages.differences(["g++"], ["g++"]), [])


class Documents(unittest.TestCase):
    def test_finds_a_reason_that_the_page_tells_wrongly(self):
        self.assertTrue(documents.table_findings({"BUSY": "BUSY"}, {"BUSY": "DECLINED"}, "provider error"))
        self.assertTrue(documents.table_findings({"BUSY": "BUSY"}, {}, "provider error"))

    def test_reads_both_tables(self):
        page = tree.read("docs/api.md")
        self.assertEqual(documents.reasons_of_document(page).get("BUSY"), "BUSY")
        self.assertIn("OFFER_TAKEN", documents.errors_of_document(page))
        self.assertEqual(documents.reasons_of_code(tree.read("server/flow/reasons.cc")).get("BUSY"), "BUSY")
        self.assertIn("OFFER_TAKEN", documents.errors_of_proto(tree.read("proto/callbridge/v1/bridge_service.proto")))

    def test_finds_an_error_of_the_log_that_no_page_explains(self):
        source = 'base::Log(base::LogLevel::kError,\n          "disk_on_fire", {});'
        self.assertEqual(len(documents.event_findings("server/a.cc", source, "`disk_full`")), 1)
        self.assertEqual(documents.event_findings("server/a.cc", source, "`disk_on_fire`"), [])

    def test_finds_a_file_that_a_page_names_and_that_is_not_there(self):
        names = documents.Names(["server/flow/step.cc", "dev"])
        for name in ("server/flow/step.cc", "server/flow", "server/", "step.cc", "a/b.cc", "Step", "proto/gen/python", "host.name"):
            self.assertEqual(names.findings("docs/a.md", f"See `{name}`."), [], name)
        for name in ("server/flow/gone.cc", "server/gone", "gone.h"):
            self.assertEqual(len(names.findings("docs/a.md", f"See `{name}`.")), 1, name)

    def test_finds_a_decision_that_is_not_listed(self):
        path, text = "docs/decisions/0042-a-b.md", "# 0042: A or B\n\nStatus: accepted\n"
        self.assertEqual(documents.decision_findings(path, text, "| [0042](0042-a-b.md) | A or B | accepted |"), [])
        self.assertEqual(len(documents.decision_findings(path, text, "| [0042](0042-a-b.md) | B or A | accepted |")), 1)
        self.assertEqual(len(documents.decision_findings(path, "# 42. A or B\n", "")), 1)

    def test_finds_a_link_to_nowhere(self):
        self.assertEqual(len(documents.link_findings("docs/a.md", "[b](nowhere.md) [c](api.md#errors) [d](https://e.f)")), 1)


class UserCases(unittest.TestCase):
    TESTS = user_cases.Tests(
        ["TEST(Plain, IsThere) {", "TEST_P(Golden, PlaysAsWritten) {", "TEST_P(Both, Work) {", "ON_BOTH(Both);\n",
         "INSTANTIATE_TEST_SUITE_P(Scenarios, Golden, 1);",
         "#define ON_BOTH(suite) \\\n  INSTANTIATE_TEST_SUITE_P(Engines, suite, \\\n"],
        ["caller-leaves"],
        ["add_test(NAME fuzz.${name} COMMAND a)", "set(fuzzers head token)", "tidy_test(words python3)"])

    def page(self, changed=0, proof=""):
        return "".join(f"| {case} | It broke. It works | {proof if case == changed else '`Plain.IsThere`'} |\n"
                       for case in user_cases.CASES)

    def found(self, proof):
        return user_cases.findings(self.page(46, proof), self.TESTS)

    def test_accepts_what_is_there(self):
        for name in ("Plain.IsThere", "Scenarios/Golden.PlaysAsWritten/caller_leaves", "Engines/Both.Work/sqlite", "fuzz.head",
                     "tidy.words"):
            self.assertEqual(self.found(f"`Plain.IsThere` `{name}`"), [], name)
        self.assertEqual(self.found("outside: it comes with another issue"), [])

    def test_finds_a_case_without_a_row_and_one_with_two(self):
        page = self.page()
        self.assertEqual(len(user_cases.findings(page.replace("| 46 |", "| 45 |"), self.TESTS)), 2)
        self.assertEqual(len(user_cases.findings(page + "| 71 | a | `Plain.IsThere` |\n", self.TESTS)), 1)

    def test_finds_a_row_without_a_proof(self):
        for proof in ("", "surely", "outside:"):
            self.assertEqual(len(self.found(proof)), 1, proof)

    def test_finds_a_test_that_is_not_there(self):
        for name in ("Plain.IsGone", "Other.IsThere", "Golden.PlaysAsWritten/caller_leaves", "Scenarios/Golden.PlaysAsWritten",
                     "Scenarios/Golden.PlaysAsWritten/callee_leaves", "Every/Plain.IsThere/1", "Both.Work", "fuzz.tail", "fuzz.",
                     "a/b/c.txt"):
            self.assertEqual(len(self.found(f"`{name}`")), 1, name)

    def test_notices_when_a_test_of_the_table_is_renamed(self):
        page = tree.read(user_cases.PAGE)
        tests = user_cases.tests_of_the_tree()
        self.assertEqual(user_cases.findings(page, tests), [])
        tests.tests.remove(("UserCases", "Music_IsHeardByTheCallerOnly"))
        self.assertEqual(len(user_cases.findings(page, tests)), 1)


class Invariants(unittest.TestCase):
    PAGE = ("## 1. One\n\nIt holds.\n\n* Judged in: [a](../tests/a.cc),\n  [b](../tests/b.cc)\n* Shown by: `Plain.IsThere`\n\n"
            "## 2. Two\n\n* Shown by: `Plain.IsThere`,\n  `tidy.words`\n")
    SOURCES = {"tests/a.cc": "Expect(1, true);", "tests/b.cc": "Violations Invariant1(const History& history) {"}

    def found(self, page):
        return invariants.findings(page, UserCases.TESTS, self.SOURCES.get)

    def test_accepts_what_is_there(self):
        self.assertEqual(self.found(self.PAGE), [])

    def test_finds_each_fault(self):
        for right, wrong in (("## 2.", "## 3."), ("`Plain.IsThere`,\n", "`Plain.IsGone`,\n"), ("tests/b.cc", "tests/c.cc"),
                             ("* Shown by: `Plain.IsThere`\n\n", "\n"), ("## 1.", "## 4.")):
            self.assertNotEqual(self.found(self.PAGE.replace(right, wrong)), [], wrong)

    def test_finds_a_judge_that_does_not_check_the_number(self):
        self.assertEqual(len(self.found(self.PAGE.replace("\n\n* Shown", "\n\n* Judged in: [a](../tests/a.cc)\n* Shown"))), 1)


class Deployment(unittest.TestCase):
    def test_finds_a_container_that_may_write_its_file_system(self):
        pod = deployment.pod_of(deployment.rendered())
        pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"] = False
        self.assertTrue(deployment.pod_findings(pod))

    def test_finds_an_inbox_socket_that_is_not_shared(self):
        pod = deployment.pod_of(deployment.rendered())
        pod["containers"][1]["volumeMounts"] = []
        self.assertTrue(deployment.pod_findings(pod))

    def test_finds_a_probe_that_the_component_for_tls_leaves_plain(self):
        component = yaml.safe_load(tree.read("deploy/kustomize/tls/kustomization.yaml"))
        self.assertEqual(deployment.tls_findings(deployment.rendered(), component), [])
        component["patches"] = []
        self.assertTrue(deployment.tls_findings(deployment.rendered(), component))

    def test_finds_a_component_that_changes_what_is_not_there(self):
        component = yaml.safe_load(tree.read("deploy/kustomize/tls/kustomization.yaml"))
        component["patches"][0]["patch"] = "[{op: replace, path: /spec/template/spec/noProbe, value: 1}]"
        with self.assertRaises(SystemExit):
            deployment.tls_findings(deployment.rendered(), component)

    def test_finds_a_container_without_probes(self):
        pod = deployment.pod_of(deployment.rendered())
        del pod["containers"][0]["readinessProbe"]
        self.assertTrue(deployment.pod_findings(pod))


if __name__ == "__main__":
    unittest.main()
