// The mark that setup leaves in the name of a subscription or application: whose it is, and what
// setup wrote. It tells setup's own things from those that somebody else made, and untouched ones
// from those that were changed by hand since (decision 0049).
#pragma once

#include <optional>
#include <string>

#include "server/admin/things.h"

namespace callbridge::admin {

struct Mark {
  // Like "service_id/account".
  std::string owner;
  // Of the subscription or application itself.
  std::string digest;
  // Of the profile of a subscription; empty in the name of an application.
  std::string profile_digest;
};

// Returns a name like "Callbridge example/default [setup 1a2b3c4d 5e6f7081]".
std::string NameWith(const Mark& mark);
// Absent means that setup gave no such name.
std::optional<Mark> ParseMark(const std::string& name);

// The digest of what setup manages of a thing, without its name.
std::string DigestOf(const Subscription& subscription);
std::string DigestOf(const Profile& profile);
std::string DigestOf(const Application& application);

// What setup writes into the action of a number.
std::string NumberMark(const std::string& owner);

}  // namespace callbridge::admin
