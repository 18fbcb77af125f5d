#include "tests/simulation/checker.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/base/limits.h"
#include "tests/flow/describe.h"
#include "tests/simulation/commit_rules.h"

namespace callbridge::simulation {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Leg;
using Status = LedgerEntry::Status;
using std::chrono::seconds;

// Invariant 1: offer, the caller's ring, two prompts, the dial queue, the callee's ring, the
// longest talk, and 150 s.
constexpr seconds kWholeMax = seconds(8 + 15 + 2 * 20 + 20 + 15 + 120 + 150);
// 7: after SessionEnding, a dial of unknown fate adds its connectTimeout.
constexpr seconds kGoneMax{60};
constexpr seconds kRing{15};
// 10: the offer's timeout and 15 s.
constexpr seconds kAnswerMax{8 + 15};
// 20: what is stored is stepped at once; a restart and a retry in between.
constexpr seconds kSteppedMax{5};

std::vector<std::string> References(const store::NewInput& input) {
  std::vector<std::string> references;
  if (!input.call_id.empty()) references.push_back("call/" + input.call_id);
  if (!input.session_hint.empty()) references.push_back("session/" + input.session_hint);
  if (!input.conference_id.empty()) references.push_back("conference/" + input.conference_id);
  return references;
}

int RankOf(const v1::SessionEvent& event) {
  if (event.has_music_started()) return 2;
  if (!event.has_prompt_started()) return 0;
  if (event.prompt_started().prompt() == v1::PROMPT_KIND_REQUESTED) return 0;
  if (event.prompt_started().prompt() == v1::PROMPT_KIND_NOTICE) return 0;
  return event.prompt_started().prompt() == v1::PROMPT_KIND_GREETING ? 1 : 3;
}

bool IsMarkedForeign(const internal::v1::ProviderEvent& event) {
  if (event.calls_configuration_id() == "foreign") return true;
  const auto& custom_data = event.call().custom_data();
  return std::any_of(custom_data.begin(), custom_data.end(), [](const auto& entry) {
    return entry.key() == "service" && entry.value() == "neighbour";
  });
}

std::vector<store::CommandKey> TakenWith(const store::SessionCommit& commit) {
  std::vector<store::CommandKey> taken;
  for (const store::ConsumedInput& consumed : commit.consumed) {
    // Any other one was taken before.
    if (!consumed.input.has_command_taken() || consumed.input_id != 0) continue;
    taken.push_back({.session_id = commit.session_id,
                     .number = consumed.input.command_taken().number(),
                     .attempt = consumed.input.command_taken().attempt()});
  }
  return taken;
}

}  // namespace

Checker::Checker(const simulator::Model& model, const base::Clock& clock, Trace& trace)
    : model_(model), clock_(clock), trace_(trace) {}

WatchedSession& Checker::Find(const std::string& session_id) {
  WatchedSession& watched = chronicle_.sessions[session_id];
  watched.session_id = session_id;
  return watched;
}

void Checker::Fail(int invariant, std::string text) {
  trace_.Remark(now(), "VIOLATION", text);
  violations_.Add(now(), invariant, std::move(text));
}

void Checker::Expect(int invariant, bool holds, const std::string& session_id,
                     const std::string& text) {
  if (!holds) Fail(invariant, absl::StrCat(session_id, ": ", text));
}

void Checker::Owe(int invariant, std::string what, base::Duration bound,
                  std::function<bool()> fulfilled) {
  obligations_.Add({invariant, std::move(what), now(), bound, std::move(fulfilled)});
}

