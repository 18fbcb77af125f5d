#include "server/flow/recordings.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "server/base/limits.h"
#include "server/flow/conference_facts.h"
#include "server/flow/legs.h"
#include "server/flow/notice_facts.h"
#include "server/flow/retry.h"

namespace callbridge::flow {
namespace {

using internal::v1::Recordings;

// After this many commands that nothing confirmed, the start or stop is given up.
constexpr int kAttemptsMax = 6;
// The provider refuses a stop with these if nothing is recorded, or the call or conference is over
// (docs/provider.md §3.6).
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
// A look for files that failed is made again after a fourth of the time since the end.
constexpr int kLookPauses = 4;

bool IsWanted(const Session& session, const Recorder& recorder) {
  const Recordings& wanted = session.recordings();
  return recorder.recording().mode() == wanted.mode_wanted() &&
         recorder.beep() == wanted.beep_wanted();
}

const OpenCommand* OpenStart(const Session& session, const std::string& recording_id) {
  for (const OpenCommand& open : session.open_commands()) {
    if (open.command().start_recording().recording_id() == recording_id) return &open;
  }
  return nullptr;
}

const OpenCommand* OpenStop(const Session& session, const std::string& recording_id) {
  for (const OpenCommand& open : session.open_commands()) {
    if (open.command().stop_recording().recording_id() == recording_id) return &open;
  }
  return nullptr;
}

void Remove(Orders& orders, const std::string& recording_id) {
  orders.ClearTimer(Timer::KIND_RECORDING, recording_id);
  auto& recorders = *orders.recordings().mutable_recorders();
  for (int i = recorders.size() - 1; i >= 0; --i) {
    if (recorders[i].recording().recording_id() != recording_id) continue;
    recorders.DeleteSubrange(i, 1);
    // Ids are unique. This one may have been the deleted recorder's own.
    return;
  }
}

void AwaitConfirmation(Orders& orders, const Recorder& recorder) {
  const Duration first = base::FromProtoDuration(orders.timing().recording_confirm());
  const Duration most = base::FromProtoDuration(orders.timing().hangup_backoff_max());
  orders.SetTimer(Timer::KIND_RECORDING, recorder.recording().recording_id(),
                  orders.now() + base::Doubled(first, recorder.attempts() - 1, most));
}

// Returns a command about what is recorded: the conference, or the call of a leg.
Command MakeCommand(Orders& orders, const Recorder& recorder) {
  Command command;
  const Leg* leg = FindLeg(orders, recorder.recording().leg_id());
  command.set_base_url(leg == nullptr ? orders.session().conference().base_url() : leg->base_url());
  if (leg == nullptr) return command;
  command.set_leg_id(leg->leg_id());
  command.set_dial(leg->dial());
  return command;
}

template <typename Action>
void SetTarget(const Recorder& recorder, Action& action) {
  const v1::Recording& recording = recorder.recording();
  action.set_recording_id(recording.recording_id());
  if (recording.leg_id().empty()) {
    action.set_conference_id(recording.provider_id());
  } else {
    action.set_call_id(recording.provider_id());
  }
}

void IssueStart(Orders& orders, Recorder& recorder) {
  recorder.set_attempts(recorder.attempts() + 1);
  Command command = MakeCommand(orders, recorder);
  SetTarget(recorder, *command.mutable_start_recording());
  command.mutable_start_recording()->set_beep(recorder.beep());
  orders.ClearTimer(Timer::KIND_RECORDING, recorder.recording().recording_id());
  orders.Issue(command);
}

void IssueStop(Orders& orders, Recorder& recorder) {
  if (recorder.progress() != Recorder::PROGRESS_STOPPING) recorder.set_attempts(0);
  recorder.set_progress(Recorder::PROGRESS_STOPPING);
  recorder.set_accepted(false);
  recorder.set_attempts(recorder.attempts() + 1);
  Command command = MakeCommand(orders, recorder);
  SetTarget(recorder, *command.mutable_stop_recording());
  orders.ClearTimer(Timer::KIND_RECORDING, recorder.recording().recording_id());
  orders.Issue(command);
}

void GiveUpStop(Orders& orders, Recorder& recorder, const v1::ProviderError* error) {
  recorder.set_progress(Recorder::PROGRESS_ON);
  recorder.set_unstoppable(true);
  if (!recorder.told_on()) NoteStarted(orders, recorder, orders.learned(), true);
  NoteFailure(orders, recorder, v1::RECORDING_FAILURE_STOP_FAILED, error);
}

void Start(Orders& orders, v1::RecordingMode mode, const Leg* leg) {
  Recorder& recorder = AddRecorder(orders, mode, leg);
  recorder.set_progress(Recorder::PROGRESS_STARTING);
  recorder.set_beep(orders.session().recordings().beep_wanted());
  *recorder.mutable_issue_time() = base::ToTimestamp(orders.now());
  IssueStart(orders, recorder);
}

// Wants what the plan says, once its moment has come. A client may have said something else before.
void DecideByPlan(Orders& orders) {
  const Session& session = orders.session();
  const v1::RecordingPlan& plan = session.plan().recording();
  if (plan.mode() == v1::RECORDING_MODE_UNSPECIFIED || session.recordings().decided()) return;
  const bool joined = plan.start() == v1::RecordingPlan::START_JOINED && IsJoined(Caller(orders));
  const bool by_itself = plan.start() != v1::RecordingPlan::START_REQUESTED;
  if (!joined && !(by_itself && session.has_connect_time())) return;
  WantRecording(orders, plan.mode(), plan.beep());
}

// Takes back a start that has not left, or stops what may be on. A start in flight is answered
// first.
void Stop(Orders& orders, Recorder& recorder) {
  const std::string id = recorder.recording().recording_id();
  const OpenCommand* start = OpenStart(orders.session(), id);
  if (recorder.progress() == Recorder::PROGRESS_STARTING && start != nullptr) {
    if (start->status() != Command::STATUS_PENDING) return;
    orders.Cancel(start->command().number());
    if (!recorder.doubted()) return Remove(orders, id);
  }
  const bool stops = recorder.progress() == Recorder::PROGRESS_STOPPING;
  if (!stops && !recorder.unstoppable()) IssueStop(orders, recorder);
}

void StopUnwanted(Orders& orders) {
  auto& recorders = *orders.recordings().mutable_recorders();
  for (int i = recorders.size() - 1; i >= 0; --i) {
    if (IsLive(recorders[i]) && !IsWanted(orders.session(), recorders[i])) {
      Stop(orders, recorders[i]);
    }
  }
}

// The recording of a call ends with the call.
void EndThoseOfEndedLegs(Orders& orders) {
  auto& recorders = *orders.recordings().mutable_recorders();
  for (int i = recorders.size() - 1; i >= 0; --i) {
    const Leg* leg = FindLeg(orders, recorders[i].recording().leg_id());
    if (leg == nullptr || !IsEnded(*leg) || !IsLive(recorders[i])) continue;
    if (MayHaveBegun(orders, recorders[i])) {
      NoteStopped(orders, recorders[i], orders.learned(), true);
    } else {
      Stop(orders, recorders[i]);
    }
  }
}

// Takes back a stop that has not left, of a recording that is wanted again.
void KeepWanted(Orders& orders) {
  for (Recorder& recorder : *orders.recordings().mutable_recorders()) {
    const bool stops = recorder.progress() == Recorder::PROGRESS_STOPPING;
    if (!stops || !recorder.told_on() || !IsWanted(orders.session(), recorder)) continue;
    const OpenCommand* stop = OpenStop(orders.session(), recorder.recording().recording_id());
    const bool sent = recorder.attempts() > 1 || stop == nullptr || stop->command().attempt() > 1 ||
                      stop->status() != Command::STATUS_PENDING;
    if (sent) continue;
    orders.Cancel(stop->command().number());
    recorder.set_progress(Recorder::PROGRESS_ON);
    recorder.set_attempts(0);
  }
}

// True if the target is recorded, or was, for the present wish.
bool IsServed(Orders& orders, const std::string& leg_id) {
  const Recorder* last = LastRecorder(orders, leg_id);
  return last != nullptr && (IsLive(*last) || last->wish() == orders.session().recordings().wish());
}

void StartWanted(Orders& orders) {
  const Session& session = orders.session();
  const Recordings& recordings = session.recordings();
  const auto& recorders = recordings.recorders();
  if (recordings.mode_wanted() == v1::RECORDING_MODE_UNSPECIFIED || !IsConferenceKnown(session)) {
    return;
  }
  if (!MayRecord(session)) return;
  // Two recordings in different modes never run at the same time.
  const bool busy = std::any_of(recorders.begin(), recorders.end(), [&](const Recorder& recorder) {
    return IsLive(recorder) && !IsWanted(session, recorder);
  });
  if (busy) return;
  const v1::RecordingMode mode = recordings.mode_wanted();
  for (Leg& leg : orders.legs()) {
    if (!IsJoined(leg) || leg.unwanted()) continue;
    if (recorders.size() >= base::kRecordingsPerSessionMax) return;
    const Leg* target = mode == v1::RECORDING_MODE_LEGS ? &leg : nullptr;
    if (IsServed(orders, target == nullptr ? std::string() : leg.leg_id())) continue;
    Start(orders, mode, target);
  }
}

// Handles the answer to a start when its outcome no longer matters for what is wanted: an event has
// told more, the call is over, or the session ends. A start that certainly made no recording leaves
// none to look for.
void NoteUnawaited(Orders& orders, Recorder& recorder, const CommandResult& result) {
  const bool unseen = !recorder.shown() && !recorder.accepted() && !recorder.doubted();
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      recorder.set_accepted(true);
      return;
    case CommandResult::VERDICT_UNKNOWN:
      recorder.set_doubted(true);
      return;
    default:
      if (unseen) Remove(orders, recorder.recording().recording_id());
      return;
  }
}

bool AwaitFiles(const Session& session) {
  const auto& recorders = session.recordings().recorders();
  return std::any_of(recorders.begin(), recorders.end(), &AwaitsFiles);
}

}  // namespace

