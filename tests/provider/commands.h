// Commands as the flow makes them, for the tests of the provider's client.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/time.h"

namespace callbridge::provider {

// When these tests begin.
inline const base::Time kStart{std::chrono::hours(500'000)};

inline internal::v1::Command Command(std::int32_t number, const std::string& leg_id = "caller") {
  internal::v1::Command command;
  command.set_session_id("s_1");
  command.set_number(number);
  command.set_attempt(1);
  command.set_leg_id(leg_id);
  command.set_account("default");
  return command;
}

inline internal::v1::Command AnswerCommand() {
  internal::v1::Command command = Command(1);
  command.mutable_answer_call()->set_call_id("aaaa");
  return command;
}

inline internal::v1::Command HangUpCommand() {
  internal::v1::Command command = Command(9);
  command.mutable_hang_up_call()->set_call_id("aaaa");
  return command;
}

inline internal::v1::Command HangUpConferenceCommand() {
  internal::v1::Command command = Command(8, "");
  command.mutable_hang_up_conference()->set_conference_id("cccc");
  return command;
}

inline internal::v1::Command CreateConferenceCommand() {
  internal::v1::Command command = Command(2, "");
  command.mutable_create_conference()->set_name("bridge/s_1");
  *command.mutable_create_conference()->mutable_max_duration() =
      base::ToProtoDuration(std::chrono::hours(2));
  return command;
}

inline internal::v1::Command DialCommand() {
  internal::v1::Command command = Command(5, "callee-1");
  command.set_dial(5);
  internal::v1::Dial& dial = *command.mutable_dial_leg();
  dial.set_conference_id("cccc");
  dial.mutable_endpoint()->mutable_phone()->set_number("+447700900456");
  dial.set_caller_id_number("+442079460001");
  *dial.mutable_ring_timeout() = base::ToProtoDuration(std::chrono::milliseconds(29'500));
  *dial.mutable_max_duration() = base::ToProtoDuration(std::chrono::seconds(7260));
  return command;
}

inline internal::v1::Command SayCommand() {
  internal::v1::Command command = Command(4);
  command.mutable_play_prompt()->set_call_id("aaaa");
  command.mutable_play_prompt()->mutable_prompt()->set_text("Please \"wait\".");
  return command;
}

inline internal::v1::Command MusicCommand() {
  internal::v1::Command command = Command(6);
  command.mutable_play_music()->set_call_id("aaaa");
  command.mutable_play_music()->mutable_audio()->set_file_id("f1");
  command.mutable_play_music()->set_loop_count(20);
  *command.mutable_play_music()->mutable_timeout() =
      base::ToProtoDuration(std::chrono::seconds(60));
  return command;
}

inline internal::v1::Command StopPlayCommand() {
  internal::v1::Command command = Command(7);
  command.mutable_stop_play()->set_call_id("aaaa");
  command.mutable_stop_play()->set_conference_id("cccc");
  command.mutable_stop_play()->set_media(6);
  return command;
}

inline internal::v1::Command LookAtCallCommand() {
  internal::v1::Command command = Command(10);
  command.mutable_look_at_call()->set_call_id("aaaa");
  return command;
}

inline internal::v1::Command FindDialCommand() {
  internal::v1::Command command = Command(11, "callee-1");
  internal::v1::FindDial& look = *command.mutable_find_dial();
  look.set_to("+447700900456");
  look.mutable_started_after()->set_seconds(1'768'478'408);  // 2026-01-15T12:00:08Z
  look.set_conference_id("cccc");
  look.set_dial(5);
  return command;
}

}  // namespace callbridge::provider
