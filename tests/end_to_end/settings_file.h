// What the system under test runs with: its numbers, texts and secrets, and the settings file that
// holds them. The deadlines are short, so that what waits for one is over soon.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace callbridge::end_to_end {

// DIDs with a route, by what becomes of a call to them.
inline constexpr char kAnsweredDid[] = "+442079460001";
inline constexpr char kUnansweredDid[] = "+442079460002";
inline constexpr char kOfferedDid[] = "+442079460003";
inline constexpr char kBusyDid[] = "+442079460004";
inline constexpr char kUnroutedDid[] = "+442079460077";
// The people behind them. The simulator's scripts go by the last two digits.
inline constexpr char kCallee[] = "+447700900456";
inline constexpr char kSilentCallee[] = "+447700900103";
inline constexpr char kBusyCallee[] = "+447700900101";
inline constexpr char kCaller[] = "+447700900700";
// Every number above contains one of these, and nothing else that is printed does.
inline constexpr const char* kNumberParts[] = {"2079460", "7700900"};

// How long a session lasts at most with these settings and the people of traffic.h: caller's and
// callee's ring 4 s each, two prompts of 3 s, dial queue, looks and 5 s of talk, the clean-up's 9
// s.
inline constexpr std::chrono::seconds kSessionMax{45};
// What a loaded machine adds to such a wait.
inline constexpr std::chrono::seconds kMachineSlack{15};

inline constexpr char kGreeting[] = "Hold on, marmalade.";
inline constexpr char kAnnouncement[] = "Here they are, porcupine.";
inline constexpr char kApology[] = "Nobody is there, rhubarb.";
inline constexpr char kMusicUrl[] = "https://files.example.com/hold.mp3";
// What no log may hold of the texts and secrets.
inline constexpr char kApiKey[] = "api-key-5b1f0c";
inline constexpr char kWebhookSecret[] = "webhook-secret-77e2d9";
inline constexpr const char* kUnspeakable[] = {"marmalade", "porcupine", "rhubarb", kApiKey,
                                               kWebhookSecret};

inline constexpr char kConfiguration[] = "bridge-e2e";
inline constexpr char kWebhookPath[] = "/infobip/events";

struct SettingsValues {
  std::filesystem::path folder;
  std::string api_address;
  std::string inbox_address;
  std::uint16_t ingress_port = 0;
  std::uint16_t simulator_port = 0;
  bool in_server_ingress = false;
  std::string log_level = "info";
  // Empty: the folder.
  std::filesystem::path store_folder;
  std::string rates = "{dial: 60, conference: 100, other: 500}";
  // Files of the folder.
  std::vector<std::string> webhook_secrets{"webhook-secret"};
  // Added to the end, as it is.
  std::string more;
};

std::string SettingsText(const SettingsValues& values);

// A new, empty one among the temporary files; its name begins so.
std::filesystem::path MakeFolder(const std::string& name);
// Only its owner may read it.
void WriteFile(const std::filesystem::path& path, const std::string& content);
// Empty if it does not exist.
std::string ReadFile(const std::filesystem::path& path);

}  // namespace callbridge::end_to_end
