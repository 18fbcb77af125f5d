// What a script works with: it sends requests, waits for events, and says what it found out. The
// stage writes everything down for the transcript, and knows every call and conference that it
// made, so that each is hung up whatever happens.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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
  // 0 means that no answer came.
  int status = 0;
  std::string body;
  base::Time sent;
  base::Time answered;

  bool accepted() const { return status / 100 == 2; }
};

// For one thread.
class Stage {
 public:
  // line: must outlive the stage.
  Stage(Line& line, StageOptions options) : line_(line), options_(std::move(options)) {}

  const StageOptions& options() const { return options_; }
  Findings& findings() { return findings_; }

  // Begins a script: its transcript, and no trouble yet.
  void Begin(const std::string& script);
  // Returns what the script sent and got.
  std::vector<Entry> TakeEntries();

  // Requests. After the operator has asked to stop they are not sent, and have no answer. A 429 is
  // waited for and sent again.
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
  // passes, or the operator asks to stop.
  std::optional<Event> WaitFor(const Wanted& wanted, base::Duration longest);
  // Whether such an event has come by now.
  std::optional<Event> Find(const Wanted& wanted) const;
  // The place of the next event.
  std::size_t Mark() const { return events_.size(); }
  // Lets this time pass, and takes the events that come.
  void Pause(base::Duration duration);

  // The position of a switch that was seen.
  void Found(const std::string& switch_name, const std::string& position);
  // Why a question has no answer.
  void Leave(const std::string& switch_name, const std::string& why);
  void Tell(const std::string& section, const std::string& text);
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

  // Hangs up and deletes what the script made and that is not over, also after the operator has
  // asked to stop. What may still be alive is told in findings().alive.
  void CleanUp();
  OpenThings& things() { return things_; }

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
  void NoteBaseUrl(const Event& event);
  // Whether a call of this run is meant, although its answer was lost.
  bool BearsOurMark(const std::string& body, const std::string& call) const;
  void AdoptOrRelease(const Event& event);
  // Hangs one thing up and waits for its end; false if that cannot be told.
  bool HangUp(const OpenThings::Thing& thing);
  bool IsOver(const OpenThings::Thing& thing);
  // Looks through all pages of the provider's list of calls or conferences.
  void FindLost(OpenThings::Kind kind);
  // Adds what one page has of this run and what lives. Returns false if the page is empty.
  bool AddOurs(OpenThings::Kind kind, const std::string& list);

  Line& line_;
  const StageOptions options_;
  Findings findings_;
  OpenThings things_;
  std::string script_;
  bool gave_up_ = false;
  // Requests leave although the operator has asked to stop.
  bool cleaning_ = false;
  std::vector<Entry> entries_;
  std::vector<Event> events_;
  // The apiBaseUrl that events name for a call or a conference, by its id, if the key may go there
  // and it is not the account's own.
  std::map<std::string, std::string> base_urls_;
};

}  // namespace callbridge::live
