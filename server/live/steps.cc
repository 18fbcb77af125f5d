#include "server/live/steps.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "server/base/phone_number.h"
#include "server/live/json_look.h"
#include "server/live/silence.h"
#include "server/provider/error_decoding.h"

namespace callbridge::live {
namespace {

using std::chrono::seconds;

constexpr seconds kBeforeStop{1};
constexpr seconds kFirstWebhook{15};

std::string RemedyFor(const Reply& reply) {
  switch (reply.status) {
    case 0:
      return "look at the network between this machine and base_url, then play it again";
    case 401:
      return "compare base_url and the key's file with the portal";
    case 403:
      return "give the key the scope calls:manage, and ask your account manager whether the "
             "feature is enabled";
    case 404:
      return "callbridge-admin setup makes the calls configuration; doctor without --live says "
             "whether it is there";
    default:
      return "run doctor without --live, then play it again; the transcript shows the request";
  }
}

// Keeps the thing whose id stands at the pointer, or that its fate is unknown, so that the stage
// hangs it up. Returns the id; empty if the answer has none.
std::string Keep(Stage& stage, OpenThings::Kind kind, const Reply& reply, const char* pointer) {
  std::string id = reply.accepted() ? At(reply.body, pointer) : "";
  if (reply.unanswered() || (reply.accepted() && id.empty())) stage.things().NoteLost(kind);
  stage.Keep(kind, id);
  return id;
}

// Waits for the end of a sound that began after this place.
std::optional<Event> AwaitSoundEnd(Stage& stage, const std::string& call, std::size_t since) {
  return stage.WaitFor({{"PLAY_FINISHED"}, call, "", since}, kSoundLasts + kEventSoon);
}

bool StartSound(Stage& stage, const std::string& call, const std::string& file) {
  const Reply played = stage.Post(CallPath(call, "/play"), WritePlay(file));
  if (!played.accepted()) GiveUpOn(stage, "a play", played);
  return played.accepted();
}

// Whether the end is told of a sound that nobody stops.
bool PlayToItsEnd(Stage& stage, const std::string& call, const std::string& file) {
  const std::size_t mark = stage.Mark();
  return StartSound(stage, call, file) && AwaitSoundEnd(stage, call, mark).has_value();
}

void MeasureStop(Stage& stage, base::Duration took) {
  stage.Tell("9.7", absl::StrCat("PLAY_FINISHED of a stopped sound came ", Milliseconds(took),
                                 " after the answer to the stop-play"));
  stage.Propose("timing.media_end",
                {took, 2 * std::chrono::ceil<std::chrono::milliseconds>(took),
                 absl::StrCat("the end of a stopped sound was told after ", Milliseconds(took))});
}

std::optional<SoundEnd> StopSoundOnce(Stage& stage, const std::string& call,
                                      const std::string& file, const std::string& stop_path) {
  const std::size_t mark = stage.Mark();
  if (!StartSound(stage, call, file)) return std::nullopt;
  stage.Pause(kBeforeStop);
  // The call's takes a body, the conference's none (docs/provider.md §3.4, §3.5).
  const Reply stopped =
      stage.Post(stop_path, stop_path == CallPath(call, "/stop-play") ? "{}" : "");
  const auto ended = AwaitSoundEnd(stage, call, mark);
  if (stage.over()) return std::nullopt;
  // What is refused ends nothing.
  if (IsRefusal(stopped)) return SoundEnd::kPlayedToItsEnd;
  if (!stopped.accepted()) return SoundEnd::kUnknown;
  if (!ended) return SoundEnd::kStoppedSilently;
  if (At(ended->body, "/properties/playedCompletely") == "true") return SoundEnd::kPlayedToItsEnd;
  MeasureStop(stage, ended->arrived - stopped.answered);
  return SoundEnd::kStopped;
}

}  // namespace

std::string CallPath(const std::string& call, const std::string& action) {
  return absl::StrCat("/calls/1/calls/", provider::EscapeForUrl(call), action);
}

std::string ConferencePath(const std::string& conference, const std::string& action) {
  return absl::StrCat("/calls/1/conferences/", provider::EscapeForUrl(conference), action);
}

std::string ParticipantPath(const std::string& conference, const std::string& call) {
  return ConferencePath(conference, "/call/") + provider::EscapeForUrl(call);
}

void GiveUpOn(Stage& stage, const std::string& what, const Reply& reply) {
  const callbridge::v1::ProviderError error = provider::DecodeError(reply.body);
  const std::string answer =
      reply.status == 0
          ? "had no answer"
          : absl::StrFormat("was answered %d %s%s%s", reply.status, error.name(),
                            error.description().empty() ? "" : ": ", error.description());
  stage.GiveUp(what + " " + answer, RemedyFor(reply));
}

bool IsRefusal(const Reply& reply) { return reply.status == 400 || reply.status == 404; }

void FindByAnswer(Stage& stage, const std::string& switch_name, const Reply& reply,
                  const std::string& accepted, const std::string& refused) {
  if (reply.accepted() || reply.status == 400) {
    stage.Found(switch_name, reply.accepted() ? accepted : refused);
  } else {
    stage.Leave(switch_name, AnswerIn("the request", reply));
  }
}

std::string AnswerIn(const std::string& what, const Reply& reply) {
  return what +
         (reply.status == 0 ? " had no answer" : absl::StrCat(" was answered ", reply.status));
}

std::string Milliseconds(base::Duration duration) {
  return absl::StrCat(std::chrono::round<std::chrono::milliseconds>(duration).count(), " ms");
}

Reply CreateConference(Stage& stage) {
  Reply made =
      stage.Post("/calls/1/conferences", WriteConference(stage.options(), stage.options().name()));
  if (Keep(stage, OpenThings::Kind::kConference, made, "/id").empty()) {
    GiveUpOn(stage, "the creation of a conference", made);
  }
  return made;
}

std::string MakeConference(Stage& stage) {
  const Reply made = CreateConference(stage);
  return made.accepted() ? At(made.body, "/id") : "";
}

std::optional<Event> AwaitFirstWebhook(Stage& stage, const std::string& conference) {
  return stage.WaitFor({{"CONFERENCE_CREATED"}, "", conference}, kFirstWebhook);
}

std::string KeepCall(Stage& stage, const Reply& reply, const char* pointer) {
  return Keep(stage, OpenThings::Kind::kCall, reply, pointer);
}

std::string DialInto(Stage& stage, const std::string& conference, seconds rings, seconds lasts,
                     Reply* reply) {
  CallBody body{std::string(base::WithoutPlus(stage.options().to)), static_cast<int>(rings.count()),
                static_cast<int>(lasts.count())};
  const Reply dialled =
      stage.Post(ConferencePath(conference, "/call"), WriteDial(stage.options(), body));
  std::string id = KeepCall(stage, dialled, "/call/id");
  if (id.empty()) GiveUpOn(stage, "the dial into a conference", dialled);
  if (reply != nullptr) *reply = dialled;
  return id;
}

std::string DialAlone(Stage& stage, const CallBody& call) {
  const Reply dialled = stage.Post("/calls/1/calls", WriteCall(stage.options(), call));
  std::string id = KeepCall(stage, dialled, "/id");
  if (id.empty()) GiveUpOn(stage, "the dial", dialled);
  return id;
}

std::string TalkAlone(Stage& stage, const Marks& marks) {
  const std::string call =
      DialAlone(stage, {std::string(base::WithoutPlus(stage.options().to)),
                        static_cast<int>(kRings.count()), static_cast<int>(kLasts.count()), marks});
  if (stage.over() || !AwaitAnswer(stage, call)) return "";
  return call;
}

bool AwaitAnswer(Stage& stage, const std::string& call) {
  const auto told = stage.WaitFor({{"CALL_ESTABLISHED", "CALL_FAILED", "CALL_FINISHED"}, call},
                                  kRings + kEventSoon);
  if (told && told->type == "CALL_ESTABLISHED") return true;
  if (told) {
    stage.GiveUp(absl::StrCat("the telephone was not answered: the call ended with ",
                              At(told->body, "/properties/callLog/errorCode/name")),
                 "be ready to answer, and play the script again; for a name like FORBIDDEN, "
                 "INSUFFICIENT_FUNDS or FEATURE_UNAVAILABLE ask your account manager");
  } else {
    stage.GiveUp("no webhook told within 36 s that the telephone was answered",
                 "if you did answer, doctor without --live says whether the subscription has "
                 "CALL_ESTABLISHED; otherwise play the script again");
  }
  return false;
}

bool HasParticipant(const Reply& look, const std::string& call) {
  for (int place = 0;; ++place) {
    const std::string participant = absl::StrCat("/participants/", place);
    if (PresenceAt(look.body, participant) != Presence::kFilled) return false;
    if (At(look.body, participant + "/callId") == call) return true;
  }
}

bool AwaitJoined(Stage& stage, const std::string& conference, const std::string& call) {
  if (stage.WaitFor({{"PARTICIPANT_JOINED"}, call}, kEventSoon)) return true;
  const Reply look = stage.Get(ConferencePath(conference));
  if (look.accepted() && HasParticipant(look, call)) return true;
  stage.GiveUp("the call was answered and has not joined its conference",
               "ask your account manager whether conferencing is enabled");
  return false;
}

std::optional<Joined> TalkInConference(Stage& stage) {
  Joined joined;
  joined.conference = MakeConference(stage);
  if (stage.over()) return std::nullopt;
  joined.call = DialInto(stage, joined.conference, kRings, kLasts);
  if (stage.over() || !AwaitAnswer(stage, joined.call)) return std::nullopt;
  if (!AwaitJoined(stage, joined.conference, joined.call)) return std::nullopt;
  return joined;
}

std::string UploadSound(Stage& stage) {
  const Reply uploaded = stage.Upload(stage.options().name() + ".wav", MakeSilence(kSoundLasts));
  std::string id = uploaded.accepted() ? At(uploaded.body, "/id") : "";
  stage.Keep(OpenThings::Kind::kFile, id);
  if (id.empty()) GiveUpOn(stage, "the upload of a sound", uploaded);
  return id;
}

std::optional<SoundEnd> StopSound(Stage& stage, const std::string& call, const std::string& file,
                                  const std::string& stop_path) {
  auto end = StopSoundOnce(stage, call, file, stop_path);
  if (end == SoundEnd::kStoppedSilently) end = StopSoundOnce(stage, call, file, stop_path);
  if (end != SoundEnd::kStoppedSilently) return end;
  const auto told = PlayToItsEnd(stage, call, file);
  if (stage.over()) return std::nullopt;
  return told ? SoundEnd::kStoppedSilently : SoundEnd::kUnknown;
}

}  // namespace callbridge::live
