#include "server/provider/answer_decoding.h"

#include <absl/status/status.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "server/base/limits.h"
#include "server/provider/facts_decoding.h"
#include "server/provider/json_reader.h"
#include "server/provider/recording_decoding.h"

namespace callbridge::provider {
namespace {

using internal::v1::CallFacts;
using internal::v1::ConferenceFacts;

absl::Status Unreadable(const char* what) {
  return absl::DataLossError(std::string("the provider's answer holds no ") + what +
                             "; look again");
}

bool HasMorePages(const JsonObject& object, std::size_t entries, int page) {
  if (const auto paging = Object(object, "paging")) {
    if (const auto total = Integer(*paging, "totalPages")) return page + 1 < *total;
  }
  // The four paging fields are always there (docs/provider.md §1.3). Without them a full page would
  // be the only hint.
  return entries >= static_cast<std::size_t>(base::kLookupPageSize);
}

template <typename Facts, typename Read>
absl::StatusOr<Page<Facts>> DecodePage(std::string_view body, int page, Read read) {
  JsonDocument document;
  if (!document.Parse(body).ok()) return Unreadable("JSON object");
  const std::optional<JsonArray> results = Array(document.object(), "results");
  if (!results.has_value()) return Unreadable("list of results");
  Page<Facts> decoded;
  std::size_t entries = 0;
  for (const JsonElement element : *results) {
    ++entries;
    JsonObject object;
    Facts facts;
    if (element.get(object) == simdjson::SUCCESS && read(object, facts)) {
      decoded.results.push_back(std::move(facts));
    } else {
      decoded.whole = false;
    }
  }
  decoded.more = HasMorePages(document.object(), entries, page);
  return decoded;
}

}  // namespace

absl::StatusOr<CallFacts> DecodeCall(std::string_view body) {
  JsonDocument document;
  if (!document.Parse(body).ok()) return Unreadable("JSON object");
  CallFacts facts = ReadCall(document.object());
  if (facts.call_id().empty()) return Unreadable("call id");
  return facts;
}

absl::StatusOr<ConferenceFacts> DecodeConference(std::string_view body) {
  JsonDocument document;
  if (!document.Parse(body).ok()) return Unreadable("JSON object");
  ConferenceFacts facts = ReadConference(document.object());
  if (facts.conference_id().empty()) return Unreadable("conference id");
  return facts;
}

absl::StatusOr<ConferenceFacts> DecodeConferenceLog(std::string_view body) {
  JsonDocument document;
  if (!document.Parse(body).ok()) return Unreadable("JSON object");
  ConferenceFacts facts = ReadConferenceLog(document.object());
  if (facts.conference_id().empty()) return Unreadable("conference id");
  return facts;
}

absl::StatusOr<internal::v1::RecordingFacts> DecodeRecording(std::string_view body) {
  JsonDocument document;
  if (!document.Parse(body).ok()) return Unreadable("JSON object");
  return ReadRecording(document.object());
}

absl::StatusOr<ConferenceAndCall> DecodeConferenceAndCall(std::string_view body) {
  JsonDocument document;
  if (!document.Parse(body).ok()) return Unreadable("JSON object");
  ConferenceAndCall decoded;
  decoded.call = ReadCall(Object(document.object(), "call").value_or(document.object()));
  if (const auto conference = Object(document.object(), "conference")) {
    decoded.conference = ReadConference(*conference);
  }
  if (decoded.call.call_id().empty()) return Unreadable("call id");
  return decoded;
}

absl::StatusOr<Page<CallFacts>> DecodeCallPage(std::string_view body, int page) {
  return DecodePage<CallFacts>(body, page, [](const JsonObject& object, CallFacts& facts) {
    facts = ReadCall(object);
    return !facts.call_id().empty();
  });
}

absl::StatusOr<Page<ConferenceFacts>> DecodeConferencePage(std::string_view body, int page) {
  return DecodePage<ConferenceFacts>(body, page,
                                     [](const JsonObject& object, ConferenceFacts& facts) {
                                       facts = ReadConference(object);
                                       return !facts.conference_id().empty();
                                     });
}

bool SaysFailed(std::string_view body) {
  JsonDocument document;
  return document.Parse(body).ok() && Text(document.object(), "status") == "FAILED";
}

}  // namespace callbridge::provider
