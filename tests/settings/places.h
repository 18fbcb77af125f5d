// Every place of the settings file that a value can stand at, found by reflection, so that a rule
// of the reader is tested over all of them and a new field is never forgotten.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>

#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"

namespace callbridge::settings {

struct Place {
  enum class Kind { kMessage, kList, kMap, kScalar };

  Kind kind = Kind::kScalar;
  // "accounts.k.rates.dial", "routes[0].labels.k".
  std::string path;
  // A file of one line is before + value + after.
  std::string before;
  std::string after;
  // Where a problem of the value is reported: its key, or the item of a list. From 1.
  std::size_t column = 1;
  const google::protobuf::FieldDescriptor* field = nullptr;
  // An item of a list or the value of a map.
  bool is_item = false;

  std::string With(const std::string& value) const { return before + value + after; }
  bool IsDuration() const {
    return field->message_type() == google::protobuf::Duration::descriptor();
  }
};

inline void AddPlaces(const google::protobuf::Descriptor& message, const Place& holder,
                      std::vector<Place>& places) {
  using google::protobuf::FieldDescriptor;
  const auto add_value = [&places](Place place) {
    const bool scalar =
        place.field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || place.IsDuration();
    place.kind = scalar ? Place::Kind::kScalar : Place::Kind::kMessage;
    places.push_back(place);
    if (!scalar) AddPlaces(*place.field->message_type(), place, places);
  };
  for (int i = 0; i < message.field_count(); ++i) {
    Place place;
    place.field = message.field(i);
    place.path = holder.path + (holder.path.empty() ? "" : ".") + place.field->name();
    place.before = holder.before + "{" + place.field->name() + ": ";
    place.after = "}" + holder.after;
    place.column = holder.before.size() + 2;
    if (!place.field->is_repeated()) {
      add_value(place);
      continue;
    }
    Place item = place;
    item.is_item = true;
    if (place.field->is_map()) {
      place.kind = Place::Kind::kMap;
      item.path += ".k";
      item.before += "{k: ";
      item.after = "}" + place.after;
      item.column = place.before.size() + 2;
      item.field = place.field->message_type()->map_value();
    } else {
      place.kind = Place::Kind::kList;
      item.path += "[0]";
      item.before += "[";
      item.after = "]" + place.after;
      item.column = item.before.size() + 1;
    }
    places.push_back(place);
    add_value(item);
  }
}

// All but the document itself.
inline const std::vector<Place>& AllPlaces() {
  static const std::vector<Place>& places = *[] {
    auto* all = new std::vector<Place>();
    AddPlaces(*config::v1::Settings::descriptor(), Place(), *all);
    return all;
  }();
  return places;
}

// Values that the reader takes at a place of a single value, no two of them the same.
inline std::vector<std::string> GoodTexts(const Place& place) {
  using google::protobuf::FieldDescriptor;
  if (place.IsDuration()) {
    return {"1h", "2m", "3s", "4ms", "2.5s", "0.25s", "1h2m3s4ms", "0.000000001s", "87672h"};
  }
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return {"a", "\"no\"", "\"~\"", "+442079460001", "\"8s\"", "\"a: b\\n\\\"c\\\" é\"", "7"};
    case FieldDescriptor::CPPTYPE_INT32:
      return {"1", "-1", "2147483647", "-2147483648"};
    case FieldDescriptor::CPPTYPE_INT64:
      return {"1", "-1", "2147483648", "9223372036854775807", "-9223372036854775808"};
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return {"1", "-1", "0.1", "1e300", "1e-300", "123456789.5", "0.30000000000000004"};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {"true"};
    default: {
      std::vector<std::string> names;
      const std::string& zero = place.field->enum_type()->FindValueByNumber(0)->name();
      const std::size_t prefix = zero.size() - std::string("UNSPECIFIED").size();
      for (int i = 1; i < place.field->enum_type()->value_count(); ++i) {
        names.push_back(place.field->enum_type()->value(i)->name().substr(prefix));
      }
      return names;
    }
  }
}

}  // namespace callbridge::settings
