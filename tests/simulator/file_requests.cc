#include "tests/simulator/file_requests.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "tests/simulator/documents.h"
#include "tests/simulator/form.h"
#include "tests/simulator/json_writer.h"
#include "tests/simulator/sound_length.h"

namespace callbridge::simulator {
namespace {

using O = Operation;

constexpr std::chrono::days kUnusedFor{90};

std::string WriteFile(const StoredFile& file) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Text("id", file.id);
  writer.Text("name", file.name);
  writer.Text("fileFormat", file.format);
  writer.Integer("size", file.size);
  writer.Moment("creationTime", file.created);
  writer.Moment("expirationTime", file.expires);
  writer.Integer("duration", file.seconds);
  writer.EndObject();
  return writer.Take();
}

void ForgetExpired(World& world) {
  std::erase_if(world.account.files, [&world](const StoredFile& file) {
    if (file.expires > world.now) return false;
    world.account.gone_files.insert(file.id);
    return true;
  });
}

std::vector<StoredFile>::iterator FindFile(World& world, const std::string& id) {
  return std::ranges::find(world.account.files, id, &StoredFile::id);
}

Answer Upload(World& world, const ParsedRequest& request) {
  const auto parts = ParseForm(request.content_type, request.form);
  if (!parts) return RefuseFor("file", "the body is no whole form");
  const auto part = std::ranges::find(*parts, "file", &FormPart::name);
  if (part == parts->end()) return RefuseFor("file", "must be given");
  const auto length = MeasureSound(part->content);
  if (!length) return RefuseFor("file", "must be a WAV or MP3 file");
  StoredFile file{world.ids.Uuid(),      part->file_name,
                  length->format,        static_cast<std::int64_t>(part->content.size()),
                  length->seconds,       world.now,
                  world.now + kUnusedFor};
  world.account.files.push_back(file);
  return {200, WriteFile(file), ""};
}

}  // namespace

std::optional<Answer> OnFiles(World& world, const ParsedRequest& request) {
  ForgetExpired(world);
  const O operation = request.target.route->operation;
  if (operation == O::kUploadFile) return Upload(world, request);
  if (operation == O::kListFiles) {
    std::vector<std::string> all;
    for (const StoredFile& file : world.account.files) all.push_back(WriteFile(file));
    return WriteDocumentPage(request, std::move(all));
  }
  if (operation != O::kGetFile && operation != O::kDeleteFile) return std::nullopt;
  const auto found = FindFile(world, request.target.id);
  if (found == world.account.files.end()) return RefuseUnknown();
  Answer answer{200, WriteFile(*found), ""};
  if (operation == O::kDeleteFile) {
    world.account.gone_files.insert(found->id);
    world.account.files.erase(found);
  }
  return answer;
}

FilePlay UseFile(World& world, const Sound& sound, Answer& answer) {
  const std::string& id = sound.file_id;
  if (id.empty()) return FilePlay::kPlays;
  ForgetExpired(world);
  const auto found = FindFile(world, id);
  if (found != world.account.files.end()) {
    found->expires = world.now + kUnusedFor;
    return FilePlay::kPlays;
  }
  MissingFile missing = world.settings.switches.missing_file;
  if (missing == MissingFile::kPlays && world.account.gone_files.contains(id)) {
    missing = MissingFile::kNotFound;
  }
  if (missing == MissingFile::kPlays) return FilePlay::kPlays;
  if (missing == MissingFile::kError) return FilePlay::kFails;
  answer = missing == MissingFile::kNotFound ? RefuseUnknown()
                                             : RefuseFor("content.fileId", "does not exist");
  answer.violation.clear();
  return FilePlay::kRefused;
}

}  // namespace callbridge::simulator
