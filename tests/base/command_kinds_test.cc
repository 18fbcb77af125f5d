#include "server/base/command_kinds.h"

#include <gtest/gtest.h>

namespace callbridge::base {
namespace {

using internal::v1::Command;

TEST(CommandKinds, StandForEveryActionByItsName) {
  const auto* actions = Command::descriptor()->FindOneofByName("action");
  // One more: a command without an action.
  ASSERT_EQ(CommandKinds().size(), static_cast<std::size_t>(actions->field_count()) + 1);
  for (int i = 0; i < actions->field_count(); ++i) {
    EXPECT_EQ(CommandKinds()[static_cast<std::size_t>(i)].action, actions->field(i)->number());
    EXPECT_EQ(CommandKinds()[static_cast<std::size_t>(i)].name, actions->field(i)->name());
  }
  EXPECT_EQ(KindOf(Command()).action, Command::ACTION_NOT_SET);
}

// Whatever frees a person from a call, and looks, wait for nothing. A courtesy, and who hears whom,
// may wait while the provider is away.
TEST(CommandKinds, HoldNothingBackThatOvertakesButACourtesy) {
  for (const CommandKind& kind : CommandKinds()) {
    const bool courtesy =
        kind.action == Command::kSendRinging || kind.action == Command::kUpdateAudio ||
        kind.action == Command::kStartRecording || kind.action == Command::kStopRecording;
    EXPECT_EQ(kind.held_back, !kind.overtakes || courtesy) << kind.name;
    EXPECT_TRUE(!kind.look || kind.urgency == Urgency::kLook) << kind.name;
  }
}

TEST(UrgencyOf, KnowsWhoIsDialledAndWhatIsRoutine) {
  Command dial;
  dial.mutable_dial_leg();
  dial.set_leg_id("caller");
  EXPECT_EQ(UrgencyOf(dial), Urgency::kDialCaller);
  dial.set_leg_id("callee-1");
  EXPECT_EQ(UrgencyOf(dial), Urgency::kDialCallee);
  Command look;
  look.mutable_look_at_call();
  look.set_leg_id("caller");
  EXPECT_EQ(UrgencyOf(look), Urgency::kLook);
  look.set_routine(true);
  EXPECT_EQ(UrgencyOf(look), Urgency::kRoutineLook);
}

TEST(OperationOf, PlaysRecordedPromptsAsMusic) {
  Command prompt;
  prompt.mutable_play_prompt()->mutable_prompt()->set_text("Please wait.");
  EXPECT_EQ(OperationOf(prompt), Command::kPlayPrompt);
  prompt.mutable_play_prompt()->mutable_prompt()->mutable_audio()->set_file_id("f");
  EXPECT_EQ(OperationOf(prompt), Command::kPlayMusic);
  EXPECT_EQ(OperationOf(Command()), Command::ACTION_NOT_SET);
}

}  // namespace
}  // namespace callbridge::base
