#include "tests/simulator/account.h"

#include <absl/strings/str_format.h>

#include "server/base/stable_hash.h"

namespace callbridge::simulator {

Account MakeAccount(const std::vector<std::string>& numbers) {
  Account account;
  for (const std::string& number : numbers) {
    account.numbers.push_back({number,
                               absl::StrFormat("%016X%016X", base::StableHash("one " + number),
                                               base::StableHash("two " + number)),
                               std::nullopt, ""});
  }
  return account;
}

}  // namespace callbridge::simulator
