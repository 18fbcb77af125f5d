#include "server/api/page_token.h"

#include <cstddef>

#include "server/api/opaque_text.h"

namespace callbridge::api {
namespace {

constexpr char kPageLetter = 'p';

// Returns a digest of the conditions, which must not change from one page to the next. The page
// size may change.
std::string ConditionsDigest(v1::ListSessionsRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  return ShortDigest(DeterministicBytes(request));
}

}  // namespace

std::string EncodePageToken(const v1::ListSessionsRequest& request, const std::string& place) {
  return Seal(kPageLetter, ConditionsDigest(request) + place);
}

std::optional<std::string> DecodePageToken(const v1::ListSessionsRequest& request) {
  const std::optional<std::string> content = Unseal(kPageLetter, request.page_token());
  if (!content.has_value() || content->size() <= kShortDigestBytes ||
      content->substr(0, kShortDigestBytes) != ConditionsDigest(request)) {
    return std::nullopt;
  }
  return content->substr(kShortDigestBytes);
}

}  // namespace callbridge::api