void Checker::OnAppended(const std::vector<store::NewInput>& inputs,
                         const std::vector<store::Appended>& appended) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const store::NewInput& input = inputs[i];
    const bool parked = appended[i].result == store::Appended::Result::kParked;
    const bool taken_up = parked || appended[i].result == store::Appended::Result::kStored;
    if (taken_up && !input.dedupe_key.empty()) {
      Expect(21, chronicle_.dedupe_keys.insert(input.dedupe_key).second, appended[i].session_id,
             "the same event is taken up twice");
    }
    Expect(20,
           appended[i].result != store::Appended::Result::kDuplicate ||
               chronicle_.dedupe_keys.contains(input.dedupe_key),
           appended[i].session_id, "an event that was never taken up counts as a duplicate");
    const internal::v1::ProviderEvent& event = input.input.has_incoming_call()
                                                   ? input.input.incoming_call().event()
                                                   : input.input.provider_event();
    // Some events do not say whose they are; nobody ever owns them.
    const bool foreign = IsMarkedForeign(event) || (!parked && foreign_.contains(event.call_id()));
    Expect(11, !taken_up || !foreign, appended[i].session_id,
           absl::StrCat("an event of a foreign call is taken up: ", event.call_id()));
    if (parked) {
      chronicle_.parked.push_back(
          {References(input), now(), input.input.provider_event().SerializeAsString()});
    }
    if (appended[i].result != store::Appended::Result::kStored) continue;
    const std::string& session_id = appended[i].session_id;
    WatchedSession& watched = Find(session_id);
    const std::int64_t input_id = appended[i].input_id;
    watched.waiting.insert(input_id);
    trace_.Note(
        now(), "inbox",
        absl::StrCat(session_id, " ", input_id, " ", static_cast<int>(input.input.input_case())));
    Owe(20, absl::StrCat(session_id, ": input ", input_id, " is stepped"), kSteppedMax,
        [&watched, input_id] { return !watched.waiting.contains(input_id); });
    if (!input.request_id.empty()) chronicle_.requests.emplace(input.request_id, session_id);
    const bool begins = input.input.has_incoming_call() || input.input.has_start_bridge();
    if (begins && !watched.begun()) {
      Owe(1, absl::StrCat(session_id, ": it ends"), kWholeMax,
          [&watched] { return watched.ended(); });
    }
    if (input.input.has_incoming_call()) {
      Owe(10, absl::StrCat(session_id, ": the incoming call is answered, rejected or gone"),
          kAnswerMax, [&watched] {
            const Leg* caller = CallerOf(watched.session);
            return watched.ended() || watched.ending_time.has_value() ||
                   (caller != nullptr && caller->state() >= v1::Leg::STATE_ANSWERED);
          });
    }
  }
}

void Checker::OnCommitted(const std::vector<store::SessionCommit>& commits,
                          const std::vector<absl::Status>& statuses) {
  for (std::size_t i = 0; i < commits.size(); ++i) {
    if (!statuses[i].ok()) continue;
    Accept(commits[i]);
    const std::vector<store::CommandKey> taken = TakenWith(commits[i]);
    Expect(16, taken.size() == commits[i].taken_commands.size(), commits[i].session_id,
           "a commit takes a command and does not step that");
    OnTaken(taken);
  }
}

void Checker::Accept(const store::SessionCommit& commit) {
  WatchedSession& watched = Find(commit.session_id);
  CheckCommit(watched, commit, now(), violations_);
  const WatchedSession before = watched;
  watched.revision = commit.expected_revision + 1;
  watched.session = commit.session;
  trace_.Note(now(), "commit",
              absl::StrCat(commit.session_id, " ", watched.revision, " ", PhaseName(commit.session),
                           " ", commit.consumed.size()));
  for (const store::ConsumedInput& consumed : commit.consumed) {
    const CommandResult& result = consumed.input.command_result();
    if (result.verdict() == CommandResult::VERDICT_EXPIRED) {
      watched.ledger[result.number()].status = Status::kSettled;
    }
    if (consumed.input_id != 0 && watched.waiting.erase(consumed.input_id) == 0) {
      Unpark(consumed.input);
    }
  }
  AcceptCommands(watched, commit);
  for (const v1::SessionEvent& event : commit.events) AcceptEvent(watched, event);
  OweStopPlay(commit.session_id, before);
  if (watched.session.outcome().reason() == v1::END_REASON_INTERNAL) {
    // Two servers that died between the mark of a session and its commit condemn it: that cannot be
    // told from its fault.
    const bool condemned = crashes_ >= 2 && absl::StrContains(watched.session.outcome().summary(),
                                                              "stepping it ended the server");
    Expect(kUnnumbered, before.ending_time || condemned, commit.session_id,
           absl::StrCat("INTERNAL: ", watched.session.outcome().summary()));
  }
}

