"""Who may include whom. A line that breaks the table fails a test.

Each folder names what it may include besides itself: a folder (everything in it), a file, or a group of generated
headers. A file that no row covers is a finding too, so that a new folder has to say where it stands.
"""

import os
import sys

import strata
import tree

# Generated headers, by what they hold.
GROUPS = {
    "public messages": ("callbridge/v1/", ".pb.h"),
    "internal messages": ("callbridge/internal/v1/", ".pb.h"),
    "settings messages": ("callbridge/config/v1/", ".pb.h"),
    "rules of fields": ("callbridge/rule/v1/", ".pb.h"),
    "error messages": ("google/rpc/", ".pb.h"),
    "public service": ("callbridge/v1/", ".grpc.pb.h"),
    "health service": ("grpc/health/", ".grpc.pb.h"),
    "reflection service": ("grpc/reflection/", ".grpc.pb.h"),
    "inbox service": ("callbridge/internal/v1/", ".grpc.pb.h"),
}
MESSAGES = ["public messages", "internal messages", "settings messages", "rules of fields"]
EVERYTHING = ["*"]



def roles(*names):
    """What the store is to a part that uses it: the headers of these roles."""
    return [f"server/store/{name}.h" for name in ("roles",) + names]


# The longest row that a file's path begins with counts.
LAYERS = {
    "server/base/": MESSAGES,
    # Pure: it links messages and the few value types of base.
    "server/flow/": MESSAGES + ["server/base/"],
    # Answers the inbox's one question about incoming calls, so it knows that interface.
    "server/settings/": MESSAGES + ["server/base/", "server/inbox/incoming_calls.h"],
    "server/store/": MESSAGES + ["server/base/"],
    # Everything that is known of the provider. It stands beside the store and the flow, and knows neither.
    "server/provider/": MESSAGES + ["server/base/"],
    # Adds up what the store knows and what the pace lets leave.
    "server/admission/": MESSAGES + ["server/base/", "server/store/upkeep.h", "server/provider/pace.h"],
    # From webhooks to inputs: knows the store by its roles, steps nothing.
    "server/inbox/": MESSAGES
    + ["inbox service", "server/base/", "server/admission/room.h"]
    + roles("inbox", "sessions", "upkeep"),
    # Steps through the one door of flow, and knows the store by its roles and the provider as an interface.
    "server/worker/": MESSAGES
    + ["server/base/", "server/flow/step.h"]
    + roles("inbox", "work", "ledger", "sessions", "upkeep", "changes")
    + ["server/provider/provider.h", "server/provider/pace.h"],
    # Scripts that measure an account: plain requests, on an interface of its own.
    "server/live/": MESSAGES
    + ["server/base/"]
    + [f"server/provider/{name}.h" for name in ("account_options", "error_decoding", "http_message", "json_reader",
                                                "json_writer")],
    # Prepares and examines the provider's account: knows the provider's transport and words, and of the store only the
    # version of a file. It asks a server for its status only, and stands in the
    # place of the ingress while it measures.
    "server/admin/": MESSAGES
    + ["server/live/"]
    + [f"webhook/{name}.h" for name in ("credentials", "inbox_sink", "ingress", "watch", "webhook_secrets")]
    + ["inbox service", "client/cpp/callbridge/connection.h", "client/cpp/callbridge/deadline.h"]
    + ["server/base/", "server/settings/", "server/store/sqlite/file_check.h"]
    + [f"server/provider/{name}.h" for name in ("account_options", "base_url", "curl_transport", "error_decoding",
                                                "event_decoding", "form_file", "http_message", "json_reader", "json_writer",
                                                "recording_decoding", "sink", "transport", "verdict")],
    "server/api/": MESSAGES
    + ["error messages", "public service", "inbox service", "health service", "reflection service"]
    + ["server/admission/room.h"]
    + ["server/base/", "server/settings/", "server/flow/public_view.h", "server/flow/step.h"]
    + roles("inbox", "sessions", "history", "changes"),
    # The wiring: main and what it is made of.
    "server/": EVERYTHING,
    # The ingress shares protos, settings, the sink and the reading of events with the server, nothing more.
    "webhook/": MESSAGES
    + ["inbox service", "server/base/", "server/settings/"]
    + ["server/provider/event_decoding.h", "server/provider/json_reader.h"],
    # What other teams link: the public contract only.
    "client/cpp/": ["public messages", "public service", "error messages"],
    "client/cli/": MESSAGES
    + ["public service", "inbox service", "error messages", "client/cpp/", "server/base/", "server/settings/"],
    # The provider in a box must not share the mistakes of the client that it tests.
    "tests/simulator/": ["server/base/", "tests/settings/folder.h", "tests/sounds.h"],
    "tests/": EVERYTHING,
}

