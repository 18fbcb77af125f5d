#include "tests/history/good_history.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdlib>

#include "server/base/check.h"

namespace callbridge::history {
namespace {

constexpr std::chrono::seconds kBegin{1'800'000'000};

v1::Leg MakeLeg(const std::string& leg_id, const std::string& call_id, v1::Leg::Role role) {
  v1::Leg leg;
  leg.set_leg_id(leg_id);
  leg.set_role(role);
  leg.set_call_id(call_id);
  return leg;
}

// Numbers the events of the session as they are added.
class Telling {
 public:
  v1::SessionEvent& Add(double at,
                        v1::SessionEvent::Detail detail = v1::SessionEvent::DETAIL_NORMAL) {
    v1::SessionEvent& event = events_.emplace_back();
    event.set_session_id(kSession);
    event.set_sequence(static_cast<std::int32_t>(events_.size()));
    event.set_event_id(absl::StrCat(kSession, "/", events_.size()));
    *event.mutable_record_time() = base::ToTimestamp(After(at));
    event.set_detail(detail);
    (*event.mutable_labels())["team"] = "support";
    return event;
  }
  void Send(double at, int command, const std::string& kind, const std::string& leg_id) {
    v1::CommandSent& sent = *Add(at, v1::SessionEvent::DETAIL_DIAGNOSTIC).mutable_command_sent();
    sent.set_command_number(command);
    sent.set_kind(kind);
    sent.set_leg_id(leg_id);
    sent.set_attempt(1);
  }
  std::vector<v1::SessionEvent> Take() { return std::move(events_); }

 private:
  std::vector<v1::SessionEvent> events_;
};

v1::Session EndedSession() {
  v1::Session session;
  session.set_session_id(kSession);
  session.set_request_id("r-1");
  session.set_conference_id("conference-1");
  session.mutable_outcome()->set_result(v1::Outcome::RESULT_COMPLETED);
  session.mutable_outcome()->set_reason(v1::END_REASON_REQUESTED);
  for (v1::Leg leg : {MakeLeg("caller", kCallerCall, v1::Leg::ROLE_CALLER),
                      MakeLeg("callee-1", kCalleeCall, v1::Leg::ROLE_CALLEE)}) {
    leg.set_state(v1::Leg::STATE_ENDED);
    *leg.mutable_answer_time() = base::ToTimestamp(After(2));
    *leg.mutable_join_time() = base::ToTimestamp(After(2));
    *leg.mutable_end_time() = base::ToTimestamp(After(10.3));
    *session.add_legs() = leg;
  }
  return session;
}

std::vector<v1::SessionEvent> TellStory() {
  Telling telling;
  telling.Add(0).mutable_session_started();
  telling.Send(0.1, 1, "DialCaller", "caller");
  *telling.Add(0.2).mutable_leg_dialing()->mutable_leg() =
      MakeLeg("caller", kCallerCall, v1::Leg::ROLE_CALLER);
  telling.Add(2).mutable_leg_joined()->set_role(v1::Leg::ROLE_CALLER);
  telling.Send(2.1, 2, "PlayPrompt", "caller");
  telling.Add(2.2).mutable_prompt_started()->set_prompt(v1::PROMPT_KIND_GREETING);
  telling.Add(4).mutable_prompt_finished()->set_prompt(v1::PROMPT_KIND_GREETING);
  telling.Send(4.1, 3, "PlayMusic", "caller");
  telling.Send(4.1, 4, "DialCallee", "callee-1");
  telling.Add(4.2).mutable_music_started()->set_run_number(1);
  *telling.Add(4.2).mutable_leg_dialing()->mutable_leg() =
      MakeLeg("callee-1", kCalleeCall, v1::Leg::ROLE_CALLEE);
  telling.Add(6).mutable_music_stopped();
  telling.Add(6).mutable_parties_connected();
  telling.Send(6.1, 5, "PlayPrompt", "caller");
  telling.Add(6.2).mutable_prompt_started()->set_prompt(v1::PROMPT_KIND_ANNOUNCEMENT);
  telling.Add(8).mutable_prompt_finished()->set_prompt(v1::PROMPT_KIND_ANNOUNCEMENT);
  *telling.Add(10).mutable_session_ending()->mutable_outcome() = EndedSession().outcome();
  telling.Send(10.1, 6, "HangUpConference", "");
  *telling.Add(10.3).mutable_leg_ended()->mutable_leg() = EndedSession().legs(0);
  *telling.Add(10.4).mutable_leg_ended()->mutable_leg() = EndedSession().legs(1);
  *telling.Add(10.5).mutable_session_ended()->mutable_session() = EndedSession();
  return telling.Take();
}

ProviderRequest MakeRequest(double at, const std::string& operation, const std::string& call_id,
                            const std::string& leg, const std::string& tag,
                            const std::string& number) {
  ProviderRequest request;
  request.at = After(at);
  request.operation = operation;
  request.method = "POST";
  request.status = 200;
  request.call_id = call_id;
  if (!tag.empty()) {
    request.custom_data = {{"session", kSession}, {"leg", leg}, {tag, number}};
  }
  return request;
}

void AddProvider(History& history) {
  history.requests = {
      MakeRequest(0.11, "dial", "", "caller", "dial", "1"),
      MakeRequest(2.11, "say", kCallerCall, "caller", "media", "2"),
      MakeRequest(4.11, "play", kCallerCall, "caller", "media", "3"),
      MakeRequest(4.12, "dial", "", "callee-1", "dial", "4"),
      MakeRequest(6.11, "say", kCallerCall, "caller", "media", "5"),
      MakeRequest(10.11, "hangup-conference", "", "", "", ""),
  };
  history.calls = {
      {kCallerCall, false, "447700900700", "conference-1", history.requests[0].custom_data,
       After(0.11), After(10.2)},
      {kCalleeCall, false, "447700900456", "conference-1", history.requests[3].custom_data,
       After(4.12), After(10.2)},
  };
  history.conferences = {{"conference-1", "service/s_1", false}};
  for (const char* type : {"CALL_ESTABLISHED", "PARTICIPANT_JOINED", "CALL_FINISHED"}) {
    for (const char* call : {kCallerCall, kCalleeCall}) {
      history.webhooks.push_back({After(9.1), After(9.2), 200, type, call});
    }
  }
}

bool IsOf(const v1::SessionEvent& event, v1::SessionEvent::EventCase event_case) {
  return event.event_case() == event_case;
}

}  // namespace

base::Time After(double seconds) {
  return base::Time(kBegin) +
         std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds));
}

