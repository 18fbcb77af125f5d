// Everything that is true at the provider: calls, conferences, what they hear, what is due next,
// what was asked. Plain data; what may happen to it stands in calls.h, conferences.h and sounds.h.
// Nothing of it lives outside this struct.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/account.h"
#include "tests/simulator/faults.h"
#include "tests/simulator/outbox.h"
#include "tests/simulator/people.h"
#include "tests/simulator/random.h"
#include "tests/simulator/switches.h"

namespace callbridge::simulator {

struct Settings {
  std::uint64_t seed = 1;
  // People's waits, speech, files and ringing take this many times less.
  double speed = 1;
  // Requests need "App <api_key>". Empty: any Authorization will do, none will not.
  std::string api_key;
  // Or "Basic <basic>". Empty: not accepted.
  std::string basic;
  // The ids of the account's calls configurations; the first one gets the incoming calls.
  std::vector<std::string> configurations{"callbridge"};
  // The numbers that the account owns, in digits. The default is the example settings' and the
  // demo's.
  std::vector<std::string> numbers{"442079460001", "442079460002", "442079460003", "442079460004"};
  // The scopes of the key. Empty: all.
  std::vector<std::string> scopes;
  // apiBaseUrl of incoming calls: "http://127.0.0.1:8080". Calls made by a request have the host it
  // was sent to.
  std::string api_base_url;
  Switches switches;
  Faults faults;
  Delays delays;
  People people;
};

enum class CallState {
  kCalling,
  kRinging,
  kPreEstablished,
  kEstablished,
  kFinished,
  kFailed,
  kCancelled,
  kNoAnswer,
  kBusy,
};

struct Endpoint {
  std::string type;
  std::map<std::string, std::string> members;
};

struct Platform {
  std::string entity_id;
  std::string application_id;
};

// One line of what a call went through and heard.
struct TimelineEntry {
  base::Time at;
  std::string text;
};

struct Sound {
  // SAY_FINISHED or PLAY_FINISHED when it ends.
  bool say = false;
  std::string what;
  // Until it ends by itself.
  base::Duration length{};
  // Whether it is then heard to its end, or was cut by a timeout.
  bool complete = true;
  base::Time began;
  // Ties the timer to this sound.
  std::uint64_t number = 0;
  // Of the uploaded file that is played; empty for any other sound.
  std::string file_id = {};
};

// A call or a conference; the front sounds, the others wait.
using Sounds = std::deque<Sound>;

struct Call {
  std::string id;
  Endpoint endpoint;
  std::string from;
  std::string to;
  bool inbound = false;
  CallState state = CallState::kCalling;
  base::Time start;
  std::optional<base::Time> ring;
  std::optional<base::Time> answer;
  std::optional<base::Time> end;
  std::string configuration;
  Platform platform;
  std::string parent_call_id;
  std::string external_id;
  std::map<std::string, std::string> custom_data;
  // Where it is or is joining; empty if nowhere.
  std::string conference_id;
  std::vector<std::string> conference_ids;
  std::string error;
  std::string hangup_source;
  std::string base_url;
  base::Duration max_duration{};
  Script script;
  std::optional<base::Duration> machine_detection;
  bool answer_accepted = false;
  bool muted = false;
  bool deaf = false;
  bool blind = false;
  Sounds sounds;
  std::vector<TimelineEntry> timeline;

  bool ended() const { return end.has_value(); }
  bool established() const { return state == CallState::kEstablished; }
};

enum class ParticipantState { kJoining, kJoined, kLeft };

struct Role {
  std::string type = "DEFAULT";
  std::vector<std::string> advise;
};

struct Participant {
  std::string call_id;
  ParticipantState state = ParticipantState::kJoining;
  std::optional<base::Time> join;
  std::optional<base::Time> leave;
  Role role;
  bool on_early_media = false;
};

struct Conference {
  std::string id;
  std::string name;
  std::string configuration;
  Platform platform;
  std::vector<Participant> participants;
  base::Time start;
  std::optional<base::Time> end;
  std::string error;
  std::string base_url;
  // Its calls are being hung up: their leaving must not finish it a second time.
  bool finishing = false;
  // How many were joined at once, for the switch lone-participant.
  std::size_t joined_most = 0;
  Sounds sounds;
  std::vector<TimelineEntry> timeline;

