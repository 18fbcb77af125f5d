#include "server/admin/audio.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <utility>

#include "server/admin/audio_list.h"
#include "server/admin/audio_uses.h"
#include "server/admin/input_file.h"
#include "server/admin/progress_bar.h"
#include "server/admin/sound_file.h"
#include "server/admin/uploaded_files.h"
#include "server/base/mask.h"
#include "server/base/nearest.h"
#include "server/base/printable.h"

namespace callbridge::admin {
namespace {

using Action = AudioOrder::Action;

// The provider shows whole seconds, which it may round.
constexpr double kDurationDifferenceMax = 1.5;
constexpr std::size_t kNameBytesMax = 63;

std::string Seconds(base::Duration duration) {
  // StrCat writes 95.04 and 95, not 95.040000.
  return absl::StrCat(std::round(std::chrono::duration<double>(duration).count() * 100) / 100);
}

// Explains the errors whose cause is not in the provider's words.
std::string Help(const absl::Status& status) {
  if (absl::IsUnauthenticated(status)) {
    return "; the provider does not accept the account's key: compare base_url and the key's file "
           "with the portal";
  }
  if (absl::IsPermissionDenied(status)) {
    return "; the key lacks a scope: give it calls:media:manage or calls:manage in the portal";
  }
  return "";
}

// A name for the settings, made of the name of the file.
std::string SettingsName(const std::string& path) {
  std::string name = std::filesystem::path(path).stem().string().substr(0, kNameBytesMax);
  std::ranges::replace_if(
      name,
      [](char c) {
        return !absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-';
      },
      '-');
  return name.empty() ? "sound" : name;
}

class AudioCommand {
 public:
  AudioCommand(AccountLink& link, const config::v1::Settings& settings, const std::string& look,
               const AudioSurroundings& surroundings)
      : link_(link),
        settings_(settings),
        look_(look),
        out_(surroundings.out),
        err_(surroundings.err),
        terminal_(surroundings.terminal),
        clock_(surroundings.clock) {}

  ExitStatus Upload(const std::string& path) {
    const absl::StatusOr<InputFile> file = InputFile::Open(path);
    if (!file.ok()) return Fail(std::string(file.status().message()));
    const absl::StatusOr<SoundFacts> facts = InspectSound(*file);
    if (!facts.ok()) return Fail(path + ": " + std::string(facts.status().message()));
    out_ << absl::StrFormat("%-12s  %s: %s, %s, %s s\n", "checked", path, NameOf(facts->format),
                            BytesText(file->size()), Seconds(facts->duration))
         << std::flush;
    if (file->size() > kFileBytesUsual) {
      err_ << absl::StrFormat(
          "warning: %s has %s. The provider publishes no limit here; its sibling products take up "
          "to 4 MB. A mono MP3 or WAV at 16 kHz sounds the same on a telephone.\n",
          path, BytesText(file->size()));
    }
    std::atomic<std::int64_t> sent = 0;
    const absl::StatusOr<UploadedFile> uploaded = Send(*file, *facts, path, sent);
    if (!uploaded.ok()) return FailUpload(path, uploaded.status(), sent, file->size());
    TellUploaded(path, *facts, *uploaded);
    return ExitStatus::kOk;
  }

  ExitStatus List(const std::string& account, bool json) {
    const absl::StatusOr<std::vector<UploadedFile>> files = ListFiles(link_);
    if (!files.ok()) {
      return Fail("the files cannot be listed: " + std::string(files.status().message()) +
                  Help(files.status()));
    }
    const AudioList list{account, *files, FindAudioUses(settings_)};
    json ? WriteJson(list, clock_.Now(), out_) : WriteText(list, clock_.Now(), out_);
    return ExitStatus::kOk;
  }

  ExitStatus Delete(const std::string& id) {
    const std::string shown = base::Printable(id);
    const absl::StatusOr<UploadedFile> deleted = DeleteFile(link_, id);
    const std::string uses = FindAudioUses(settings_).PathsOf(id);
    if (deleted.ok()) {
      out_ << absl::StrFormat("%-12s  file %s (%s)\n", "deleted", shown,
                              base::Printable(deleted->name));
    } else if (absl::IsNotFound(deleted.status())) {
      out_ << absl::StrFormat(
          "%-12s  file %s: the account has no such file; it was deleted before, "
          "or was not used for 90 days%s\n",
          "not there", shown, NamedInSettings(id));
    } else {
      const std::string fate = absl::IsUnavailable(deleted.status())
                                   ? "; it may have been deleted: run the command again"
                                   : "";
      return Fail("file " + shown + ": " + std::string(deleted.status().message()) +
                  Help(deleted.status()) + fate);
    }
    if (!uses.empty()) {
      err_ << absl::StrFormat(
          "warning: the settings still use it (%s). Those sounds are not heard "
          "until they name another file.\n",
          uses);
    }
    return ExitStatus::kOk;
  }

 private:
  ExitStatus Fail(const std::string& what) {
    err_ << what << "\n";
    return ExitStatus::kFailed;
  }

