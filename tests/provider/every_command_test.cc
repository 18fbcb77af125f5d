// Of every command each field: whether it changes what is sent to the provider, and how it leaves.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "server/base/command_kinds.h"
#include "server/base/log.h"
#include "server/provider/breaker.h"
#include "server/provider/commands.h"
#include "server/provider/infobip_provider.h"
#include "server/provider/spacing.h"
#include "tests/provider/all_commands.h"
#include "tests/provider/played_transport.h"
#include "tests/provider/provider_fixture.h"
#include "tests/provider/sent_fields.h"

namespace callbridge::provider {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using internal::v1::CommandResult;

// Of a message within a command: where it is, and which field of it.
using Path = std::vector<const FieldDescriptor*>;

Message& HolderOf(const Path& path, Message& message) {
  Message* holder = &message;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    holder = holder->GetReflection()->MutableMessage(holder, path[i]);
  }
  return *holder;
}

std::string NameOf(const Path& path) {
  std::string name;
  for (const FieldDescriptor* field : path) name += (name.empty() ? "" : ".") + field->name();
  return name;
}

// All single values that are set, times and durations as one, and the map of headers.
void AddPaths(const Message& message, const Path& holder, std::vector<Path>& paths) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    Path path = holder;
    path.push_back(field);
    const bool single = field->is_repeated() ||
                        field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
                        field->message_type()->file()->package() == "google.protobuf";
    if (single) {
      paths.push_back(path);
    } else {
      AddPaths(message.GetReflection()->GetMessage(message, field), path, paths);
    }
  }
}

void ChangeField(const FieldDescriptor& field, Message& holder) {
  const auto& reflection = *holder.GetReflection();
  if (field.is_map()) {
    auto& sip = dynamic_cast<callbridge::v1::SipEndpoint&>(holder);
    (*sip.mutable_headers())["X-A"] += "x";
    return;
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(&holder, &field, reflection.GetString(holder, &field) + "x");
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&holder, &field, reflection.GetInt32(holder, &field) + 1);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&holder, &field, !reflection.GetBool(holder, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(&holder, &field, reflection.GetDouble(holder, &field) + 0.25);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&holder, &field, callbridge::v1::GENDER_MALE);
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      Message& time = *reflection.MutableMessage(&holder, &field);
      const FieldDescriptor* whole = time.GetDescriptor()->FindFieldByName("seconds");
      time.GetReflection()->SetInt64(&time, whole, time.GetReflection()->GetInt64(time, whole) + 1);
      return;
    }
    default:
      ADD_FAILURE() << field.full_name();
  }
}

AccountOptions Stopping(StopPlayScope scope) {
  AccountOptions account = Account("https://home.example.com");
  account.stop_play_scope = scope;
  return account;
}

// What the provider would get; of what cannot be sent the reason.
std::string WireOf(const internal::v1::Command& command, const AccountOptions& account,
                   const std::string& service_id = "bridge") {
  const auto requests = EncodeCommand(command, account, service_id);
  if (!requests.ok()) return std::string(requests.status().message());
  std::string text;
  for (const HttpRequest& request : *requests) {
    text += std::to_string(static_cast<int>(request.method)) + " " + request.target + " " +
            request.body + "\n";
  }
  return text;
}

struct Scoped {
  Sample sample;
  AccountOptions account;
};

std::vector<Scoped> AllScoped() {
  std::vector<Scoped> all;
  for (const Sample& sample : AllCommands()) {
    all.push_back({sample, Stopping(StopPlayScope::kCall)});
    if (sample.name != "stop_play") continue;
    all.push_back({{"stop_play conference", sample.command}, Stopping(StopPlayScope::kConference)});
    all.push_back({{"stop_play both", sample.command}, Stopping(StopPlayScope::kBoth)});
  }
  return all;
}

TEST(EveryFieldOfACommand, ChangesTheRequestIfItIsSentAndElseNothing) {
  ASSERT_EQ(AllScoped().size(), SentFields().size());
  for (const auto& [sample, account] : AllScoped()) {
    const std::set<std::string>& sent = SentFields().at(sample.name);
    const std::string before = WireOf(sample.command, account);
    std::vector<Path> paths;
    AddPaths(sample.command, {}, paths);
    std::set<std::string> changing;
    std::set<std::string> missed;
    for (const Path& path : paths) {
      internal::v1::Command changed = sample.command;
      ChangeField(*path.back(), HolderOf(path, changed));
      if (WireOf(changed, account) != before) changing.insert(NameOf(path));
      internal::v1::Command cleared = sample.command;
      Message& holder = HolderOf(path, cleared);
      holder.GetReflection()->ClearField(&holder, path.back());
      if (WireOf(cleared, account) != before) missed.insert(NameOf(path));
    }
    EXPECT_EQ(changing, sent) << sample.name;
    if (sample.name == "stop_play conference") {
      // The call's id is asked for whatever the scope, and a conference that is not known yet
      // leaves the call.
      missed.erase("stop_play.call_id");
    }
    EXPECT_EQ(missed, sent) << sample.name;
  }
}