  bool ended() const { return end.has_value(); }
};

struct Timer {
  enum class Kind {
    kRing,
    kEarlyMedia,
    kPersonAnswers,
    kPersonFails,
    kConnectTimeout,
    kInboundRing,
    kEstablish,
    kJoin,
    kPersonHangsUp,
    kDisconnect,
    kReconnect,
    kMachineDetected,
    kCallMaxDuration,
    kCallSoundEnds,
    kConferenceSoundEnds,
    kConferenceMaxDuration,
    kEmptyConference,
  };
  Kind kind;
  // Of the call or conference.
  std::string id;
  // Of the sound, for the two SoundEnds.
  std::uint64_t sound = 0;
};

// When it is due, and a number that keeps those of one moment in order.
using TimerKey = std::pair<base::Time, std::uint64_t>;

// Calls or conferences in order of creation, found by id. References stay valid until Forget.
template <typename Thing>
class Registry {
 public:
  Thing& Add(Thing thing) {
    const std::uint64_t number = ++added_;
    numbers_[thing.id] = number;
    return things_.emplace(number, std::move(thing)).first->second;
  }
  Thing* Find(const std::string& id) {
    const auto found = numbers_.find(id);
    return found == numbers_.end() ? nullptr : &things_.at(found->second);
  }
  const Thing* Find(const std::string& id) const {
    const auto found = numbers_.find(id);
    return found == numbers_.end() ? nullptr : &things_.at(found->second);
  }
  const std::map<std::uint64_t, Thing>& things() const { return things_; }
  // Forgets the oldest that have ended.
  void ForgetBeyond(std::size_t kept) {
    for (auto thing = things_.begin(); thing != things_.end() && things_.size() > kept;) {
      if (!thing->second.ended()) {
        ++thing;
        continue;
      }
      numbers_.erase(thing->second.id);
      thing = things_.erase(thing);
    }
  }

 private:
  std::uint64_t added_ = 0;
  std::map<std::uint64_t, Thing> things_;
  std::map<std::string, std::uint64_t> numbers_;
};

struct RequestRecord {
  base::Time at;
  std::string operation;
  std::string method;
  std::string target;
  std::string body;
  int status = 0;
  // "reset-after", "stale-read" … if a fault struck it.
  std::string fault;
};

// A request that no correct client sends.
struct ViolationRecord {
  base::Time at;
  std::string operation;
  std::string method;
  std::string target;
  int status = 0;
  std::string text;
};

struct Journal {
  // Operation → status (0: reset) → how many.
  std::map<std::string, std::map<int, std::int64_t>> counts;
  std::deque<RequestRecord> requests;
  std::deque<ViolationRecord> violations;
  std::int64_t violations_seen = 0;
  // Sounds started on a call or conference that was hearing another one.
  std::int64_t overlaps = 0;
  std::int64_t faults_struck = 0;
  // Calls shown as they were some time before.
  std::int64_t stale_reads = 0;
  // What was there and was answered with 404.
  std::int64_t not_found_reads = 0;
};

struct World {
  explicit World(Settings given)
      : settings(std::move(given)),
        account(MakeAccount(settings.numbers)),
        ids(settings.seed),
        chance(settings.seed ^ 0x5bd1e995U),
        outbox(settings.seed ^ 0xc2b2ae35U) {}

  Settings settings;
  Account account;
  base::Time now;
  Random ids;
  Random chance;
  Outbox outbox;
  Registry<Call> calls;
  Registry<Conference> conferences;
  std::map<TimerKey, Timer> timers;
  // Of each call or conference that has not ended: so that its end clears them.
  std::map<std::string, std::vector<TimerKey>> timers_of;
  std::uint64_t timers_set = 0;
  std::uint64_t sounds_begun = 0;
  Journal journal;
};

// How requests, answers and events name a calls configuration: an account of the older flavour has
// applications instead (docs/provider.md §2).
const char* ConfigurationField(const World& world);

// Every number of a call's endpoint: phone number, identity, user name or configuration id.
std::string NumberOf(const Endpoint& endpoint);
std::string_view NameOf(CallState state);
std::string_view NameOf(ParticipantState state);

void SetTimer(World& world, base::Duration after, Timer timer);
// All of a call or conference that has ended.
void ClearTimers(World& world, const std::string& id);
// By the speed factor.
base::Duration Scaled(const World& world, base::Duration duration);
void Note(World& world, std::vector<TimelineEntry>& timeline, std::string text);
// Null if the call is in no conference, or has left it.
Participant* FindParticipant(Conference& conference, const std::string& call_id);
const Participant* FindParticipant(const Conference& conference, const std::string& call_id);

}  // namespace callbridge::simulator
