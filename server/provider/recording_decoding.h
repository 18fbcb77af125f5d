// Reads what the provider's JSON says of recordings and their files, as facts. Webhooks and answers
// hold the same objects (docs/provider.md §3.6). It reads what it can and leaves out the rest.
// Pure.
#pragma once

#include "callbridge/internal/v1/facts.pb.h"
#include "server/provider/json_reader.h"

namespace callbridge::provider {

// Reads a CallRecording, a ConferenceRecording, or the properties of an event about a recording
// that has started, stopped or failed. Files without an id are left out. Numbers in texts are
// masked.
internal::v1::RecordingFacts ReadRecording(const JsonObject& recording);

}  // namespace callbridge::provider
