// A reader of the stream of all sessions, or of the first one alone, as a client library is one: it
// takes messages at its own pace, loses its connection in the middle of a batch, and goes on with
// the last token that it got, at any server. It checks what it was promised.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "callbridge/internal/v1/session.pb.h"
#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/event_cursor.h"
#include "tests/simulator/random.h"

namespace callbridge::simulation {

class World;
class Server;

class Reader {
 public:
  enum class Scope { kAll, kFirstSession };

  // It draws its pauses and its losses from random.
  Reader(int number, World& world, simulator::Random& random, Scope scope);
  // Begins, or goes on after a pause.
  void Read();
  // Whether it has got everything that is stored.
  bool caught_up() const { return caught_up_; }
  bool follows(const std::string& session_id) const {
    return scope_ == Scope::kAll || session_id == session_id_;
  }
  // The last event that it gets of the session. What follows SessionEnded comes in streams of all
  // sessions only.
  std::int32_t LastOf(const internal::v1::Session& session) const;
  // Sequence of the last event of each session.
  const std::map<std::string, std::int32_t>& seen() const { return seen_; }

 private:
  // False: there is no server or no session yet, or it refused.
  bool Connect();
  void TakeBatch();
  void Take(const v1::StreamEventsResponse& message);
  void Lose();

  const std::string name_;
  World& world_;
  simulator::Random& random_;
  const Scope scope_;
  // Of the first session, once there is one; empty for all.
  std::string session_id_;
  std::string token_;
  // Whose life the connection is to.
  Server* server_ = nullptr;
  int life_ = 0;
  std::optional<api::EventCursor> cursor_;
  bool caught_up_ = false;
  std::map<std::string, std::int32_t> seen_;
};

}  // namespace callbridge::simulation
