#include "tests/simulator/recordings.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "tests/simulator/events.h"

namespace callbridge::simulator {
namespace {

// One byte of silence for each sample: 8 bits, one channel.
constexpr std::uint32_t kSamplesPerSecond = 8'000;
constexpr char kSilentSample = static_cast<char>(0x80);
constexpr std::size_t kWavHeadBytes = 44;
// Longer ones are as long as this, so that nobody fills the memory.
constexpr std::chrono::hours kFileMax{1};
// The provider's own rule is not documented; its examples show a month.
constexpr std::chrono::hours kKept{31 * 24};

template <typename Predicate>
Recording* FindOn(World& world, Predicate of) {
  for (auto& [number, recording] : world.recordings.things()) {
    if (!recording.ended() && of(recording)) return &recording;
  }
  return nullptr;
}

RecordedFile MakeFile(World& world, const Recording& recording, const std::string& call_id,
                      base::Time from, base::Time until) {
  RecordedFile file;
  file.id = recording.file_id.empty() || call_id != recording.call_id ? world.ids.Uuid()
                                                                      : recording.file_id;
  file.name = (call_id.empty() ? recording.conference_id : call_id) + ".wav";
  file.call_id = call_id;
  file.created = world.now;
  file.expires = world.now + kKept;
  file.start = from;
  file.end = until;
  file.custom_data = recording.custom_data;
  file.size = static_cast<std::int64_t>(WriteSilence(file).size());
  return file;
}

// The files of the calls that were in the conference meanwhile.
void AddFilesOfCalls(World& world, const Conference& conference, Recording& recording) {
  for (const Participant& participant : conference.participants) {
    if (!participant.join) continue;
    const base::Time from = std::max(*participant.join, recording.start);
    const base::Time until = std::min(participant.leave.value_or(*recording.end), *recording.end);
    if (from >= until) continue;
    recording.call_files.push_back(MakeFile(world, recording, participant.call_id, from, until));
  }
}

void FinishOfConference(World& world, const Conference& conference, Recording& recording) {
  recording.finished = true;
  AddFilesOfCalls(world, conference, recording);
  const ComposedTold told = world.settings.switches.composed_told;
  if (!recording.composition) {
    return ReportConferenceRecording(world, conference, recording, "CONFERENCE_RECORDING_READY");
  }
  if (told == ComposedTold::kBoth) {
    ReportConferenceRecording(world, conference, recording, "CONFERENCE_RECORDING_READY");
  }
  if (world.chance.Chance(world.settings.faults.composition_failed)) {
    return ReportRecording(world, recording, "CONFERENCE_COMPOSITION_FAILED");
  }
  recording.call_files.clear();
  recording.composed_files.push_back(
      MakeFile(world, recording, "", recording.start, *recording.end));
  ReportConferenceRecording(world, conference, recording,
                            told == ComposedTold::kReady ? "CONFERENCE_RECORDING_READY"
                                                         : "CONFERENCE_COMPOSITION_FINISHED");
}

void FinishOfCall(World& world, const Call& call, Recording& recording) {
  recording.finished = true;
  recording.call_files.push_back(
      MakeFile(world, recording, call.id, recording.start, *recording.end));
  ReportCallRecording(world, call, recording);
}

void AwaitFiles(World& world, const Recording& recording) {
  SetTimer(world, world.settings.delays.recording, {Timer::Kind::kRecordingReady, recording.id});
}

Recording& Begin(World& world, Recording recording, RecordingRequest request) {
  recording.id = world.ids.Uuid();
  recording.type = std::move(request.type);
  recording.composition = request.composition;
  recording.beep = request.beep;
  recording.stops_by_itself = request.stops_by_itself;
  recording.custom_data = std::move(request.custom_data);
  recording.start = world.now;
  Recording& begun = world.recordings.Add(std::move(recording));
  if (request.max_duration) {
    SetTimer(world, *request.max_duration, {Timer::Kind::kRecordingMaxDuration, begun.id});
  }
  return begun;
}

// True if it fails at once, which is told.
bool Fails(World& world, Recording& recording, std::string_view type) {
  if (!world.chance.Chance(world.settings.faults.recording_failed)) return false;
  recording.end = world.now;
  recording.finished = true;
  recording.failed = true;
  ReportRecording(world, recording, type);
  return true;
}

void End(World& world, Recording& recording, bool told) {
  recording.end = world.now;
  const bool of_call = !recording.call_id.empty();
  if (told) {
    ReportRecording(world, recording,
                    of_call ? "CALL_RECORDING_STOPPED" : "CONFERENCE_RECORDING_STOPPED");
  }
  const Conference* conference = world.conferences.Find(recording.conference_id);
  const bool waits = conference != nullptr && !conference->ended() &&
                     world.settings.switches.composition == Composition::kAfterConference;
  if (!waits) AwaitFiles(world, recording);
}

}  // namespace

Recording* FindRecordingOf(World& world, const Conference& conference) {
  return FindOn(world, [&](const Recording& one) { return one.conference_id == conference.id; });
}

Recording* FindRecordingOf(World& world, const Call& call) {
  return FindOn(world, [&](const Recording& one) { return one.call_id == call.id; });
}

void StartRecording(World& world, Conference& conference, RecordingRequest request) {
  Recording recording;
  recording.conference_id = conference.id;
  Recording& begun = Begin(world, std::move(recording), std::move(request));
  if (Fails(world, begun, "CONFERENCE_RECORDING_FAILED")) return;
  Note(world, conference.timeline, "is recorded");
  ReportRecording(world, begun, "CONFERENCE_RECORDING_STARTED");
}

void StartRecording(World& world, Call& call, RecordingRequest request) {
  Recording recording;
  recording.call_id = call.id;
  recording.file_id = world.ids.Uuid();
  Recording& begun = Begin(world, std::move(recording), std::move(request));
  if (Fails(world, begun, "CALL_RECORDING_FAILED")) return;
  Note(world, call.timeline, begun.beep ? "hears a beep and is recorded" : "is recorded");
  ReportRecording(world, begun, "CALL_RECORDING_STARTED");
}

void StopRecording(World& world, Recording& recording) {
  if (Call* call = world.calls.Find(recording.call_id)) {
    Note(world, call->timeline, "is no longer recorded");
  } else if (Conference* conference = world.conferences.Find(recording.conference_id)) {
    Note(world, conference->timeline, "is no longer recorded");
  }
  End(world, recording, true);
}

void EndRecordings(World& world, const Conference& conference) {
  const bool told = world.settings.switches.recording_stopped_at_end;
  for (auto& [number, recording] : world.recordings.things()) {
    if (recording.conference_id != conference.id || recording.finished) continue;
    if (!recording.ended()) {
      End(world, recording, told);
    } else if (world.settings.switches.composition == Composition::kAfterConference) {
      AwaitFiles(world, recording);
    }
  }
}

void EndRecordings(World& world, const Call& call) {
  if (Recording* recording = FindRecordingOf(world, call)) {
    End(world, *recording, world.settings.switches.recording_stopped_at_end);
  }
}

void OnRecordingTimer(World& world, Recording& recording, const Timer& timer) {
  if (timer.kind == Timer::Kind::kRecordingMaxDuration) {
    if (!recording.ended()) StopRecording(world, recording);
    return;
  }
  if (recording.finished) return;
  if (const Call* call = world.calls.Find(recording.call_id)) {
    FinishOfCall(world, *call, recording);
  } else if (const Conference* conference = world.conferences.Find(recording.conference_id)) {
    FinishOfConference(world, *conference, recording);
  }
}

std::string WriteSilence(const RecordedFile& file) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
      std::clamp<base::Duration>(file.end - file.start, base::Duration::zero(), kFileMax));
  const auto bytes = static_cast<std::uint32_t>(seconds.count()) * kSamplesPerSecond;
  std::string text;
  text.reserve(kWavHeadBytes + bytes);
  const auto add = [&text](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) text += static_cast<char>((value >> (8 * i)) & 0xFFU);
  };
  text += "RIFF";
  add(static_cast<std::uint32_t>(kWavHeadBytes) - 8 + bytes, 4);
  text += "WAVEfmt ";
  add(16, 4);
  // PCM, one channel, one byte for a sample.
  add(1, 2);
  add(1, 2);
  add(kSamplesPerSecond, 4);
  add(kSamplesPerSecond, 4);
  add(1, 2);
  add(8, 2);
  text += "data";
  add(bytes, 4);
  text.append(bytes, kSilentSample);
  return text;
}

}  // namespace callbridge::simulator