void WantRecording(Orders& orders, v1::RecordingMode mode, bool beep) {
  Recordings& recordings = orders.recordings();
  recordings.set_decided(true);
  recordings.set_mode_wanted(mode);
  recordings.set_beep_wanted(beep);
  for (Recorder& recorder : *recordings.mutable_recorders()) recorder.set_unstoppable(false);
  if (mode == v1::RECORDING_MODE_UNSPECIFIED) return;
  recordings.set_wish(recordings.wish() + 1);
  for (Leg& leg : orders.legs()) {
    if (leg.has_notice()) leg.mutable_notice()->set_attempts(0);
  }
}

bool IsRecordedOtherwise(const Session& session, v1::RecordingMode mode, bool beep) {
  const Recordings& recordings = session.recordings();
  if (recordings.mode_wanted() == v1::RECORDING_MODE_UNSPECIFIED) return false;
  return recordings.mode_wanted() != mode || recordings.beep_wanted() != beep;
}

void SettleRecordings(Orders& orders) {
  const Session& session = orders.session();
  if (session.has_ended() && session.has_recordings() && !AwaitFiles(session)) {
    orders.ClearTimers(Timer::KIND_RECORDING_LOOK);
  }
  if (!IsActive(session) || session.has_offered() || session.legs_size() == 0) return;
  DecideByPlan(orders);
  if (!session.has_recordings()) return;
  EndThoseOfEndedLegs(orders);
  KeepWanted(orders);
  StopUnwanted(orders);
  StartWanted(orders);
}

