#include "server/admin/recording.h"

#include <absl/strings/str_format.h>

#include <optional>
#include <utility>

#include "server/admin/key_help.h"
#include "server/admin/part_file.h"
#include "server/admin/progress_bar.h"
#include "server/admin/recorded_files.h"
#include "server/admin/recorded_list.h"
#include "server/base/ids.h"
#include "server/base/mask.h"
#include "server/base/nearest.h"
#include "server/base/printable.h"

namespace callbridge::admin {
namespace {

// True for the id of a session, or of a recording in one: people see these first, and a program
// that takes them for a file would say that the file is deleted.
bool IsOfService(const std::string& id) {
  return base::BirthOf(id).has_value() || id.starts_with("recording-");
}

// Explains the errors whose cause is not in the provider's words.
std::string Help(const absl::Status& status, const char* scope) {
  return KeyHelp(status, absl::StrFormat("the key lacks the scope %s, or recording is not enabled "
                                         "on the account: look in the portal",
                                         scope));
}

class RecordingCommand {
 public:
  RecordingCommand(AccountLink& link, const std::string& look,
                   const AudioSurroundings& surroundings)
      : link_(link), look_(look), surroundings_(surroundings) {}

  ExitStatus List(const std::string& account, bool json) {
    const absl::StatusOr<std::vector<Recorded>> recorded = ListRecorded(link_);
    if (!recorded.ok()) {
      return Fail("the recordings cannot be listed: " + std::string(recorded.status().message()) +
                  Help(recorded.status(), "calls:recording:read"));
    }
    json ? WriteJson(account, *recorded, surroundings_.out)
         : WriteText(*recorded, surroundings_.clock.Now(), surroundings_.out);
    return ExitStatus::kOk;
  }

  ExitStatus Get(const std::string& id, const std::string& path) {
    absl::StatusOr<PartFile> part = PartFile::Open(path);
    if (!part.ok()) return Fail(std::string(part.status().message()));
    absl::Status fetched = Fetch(id, *part);
    // What is left of an earlier run is as long as the file, or longer: it is fetched anew.
    if (absl::IsInvalidArgument(fetched) && part->size() > 0) {
      fetched = part->Clear();
      if (fetched.ok()) fetched = Fetch(id, *part);
    }
    if (fetched.ok()) fetched = part->Finish();
    if (!fetched.ok()) return FailGet(id, *part, fetched);
    surroundings_.out << absl::StrFormat("%-12s  file %s: %s, %s\n", "fetched", base::Printable(id),
                                         path, BytesText(part->size()));
    return ExitStatus::kOk;
  }

  ExitStatus Delete(const std::string& id) {
    const std::string shown = base::Printable(id);
    const absl::Status deleted = DeleteRecordedFile(link_, id);
    if (deleted.ok()) {
      surroundings_.out << absl::StrFormat("%-12s  file %s\n", "deleted", shown);
      return ExitStatus::kOk;
    }
    if (absl::IsNotFound(deleted)) {
      surroundings_.out << absl::StrFormat(
          "%-12s  file %s: the account has no such file; it was deleted before, has expired, or "
          "has another id\n",
          "not there", shown);
      return ExitStatus::kOk;
    }
    const char* fate =
        absl::IsUnavailable(deleted) ? "; it may have been deleted: run the command again" : "";
    return Fail("file " + shown + ": " + std::string(deleted.message()) +
                Help(deleted, "calls:recording:delete") + fate);
  }

 private:
  ExitStatus Fail(const std::string& what) {
    surroundings_.err << what << "\n";
    return ExitStatus::kFailed;
  }

  // Appends what is missing. The transport's thread writes and draws, while this one waits.
  absl::Status Fetch(const std::string& id, PartFile& part) {
    std::optional<ProgressBar> bar;
    absl::Status written;
    provider::Sink sink;
    sink.from = part.size();
    bool begun = false;
    sink.take = [&](const provider::Piece& piece) {
      // A provider that knows no Range begins anew.
      if (!std::exchange(begun, true) && piece.whole && part.size() > 0) written = part.Clear();
      if (written.ok()) written = part.Append(piece.bytes);
      total_ = piece.total;
      if (!bar && total_.value_or(0) > 0) {
        bar.emplace(*total_, surroundings_.terminal, surroundings_.err);
      }
      if (bar) bar->Show(part.size());
      return written.ok();
    };
    const absl::Status fetched = FetchFile(link_, id, std::move(sink));
    return written.ok() ? fetched : written;
  }