void Checker::AcceptCommands(WatchedSession& watched, const store::SessionCommit& commit) {
  for (const Command& command : commit.commands) {
    const auto found = watched.ledger.find(command.number());
    const bool again = found != watched.ledger.end();
    Expect(16, !again || found->second.command.attempt() < command.attempt(), commit.session_id,
           absl::StrCat("command ", command.number(), " has the same attempt twice"));
    Expect(16, !again || found->second.status == Status::kSettled, commit.session_id,
           absl::StrCat("command ", command.number(), " is issued again before it is settled"));
    LedgerEntry& entry = watched.ledger[command.number()];
    entry.command = command;
    entry.status = Status::kPending;
    trace_.Remark(now(), "command",
                  absl::StrCat(commit.session_id, " ", flow::DescribeCommand(command)));
  }
  for (const std::int32_t number : commit.cancelled_commands) {
    LedgerEntry& entry = watched.ledger[number];
    Expect(16, entry.status == Status::kPending, commit.session_id,
           absl::StrCat("command ", number, " is cancelled and is not pending"));
    entry.status = Status::kCancelled;
  }
  for (const std::int32_t number : commit.released_commands) {
    watched.ledger[number].released = true;
  }
}

void Checker::AcceptEvent(WatchedSession& watched, const v1::SessionEvent& event) {
  watched.events.push_back(event.SerializeAsString());
  if (trace_.keeps_lines()) {
    trace_.Remark(now(), "event",
                  absl::StrCat(watched.session_id, " ", flow::DescribeEvent(event)));
  }
  AcceptSoundOfAClient(watched, event);
  const int rank = RankOf(event);
  // Music may be started again while it rings; a prompt comes once.
  Expect(12,
         rank == 0 || rank > watched.prompt_rank || (rank == 2 && watched.prompt_rank == 2) ||
             (rank == 3 && watched.prompt_rank == 3 &&
              event.prompt_started().prompt() == v1::PROMPT_KIND_ANNOUNCEMENT),
         watched.session_id, "a prompt or music comes out of order");
  watched.prompt_rank = std::max(watched.prompt_rank, rank);
  if (event.has_session_ended()) watched.ended_time = now();
  if (!event.has_session_ending()) return;
  watched.ending_time = now();
  const base::Duration bound =
      kGoneMax + (watched.dial_unknown ? base::Duration(kRing) : base::Duration{});
  const std::string session_id = watched.session_id;
  Owe(7, session_id + ": its calls and its conference are gone", bound,
      [this, session_id] { return !SomethingAlive(session_id); });
}

// 30: what a client asked for begins at most once for each leg, and its end is told once.
void Checker::AcceptSoundOfAClient(WatchedSession& watched, const v1::SessionEvent& event) {
  const auto expect = [&](const auto& asked) {
    for (const std::string& leg_id : asked.leg_ids()) {
      watched.outstanding.insert(leg_id + " " + asked.request_id());
    }
  };
  const auto end = [&](const std::string& leg_id, const std::string& request_id) {
    Expect(30, watched.outstanding.erase(leg_id + " " + request_id) == 1, watched.session_id,
           absl::StrCat("the end of ", request_id, " is told for ", leg_id, " and is not due"));
  };
  if (event.has_prompt_requested()) expect(event.prompt_requested());
  if (event.has_digits_requested()) {
    watched.outstanding.insert(event.digits_requested().leg_id() + " " +
                               event.digits_requested().request_id());
  }
  if (event.prompt_started().prompt() == v1::PROMPT_KIND_REQUESTED) {
    const std::string sound =
        event.prompt_started().leg_id() + " " + event.prompt_started().request_id();
    Expect(30, watched.outstanding.contains(sound) && watched.begun_sounds.insert(sound).second,
           watched.session_id, absl::StrCat("a sound begins that is not due: ", sound));
  }
  if (event.prompt_finished().prompt() == v1::PROMPT_KIND_REQUESTED) {
    end(event.prompt_finished().leg_id(), event.prompt_finished().request_id());
  }
  if (event.has_digits_received()) {
    end(event.digits_received().leg_id(), event.digits_received().request_id());
  }
  if (event.has_digits_sent()) {
    end(event.digits_sent().leg_id(), event.digits_sent().request_id());
  }
  if (!event.has_session_ended()) return;
  for (const std::string& sound : watched.outstanding) {
    // Keys that were on their way when the session ended are told by nobody.
    const bool sent =
        std::any_of(watched.ledger.begin(), watched.ledger.end(), [&sound](const auto& row) {
          const Command& command = row.second.command;
          return command.has_send_digits() &&
                 sound == command.leg_id() + " " + command.send_digits().request_id();
        });
    Expect(30, sent, watched.session_id, absl::StrCat("the end is never told of ", sound));
  }
}

