// Walks through the flow: those that fuzzing found worth keeping, which lead into its corners, and random ones. Each is walked by the
// rules of flow_rules.h and must come by the same places as ever: its account (account.h) has the fingerprint that is kept.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "server/base/sha256.h"
#include "tests/flow/account.h"
#include "tests/flow/golden.h"
#include "tests/flow/scenario.h"
#include "tests/fuzz/flow_game.h"

namespace callbridge::flow {
namespace {

const std::string kWalks = CALLBRIDGE_SOURCE_DIR "/tests/fuzz/corpus/flow";

std::vector<std::uint8_t> ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Walk {
  std::string account;
  int steps = 0;
  std::string last_phase;
};

Walk WalkBy(const std::vector<std::uint8_t>& bytes) {
  Walk walk;
  std::optional<base::Time> start;
  fuzz::PlayFlow(bytes.data(), bytes.size(),
                 [&](base::Time now, const internal::v1::Input& /*input*/,
                     const internal::v1::Transition& transition) {
                   if (!start) start = now;
                   ++walk.steps;
                   absl::StrAppend(&walk.account, Account(transition, *start, now));
                   walk.last_phase = PhaseName(transition.session());
                 });
  return walk;
}

std::string Fingerprint(const std::string& account) {
  std::string text;
  for (const std::uint8_t byte : base::Sha256(account)) absl::StrAppendFormat(&text, "%02x", byte);
  return text.substr(0, 16);
}

std::string Line(const std::string& name, const std::vector<std::uint8_t>& bytes) {
  const Walk walk = WalkBy(bytes);
  return absl::StrCat(name, " ", walk.steps, " ", walk.last_phase, " ", Fingerprint(walk.account),
                      "\n");
}

constexpr const char* kHead = "# Walk, steps, the phase at the end, fingerprint of the account.\n";

TEST(Walks, OfTheCorpusComeByTheSamePlaces) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kWalks)) {
    names.insert(entry.path().filename().string());
  }
  ASSERT_GT(names.size(), 50U);
  std::string walks = kHead;
  for (const std::string& name : names) {
    walks += Line(name, ReadBytes(absl::StrCat(kWalks, "/", name)));
  }
  ExpectGolden("accounts/walks/corpus.txt", walks);
}

// Of the choices that a byte stands for in flow_game.cc: requests, which mostly end a session, and what no provider would say.
constexpr std::array<std::uint8_t, 4> kRequestsAndNonsense = {12, 7, 13, 14};

// A byte of 0 goes on as a well-behaved world would. The walks differ in how many of their bytes are others, and in which.
std::vector<std::uint8_t> RandomBytes(std::uint32_t seed) {
  std::mt19937 random(seed);
  const std::uint32_t calm = seed % 10;
  const std::size_t left_out = std::array<std::size_t, 3>{0, 1, 4}[seed % 3];
  std::vector<std::uint8_t> bytes(400);
  for (std::uint8_t& byte : bytes) {
    const bool goes_on = random() % 10 < calm;
    byte = goes_on ? 0 : static_cast<std::uint8_t>(random() >> 24);
    for (std::size_t i = 0; i < left_out; ++i) {
      if (byte % 16 == kRequestsAndNonsense[i]) byte = 0;
    }
  }
  return bytes;
}

TEST(Walks, AtRandomComeByTheSamePlaces) {
  // So many share a fingerprint, to keep the file short.
  constexpr std::uint32_t kTogether = 20;
  std::string walks = "# Random walks, steps, fingerprint of the accounts.\n";
  std::string account;
  int steps = 0;
  for (std::uint32_t seed = 1; seed <= 600; ++seed) {
    const Walk walk = WalkBy(RandomBytes(seed));
    account += walk.account;
    steps += walk.steps;
    if (seed % kTogether != 0) continue;
    absl::StrAppend(&walks, seed - kTogether + 1, "-", seed, " ", steps, " ", Fingerprint(account),
                    "\n");
    account.clear();
    steps = 0;
  }
  ExpectGolden("accounts/walks/random.txt", walks);
}

}  // namespace
}  // namespace callbridge::flow
