// Clients that only watch, each on a thread of its own while everything around them fails: readers
// of StreamEvents that resume with their last token and keep all that they read, and one that asks
// for each session that a reader has just heard of.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "callbridge/v1/bridge_service.grpc.pb.h"
#include "tests/history/history.h"

namespace callbridge::end_to_end {

// Reads from the beginning; repeats and skips nothing by itself, so that what it keeps is what the
// server sent.
class EventReader {
 public:
  using Heard = std::function<void(const v1::SessionEvent& event)>;

  // `scope` without events: name, detail and labels. `heard` is called on the reader's thread.
  EventReader(v1::BridgeService::Stub& stub, history::Reader scope, Heard heard = {});
  ~EventReader();
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  // Reads on until everything stored was read, then no more. Fails the test if the server does not
  // let it. Once.
  history::Reader Finish();

 private:
  void Run(const std::stop_token& stop);
  // One stream. True: the server ended it with OK.
  bool ReadStream(const std::stop_token& stop, bool until_caught_up);
  void Stop();

  v1::BridgeService::Stub& stub_;
  const Heard heard_;
  // Of the thread while it runs, then of Finish.
  history::Reader read_;
  std::string token_;
  std::jthread thread_;
};

// GetSession for the sessions of which a reader has heard.
class SessionAsker {
 public:
  explicit SessionAsker(v1::BridgeService::Stub& stub);
  ~SessionAsker();
  SessionAsker(const SessionAsker&) = delete;
  SessionAsker& operator=(const SessionAsker&) = delete;

  void Hear(const v1::SessionEvent& event);
  // Everything that it was answered. It asks no more. Once.
  std::vector<history::SessionLook> Finish();

 private:
  void Run(const std::stop_token& stop);

  v1::BridgeService::Stub& stub_;
  absl::Mutex mutex_;
  // The highest sequence heard of and not asked about, by session.
  std::map<std::string, std::int32_t> heard_ ABSL_GUARDED_BY(mutex_);
  std::vector<history::SessionLook> looks_;
  std::jthread thread_;
};

// One GetSession without repetitions. `seen_sequence` is kept with the answer.
history::SessionLook LookAt(v1::BridgeService::Stub& stub, const std::string& session_id,
                            std::int32_t seen_sequence);

base::Time Now();

}  // namespace callbridge::end_to_end
