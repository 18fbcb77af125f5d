#include "server/live/run.h"

#include <algorithm>

#include "server/live/clean_up.h"

namespace callbridge::live {
namespace {

Telephone TelephoneFor(Person person) {
  switch (person) {
    case Person::kLetsRing:
      return Telephone::kRings;
    case Person::kAnswers:
    case Person::kPressesKeys:
    case Person::kCalls:
      return Telephone::kStays;
    case Person::kNobody:
    case Person::kHangsUp:
    case Person::kGivesUp:
      break;
  }
  return Telephone::kIsFree;
}

void LeaveUnanswered(const Script& script, const Stage& stage, Findings& findings) {
  std::string why = "the script " + script.name + " was stopped";
  for (const Trouble& trouble : findings.troubles) {
    if (trouble.script == script.name) why = trouble.what;
  }
  if (!stage.over()) why = "the script " + script.name + " saw none of the answers";
  for (const std::string& name : script.asks) {
    if (!findings.answers.contains(name)) findings.open.try_emplace(name, why);
  }
}

}  // namespace

Cost CostOf(const std::vector<const Script*>& scripts) {
  Cost cost;
  for (const Script* script : scripts) {
    cost.calls += script->calls;
    if (script->person == Person::kCalls || script->person == Person::kGivesUp) ++cost.incoming;
    cost.longest_call = std::max(cost.longest_call, script->longest);
    cost.together += script->calls * script->longest;
  }
  return cost;
}

Findings PlayScripts(Line& line, const RunOptions& options, const Listener& listener) {
  Stage stage(line, options.stage);
  Anonymiser anonymiser(options.secrets);
  int place = 0;
  for (const Script* script : options.scripts) {
    if (stage.stopped()) break;
    listener.begins(*script);
    stage.Begin(script->name, TelephoneFor(script->person));
    script->play(stage);
    const bool stopped = stage.stopped();
    if (stopped) listener.stops();
    // Its events may still tell that the telephone has hung up before.
    CleanUp(stage);
    Findings& findings = stage.findings();
    LeaveUnanswered(*script, stage, findings);
    if (!stopped && !stage.gave_up()) findings.played.push_back(script->name);
    const std::string transcript = WriteTranscript(
        script->name, place++, stage.TakeEntries(),
        [&stage](const std::string& id) { return stage.things().WasAdded(id); }, anonymiser);
    const absl::Status saved = SaveTranscript(options.folder, script->name, transcript);
    if (!saved.ok()) {
      findings.troubles.push_back(
          {script->name, std::string(saved.message()), "then play it again"});
    }
    listener.ends(*script, findings);
    // Without webhooks no script finds out anything, and calls would be in vain.
    if (findings.webhooks == 0 || stage.HearsOnlyRefused()) break;
  }
  return stage.findings();
}

}  // namespace callbridge::live
