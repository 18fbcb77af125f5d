// What people hear, by the provider's own truth: for how long somebody who is on the line hears
// nothing, which prompts are cut off, and how many are heard to their end. Two who have joined one
// conference hear each other, also while one of them is spoken to. It only watches.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/base/time.h"
#include "tests/simulator/world.h"

namespace callbridge::simulation {

// A time in which a person on the line heard neither a sound nor anybody else.
struct SilentTime {
  std::string call_id;
  base::Time begins;
  base::Duration lasts{};
  // The person had been in one conference with somebody else.
  bool after_talk = false;
};

// What was being said, and somebody stopped it. The end of the person's own call stops it too.
struct CutPrompt {
  std::string call_id;
  std::string what;
  base::Time at;
};

class Hearing {
 public:
  // The model must outlive it.
  explicit Hearing(const simulator::World& provider) : provider_(provider) {}

  // Once nothing more happens at this moment.
  void Listen(base::Time now);

  // Those that are over, in the order of their ends; without any that is too short to be noticed.
  const std::vector<SilentTime>& silences() const { return silences_; }
  const std::vector<CutPrompt>& cut_prompts() const { return cut_prompts_; }
  // How many prompts the call heard to their end.
  int prompts_heard(const std::string& call_id) const;

 private:
  struct Ear {
    // Absent: it hears something, or is not on the line.
    std::optional<base::Time> silent_since;
    bool had_company = false;
    // The prompt that is heard just now.
    std::optional<simulator::Sound> prompt;
    int prompts_heard = 0;
  };

  bool HasCompany(const simulator::Call& call) const;
  bool HearsSomething(const simulator::Call& call) const;
  void NoteSilence(const simulator::Call& call, base::Time now, Ear& ear);
  void NotePrompt(const simulator::Call& call, base::Time now, Ear& ear);

  const simulator::World& provider_;
  // By call.
  std::map<std::string, Ear> ears_;
  std::vector<SilentTime> silences_;
  std::vector<CutPrompt> cut_prompts_;
};

}  // namespace callbridge::simulation
