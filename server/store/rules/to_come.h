// The scarce operations that a session will still request from the provider: dials and conferences.
// Admission adds them up over all sessions. A bridge that was accepted has to be dialled in time,
// even before its dials exist as commands.
#pragma once

#include <optional>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::store {

struct ToCome {
  // The number of dials that have not left.
  int dials = 0;
  int conferences = 0;
  // The time by which the caller must be dialled. Absent means that the caller is not waiting to be
  // dialled.
  std::optional<base::Time> dial_by_time = std::nullopt;
};

// Returns what remains for a session after a step.
ToCome ToComeOf(const internal::v1::Session& session);

// Returns what remains for a session that this input begins, or for an offered session that it
// takes.
ToCome ToComeOf(const internal::v1::Input& input);

}  // namespace callbridge::store
