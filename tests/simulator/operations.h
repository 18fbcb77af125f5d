// Which request is which operation of the Calls API: method and path, what its body and query may
// hold, how often it may be called (docs/provider.md §3, §8). A table; it knows no
// state.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/schema.h"

namespace callbridge::simulator {

enum class Operation {
  kListConfigurations,
  kCreateConfiguration,
  kGetConfiguration,
  kUpdateConfiguration,
  kDeleteConfiguration,
  kListCalls,
  kCreateCall,
  kListCallHistory,
  kGetCall,
  kGetCallHistory,
  kSendRinging,
  kPreAnswer,
  kAnswer,
  kHangUp,
  kSay,
  kPlay,
  kStopPlay,
  kSendDtmf,
  kCaptureDtmf,
  kListConferences,
  kCreateConference,
  kListConferenceHistory,
  kGetConference,
  kUpdateConference,
  kGetConferenceHistory,
  kDial,
  kAddCall,
  kRemoveCall,
  kUpdateCall,
  kHangUpConference,
  kSayConference,
  kPlayConference,
  kStopPlayConference,
  kListSubscriptions,
  kCreateSubscription,
  kGetSubscription,
  kUpdateSubscription,
  kDeleteSubscription,
  kListProfiles,
  kCreateProfile,
  kGetProfile,
  kUpdateProfile,
  kDeleteProfile,
  kListSecurities,
  kCreateSecurity,
  kGetSecurity,
  kUpdateSecurity,
  kDeleteSecurity,
  kListNumbers,
  kGetVoice,
  kCreateVoice,
  kUpdateVoice,
  kDeleteVoice,
  kListApplications,
  kCreateApplication,
  kGetApplication,
  kUpdateApplication,
  kStartCallRecording,
  kStopCallRecording,
  kStartConferenceRecording,
  kStopConferenceRecording,
  kListCallRecordings,
  kGetCallRecordings,
  kDeleteCallRecordings,
  kListConferenceRecordings,
  kGetConferenceRecordings,
  kDeleteConferenceRecordings,
  kGetRecordingFile,
  kDeleteRecordingFile,
  kUploadFile,
  kListFiles,
  kGetFile,
  kDeleteFile,
};

struct Route {
  // kForm: a form of HTTP instead of JSON.
  enum class Body { kNone, kOptional, kRequired, kForm };

  Operation operation;
  // As the counts and the faults name it.
  std::string_view name;
  std::string_view method;
  // "{call}", "{conference}" and "{configuration}" stand for ids, and "{id}" for the id of anything
  // else.
  std::string_view path;
  Body body = Body::kNone;
  const Schema& (*schema)() = nullptr;
  std::vector<std::string_view> query = {};
  // Requests per second, docs/provider.md §8.
  int per_second = 100;
};

struct Target {
  const Route* route = nullptr;
  std::string call_id;
  std::string conference_id;
  std::string configuration_id;
  std::string id;
  std::map<std::string, std::string> query;
};

// In the order in which they are tried: literal paths before ids.
const std::vector<Route>& Routes();

// target is the request line's path and query. Nothing if there is no such operation.
// post_adds_call: switches.h.
std::optional<Target> FindRoute(std::string_view method, std::string_view target,
                                bool post_adds_call);

// A segment of a path, or a name or value of a query, as it was before it was escaped.
std::string Unescape(std::string_view text);

// Any of these scopes of a key opens the operation: docs/provider.md §1.2.
std::vector<std::string_view> ScopesOf(const Route& route);

// True if the operation answers with a status that can say FAILED.
bool IsAction(Operation operation);

// False if what is wrong with a request is answered 404: docs/provider.md §1.4.
bool DocumentsBadRequest(Operation operation);

// Names, numbers, enums and times of the query: docs/provider.md §1.3, §3.4, §3.5.
void ValidateQuery(const Target& target, ValidationErrors& errors);

}  // namespace callbridge::simulator