  // Says what is kept of the file, and what to do.
  ExitStatus FailGet(const std::string& id, const PartFile& part, const absl::Status& status) {
    const std::string file = "file " + base::Printable(id) + ": ";
    if (absl::IsNotFound(status)) {
      return Fail(
          absl::StrFormat("%sthe account has no such file. It is not ready yet, was deleted, or "
                          "has expired; \"%s\" "
                          "shows what there is",
                          file, look_));
    }
    const std::string why = std::string(status.message()) + Help(status, "calls:recording:read");
    if (!absl::IsUnavailable(status) || part.size() == 0) {
      return Fail(file + why + (absl::IsUnavailable(status) ? "; run the command again" : ""));
    }
    return Fail(
        absl::StrFormat("%scut after %s%s: %s. What came is kept in %s: run the command again, and "
                        "it goes on there",
                        file, BytesText(part.size()), total_ ? " of " + BytesText(*total_) : "",
                        why, part.part_path()));
  }

  AccountLink& link_;
  const std::string& look_;
  const AudioSurroundings& surroundings_;
  // Of the file that is fetched, in bytes.
  std::optional<std::int64_t> total_;
};

}  // namespace

absl::StatusOr<RecordingOrder> ReadRecordingOrder(const std::vector<std::string>& words,
                                                  bool json) {
  static constexpr char kWhich[] =
      "recording: write recording list, recording get ID FILE or recording delete ID";
  if (words.empty()) return absl::InvalidArgumentError(kWhich);
  RecordingOrder order;
  order.json = json;
  if (words.front() == "get") {
    order.action = RecordingOrder::Action::kGet;
  } else if (words.front() == "delete") {
    order.action = RecordingOrder::Action::kDelete;
  } else if (words.front() != "list") {
    return absl::InvalidArgumentError(absl::StrFormat(
        "recording: \"%s\" is none of its actions%s; %s", base::MaskText(words.front()),
        base::DidYouMean(words.front(), {"list", "get", "delete"}), kWhich));
  }
  const std::size_t operands = order.action == RecordingOrder::Action::kList
                                   ? 0
                                   : (order.action == RecordingOrder::Action::kGet ? 2 : 1);
  if (operands > 0 && (words.size() < 2 || words[1].empty())) {
    return absl::InvalidArgumentError(
        absl::StrFormat("recording %s: which file? recording list shows the ids", words.front()));
  }
  if (operands > 1 && (words.size() < 3 || words[2].empty())) {
    return absl::InvalidArgumentError("recording get: where to? Name a file that is not there yet");
  }
  if (words.size() > 1 + operands) {
    return absl::InvalidArgumentError(absl::StrFormat("recording %s: \"%s\" is one word too many",
                                                      words.front(),
                                                      base::MaskText(words[1 + operands])));
  }
  if (json && order.action != RecordingOrder::Action::kList) {
    return absl::InvalidArgumentError("--json: is for recording list only");
  }
  if (operands > 0) order.id = words[1];
  if (operands > 0 && IsOfService(order.id)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "recording %s: %s is an id of this service and no file; callbridge get ID shows the ids of "
        "its files, and recording list those of the account",
        words.front(), base::Printable(order.id)));
  }
  if (operands > 1) order.path = words[2];
  return order;
}

ExitStatus RunRecording(AccountLink& link, const std::string& account, const RecordingOrder& order,
                        const std::string& look, const AudioSurroundings& surroundings) {
  RecordingCommand command(link, look, surroundings);
  switch (order.action) {
    case RecordingOrder::Action::kGet:
      return command.Get(order.id, order.path);
    case RecordingOrder::Action::kDelete:
      return command.Delete(order.id);
    case RecordingOrder::Action::kList:
      break;
  }
  return command.List(account, order.json);
}

}  // namespace callbridge::admin
