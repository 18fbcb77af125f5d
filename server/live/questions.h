// The questions of docs/provider.md that the scripts can answer: what each answer means, and which
// setting or switch of the simulator follows from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace callbridge::live {

struct Position {
  // As the simulator's switch has it, "call".
  std::string name;
  std::string meaning;
  // The setting of the account that follows, "stop_play_scope: conference"; empty: none does,
  // because the service works either way.
  std::string setting = {};
};

struct Question {
  // The switch of the simulator.
  std::string switch_name;
  // The section of docs/provider.md.
  std::string section;
  std::string text;
  std::vector<Position> positions;
};

const std::vector<Question>& Questions();
// Null if there is none.
const Question* FindQuestion(std::string_view switch_name);
const Position* FindPosition(const Question& question, std::string_view name);

}  // namespace callbridge::live
