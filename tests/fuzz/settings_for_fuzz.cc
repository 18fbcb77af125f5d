#include "tests/fuzz/settings_for_fuzz.h"

#include "server/base/check.h"
#include "server/settings/load.h"

namespace callbridge::fuzz {
namespace {

constexpr char kYaml[] = R"(
service_id: bridge
store: {memory: {}}
accounts:
  default:
    base_url: http://127.0.0.1:8090
    allowed_hosts: ["127.0.0.1:8090"]
    api_key_file: api-key
    calls_configuration_id: bridge-prod
webhook: {protected_by: "no network at all"}
dialing:
  default_number: "+442079460001"
  allowed_numbers: ["+442079460009"]
  allowed_prefixes: ["+44", "+49"]
  denied_prefixes: ["+4490"]
plans:
  default:
    greeting: {text: "Please hold."}
    announcement: {text: "Here they are."}
    apology: {text: "Nobody there."}
    music: {audio: {file_id: whales, duration: 20s}}
    ring_timeout: 15s
    max_duration: 2m
  silent:
    greeting: {}
    announcement: {}
    apology: {}
routes:
  - name: bridged
    number: "+442079460001"
    callees: [{endpoint: {phone: {number: "+447700900456"}}}]
  - name: offered
    number: "+442079460003"
    offer: true
)";

config::v1::Settings Read() {
  const auto settings = settings::ParseSettings(kYaml, "fuzz.yaml");
  base::Check(settings.ok(), "the settings of the fuzzers are not valid");
  return *settings;
}

}  // namespace

const config::v1::Settings& FuzzSettings() {
  static const config::v1::Settings* const settings = new config::v1::Settings(Read());
  return *settings;
}

}  // namespace callbridge::fuzz
