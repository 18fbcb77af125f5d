#include "server/flow/sound_commands.h"

#include <chrono>
#include <vector>

#include "server/flow/callees.h"
#include "server/flow/legs.h"
#include "server/flow/prompt_time.h"

namespace callbridge::flow {
namespace {

// How long after the ring timeout the provider ends the music by itself.
constexpr std::chrono::seconds kMusicAfterRinging{30};

// Makes a command for the call of the leg that hears the sound.
Command MakeSound(const Leg& leg) {
  Command command;
  command.set_leg_id(leg.leg_id());
  command.set_base_url(leg.base_url());
  command.set_dial(leg.dial());
  return command;
}

}  // namespace

Command MakePlayPrompt(Orders& orders, const Leg& leg, const v1::Prompt& prompt) {
  Command command = MakeSound(leg);
  internal::v1::PlayPrompt& play = *command.mutable_play_prompt();
  play.set_call_id(leg.call_id());
  *play.mutable_prompt() = prompt;
  *play.mutable_timeout() = base::ToProtoDuration(PromptDeadline(prompt, orders.timing()));
  return command;
}

Command MakeCapture(Orders& orders, const Leg& leg, const internal::v1::RequestedSound& sound) {
  Command command = MakeSound(leg);
  internal::v1::CaptureDigits& capture = *command.mutable_capture_digits();
  capture.set_call_id(leg.call_id());
  *capture.mutable_capture() = sound.capture();
  if (sound.has_prompt()) *capture.mutable_prompt() = sound.prompt();
  capture.set_keep(orders.session().plan().keep_digits());
  return command;
}

Command MakePlayMusic(Orders& orders, const Leg& leg) {
  const v1::Music& music = orders.session().plan().music();
  Command command = MakeSound(leg);
  internal::v1::PlayMusic& play = *command.mutable_play_music();
  play.set_call_id(leg.call_id());
  *play.mutable_audio() = music.audio();
  play.set_loop_count(music.loop_count());
  const Duration ring =
      base::FromProtoDuration(CalleeOf(orders.session(), kTheCallee).ring_timeout());
  *play.mutable_timeout() = base::ToProtoDuration(ring + kMusicAfterRinging);
  return command;
}

Command MakeStopPlay(const Orders& orders, const Leg& leg, std::int32_t media) {
  Command command = MakeSound(leg);
  internal::v1::StopPlay& stop = *command.mutable_stop_play();
  stop.set_call_id(leg.call_id());
  stop.set_conference_id(orders.session().conference().conference_id());
  stop.set_media(media);
  return command;
}

void CancelStops(Orders& orders, std::int32_t media) {
  std::vector<std::int32_t> numbers;
  for (const OpenCommand& open : orders.session().open_commands()) {
    const Command& command = open.command();
    if (command.has_stop_play() && command.stop_play().media() == media &&
        open.status() == Command::STATUS_PENDING) {
      numbers.push_back(command.number());
    }
  }
  for (const std::int32_t number : numbers) orders.Cancel(number);
}

}  // namespace callbridge::flow