  absl::StatusOr<UploadedFile> Send(const InputFile& file, const SoundFacts& facts,
                                    const std::string& path, std::atomic<std::int64_t>& sent) {
    // The transport's thread draws, while this one waits for the answer.
    ProgressBar bar(file.size(), terminal_, err_);
    provider::FormFile form;
    form.file_name = std::filesystem::path(path).filename().string();
    form.content_type = ContentTypeOf(facts.format);
    form.size = file.size();
    form.read = [&](std::int64_t offset, char* buffer, std::size_t bytes) {
      const std::size_t read = file.ReadAt(offset, buffer, bytes);
      if (read > 0) sent = offset + static_cast<std::int64_t>(read);
      bar.Show(sent);
      return read;
    };
    return admin::Upload(link_, std::move(form));
  }

  // Says what the provider may have, and how to look.
  ExitStatus FailUpload(const std::string& path, const absl::Status& status, std::int64_t sent,
                        std::int64_t size) {
    const std::string why(status.message());
    if (!absl::IsUnavailable(status)) return Fail(path + ": " + why + Help(status));
    const std::string look = absl::StrFormat("Look with \"%s\" before you upload it again", look_);
    if (sent == 0) {
      return Fail(absl::StrFormat("%s: %s. Nothing of it was sent; try again.", path, why));
    }
    if (sent < size) {
      return Fail(absl::StrFormat(
          "%s: the upload was cut after %s of %s: %s. The provider has no whole file; whether it "
          "keeps a part is not documented. %s, and delete what is there in part.",
          path, BytesText(sent), BytesText(size), why, look));
    }
    return Fail(
        absl::StrFormat("%s: the whole file was sent, but %s. The provider may have it or not. %s.",
                        path, why, look));
  }

  void TellUploaded(const std::string& path, const SoundFacts& facts,
                    const UploadedFile& uploaded) {
    const std::string id = base::Printable(uploaded.id);
    out_ << absl::StrFormat("%-12s  as file %s%s\n", "uploaded", id,
                            ExpiryText(uploaded.expires, clock_.Now(), ", which "));
    if (uploaded.duration) {
      const double difference = static_cast<double>(uploaded.duration->count()) -
                                std::chrono::duration<double>(facts.duration).count();
      if (std::abs(difference) > kDurationDifferenceMax) {
        err_ << absl::StrFormat(
            "warning: the provider takes it for %d s long; listen to it before "
            "callers do\n",
            uploaded.duration->count());
      }
    }
    out_ << "For plans that say {file_name: " << SettingsName(path) << "}, add to the settings:\n\n"
         << "audio_files:\n  " << SettingsName(path) << ": {file_id: \"" << id
         << "\", duration: " << Seconds(facts.duration) << "s}\n";
  }

  // A hint for who gives the name of the settings instead of the id.
  std::string NamedInSettings(const std::string& id) const {
    const auto named = settings_.audio_files().find(id);
    if (named == settings_.audio_files().end()) return "";
    return absl::StrFormat(". The settings call file %s by this name",
                           base::Printable(named->second.file_id()));
  }

  AccountLink& link_;
  const config::v1::Settings& settings_;
  const std::string& look_;
  std::ostream& out_;
  std::ostream& err_;
  const bool terminal_;
  const base::Clock& clock_;
};

}  // namespace

absl::StatusOr<AudioOrder> ReadAudioOrder(const std::vector<std::string>& words, bool json) {
  static constexpr char kWhich[] = "audio: write audio upload FILE, audio list or audio delete ID";
  if (words.empty()) return absl::InvalidArgumentError(kWhich);
  AudioOrder order;
  order.json = json;
  if (words.front() == "upload") {
    order.action = Action::kUpload;
  } else if (words.front() == "delete") {
    order.action = Action::kDelete;
  } else if (words.front() != "list") {
    const std::string nearest = base::DidYouMean(words.front(), {"upload", "list", "delete"});
    return absl::InvalidArgumentError(
        absl::StrFormat("audio: \"%s\" is none of its actions%s", base::MaskText(words.front()),
                        nearest.empty() ? "; write upload FILE, list or delete ID" : nearest));
  }
  const std::size_t operands = order.action == Action::kList ? 0 : 1;
  if (words.size() < 1 + operands || (operands == 1 && words[1].empty())) {
    return absl::InvalidArgumentError(order.action == Action::kUpload
                                          ? "audio upload: which file? Name a WAV or MP3 file"
                                          : "audio delete: which file? audio list shows the ids");
  }
  if (words.size() > 1 + operands) {
    return absl::InvalidArgumentError(absl::StrFormat("audio %s: \"%s\" is one word too many",
                                                      words.front(),
                                                      base::MaskText(words[1 + operands])));
  }
  if (json && order.action != Action::kList) {
    return absl::InvalidArgumentError("--json: is for audio list only");
  }
  if (operands == 1) order.operand = words[1];
  return order;
}

ExitStatus RunAudio(AccountLink& link, const config::v1::Settings& settings,
                    const std::string& account, const AudioOrder& order, const std::string& look,
                    const AudioSurroundings& surroundings) {
  AudioCommand command(link, settings, look, surroundings);
  switch (order.action) {
    case Action::kUpload:
      return command.Upload(order.operand);
    case Action::kDelete:
      return command.Delete(order.operand);
    case Action::kList:
      break;
  }
  return command.List(account, order.json);
}

}  // namespace callbridge::admin
