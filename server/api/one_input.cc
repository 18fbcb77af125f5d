#include "server/api/one_input.h"

#include <utility>
#include <vector>

namespace callbridge::api {

absl::StatusOr<store::Appended> AppendOne(store::Inbox& inbox, store::NewInput input,
                                          base::Time now) {
  std::vector<store::NewInput> inputs;
  inputs.push_back(std::move(input));
  absl::StatusOr<std::vector<store::Appended>> appended = inbox.AppendInputs(inputs, now);
  if (!appended.ok()) return appended.status();
  if (appended->size() != 1) {
    return absl::InternalError("the store did not say what became of an input");
  }
  return std::move(appended->front());
}

}  // namespace callbridge::api