TEST(EveryCommand, NamesTheServiceOrTheConfigurationWhereItSaysWhoseItIs) {
  for (const auto& [sample, account] : AllScoped()) {
    const std::string before = WireOf(sample.command, account);
    EXPECT_EQ(WireOf(sample.command, account, "other") != before,
              SentFields().at(sample.name).contains("session_id"))
        << sample.name;
    AccountOptions other = account;
    other.configuration.id = "another";
    const bool names = sample.name == "create_conference" || sample.name == "dial_leg apart";
    EXPECT_EQ(WireOf(sample.command, other) != before, names) << sample.name;
    other = account;
    other.authorization_header = "App another";
    EXPECT_EQ(WireOf(sample.command, other), before) << "that is no part of the body";
  }
}

TEST(EveryDial, IsNamedByItsOwnNumberUnlessItRepeatsAnother) {
  internal::v1::Command command = DialCommand();
  const AccountOptions account = Stopping(StopPlayScope::kCall);
  for (const int number : {1, 2, 9}) {
    for (const int dial : {0, 1, 5}) {
      command.set_number(number);
      command.set_dial(dial);
      EXPECT_THAT(
          WireOf(command, account),
          testing::HasSubstr("\"dial\":\"" + std::to_string(dial == 0 ? number : dial) + "\""));
    }
  }
}

// A provider whose answers the test gives.
struct Played {
  explicit Played(const AccountOptions& account, Timeouts timeouts = {}) {
    auto owned = std::make_unique<PlayedTransport>();
    transport = owned.get();
    auto made =
        MakeInfobipProvider({{"default", account}}, "bridge", clock, std::move(owned), timeouts);
    EXPECT_TRUE(made.ok()) << made.status();
    provider = *std::move(made);
  }

  base::ManualClock clock{kNow};
  PlayedTransport* transport = nullptr;
  std::unique_ptr<InfobipProvider> provider;
};

TEST(EveryLook, AsksForWhatItsFieldsSayInEachOfItsRequests) {
  // How many of a look's first requests say it: the lists of living and of past calls both.
  const std::map<std::string, std::ptrdiff_t> sent = {
      {"look_at_call.call_id", 1},           {"look_at_conference.conference_id", 1},
      {"find_conference.name", 1},           {"find_dial.to", 2},
      {"find_dial.started_after", 2},        {"find_dial.conference_id", 1},
      {"look_at_recording.conference_id", 1}};
  const auto targets = [](const internal::v1::Command& command) {
    Played played(Account("https://home.example.com"));
    ResultBox box;
    played.provider->Send(command, kNow + base::kSendBy, box.Taker());
    std::vector<std::string> all;
    for (const Outgoing& outgoing : played.transport->submitted) {
      all.push_back(outgoing.request.target);
      EXPECT_EQ(outgoing.request.method, Method::kGet);
    }
    return all;
  };
  for (const Sample& sample : AllLooks()) {
    const std::vector<std::string> before = targets(sample.command);
    std::vector<Path> paths;
    AddPaths(sample.command, {}, paths);
    for (const Path& path : paths) {
      // Without its account it is refused.
      if (NameOf(path) == "account") continue;
      internal::v1::Command changed = sample.command;
      ChangeField(*path.back(), HolderOf(path, changed));
      const std::vector<std::string> after = targets(changed);
      ASSERT_EQ(after.size(), before.size());
      std::ptrdiff_t differing = 0;
      for (std::size_t i = 0; i < after.size(); ++i) differing += after[i] == before[i] ? 0 : 1;
      const auto expected = sent.find(NameOf(path));
      EXPECT_EQ(differing, expected == sent.end() ? 0 : expected->second)
          << sample.name << " " << NameOf(path);
    }
  }
}

