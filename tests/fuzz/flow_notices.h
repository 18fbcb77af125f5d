// What fuzzing knows of the notice before recording: plans that ask for one, what the provider
// tells of it, and what is true of it at any moment.
#pragma once

#include <cstdint>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "callbridge/v1/plan.pb.h"

namespace callbridge::fuzz {

// Adds a notice for three of four kinds: without a refusing key, or with what a refusal means.
void AddNotice(std::uint8_t kind, v1::RecordingPlan& plan);
// Completes what the provider tells of the capture of a refusing key: whether the notice was heard
// to its end, which key was pressed, and whether the key was dropped on its way.
void AddRefusal(std::uint8_t kind, internal::v1::ProviderEvent::Captured& captured);

// Only the provider's word proves a notice; nobody is recorded without the proof, or after a
// refusal.
void CheckNotices(const internal::v1::Session& before, const internal::v1::Input& input,
                  const internal::v1::Transition& transition);

}  // namespace callbridge::fuzz
