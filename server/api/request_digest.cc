#include "server/api/request_digest.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message_lite.h>

#include <string_view>

#include "server/api/opaque_text.h"
#include "server/base/sha256.h"

namespace callbridge::api {
namespace {

std::string DigestOf(const google::protobuf::MessageLite& message, std::string_view kind = {}) {
  std::string bytes(kind);
  bytes += DeterministicBytes(message);
  const auto digest = base::Sha256(bytes);
  return std::string(digest.begin(), digest.end());
}

template <typename Request>
std::string DigestOfKind(Request& request) {
  request.clear_validate_only();
  return DigestOf(request, Request::descriptor()->full_name());
}

}  // namespace

std::string RequestDigest(v1::StartBridgeRequest request) {
  request.clear_validate_only();
  return DigestOf(request);
}

std::string RequestDigest(v1::UpdateLegRequest request) {
  request.clear_validate_only();
  return DigestOf(request);
}

std::string RequestDigest(v1::PlayPromptRequest request) { return DigestOfKind(request); }

std::string RequestDigest(v1::StopSoundsRequest request) { return DigestOfKind(request); }

std::string RequestDigest(v1::SendDigitsRequest request) { return DigestOfKind(request); }

std::string RequestDigest(v1::CaptureDigitsRequest request) { return DigestOfKind(request); }

}  // namespace callbridge::api
