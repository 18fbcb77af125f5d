#include "server/admin/live_order.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <array>
#include <set>

#include "server/base/nearest.h"
#include "server/base/printable.h"
#include "server/settings/dialing_rules.h"

namespace callbridge::admin {
namespace {

constexpr std::array kFlagsOfLive = {"to", "record", "only", "yes"};

absl::StatusOr<std::vector<const live::Script*>> ReadScripts(const std::string& text) {
  std::set<std::string> wanted;
  std::vector<std::string> names;
  for (const live::Script& script : live::Scripts()) names.push_back(script.name);
  const std::vector<std::string> given = absl::StrSplit(text, ',', absl::SkipEmpty());
  for (const std::string& name : given) {
    if (live::FindScript(name) == nullptr) {
      const std::string nearest = base::DidYouMean(name, names);
      return absl::InvalidArgumentError(
          absl::StrCat("--only: there is no script \"", base::Printable(name), "\"",
                       nearest.empty() ? "; doctor --help lists them" : nearest));
    }
    wanted.insert(name);
  }
  std::vector<const live::Script*> scripts;
  for (const live::Script& script : live::Scripts()) {
    if (text.empty() || wanted.contains(script.name)) scripts.push_back(&script);
  }
  return scripts;
}

}  // namespace

absl::StatusOr<LiveOrder> ReadLiveOrder(const base::Arguments& arguments) {
  if (!arguments.Has("live")) {
    for (const char* flag : kFlagsOfLive) {
      if (!arguments.Has(flag)) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("--", flag, ": has a meaning with --live only; add it"));
    }
    return LiveOrder();
  }
  LiveOrder order;
  const auto to = arguments.Value("to");
  if (!to) {
    return absl::InvalidArgumentError(
        "--to: --live needs a telephone to call, like --to +447700900123; take one of your own");
  }
  const auto number = settings::NormalizeNumber(*to);
  if (!number)
    return absl::InvalidArgumentError(absl::StrCat("--to: ", settings::kNumberDescription));
  order.to = *number;
  const auto folder = arguments.Value("record");
  if (!folder || folder->empty()) {
    return absl::InvalidArgumentError(
        "--record: --live needs a folder for the transcripts, like --record transcripts");
  }
  order.folder = *folder;
  const auto only = arguments.Value("only");
  if (only && only->empty()) {
    return absl::InvalidArgumentError("--only: names no script; doctor --help lists them");
  }
  auto scripts = ReadScripts(only.value_or(""));
  if (!scripts.ok()) return scripts.status();
  order.scripts = *std::move(scripts);
  order.yes = arguments.Has("yes");
  order.json = arguments.Has("json");
  order.show_numbers = arguments.Has("show-numbers");
  return order;
}

absl::StatusOr<std::string> NumberFor(const LiveOrder& order,
                                      const config::v1::Settings& settings) {
  const settings::DialingRules rules(settings);
  if (const auto refusal = rules.WhyNotCall(order.to)) {
    return absl::InvalidArgumentError(
        refusal->prefix.empty()
            ? "--to: dialing.allowed_prefixes does not allow calls to this number; add its prefix"
            : absl::StrCat("--to: dialing.denied_prefixes has ", refusal->prefix,
                           ", with which this number begins; take another telephone"));
  }
  if (!rules.default_number().empty()) return rules.default_number();
  for (const auto& route : settings.routes()) {
    if (const auto number = settings::NormalizeNumber(route.number())) return *number;
  }
  return absl::InvalidArgumentError(
      "dialing.default_number: set the number that you rented; the telephone sees it, and some "
      "scripts ask you to call it");
}

}  // namespace callbridge::admin
