// Replaces what belongs to somebody in a body or a path: telephone numbers, ids, names, hosts,
// texts and times. One thing always becomes the same other thing, in all transcripts of a run. What
// it does not know it replaces. Secrets never pass, wherever they stand.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/time.h"
#include "server/provider/json_reader.h"
#include "server/provider/json_writer.h"

namespace callbridge::live {

// Not thread-safe.
class Anonymiser {
 public:
  // secrets: the account's key, the secrets of webhooks and the like. Empty ones are ignored.
  explicit Anonymiser(std::vector<std::string> secrets);

  // Learns what stands in the body, so that free texts written earlier hide it too. The value that
  // stands for a thing depends only on the order in which things are met.
  void Learn(std::string_view body);

  // Writes the body as the member. Of a body that is not a JSON object only the length is written.
  void WriteBody(const std::string& name, std::string_view body, provider::JsonWriter& writer);
  std::string HideTarget(std::string_view target);
  // A text of ours or the provider's with everything known taken out.
  std::string HideText(std::string_view text) const;

  // The value that stands for a phone number, an id or a name.
  std::string NumberFor(std::string_view number);
  std::string IdFor(std::string_view id);
  std::string NameFor(std::string_view name);

 private:
  // Replaces the text of a member, by its name and that of the object it is in.
  std::string Replace(std::string_view member, std::string_view parent, std::string_view text);
  // Writes the value as a member, or as an item of an array if the name is empty.
  void WriteValue(const provider::JsonElement& value, std::string_view name,
                  std::string_view member, std::string_view parent, provider::JsonWriter& writer);
  void WriteMembers(const provider::JsonObject& object, std::string_view parent,
                    provider::JsonWriter& writer);
  std::string ShiftTime(std::string_view text, base::Time time);
  std::string HideUrl(std::string_view url);
  std::string SegmentFor(std::string_view segment);

  std::vector<std::string> secrets_;
  // Longer texts come first, so that no rest of one is left where a shorter one is a part of it.
  struct LongerFirst {
    using is_transparent = void;
    bool operator()(std::string_view one, std::string_view other) const {
      return one.size() != other.size() ? one.size() > other.size() : one < other;
    }
  };
  // What was replaced, without the "+" of numbers.
  std::map<std::string, std::string, LongerFirst> known_;
  int numbers_ = 0;
  int ids_ = 0;
  int names_ = 0;
  // What times are moved by, in whole seconds; from the first time that is met.
  std::optional<base::Duration> shift_;
};

}  // namespace callbridge::live
