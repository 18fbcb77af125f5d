#include "server/admin/plan.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <utility>

#include "server/admin/mark.h"
#include "server/base/mask.h"

namespace callbridge::admin {
namespace {

using Kind = Change::Kind;

constexpr char kForward[] = "FORWARD_TO_SUBSCRIPTION";
constexpr char kOverwrite[] =
    "compare it with the settings; setup --overwrite replaces it by what they say";
constexpr char kRemoveByHand[] = "remove it in the portal, or run setup --remove --overwrite";

std::string In(const std::vector<std::string>& phrases) { return absl::StrJoin(phrases, "; "); }

// A thing is setup's own and untouched if its mark tells its present content.
bool IsUntouched(const std::optional<Mark>& mark, const Wanted& wanted,
                 const std::string& marked_digest, const std::string& digest) {
  return mark && mark->owner == wanted.owner && marked_digest == digest;
}

class SetupPlan {
 public:
  SetupPlan(const Wanted& wanted, const Observed& observed, const PlanOptions& options)
      : wanted_(wanted), observed_(observed), options_(options) {
    if (!wanted.applications && observed.subscription->has_value()) {
      mark_ = ParseMark((*observed.subscription)->name);
    }
  }

  Plan Make() && {
    if (wanted_.applications) {
      PlanApplication();
      return std::move(plan_);
    }
    PlanConfiguration();
    if (wanted_.security) PlanSecurity();
    PlanProfile();
    PlanSubscription();
    PlanOldSecurities();
    for (const ObservedNumber& number : observed_.numbers) PlanNumber(number);
    PlanOtherNumbers();
    return std::move(plan_);
  }

 private:
  void Keep(const Subject& subject, const std::string& why) {
    plan_.push_back({Kind::kKeep, subject, why, "", std::nullopt});
  }
  void Leave(const Subject& subject, const std::string& why, const std::string& remedy) {
    plan_.push_back({Kind::kLeave, subject, why, remedy, std::nullopt});
  }
  void ByHand(const Subject& subject, const std::string& why, const std::string& remedy) {
    plan_.push_back({Kind::kByHand, subject, why, remedy, std::nullopt});
  }
  void Do(Kind kind, const Subject& subject, const std::string& why, Request request) {
    plan_.push_back({kind, subject, why, "", std::move(request)});
  }

  void PlanConfiguration() {
    const Subject subject{Part::kConfiguration, "calls configuration " + wanted_.configuration.id};
    const std::optional<Configuration>& found = *observed_.configuration;
    if (!found) {
      Do(Kind::kCreate, subject, "the account had none", Create(wanted_.configuration));
    } else if (found->name == wanted_.configuration.name) {
      Keep(subject, "is there");
    } else {
      Keep(subject, absl::StrCat("is there, with the name \"", found->name,
                                 "\" that somebody else gave it"));
    }
  }

  void PlanSecurity() {
    const Subject subject{Part::kSecurity, "security setting " + wanted_.security->id};
    const auto found =
        std::ranges::find(*observed_.securities, wanted_.security->id, &Security::id);
    if (found == observed_.securities->end()) {
      Do(Kind::kCreate, subject, "the account had none with today's secret",
         Create(*wanted_.security));
      return;
    }
    const std::vector<std::string> differences = Differences(*found, *wanted_.security);
    if (differences.empty()) {
      Keep(subject, absl::StrCat("is ", found->type, ", with today's secret"));
    } else if (options_.overwrite) {
      Do(Kind::kUpdate, subject, In(differences), Update(*wanted_.security));
    } else {
      Leave(subject, "was changed by hand: " + In(differences), kOverwrite);
    }
  }

  void PlanProfile() {
    const Subject subject{Part::kProfile, "notification profile " + wanted_.profile.id};
    const std::optional<Profile>& found = *observed_.profile;
    profile_digest_ = DigestOf(wanted_.profile);
    if (!found) {
      Do(Kind::kCreate, subject, "the account had none", Create(wanted_.profile));
      return;
    }
    const std::vector<std::string> differences = Differences(*found, wanted_.profile);
    const std::string marked = mark_ ? mark_->profile_digest : "";
    if (differences.empty()) {
      Keep(subject, "posts to " + found->url);
    } else if (options_.overwrite || IsUntouched(mark_, wanted_, marked, DigestOf(*found))) {
      Profile profile = wanted_.profile;
      profile.tuning = found->tuning;
      profile.tls_versions = found->tls_versions;
      Do(Kind::kUpdate, subject, In(differences), Update(profile));
    } else {
      profile_digest_ = marked;
      Leave(subject, "somebody else made or changed it: " + In(differences), kOverwrite);
    }
  }

