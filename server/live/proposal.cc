#include "server/live/proposal.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "callbridge/internal/v1/timing.pb.h"
#include "server/base/duration_text.h"
#include "server/base/rule.h"
#include "server/base/url.h"
#include "server/live/questions.h"
#include "server/provider/json_writer.h"

namespace callbridge::live {
namespace {

using provider::JsonWriter;

// Splits "stop_play_scope: call".
std::pair<std::string, std::string> SettingOf(const Position& position) {
  const std::size_t colon = position.setting.find(": ");
  return {position.setting.substr(0, colon), position.setting.substr(colon + 2)};
}

// An apiBaseUrl may be a URL or a bare host (docs/provider.md §9.17). Nothing if it is neither, or
// leads where no key is sent.
std::optional<std::string> HostOf(const std::string& base_url) {
  const bool has_scheme = absl::StrContains(base_url, "://");
  const auto url = base::ParseUrl(has_scheme ? base_url : "https://" + base_url);
  if (!url || url->scheme != "https" || url->path.size() > 1) return std::nullopt;
  return url->Authority();
}

// A list replaces the one of the settings, so that it names the hosts that they allow now as well.
std::optional<ProposedSetting> ProposeHosts(const Findings& findings, const Asker& asker) {
  std::vector<std::string> hosts = asker.allowed_hosts;
  for (const std::string& url : findings.foreign_base_urls) {
    const auto host = HostOf(url);
    if (host && std::ranges::find(hosts, *host) == hosts.end()) hosts.push_back(*host);
  }
  if (hosts.size() == asker.allowed_hosts.size()) return std::nullopt;
  return ProposedSetting{absl::StrCat("accounts.", asker.account, ".allowed_hosts"),
                         "[\"" + absl::StrJoin(hosts, "\", \"") + "\"]",
                         "events name a host to which the key may not go; allow it only if it is "
                         "the provider's"};
}

// Settings of which the first must be longer than the second.
std::vector<std::pair<std::string, std::string>> LongerThan() {
  // server/settings/validation.cc knows this one; the others stand beside the fields.
  std::vector<std::pair<std::string, std::string>> pairs{
      {"sweep.minimum_age", "timing.dial_search"}};
  const auto& timing = *internal::v1::Timing::descriptor();
  for (int place = 0; place < timing.field_count(); ++place) {
    const std::string shorter = base::RuleOf(*timing.field(place)).longer_than();
    if (shorter.empty()) continue;
    pairs.emplace_back("timing." + timing.field(place)->name(), "timing." + shorter);
  }
  return pairs;
}

// The durations that were seen to be too short, and those that have to be raised with them.
std::map<std::string, Proposal> ProposeDurations(const Findings& findings, const Asker& asker) {
  std::map<std::string, Proposal> proposed;
  const auto now = [&](const std::string& path) {
    const auto current = asker.durations.find(path);
    return current == asker.durations.end() ? base::Duration::zero() : current->second;
  };
  for (const auto& [path, proposal] : findings.settings) {
    if (now(path) <= proposal.seen) proposed.emplace(path, proposal);
  }
  const auto pairs = LongerThan();
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [longer, shorter] : pairs) {
      const auto raised = proposed.find(shorter);
      if (raised == proposed.end() || !asker.durations.contains(longer)) continue;
      const auto known = proposed.find(longer);
      const base::Duration value = known == proposed.end() ? now(longer) : known->second.value;
      if (value > raised->second.value) continue;
      // The distance between the two stays.
      proposed[longer] = {value, raised->second.value + (now(longer) - now(shorter)),
                          "it must be longer than " + shorter};
      changed = true;
    }
  }
  return proposed;
}

std::vector<Note> NotesOf(const Findings& findings) {
  std::vector<Note> notes = findings.notes;
  if (findings.webhooks > 0) {
    notes.push_back({"9.19", findings.has_nulls ? "absent members are written as null"
                                                : "no member of a webhook was null"});
  }
  for (const std::string& signature : {findings.signature, findings.refused_signature}) {
    if (!signature.empty()) notes.push_back({"9.1", "webhooks are signed so: " + signature});
  }
  return notes;
}

void WriteTexts(const char* name, const std::vector<std::string>& texts, JsonWriter& writer) {
  writer.BeginArray(name);
  for (const std::string& text : texts) writer.TextItem(text);
  writer.EndArray();
}

void WriteMap(const char* name, const std::map<std::string, std::string>& map, JsonWriter& writer) {
  writer.BeginObject(name);
  for (const auto& [key, value] : map) writer.Text(key, value);
  writer.EndObject();
}

}  // namespace