TEST(EveryCommand, LeavesWithTheAccountsWordAndTheTimeOfItsKind) {
  const Timeouts timeouts{.connect = std::chrono::milliseconds(11),
                          .request = std::chrono::milliseconds(22),
                          .action = std::chrono::milliseconds(33),
                          .get = std::chrono::milliseconds(14),
                          .survey = std::chrono::milliseconds(55)};
  std::vector<Sample> samples = AllCommands();
  for (const Sample& look : AllLooks()) samples.push_back(look);
  const base::Time send_by = kNow + std::chrono::milliseconds(123);
  for (Sample& sample : samples) {
    sample.command.clear_base_url();
    Played played(Account("https://home.example.com"), timeouts);
    ResultBox box;
    played.provider->Send(sample.command, send_by, box.Taker());
    ASSERT_GE(played.transport->submitted.size(), 1U);
    const bool look = sample.name.starts_with("look") || sample.name.starts_with("find");
    for (const Outgoing& outgoing : played.transport->submitted) {
      EXPECT_EQ(outgoing.base_url, "https://home.example.com");
      EXPECT_FALSE(outgoing.loopback);
      EXPECT_EQ(outgoing.authorization_header, "App secret-key");
      EXPECT_EQ(outgoing.connect_timeout, timeouts.connect);
      EXPECT_EQ(outgoing.send_by, send_by);
      const base::Duration expected =
          look ? timeouts.get
               : (sample.command.has_dial_leg() ? timeouts.request : timeouts.action);
      EXPECT_EQ(outgoing.timeout, expected) << sample.name;
    }
  }
}

TEST(EveryNamedHost, IsAskedIfTheListAllowsItWhateverTheListsOrder) {
  const base::LogCapture log;
  struct Named {
    std::string url;
    bool allowed;
  };
  const std::vector<Named> named = {{"https://home.example.com", true},
                                    {"home.example.com/", true},
                                    {"https://x.api.infobip.com", true},
                                    {"HTTPS://X.API.infobip.com", true},
                                    {"https://api.infobip.com", false},
                                    {"https://x.home.example.com", false},
                                    {"https://home.example.com.evil.example", false},
                                    {"https://x.api.infobip.com:8443", false},
                                    {"http://x.api.infobip.com", false},
                                    {"https://evil.example.com", false},
                                    {"no host", false}};
  const std::vector<std::vector<std::string>> lists = {{"home.example.com", ".api.infobip.com"},
                                                       {".api.infobip.com", "home.example.com"}};
  for (const std::vector<std::string>& hosts : lists) {
    std::vector<Sample> samples = AllCommands();
    for (const Sample& look : AllLooks()) samples.push_back(look);
    for (Sample& sample : samples) {
      for (const auto& [url, allowed] : named) {
        AccountOptions account = Account("https://home.example.com");
        account.allowed_hosts = hosts;
        Played played(account);
        ResultBox box;
        sample.command.set_base_url(url);
        played.provider->Send(sample.command, kNow + base::kSendBy, box.Taker());
        const bool other = allowed && url.find("nfobip") != std::string::npos;
        for (const Outgoing& outgoing : played.transport->submitted) {
          EXPECT_EQ(outgoing.base_url,
                    other ? "https://x.api.infobip.com" : "https://home.example.com")
              << url;
        }
        EXPECT_EQ(played.provider->base_urls_ignored(), allowed ? 0 : 1) << url;
        // What the account's own host does not know may live at the named one.
        while (played.transport->waiting() > 0) {
          played.transport->AnswerTo(0, AnswerOf(200, R"({"id":"x","results":[]})"));
        }
        const bool look = sample.name.starts_with("look") || sample.name.starts_with("find");
        EXPECT_EQ(box.Wait().complete(), look && allowed) << sample.name << " " << url;
      }
    }
  }
}

TEST(EveryPairOfOperations, WaitsForEachOtherOnlyIfTheProviderCountsThemTogether) {
  std::vector<Sample> samples = AllCommands();
  for (const Sample& look : AllLooks()) samples.push_back(look);
  const auto operation = [](const Sample& sample) {
    // A recorded prompt is played as music is.
    if (sample.name == "play_prompt of a sound") return std::string("play_music");
    return sample.name.substr(0, sample.name.find(' ')) +
           (sample.name == "play_prompt of a text" ? " text" : "");
  };
  for (const Sample& one : samples) {
    for (const Sample& other : samples) {
      const base::Time now = kNow + std::chrono::seconds(10);
      Spacing spacing({{"default", Rates{}}}, kNow);
      ASSERT_FALSE(spacing.TryTake(one.command, now).has_value()) << one.name;
      EXPECT_EQ(spacing.TryTake(other.command, now).has_value(), operation(one) == operation(other))
          << one.name << ", " << other.name;
    }
    const bool frees = one.name.starts_with("hang_up") || one.name == "stop_play" ||
                       one.name.starts_with("look") || one.name.starts_with("find");
    EXPECT_EQ(base::KindOf(one.command).held_back, !frees) << one.name;
  }
}

}  // namespace
}  // namespace callbridge::provider
