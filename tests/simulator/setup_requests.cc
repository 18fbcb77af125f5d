#include "tests/simulator/setup_requests.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/documents.h"
#include "tests/simulator/json_writer.h"
#include "tests/simulator/subscription_requests.h"

namespace callbridge::simulator {
namespace {

using O = Operation;

std::string WriteConfiguration(const World& world, const std::string& id) {
  const auto& names = world.account.configuration_names;
  const auto name = names.find(id);
  return WriteDocument(
      {{"id", QuoteJson(id)}, {"name", QuoteJson(name == names.end() ? id : name->second)}});
}

Answer CreateConfiguration(World& world, const ParsedRequest& request) {
  std::vector<std::string>& ids = world.settings.configurations;
  std::string id = ReadText(request.body, "id");
  if (id.empty()) id = world.ids.Uuid();
  if (std::ranges::find(ids, id) != ids.end()) return RefuseFor("id", "exists already");
  ids.push_back(id);
  const std::string name = ReadText(request.body, "name");
  if (!name.empty()) world.account.configuration_names[id] = name;
  return {201, WriteConfiguration(world, id), ""};
}

Answer OnConfiguration(World& world, const ParsedRequest& request) {
  std::vector<std::string>& ids = world.settings.configurations;
  const std::string& id = request.target.configuration_id;
  const auto found = std::ranges::find(ids, id);
  if (found == ids.end()) return RefuseUnknown();
  if (request.target.route->operation == O::kUpdateConfiguration) {
    world.account.configuration_names[id] = ReadText(request.body, "name");
  }
  Answer answer{200, WriteConfiguration(world, id), ""};
  if (request.target.route->operation == O::kDeleteConfiguration) {
    world.account.configuration_names.erase(id);
    ids.erase(found);
  }
  return answer;
}

Answer ListConfigurations(const World& world, const ParsedRequest& request) {
  std::vector<std::string> all;
  for (const std::string& id : world.settings.configurations) {
    all.push_back(WriteConfiguration(world, id));
  }
  return WriteDocumentPage(request, std::move(all));
}

OwnedNumber* FindNumber(World& world, const std::string& key) {
  const auto found = std::ranges::find(world.account.numbers, key, &OwnedNumber::key);
  return found == world.account.numbers.end() ? nullptr : &*found;
}

Answer ListNumbers(const World& world, const ParsedRequest& request) {
  const auto wanted = request.target.query.find("number");
  std::vector<std::string> found;
  for (const OwnedNumber& number : world.account.numbers) {
    if (wanted != request.target.query.end() &&
        number.number.find(wanted->second) == std::string::npos) {
      continue;
    }
    found.push_back(WriteDocument({{"numberKey", QuoteJson(number.key)},
                                   {"number", QuoteJson(number.number)},
                                   {"capabilities", R"(["VOICE"])"},
                                   {"shared", "false"}}));
  }
  const std::string numbers = WriteArray(found, PageOf(request, "limit", 50));
  return {200, WriteDocument({{"numbers", numbers}, {"numberCount", std::to_string(found.size())}}),
          ""};
}

Answer WriteVoice(World& world, const ParsedRequest& request, OwnedNumber& number, bool create) {
  if (create && number.voice) return RefuseFor("action", "exists already");
  if (!create && !number.voice) return RefuseUnknown();
  const std::string configuration =
      ReadText(ReadObject(request.body, "action"), "callsConfigurationId");
  const auto& known = world.settings.configurations;
  if (!configuration.empty() && std::ranges::find(known, configuration) == known.end()) {
    return RefuseFor("action.callsConfigurationId", "does not exist");
  }
  number.voice = Keep(request.body);
  number.configuration = configuration;
  return {create ? 201 : 200, WriteDocument(*number.voice), ""};
}

Answer OnVoice(World& world, const ParsedRequest& request) {
  OwnedNumber* number = FindNumber(world, request.target.id);
  if (number == nullptr) return RefuseUnknown();
  switch (request.target.route->operation) {
    case O::kCreateVoice:
      return WriteVoice(world, request, *number, true);
    case O::kUpdateVoice:
      return WriteVoice(world, request, *number, false);
    default:
      break;
  }
  if (!number->voice) return RefuseUnknown();
  if (request.target.route->operation == O::kGetVoice) {
    return {200, WriteDocument(*number->voice), ""};
  }
  number->voice.reset();
  number->configuration.clear();
  return {204, "", ""};
}

Answer OnApplication(World& world, const ParsedRequest& request) {
  Documents& applications = world.account.applications;
  const O operation = request.target.route->operation;
  if (operation == O::kListApplications) {
    std::vector<std::string> all;
    for (const auto& [id, document] : applications.all) {
      all.push_back(WriteDocument({{"id", document.at("id")}, {"name", document.at("name")}}));
    }
    return WriteDocumentPage(request, std::move(all));
  }
  const bool create = operation == O::kCreateApplication;
  const std::string id =
      create ? absl::StrFormat("%024x", applications.all.size() + 1) : request.target.id;
  if (!create && !applications.Has(id)) return RefuseUnknown();
  if (operation == O::kGetApplication) return GetFrom(applications, id);
  Document document = Keep(request.body);
  document["id"] = QuoteJson(id);
  Answer answer{create ? 201 : 200, WriteDocument(document), ""};
  if (create) {
    applications.all.emplace_back(id, std::move(document));
  } else {
    *applications.Find(id) = std::move(document);
  }
  return answer;
}

}  // namespace

std::optional<Answer> OnSetup(World& world, const ParsedRequest& request) {
  switch (request.target.route->operation) {
    case O::kListConfigurations:
      return ListConfigurations(world, request);
    case O::kCreateConfiguration:
      return CreateConfiguration(world, request);
    case O::kGetConfiguration:
    case O::kUpdateConfiguration:
    case O::kDeleteConfiguration:
      return OnConfiguration(world, request);
    case O::kListNumbers:
      return ListNumbers(world, request);
    case O::kGetVoice:
    case O::kCreateVoice:
    case O::kUpdateVoice:
    case O::kDeleteVoice:
      return OnVoice(world, request);
    case O::kListApplications:
    case O::kCreateApplication:
    case O::kGetApplication:
    case O::kUpdateApplication:
      return OnApplication(world, request);
    default:
      return OnSubscriptions(world, request);
  }
}

}  // namespace callbridge::simulator
