#include "server/flow/notice_facts.h"

#include <absl/strings/escaping.h>

#include <algorithm>
#include <string>

#include "server/base/limits.h"
#include "server/base/marks.h"
#include "server/base/sha256.h"
#include "server/flow/conference_facts.h"
#include "server/flow/legs.h"
#include "server/flow/recording_facts.h"
#include "server/flow/sound_facts.h"
#include "server/flow/times.h"

namespace callbridge::flow {
namespace {

using v1::NoticeEvidence;
using v1::PromptFinished;
using v1::RecordingNotice;

bool HasNotice(const Session& session) { return session.plan().recording().has_notice(); }

const RecordingNotice& NoticeOf(const Session& session) {
  return session.plan().recording().notice();
}

bool IsRefusal(const RecordingNotice& notice, const ProviderEvent::Captured& captured) {
  return captured.digit_count() > 0 && captured.digits() == notice.refusing_key();
}

NoticeEvidence::Result ResultOf(const RecordingNotice& notice,
                                PromptFinished::Completion completion,
                                const ProviderEvent::Captured* captured) {
  const bool pressed = captured != nullptr && captured->digit_count() > 0;
  if (captured != nullptr && IsRefusal(notice, *captured)) return NoticeEvidence::RESULT_REFUSED;
  // Without our mark the key was dropped where the webhook was read. It may be the refusing key.
  const bool unclear = pressed && base::ReadMarks(captured->custom_data()).refusing_key.empty();
  const bool proved = completion == PromptFinished::COMPLETION_FULL && !unclear;
  return proved ? NoticeEvidence::RESULT_PROVED : NoticeEvidence::RESULT_UNPROVED;
}

std::string DigestOf(const std::string& text) {
  const auto digest = base::Sha256(text);
  return absl::BytesToHexString(std::string(digest.begin(), digest.end()));
}

Leg& HearerOf(Knowledge& known, const Leg& leg) {
  Leg* hearer = FindLeg(known, leg.leg_id());
  Require(hearer != nullptr, "a notice is heard by a leg");
  return *hearer;
}

// Fills in what was said to whom, and when the provider told of it.
NoticeEvidence& BeginEvidence(Knowledge& known, Leg& hearer) {
  NoticeEvidence& evidence = *hearer.mutable_notice()->mutable_evidence();
  evidence.set_leg_id(hearer.leg_id());
  evidence.set_text_sha256(DigestOf(NoticeOf(known.session()).prompt().text()));
  const Time told = TimeOfEvent(known).value_or(known.learned());
  *evidence.mutable_end_time() = base::ToTimestamp(std::min(told, known.learned()));
  return evidence;
}

void TellEvidence(Knowledge& known, Leg& hearer) {
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_NORMAL);
  *event.mutable_notice_finished()->mutable_notice() = hearer.notice().evidence();
  hearer.set_last_event(known.session().sequence());
}

}  // namespace

bool AsksForNotice(const Session& session) {
  if (!HasNotice(session)) return false;
  if (session.recordings().decided()) {
    return session.recordings().mode_wanted() != v1::RECORDING_MODE_UNSPECIFIED;
  }
  const v1::RecordingPlan& plan = session.plan().recording();
  return plan.mode() != v1::RECORDING_MODE_UNSPECIFIED &&
         plan.start() != v1::RecordingPlan::START_REQUESTED;
}

bool IsNoticeProved(const Leg& leg) {
  return leg.notice().evidence().result() == NoticeEvidence::RESULT_PROVED;
}

const Leg* WhoRefused(const Session& session) {
  for (const Leg& leg : session.legs()) {
    if (leg.notice().evidence().result() == NoticeEvidence::RESULT_REFUSED) return &leg;
  }
  return nullptr;
}

bool HearsNotice(const Session& session, const Leg& leg) {
  return !IsQuiet(session, leg) && IsNotice(LaneOf(session, leg));
}

bool AwaitsNotice(const Session& session, const Leg& leg) {
  const bool settled = IsNoticeProved(leg) || WhoRefused(session) != nullptr;
  return AsksForNotice(session) && !settled && !HearsNotice(session, leg) &&
         leg.notice().attempts() < base::kNoticeAttemptsMax;
}

