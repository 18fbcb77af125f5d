#include "tests/before/flow/sound_commands.h"

#include <chrono>
#include <vector>

#include "tests/before/flow/legs.h"
#include "tests/before/flow/prompt_time.h"

namespace callbridge::flow_before {
namespace {

// The provider's own end of the music is later than the ringing's.
constexpr std::chrono::seconds kMusicAfterRinging{30};

// A command to the caller's call.
Command MakeSound(Turn& turn) {
  Command command;
  command.set_leg_id(Caller(turn).leg_id());
  command.set_base_url(Caller(turn).base_url());
  command.set_dial(Caller(turn).dial());
  return command;
}

}  // namespace

Command MakePlayPrompt(Turn& turn, v1::PromptKind kind) {
  const v1::Prompt& prompt = PromptOf(turn.session().plan(), kind);
  Command command = MakeSound(turn);
  before::v1::PlayPrompt& play = *command.mutable_play_prompt();
  play.set_call_id(Caller(turn).call_id());
  *play.mutable_prompt() = prompt;
  *play.mutable_timeout() = base::ToProtoDuration(PromptDeadline(prompt, turn.timing()));
  return command;
}

Command MakePlayMusic(Turn& turn) {
  const v1::Music& music = turn.session().plan().music();
  Command command = MakeSound(turn);
  before::v1::PlayMusic& play = *command.mutable_play_music();
  play.set_call_id(Caller(turn).call_id());
  *play.mutable_audio() = music.audio();
  play.set_loop_count(music.loop_count());
  const Duration ring = base::FromProtoDuration(turn.session().callees(0).ring_timeout());
  *play.mutable_timeout() = base::ToProtoDuration(ring + kMusicAfterRinging);
  return command;
}

void IssueStopPlay(Turn& turn, std::int32_t media) {
  Command command = MakeSound(turn);
  before::v1::StopPlay& stop = *command.mutable_stop_play();
  stop.set_call_id(Caller(turn).call_id());
  stop.set_conference_id(turn.session().conference().conference_id());
  stop.set_media(media);
  turn.Issue(command);
}

void CancelStops(Turn& turn, std::int32_t media) {
  std::vector<std::int32_t> numbers;
  for (const OpenCommand& open : turn.session().open_commands()) {
    const Command& command = open.command();
    if (command.has_stop_play() && command.stop_play().media() == media &&
        open.status() == OpenCommand::STATUS_PENDING) {
      numbers.push_back(command.number());
    }
  }
  for (const std::int32_t number : numbers) turn.Cancel(number);
}

}  // namespace callbridge::flow_before
