// The requests with which setup reads and changes an account (docs/provider.md §3.1 to §3.3),
// and those of uploaded files (§3.7). Pure.
#pragma once

#include <string>

#include "server/admin/things.h"
#include "server/provider/http_message.h"

namespace callbridge::admin {

// A request that changes something, and its body as a person may see it: secrets are masked.
struct Request {
  provider::HttpRequest http;
  std::string shown_body;
};

// Paths of what is read. page: from 0.
std::string ConfigurationPath(const std::string& id);
std::string SecuritiesPage(int page);
std::string ProfilePath(const std::string& id);
std::string SubscriptionPath(const std::string& id);
std::string SubscriptionsPage(int page);
// The account's numbers that fit this one. number: in digits.
std::string OwnedNumbersPage(const std::string& number, int page);
std::string VoicePath(const std::string& number_key);
std::string ApplicationsPage(int page);
std::string ApplicationPath(const std::string& id);
std::string FilesPage(int page);
std::string FilePath(const std::string& id);

Request Create(const Configuration& configuration);
Request Delete(const Configuration& configuration);
Request Create(const Security& security);
Request Update(const Security& security);
Request Delete(const Security& security);
Request Create(const Profile& profile);
Request Update(const Profile& profile);
Request Delete(const Profile& profile);
Request Create(const Subscription& subscription);
Request Update(const Subscription& subscription);
Request Delete(const Subscription& subscription);
// number.action is what is to become of calls.
Request Create(const Number& number);
Request Update(const Number& number);
Request Delete(const Number& number);
Request Create(const Application& application);
Request Update(const Application& application);
// Of uploaded files. file.part is filled in.
provider::HttpRequest UploadRequest(provider::FormFile file);
provider::HttpRequest DeleteFileRequest(const std::string& id);

}  // namespace callbridge::admin
