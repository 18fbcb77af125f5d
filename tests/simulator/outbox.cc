#include "tests/simulator/outbox.h"

#include <algorithm>

namespace callbridge::simulator {
namespace {

constexpr base::Duration kHeldBackAtMost = std::chrono::seconds(1);

Delivery MakeUnknownEvent(const Delivery& after) {
  Delivery event = after;
  event.type = "CALL_OF_THE_FUTURE";
  JsonWriter writer;
  writer.BeginObject();
  writer.Text("type", event.type);
  writer.TextIfAny("callId", event.call_id);
  writer.TextIfAny("conferenceId", event.conference_id);
  writer.Moment("timestamp", event.due);
  writer.BeginObject("properties");
  writer.Text("mood", "curious");
  writer.EndObject();
  writer.EndObject();
  event.body = writer.Take();
  return event;
}

}  // namespace

Style Outbox::NextStyle(const Faults& faults) {
  Style style;
  style.absent_as_null = random_.Chance(faults.null_fields);
  style.unknown_states = random_.Chance(faults.unknown_state);
  if (random_.Chance(faults.zulu_times)) style.times = TimeFormat::kZulu;
  if (random_.Chance(faults.colon_times)) style.times = TimeFormat::kPlusColon;
  return style;
}

bool Outbox::NextHasUnknownField(const Faults& faults) {
  return random_.Chance(faults.unknown_field);
}

const char* Outbox::LostBy(const Delivery& event, const Faults& faults) {
  const auto& types = faults.drop_types;
  if (std::find(types.begin(), types.end(), event.type) != types.end()) return "drop";
  if (faults.drop_number == event.number) return "drop";
  if (faults.drop_from > 0 && event.number >= faults.drop_from) return "drop";
  if (event.type == "SAY_FINISHED" || event.type == "PLAY_FINISHED") {
    if (random_.Chance(faults.missing_finished)) return "missing-finished";
  }
  return random_.Chance(faults.drop) ? "drop" : nullptr;
}

Outbox::Key Outbox::Push(Delivery delivery) {
  const Key key{delivery.due, ++pushed_};
  waiting_.emplace(key, std::move(delivery));
  return key;
}

void Outbox::LetHeldBackGo(base::Time after) {
  if (!held_back_) return;
  const auto found = waiting_.find(*held_back_);
  held_back_.reset();
  // It has left already when nothing followed for so long.
  if (found == waiting_.end() || found->first.first <= after) return;
  Delivery delivery = std::move(found->second);
  waiting_.erase(found);
  delivery.due = after;
  Push(std::move(delivery));
}

void Outbox::NoteStruck(const char* fault, const Delivery& event) {
  constexpr std::size_t kStruckKept = 1'000;
  if (struck_.size() >= kStruckKept) struck_.erase(struck_.begin());
  struck_.push_back({fault, event.type, event.call_id, event.conference_id});
}

void Outbox::Add(Delivery event, const Faults& faults, const Delays& delays) {
  event.number = ++counts_.events;
  const bool unknown_follows = random_.Chance(faults.unknown_event);
  const Delivery unknown = unknown_follows ? MakeUnknownEvent(event) : Delivery{};
  event.due += delays.event;
  if (const char* fault = LostBy(event, faults)) {
    ++counts_.dropped;
    NoteStruck(fault, event);
    return;
  }
  if (random_.Chance(faults.delay)) {
    ++counts_.delayed;
    NoteStruck("delay", event);
    event.due += random_.UpTo(faults.delay_by);
  }
  const bool twice = random_.Chance(faults.duplicate);
  if (twice) {
    ++counts_.duplicated;
    NoteStruck("duplicate", event);
  }
  if (random_.Chance(faults.array)) {
    event.body = "[" + event.body + (twice ? "," + event.body : "") + "]";
  } else if (twice) {
    Delivery copy = event;
    copy.due += faults.duplicate_after;
    Push(std::move(copy));
  }
  const base::Time due = event.due;
  if (!held_back_ && random_.Chance(faults.reorder)) {
    ++counts_.reordered;
    NoteStruck("reorder", event);
    event.due += kHeldBackAtMost;
    held_back_ = Push(std::move(event));
  } else {
    Push(std::move(event));
    LetHeldBackGo(due);
  }
  if (unknown_follows) {
    Delivery follower = unknown;
    follower.due += delays.event;
    Push(std::move(follower));
  }
}

std::vector<Delivery> Outbox::TakeDue(base::Time now) {
  std::vector<Delivery> due;
  while (!waiting_.empty() && waiting_.begin()->first.first <= now) {
    due.push_back(std::move(waiting_.begin()->second));
    waiting_.erase(waiting_.begin());
  }
  return due;
}

std::optional<base::Time> Outbox::NextTime() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->first.first;
}

}  // namespace callbridge::simulator