void OnStartRecordingResult(Orders& orders, OpenCommand& open, const CommandResult& result) {
  const Command command = open.command();
  const std::string& id = command.start_recording().recording_id();
  Recorder* recorder = FindRecorder(orders, id);
  const bool active = IsActive(orders.session());
  const bool starting = recorder != nullptr && recorder->progress() == Recorder::PROGRESS_STARTING;
  if (IsCertainFailure(result) && starting && active && IsWanted(orders.session(), *recorder)) {
    return RetryCertainFailure(orders, open, result);
  }
  orders.Close(command.number());
  if (recorder == nullptr) return;
  if (!starting || !active) return NoteUnawaited(orders, *recorder, result);
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      recorder->set_accepted(true);
      break;
    case CommandResult::VERDICT_REFUSED:
      // An earlier start may have had its effect. Then this refusal says that it is on already.
      if (recorder->doubted()) return NoteStarted(orders, *recorder, orders.learned(), true);
      return NoteFailure(orders, *recorder, v1::RECORDING_FAILURE_START_REFUSED,
                         result.has_error() ? &result.error() : nullptr);
    case CommandResult::VERDICT_UNKNOWN:
      recorder->set_doubted(true);
      break;
    default:
      if (!recorder->doubted()) return Remove(orders, id);
      break;
  }
  AwaitConfirmation(orders, *recorder);
}

