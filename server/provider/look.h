// One look at the provider: the GET requests that a LookAtCall, LookAtConference, FindConference or
// FindDial takes, one after another or side by side, and what they show together. It judges
// nothing, repeats nothing, and ends within kProviderRequestTimeout of its beginning.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/clock.h"
#include "server/base/time.h"
#include "server/provider/http_message.h"
#include "server/provider/look_request.h"
#include "server/provider/provider.h"
#include "server/provider/transport.h"

namespace callbridge::provider {

// Lives until its last answer; all of it but Start runs on the transport's thread.
class Look : public std::enable_shared_from_this<Look> {
 public:
  // Where and how the requests go. The request in it is replaced.
  struct Setup {
    Outgoing outgoing;
    std::string calls_configuration_id;
    std::string service_id;
    // Of the look as a whole.
    base::Duration timeout{};
  };

  // Returns at once; done is called once, on the transport's thread.
  //   DONE      what was found; complete says whether nothing was left out
  //   THROTTLED, NOT_SENT   nothing could be read, for this reason
  //   UNKNOWN   nothing could be read
  static void Start(internal::v1::Command command, Setup setup, Transport& transport,
                    const base::Clock& clock, Provider::Done done);

 private:
  using OnAnswer = std::function<void(const HttpAnswer&)>;

  Look(internal::v1::Command command, Setup setup, Transport& transport, const base::Clock& clock,
       Provider::Done done);

  void Begin();
  void Get(HttpRequest request, OnAnswer on_answer);

  // The parts; each ends with PartRead or PartFailed.
  void ReadCall(Source source);
  // A call that has ended and says no error: only its history has one (docs/provider.md §3.0).
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
  // Something the provider said was read: then the look is DONE, complete or not.
  bool something_read_ = false;
  bool complete_ = true;
  std::vector<internal::v1::CommandResult> failures_;
  internal::v1::CommandResult result_;
};

}  // namespace callbridge::provider
