#include "server/api/resume_token.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <limits>

#include "server/api/opaque_text.h"

namespace callbridge::api {
namespace {

constexpr char kResumeLetter = 'r';
// A place of the store has up to 50 bytes, so this service made no place that is longer than this.
constexpr int kSnapshotPlaceBytesMax = 64;

using google::protobuf::io::CodedInputStream;

bool ReadPosition(CodedInputStream& input, ResumeToken& token) {
  for (std::int64_t& position : token.position) {
    std::uint64_t value = 0;
    if (!input.ReadVarint64(&value) || value > std::numeric_limits<std::int64_t>::max()) {
      return false;
    }
    position = static_cast<std::int64_t>(value);
  }
  if (token.kind != ResumeToken::Kind::kAllInSnapshot) {
    return true;
  }
  std::uint32_t size = 0;
  if (!input.ReadVarint32(&size) || size > kSnapshotPlaceBytesMax ||
      !input.ReadString(&token.snapshot_place, static_cast<int>(size))) {
    return false;
  }
  // Tokens without this time end here, as those of earlier versions do.
  if (input.ExpectAtEnd()) return true;
  std::uint64_t ended_since = 0;
  if (!input.ReadVarint64(&ended_since) || ended_since > std::numeric_limits<std::int64_t>::max()) {
    return false;
  }
  token.ended_since = base::Time(base::Duration(static_cast<std::int64_t>(ended_since)));
  return true;
}

bool ReadSequence(CodedInputStream& input, ResumeToken& token) {
  std::uint32_t value = 0;
  if (!input.ReadVarint32(&value) || value > std::numeric_limits<std::int32_t>::max()) {
    return false;
  }
  token.sequence = static_cast<std::int32_t>(value);
  return true;
}

}  // namespace

std::string EncodeResumeToken(const ResumeToken& token) {
  std::string content;
  {
    google::protobuf::io::StringOutputStream stream(&content);
    google::protobuf::io::CodedOutputStream output(&stream);
    output.WriteVarint32(static_cast<std::uint32_t>(token.kind));
    output.WriteString(token.store);
    output.WriteString(token.scope);
    if (token.kind == ResumeToken::Kind::kSession) {
      output.WriteVarint32(static_cast<std::uint32_t>(token.sequence));
    } else {
      for (const std::int64_t position : token.position) {
        output.WriteVarint64(static_cast<std::uint64_t>(position));
      }
    }
    if (token.kind == ResumeToken::Kind::kAllInSnapshot) {
      output.WriteVarint32(static_cast<std::uint32_t>(token.snapshot_place.size()));
      output.WriteString(token.snapshot_place);
      if (token.ended_since) {
        output.WriteVarint64(
            static_cast<std::uint64_t>(token.ended_since->time_since_epoch().count()));
      }
    }
  }
  return Seal(kResumeLetter, content);
}

std::optional<ResumeToken> DecodeResumeToken(std::string_view text) {
  const std::optional<std::string> content = Unseal(kResumeLetter, text);
  if (!content.has_value()) {
    return std::nullopt;
  }
  // The input is an array of bytes and not a stream, because only then ExpectAtEnd finds the end.
  CodedInputStream input(reinterpret_cast<const std::uint8_t*>(content->data()),
                         static_cast<int>(content->size()));
  ResumeToken token;
  std::uint32_t kind = 0;
  if (!input.ReadVarint32(&kind) ||
      kind > static_cast<std::uint32_t>(ResumeToken::Kind::kAllInSnapshot) ||
      !input.ReadString(&token.store, static_cast<int>(kShortDigestBytes)) ||
      !input.ReadString(&token.scope, static_cast<int>(kShortDigestBytes))) {
    return std::nullopt;
  }
  token.kind = static_cast<ResumeToken::Kind>(kind);
  const bool read = token.kind == ResumeToken::Kind::kSession ? ReadSequence(input, token)
                                                              : ReadPosition(input, token);
  // A varint can be written in several ways, and this service uses only one of them. Other tokens
  // were not made here.
  if (!read || !input.ExpectAtEnd() || EncodeResumeToken(token) != text) {
    return std::nullopt;
  }
  return token;
}

std::string StoreDigest(const std::string& store_id) { return ShortDigest("store\n" + store_id); }

std::string ScopeDigest(const std::string& session_id,
                        const std::map<std::string, std::string>& labels) {
  if (!session_id.empty()) {
    return ShortDigest("session\n" + session_id);
  }
  // The lengths tell {"a": "b"} from {"ab": ""}.
  std::string bytes = "labels\n";
  for (const auto& [key, value] : labels) {
    bytes += std::to_string(key.size()) + ":" + key + std::to_string(value.size()) + ":" + value;
  }
  return ShortDigest(bytes);
}

}  // namespace callbridge::api
