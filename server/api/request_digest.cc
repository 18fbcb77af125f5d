#include "server/api/request_digest.h"

#include <google/protobuf/message_lite.h>

#include "server/api/opaque_text.h"
#include "server/base/sha256.h"

namespace callbridge::api {
namespace {

std::string DigestOf(const google::protobuf::MessageLite& message) {
  const auto digest = base::Sha256(DeterministicBytes(message));
  return std::string(digest.begin(), digest.end());
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

}  // namespace callbridge::api
