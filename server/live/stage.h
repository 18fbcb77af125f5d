// What a script works with: it sends requests, waits for events, and says what it found out. The
// stage writes everything down for the transcript, and knows everything that it made, so that it is
// taken away whatever happens (clean_up.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/live/event.h"
#include "server/live/findings.h"
#include "server/live/line.h"
#include "server/live/open_things.h"
#include "server/live/transcript.h"
#include "server/provider/account_options.h"

namespace callbridge::live {

struct StageOptions {
  // The name of the account in the settings.
  std::string account = "default";
  provider::CallsConfiguration configuration;
  // The telephone that is called, "+447700900123".
  std::string to;
  // The number that it sees.
  std::string from;
  // Marks the calls of this run in their customData: letters and digits that no other run has.
  std::string run;

  // Of what this run makes and that bears a name.
  std::string name() const { return "doctor-" + run; }
};

// The answer to one request.
struct Reply {
  // False: it was not sent, because the operator had asked to stop or there was no connection.
  bool left = false;
  // 0 means that no answer came.
  int status = 0;
  std::string body;
  base::Time sent;
  base::Time answered;

  bool accepted() const { return status / 100 == 2; }
  // True if the request may have been done although no answer says so.
  bool unanswered() const { return left && (status == 0 || status / 100 == 5); }
};

// What the telephone has to do while a script is played. If it does something else, the script
// gives up, and answers nothing from then on.
enum class Telephone {
  // It may do anything.
  kIsFree,
  // It is not answered.
  kRings,
  // It does not hang up before the script has ended the call.
  kStays,
};

// For one thread.
class Stage {
 public:
  // line: must outlive the stage.
  Stage(Line& line, StageOptions options) : line_(line), options_(std::move(options)) {}

  const StageOptions& options() const { return options_; }
  Findings& findings() { return findings_; }

  // Begins a script: its transcript, and no trouble yet.
  void Begin(const std::string& script, Telephone telephone);
  // Returns what the script sent and got.
  std::vector<Entry> TakeEntries();

  // Requests. After the operator has asked to stop they are not sent, and have no answer. After a
  // 429 the request is sent again, up to three times; a fourth 429 is the answer.
  Reply Get(const std::string& target) { return Send(provider::Method::kGet, target, ""); }
  Reply Post(const std::string& target, const std::string& body = "") {
    return Send(provider::Method::kPost, target, body);
  }
  Reply Put(const std::string& target, const std::string& body = "") {
    return Send(provider::Method::kPut, target, body);
  }
  Reply Delete(const std::string& target) { return Send(provider::Method::kDelete, target, ""); }
  // Uploads a file (docs/provider.md §3.7).
  Reply Upload(const std::string& name, std::string content);
  // To the account's own base URL, even if events name another one for what the path names.
  Reply GetAtHome(const std::string& target);
  // True if events name another base URL for it, to which requests about it are sent.
  bool IsAbroad(const std::string& target) const { return !BaseUrlFor(target).empty(); }

  // Waits until such an event is there; an event that has come already counts. Nothing if the time
  // passes, the operator asks to stop, or the telephone does what it should not.
  std::optional<Event> WaitFor(const Wanted& wanted, base::Duration longest);
  // Whether such an event has come by now. Events about other people's calls are not kept.
  std::optional<Event> Find(const Wanted& wanted) const;
  // The place of the next event.
  std::size_t Mark() const { return next_place_; }
  // Lets this time pass, and takes the events that come.
  void Pause(base::Duration duration);

  // The position of a switch that was seen. This, and what else is found, is taken back if the
  // telephone had done by then what it should not: the webhook of that may come later.
  void Found(const std::string& switch_name, const std::string& position);
  // Why a question has no answer.
  void Leave(const std::string& switch_name, const std::string& why);
  void Tell(const std::string& section, const std::string& text);
  // A later, smaller measurement of the same setting changes nothing.
  void Propose(const std::string& setting, const Proposal& proposal);
  // The script cannot go on. It returns then, and what it has not answered stays open.
  void GiveUp(const std::string& what, const std::string& remedy);
  bool gave_up() const { return gave_up_; }
  bool stopped() const { return line_.stopped(); }
  // True if every webhook that came was refused, so that no wait will end well.
  bool HearsOnlyRefused() const {
    return findings_.webhooks > 0 && findings_.webhooks == findings_.refused_webhooks;
  }
  // True if the script should return.
  bool over() const { return gave_up() || stopped(); }

