// Scripts about what a person hears.
#include <absl/strings/str_cat.h>

#include "server/live/json_look.h"
#include "server/live/scripts.h"
#include "server/live/steps.h"

namespace callbridge::live {
namespace {

using std::chrono::seconds;

constexpr char kSentence[] = "This is a test of Callbridge. Please stay on the line. ";
// A sentence is said in four to six seconds.
constexpr seconds kSaid{20};
constexpr int kLongSentences = 4;
constexpr seconds kSaidLong{50};
// More than the 1,400 characters of sibling products.
constexpr int kTooManySentences = 28;
// A file that no account has.
constexpr char kNoFile[] = "7d0f6c1e-3b52-4c19-8e57-c0ffee15d00d";

std::string Sentences(int count) {
  std::string text;
  for (int sentence = 0; sentence < count; ++sentence) text += kSentence;
  return text;
}

void AskCustomData(Stage& stage, const std::string& call) {
  const Reply look = stage.Get(CallPath(call));
  const bool kept = !At(look.body, "/customData/kept").empty();
  const bool given = !At(look.body, "/customData/given").empty();
  if (given) {
    stage.Found("custom-data", kept ? "merge" : "replace");
  } else {
    stage.Leave("custom-data", "a look at the call does not show what a say gave it");
  }
}

void AskStatus(Stage& stage, const Reply& said) {
  const std::string status = At(said.body, "/status");
  for (const char* known : {"IN_PROGRESS", "PENDING", "COMPLETED"}) {
    if (status == known) return stage.Found("action-status", status);
  }
  stage.Leave("action-status", absl::StrCat("the answer to a say has the status \"", status, "\""));
}

void AskEndedCall(Stage& stage, const std::string& call) {
  const Reply hung_up = stage.Post(CallPath(call, "/hangup"), "{}");
  if (!hung_up.accepted()) return GiveUpOn(stage, "the hangup of a call", hung_up);
  stage.WaitFor({{"CALL_FINISHED"}, call}, kEventSoon);
  const Reply said = stage.Post(CallPath(call, "/say"), WriteSay("Test."));
  if (said.status == 404 || said.status == 400) {
    stage.Found("ended-call", absl::StrCat(said.status));
  } else {
    stage.Leave("ended-call", absl::StrCat("a say was answered ", said.status));
  }
}

void AskIdleStop(Stage& stage, const std::string& call) {
  const std::size_t mark = stage.Mark();
  const Reply stopped = stage.Post(CallPath(call, "/stop-play"), "{}");
  if (IsRefusal(stopped)) return stage.Found("idle-stop-play", "refused");
  if (!stopped.accepted()) {
    return stage.Leave("idle-stop-play", AnswerIn("a stop-play", stopped));
  }
  const auto told = stage.WaitFor({{"PLAY_FINISHED"}, call, "", mark}, seconds(3));
  stage.Found("idle-stop-play", told ? "event" : "silent");
}

// Whether it is known that the end of a stopped sound is not told.
bool EndsSilently(Stage& stage) {
  const auto& answers = stage.findings().answers;
  const auto answer = answers.find("interrupted-sound-finishes");
  return answer != answers.end() && answer->second == "no";
}

void AskStopOfSay(Stage& stage, const std::string& call) {
  const std::size_t mark = stage.Mark();
  const Reply said = stage.Post(CallPath(call, "/say"), WriteSay(Sentences(kLongSentences)));
  if (!said.accepted()) return GiveUpOn(stage, "a say", said);
  stage.Pause(seconds(1));
  const Reply stopped = stage.Post(CallPath(call, "/stop-play"), "{}");
  const auto ended = stage.WaitFor({{"SAY_FINISHED"}, call, "", mark}, kSaidLong);
  if (!stopped.accepted() && !IsRefusal(stopped)) {
    stage.Leave("stop-play-stops-say", AnswerIn("a stop-play", stopped));
  } else if (ended) {
    const bool whole = At(ended->body, "/properties/playedCompletely") == "true";
    stage.Found("stop-play-stops-say", whole ? "no" : "yes");
  } else if (stopped.accepted() && EndsSilently(stage)) {
    stage.Found("stop-play-stops-say", "yes");
  } else {
    stage.Leave("stop-play-stops-say", "SAY_FINISHED did not come within 50 s");
  }
}

void AskMissingFile(Stage& stage, const std::string& call) {
  const std::size_t mark = stage.Mark();
  const Reply played = stage.Post(CallPath(call, "/play"), WritePlay(kNoFile));
  if (played.status == 404 || played.status == 400) {
    return stage.Found("missing-file", absl::StrCat(played.status));
  }
  if (!played.accepted()) {
    return stage.Leave("missing-file", absl::StrCat("a play was answered ", played.status));
  }
  const bool error = stage.WaitFor({{"ERROR"}, call, "", mark}, kEventSoon).has_value();
  stage.Found("missing-file", error ? "error" : "plays");
  if (error) return;
  stage.Post(CallPath(call, "/stop-play"), "{}");
  stage.WaitFor({{"PLAY_FINISHED"}, call, "", mark}, seconds(3));
}

void AskOverlap(Stage& stage, const std::string& call, const std::string& file) {
  const std::size_t mark = stage.Mark();
  const Reply played = stage.Post(CallPath(call, "/play"), WritePlay(file));
  if (!played.accepted()) return GiveUpOn(stage, "a play", played);
  stage.Pause(seconds(1));
  const Reply said = stage.Post(CallPath(call, "/say"), WriteSay(kSentence));
  const Wanted play_ends{{"PLAY_FINISHED"}, call, "", mark};
  const Wanted say_ends{{"SAY_FINISHED"}, call, "", mark};
  if (IsRefusal(said) || stage.WaitFor({{"ERROR"}, call, "", mark}, seconds(2))) {
    stage.Found("overlap", IsRefusal(said) ? "refuse" : "error");
    stage.WaitFor(play_ends, kSoundLasts + kEventSoon);
    return;
  }
  const auto say_end = stage.WaitFor(say_ends, kSoundLasts + kSaid);
  const auto play_end = stage.WaitFor(play_ends, kSoundLasts + kEventSoon);
  if (!say_end) return stage.Leave("overlap", "SAY_FINISHED did not come within 30 s");
  if (!play_end || At(play_end->body, "/properties/playedCompletely") != "true") {
    return stage.Found("overlap", "replace");
  }
  if (IsBefore(*play_end, *say_end)) return stage.Found("overlap", "queue");
  stage.Leave("overlap", "both sounds were heard at the same time, to the end of each");
}

void AskSoundOfHangup(Stage& stage, const std::string& call, const std::string& file) {
  const std::size_t mark = stage.Mark();
  const Reply played = stage.Post(CallPath(call, "/play"), WritePlay(file));
  if (!played.accepted()) return GiveUpOn(stage, "a play", played);
  stage.Pause(seconds(1));
  const Reply hung_up = stage.Post(CallPath(call, "/hangup"), "{}");
  if (!hung_up.accepted()) return GiveUpOn(stage, "the hangup of a call", hung_up);
  stage.WaitFor({{"CALL_FINISHED"}, call}, kEventSoon);
  const auto told = stage.WaitFor({{"PLAY_FINISHED"}, call, "", mark}, seconds(3));
  stage.Found("finished-on-hangup", told ? "yes" : "no");
}

void AskEstablished(Stage& stage, const std::string& call) {
  const auto established = stage.Find({{"CALL_ESTABLISHED"}, call});
  const auto joined = stage.Find({{"PARTICIPANT_JOINED"}, call});
  if (established && joined) {
    stage.Found("established-order",
                IsBefore(*established, *joined) ? "established-first" : "joined-first");
  } else {
    stage.Leave("established-order", "PARTICIPANT_JOINED did not come");
  }
}

void AskScope(Stage& stage, const Joined& joined, const std::string& file) {
  const auto by_conference =
      StopSound(stage, joined.call, file, ConferencePath(joined.conference, "/stop-play"));
  if (!by_conference) return;
  const auto by_call = StopSound(stage, joined.call, file, CallPath(joined.call, "/stop-play"));
  if (!by_call) return;
  if (*by_conference == SoundEnd::kUnknown || *by_call == SoundEnd::kUnknown) {
    return stage.Leave("stop-play-scope", kNoEndOfSound);
  }
  const bool conference_stops = *by_conference != SoundEnd::kPlayedToItsEnd;
  const bool call_stops = *by_call != SoundEnd::kPlayedToItsEnd;
  if (!conference_stops && !call_stops) {
    return stage.Leave("stop-play-scope", "neither stop-play ends a sound of the call");
  }
  stage.Found("stop-play-scope", !conference_stops ? "call" : call_stops ? "both" : "conference");
}

}  // namespace

void PlaySay(Stage& stage) {
  const std::string call = TalkAlone(stage, {{"kept", "1"}});
  if (stage.over()) return;
  const Reply said =
      stage.Post(CallPath(call, "/say"),
                 WriteSay(kSentence, {{"doctor", stage.options().run}, {"given", "1"}}));
  if (!said.accepted()) return GiveUpOn(stage, "a say", said);
  AskStatus(stage, said);
  const auto ended = stage.WaitFor({{"SAY_FINISHED"}, call}, kSaid);
  if (ended) {
    const bool carried = !At(ended->body, "/properties/customData/given").empty();
    stage.Found("finished-custom-data", carried ? "call" : "absent");
  } else {
    stage.Leave("finished-custom-data", "SAY_FINISHED did not come within 20 s");
  }
  AskCustomData(stage, call);
  const Reply too_long = stage.Post(CallPath(call, "/say"), WriteSay(Sentences(kTooManySentences)));
  if (too_long.accepted() || too_long.status == 400) {
    stage.Found("say-limit", too_long.accepted() ? "none" : "1400");
  } else {
    stage.Leave("say-limit", absl::StrCat("a long say was answered ", too_long.status));
  }
  AskEndedCall(stage, call);
}

void PlayStopPlay(Stage& stage) {
  const std::string call = TalkAlone(stage);
  if (stage.over()) return;
  AskIdleStop(stage, call);
  const std::string file = UploadSound(stage);
  if (stage.over()) return;
  const auto end = StopSound(stage, call, file, CallPath(call, "/stop-play"));
  if (!end) return;
  if (*end == SoundEnd::kPlayedToItsEnd) {
    stage.Leave("interrupted-sound-finishes", "the call's stop-play did not stop its sound");
  } else if (*end == SoundEnd::kUnknown) {
    stage.Leave("interrupted-sound-finishes", kNoEndOfSound);
  } else {
    stage.Found("interrupted-sound-finishes", *end == SoundEnd::kStopped ? "yes" : "no");
  }
  AskStopOfSay(stage, call);
}

void PlayOverlap(Stage& stage) {
  const std::string call = TalkAlone(stage);
  if (stage.over()) return;
  AskMissingFile(stage, call);
  const std::string file = UploadSound(stage);
  if (stage.over()) return;
  AskOverlap(stage, call, file);
  if (!stage.over()) AskSoundOfHangup(stage, call, file);
}

void PlayConferenceSounds(Stage& stage) {
  const auto joined = TalkInConference(stage);
  if (!joined) return;
  AskEstablished(stage, joined->call);
  stage.Found("early-media", stage.Find({{"CALL_PRE_ESTABLISHED"}, joined->call}) ? "yes" : "no");
  stage.Post(CallPath(joined->call, "/say"), WriteSay(kSentence));
  const auto said = stage.WaitFor({{"SAY_FINISHED"}, joined->call}, kSaid);
  if (said) {
    stage.Found("call-events-name-conference",
                At(said->body, "/conferenceId").empty() ? "no" : "yes");
  } else {
    stage.Leave("call-events-name-conference", "SAY_FINISHED did not come within 20 s");
  }
  const std::size_t mark = stage.Mark();
  const Reply announced =
      stage.Post(ConferencePath(joined->conference, "/say"), WriteSay(kSentence));
  if (!announced.accepted()) return GiveUpOn(stage, "a say of a conference", announced);
  const auto told = stage.WaitFor({{"SAY_FINISHED"}, "", "", mark}, kSaid);
  if (told) {
    stage.Found("conference-sound", told->call_id.empty() ? "once" : "each");
  } else {
    stage.Leave("conference-sound", "SAY_FINISHED did not come within 20 s");
  }
  const std::string file = UploadSound(stage);
  if (!stage.over()) AskScope(stage, *joined, file);
}

}  // namespace callbridge::live
