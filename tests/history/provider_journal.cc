#include "tests/history/provider_journal.h"

#include <absl/strings/match.h>
#include <absl/strings/str_split.h>
#include <simdjson.h>

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulator/moment.h"

namespace callbridge::history {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string Text(const element& from, std::string_view name) {
  std::string_view text;
  return from[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

base::Time Moment(const element& from, std::string_view name) {
  return simulator::ParseMoment(Text(from, name)).value_or(base::Time());
}

int Number(const element& from, std::string_view name) {
  std::int64_t number = 0;
  return from[name].get(number) == simdjson::SUCCESS ? static_cast<int>(number) : 0;
}

std::map<std::string, std::string> TextMap(const element& from, std::string_view name) {
  std::map<std::string, std::string> map;
  object members;
  if (from[name].get(members) != simdjson::SUCCESS) return map;
  for (const auto member : members) {
    std::string_view text;
    if (member.value.get(text) == simdjson::SUCCESS) map.emplace(member.key, text);
  }
  return map;
}

// Of a request's body: at its top, or inside callRequest (a dial).
std::map<std::string, std::string> CustomDataOf(const std::string& body) {
  simdjson::dom::parser parser;
  element document;
  if (body.empty() || parser.parse(body).get(document) != simdjson::SUCCESS) return {};
  element call_request;
  if (document["callRequest"].get(call_request) == simdjson::SUCCESS) {
    return TextMap(call_request, "customData");
  }
  return TextMap(document, "customData");
}

// "/calls/1/calls/{id}/say", "/calls/1/conferences/{id}/call/{id}".
std::string CallOfTarget(const std::string& target) {
  const std::string path = target.substr(0, target.find('?'));
  const std::vector<std::string> parts = absl::StrSplit(path, '/', absl::SkipEmpty());
  if (parts.size() >= 4 && parts[2] == "calls" && parts[3] != "history") return parts[3];
  if (parts.size() == 6 && parts[2] == "conferences" && parts[4] == "call") return parts[5];
  return "";
}

ProviderCall ReadCall(const element& from) {
  ProviderCall call;
  call.id = Text(from, "id");
  call.inbound = Text(from, "direction") == "INBOUND";
  call.to = Text(from, "to");
  call.conference_id = Text(from, "conferenceId");
  call.custom_data = TextMap(from, "customData");
  call.begin = Moment(from, "startTime");
  array timeline;
  if (from["timeline"].get(timeline) == simdjson::SUCCESS) {
    for (const element entry : timeline) {
      if (absl::StartsWith(Text(entry, "text"), "ends:")) call.end = Moment(entry, "at");
    }
  }
  return call;
}

// Several events may come in one array.
void AddWebhook(const element& event, Webhook webhook, History& history) {
  webhook.type = Text(event, "type");
  webhook.call_id = Text(event, "callId");
  history.webhooks.push_back(std::move(webhook));
}

void ReadWebhook(const element& from, History& history) {
  const Webhook webhook{
      Moment(from, "posted"), Moment(from, "answered"), Number(from, "status"), {}, {}};
  simdjson::dom::parser parser;
  element body;
  if (parser.parse(Text(from, "body")).get(body) != simdjson::SUCCESS) return;
  array events;
  if (body.get(events) != simdjson::SUCCESS) return AddWebhook(body, webhook, history);
  for (const element event : events) AddWebhook(event, webhook, history);
}

absl::Status Unreadable(std::string_view what) {
  return absl::InvalidArgumentError("the simulator's answer holds no " + std::string(what));
}

// The array of that name in a document, each element given to `read`.
absl::Status ReadEach(const std::string& json, std::string_view name,
                      const std::function<void(const element&)>& read) {
  simdjson::dom::parser parser;
  element document;
  array elements;
  if (parser.parse(json).get(document) != simdjson::SUCCESS ||
      document[name].get(elements) != simdjson::SUCCESS) {
    return Unreadable(name);
  }
  for (const element one : elements) read(one);
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadRequests(const std::string& json, History& history) {
  return ReadEach(json, "requests", [&](const element& from) {
    ProviderRequest request;
    request.at = Moment(from, "at");
    request.operation = Text(from, "operation");
    request.method = Text(from, "method");
    request.status = Number(from, "status");
    request.call_id = CallOfTarget(Text(from, "target"));
    request.custom_data = CustomDataOf(Text(from, "body"));
    history.requests.push_back(std::move(request));
  });
}

absl::Status ReadState(const std::string& json, History& history) {
  const absl::Status calls = ReadEach(
      json, "calls", [&](const element& from) { history.calls.push_back(ReadCall(from)); });
  if (!calls.ok()) return calls;
  return ReadEach(json, "conferences", [&](const element& from) {
    bool open = true;
    if (from["open"].get(open) != simdjson::SUCCESS) open = true;
    history.conferences.push_back({Text(from, "id"), Text(from, "name"), open});
  });
}

absl::Status ReadWebhooks(const std::string& json, History& history) {
  return ReadEach(json, "webhooks", [&](const element& from) { ReadWebhook(from, history); });
}

}  // namespace callbridge::history
