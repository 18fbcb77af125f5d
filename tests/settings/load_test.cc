// Settings and secrets as files.
#include "server/settings/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <sstream>

#include "server/base/log.h"
#include "server/settings/files.h"
#include "server/settings/program.h"
#include "tests/read_only_disk.h"
#include "tests/settings/folder.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A good file in the folder, its secrets beside it.
std::string WriteSettings(const Folder& folder) {
  std::string yaml = GoodYamlWith("api_key_file: api-key", "api_key_file: " + folder.Path("key"));
  yaml.replace(yaml.find("password_file: password"), 23,
               "password_file: " + folder.Path("password"));
  return folder.Write("settings.yaml", yaml);
}

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

TEST(Load, ReadsAFileAndLooksAtItsSecrets) {
  const Folder folder;
  folder.Write("key", "secret-key\n");
  folder.Write("password", "secret-password", S_IRUSR | S_IRGRP);
  const std::string path = WriteSettings(folder);
  const auto loaded = Load(path, Process::kAny);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->settings.service_id(), "test");
  EXPECT_THAT(
      loaded->warnings,
      ElementsAre(HasSubstr("dialing.allowed_prefixes: is empty"),
                  path + ":2:9: store.memory: forgets every session when the process ends",
                  path + ":11:29: webhook.basic.credentials[0].password_file: can be read by "
                         "other users of this machine; chmod 600 the file"));
}

TEST(Load, RefusesMissingAndEmptySecretsWithoutShowingWhatStoodThere) {
  const Folder folder;
  folder.Write("password", "\n");
  const std::string message = MessageOf(Load(WriteSettings(folder), Process::kAny).status());
  EXPECT_THAT(message, HasSubstr(":6:5: accounts.default.api_key_file: no such file; create it"));
  EXPECT_THAT(message, HasSubstr("password_file: the file is empty; write the secret into it"));
  EXPECT_THAT(message, Not(HasSubstr(folder.Path("key"))));
}

TEST(Load, RefusesSecretsThatAnybodyCouldGuess) {
  const Folder folder;
  const std::string path = WriteSettings(folder);
  folder.Write("password", "good-enough");
  const auto problem = [&](const std::string& secret) {
    folder.Write("key", secret + "\n");
    return MessageOf(Load(path, Process::kAny).status());
  };
  for (const std::string secret :
       {"replace-me", "REPLACE_ME", "Change Me", "change-this", "your-secret", "your-api-key",
        "password", "PlaceHolder", "xxxxxxxxxxxx", "----------"}) {
    EXPECT_THAT(problem(secret), HasSubstr("api_key_file: the file holds a placeholder")) << secret;
  }
  for (std::size_t length = 1; length < 8; ++length) {
    EXPECT_THAT(problem(std::string("a1b2c3d4").substr(0, length)),
                HasSubstr("fewer than 8 characters"))
        << length;
  }
  for (const std::string secret : {"a1b2c3d4", "replace-me-not", "passwords"}) {
    EXPECT_EQ(problem(secret), "") << secret;
  }
}

TEST(Load, LooksOnlyAtTheSecretsOfTheProcess) {
  const Folder folder;
  const std::string path = WriteSettings(folder);
  folder.Write("key", "key-of-a-test");
  EXPECT_TRUE(Load(path, Process::kServer).ok());
  EXPECT_FALSE(Load(path, Process::kWebhook).ok());
  std::filesystem::remove(folder.Path("key"));
  folder.Write("password", "password-of-a-test");
  EXPECT_FALSE(Load(path, Process::kServer).ok());
  EXPECT_TRUE(Load(path, Process::kWebhook).ok());
  EXPECT_FALSE(Load(path, Process::kAny).ok());
}

// All fields are missing then, which only follows.
TEST(Load, ReportsNothingElseOfATextThatIsNoMap) {
  const Folder folder;
  for (const char* text : {"service_id: a: b\n", "", "# nothing\n", "just words\n",
                           "service_id: a\n---\nservice_id: b\n"}) {
    const std::string message =
        MessageOf(Load(folder.Write("settings.yaml", text), Process::kServer).status());
    EXPECT_THAT(message, AllOf(HasSubstr("settings.yaml:"), Not(HasSubstr("\n")),
                               Not(HasSubstr("required"))))
        << text;
  }
}

TEST(Load, ReportsFilesAndTextsAtOnce) {
  const Folder folder;
  const std::string path = folder.Write("settings.yaml", std::string(kGoodYaml) + "retention: x\n");
  const std::string message = MessageOf(Load(path, Process::kServer).status());
  EXPECT_THAT(message, HasSubstr("api_key_file: no such file"));
  EXPECT_THAT(message, HasSubstr("retention: \"x\" is not a duration"));
}

TEST(Load, WantsTheFolderOfTheDatabase) {
  const Folder folder;
  folder.Write("key", "key-of-a-test");
  const auto load = [&folder](const std::string& database) {
    std::string yaml = GoodYamlWith("{memory: {}}", "{sqlite: {path: " + database + "}}");
    yaml.replace(yaml.find("api-key"), 7, folder.Path("key"));
    return Load(folder.Write("settings.yaml", yaml), Process::kServer).status();
  };
  EXPECT_TRUE(load(folder.Path("a.db")).ok()) << load(folder.Path("a.db"));
  EXPECT_THAT(MessageOf(load(folder.Path("none/a.db"))),
              HasSubstr(":2:18: store.sqlite.path: its folder does not exist"));
  EXPECT_THAT(MessageOf(load(folder.Path("."))), HasSubstr("store.sqlite.path: is a folder"));
}

