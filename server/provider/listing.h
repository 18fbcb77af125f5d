// Lists all live calls and conferences of one calls configuration: it sends the GET requests of
// both lists, page after page, and combines their results. It does not judge them, repeats no
// request, and ends within its time-out.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/repeated_ptr_field.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/clock.h"
#include "server/base/time.h"
#include "server/provider/account_options.h"
#include "server/provider/answer_decoding.h"
#include "server/provider/http_message.h"
#include "server/provider/provider.h"
#include "server/provider/transport.h"

namespace callbridge::provider {

// Lives until its last answer. All of it except Start runs on the transport's thread.
class Listing : public std::enable_shared_from_this<Listing> {
 public:
  struct Setup {
    // The destination of the requests, and how they are sent. The request in it is replaced.
    Outgoing outgoing;
    CallsConfiguration configuration;
    // The time-out of the whole listing.
    base::Duration timeout{};
  };

  // Returns at once. `done` is called once, on the transport's thread.
  static void Start(Setup setup, Transport& transport, const base::Clock& clock, Survey::Done done);

 private:
  Listing(Setup setup, Transport& transport, const base::Clock& clock, Survey::Done done);

  void Begin();
  void Get(HttpRequest request, std::function<void(const HttpAnswer&)> on_answer);
  void ReadCalls(int page);
  void ReadConferences(int page);
  // Returns true if another page follows. Otherwise this list has ended, successfully or not.
  template <typename Facts>
  bool TakePage(const HttpAnswer& answer, int page,
                absl::StatusOr<Page<Facts>> (*decode)(std::string_view, int),
                google::protobuf::RepeatedPtrField<Facts>& found);
  void Fail(internal::v1::CommandResult failure);
  void EndList();

  const Setup setup_;
  Transport& transport_;
  const base::Clock& clock_;
  Survey::Done done_;

  base::Time begun_at_{};
  int open_lists_ = 0;
  bool something_read_ = false;
  bool complete_ = true;
  std::vector<internal::v1::CommandResult> failures_;
  internal::v1::CommandResult result_;
};

}  // namespace callbridge::provider
