#include "server/admin/sound_checks.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "server/admin/audio_list.h"
#include "server/admin/audio_uses.h"
#include "server/admin/progress_bar.h"
#include "server/admin/uploaded_files.h"
#include "server/base/printable.h"
#include "server/base/url.h"
#include "server/provider/verdict.h"

namespace callbridge::admin {
namespace {

using provider::HttpAnswer;
using provider::Method;

constexpr char kSound[] = "sound";
// As long as a person needs to notice and to upload it again.
constexpr std::chrono::days kExpiresSoon{14};
constexpr char kSilence[] = "people hear silence in its place";

// "plans.default.music plays f-1".
std::string WhoPlays(const std::vector<std::string>& paths, const std::string& what) {
  return absl::StrFormat("%s play%s %s", absl::StrJoin(paths, ", "), paths.size() == 1 ? "s" : "",
                         what);
}

void CheckFile(const Seen<UploadedFile>& file, const std::string& subject, base::Time now,
               const std::string& upload, Report& report) {
  const std::string again = upload + ", then change the id in the settings and restart the server";
  if (absl::IsPermissionDenied(file.status())) {
    report.findings.push_back(
        {kSound, subject + ": the key may not look at it: " + std::string(file.status().message()),
         "neither doctor nor audio list can see whether it is there",
         "give the key the scope calls:media:manage in the portal, or "
         "calls:manage for all"});
  } else if (!file.ok()) {
    report.unchecked.push_back({kSound, subject + ": " + std::string(file.status().message())});
  } else if (!file->has_value()) {
    report.findings.push_back(
        {kSound,
         subject + ": the account has no such file; it was deleted, or was not used for 90 days",
         kSilence, again});
  } else if ((*file)->expires && *(*file)->expires <= now + kExpiresSoon) {
    report.findings.push_back(
        {kSound, subject + ": " + ExpiryText((*file)->expires, now) + ", unless it is used before",
         "the provider deletes a file that was not used for 90 days, and then "
         "people hear silence",
         again});
  } else {
    report.good.push_back(
        {kSound, subject + ": the account has it" + ExpiryText((*file)->expires, now, ", ")});
  }
}

// The URL without its query, which may hold a secret.
std::string Shown(const base::Url& url) {
  return base::Printable(url.scheme + "://" + url.Authority() +
                         url.path.substr(0, url.path.find('?')));
}

// True for the content types of WAV and MP3. A type that says nothing is judged by the path.
bool IsPlayable(const HttpAnswer& answer, const base::Url& url) {
  constexpr std::array<std::string_view, 8> kTypes = {"audio/mpeg",  "audio/mp3",     "audio/x-mp3",
                                                      "audio/mpeg3", "audio/wav",     "audio/x-wav",
                                                      "audio/wave",  "audio/vnd.wave"};
  const std::string type =
      absl::AsciiStrToLower(answer.content_type.substr(0, answer.content_type.find_first_of("; ")));
  if (!type.empty() && type != "application/octet-stream" && type != "binary/octet-stream") {
    return std::ranges::find(kTypes, type) != kTypes.end();
  }
  const std::string path = absl::AsciiStrToLower(url.path.substr(0, url.path.find('?')));
  return path.ends_with(".wav") || path.ends_with(".mp3");
}

void JudgeHead(const HttpAnswer& answer, const base::Url& url, const std::string& subject,
               Report& report) {
  constexpr char kSiblings[] =
      "the provider's sibling products refuse such a file, and the Calls API may do so too; then "
      "people hear silence";
  constexpr char kUpload[] = "upload the file with callbridge-admin audio upload instead";
  if (answer.http_status == 0) {
    report.unchecked.push_back(
        {kSound, subject + ": no answer to HEAD from here: " +
                     provider::DescribeFailure(answer).description() +
                     "; if the provider gets none either, people hear silence"});
  } else if (answer.http_status / 100 == 3) {
    report.findings.push_back(
        {kSound, absl::StrFormat("%s: leads elsewhere (%d)", subject, answer.http_status),
         "whether the provider follows is not documented; if it does not, people hear silence",
         "write the URL in the settings to which it leads"});
  } else if (answer.http_status / 100 != 2) {
    report.findings.push_back(
        {kSound, absl::StrFormat("%s: answers %d to HEAD", subject, answer.http_status), kSiblings,
         absl::StrFormat("correct the URL, or let its server answer HEAD as it answers GET; or %s",
                         kUpload)});
  } else if (answer.content_length.value_or(0) > kFileBytesUsual) {
    report.findings.push_back({kSound,
                               absl::StrFormat("%s: has %s, and more than 4 MB is too much",
                                               subject, BytesText(*answer.content_length)),
                               kSiblings, "make it shorter, mono, or an MP3"});
  } else if (!IsPlayable(answer, url)) {
    report.findings.push_back(
        {kSound,
         absl::StrFormat("%s: is \"%s\", neither wav nor mp3", subject,
                         base::Printable(answer.content_type)),
         "the provider plays wav and mp3 only (docs/provider.md §3.4)",
         "convert it, or let its server send Content-Type audio/mpeg or audio/wav"});
  } else {
    report.good.push_back({kSound, subject + ": answers HEAD"});
  }
}

}  // namespace

void CheckFiles(AccountLink& link, const config::v1::Settings& settings, const base::Clock& clock,
                const std::string& upload, Report& report) {
  for (const auto& [id, paths] : FindAudioUses(settings).files) {
    CheckFile(FindFile(link, id), WhoPlays(paths, "file " + base::Printable(id)), clock.Now(),
              upload, report);
  }
}

void CheckUrls(provider::Transport& transport, const config::v1::Settings& settings,
               Report& report) {
  for (const auto& [text, paths] : FindAudioUses(settings).urls) {
    const std::optional<base::Url> url = base::ParseUrl(text);
    // The settings were checked, so that only a URL without a host could be meant.
    if (!url) continue;
    const HttpAnswer answer = AskStranger(transport, *url, {Method::kHead, url->path, "", false});
    JudgeHead(answer, *url, WhoPlays(paths, Shown(*url)), report);
  }
}

}  // namespace callbridge::admin
