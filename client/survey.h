// What the sweep needs of a provider of calls: everything that is alive there, listed afresh. It
// judges nothing: whose a call is, and whether somebody still wants it, is for the sweep to find
// out.
#pragma once

#include <functional>
#include <string>

#include "callbridge/internal/v1/command.pb.h"

namespace callbridge::client {

// Thread-safe.
class Survey {
 public:
  virtual ~Survey() = default;

  // Like the result of a look, without number and attempt:
  //   DONE      calls and conferences hold what was listed; complete says whether nothing was left
  //   out THROTTLED, NOT_SENT, UNKNOWN   nothing could be read, for this reason REFUSED   there is
  //   no such account
  using Done = std::function<void(internal::v1::CommandResult)>;

  // Asks for all calls and conferences of the account's calls configuration that live now, page by
  // page; a page may miss what moved while another one was read. Returns at once. done is called
  // exactly once, from any thread, also when the object is destroyed.
  virtual void List(const std::string& account, Done done) = 0;
};

}  // namespace callbridge::client
