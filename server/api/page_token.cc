#include "server/api/page_token.h"

#include <cstddef>

#include "server/api/opaque_text.h"

namespace callbridge::api {
namespace {

// A token of one list is none of another.
constexpr char kSessionsLetter = 'p';
constexpr char kRecordingsLetter = 'l';

// Returns a digest of the conditions, which must not change from one page to the next. The page
// size may change.
template <typename Request>
std::string ConditionsDigest(Request request) {
  request.clear_page_size();
  request.clear_page_token();
  return ShortDigest(DeterministicBytes(request));
}

template <typename Request>
std::optional<std::string> Decode(char letter, const Request& request) {
  const std::optional<std::string> content = Unseal(letter, request.page_token());
  if (!content.has_value() || content->size() <= kShortDigestBytes ||
      content->substr(0, kShortDigestBytes) != ConditionsDigest(request)) {
    return std::nullopt;
  }
  return content->substr(kShortDigestBytes);
}

}  // namespace

std::string EncodePageToken(const v1::ListSessionsRequest& request, const std::string& place) {
  return Seal(kSessionsLetter, ConditionsDigest(request) + place);
}

std::string EncodePageToken(const v1::ListRecordingsRequest& request, const std::string& place) {
  return Seal(kRecordingsLetter, ConditionsDigest(request) + place);
}

std::optional<std::string> DecodePageToken(const v1::ListSessionsRequest& request) {
  return Decode(kSessionsLetter, request);
}

std::optional<std::string> DecodePageToken(const v1::ListRecordingsRequest& request) {
  return Decode(kRecordingsLetter, request);
}

}  // namespace callbridge::api