std::vector<ProposedSetting> ProposeSettings(const Findings& findings, const Asker& asker) {
  std::vector<ProposedSetting> settings;
  for (const auto& [name, position_name] : findings.answers) {
    const Question* question = FindQuestion(name);
    const Position* position =
        question == nullptr ? nullptr : FindPosition(*question, position_name);
    if (position == nullptr || position->setting.empty()) continue;
    auto [path, value] = SettingOf(*position);
    settings.push_back({absl::StrCat("accounts.", asker.account, ".", path), std::move(value),
                        absl::StrCat(question->text, " ", position->meaning)});
  }
  for (const auto& [path, proposal] : ProposeDurations(findings, asker)) {
    settings.push_back({path, base::FormatDuration(proposal.value), proposal.because});
  }
  if (!findings.refused_signature.empty()) {
    settings.push_back({"webhook.hmac", findings.refused_signature,
                        "webhooks are signed so, with a secret of these settings; keep "
                        "secret_files"});
  }
  if (auto hosts = ProposeHosts(findings, asker)) settings.push_back(*std::move(hosts));
  std::erase_if(settings, [&](const ProposedSetting& setting) {
    const auto current = asker.current.find(setting.path);
    return current != asker.current.end() && current->second == setting.value;
  });
  return settings;
}

std::string SwitchesOf(const Findings& findings) {
  std::string switches;
  for (const auto& [name, position] : findings.answers) {
    absl::StrAppend(&switches, switches.empty() ? "" : " ", "--switch ", name, "=", position);
  }
  return switches;
}

void WriteText(const Findings& findings, const Asker& asker, std::ostream& out) {
  for (const Question& question : Questions()) {
    const auto answer = findings.answers.find(question.switch_name);
    if (answer == findings.answers.end()) continue;
    const Position* position = FindPosition(question, answer->second);
    out << absl::StrFormat("answered   %s %s %s\n", question.section, question.text,
                           position == nullptr ? answer->second : position->meaning);
  }
  for (const Note& note : NotesOf(findings)) {
    out << absl::StrFormat("seen       %s %s\n", note.section, note.text);
  }
  for (const auto& [name, why] : findings.open) {
    const Question* question = FindQuestion(name);
    out << absl::StrFormat("open       %s %s\n           why:  %s\n",
                           question == nullptr ? "" : question->section,
                           question == nullptr ? name : question->text, why);
  }
  for (const Trouble& trouble : findings.troubles) {
    out << absl::StrFormat("TROUBLE    %s: %s\n           mend: %s\n", trouble.script, trouble.what,
                           trouble.remedy);
  }
  for (const ProposedSetting& setting : ProposeSettings(findings, asker)) {
    out << absl::StrFormat("setting    %s: %s\n           because: %s\n", setting.path,
                           setting.value, setting.because);
  }
  for (const std::string& thing : findings.alive) {
    out << absl::StrFormat(
        "ALIVE      %s may not be over: hang it up in the portal, or delete it; "
        "a call that doctor dialled ends by itself within three minutes\n",
        thing);
  }
  const std::string switches = SwitchesOf(findings);
  if (!switches.empty()) out << "simulator  " << switches << "\n";
  out << absl::StrFormat("%d answered, %d open, %d scripts played.\n", findings.answers.size(),
                         findings.open.size(), findings.played.size());
}

void WriteJson(const Findings& findings, const Asker& asker, std::ostream& out) {
  JsonWriter writer;
  WriteMap("answers", findings.answers, writer);
  WriteMap("open", findings.open, writer);
  writer.BeginArray("notes");
  for (const Note& note : NotesOf(findings)) {
    writer.BeginItem();
    writer.Text("section", note.section);
    writer.Text("text", note.text);
    writer.EndObject();
  }
  writer.EndArray();
  writer.BeginArray("settings");
  for (const ProposedSetting& setting : ProposeSettings(findings, asker)) {
    writer.BeginItem();
    writer.Text("path", setting.path);
    writer.Text("value", setting.value);
    writer.Text("because", setting.because);
    writer.EndObject();
  }
  writer.EndArray();
  writer.BeginArray("troubles");
  for (const Trouble& trouble : findings.troubles) {
    writer.BeginItem();
    writer.Text("script", trouble.script);
    writer.Text("what", trouble.what);
    writer.Text("remedy", trouble.remedy);
    writer.EndObject();
  }
  writer.EndArray();
  WriteTexts("alive", findings.alive, writer);
  WriteTexts("played", findings.played, writer);
  out << std::move(writer).Take() << "\n";
}

}  // namespace callbridge::live