bool WaitsForNotice(const Session& session, const Leg& callee) {
  const bool may_begin = IsQuiet(session, callee) || !IsJoined(callee);
  return HearsNotice(session, callee) || (AwaitsNotice(session, callee) && may_begin);
}

bool IsKeptApart(const Session& session, const Leg& callee) {
  const bool outside = callee.dialled_apart() && !IsJoined(callee);
  return outside || WaitsForNotice(session, callee);
}

bool CallerWaits(Knowledge& known) {
  const Session& session = known.session();
  if (!session.has_stopping_music()) return session.has_dialing_callee();
  const Leg* callee = CurrentCallee(known);
  return callee != nullptr && IsKeptApart(session, *callee);
}

bool IsNoticeLost(const Session& session, const Leg& leg) {
  return AsksForNotice(session) && !IsNoticeProved(leg) && !HearsNotice(session, leg) &&
         leg.notice().attempts() >= base::kNoticeAttemptsMax;
}

bool MayRecord(const Session& session) {
  if (!HasNotice(session)) return true;
  const auto& legs = session.legs();
  return session.has_connect_time() && std::all_of(legs.begin(), legs.end(), [](const Leg& leg) {
           return !IsJoined(leg) || IsNoticeProved(leg);
         });
}

internal::v1::RequestedSound NoticeCapture(const Session& session) {
  const RecordingNotice& notice = NoticeOf(session);
  internal::v1::RequestedSound sound;
  *sound.mutable_prompt() = notice.prompt();
  internal::v1::Capture& capture = *sound.mutable_capture();
  capture.set_max_length(1);
  *capture.mutable_first_digit_timeout() = notice.refusal_timeout();
  *capture.mutable_digit_timeout() = notice.refusal_timeout();
  return sound;
}

void NoteNoticeEnd(Knowledge& known, const Leg& leg, PromptFinished::Completion completion,
                   std::optional<Duration> played, const ProviderEvent::Captured* captured) {
  Leg& hearer = HearerOf(known, leg);
  NoticeEvidence& evidence = BeginEvidence(known, hearer);
  // Who refuses when the notice is said first has refused, whatever the second one brings.
  if (evidence.result() != NoticeEvidence::RESULT_REFUSED) {
    evidence.set_result(ResultOf(NoticeOf(known.session()), completion, captured));
  }
  evidence.set_complete(completion == PromptFinished::COMPLETION_FULL);
  evidence.set_attempt(evidence.attempt() + 1);
  evidence.clear_played_duration();
  if (played) *evidence.mutable_played_duration() = base::ToProtoDuration(*played);
  TellEvidence(known, hearer);
}

bool IsLateRefusal(const Session& session, const Leg& leg, const ProviderEvent& event) {
  const ProviderEvent::Captured& captured = event.captured();
  const bool of_notice = !base::ReadMarks(captured.custom_data()).refusing_key.empty();
  return HasNotice(session) && of_notice && IsRefusal(NoticeOf(session), captured) &&
         !(HearsNotice(session, leg) && TellsCaptureOfHead(session, leg, event));
}

void NoteLateRefusal(Knowledge& known, const Leg& leg) {
  if (!IsActive(known.session())) return known.Ignore("the outcome is decided");
  Leg& hearer = HearerOf(known, leg);
  if (hearer.notice().evidence().result() == NoticeEvidence::RESULT_REFUSED) {
    return known.Ignore("the refusal is known");
  }
  BeginEvidence(known, hearer).set_result(NoticeEvidence::RESULT_REFUSED);
  TellEvidence(known, hearer);
}

void NoteNoticeFailure(Knowledge& known, const Leg& leg, v1::RecordingFailure failure) {
  internal::v1::Recordings& recordings = known.recordings();
  const v1::RecordingMode mode =
      recordings.decided() ? recordings.mode_wanted() : known.session().plan().recording().mode();
  recordings.set_decided(true);
  recordings.set_mode_wanted(v1::RECORDING_MODE_UNSPECIFIED);
  recordings.set_beep_wanted(false);
  Recorder& recorder = AddRecorder(known, mode, mode == v1::RECORDING_MODE_LEGS ? &leg : nullptr);
  NoteFailure(known, recorder, failure, nullptr);
}

}  // namespace callbridge::flow
