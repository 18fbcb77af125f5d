// What the provider's documentation leaves open, as named switches: each is a fact that
// docs/provider.md §9 says are not documented, and the golden flows run
// with every position of each. A switch changes the provider, never breaks it: what goes wrong on
// the way stands in faults.h.
#pragma once

#include <vector>

#include "tests/simulator/named.h"

namespace callbridge::simulator {

enum class StopPlayScope { kCall, kConference, kBoth };
enum class IdleStopPlay { kSilent, kRefused, kEvent };
enum class Overlap { kQueue, kReplace, kRefuse, kError };
enum class GoneStatus { kNotFound, kBadRequest };
enum class SecondAccepted { kRefused, kAccepted };
enum class CustomData { kMerge, kReplace };
enum class JoinFailedOrder { kJoinFailedFirst, kCallFailedFirst };
enum class EstablishedOrder { kEstablishedFirst, kJoinedFirst };
enum class FinishedOrder { kByCause, kFinishedFirst, kRemovedFirst };
enum class ActionStatus { kInProgress, kPending, kCompleted };
enum class BaseUrlForm { kFull, kSlash, kHost, kAbsent };
enum class SayTooEarly { kError, kRefused };
enum class TerminalState { kPrecise, kFailed };
enum class ReceivedState { kRinging, kCalling };
enum class EmptyConference { kStays, kEnds };
enum class ListOrder { kNewestFirst, kOldestFirst };
enum class AddBeforeEstablished { kWaits, kRefused };
enum class FinishedCustomData { kCall, kAbsent };
enum class ConferenceSound { kOnce, kEach };
enum class UnknownConfiguration { kNotFound, kFailsCalls };
enum class FailedLegConferences { kAbsent, kEmpty, kPresent };
enum class AnswerParticipants { kEmpty, kFull };
enum class AbandonedState { kNoAnswer, kCancelled };
enum class ThrottleBody { kNew, kOld };
enum class SayLimit { kNone, k1400 };
enum class MissingFile { kPlays, kNotFound, kBadRequest, kError };

struct Switches {
  StopPlayScope stop_play_scope = StopPlayScope::kCall;
  bool stop_play_stops_say = true;
  IdleStopPlay idle_stop_play = IdleStopPlay::kSilent;
  bool interrupted_sound_finishes = true;
  bool finished_on_hangup = false;
  Overlap overlap = Overlap::kQueue;
  SayTooEarly say_too_early = SayTooEarly::kError;
  FinishedCustomData finished_custom_data = FinishedCustomData::kCall;
  ConferenceSound conference_sound = ConferenceSound::kOnce;
  GoneStatus ended_call = GoneStatus::kNotFound;
  GoneStatus ended_conference = GoneStatus::kNotFound;
  bool get_finds_ended = false;
  bool history_has_live = false;
  SecondAccepted second_answer = SecondAccepted::kRefused;
  SecondAccepted second_add = SecondAccepted::kRefused;
  AddBeforeEstablished add_before_established = AddBeforeEstablished::kWaits;
  CustomData custom_data = CustomData::kReplace;
  bool ringing_in_conference = true;
  bool conference_hangup_reaches_ringing = true;
  JoinFailedOrder join_failed_order = JoinFailedOrder::kJoinFailedFirst;
  bool join_failed_sent = true;
  bool call_failed_sent = true;
  bool joining_sent = true;
  bool ringing_sent = true;
  bool removed_sent = true;
  EstablishedOrder established_order = EstablishedOrder::kEstablishedFirst;
  FinishedOrder finished_order = FinishedOrder::kByCause;
  bool conference_finished_first = false;
  EmptyConference last_participant_left = EmptyConference::kEnds;
  EmptyConference lone_participant = EmptyConference::kStays;
  bool early_media = false;
  ActionStatus action_status = ActionStatus::kInProgress;
  BaseUrlForm api_base_url = BaseUrlForm::kFull;
  bool sticky_base_url = false;
  TerminalState failed_state = TerminalState::kPrecise;
  ReceivedState received_state = ReceivedState::kRinging;
  bool call_events_name_conference = false;
  ListOrder list_order = ListOrder::kNewestFirst;
  bool post_adds_call = false;
  bool plus_in_numbers = false;
  bool throttles = false;
  UnknownConfiguration unknown_configuration = UnknownConfiguration::kNotFound;
  FailedLegConferences failed_leg_conference_ids = FailedLegConferences::kAbsent;
  AnswerParticipants answer_participants = AnswerParticipants::kEmpty;
  AbandonedState abandoned_state = AbandonedState::kNoAnswer;
  ThrottleBody throttle_body = ThrottleBody::kNew;
  SayLimit say_limit = SayLimit::kNone;
  bool legacy_applications = false;
  MissingFile missing_file = MissingFile::kPlays;
};

// New rows come last: the simulated worlds draw switches by their place.
const std::vector<Named<Switches>>& SwitchRows();

}  // namespace callbridge::simulator
