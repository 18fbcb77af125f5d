// What a session will still ask of the operations that the provider gives out sparingly: dials and
// conferences. Admission adds it up over all sessions, because a bridge that was accepted has to be
// dialled in time, also before its dials exist as commands.
#pragma once

#include <optional>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::store {

struct ToCome {
  // A dial counts until it has left.
  int dials = 0;
  int conferences = 0;
  // The caller is still to be dialled: by then.
  std::optional<base::Time> dial_by_time = std::nullopt;
};

// Of a session as a step left it.
ToCome ToComeOf(const internal::v1::Session& session);

// Of a session that this input begins, or of an offered one that it takes.
ToCome ToComeOf(const internal::v1::Input& input);

}  // namespace callbridge::store
