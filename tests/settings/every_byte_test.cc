// Every byte of each text that has an alphabet of its own, and every length and digit of a number.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/base/duration_text.h"
#include "server/settings/dialing_rules.h"
#include "server/settings/validation.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using base::FormatDuration;
using base::ParseDuration;
using config::v1::Settings;

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDecimal = "0123456789";

bool IsIn(char byte, std::string_view alphabet) {
  return alphabet.find(byte) != std::string_view::npos;
}

struct Alphabet {
  std::string path;
  std::string other_signs;
  bool upper = true;
  // Puts the text where it belongs.
  std::function<void(const std::string& text, Settings& settings)> set;
};

std::vector<Alphabet> Alphabets() {
  return {
      {"service_id", "_-", true,
       [](const std::string& text, Settings& settings) { settings.set_service_id(text); }},
      {"routes[0].name", "_-.", true,
       [](const std::string& text, Settings& settings) {
         settings.mutable_routes(0)->set_name(text);
       }},
      {"plans.", "_-.", true,
       [](const std::string& text, Settings& settings) { (*settings.mutable_plans())[text]; }},
      {"routes[0].labels.", "_-.", false,
       [](const std::string& text, Settings& settings) {
         (*settings.mutable_routes(0)->mutable_labels())[text] = "v";
       }},
      {"plans.default.voice.language", "-_", true,
       [](const std::string& text, Settings& settings) {
         (*settings.mutable_plans())["default"].mutable_voice()->set_language(text);
       }},
      {"webhook.hmac.header", "-_", true,
       [](const std::string& text, Settings& settings) {
         settings.mutable_webhook()->mutable_hmac()->add_secret_files("file");
         settings.mutable_webhook()->mutable_hmac()->set_header(text);
       }},
      {"routes[0].callees[0].endpoint.sip.headers.", "-", true,
       [](const std::string& text, Settings& settings) {
         auto& sip =
             *settings.mutable_routes(0)->mutable_callees(0)->mutable_endpoint()->mutable_sip();
         sip.set_username("u");
         sip.set_trunk_id("t");
         (*sip.mutable_headers())["X-" + text] = "v";
       }},
  };
}

// At the beginning, in the middle and at the end of the text.
TEST(EveryByte, OfANameIsTakenIfItIsInItsAlphabet) {
  const Settings good = MustParse(kGoodYaml);
  ASSERT_TRUE(ValidateSettings(good).violations.empty());
  for (const Alphabet& alphabet : Alphabets()) {
    for (int number = 0; number < 256; ++number) {
      const char byte = static_cast<char>(number);
      const bool expected = IsIn(byte, kLower) || IsIn(byte, kDecimal) ||
                            (alphabet.upper && IsIn(byte, kUpper)) ||
                            IsIn(byte, alphabet.other_signs);
      for (const std::string& text : {std::string(1, byte) + "a", "a" + std::string(1, byte) + "a",
                                      "a" + std::string(1, byte)}) {
        Settings settings = good;
        alphabet.set(text, settings);
        const std::vector<Finding> violations = ValidateSettings(settings).violations;
        EXPECT_EQ(violations.empty(), expected) << alphabet.path << " byte " << number;
        for (const Finding& finding : violations) {
          EXPECT_TRUE(finding.path.starts_with(alphabet.path)) << finding.path;
        }
      }
    }
  }
}

// What keys of a keyboard write.
std::string Typed() {
  std::string bytes = "\t\r\n";
  for (char byte = ' '; byte <= '~'; ++byte) bytes += byte;
  return bytes;
}

TEST(EveryByte, OfAWebhooksPathButWhatEndsAPathIsTaken) {
  for (const char byte : Typed()) {
    Settings settings = MustParse(kGoodYaml);
    settings.mutable_webhook()->set_path("/a" + std::string(1, byte) + "b");
    EXPECT_EQ(ValidateSettings(settings).violations.empty(), !IsIn(byte, "?# \t\r\n"))
        << static_cast<int>(byte);
  }
}

TEST(EveryByte, OfAUserNameButTheColonIsTaken) {
  for (const char byte : Typed()) {
    const std::string name = "a" + std::string(1, byte) + "b";
    Settings webhook = MustParse(kGoodYaml);
    webhook.mutable_webhook()->mutable_basic()->mutable_credentials(0)->set_username(name);
    EXPECT_EQ(ValidateSettings(webhook).violations.empty(), byte != ':') << byte;
    Settings account = MustParse(kGoodYaml);
    auto& basic = *(*account.mutable_accounts())["default"].mutable_basic();
    basic.set_username(name);
    basic.set_password_file("file");
    EXPECT_EQ(ValidateSettings(account).violations.empty(), byte != ':') << byte;
  }
}

TEST(EveryByte, OfANumberIsADigit) {
  const std::string number = "447700900456";
  for (std::size_t at = 0; at < number.size(); ++at) {
    for (int code = 0; code < 256; ++code) {
      std::string changed = number;
      changed[at] = static_cast<char>(code);
      const bool plus = at == 0 && changed[at] == '+';
      const bool digit = IsIn(changed[at], kDecimal) && !(at == 0 && changed[at] == '0');
      EXPECT_EQ(NormalizeNumber(changed).has_value(), plus || digit) << at << " " << code;
      EXPECT_EQ(NormalizeNumber("+" + changed).has_value(), digit) << at << " " << code;
      EXPECT_EQ(NormalizePrefix(changed).has_value(), plus || digit) << at << " " << code;
    }
  }
  for (std::size_t count = 0; count <= 20; ++count) {
    const std::string digits(count, '4');
    for (const std::string& text : {digits, "+" + digits}) {
      EXPECT_EQ(NormalizeNumber(text).has_value(), count >= 8 && count <= 15) << count;
      EXPECT_EQ(NormalizePrefix(text).has_value(), count >= 1 && count <= 15) << count;
      if (count >= 8 && count <= 15) {
        EXPECT_EQ(NormalizeNumber(text), "+" + digits);
      }
    }
  }
}