void OnStopRecordingResult(Orders& orders, OpenCommand& open, const CommandResult& result) {
  const Command command = open.command();
  const std::string& id = command.stop_recording().recording_id();
  Recorder* recorder = FindRecorder(orders, id);
  const bool stops = recorder != nullptr && recorder->progress() == Recorder::PROGRESS_STOPPING;
  if (!stops || !IsActive(orders.session())) return orders.Close(command.number());
  if (IsCertainFailure(result)) return RetryCertainFailure(orders, open, result);
  orders.Close(command.number());
  if (result.verdict() == CommandResult::VERDICT_REFUSED) {
    const bool nothing_on =
        result.http_status() == kBadRequest || result.http_status() == kNotFound;
    if (nothing_on) return NoteStopped(orders, *recorder, orders.learned(), true);
    return GiveUpStop(orders, *recorder, result.has_error() ? &result.error() : nullptr);
  }
  recorder->set_accepted(result.verdict() == CommandResult::VERDICT_DONE);
  AwaitConfirmation(orders, *recorder);
}

void OnRecordingTimer(Orders& orders, const std::string& recording_id) {
  Recorder* recorder = FindRecorder(orders, recording_id);
  if (recorder == nullptr) return;
  const bool given_up = recorder->attempts() >= kAttemptsMax;
  switch (recorder->progress()) {
    case Recorder::PROGRESS_STARTING:
      if (recorder->accepted()) return NoteStarted(orders, *recorder, orders.learned(), true);
      if (!given_up) return IssueStart(orders, *recorder);
      return NoteFailure(orders, *recorder, v1::RECORDING_FAILURE_START_UNCONFIRMED, nullptr);
    case Recorder::PROGRESS_STOPPING:
      if (recorder->accepted()) return NoteStopped(orders, *recorder, orders.learned(), true);
      if (!given_up) return IssueStop(orders, *recorder);
      return GiveUpStop(orders, *recorder, nullptr);
    default:
      return;
  }
}

void SetRecordingLooks(Orders& orders) {
  if (!AwaitFiles(orders.session())) return;
  const internal::v1::Timing& timing = orders.timing();
  for (int i = 0; i < timing.recording_looks_size(); ++i) {
    orders.SetTimer(Timer::KIND_RECORDING_LOOK, absl::StrCat(i),
                    orders.now() + base::FromProtoDuration(timing.recording_looks(i)));
  }
}

void OnRecordingLookTimer(Orders& orders) {
  std::set<std::string> asked;
  for (const OpenCommand& open : orders.session().open_commands()) {
    if (!open.command().has_look_at_recording()) continue;
    asked.insert(open.command().leg_id());
  }
  for (const Recorder& recorder : orders.session().recordings().recorders()) {
    const v1::Recording& recording = recorder.recording();
    if (!AwaitsFiles(recorder) || !asked.insert(recording.leg_id()).second) continue;
    Command command = MakeCommand(orders, recorder);
    internal::v1::LookAtRecording& look = *command.mutable_look_at_recording();
    if (recording.leg_id().empty()) {
      look.set_conference_id(recording.provider_id());
    } else {
      look.set_call_id(recording.provider_id());
    }
    orders.Issue(command);
  }
}

void OnRecordingLookResult(Orders& orders, const Command& command, const CommandResult& result) {
  const std::string& leg_id = command.leg_id();
  if (result.has_recording()) NoteFiles(orders, leg_id, result.recording());
  const auto& timers = orders.session().timers();
  const bool last = std::none_of(timers.begin(), timers.end(), [](const Timer& timer) {
    return timer.kind() == Timer::KIND_RECORDING_LOOK;
  });
  if (!last || !orders.session().has_ended()) return;
  const bool answered = result.verdict() == CommandResult::VERDICT_DONE;
  const Duration since_end = orders.now() - base::FromTimestamp(orders.session().end_time());
  if (!answered && since_end < base::kRecordingLooksTime) {
    // A look that fails proves nothing, so it is made again, each time after a longer pause.
    const Duration first = base::FromProtoDuration(orders.timing().recording_looks(0));
    const Duration pause = std::max(first, since_end / kLookPauses);
    return orders.SetTimer(Timer::KIND_RECORDING_LOOK, "again", orders.now() + pause);
  }
  for (Recorder& recorder : *orders.recordings().mutable_recorders()) {
    if (recorder.recording().leg_id() != leg_id || !AwaitsFiles(recorder)) continue;
    NoteFailure(orders, recorder, v1::RECORDING_FAILURE_FILES_NOT_FOUND,
                result.has_error() ? &result.error() : nullptr);
  }
}

}  // namespace callbridge::flow
