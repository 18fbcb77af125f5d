// Every file that the settings may name: which process wants it, and who else may read it.
#include "server/settings/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/api/certificates.h"
#include "tests/settings/folder.h"

namespace callbridge::settings {
namespace {

using config::v1::Account;
using config::v1::Settings;
using testing::ElementsAre;
using testing::IsEmpty;

struct NamedFile {
  std::string path;
  // The server's, else the ingress's.
  bool of_server = true;
  bool is_secret = true;
  std::function<void(const std::string& file, Settings& settings)> set;
};

Account& DefaultAccount(Settings& settings) { return (*settings.mutable_accounts())["default"]; }

// Two of each list: the second is as much looked at as the first.
std::vector<NamedFile> AllFiles() {
  return {
      {"accounts.default.api_key_file", true, true,
       [](const std::string& file, Settings& settings) {
         DefaultAccount(settings).set_api_key_file(file);
       }},
      {"accounts.default.bearer_token_file", true, true,
       [](const std::string& file, Settings& settings) {
         DefaultAccount(settings).set_bearer_token_file(file);
       }},
      {"accounts.default.basic.password_file", true, true,
       [](const std::string& file, Settings& settings) {
         DefaultAccount(settings).mutable_basic()->set_password_file(file);
       }},
      {"accounts.second.api_key_file", true, true,
       [](const std::string& file, Settings& settings) {
         (*settings.mutable_accounts())["second"].set_api_key_file(file);
       }},
      {"grpc.tls.certificate_file", true, false,
       [](const std::string& file, Settings& settings) {
         settings.mutable_grpc()->mutable_tls()->set_certificate_file(file);
       }},
      {"grpc.tls.key_file", true, false,
       [](const std::string& file, Settings& settings) {
         settings.mutable_grpc()->mutable_tls()->set_key_file(file);
       }},
      {"grpc.tls.client_ca_file", true, false,
       [](const std::string& file, Settings& settings) {
         settings.mutable_grpc()->mutable_tls()->set_client_ca_file(file);
       }},
      {"webhook.basic.credentials[0].password_file", false, true,
       [](const std::string& file, Settings& settings) {
         settings.mutable_webhook()->mutable_basic()->add_credentials()->set_password_file(file);
       }},
      {"webhook.basic.credentials[1].password_file", false, true,
       [](const std::string& file, Settings& settings) {
         settings.mutable_webhook()->mutable_basic()->add_credentials();
         settings.mutable_webhook()->mutable_basic()->add_credentials()->set_password_file(file);
       }},
      {"webhook.hmac.secret_files[0]", false, true,
       [](const std::string& file, Settings& settings) {
         settings.mutable_webhook()->mutable_hmac()->add_secret_files(file);
       }},
      {"webhook.hmac.secret_files[1]", false, true,
       [](const std::string& file, Settings& settings) {
         settings.mutable_webhook()->mutable_hmac()->add_secret_files("");
         settings.mutable_webhook()->mutable_hmac()->add_secret_files(file);
       }},
      {"webhook.report_only.secret_files[0]", false, true,
       [](const std::string& file, Settings& settings) {
         settings.mutable_webhook()->mutable_report_only()->add_secret_files(file);
       }},
  };
}

std::vector<std::string> PathsIn(const std::vector<Finding>& findings) {
  std::vector<std::string> paths;
  for (const Finding& finding : findings) paths.push_back(finding.path);
  return paths;
}

TEST(EveryFile, IsWantedByTheProcessThatReadsItAndByNoOther) {
  const Folder folder;
  for (const NamedFile& file : AllFiles()) {
    for (const bool in_server : {false, true}) {
      Settings settings;
      settings.mutable_webhook()->set_in_server(in_server);
      file.set(folder.Path("none"), settings);
      for (const Process process : {Process::kServer, Process::kWebhook, Process::kAny}) {
        const bool wanted =
            process == Process::kAny ||
            (process == Process::kServer ? file.of_server || in_server : !file.of_server);
        const std::vector<std::string> paths = PathsIn(CheckFiles(settings, process).violations);
        EXPECT_EQ(paths, wanted ? std::vector{file.path} : std::vector<std::string>())
            << file.path << " " << in_server << " " << static_cast<int>(process);
      }
    }
  }
}

TEST(EveryFile, OfAccountsAndWebhooksIsWantedByAdmin) {
  const Folder folder;
  for (const NamedFile& file : AllFiles()) {
    Settings settings;
    file.set(folder.Path("none"), settings);
    const bool wanted = file.path.starts_with("accounts.") || file.path.starts_with("webhook.");
    EXPECT_EQ(PathsIn(CheckFiles(settings, Process::kAdmin).violations),
              wanted ? std::vector{file.path} : std::vector<std::string>())
        << file.path;
  }
}

TEST(TheHeaderOfSetup, IsNotWantedByAService) {
  const Folder folder;
  Settings settings;
  config::v1::Account& account = (*settings.mutable_accounts())["default"];
  account.mutable_setup()->mutable_header()->set_value_file(folder.Path("none"));
  settings.mutable_webhook()->set_in_server(true);
  for (const Process process : {Process::kServer, Process::kWebhook}) {
    EXPECT_THAT(CheckFiles(settings, process).violations, IsEmpty());
  }
  EXPECT_THAT(PathsIn(CheckFiles(settings, Process::kAdmin).violations),
              ElementsAre("accounts.default.setup.header.value_file"));
}

TEST(EveryFile, WithASecretIsBestReadByItsOwnerAlone) {
  const Folder folder;
  const tests::Certificates made;
  const std::string pem = made.client_certificate() + made.client_key();
  for (const NamedFile& file : AllFiles()) {
    const bool key = file.path == "grpc.tls.key_file";
    for (const mode_t mode : {0600U, 0400U, 0640U, 0604U, 0644U, 0620U, 0602U, 0611U}) {
      Settings settings;
      const std::string content = file.is_secret ? "secret-of-a-test" : pem;
      file.set(folder.Write(file.path + std::to_string(mode), content, mode), settings);
      const Findings findings = CheckFiles(settings, Process::kAny);
      EXPECT_THAT(findings.violations, IsEmpty()) << file.path;
      const bool told = (file.is_secret || key) && (mode & (S_IRGRP | S_IROTH)) != 0;
      EXPECT_EQ(PathsIn(findings.warnings),
                told ? std::vector{file.path} : std::vector<std::string>())
          << file.path << " " << std::oct << mode;
    }
  }
}

TEST(EverySecret, ThatIsShortOrAnExampleIsRefused) {
  const Folder folder;
  for (const NamedFile& file : AllFiles()) {
    if (!file.is_secret) continue;
    for (const char* content : {"", "\n", "1234567", "1234567\n", "change-me", "two\nlines-long"}) {
      Settings settings;
      file.set(folder.Write("file", content), settings);
      EXPECT_THAT(PathsIn(CheckFiles(settings, Process::kAny).violations), ElementsAre(file.path))
          << content;
    }
    Settings settings;
    file.set(folder.Write("file", "12345678\n"), settings);
    EXPECT_THAT(CheckFiles(settings, Process::kAny).violations, IsEmpty()) << file.path;
  }
}

TEST(EveryByte, OfASecretButControlsIsTaken) {
  const Folder folder;
  for (int number = 0; number < 256; ++number) {
    const std::string secret = "abcd" + std::string(1, static_cast<char>(number)) + "efgh";
    const auto read = ReadSecretFile(folder.Write("file", secret + "\r\n"));
    EXPECT_EQ(read.ok(), number >= 0x20 && number != 0x7F) << number;
    EXPECT_EQ(read.value_or(secret), secret);
  }
}

}  // namespace
}  // namespace callbridge::settings