History GoodHistory() {
  History history;
  const std::vector<v1::SessionEvent> events = TellStory();
  history.readers.push_back({"all", v1::SessionEvent::DETAIL_DIAGNOSTIC, {}, events});
  Reader normal{"normal", v1::SessionEvent::DETAIL_NORMAL, {{"team", "support"}}, {}};
  std::copy_if(events.begin(), events.end(), std::back_inserter(normal.events),
               [](const v1::SessionEvent& event) {
                 return event.detail() == v1::SessionEvent::DETAIL_NORMAL;
               });
  history.readers.push_back(normal);
  history.readers.push_back(
      {"other team", v1::SessionEvent::DETAIL_DIAGNOSTIC, {{"team", "sales"}}, {}});

  history.starts = {{After(0), After(0.05), "r-1", true, kSession},
                    {After(3), After(3.05), "r-1", true, kSession}};
  v1::Session now;
  now.set_session_id(kSession);
  now.set_version(5);
  history.looks = {{After(2), kSession, SessionLook::Result::kFound, 4, now}};
  history.ends = {{After(9.9), After(10.05), kSession, true}};
  AddProvider(history);
  history.collected = After(100);
  history.bounds.session = std::chrono::seconds(60);
  history.rates = {{"dial", 6}, {"", 100}};
  history.taken_numbers = {"442079460001"};
  return history;
}

v1::SessionEvent& EventOf(History& history, v1::SessionEvent::EventCase event_case) {
  auto& events = history.readers.at(0).events;
  const auto found = std::find_if(events.begin(), events.end(), [&](const v1::SessionEvent& event) {
    return IsOf(event, event_case);
  });
  base::Check(found != events.end(), "the good history has such an event");
  return *found;
}

void RemoveEvents(History& history, v1::SessionEvent::EventCase event_case) {
  for (Reader& reader : history.readers) {
    std::erase_if(reader.events,
                  [&](const v1::SessionEvent& event) { return IsOf(event, event_case); });
  }
}

ProviderRequest& RequestOf(History& history, const std::string& operation) {
  const auto found =
      std::find_if(history.requests.begin(), history.requests.end(),
                   [&](const ProviderRequest& request) { return request.operation == operation; });
  base::Check(found != history.requests.end(), "the good history has such a request");
  return *found;
}

}  // namespace callbridge::history
