#include "tests/simulator/replay.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "tests/simulator/operations.h"

namespace callbridge::simulator {
namespace {

using Kind = RecordedLine::Kind;
using Bindings = std::map<std::string, std::string>;

// What stands for the account's host in a transcript.
constexpr char kHost[] = "api.example.com";
// Calls that the person makes come so long after the last request of the script before.
constexpr std::chrono::seconds kPersonCalls{1};

bool IsDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// True for what the anonymiser writes instead of something: "id-3", "name-1", 447700900101,
// 00000000-0000-4000-8000-000000000007 (docs/simulator.md).
bool IsStandIn(std::string_view text) {
  for (const std::string_view prefix : {"id-", "name-", "447700900", "00000000-0000-4000-8000-"}) {
    if (text.starts_with(prefix) && IsDigits(text.substr(prefix.size()))) return true;
  }
  return false;
}

bool FitsText(std::string_view recorded, std::string_view given, Bindings& bindings) {
  if (recorded.starts_with('+') && given.starts_with('+')) {
    recorded.remove_prefix(1);
    given.remove_prefix(1);
  }
  if (!IsStandIn(recorded)) return recorded == given;
  return bindings.try_emplace(std::string(recorded), given).first->second == given;
}

bool FitsValue(const simdjson::dom::element& recorded, const simdjson::dom::element& given,
               Bindings& bindings) {
  std::string_view text;
  if (recorded.get(text) == simdjson::SUCCESS) {
    std::string_view other;
    return given.get(other) == simdjson::SUCCESS && FitsText(text, other, bindings);
  }
  simdjson::dom::object object;
  if (recorded.get(object) == simdjson::SUCCESS) {
    simdjson::dom::object other;
    if (given.get(other) != simdjson::SUCCESS || object.size() != other.size()) return false;
    return std::all_of(object.begin(), object.end(), [&](const auto& member) {
      simdjson::dom::element value;
      return other.at_key(member.key).get(value) == simdjson::SUCCESS &&
             FitsValue(member.value, value, bindings);
    });
  }
  simdjson::dom::array array;
  if (recorded.get(array) != simdjson::SUCCESS) {
    return simdjson::minify(recorded) == simdjson::minify(given);
  }
  simdjson::dom::array other;
  if (given.get(other) != simdjson::SUCCESS || array.size() != other.size()) return false;
  auto item = other.begin();
  return std::all_of(array.begin(), array.end(), [&](const simdjson::dom::element& value) {
    const bool fits = FitsValue(value, *item, bindings);
    ++item;
    return fits;
  });
}

bool FitsBody(const std::string& recorded, const std::string& given, Bindings& bindings) {
  if (recorded.empty() || given.empty()) return recorded.empty() == given.empty();
  simdjson::dom::parser one;
  simdjson::dom::parser other;
  simdjson::dom::element expected;
  simdjson::dom::element found;
  return one.parse(recorded).get(expected) == simdjson::SUCCESS &&
         other.parse(given).get(found) == simdjson::SUCCESS && FitsValue(expected, found, bindings);
}

bool FitsTarget(std::string_view recorded, std::string_view given, Bindings& bindings) {
  while (true) {
    const std::size_t end = std::min(recorded.find_first_of("/?&="), recorded.size());
    const std::size_t other = std::min(given.find_first_of("/?&="), given.size());
    if (!FitsText(Unescape(recorded.substr(0, end)), Unescape(given.substr(0, other)), bindings)) {
      return false;
    }
    if (end == recorded.size() || other == given.size()) {
      return end == recorded.size() && other == given.size();
    }
    if (recorded[end] != given[other]) return false;
    recorded.remove_prefix(end + 1);
    given.remove_prefix(other + 1);
  }
}

}  // namespace

Replay::Replay(std::vector<RecordedScript> scripts, Settings settings)
    : scripts_(std::move(scripts)), settings_(std::move(settings)) {}

base::Duration Replay::Scaled(base::Duration duration) const {
  return std::chrono::duration_cast<base::Duration>(duration / settings_.speed);
}

std::optional<Replay::Place> Replay::NextRequest(Place from) const {
  for (; from.script < scripts_.size(); ++from.script, from.line = 0) {
    const auto& lines = scripts_[from.script].lines;
    for (; from.line < lines.size(); ++from.line) {
      if (lines[from.line].kind == Kind::kRequest) return from;
    }
  }
  return std::nullopt;
}

std::size_t Replay::left() const {
  std::size_t left = 0;
  for (auto place = NextRequest(next_); place;
       place = NextRequest({place->script, place->line + 1})) {
    ++left;
  }
  return left;
}

bool Replay::Fits(const RecordedLine& recorded, const Request& request, Bindings& bindings) const {
  Bindings tried = bindings;
  const bool form = request.content_type.starts_with("multipart/");
  const bool fits = recorded.word == request.method &&
                    FitsTarget(recorded.target, request.target, tried) &&
                    (form || FitsBody(recorded.body, request.body, tried));
  if (fits) bindings = std::move(tried);
  return fits;
}

Response Replay::Differ(const std::string& difference) {
  differences_.push_back(difference);
  settings_.on_difference(difference);
  JsonWriter body;
  body.BeginObject();
  body.Text("errorCode", "E400");
  body.Text("description", "replay: " + difference);
  body.EndObject();
  Response response;
  response.status = 400;
  response.body = body.Take();
  return response;
}

Response Replay::HandleRequest(const Request& request, base::Time now) {
  const std::string given = request.method + " " + request.target;
  const auto expected = NextRequest(next_);
  if (!expected) return Differ(given + " came, and the transcripts have no request left");
  // A request that does not come is passed over, so that one difference is told once.
  for (auto place = expected; place && place->script == expected->script;
       place = NextRequest({place->script, place->line + 1})) {
    if (!Fits(At(*place), request, bindings_)) continue;
    if (place->line != expected->line) {
      Differ(absl::StrCat("script ", scripts_[place->script].name, ": ", given, " came before ",
                          At(*expected).word, " ", At(*expected).target));
    }
    return AnswerOf(*place, now);
  }
  return Differ(absl::StrCat("script ", scripts_[expected->script].name, ", line ",
                             expected->line + 2, ": ", At(*expected).word, " ",
                             At(*expected).target, " ", At(*expected).body, " was recorded, and ",
                             given, " ", request.body, " came"));
}

Response Replay::AnswerOf(const Place& request, base::Time now) {
  begun_ = true;
  const auto& lines = scripts_[request.script].lines;
  Response response;
  response.reset = true;
  for (std::size_t line = request.line + 1;
       line < lines.size() && lines[line].kind != Kind::kRequest; ++line) {
    if (lines[line].kind != Kind::kAnswer) continue;
    // A status of 0 was recorded for an answer that never came.
    response.reset = lines[line].status == 0;
    response.status = lines[line].status;
    response.body = Fill(lines[line].body);
    response.delay = Scaled(lines[line].at - At(request).at);
    response.date = now;
    break;
  }
  next_ = {request.script, request.line + 1};
  Schedule(next_, At(request).at, now);
  return response;
}

void Replay::Post(const RecordedLine& line, base::Time due) {
  Delivery delivery;
  delivery.due = due;
  delivery.number = ++posted_;
  delivery.type = line.word;
  delivery.body = Fill(line.body);
  waiting_.emplace(due, std::move(delivery));
}

void Replay::PostBeginOf(const RecordedScript& script, base::Time begin) {
  for (const RecordedLine& line : script.lines) {
    if (line.kind != Kind::kWebhook) return;
    Post(line, begin + kPersonCalls + Scaled(line.at));
  }
}

void Replay::Schedule(Place from, base::Duration recorded, base::Time now) {
  const auto& lines = scripts_[from.script].lines;
  base::Time last = now;
  for (; from.line < lines.size(); ++from.line) {
    const RecordedLine& line = lines[from.line];
    if (line.kind == Kind::kRequest) return;
    if (line.kind != Kind::kWebhook) continue;
    const base::Time due = now + Scaled(line.at - recorded);
    Post(line, due);
    last = std::max(last, due);
  }
  if (from.script + 1 < scripts_.size()) PostBeginOf(scripts_[from.script + 1], last);
}

std::string Replay::Fill(const std::string& body) const {
  std::vector<std::pair<std::string, std::string>> replacements;
  for (const auto& [stand_in, given] : bindings_) {
    replacements.emplace_back(QuoteJson(stand_in), QuoteJson(given));
    replacements.emplace_back(QuoteJson("+" + stand_in), QuoteJson("+" + given));
  }
  if (!settings_.api_base_url.empty()) {
    const std::string host = settings_.api_base_url.substr(settings_.api_base_url.find("//") + 2);
    for (const char* scheme : {"https://", "http://"}) {
      replacements.emplace_back(absl::StrCat("\"", scheme, kHost), "\"" + settings_.api_base_url);
    }
    replacements.emplace_back(absl::StrCat("\"", kHost), "\"" + host);
  }
  return absl::StrReplaceAll(body, replacements);
}

std::vector<Delivery> Replay::Advance(base::Time now) {
  if (!std::exchange(begun_, true) && !scripts_.empty()) PostBeginOf(scripts_.front(), now);
  std::vector<Delivery> due;
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    due.push_back(std::move(waiting_.begin()->second));
    waiting_.erase(waiting_.begin());
  }
  return due;
}

std::optional<base::Time> Replay::NextTime() const {
  return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->first);
}

}  // namespace callbridge::simulator
