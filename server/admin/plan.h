// What has to be done so that an account has what is wanted, or has nothing of it any longer. Pure:
// --dry-run shows a plan, setup applies it, and doctor tells what it would change.
//
// What setup made is changed and removed. What somebody else made, or changed by hand since setup
// wrote it, is left alone unless `overwrite` says otherwise (decision 0049).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/admin/observed.h"
#include "server/admin/requests.h"
#include "server/admin/wanted.h"

namespace callbridge::admin {

// A part of an account, or of the settings that say what it must have.
enum class Part {
  kConfiguration,
  // The setting calls_configuration_id.
  kConfigurationId,
  kSecurity,
  kProfile,
  kSubscription,
  kApplication,
  kNumber,
  // A number that setup led to this service before, and that no route names now.
  kForgottenNumber,
};

// What a change is about.
struct Subject {
  Part part = Part::kConfiguration;
  // Like "subscription callbridge-example-default".
  std::string name;
};

struct Change {
  enum class Kind {
    kCreate,
    kUpdate,
    kDelete,
    // It is as wanted.
    kKeep,
    // It is not as wanted, and setup must not touch it.
    kLeave,
    // No request is known that looks at it or makes it, so a person does it.
    kByHand,
  };

  Kind kind = Kind::kKeep;
  Subject subject;
  // What was found, and for the last two kinds why setup does nothing.
  std::string why;
  // For the last two kinds: what a person can do.
  std::string remedy;
  // For the first three kinds.
  std::optional<Request> request;
};

using Plan = std::vector<Change>;

struct PlanOptions {
  // Also what somebody else made or changed is changed and removed.
  bool overwrite = false;
  // Telephone numbers are shown whole.
  bool show_numbers = false;
};

// Every part of observed must be known (WhatIsUnknown). The order of the plan is the order in which
// its requests may leave.
Plan PlanSetup(const Wanted& wanted, const Observed& observed, const PlanOptions& options);
Plan PlanRemoval(const Wanted& wanted, const Observed& observed, const PlanOptions& options);

// How the thing differs from what is wanted, each as a phrase like "events are missing: ERROR".
// Empty means that it does not.
std::vector<std::string> Differences(const Security& found, const Security& wanted);
std::vector<std::string> Differences(const Profile& found, const Profile& wanted);
std::vector<std::string> Differences(const Subscription& found, const Subscription& wanted);
std::vector<std::string> Differences(const Application& found, const Application& wanted);

// The number as a person may see it.
std::string Shown(const std::string& number, const PlanOptions& options);

}  // namespace callbridge::admin
