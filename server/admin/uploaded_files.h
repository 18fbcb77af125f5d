// The files that were uploaded to an account (docs/provider.md §3.7): upload, look, list, delete.
// It says nothing to a person.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/admin/account_link.h"
#include "server/admin/pages.h"
#include "server/base/time.h"
#include "server/provider/form_file.h"

namespace callbridge::admin {

struct UploadedFile {
  std::string id;
  // The name under which it was uploaded.
  std::string name;
  // "WAV", "MP3" or another one of the provider's; empty if the answer has none.
  std::string format;
  // In bytes.
  std::optional<std::int64_t> size;
  std::optional<std::chrono::seconds> duration;
  std::optional<base::Time> created;
  std::optional<base::Time> expires;
};

// Errors are those of AccountLink. An upload that ends as UNAVAILABLE may have made a file.
absl::StatusOr<UploadedFile> Upload(AccountLink& link, provider::FormFile file);
// In the order of the provider.
absl::StatusOr<std::vector<UploadedFile>> ListFiles(AccountLink& link);
Seen<UploadedFile> FindFile(AccountLink& link, const std::string& id);
// Returns what the file was. NOT_FOUND means that the account has no such file.
absl::StatusOr<UploadedFile> DeleteFile(AccountLink& link, const std::string& id);

}  // namespace callbridge::admin
