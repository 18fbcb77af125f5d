// The script about what needs no call.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <array>
#include <optional>

#include "server/live/json_look.h"
#include "server/live/scripts.h"
#include "server/live/steps.h"

namespace callbridge::live {
namespace {

using std::chrono::seconds;

constexpr char kUnknownConfiguration[] = "doctor-unknown-configuration";

void AskApplications(Stage& stage) {
  const Reply list = stage.Get("/calls/1/applications?page=0&size=1");
  if (list.accepted()) {
    stage.Found("legacy-applications", "on");
  } else if (list.status == 404) {
    stage.Found("legacy-applications", "404");
  } else {
    stage.Leave("legacy-applications",
                absl::StrCat("the list of applications was answered ", list.status));
  }
}

void AskUnknownConfiguration(Stage& stage) {
  StageOptions unknown = stage.options();
  unknown.configuration.id = kUnknownConfiguration;
  const Reply made = stage.Post("/calls/1/conferences", WriteConference(unknown, ""));
  if (made.status == 404) {
    stage.Found("unknown-configuration", "404");
  } else if (made.accepted()) {
    stage.Keep(OpenThings::Kind::kConference, At(made.body, "/id"));
    stage.Found("unknown-configuration", "10309");
  } else {
    stage.Leave("unknown-configuration",
                absl::StrCat("a conference of it was answered ", made.status));
  }
}

std::string FormOf(const std::string& url) {
  if (url.empty()) return "absent";
  if (!absl::StrContains(url, "://")) return "host";
  return url.ends_with('/') ? "slash" : "full";
}

// The place of a conference in the list, or nothing.
std::optional<int> PlaceOf(const std::string& list, const std::string& id) {
  for (int place = 0;; ++place) {
    const std::string item = absl::StrCat("/results/", place);
    if (PresenceAt(list, item) != Presence::kFilled) return std::nullopt;
    if (At(list, item + "/id") == id) return place;
  }
}

// How soon two new conferences are listed, and in which order.
void AskLists(Stage& stage, const std::string& first, const std::string& second) {
  constexpr std::array kPauses = {seconds(0), seconds(1), seconds(1),
                                  seconds(2), seconds(4), seconds(8)};
  const auto& configuration = stage.options().configuration;
  const base::Time made = stage.Now();
  for (const seconds pause : kPauses) {
    stage.Pause(pause);
    const Reply list =
        stage.Get(absl::StrCat("/calls/1/conferences?", configuration.field, "=",
                               provider::EscapeForUrl(configuration.id), "&page=0&size=100"));
    const auto one = PlaceOf(list.body, first);
    const auto other = PlaceOf(list.body, second);
    if (!one || !other) continue;
    stage.Found("list-order", *other < *one ? "newest-first" : "oldest-first");
    const base::Duration lag = stage.Now() - made;
    stage.Tell("1.3", absl::StrCat("a new conference is listed within ", Milliseconds(lag)));
    return stage.Propose("timing.list_lag",
                         {lag, 2 * std::chrono::ceil<seconds>(lag),
                          "a new conference was listed after " + Milliseconds(lag)});
  }
  stage.Leave("list-order", "the list does not show two conferences 16 s after they were made");
  stage.Tell("1.3", "a new conference is not listed within 16 s");
  stage.Propose("timing.list_lag",
                {stage.Now() - made, 2 * std::chrono::ceil<seconds>(stage.Now() - made),
                 "a new conference is not listed within 16 s"});
}

void AskEndedConference(Stage& stage, const std::string& conference) {
  stage.Post(ConferencePath(conference, "/hangup"), "{}");
  if (!stage.WaitFor({{"CONFERENCE_FINISHED"}, "", conference}, kEventSoon)) {
    stage.Tell("4.2", "the hangup of an empty conference had no CONFERENCE_FINISHED within 6 s");
  }
  const Reply look = stage.Get(ConferencePath(conference));
  if (look.accepted()) stage.Found("get-finds-ended", "yes");
  if (look.status == 404) stage.Found("get-finds-ended", "no");
  const Reply said = stage.Post(ConferencePath(conference, "/say"), WriteSay("Test."));
  if (said.status == 404 || said.status == 400) {
    stage.Found("ended-conference", absl::StrCat(said.status));
  } else {
    stage.Leave("ended-conference", absl::StrCat("a say was answered ", said.status));
  }
}

}  // namespace

void PlayAccount(Stage& stage) {
  AskApplications(stage);
  AskUnknownConfiguration(stage);
  const Reply made = CreateConference(stage);
  if (stage.over()) return;
  const std::string first = At(made.body, "/id");
  stage.Tell("9.20", absl::StrCat("the creation of a conference was answered ", made.status));
  const auto created = AwaitFirstWebhook(stage, first);
  if (!created) {
    return stage.GiveUp(
        "no webhook came within 15 s after a conference was made",
        "nobody was called. Run doctor without --live: it looks at the subscription, the profile "
        "and the public URL. If it is content, the provider cannot reach the URL that this "
        "machine can: look at the firewall");
  }
  stage.Tell("9.18",
             created->arrived < made.answered
                 ? "an event came before the answer that names its conference"
                 : absl::StrCat("an event came ", Milliseconds(created->arrived - made.answered),
                                " after the answer that names its conference"));
  stage.Found("api-base-url", FormOf(At(created->body, "/properties/apiBaseUrl")));
  const std::string second = MakeConference(stage);
  if (stage.over()) return;
  AskLists(stage, first, second);
  const Reply history = stage.Get(ConferencePath(first, "/history"));
  if (history.accepted()) stage.Found("history-has-live", "yes");
  if (history.status == 404) stage.Found("history-has-live", "no");
  if (stage.Find({{"CONFERENCE_FINISHED"}, "", first})) {
    stage.Tell("9.5", "a conference that no call has joined ended by itself");
  }
  AskEndedConference(stage, first);
}

}  // namespace callbridge::live