# Libraries that only some folders may know, by the beginning of the included path.
LIBRARIES = {
    "grpc": ["server/admin/", "server/api/", "server/inbox/", "webhook/", "client/cpp/", "client/cli/", "tests/"],
    "curl/": ["server/provider/", "tests/"],
    "simdjson": ["server/provider/", "tests/"],
    "sqlite3": ["server/store/", "tests/"],
    "boost/": ["webhook/", "tests/"],
    "yaml-cpp/": ["server/settings/", "tests/"],
    "spdlog/": ["server/base/"],
    "CLI/": ["server/base/"],
    "openssl/": ["server/admin/", "server/base/", "server/settings/", "server/store/", "webhook/", "server/provider/", "tests/"],
}


def in_tree(included):
    """Where a header stands that users of client/cpp include by another path, the same that sources here take."""
    installed = included.startswith("callbridge/") and not included.endswith(".pb.h")
    return "client/cpp/" + included if installed else included


def row_of(path):
    rows = [row for row in LAYERS if path.startswith(row)]
    return max(rows, key=len) if rows else None


def in_group(included, group):
    folder, ending = GROUPS[group]
    if not (included.startswith(folder) and included.endswith(ending)):
        return False
    return ending == ".grpc.pb.h" or not included.endswith(".grpc.pb.h")


def in_folder(included, folder):
    """A row without a row of its own below it: "server/" does not cover server/provider/."""
    return row_of(included) == folder or (folder not in LAYERS and included.startswith(folder))


def may_include(path, included):
    row = row_of(path)
    allowed = LAYERS[row]
    if allowed is EVERYTHING:
        return True
    if in_folder(included, row):
        return True
    for item in allowed:
        if item in GROUPS:
            if in_group(included, item):
                return True
        elif item.endswith("/"):
            if included.startswith(item):
                return True
        elif included == item:
            return True
    return False


def is_ours(included):
    return row_of(included) is not None or any(included.startswith(folder) for folder, _ in GROUPS.values())


def check(path, text):
    """Findings of one source."""
    if row_of(path) is None:
        return [f"{path}: no row of tests/tidy/layers.py covers this folder; add one that says whom it may include"]
    findings = []
    for line, _, written in tree.includes(text):
        included = in_tree(written)
        if is_ours(included):
            if not may_include(path, included):
                findings.append(f"{path}:{line}: {row_of(path)} must not include {included} (tests/tidy/layers.py)")
            continue
        for library, folders in LIBRARIES.items():
            known = included.startswith(library) and not any(path.startswith(folder) for folder in folders)
            wiring = row_of(path) == "server/"
            if known and not wiring:
                findings.append(f"{path}:{line}: only {', '.join(folders)} may know {library} (tests/tidy/layers.py)")
    return findings


def main():
    findings = []
    sources = {path: tree.read(path) for path in tree.files(".cc", ".h")}
    for path, text in sources.items():
        findings += check(path, text)
    findings += strata.findings_of({path: text for path, text in sources.items() if path.startswith(strata.FOLDER)})
    # The simulator may not even link the client that it tests.
    for path in tree.files("CMakeLists.txt"):
        if path.startswith("tests/simulator/") and "callbridge::provider" in tree.read(path):
            findings.append(f"{path}: the simulator must not link callbridge::provider")
        if os.path.dirname(path) == "server/flow" and "gRPC::" in tree.read(path):
            findings.append(f"{path}: the flow must not link gRPC")
    return tree.report(findings, "layers")


if __name__ == "__main__":
    sys.exit(main())