  void PlanSubscription() {
    const Subject subject{Part::kSubscription, "subscription " + wanted_.subscription.id};
    const std::optional<Subscription>& found = *observed_.subscription;
    Subscription subscription = wanted_.subscription;
    subscription.name = NameWith({wanted_.owner, DigestOf(wanted_.subscription), profile_digest_});
    if (!found) {
      Do(Kind::kCreate, subject, "the account had none", Create(subscription));
      return;
    }
    const std::vector<std::string> differences = Differences(*found, wanted_.subscription);
    const bool ours = mark_ && mark_->owner == wanted_.owner;
    if (differences.empty() && (found->name == subscription.name || !ours)) {
      Keep(subject, absl::StrCat("has the ", found->events.size(), " events that are used",
                                 ours ? "" : "; somebody else made it"));
    } else if (differences.empty()) {
      Do(Kind::kUpdate, subject, "its name tells what setup wrote, and that is something else now",
         Update(subscription));
    } else if (options_.overwrite ||
               IsUntouched(mark_, wanted_, mark_ ? mark_->digest : "", DigestOf(*found))) {
      Do(Kind::kUpdate, subject, In(differences), Update(subscription));
    } else {
      Leave(
          subject,
          absl::StrCat(ours ? "was changed by hand: " : "somebody else made it: ", In(differences)),
          kOverwrite);
    }
  }

  // Secrets of before, which no profile uses any longer.
  void PlanOldSecurities() {
    const bool profile_left = std::ranges::any_of(plan_, [](const Change& change) {
      return change.kind == Kind::kLeave && change.subject.part == Part::kProfile;
    });
    for (const Security& security : *observed_.securities) {
      if (wanted_.security && security.id == wanted_.security->id) continue;
      const bool used = profile_left && observed_.profile->has_value() &&
                        (*observed_.profile)->security_id == security.id;
      if (!used) {
        Do(Kind::kDelete, {Part::kSecurity, "security setting " + security.id},
           "holds a secret of before", Delete(security));
      }
    }
  }

  void PlanNumber(const ObservedNumber& observed) {
    const Subject subject{Part::kNumber, "number " + Shown(observed.wanted.number, options_)};
    Number number = *observed.number;
    if (number.key.empty()) {
      Leave(subject, "the account does not own it",
            absl::StrCat("correct ", observed.wanted.path,
                         ", or rent the number in the portal (Channels and Numbers)"));
      return;
    }
    const std::optional<VoiceAction> found = std::exchange(
        number.action, VoiceAction{kForward, wanted_.configuration.id, NumberMark(wanted_.owner)});
    if (!found) {
      Do(Kind::kCreate, subject, "it had no voice action", Create(number));
    } else if (found->type == kForward && found->configuration_id == wanted_.configuration.id) {
      Keep(subject, "leads to the calls configuration");
    } else if (options_.overwrite || found->description == NumberMark(wanted_.owner)) {
      Do(Kind::kUpdate, subject, "led to " + InWords(*found), Update(number));
    } else {
      Leave(subject, absl::StrCat("leads to ", InWords(*found), ", which somebody else set"),
            kOverwrite);
    }
  }

  void PlanOtherNumbers() {
    for (const Number& number : observed_.other_numbers->forgotten) {
      Leave({Part::kForgottenNumber, "number " + Shown(number.number, options_)},
            "setup led it to this service before, and no route names it now",
            "name it below \"routes\", or remove its voice action in the portal");
    }
    if (observed_.other_numbers->not_looked_at > 0) {
      ByHand({Part::kForgottenNumber, "other numbers"},
             absl::StrCat(observed_.other_numbers->not_looked_at,
                          " were not looked at, because each takes a request"),
             "look in the portal whether one without a route leads to this service");
    }
  }

  static std::string InWords(const VoiceAction& action) {
    return action.configuration_id.empty()
               ? action.type
               : absl::StrCat(action.type, " of ", action.configuration_id);
  }

  void PlanApplication() {
    const std::optional<Application>& found = *observed_.application;
    Application application = wanted_.application;
    application.name = NameWith({wanted_.owner, DigestOf(wanted_.application), ""});
    if (!found) {
      Do(Kind::kCreate, {Part::kApplication, "application"}, "the account had none of this name",
         Create(application));
    } else {
      PlanFoundApplication(*found, application);
    }
    ByHand({Part::kSecurity, "security of the application's webhooks"},
           "no source tells how an application is given it",
           "set it in the portal, as the settings below \"webhook\" say");
    for (const WantedNumber& number : wanted_.numbers) {
      ByHand({Part::kNumber, "number " + Shown(number.number, options_)},
             "no source tells how a number is led to an application by request",
             "lead it to the application in the portal");
    }
  }

  void PlanFoundApplication(const Application& found, Application application) {
    const Subject subject{Part::kApplication, "application " + found.id};
    const std::optional<Mark> mark = ParseMark(found.name);
    const std::vector<std::string> differences = Differences(found, wanted_.application);
    application.id = found.id;
    if (differences.empty()) {
      Keep(subject, absl::StrCat("has the ", found.events.size(), " events that are used"));
    } else if (options_.overwrite ||
               IsUntouched(mark, wanted_, mark ? mark->digest : "", DigestOf(found))) {
      Do(Kind::kUpdate, subject, In(differences), Update(application));
    } else {
      Leave(subject, "somebody else made or changed it: " + In(differences), kOverwrite);
    }
    if (found.id != wanted_.application.id) {
      Leave({Part::kConfigurationId, "calls_configuration_id"}, "is not the id of the application",
            absl::StrCat("write ", found.id, " into the settings, and run setup again"));
    }
  }

