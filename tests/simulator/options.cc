#include "tests/simulator/options.h"

#include <absl/status/status.h>
#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <yaml-cpp/yaml.h>

#include <boost/asio/ip/address.hpp>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <string_view>
#include <utility>

#include "server/base/arguments.h"

namespace callbridge::simulator {
namespace {

struct Argument {
  std::string name;
  std::string value;
  std::string meaning;
  std::function<absl::Status(Options&, const std::string&)> set;
  bool repeated = false;
};

// A seed is read as a double, which holds every integer up to this one.
constexpr std::uint64_t kSeedMax = 9'000'000'000'000'000;

// A provider never gives an id twice, so ids must not repeat when the program starts again.
std::uint64_t FreshSeed() {
  std::random_device device;
  return std::uniform_int_distribution<std::uint64_t>(0, kSeedMax)(device);
}

absl::Status Invalid(const std::string& why) { return absl::InvalidArgumentError(why); }

// "@file" is the file's first line, so that secrets need not stand on a command line.
absl::StatusOr<std::string> ReadSecret(const std::string& text) {
  if (!text.starts_with('@')) return text;
  std::ifstream file(text.substr(1));
  std::string line;
  if (!std::getline(file, line)) return Invalid("the file named by " + text + " cannot be read");
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::function<absl::Status(Options&, const std::string&)> Secret(
    std::function<void(Options&, std::string)> keep) {
  return [keep = std::move(keep)](Options& options, const std::string& text) {
    auto secret = ReadSecret(text);
    if (!secret.ok()) return secret.status();
    if (secret->empty()) return Invalid("must not be empty");
    keep(options, std::move(*secret));
    return absl::OkStatus();
  };
}

// "name=value" for a table of rows, or for people.
std::function<absl::Status(Options&, const std::string&)> Pair(
    std::function<absl::Status(Options&, std::string_view, std::string_view)> set) {
  return [set = std::move(set)](Options& options, const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return Invalid("needs name=value");
    const std::string_view view = text;
    return set(options, view.substr(0, equals), view.substr(equals + 1));
  };
}

absl::Status SetListen(Options& options, const std::string& text) {
  const std::size_t colon = text.rfind(':');
  int port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(text.substr(colon + 1), &port) || port < 0 ||
      port > 65'535) {
    return Invalid("needs host:port, like 127.0.0.1:0 or [::1]:8080");
  }
  options.listen_port = static_cast<unsigned short>(port);
  options.listen_host = text.substr(0, colon);
  if (options.listen_host.starts_with('[') && options.listen_host.ends_with(']')) {
    options.listen_host = options.listen_host.substr(1, options.listen_host.size() - 2);
  }
  boost::system::error_code error;
  boost::asio::ip::make_address(options.listen_host, error);
  return error ? Invalid("needs an IP address, like 127.0.0.1:0") : absl::OkStatus();
}

absl::Status SetWebhookUrl(Options& options, const std::string& text) {
  constexpr std::string_view kScheme = "http://";
  if (!text.starts_with(kScheme)) return Invalid("needs http://host:port/path");
  const std::string rest = text.substr(kScheme.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string authority = rest.substr(0, slash);
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string::npos && !authority.ends_with(']');
  options.webhook.host = authority.substr(0, has_port ? colon : authority.size());
  options.webhook.port = has_port ? authority.substr(colon + 1) : "80";
  options.webhook.path = slash == rest.size() ? "/" : rest.substr(slash);
  if (options.webhook.host.starts_with('[') && options.webhook.host.ends_with(']')) {
    options.webhook.host = options.webhook.host.substr(1, options.webhook.host.size() - 2);
  }
  return options.webhook.host.empty() ? Invalid("needs a host") : absl::OkStatus();
}

absl::Status ReadPeople(Options& options, const std::string& path) {
  try {
    const YAML::Node file = YAML::LoadFile(path);
    if (!file.IsMap()) return Invalid("the file must map numbers to scripts");
    for (const auto& entry : file) {
      const absl::Status set = options.settings.people.Set(entry.first.as<std::string>(),
                                                           entry.second.as<std::string>());
      if (!set.ok()) return set;
    }
  } catch (const YAML::Exception& error) {
    return Invalid(error.what());
  }
  return absl::OkStatus();
}

template <typename Number>
std::function<absl::Status(Options&, const std::string&)> NumberWithin(
    double min, double max, std::function<void(Options&, Number)> keep) {
  return [=](Options& options, const std::string& text) {
    const auto number = ParseNumber(text, min, max);
    if (!number.ok()) return number.status();
    keep(options, static_cast<Number>(*number));
    return absl::OkStatus();
  };
}

std::function<absl::Status(Options&, const std::string&)> PlainText(
    std::function<void(Options&, std::string)> keep) {
  return [keep = std::move(keep)](Options& options, const std::string& text) {
    keep(options, text);
    return absl::OkStatus();
  };
}

// "5m" or "-5m".
absl::Status SetClockAhead(Options& options, const std::string& text) {
  const bool behind = text.starts_with('-');
  const auto duration = ParseDuration(behind ? text.substr(1) : text);
  if (!duration.ok()) return duration.status();
  options.clock_ahead = behind ? -*duration : *duration;
  return absl::OkStatus();
}

absl::Status SetWebhookSchedule(Options& options, const std::string& text) {
  using Kind = WebhookSchedule::Kind;
  if (text != "fixed" && text != "infobip-push") return Invalid("must be fixed or infobip-push");
  options.webhook.schedule.kind = text == "fixed" ? Kind::kFixed : Kind::kInfobipPush;
  return absl::OkStatus();
}

std::vector<Argument> ProviderArguments() {
  using O = Options;
  return {
      {"listen", "HOST:PORT",
       "Where the Calls API and /control/ are served; port 0: any free one "
       "(default 127.0.0.1:0)",
       SetListen},
      {"port-file", "FILE", "Gets the port once it listens",
       PlainText([](O& o, std::string text) { o.port_file = std::move(text); })},
      {"api-key", "KEY",
       "Requests need \"Authorization: App KEY\" (default: any Authorization); "
       "@FILE reads it",
       Secret([](O& o, std::string key) { o.settings.api_key = std::move(key); })},
      {"api-basic", "USER:PASSWORD", "Requests may use Basic with this; @FILE reads it",
       Secret([](O& o, std::string text) { o.settings.basic = absl::Base64Escape(text); })},
      {"configuration", "ID",
       "A callsConfigurationId of the account, may be repeated; the first gets the calls to "
       "numbers without a voice action (default callbridge)",
       PlainText([](O& o, std::string id) { o.settings.configurations.push_back(std::move(id)); }),
       true},
      {"number", "NUMBER",
       "A number that the account owns, in digits, may be repeated (default 442079460001 to "
       "442079460004)",
       PlainText([](O& o, std::string number) { o.settings.numbers.push_back(std::move(number)); }),
       true},
      {"scope", "NAME", "A scope of the key, like calls:manage, may be repeated (default: all)",
       PlainText([](O& o, std::string scope) { o.settings.scopes.push_back(std::move(scope)); }),
       true},
      {"api-base-url", "URL", "apiBaseUrl of incoming calls (default: http:// and the listener)",
       PlainText([](O& o, std::string url) { o.settings.api_base_url = std::move(url); })},
      {"seed", "N",
       "Same seed and requests, same ids and faults (default: another one at each start, which is "
       "printed)",
       NumberWithin<std::uint64_t>(0, kSeedMax,
                                   [](O& o, std::uint64_t n) { o.settings.seed = n; })},
      {"speed", "X",
       "People's waits, ringing, speech and files take X times less; timeouts and "
       "maxDuration do not (default 1)",
       NumberWithin<double>(0.001, 10'000, [](O& o, double x) { o.settings.speed = x; })},
      {"clock-ahead", "DURATION",
       "The provider's clock (times, filters by time, the header Date) is ahead of the "
       "machine's; -5m: behind (default 0s)",
       SetClockAhead},
      {"replay", "DIR",
       "Answers and posts from the transcripts of callbridge-admin doctor --live in this folder, "
       "and tells what differs",
       PlainText([](O& o, std::string text) { o.replay_folder = std::move(text); })},
      {"people", "FILE", "What people do, as YAML: a map of numbers to scripts", ReadPeople},
      {"person", "NUMBER=SCRIPT",
       "What a person does; *NN is an ending, default all others; may be "
       "repeated",
       Pair([](O& o, auto who, auto script) { return o.settings.people.Set(who, script); }), true},
      {"switch", "NAME=VALUE", "May be repeated", Pair([](O& o, auto name, auto value) {
         return SetByName(SwitchRows(), o.settings.switches, name, value);
       }),
       true},
      {"fault", "NAME=VALUE", "May be repeated", Pair([](O& o, auto name, auto value) {
         return SetByName(FaultRows(), o.settings.faults, name, value);
       }),
       true},
      {"delay", "NAME=DURATION", "May be repeated", Pair([](O& o, auto name, auto value) {
         return SetByName(DelayRows(), o.settings.delays, name, value);
       }),
       true},
  };
}

std::vector<Argument> WebhookArguments() {
  using O = Options;
  return {
      {"webhook-url", "URL", "Where events are posted; absent: nowhere", SetWebhookUrl},
      {"webhook-receive-path", "PATH", "CALL_RECEIVED is posted there, as for an older account",
       PlainText([](O& o, std::string text) { o.webhook.receive_path = std::move(text); })},
      {"webhook-basic", "USER:PASSWORD", "Posts carry Basic; @FILE reads it",
       Secret([](O& o, std::string text) { o.webhook.authentication.basic = std::move(text); })},
      {"webhook-hmac-secret", "SECRET", "Posts carry a signature over the body; @FILE reads it",
       Secret(
           [](O& o, std::string text) { o.webhook.authentication.hmac_secret = std::move(text); })},
      {"webhook-hmac-header", "NAME", "(default X-Ib-Hmac-Signature)",
       PlainText(
           [](O& o, std::string text) { o.webhook.authentication.hmac_header = std::move(text); })},
      {"webhook-hmac-prefix", "TEXT", "(default SHA256=)", PlainText([](O& o, std::string text) {
         o.webhook.authentication.hmac_prefix = std::move(text);
       })},
      {"webhook-hmac-algorithm", "NAME",
       "HMAC_SHA_1, _224, _256, _384 or _512 (default "
       "HMAC_SHA_256)",
       PlainText([](O& o, std::string text) {
         o.webhook.authentication.hmac_algorithm = std::move(text);
       })},
      {"webhook-hmac-encoding", "hex|base64", "(default hex)",
       PlainText([](O& o, std::string text) {
         o.webhook.authentication.hmac_encoding = std::move(text);
       })},
      {"webhook-connections", "N", "Posts under way at a time; 1: strictly in order (default 20)",
       NumberWithin<std::size_t>(1, 1'000, [](O& o, std::size_t n) { o.webhook.connections = n; })},
      {"webhook-schedule", "fixed|infobip-push",
       "When a post without a 200 is repeated: by the two arguments below, or 20 times after "
       "1 min + n² min, the last one after 41.5 h (default fixed)",
       SetWebhookSchedule},
      {"webhook-schedule-speed", "X", "The pauses of infobip-push take X times less (default 1)",
       NumberWithin<double>(1, 1'000'000, [](O& o, double x) { o.webhook.schedule.speed = x; })},
      {"webhook-repeats", "N", "How often a post without a 200 is repeated (default 2)",
       NumberWithin<int>(0, 1'000, [](O& o, int n) { o.webhook.schedule.repeats = n; })},
      {"webhook-repeat-after", "DURATION", "(default 1s)",
       [](O& o, const std::string& text) {
         const auto duration = ParseDuration(text);
         if (duration.ok()) o.webhook.schedule.repeat_after = *duration;
         return duration.status();
       }},
  };
}

std::vector<Argument> Arguments() {
  std::vector<Argument> all = ProviderArguments();
  for (Argument& argument : WebhookArguments()) all.push_back(std::move(argument));
  return all;
}

bool IsLoopback(const std::string& host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return host == "localhost" || (!error && address.is_loopback());
}

absl::Status CheckTogether(const Options& options) {
  if (!options.allow_remote && !IsLoopback(options.listen_host)) {
    return Invalid("--listen: only loopback is served without --allow-remote");
  }
  if (!options.allow_remote && !options.webhook.host.empty() && !IsLoopback(options.webhook.host)) {
    return Invalid("--webhook-url: only loopback is posted to without --allow-remote");
  }
  const std::string& receive_path = options.webhook.receive_path;
  if (!receive_path.empty() && (options.webhook.host.empty() || !receive_path.starts_with('/'))) {
    return Invalid("--webhook-receive-path: needs a path that begins with /, beside --webhook-url");
  }
  const WebhookAuthentication& authentication = options.webhook.authentication;
  if (!authentication.basic.empty() && !authentication.hmac_secret.empty()) {
    return Invalid("--webhook-basic and --webhook-hmac-secret exclude each other");
  }
  return SignWebhook(authentication, "").status();
}

}  // namespace

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& arguments) {
  const std::vector<Argument> known = Arguments();
  std::vector<base::Flag> flags = base::CommonFlags();
  flags.push_back({"allow-remote", "", ""});
  for (const Argument& argument : known) {
    flags.push_back({argument.name, argument.value, argument.meaning, argument.repeated});
  }
  const auto parsed = base::Arguments::Parse(arguments, flags);
  if (!parsed.ok()) return parsed.status();
  if (!parsed->words().empty()) {
    return Invalid("\"" + parsed->words().front() +
                   "\": one word too many; only arguments like --listen HOST:PORT are taken");
  }
  Options options;
  const std::vector<std::string> defaults = std::move(options.settings.configurations);
  options.settings.configurations.clear();
  const std::vector<std::string> numbers = std::move(options.settings.numbers);
  options.settings.numbers.clear();
  options.settings.seed = FreshSeed();
  options.help = parsed->Has("help");
  options.version = parsed->Has("version");
  options.allow_remote = parsed->Has("allow-remote");
  for (const Argument& argument : known) {
    for (const std::string& value : parsed->Values(argument.name)) {
      const absl::Status set = argument.set(options, value);
      if (!set.ok()) return Invalid("--" + argument.name + ": " + std::string(set.message()));
    }
  }
  if (options.settings.configurations.empty()) options.settings.configurations = defaults;
  if (options.settings.numbers.empty()) options.settings.numbers = numbers;
  const absl::Status together = CheckTogether(options);
  if (!together.ok()) return together;
  return options;
}

std::string DescribeOptions() {
  std::ostringstream text;
  text << "infobip-simulator: the Infobip Calls API in a box, for tests and the demo.\n\n";
  for (const Argument& argument : Arguments()) {
    text << "  --" << argument.name << " " << argument.value << "\n      " << argument.meaning
         << "\n";
  }
  text << "  --allow-remote\n      Listen on and post to other addresses than loopback\n"
          "  --version\n      Print the version\n";
  text << "\nScripts, words joined by commas (answers:3,hangs-up:20):\n" << DescribeScripts();
  text << "Without --person, numbers that end in these digits have these scripts, all others "
          "answers:2:\n";
  for (const auto& [ending, script] : DefaultEndings()) {
    text << "  *" << ending << "  " << script << "\n";
  }
  text << "\nSwitches: what the documentation leaves open (section of docs/provider.md in "
          "brackets):\n"
       << Describe(SwitchRows());
  text << "\nFaults:\n" << Describe(FaultRows());
  text << "\nDelays:\n" << Describe(DelayRows());
  return text.str();
}

}  // namespace callbridge::simulator
