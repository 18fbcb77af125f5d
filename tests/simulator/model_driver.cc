#include "tests/simulator/model_driver.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>

#include "tests/simulator/moment.h"

namespace callbridge::simulator {

std::string At(std::string_view json, std::string_view pointer) {
  simdjson::dom::parser parser;
  simdjson::dom::element found;
  if (parser.parse(std::string(json)).at_pointer(pointer).get(found) != simdjson::SUCCESS) {
    return "";
  }
  std::string_view text;
  if (found.get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(found);
}

ModelDriver::ModelDriver(Settings settings)
    : model_(std::move(settings)), now_(*ParseMoment("2026-01-15T12:00:00.000+0000")) {}

Response ModelDriver::Send(std::string_view method, const std::string& target, std::string body) {
  Request request;
  request.method = method;
  request.target = target;
  request.body = std::move(body);
  request.authorization = "App key";
  return model_.HandleRequest(request, now_);
}

void ModelDriver::Run(base::Duration duration) {
  const base::Time end = now_ + duration;
  while (true) {
    const auto next = model_.NextTime();
    if (!next || *next > end) break;
    now_ = std::max(now_, *next);
    for (const Delivery& delivery : model_.Advance(now_)) {
      events_.push_back(delivery);
      on_event(delivery);
    }
  }
  now_ = end;
}

std::string ModelDriver::Incoming(std::string_view from) {
  IncomingCall incoming;
  incoming.from = from;
  incoming.to = kDid;
  return model_.StartIncomingCall(incoming, now_);
}

std::string ModelDriver::Answered() {
  const std::string call = Incoming();
  EXPECT_EQ(Post("/calls/1/calls/" + call + "/answer", "{}").status, 200);
  Run(std::chrono::seconds(1));
  EXPECT_TRUE(CallOf(call).established());
  return call;
}

std::string ModelDriver::Conference() {
  const Response created =
      Post("/calls/1/conferences",
           std::string("{\"") + ConfigurationField(world()) + R"(":"callbridge","name":"bridge"})");
  EXPECT_EQ(created.status, 201) << created.body;
  return At(created.body, "/id");
}

std::string ModelDriver::Dial(const std::string& conference, std::string_view number,
                              int connect_timeout) {
  const Response dialled =
      Post("/calls/1/conferences/" + conference + "/call",
           R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":")" + std::string(number) +
               R"("},"from":"442079460001","connectTimeout":)" + std::to_string(connect_timeout) +
               R"(,"customData":{"leg":"callee-1"}}})");
  EXPECT_EQ(dialled.status, 200) << dialled.body;
  return At(dialled.body, "/call/id");
}

std::pair<std::string, std::string> ModelDriver::JoinedCaller() {
  const std::string call = Answered();
  const std::string conference = Conference();
  EXPECT_EQ(Send("PUT", "/calls/1/conferences/" + conference + "/call/" + call).status, 200);
  Run(std::chrono::seconds(1));
  EXPECT_EQ(CallOf(call).conference_id, conference);
  return {call, conference};
}

std::string ModelDriver::Types(const std::string& call_id) const {
  std::string types;
  for (const Delivery& event : events_) {
    if (!call_id.empty() && event.call_id != call_id) continue;
    types += (types.empty() ? "" : " ") + event.type;
  }
  return types;
}

Delivery ModelDriver::Last(std::string_view type) const {
  const auto found = std::find_if(events_.rbegin(), events_.rend(),
                                  [&](const Delivery& event) { return event.type == type; });
  if (found != events_.rend()) return *found;
  ADD_FAILURE() << "no " << type << " among " << Types();
  return {};
}

std::size_t ModelDriver::CountOf(std::string_view type) const {
  return static_cast<std::size_t>(std::count_if(
      events_.begin(), events_.end(), [&](const Delivery& event) { return event.type == type; }));
}

const Call& ModelDriver::CallOf(const std::string& call_id) const {
  const Call* call = world().calls.Find(call_id);
  if (call != nullptr) return *call;
  ADD_FAILURE() << "no call " << call_id;
  static const Call none;
  return none;
}

std::string ModelDriver::Timeline(const std::string& call_id) const {
  const Call& call = CallOf(call_id);
  std::string text;
  for (const TimelineEntry& entry : call.timeline) {
    const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(entry.at - call.start);
    text += std::to_string(after.count()) + " " + entry.text + "\n";
  }
  return text;
}

}  // namespace callbridge::simulator
