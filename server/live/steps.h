// Steps that several scripts take. A step that fails lets the script give up, in words, and returns
// an empty id or false.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "server/live/bodies.h"
#include "server/live/stage.h"

namespace callbridge::live {

// How long telephones ring and calls last; the dials say so. Ringing without a limit lasts as long
// as the provider lets it, and the script hangs up then.
inline constexpr std::chrono::seconds kRingsBriefly{15};
inline constexpr std::chrono::seconds kRings{30};
inline constexpr std::chrono::seconds kRingsWithoutLimit{150};
inline constexpr std::chrono::seconds kLastsBriefly{20};
inline constexpr std::chrono::seconds kLasts{150};
inline constexpr int kNotFound = 404;
// Within this time an event follows what causes it.
inline constexpr std::chrono::seconds kEventSoon{6};

std::string CallPath(const std::string& call, const std::string& action = "");
std::string ConferencePath(const std::string& conference, const std::string& action = "");
std::string ParticipantPath(const std::string& conference, const std::string& call);

// Gives up because of an answer that is none of those that the script asks about.
void GiveUpOn(Stage& stage, const std::string& what, const Reply& reply);
// True if the provider refuses the operation, by 400 or 404. 401, 403 and 429 say something about
// the key and the rate instead.
bool IsRefusal(const Reply& reply);
// "WHAT was answered 403", or "WHAT had no answer".
std::string AnswerIn(const std::string& what, const Reply& reply);
// The switch has the one position if the request was accepted, the other one if it was answered
// 400, and stays open otherwise: a 404 means that the person has hung up.
void FindByAnswer(Stage& stage, const std::string& switch_name, const Reply& reply,
                  const std::string& accepted, const std::string& refused);
std::string Milliseconds(base::Duration duration);

// Makes a conference, or gives the script up. The second returns its id; empty if it has none.
Reply CreateConference(Stage& stage);
std::string MakeConference(Stage& stage);
// Waits for the event of the creation, up to 15 s.
std::optional<Event> AwaitFirstWebhook(Stage& stage, const std::string& conference);
// Keeps the call of an answered dial, whose id stands at the pointer, or the unknown fate of the
// dial, so that the stage hangs it up. Returns the id; empty if the answer has none.
std::string KeepCall(Stage& stage, const Reply& reply, const char* pointer);
// Dials the person into the conference. reply: the answer, if the caller wants to look at it.
std::string DialInto(Stage& stage, const std::string& conference, std::chrono::seconds rings,
                     std::chrono::seconds lasts, Reply* reply = nullptr);
std::string DialAlone(Stage& stage, const CallBody& call);
// A call outside of a conference that the person has answered.
std::string TalkAlone(Stage& stage, const Marks& marks = {});
// Waits until the person answers.
bool AwaitAnswer(Stage& stage, const std::string& call);
// Whether a look at a conference shows the call among its participants.
bool HasParticipant(const Reply& look, const std::string& call);
// Waits until the call has joined the conference.
bool AwaitJoined(Stage& stage, const std::string& conference, const std::string& call);

struct Joined {
  std::string conference;
  std::string call;
};
// A person who has answered and joined a conference. Nothing if the script has given up.
std::optional<Joined> TalkInConference(Stage& stage);

// Uploads ten seconds of silence, which the stage deletes at the end. Returns the file's id.
std::string UploadSound(Stage& stage);
inline constexpr std::chrono::seconds kSoundLasts{10};

enum class SoundEnd { kStopped, kStoppedSilently, kPlayedToItsEnd, kUnknown };
// Plays the file on the call, sends the stop-play to this path, and tells how the sound ended.
// Without an event of its end it tries once more, because one webhook may be lost. Two silent ends
// count as stopped only if the end of a sound that nobody stops is told afterwards. Nothing if the
// script has given up.
std::optional<SoundEnd> StopSound(Stage& stage, const std::string& call, const std::string& file,
                                  const std::string& stop_path);
inline constexpr char kNoEndOfSound[] =
    "PLAY_FINISHED of a stopped sound did not come, or a stop-play had no answer";

}  // namespace callbridge::live
