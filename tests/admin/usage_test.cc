// What the program says of itself, and how it refuses what it does not know.
#include <gmock/gmock.h>

#include "tests/admin/admin_fixture.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

class Usage : public AdminTest {
 protected:
  Result Say(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const Surroundings surroundings{
        out, err, clock_, [this] { return std::make_unique<ModelTransport>(world_); }, {}, {}};
    const ExitStatus status = admin::Run(arguments, surroundings);
    return {status, out.str(), err.str()};
  }
};

TEST_F(Usage, ShowsTheFlagsOfACommandAndThoseOfAll) {
  const Result help = Say({"setup", "--help"});
  EXPECT_EQ(help.status, ExitStatus::kOk);
  EXPECT_THAT(help.out, AllOf(HasSubstr("\nFlags:\n"), HasSubstr("\n  --dry-run "),
                              HasSubstr("\nFlags of every command:\n"), HasSubstr("--config")));
}

TEST_F(Usage, TellsOfEachScriptWhoCalls) {
  const std::string help = Say({"doctor", "--help"}).out;
  EXPECT_THAT(
      help, AllOf(ContainsRegex("\n  account +no call, "), ContainsRegex("\n  no-answer +1 call, "),
                  ContainsRegex("\n  incoming +you call, ")));
}

TEST_F(Usage, CompletesForOneOfTwoShells) {
  EXPECT_THAT(Say({"completion", "bash"}).out, HasSubstr("complete -F"));
  EXPECT_THAT(Say({"completion", "zsh"}).out, HasSubstr("#compdef callbridge-admin"));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"completion"}, {"completion", "fish"}, {"completion", "bash", "zsh"}}) {
    const Result refused = Say(words);
    EXPECT_EQ(refused.status, ExitStatus::kUsage) << words.back();
    EXPECT_THAT(refused.out, IsEmpty());
    EXPECT_THAT(refused.err, HasSubstr("which shell?"));
  }
}

}  // namespace
}  // namespace callbridge::admin