TEST(Load, WantsADiskThatCanBeWritten) {
  const Folder folder;
  config::v1::Settings settings;
  settings.mutable_store()->mutable_sqlite()->set_path(folder.Path("a.db"));
  const auto said = tests::AskOnReadOnlyDisk(
      folder.Path(""), [] {},
      [&settings] {
        const Findings findings = CheckFiles(settings, Process::kServer);
        return findings.violations.empty() ? "nothing" : findings.violations[0].description;
      });
  if (!said.has_value()) return;
  EXPECT_THAT(*said, HasSubstr("mounted read-only"));
}

TEST(Load, WantsPemFiles) {
  const Folder folder;
  folder.Write("key", "key-of-a-test");
  folder.Write("tls.pem", "-----BEGIN CERTIFICATE-----\n", S_IRUSR | S_IROTH);
  std::string yaml = GoodYamlWith("api_key_file: api-key", "api_key_file: " + folder.Path("key"));
  yaml += "grpc: {tls: {certificate_file: " + folder.Path("tls.pem") +
          ", key_file: " + folder.Path("key") + ", client_ca_file: " + folder.Path("none") + "}}\n";
  const std::string message =
      MessageOf(Load(folder.Write("settings.yaml", yaml), Process::kServer).status());
  EXPECT_THAT(message, Not(HasSubstr("certificate_file")));
  EXPECT_THAT(message, HasSubstr("key\": the file holds no PEM block"));
  EXPECT_THAT(message, HasSubstr("none\": no such file"));
}

TEST(Load, SaysThatTheFileIsMissing) {
  const Folder folder;
  const auto loaded = Load(folder.Path("none.yaml"), Process::kAny);
  EXPECT_EQ(loaded.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(MessageOf(loaded.status()), HasSubstr("none.yaml: no such file"));
  EXPECT_EQ(Load(folder.Path("."), Process::kAny).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ParseSettings, ShowsProblemsWithoutWhatMovesACursor) {
  const std::string message = ProblemsOf("\"a\\nb\\e[2J\": 1\n");
  EXPECT_THAT(message, HasSubstr("settings.yaml:1:1: "));
  EXPECT_THAT(message, HasSubstr("a?b?[2J: unknown key"));
}

TEST(LoadSettings, LogsWarnings) {
  const Folder folder;
  folder.Write("key", "key-of-a-test");
  const std::string path = WriteSettings(folder);
  base::LogCapture capture;
  EXPECT_TRUE(LoadSettings(path, Process::kServer).ok());
  EXPECT_THAT(capture.Lines(), ElementsAre(HasSubstr("dialing.allowed_prefixes: is empty"),
                                           HasSubstr("store.memory: forgets every session")));
}

TEST(ReadSecretFile, TrimsLineBreaksAtTheEndOnly) {
  const Folder folder;
  EXPECT_EQ(ReadSecretFile(folder.Write("a", " se cret \r\n\n")).value(), " se cret ");
  EXPECT_EQ(ReadSecretFile(folder.Write("b", "one\ntwo\n")).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadSecretFile(folder.Write("c", std::string(20'000, 'x'))).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadSecretFile(folder.Path("none")).status().code(), absl::StatusCode::kNotFound);
}

TEST(ReadAccountSecret, KnowsThreeKinds) {
  const Folder folder;
  const std::string file = folder.Write("secret", "open sesame\n");
  config::v1::Account account;
  EXPECT_FALSE(ReadAccountSecret(account).ok());
  account.set_api_key_file(file);
  EXPECT_EQ(ReadAccountSecret(account).value(), "open sesame");
  account.set_bearer_token_file(file);
  EXPECT_EQ(ReadAccountSecret(account).value(), "open sesame");
  account.mutable_basic()->set_password_file(file);
  EXPECT_EQ(ReadAccountSecret(account).value(), "open sesame");
}

struct Answer {
  std::optional<int> exit_code;
  std::string output;
  std::string errors;
};

Answer AnswerTo(const std::vector<std::string>& words) {
  const auto arguments = base::Arguments::Parse(words, ConfigFlags());
  EXPECT_TRUE(arguments.ok()) << arguments.status();
  std::ostringstream output;
  std::ostringstream errors;
  const auto exit_code = AnswerConfigFlags(*arguments, Process::kServer, output, errors);
  return {exit_code, output.str(), errors.str()};
}

TEST(AnswerConfigFlags, LeavesTheProgramAloneWithoutThem) {
  EXPECT_EQ(AnswerTo({"--config", "x"}).exit_code, std::nullopt);
}

TEST(AnswerConfigFlags, ChecksAndPrints) {
  const Folder folder;
  folder.Write("key", "the-key-itself");
  const std::string path = WriteSettings(folder);
  const Answer checked = AnswerTo({"--config", path, "--check-config"});
  EXPECT_EQ(checked.exit_code, 0);
  EXPECT_THAT(checked.output, IsEmpty());
  EXPECT_THAT(checked.errors, HasSubstr(path + ": good"));
  const Answer printed = AnswerTo({"--config", path, "--print-config"});
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_THAT(printed.output, HasSubstr("ring_timeout: 30s"));
  EXPECT_THAT(printed.output, HasSubstr(folder.Path("key")));
  EXPECT_THAT(printed.output, Not(HasSubstr("the-key-itself")));
  EXPECT_TRUE(ParseSettings(printed.output, "printed").ok());
}

TEST(AnswerConfigFlags, FailsOnBadSettings) {
  const Folder folder;
  const Answer bad = AnswerTo({"--config", folder.Write("a", "x: 1"), "--check-config"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.errors, HasSubstr(":1:1: x: unknown key"));
  const Answer missing = AnswerTo({"--print-config"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_EQ(missing.errors, "--config: required; name the settings file\n");
}

}  // namespace
}  // namespace callbridge::settings