  const Wanted& wanted_;
  const Observed& observed_;
  const PlanOptions& options_;
  std::optional<Mark> mark_;
  std::string profile_digest_;
  Plan plan_;
};

class RemovalPlan {
 public:
  RemovalPlan(const Wanted& wanted, const Observed& observed, const PlanOptions& options)
      : wanted_(wanted), observed_(observed), options_(options) {}

  Plan Make() && {
    if (wanted_.applications) {
      if (const auto& found = *observed_.application) {
        Leave({Part::kApplication, "application " + found->id},
              "no source tells how an application is removed", "remove it in the portal");
      }
      return std::move(plan_);
    }
    for (const ObservedNumber& number : observed_.numbers) PlanNumber(*number.number);
    for (const Number& number : observed_.other_numbers->forgotten) PlanNumber(number);
    PlanSubscription();
    PlanProfile();
    PlanSecurities();
    PlanConfiguration();
    return std::move(plan_);
  }

 private:
  void Leave(const Subject& subject, const std::string& why, const std::string& remedy) {
    plan_.push_back({Kind::kLeave, subject, why, remedy, std::nullopt});
  }
  void Remove(const Subject& subject, Request request) {
    plan_.push_back({Kind::kDelete, subject, "setup made it", "", std::move(request)});
  }

  void PlanNumber(const Number& number) {
    if (!number.action || number.action->configuration_id != wanted_.configuration.id) return;
    const Subject subject{Part::kNumber, "action of number " + Shown(number.number, options_)};
    if (options_.overwrite || number.action->description == NumberMark(wanted_.owner)) {
      Remove(subject, Delete(number));
    } else {
      configuration_used_ = true;
      Leave(subject, "somebody else set it", kRemoveByHand);
    }
  }

  void PlanSubscription() {
    const std::optional<Subscription>& found = *observed_.subscription;
    if (!found) return;
    mark_ = ParseMark(found->name);
    const Subject subject{Part::kSubscription, "subscription " + found->id};
    if (options_.overwrite ||
        IsUntouched(mark_, wanted_, mark_ ? mark_->digest : "", DigestOf(*found))) {
      Remove(subject, Delete(*found));
      return;
    }
    configuration_used_ = true;
    profile_used_ = found->profile_id == wanted_.profile.id;
    Leave(subject, "somebody else made or changed it", kRemoveByHand);
  }

  void PlanProfile() {
    const std::optional<Profile>& found = *observed_.profile;
    if (!found) return;
    const Subject subject{Part::kProfile, "notification profile " + found->id};
    const std::string digest = DigestOf(*found);
    const bool ours = IsUntouched(mark_, wanted_, mark_ ? mark_->profile_digest : "", digest) ||
                      digest == DigestOf(wanted_.profile);
    if (profile_used_) {
      Leave(subject, "the subscription that stays uses it", kRemoveByHand);
    } else if (options_.overwrite || ours) {
      Remove(subject, Delete(*found));
      return;
    } else {
      Leave(subject, "somebody else made or changed it", kRemoveByHand);
    }
    security_used_ = found->security_id;
  }

  void PlanSecurities() {
    for (const Security& security : *observed_.securities) {
      const Subject subject{Part::kSecurity, "security setting " + security.id};
      if (security.id == security_used_) {
        Leave(subject, "the profile that stays uses it", kRemoveByHand);
      } else {
        Remove(subject, Delete(security));
      }
    }
  }

  void PlanConfiguration() {
    const std::optional<Configuration>& found = *observed_.configuration;
    if (!found) return;
    const Subject subject{Part::kConfiguration, "calls configuration " + found->id};
    if (found->name != wanted_.configuration.name) {
      Leave(subject, absl::StrCat("has the name \"", found->name, "\" that somebody else gave it"),
            "remove it in the portal if no other program uses it");
    } else if (configuration_used_) {
      Leave(subject, "something that stays leads to it", kRemoveByHand);
    } else {
      Remove(subject, Delete(*found));
    }
  }

  const Wanted& wanted_;
  const Observed& observed_;
  const PlanOptions& options_;
  std::optional<Mark> mark_;
  bool configuration_used_ = false;
  bool profile_used_ = false;
  std::string security_used_;
  Plan plan_;
};

}  // namespace

Plan PlanSetup(const Wanted& wanted, const Observed& observed, const PlanOptions& options) {
  return SetupPlan(wanted, observed, options).Make();
}

Plan PlanRemoval(const Wanted& wanted, const Observed& observed, const PlanOptions& options) {
  return RemovalPlan(wanted, observed, options).Make();
}

std::string Shown(const std::string& number, const PlanOptions& options) {
  return options.show_numbers ? "+" + number : base::MaskNumber("+" + number);
}

}  // namespace callbridge::admin
