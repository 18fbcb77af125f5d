// What goes wrong between the provider and its user, on purpose, by probability or by number; and
// the provider's own delays. All of them off is a faultless provider. They never change what is
// true of a call: that stands in switches.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulator/named.h"

namespace callbridge::simulator {

struct Faults {
  // Webhooks.
  double duplicate = 0;
  base::Duration duplicate_after = std::chrono::milliseconds(200);
  double delay = 0;
  base::Duration delay_by = std::chrono::seconds(2);
  double reorder = 0;
  double drop = 0;
  std::vector<std::string> drop_types;
  std::int64_t drop_number = 0;
  std::int64_t drop_from = 0;
  double missing_finished = 0;
  double unknown_event = 0;
  double unknown_field = 0;
  double null_fields = 0;
  double unknown_state = 0;
  double zulu_times = 0;
  double colon_times = 0;
  double array = 0;
  // Requests.
  double throttled = 0;
  std::int64_t retry_after = 0;
  double error_before = 0;
  double error_after = 0;
  double reset_before = 0;
  double reset_after = 0;
  double slow_response = 0;
  base::Duration slow_response_by = std::chrono::seconds(3);
  double event_before_response = 0;
  double action_failed = 0;
  double sound_error = 0;
  std::vector<std::string> operations;
  std::int64_t times = 0;
  base::Duration list_lag = base::Duration::zero();
  double stale_read = 0;
  double stale_conference_read = 0;
  double not_found = 0;
  double recording_failed = 0;
  double composition_failed = 0;
};

const std::vector<Named<Faults>>& FaultRows();

// How long the provider itself takes. Model time, not scaled by the speed factor, except where it
// says so.
struct Delays {
  base::Duration event = std::chrono::milliseconds(20);
  base::Duration answer = std::chrono::milliseconds(200);
  base::Duration join = std::chrono::milliseconds(100);
  base::Duration ring = std::chrono::seconds(1);
  base::Duration file = std::chrono::seconds(20);
  base::Duration inbound_ring = std::chrono::seconds(60);
  base::Duration connect_timeout = std::chrono::seconds(60);
  base::Duration empty_conference = base::Duration::zero();
  base::Duration recording = std::chrono::seconds(5);
};

const std::vector<Named<Delays>>& DelayRows();

}  // namespace callbridge::simulator