// Whichever digit differs it is another number.
TEST(EveryDigit, DecidesWhatMayBeShownAndCalled) {
  const std::string number = "447700900456";
  const std::string prefix = "449001";
  const std::string denied_number = prefix + "000456";
  Settings settings;
  settings.mutable_dialing()->add_allowed_numbers(number);
  settings.mutable_dialing()->add_denied_prefixes(prefix);
  const DialingRules rules(settings);
  Settings allowing;
  allowing.mutable_dialing()->add_allowed_prefixes(prefix);
  const DialingRules allowed(allowing);
  EXPECT_TRUE(rules.MayShow(number));
  EXPECT_TRUE(rules.WhyNotCall(denied_number).has_value());
  EXPECT_FALSE(allowed.WhyNotCall(denied_number).has_value());
  for (std::size_t at = 0; at < number.size(); ++at) {
    for (char digit = '1'; digit <= '9'; ++digit) {
      std::string other = number;
      if (other[at] == digit) continue;
      other[at] = digit;
      EXPECT_FALSE(rules.MayShow(other)) << other;
    }
    for (char digit = '1'; digit <= '9'; ++digit) {
      std::string other = denied_number;
      if (other[at] == digit) continue;
      other[at] = digit;
      EXPECT_EQ(rules.WhyNotCall(other).has_value(), at >= prefix.size()) << other;
      EXPECT_EQ(allowed.WhyNotCall(other).has_value(), at < prefix.size()) << other;
    }
  }
  EXPECT_FALSE(rules.MayShow(number + "1"));
  EXPECT_FALSE(rules.MayShow(number.substr(0, number.size() - 1)));
}

// Denied wins, whatever the order and whichever of the two is longer.
TEST(EveryOrder, OfPrefixesGivesOneVerdict) {
  const std::vector<std::string> prefixes = {"44", "4477", "353", "1"};
  const std::vector<std::string> numbers = {"447700900456", "442079460001", "35312345678",
                                            "18005550100", "4915112345678"};
  const auto begins = [](const std::string& number, const std::vector<std::string>& some) {
    return std::ranges::any_of(some, [&](const auto& one) { return number.starts_with(one); });
  };
  // Each prefix is allowed, denied, both or neither.
  for (int choice = 0; choice < 256; ++choice) {
    std::vector<std::string> allowed;
    std::vector<std::string> denied;
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      const int bits = (choice >> (2 * i)) & 3;
      if ((bits & 1) != 0) allowed.push_back(prefixes[i]);
      if ((bits & 2) != 0) denied.push_back(prefixes[i]);
    }
    for (const bool reversed : {false, true}) {
      Settings settings;
      config::v1::Dialing& dialing = *settings.mutable_dialing();
      if (reversed) {
        std::ranges::reverse(allowed);
        std::ranges::reverse(denied);
      }
      dialing.mutable_allowed_prefixes()->Add(allowed.begin(), allowed.end());
      dialing.mutable_denied_prefixes()->Add(denied.begin(), denied.end());
      const DialingRules rules(settings);
      for (const std::string& number : numbers) {
        const bool refused =
            begins(number, denied) || (!allowed.empty() && !begins(number, allowed));
        EXPECT_EQ(rules.WhyNotCall(number).has_value(), refused) << choice << " " << number;
        if (!refused) continue;
        EXPECT_EQ(rules.WhyNotCall(number)->prefix.empty(), !begins(number, denied)) << number;
      }
    }
  }
}

TEST(EveryUnit, OfADurationCountsAsItIsCalled) {
  constexpr std::int64_t kMillisecond = 1'000'000;
  const std::vector<std::pair<std::string, std::int64_t>> units = {{"ms", kMillisecond},
                                                                   {"s", 1'000 * kMillisecond},
                                                                   {"m", 60'000 * kMillisecond},
                                                                   {"h", 3'600'000 * kMillisecond}};
  for (const auto& [name, nanos] : units) {
    for (const std::int64_t count : {1, 2, 9, 10, 59, 60, 61, 999, 1'000, 1'001, 3'600}) {
      const base::Duration whole(count * nanos);
      EXPECT_EQ(ParseDuration(std::to_string(count) + name), whole) << count << name;
      EXPECT_EQ(ParseDuration(std::to_string(count) + ".5" + name),
                whole + base::Duration(nanos / 2));
      EXPECT_EQ(ParseDuration(FormatDuration(whole)), whole) << count << name;
    }
    for (const auto& [other, other_nanos] : units) {
      EXPECT_EQ(ParseDuration("2" + name + "3" + other),
                base::Duration(2 * nanos + 3 * other_nanos));
    }
    // Ten years and some days.
    const std::int64_t most = 87'672LL * 3'600'000 * kMillisecond;
    EXPECT_EQ(ParseDuration(std::to_string(most / nanos) + name), base::Duration(most));
    EXPECT_EQ(ParseDuration(std::to_string(most / nanos + 1) + name), std::nullopt);
    EXPECT_EQ(ParseDuration(std::to_string(most / nanos) + name + "1ms"), std::nullopt);
  }
  for (const char* name :
       {"", "n", "ns", "us", "d", "w", "y", "H", "M", "S", "MS", "sec", "min", "hs", "mss"}) {
    EXPECT_EQ(ParseDuration(std::string("1") + name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace callbridge::settings
