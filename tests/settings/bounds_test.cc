// Every bound of the settings, just inside and just outside, wherever its field may stand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Text(std::size_t length) { return std::string(length, 'a'); }

std::string Digits(std::size_t count) { return "\"" + std::string(count, '4') + "\""; }

// "[0, 1, …]" or "{k0: v, k1: v, …}".
std::string Many(int count, const std::function<std::string(int)>& entry, const char* brackets) {
  std::string text(1, brackets[0]);
  for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + entry(i);
  return text + brackets[1];
}

std::string Headers(int count) {
  return Many(
      count, [](int i) { return "X-" + std::to_string(i) + ": v"; }, "{}");
}

std::string Labels(int count) {
  return Many(
      count, [](int i) { return "k" + std::to_string(i) + ": v"; }, "{}");
}

struct Bound {
  // The file is before + value + after.
  std::string before;
  std::string after;
  std::string path;
  std::vector<std::string> inside;
  std::vector<std::string> outside;
};

void ExpectHeld(const Bound& bound) {
  for (const std::string& value : bound.inside) {
    const auto parsed = ParseSettings(bound.before + value + bound.after, "s");
    EXPECT_TRUE(parsed.ok()) << bound.path << ": " << value << ": " << parsed.status();
  }
  for (const std::string& value : bound.outside) {
    const auto parsed = ParseSettings(bound.before + value + bound.after, "s");
    ASSERT_FALSE(parsed.ok()) << bound.path << ": " << value;
    const std::string problems(parsed.status().message());
    EXPECT_THAT(problems, HasSubstr(" " + bound.path + ": ")) << value;
    EXPECT_THAT(problems, Not(HasSubstr("\n"))) << "nothing else is wrong";
  }
}

// Of a plan; where: what stands around it, and its path.
std::vector<Bound> BoundsOfPlan(const Bound& where) {
  std::vector<Bound> bounds;
  const auto add = [&](const std::string& field, const std::string& before,
                       const std::string& after, const std::vector<std::string>& inside,
                       const std::vector<std::string>& outside) {
    bounds.push_back({where.before + "{" + before, after + "}" + where.after,
                      where.path + "." + field, inside, outside});
  };
  add("ring_timeout", "ring_timeout: ", "", {"1s", "60s", "59.999999999s"},
      {"0s", "0.999999999s", "60.000000001s", "2m"});
  add("max_duration", "max_duration: ", "", {"10s", "8h"}, {"9.999999999s", "8h1ms"});
  add("music.loop_count", "music: {audio: {file_id: f}, loop_count: ", "}", {"1", "100"},
      {"-1", "101"});
  for (const std::string voice :
       {"voice", "greeting.voice", "announcement.voice", "apology.voice"}) {
    const std::size_t dot = voice.find('.');
    const bool own = dot != std::string::npos;
    const std::string before = own ? voice.substr(0, dot) + ": {text: a, voice: {" : "voice: {";
    const std::string after = own ? "}}" : "}";
    add(voice + ".speaking_rate", before + "speaking_rate: ", after, {"0.5", "2", "2.0"},
        {"0", "0.499", "2.001", "-1"});
    add(voice + ".language", before + "language: ", after, {"en", Text(16), "pt-BR", "pt_br"},
        {Text(17), "e n", "en/us", "\"é\""});
    add(voice + ".name", before + "name: ", after, {Text(1), Text(base::kNameBytesMax)},
        {Text(base::kNameBytesMax + 1), "\"a\\nb\"", "\"a\\x7fb\""});
  }
  for (const std::string sound : {"music", "greeting", "announcement", "apology"}) {
    const std::string before = sound + ": {audio: {";
    add(sound + ".audio.duration", before + "file_id: f, duration: ", "}}", {"100ms", "8h"},
        {"99.999999ms", "8h1ms"});
    add(sound + ".audio.file_id", before + "file_id: ", "}}", {"f", Text(base::kNameBytesMax)},
        {"\"\"", Text(base::kNameBytesMax + 1), "\"a\\nb\""});
    const std::string url = "https://a.example.com/";
    add(sound + ".audio.url", before + "url: ", "}}",
        {url, url + Text(base::kUrlBytesMax - url.size())},
        {url + Text(base::kUrlBytesMax - url.size() + 1), "http://a.example.com/", "\"\""});
    if (sound == "music") continue;
    const auto most = static_cast<std::size_t>(base::kPromptCodePointsMax);
    add(sound + ".text", sound + ": {text: ", "}", {"a", Text(most)}, {"\"\"", Text(most + 1)});
  }
  return bounds;
}

