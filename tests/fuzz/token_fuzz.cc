// Tokens of streams and pages as clients hand them back: any text is refused, or is the one text of
// a token that was made here.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "server/api/field_check.h"
#include "server/api/opaque_text.h"
#include "server/api/page_token.h"
#include "server/api/resume_token.h"
#include "server/base/check.h"
#include "tests/fuzz/byte_reader.h"

namespace callbridge::fuzz {
namespace {

using api::ResumeToken;
using base::Check;

constexpr std::size_t kDigestBytes = 8;

bool Same(const ResumeToken& one, const ResumeToken& other) {
  return one.kind == other.kind && one.store == other.store && one.scope == other.scope &&
         one.sequence == other.sequence && one.position == other.position &&
         one.snapshot_place == other.snapshot_place;
}

void CheckText(const std::string& text) {
  const std::optional<ResumeToken> token = api::DecodeResumeToken(text);
  if (!token.has_value()) return;
  Check(api::EncodeResumeToken(*token) == text, "a resume token is written in one way only");
  Check(token->sequence >= 0 &&
            *std::min_element(token->position.begin(), token->position.end()) >= 0,
        "a resume token points into the stream");
}

void CheckPage(const std::string& text, const v1::ListSessionsRequest& conditions) {
  v1::ListSessionsRequest request = conditions;
  request.set_page_token(text);
  const std::optional<std::string> before = api::DecodePageToken(request);
  if (!before.has_value()) return;
  Check(api::EncodePageToken(request, *before) == text, "a page token is written in one way only");
  request.set_page_size(request.page_size() + 1);
  Check(api::DecodePageToken(request) == before, "a page's size may change");
  request.set_only_with_issues(!request.only_with_issues());
  Check(!api::DecodePageToken(request).has_value(), "a page's conditions may not change");
}

ResumeToken MakeToken(ByteReader& bytes) {
  ResumeToken token;
  token.kind = static_cast<ResumeToken::Kind>(bytes.Below(3));
  token.store = api::ShortDigest(bytes.Text(4));
  token.scope = api::ShortDigest(bytes.Text(4));
  if (token.kind == ResumeToken::Kind::kSession) {
    token.sequence = static_cast<std::int32_t>(bytes.Number() >> 33U);
    return token;
  }
  for (std::int64_t& position : token.position) {
    position = static_cast<std::int64_t>(bytes.Number() >> 1U);
  }
  if (token.kind == ResumeToken::Kind::kAllInSnapshot) {
    token.snapshot_place = bytes.Text(bytes.Below(64));
  }
  return token;
}

void Run(ByteReader& bytes) {
  const std::size_t way = bytes.Below(4);
  v1::ListSessionsRequest conditions;
  conditions.set_page_size(10);
  (*conditions.mutable_labels())["team"] = "support";
  if (way == 0) {
    const std::string text = bytes.Rest();
    CheckText(text);
    CheckPage(text, conditions);
  } else if (way == 1) {
    // With the right checksum only its content can be wrong.
    CheckText(api::Seal('r', bytes.Rest()));
  } else if (way == 2) {
    CheckPage(api::Seal('p', bytes.Rest()), conditions);
    const std::string before = "s_" + bytes.Text(kDigestBytes);
    const std::string text = api::EncodePageToken(conditions, before);
    conditions.set_page_token(text);
    Check(api::DecodePageToken(conditions) == before, "a page token comes back as it was");
    conditions.clear_page_token();
    CheckPage(text, conditions);
  } else {
    const ResumeToken token = MakeToken(bytes);
    std::string text = api::EncodeResumeToken(token);
    const std::optional<ResumeToken> read = api::DecodeResumeToken(text);
    Check(read.has_value() && Same(*read, token), "a resume token comes back as it was");
    // One character more, less, or changed.
    text.insert(bytes.Number() % text.size(), bytes.Text(bytes.Below(3)));
    text.erase(bytes.Number() % text.size(), bytes.Below(3));
    CheckText(text);
  }
}

}  // namespace
}  // namespace callbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  callbridge::fuzz::ByteReader bytes(data, size);
  callbridge::fuzz::Run(bytes);
  return 0;
}