void Checker::Unpark(const Input& input) {
  const std::string event = input.provider_event().SerializeAsString();
  const auto found =
      std::find_if(chronicle_.parked.begin(), chronicle_.parked.end(),
                   [&event](const ParkedInput& parked) { return parked.event == event; });
  if (found != chronicle_.parked.end()) chronicle_.parked.erase(found);
}

// 13: the music stops when the callee has answered.
void Checker::OweStopPlay(const std::string& session_id, const WatchedSession& before) {
  const auto answered = [](const internal::v1::Session& session) {
    return std::any_of(session.legs().begin(), session.legs().end(), [&session](const Leg& leg) {
      return IsCallee(leg) && IsAliveAndAnswered(leg) && !leg.unwanted() &&
             !MayHearNotice(session, leg);
    });
  };
  WatchedSession& watched = Find(session_id);
  // The command of the music that the caller hears; 0: none is heard.
  const auto music = [](const internal::v1::Session& session) {
    for (const internal::v1::Lane& lane : session.lanes()) {
      const bool plays = lane.content() == internal::v1::Lane::CONTENT_MUSIC &&
                         lane.state() != internal::v1::Lane::STATE_UNSPECIFIED;
      if (plays) return lane.command();
    }
    return 0;
  };
  if (answered(before.session) || !answered(watched.session) || music(watched.session) == 0) return;
  if (watched.ending_time) return;
  const std::int32_t head = music(watched.session);
  Owe(13, session_id + ": stop-play leaves after the callee answered", seconds(2),
      [&watched, music, head] {
        if (watched.ending_time || music(watched.session) != head) return true;
        return std::any_of(watched.ledger.begin(), watched.ledger.end(), [head](const auto& row) {
          return row.second.command.has_stop_play() && row.first > head && !row.second.sent.empty();
        });
      });
}

void Checker::OnStarted(const std::string& request_id, const std::string& session_id) {
  const auto [known, fresh] = chronicle_.requests.emplace(request_id, session_id);
  Expect(2, fresh || known->second == session_id, session_id,
         absl::StrCat("request ", request_id, " had session ", known->second, " before"));
  Expect(1, chronicle_.sessions.contains(session_id), session_id,
         "StartBridge was answered OK, and nothing is stored");
}

void Checker::OnEndAccepted(const std::string& session_id) {
  WatchedSession& watched = Find(session_id);
  Owe(28, session_id + ": SessionEnding after EndSession", seconds(1),
      [&watched] { return watched.ending_time.has_value(); });
  Owe(28, session_id + ": every hangup is issued after EndSession", seconds(2), [&watched] {
    if (!watched.ending_time) return false;
    return std::none_of(watched.ledger.begin(), watched.ledger.end(), [](const auto& row) {
      const Command& command = row.second.command;
      return row.second.status == Status::kPending && !command.has_not_before_time() &&
             (command.has_hang_up_call() || command.has_hang_up_conference());
    });
  });
}

void Checker::OnEventSeen(const v1::SessionEvent& event, std::optional<std::int32_t> version) {
  const WatchedSession& watched = Find(event.session_id());
  const auto index = static_cast<std::size_t>(event.sequence()) - 1;
  const bool known = index < watched.events.size();
  Expect(23, known, event.session_id(), "a reader got an event that was never committed");
  if (known) {
    v1::SessionEvent stored;
    stored.ParseFromString(watched.events[index]);
    Expect(3, stored.event_id() == event.event_id() && stored.event_case() == event.event_case(),
           event.session_id(), absl::StrCat("event ", event.sequence(), " has changed"));
  }
  Expect(27, !version || *version >= event.sequence(), event.session_id(),
         absl::StrCat("event ", event.sequence(), " was seen, and GetSession is behind"));
}

bool Checker::SomethingAlive(const std::string& session_id) const {
  const WatchedSession& watched = chronicle_.sessions.at(session_id);
  const std::set<std::string> references = ReferencesOf(watched);
  for (const auto& [number, call] : model_.world().calls.things()) {
    if (call.ended()) continue;
    const auto session = call.custom_data.find("session");
    const bool ours = session != call.custom_data.end() && session->second == session_id;
    if (ours || references.contains("call/" + call.id)) return true;
  }
  for (const auto& [number, conference] : model_.world().conferences.things()) {
    if (!conference.ended() && conference.name.ends_with("/" + session_id)) return true;
  }
  return false;
}

void Checker::Check(const std::optional<base::Time>& calm_since) {
  obligations_.Check(now(), calm_since, violations_);
}

}  // namespace callbridge::simulation
