#include "server/admin/uploaded_files.h"

#include <utility>

#include "server/admin/requests.h"
#include "server/provider/json_reader.h"

namespace callbridge::admin {
namespace {

using provider::JsonObject;

UploadedFile ReadFile(const JsonObject& object) {
  UploadedFile file;
  file.id = provider::Text(object, "id");
  file.name = provider::Text(object, "name");
  file.format = provider::Text(object, "fileFormat");
  file.size = provider::Integer(object, "size");
  if (const auto seconds = provider::Integer(object, "duration")) {
    file.duration = std::chrono::seconds(*seconds);
  }
  file.created = provider::Moment(object, "creationTime");
  file.expires = provider::Moment(object, "expirationTime");
  return file;
}

absl::StatusOr<UploadedFile> Ask(AccountLink& link, const provider::HttpRequest& request) {
  const absl::StatusOr<std::string> body = link.Send(request);
  if (!body.ok()) return body.status();
  UploadedFile file;
  const absl::Status read =
      ReadObject(*body, [&file](const JsonObject& object) { file = ReadFile(object); });
  if (!read.ok()) return read;
  return file;
}

}  // namespace

absl::StatusOr<UploadedFile> Upload(AccountLink& link, provider::FormFile file) {
  absl::StatusOr<UploadedFile> uploaded = Ask(link, UploadRequest(std::move(file)));
  if (uploaded.ok() && uploaded->id.empty()) {
    return absl::UnavailableError("the provider's answer names no file");
  }
  return uploaded;
}

absl::StatusOr<std::vector<UploadedFile>> ListFiles(AccountLink& link) {
  std::vector<UploadedFile> files;
  const absl::Status read = ReadPages(link, FilesPage, "results", [&files](const JsonObject& item) {
    files.push_back(ReadFile(item));
    return true;
  });
  if (!read.ok()) return read;
  return files;
}

Seen<UploadedFile> FindFile(AccountLink& link, const std::string& id) {
  return Find<UploadedFile>(link, FilePath(id), ReadFile);
}

absl::StatusOr<UploadedFile> DeleteFile(AccountLink& link, const std::string& id) {
  return Ask(link, DeleteFileRequest(id));
}

}  // namespace callbridge::admin
