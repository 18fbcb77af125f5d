// What a run of Callbridge left behind, collected from outside: what readers of StreamEvents read,
// what callers were answered, what the provider was asked, what it posted and what is true there.
// Plain data; the invariants read it and nothing else, so that any run can be judged, whoever made
// it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "callbridge/v1/event.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::history {

// One client of StreamEvents that began at the beginning and resumed with its last token whenever
// its stream ended.
struct Reader {
  std::string name;
  v1::SessionEvent::Detail detail = v1::SessionEvent::DETAIL_DIAGNOSTIC;
  std::map<std::string, std::string> labels;
  // As they came, over all its streams.
  std::vector<v1::SessionEvent> events;
};

// One StartBridge with all its repetitions until it was accepted or refused for good.
struct StartAnswer {
  base::Time asked;
  base::Time answered;
  std::string request_id;
  // False: refused, or nobody answered.
  bool accepted = false;
  std::string session_id;
};

// One GetSession, or one ListSessions that should find the session.
struct SessionLook {
  enum class Result { kFound, kNotFound, kUnanswered };
  base::Time asked;
  std::string session_id;
  Result result = Result::kUnanswered;
  // The highest sequence of the session that this client had read before it asked.
  std::int32_t seen_sequence = 0;
  v1::Session session;
};

struct EndAnswer {
  base::Time asked;
  base::Time answered;
  std::string session_id;
  bool accepted = false;
};

// A request as the provider received it.
struct ProviderRequest {
  base::Time at;
  // "dial", "say", "hangup" …
  std::string operation;
  std::string method;
  // 0: the connection was reset instead of an answer.
  int status = 0;
  // Of its path; empty if it names none.
  std::string call_id;
  // The customData that it gives to the call or to the sound.
  std::map<std::string, std::string> custom_data;
};

struct ProviderCall {
  std::string id;
  bool inbound = false;
  std::string to;
  std::string conference_id;
  std::map<std::string, std::string> custom_data;
  base::Time begin;
  // Absent: it is alive.
  std::optional<base::Time> end;
};

struct ProviderConference {
  std::string id;
  std::string name;
  bool open = false;
};

// One POST to the ingress and how it was answered.
struct Webhook {
  base::Time posted;
  base::Time answered;
  // 0: no answer.
  int status = 0;
  std::string type;
  std::string call_id;
};

// Something was away or stood still on purpose. Bounds are longer by all outages in
// them; outages that overlap count once.
struct Outage {
  base::Time begin;
  base::Time end;
  // Requests that it kept waiting arrive together when it is back, so that no rate can be read from
  // their arrival.
  bool of_provider = false;
};

struct Bounds {
  // 1: from the answer of StartBridge to SessionEnded. By invariant 1 for the settings and people
  // of the run.
  base::Duration session{};
  // 7.
  base::Duration alive_after_ending = std::chrono::seconds(60);
  // 8: for so long a dial without a certain answer may still produce a leg; the last look for a
  // lost dial.
  base::Duration dial_unknown = std::chrono::seconds(20);
  // 9: a dial that was taken leaves within this time or not at all.
  base::Duration send_by = std::chrono::seconds(1);
  // 28.
  base::Duration ending_after_request = std::chrono::seconds(1);
  base::Duration hangup_after_request = std::chrono::seconds(2);
  // What an outage costs beyond its length: the start of a program, timers that wait after it,
  // requests that ran into it.
  base::Duration recovery{};
  // What a loaded machine adds to every bound.
  base::Duration slack{};
};

struct History {
  std::vector<Reader> readers;
  std::vector<StartAnswer> starts;
  std::vector<SessionLook> looks;
  std::vector<EndAnswer> ends;

  std::vector<ProviderRequest> requests;
  std::vector<ProviderCall> calls;
  std::vector<ProviderConference> conferences;
  std::vector<Webhook> webhooks;

  std::vector<Outage> outages;
  // When everything above was collected.
  base::Time collected;

  Bounds bounds;
  // Requests per second by operation; "" is every other one.
  std::map<std::string, int> rates;
  // Numbers whose incoming calls are the service's to take, as the provider writes them.
  std::set<std::string> taken_numbers;
};

}  // namespace callbridge::history
