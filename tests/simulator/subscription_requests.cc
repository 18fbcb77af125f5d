#include "tests/simulator/subscription_requests.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/documents.h"
#include "tests/simulator/json_writer.h"
#include "tests/simulator/setup_schemas.h"

namespace callbridge::simulator {
namespace {

using simdjson::dom::element;
using O = Operation;

std::vector<std::string> WriteAll(const Documents& documents) {
  std::vector<std::string> all;
  for (const auto& [id, document] : documents.all) all.push_back(WriteDocument(document));
  return all;
}

Answer CreateSecurity(World& world, const ParsedRequest& request) {
  const std::string id = ReadText(request.body, "authId");
  if (world.account.securities.Has(id)) return RefuseFor("authId", "exists already");
  world.account.securities.all.emplace_back(id, Keep(request.body));
  return {201, WriteId("authId", id), ""};
}

// Settings that are given in full are made; those that are only named must exist. Returns the
// profile's own reference to them.
std::optional<std::string> TakeSecurity(World& world, const simdjson::dom::object& profile,
                                        Answer& refusal) {
  if (!Has(profile, "security")) return std::nullopt;
  const simdjson::dom::object security = ReadObject(profile, "security");
  const std::string id = ReadText(security, "authId");
  const bool in_full = Has(security, "type");
  if (in_full == world.account.securities.Has(id)) {
    refusal = RefuseFor("security.authId", in_full ? "exists already" : "does not exist");
    return std::nullopt;
  }
  if (in_full) world.account.securities.all.emplace_back(id, Keep(security));
  return WriteId("authId", id);
}

// Returns the status 200 if the profile was kept.
Answer KeepProfile(World& world, const std::string& id, const simdjson::dom::object& body) {
  Answer refusal;
  const std::optional<std::string> security = TakeSecurity(world, body, refusal);
  if (refusal.status != 200) return refusal;
  Document document = Keep(body);
  document["profileId"] = QuoteJson(id);
  if (security) document["security"] = *security;
  // As the documentation's example shows a profile that names none.
  document.try_emplace("maxBucketSize", "1");
  if (Document* known = world.account.profiles.Find(id)) {
    *known = std::move(document);
  } else {
    world.account.profiles.all.emplace_back(id, std::move(document));
  }
  return {200, WriteId("profileId", id), ""};
}

Answer CreateProfile(World& world, const ParsedRequest& request) {
  const std::string id = ReadText(request.body, "profileId");
  if (world.account.profiles.Has(id)) return RefuseFor("profileId", "exists already");
  Answer answer = KeepProfile(world, id, request.body);
  if (answer.status == 200) answer.status = 201;
  return answer;
}

// The names of events that the channel knows; others are passed over without an error.
std::string KnownEvents(const simdjson::dom::object& body) {
  std::string json;
  simdjson::dom::array events;
  if (body["events"].get(events) != simdjson::SUCCESS) return "[]";
  for (const element event : events) {
    std::string_view name;
    if (event.get(name) != simdjson::SUCCESS || !IsEventOfVoice(name)) continue;
    json += (json.empty() ? "" : ",") + QuoteJson(name);
  }
  return "[" + json + "]";
}

Answer KeepSubscription(World& world, const std::string& id, const simdjson::dom::object& body) {
  const simdjson::dom::object profile = ReadObject(body, "profile");
  const std::string profile_id = ReadText(profile, "profileId");
  const bool in_full = Has(profile, "webhook");
  if (in_full == world.account.profiles.Has(profile_id)) {
    return RefuseFor("profile.profileId", in_full ? "exists already" : "does not exist");
  }
  if (in_full) {
    Answer kept = KeepProfile(world, profile_id, profile);
    if (kept.status != 200) return kept;
  }
  Document document = Keep(body);
  document["subscriptionId"] = QuoteJson(id);
  document["events"] = KnownEvents(body);
  Document reference{{"profileId", QuoteJson(profile_id)}};
  const Document& kept_profile = *world.account.profiles.Find(profile_id);
  const auto security = kept_profile.find("security");
  if (security != kept_profile.end()) reference["security"] = security->second;
  document["profile"] = WriteDocument(reference);
  if (Document* known = world.account.subscriptions.Find(id)) {
    *known = std::move(document);
  } else {
    world.account.subscriptions.all.emplace_back(id, std::move(document));
  }
  return {200,
          WriteDocument({{"subscriptionId", QuoteJson(id)}, {"profile", WriteDocument(reference)}}),
          ""};
}

Answer CreateSubscription(World& world, const ParsedRequest& request) {
  const std::string id = ReadText(request.body, "subscriptionId");
  if (world.account.subscriptions.Has(id)) return RefuseFor("subscriptionId", "exists already");
  Answer answer = KeepSubscription(world, id, request.body);
  if (answer.status == 200) answer.status = 201;
  return answer;
}

// True if no filter of the query excludes it. Every value of the query must stand somewhere in the
// subscription's own filters.
bool Fits(const ParsedRequest& request, const Document& document) {
  const std::pair<const char*, const char*> filters[] = {{"applicationId", "criteria"},
                                                         {"entityId", "criteria"},
                                                         {"callsConfigurationId", "criteria"},
                                                         {"resource", "resources"},
                                                         {"user", "users"}};
  return std::ranges::all_of(filters, [&](const auto& filter) {
    const auto wanted = request.target.query.find(filter.first);
    if (wanted == request.target.query.end()) return true;
    const auto member = document.find(filter.second);
    return member != document.end() &&
           member->second.find(QuoteJson(wanted->second)) != std::string::npos;
  });
}

Answer ListSubscriptions(const World& world, const ParsedRequest& request) {
  std::vector<std::string> all;
  for (const auto& [id, document] : world.account.subscriptions.all) {
    if (Fits(request, document)) all.push_back(WriteDocument(document));
  }
  return WriteDocumentPage(request, std::move(all));
}

}  // namespace

std::optional<Answer> OnSubscriptions(World& world, const ParsedRequest& request) {
  Account& account = world.account;
  const std::string& id = request.target.id;
  switch (request.target.route->operation) {
    case O::kListSubscriptions:
      return ListSubscriptions(world, request);
    case O::kCreateSubscription:
      return CreateSubscription(world, request);
    case O::kGetSubscription:
      return GetFrom(account.subscriptions, id);
    case O::kUpdateSubscription:
      if (!account.subscriptions.Has(id)) return RefuseUnknown();
      return KeepSubscription(world, id, request.body);
    case O::kDeleteSubscription:
      return DeleteFrom(account.subscriptions, id, "subscriptionId", false);
    case O::kListProfiles:
      return WriteDocumentPage(request, WriteAll(account.profiles));
    case O::kCreateProfile:
      return CreateProfile(world, request);
    case O::kGetProfile:
      return GetFrom(account.profiles, id);
    case O::kUpdateProfile:
      if (!account.profiles.Has(id)) return RefuseUnknown();
      return KeepProfile(world, id, request.body);
    case O::kDeleteProfile:
      return DeleteFrom(account.profiles, id, "profileId",
                        IsUsed(account.subscriptions, "profile", id));
    case O::kListSecurities:
      return WriteDocumentPage(request, WriteAll(account.securities));
    case O::kCreateSecurity:
      return CreateSecurity(world, request);
    case O::kGetSecurity:
      return GetFrom(account.securities, id);
    case O::kUpdateSecurity:
      if (!account.securities.Has(id)) return RefuseUnknown();
      *account.securities.Find(id) = Keep(request.body);
      (*account.securities.Find(id))["authId"] = QuoteJson(id);
      return Answer{200, WriteId("authId", id), ""};
    case O::kDeleteSecurity:
      return DeleteFrom(account.securities, id, "authId", IsUsed(account.profiles, "security", id));
    default:
      return std::nullopt;
  }
}

}  // namespace callbridge::simulator