  // What an answer names as made. Events about it that came before the answer count from now on.
  void Keep(OpenThings::Kind kind, const std::string& id);
  OpenThings& things() { return things_; }
  // The call has ended at this time. source: its hangupSource (docs/provider.md §3.0), which tells
  // whether the telephone hung up; empty if it is not known.
  void NoteEnd(const std::string& call, const std::string& source, base::Time time);
  // Whether a call of this run is meant, although its answer was lost. call: the JSON pointer of
  // the call in the body.
  bool BearsOurMark(const std::string& body, const std::string& call) const;
  // As long as one exists, requests leave and waits last although the operator has asked to stop.
  class Cleaning {
   public:
    explicit Cleaning(Stage& stage) : stage_(stage) { stage_.cleaning_ = true; }
    ~Cleaning() { stage_.cleaning_ = false; }
    Cleaning(const Cleaning&) = delete;
    Cleaning& operator=(const Cleaning&) = delete;

   private:
    Stage& stage_;
  };

  void RefuseNextWebhook() { line_.RefuseNextWebhook(); }
  base::Time Now() const { return line_.Now(); }

 private:
  Reply Send(provider::Method method, const std::string& target, const std::string& body);
  Reply Exchange(const provider::HttpRequest& request, const std::string& base_url);
  // The apiBaseUrl of what the path names; empty for the account's own.
  std::string BaseUrlFor(std::string_view target) const;
  // Takes what has come by now.
  void TakeWaiting();
  void Take(const Webhook& webhook);
  // False for a webhook that anybody may have posted: the authentication refuses it, no secret of
  // ours signs it, and it knows nothing of this run.
  bool MayBeTheProviders(const Event& event, const Webhook& webhook) const;
  bool BearsOurName(const Event& event) const;
  // Calls and conferences of other people are none of a script's business; the person's call is.
  bool IsOurs(const Event& event) const;
  // What was made although its answer has not come, or never will.
  void Adopt(const Event& event);
  void Accept(Event event, std::vector<std::string> headers);
  void NoteBaseUrl(const Event& event);
  // Looks whether the telephone does what it should.
  void Watch(const Event& event);
  // The telephone did what it should not at this time; the trouble says what.
  void Surprise(const std::string& call, base::Time time, const Trouble& trouble);
  // Restores what the script had found before this time.
  void TakeBackSince(base::Time time);
  // False if nothing is found any more. Otherwise keeps what the script has found so far.
  bool MayFind();

  Line& line_;
  const StageOptions options_;
  Findings findings_;
  OpenThings things_;
  std::string script_;
  bool gave_up_ = false;
  Telephone telephone_ = Telephone::kIsFree;
  // The telephone has done what it should not.
  bool surprised_ = false;
  // A hangup of this script was accepted, or had no answer.
  bool has_hung_up_ = false;
  // Those of this script.
  std::set<std::string> calls_;
  // What was found before each of these times, the earliest first.
  std::vector<std::pair<base::Time, Findings>> earlier_;
  // Requests leave although the operator has asked to stop.
  bool cleaning_ = false;
  std::vector<Entry> entries_;
  std::size_t next_place_ = 0;
  // Of what is ours, in the order of arrival.
  std::vector<Event> events_;
  // A request is under way, or its answer has just come.
  bool asking_ = false;
  // What came meanwhile and is about nothing of ours, unless the answer names it; with its headers.
  std::vector<std::pair<Event, std::vector<std::string>>> unclaimed_;
  // The apiBaseUrl that events name for a call or a conference, by its id, if the key may go there
  // and it is not the account's own.
  std::map<std::string, std::string> base_urls_;
};

}  // namespace callbridge::live