TEST(EveryBound, OfAPlanHoldsInPlansAndRoutes) {
  const std::string file = kGoodYaml;
  for (const Bound& where : {Bound{file + "plans: {default: ", "}\n", "plans.default", {}, {}},
                             Bound{file + "plans: {a: ", "}\n", "plans.a", {}, {}},
                             Bound{file + "    plan: ", "\n", "routes[0].plan", {}, {}}}) {
    for (const Bound& bound : BoundsOfPlan(where)) ExpectHeld(bound);
  }
}

// The route's callee is the last thing in the file.
Bound OfCallee(const std::string& endpoint_before, const std::string& endpoint_after,
               const std::string& field, const std::vector<std::string>& inside,
               const std::vector<std::string>& outside) {
  const std::string file = GoodYamlWith("{phone: {number: \"447700900456\"}}\n", "");
  return {file + "{" + endpoint_before, endpoint_after + "}\n",
          "routes[0].callees[0].endpoint." + field, inside, outside};
}

TEST(EveryBound, OfACalleeHolds) {
  const std::size_t name = base::kNameBytesMax;
  const std::string other = "sip: {username: u, trunk_id: t, headers: ";
  for (const Bound& bound :
       {OfCallee("phone: {number: ", "}", "phone.number", {Digits(8), Digits(15)},
                 {Digits(7), Digits(16), "\"04477009004\"", "\"+04477009004\""}),
        OfCallee("sip: {trunk_id: t, username: ", "}", "sip.username", {"u", Text(name)},
                 {Text(name + 1), "\"a b\""}),
        OfCallee("sip: {username: u, trunk_id: ", "}", "sip.trunk_id", {"t", Text(name)},
                 {Text(name + 1), "\"a\\nb\""}),
        OfCallee(other, "}", "sip.headers", {Headers(1), Headers(base::kSipHeadersMax)},
                 {Headers(base::kSipHeadersMax + 1)}),
        OfCallee(other + "{X-A: ", "}}", "sip.headers.X-A",
                 {"\"\"", Text(base::kSipHeaderValueBytesMax)},
                 {Text(base::kSipHeaderValueBytesMax + 1), "\"a\\nb\""}),
        OfCallee("webrtc: {identity: ", "}", "webrtc.identity", {"i", Text(name)},
                 {Text(name + 1)}),
        OfCallee("webrtc: {identity: i, display_name: ", "}", "webrtc.display_name",
                 {"d", Text(name)}, {Text(name + 1)})}) {
    ExpectHeld(bound);
  }
  const std::string longest = "X-" + Text(base::kSipHeaderNameBytesMax - 2);
  ExpectHeld(OfCallee(other + "{" + longest + ": ", "}}", "sip.headers." + longest, {"v"}, {}));
  ExpectHeld(
      OfCallee(other + "{" + longest + "a: ", "}}", "sip.headers." + longest + "a", {}, {"v"}));
  const std::string callee = std::string(kGoodYaml) + "        ";
  ExpectHeld({callee + "ring_timeout: ",
              "\n",
              "routes[0].callees[0].ring_timeout",
              {"1s", "60s"},
              {"0s", "999ms", "60001ms"}});
  ExpectHeld({callee + "caller_id_number: ",
              "\n",
              "routes[0].callees[0].caller_id_number",
              {"\"+442079460001\"", "\"442079460001\""},
              {Digits(7), Digits(16), "\"+442079460002\""}});
}

