#include "server/admission/room.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "server/base/limits.h"

namespace callbridge::admission {
namespace {

using internal::v1::Command;

constexpr char kAccount[] = "default";

Command LikeADial() {
  Command command;
  command.set_account(kAccount);
  command.mutable_dial_leg();
  return command;
}

Command LikeAConference() {
  Command command;
  command.set_account(kAccount);
  command.mutable_create_conference();
  return command;
}

// Returns the time from now until the last of `count` commands has left.
base::Duration TimeFor(std::int64_t count, const provider::LeavingRate& rate, base::Time now) {
  if (count <= 0) return base::Duration::zero();
  const std::chrono::duration<double> spaces(static_cast<double>(count - 1) / rate.per_second);
  return (rate.next - now) + std::chrono::ceil<std::chrono::milliseconds>(spaces);
}

void Add(const Wish& wish, store::Load& load) {
  load.live_sessions += wish.sessions;
  load.dials_to_come += wish.dials;
  load.conferences_to_come += wish.conferences;
  load.first_dial_by_time = base::Earlier(load.first_dial_by_time, wish.dial_by_time);
}

}  // namespace

Room::Places& Room::Places::operator=(Places&& other) noexcept {
  if (this == &other) return *this;
  Drop();
  room_ = std::exchange(other.room_, nullptr);
  taken_ = std::move(other.taken_);
  return *this;
}

void Room::Places::Drop() {
  if (room_ == nullptr) return;
  absl::MutexLock lock(&room_->mutex_);
  for (const Wish& wish : taken_) room_->LetGo(wish);
  room_ = nullptr;
}

void Room::Hold(const Wish& wish) {
  granted_.sessions += wish.sessions;
  granted_.dials += wish.dials;
  granted_.conferences += wish.conferences;
  if (wish.dial_by_time) granted_.dial_by_times.insert(*wish.dial_by_time);
}

void Room::LetGo(const Wish& wish) {
  granted_.sessions -= wish.sessions;
  granted_.dials -= wish.dials;
  granted_.conferences -= wish.conferences;
  if (!wish.dial_by_time) return;
  // Removes only one of the entries that are equal.
  granted_.dial_by_times.erase(granted_.dial_by_times.find(*wish.dial_by_time));
}

void Room::AddGranted(store::Load& load) const {
  load.live_sessions += granted_.sessions;
  load.dials_to_come += granted_.dials;
  load.conferences_to_come += granted_.conferences;
  if (granted_.dial_by_times.empty()) return;
  load.first_dial_by_time = base::Earlier(load.first_dial_by_time, *granted_.dial_by_times.begin());
}

absl::StatusOr<Room::Answers> Room::Ask(const std::vector<Wish>& wishes, base::Time now) {
  // The load is read under the lock. A grant is dropped only after the store counts its session, so
  // that none is missed in between.
  absl::MutexLock lock(&mutex_);
  absl::StatusOr<store::Load> load = parts_.upkeep.ReadLoad();
  if (!load.ok()) return load.status();
  AddGranted(*load);
  const std::int64_t free_bytes = FreeBytes(*load);
  Answers result;
  result.places.room_ = this;
  for (const Wish& wish : wishes) {
    result.answers.push_back(Judge(wish, *load, free_bytes, now));
    // A call that is rejected has a session as well, for some seconds.
    const bool granted = result.answers.back().shortage == Answer::Shortage::kNone;
    const Wish taken = granted ? wish : Wish{.sessions = wish.sessions};
    Add(taken, *load);
    Hold(taken);
    result.places.taken_.push_back(taken);
  }
  return result;
}

std::int64_t Room::FreeBytes(const store::Load& load) const {
  if (!parts_.free_disk_bytes) return INT64_MAX;
  const std::int64_t outside = parts_.free_disk_bytes();
  // The store writes to the free space within its file by way of the log file. So that space counts
  // only if there is room outside for the log.
  if (outside < parts_.limits.free_disk_bytes_min() / 4) return outside;
  return outside > INT64_MAX - load.reusable_bytes ? INT64_MAX : outside + load.reusable_bytes;
}

Answer Room::Judge(const Wish& wish, const store::Load& load, std::int64_t free_bytes,
                   base::Time now) const {
  const std::int64_t free_bytes_min = parts_.limits.free_disk_bytes_min();
  const std::int64_t sessions_max = parts_.limits.sessions_max();
  Answer answer = JudgeDials(wish, load, now);
  if (wish.sessions > 0 && load.live_sessions + wish.sessions > sessions_max) {
    answer.shortage = Answer::Shortage::kSessions;
  }
  if (wish.sessions > 0 && free_bytes < free_bytes_min) answer.shortage = Answer::Shortage::kDisk;
  answer.may_reject = free_bytes >= free_bytes_min / 2 &&
                      load.live_sessions < sessions_max + base::kRejectedCallsMax;
  return answer;
}

Answer Room::JudgeDials(const Wish& wish, const store::Load& load, base::Time now) const {
  Answer answer;
  if (wish.dials == 0) return answer;
  const provider::LeavingRate dialling = parts_.outlook.RateOf(LikeADial(), now);
  const base::Duration too_long =
      std::max({DialsAreLateBy(wish, load, dialling, now), ConferencesAreLateBy(wish, load, now),
                WaitForPlaces(wish, load, dialling, now)});
  if (too_long <= base::Duration::zero()) return answer;
  answer.shortage = Answer::Shortage::kDials;
  answer.dials_to_come = load.dials_to_come;
  answer.dials_per_second = dialling.per_second;
  answer.retry_delay = std::max<base::Duration>(std::chrono::seconds(1), too_long);
  return answer;
}

// A dial may wait for up to timing.dial_queue, because a person is on the line. The dials of
// callees overtake those of callers, which have deadlines of their own. Therefore the caller's dial
// with the earliest deadline must have time for all dials, at every acceptance.
base::Duration Room::DialsAreLateBy(const Wish& wish, const store::Load& load,
                                    const provider::LeavingRate& dialling, base::Time now) const {
  base::Duration allowed = base::FromProtoDuration(parts_.timing.dial_queue());
  for (const std::optional<base::Time>& by : {load.first_dial_by_time, wish.dial_by_time}) {
    if (by) allowed = std::min<base::Duration>(allowed, *by - now);
  }
  allowed = std::chrono::floor<base::Duration>(allowed * base::kDialQueueShare);
  return TimeFor(load.dials_to_come + wish.dials, dialling, now) - allowed;
}

// An answered call waits for its conference from timing.answer_look to timing.answer_verdict.
base::Duration Room::ConferencesAreLateBy(const Wish& wish, const store::Load& load,
                                          base::Time now) const {
  const base::Duration allowed = base::FromProtoDuration(parts_.timing.answer_verdict()) -
                                 base::FromProtoDuration(parts_.timing.answer_look());
  const provider::LeavingRate creating = parts_.outlook.RateOf(LikeAConference(), now);
  return TimeFor(load.conferences_to_come + wish.conferences, creating, now) - allowed;
}

// Returns how long it takes until so many dials have left that limits.waiting_dials_max holds: one
// space between two dials for each dial above it. Zero means that it holds now.
base::Duration Room::WaitForPlaces(const Wish& wish, const store::Load& load,
                                   const provider::LeavingRate& dialling, base::Time now) const {
  const std::int64_t over = load.dials_to_come + wish.dials - parts_.limits.waiting_dials_max();
  if (over <= 0) return base::Duration::zero();
  return TimeFor(over + 1, {now, dialling.per_second}, now);
}

}  // namespace callbridge::admission
