// One look at the provider: the GET requests of a LookAtCall, LookAtConference, FindConference or
// FindDial, in sequence or in parallel, and their combined result. It does not judge the result,
// repeats no request, and ends within kProviderRequestTimeout of its beginning.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/clock.h"
#include "server/base/time.h"
#include "server/provider/account_options.h"
#include "server/provider/http_message.h"
#include "server/provider/look_request.h"
#include "server/provider/provider.h"
#include "server/provider/transport.h"

namespace callbridge::provider {

// Lives until its last answer. All of it except Start runs on the transport's thread.
class Look : public std::enable_shared_from_this<Look> {
 public:
  // The destination of the requests, and how they are sent. The request in it is replaced.
  struct Setup {
    Outgoing outgoing;
    CallsConfiguration configuration;
    std::string service_id;
    // The time-out of the whole look.
    base::Duration timeout{};
  };

  // Returns at once. `done` is called once, on the transport's thread.
  //   DONE      what was found; complete says whether all of it was read
  //   THROTTLED, NOT_SENT   no answer could be read, for this reason
  //   UNKNOWN   no answer could be read
  static void Start(internal::v1::Command command, Setup setup, Transport& transport,
                    const base::Clock& clock, Provider::Done done);

 private:
  using OnAnswer = std::function<void(const HttpAnswer&)>;

  Look(internal::v1::Command command, Setup setup, Transport& transport, const base::Clock& clock,
       Provider::Done done);

  void Begin();
  void Get(HttpRequest request, OnAnswer on_answer);

  // The parts of a look. Each ends with PartRead or PartFailed.
  void ReadCall(Source source);
  // Reads the history of a call that has ended without an error, because only the history has the
  // error (docs/provider.md §3.0).
  void ReadReason();
  void ReadConference(const std::string& conference_id, Source source);
  void ReadWitness(const std::string& conference_id);
  void ReadCalls(Source source, int page);
  void ReadConferences(int page);

  void PartRead();
  void PartFailed(const HttpAnswer& answer);
  void PartUnreadable(const HttpAnswer& answer, const absl::Status& reason);
  void EndPart();

  bool IsOurs(const internal::v1::CallFacts& call) const;
  void AddCall(internal::v1::CallFacts call);

  const internal::v1::Command command_;
  const Setup setup_;
  Transport& transport_;
  const base::Clock& clock_;
  Provider::Done done_;

  base::Time begun_at_{};
  int open_parts_ = 0;
  // True if one answer of the provider was read. The look is then DONE, complete or not.
  bool something_read_ = false;
  bool complete_ = true;
  std::vector<internal::v1::CommandResult> failures_;
  internal::v1::CommandResult result_;
};

}  // namespace callbridge::provider