TEST(EveryBound, OfNamesAndNumbersHolds) {
  const std::string file = kGoodYaml;
  const auto at = [&file](const std::string& from, const std::string& to_before,
                          const std::string& to_after) {
    const std::size_t place = file.find(from);
    return std::pair(file.substr(0, place) + to_before,
                     to_after + file.substr(place + from.size()));
  };
  const auto [id_before, id_after] = at("service_id: test", "service_id: ", "");
  ExpectHeld({id_before, id_after, "service_id", {"a", Text(32)}, {Text(33), "a.b", "\"a b\""}});
  const auto [name_before, name_after] = at("name: support", "name: ", "");
  ExpectHeld({name_before, name_after, "routes[0].name", {"a", Text(63)}, {Text(64), "\"a b\""}});
  const auto [number_before, number_after] = at("\"+442079460001\"", "", "");
  ExpectHeld({number_before,
              number_after,
              "routes[0].number",
              {Digits(8), Digits(15)},
              {Digits(7), Digits(16)}});
  const auto [plan_before, plan_after] = at("", "plans: {", ": {}}\n");
  ExpectHeld({plan_before, plan_after, "plans." + Text(63), {Text(63)}, {}});
  ExpectHeld({plan_before, plan_after, "plans." + Text(64), {}, {Text(64)}});
  ExpectHeld({file + "    labels: ",
              "\n",
              "routes[0].labels",
              {Labels(1), Labels(base::kLabelsMax)},
              {Labels(base::kLabelsMax + 1)}});
  ExpectHeld({file + "    labels: {k: ",
              "}\n",
              "routes[0].labels.k",
              {"\"\"", Text(base::kLabelValueBytesMax)},
              {Text(base::kLabelValueBytesMax + 1)}});
  const std::string key = Text(base::kLabelKeyBytesMax);
  ExpectHeld({file + "    labels: {" + key + ": ", "}\n", "", {"v"}, {}});
  ExpectHeld(
      {file + "    labels: {" + key + "a: ", "}\n", "routes[0].labels." + key + "a", {}, {"v"}});
  ExpectHeld({file + "dialing: {default_number: ",
              "}\n",
              "dialing.default_number",
              {Digits(8), Digits(15)},
              {Digits(7), Digits(16)}});
  ExpectHeld({file + "dialing: {allowed_numbers: [",
              "]}\n",
              "dialing.allowed_numbers[0]",
              {Digits(8), Digits(15)},
              {"\"\"", Digits(7), Digits(16)}});
  for (const std::string list : {"allowed_prefixes", "denied_prefixes"}) {
    // The second prefix allows the route that the file has.
    ExpectHeld({file + "dialing: {" + list + ": [",
                list == "allowed_prefixes" ? ", \"447\"]}\n" : "]}\n",
                "dialing." + list + "[0]",
                {"\"1\"", Digits(15)},
                {"\"\"", "\"0\"", Digits(16)}});
  }
}

TEST(EveryBound, OfLimitsHolds) {
  const std::string file = kGoodYaml;
  const auto limit = [&file](const std::string& name, const std::string& most,
                             const std::string& too_many) {
    ExpectHeld(
        {file + "limits: {" + name + ": ", "}\n", "limits." + name, {"1", most}, {"-1", too_many}});
  };
  limit("sessions_max", "1000000", "1000001");
  limit("waiting_dials_max", "100000", "100001");
  limit("streams_max", "100000", "100001");
  limit("free_disk_bytes_min", "1125899906842624", "1125899906842625");
  ExpectHeld({file + "retention: ",
              "\n",
              "retention",
              {"1m", "87600h"},
              {"0s", "59.999999999s", "87600h1ms", "87672h"}});
  const auto sweep = [&](const std::string& field, const std::string& before) {
    ExpectHeld({file + "sweep: {" + field + ": ",
                "}\n" + before,
                "sweep." + field,
                {"1s", "24h"},
                {"0s", "0.999999999s", "24h1ms"}});
  };
  sweep("interval", "");
  sweep("minimum_age", "timing: {dial_search: 999ms, list_lag: 900ms}\n");
  ExpectHeld({file + "timing: {dial_search: 30s}\nsweep: {minimum_age: ",
              "}\n",
              "sweep.minimum_age",
              {"30.001s"},
              {"30s", "29s"}});
  ExpectHeld({file + "log: {level: ",
              "}\n",
              "log.level",
              {"debug", "info", "warning", "error"},
              {"warn", "fatal", "infos"}});
  ExpectHeld({file + "grpc: {listen: \"127.0.0.1:",
              "\"}\n",
              "grpc.listen",
              {"0", "1", "65535"},
              {"65536", "-1", ""}});
  ExpectHeld({file + "inbox: {listen: \"127.0.0.1:",
              "\"}\n",
              "inbox.listen",
              {"1", "65535"},
              {"0", "65536", "50051"}});
  ExpectHeld(
      {file + "grpc: {listen: \"unix:", "\"}\n", "grpc.listen", {"a", Text(107)}, {"", Text(108)}});
}

}  // namespace
}  // namespace callbridge::settings
