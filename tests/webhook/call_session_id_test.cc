#include "server/inbox/call_session_id.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "server/base/ids.h"

namespace callbridge::inbox {
namespace {

using internal::v1::ProviderEvent;
using std::chrono::minutes;
using std::chrono::seconds;

const base::Time kArrived = base::Time(seconds(1'768'478'400));

TEST(SessionIdOf, DependsOnWhatTheCallItselfSays) {
  const auto received = [](const char* call_id, std::optional<base::Time> told,
                           std::optional<base::Time> started) {
    ProviderEvent event;
    event.set_call_id(call_id);
    if (told) *event.mutable_occur_time() = base::ToTimestamp(*told);
    if (started) *event.mutable_call()->mutable_start_time() = base::ToTimestamp(*started);
    return event;
  };
  const std::string id = SessionIdOf(received("c1", kArrived, kArrived), kArrived);
  EXPECT_TRUE(base::IsSessionId(id));
  EXPECT_EQ(SessionIdOf(received("c1", kArrived + minutes(7), kArrived), kArrived), id);
  EXPECT_NE(SessionIdOf(received("c2", kArrived, kArrived), kArrived), id);
  EXPECT_GT(SessionIdOf(received("c0", kArrived + seconds(1), std::nullopt), kArrived), id);
  const std::string timeless = SessionIdOf(received("c1", std::nullopt, std::nullopt), kArrived);
  EXPECT_TRUE(base::IsSessionId(timeless));
  EXPECT_LT(timeless, id);
  EXPECT_EQ(timeless.substr(0, 12), "s_0000000000");
}

TEST(SessionIdOf, BelievesNoTimeThatIsFarAhead) {
  ProviderEvent event;
  event.set_call_id("c1");
  const std::string timeless = SessionIdOf(event, kArrived);
  const base::Time ahead = kArrived + std::chrono::hours(24);
  *event.mutable_call()->mutable_start_time() = base::ToTimestamp(ahead);
  const std::string latest = SessionIdOf(event, kArrived);
  EXPECT_GT(latest, timeless);
  EXPECT_EQ(SessionIdOf(event, kArrived + std::chrono::hours(1)), latest) << "a repetition";
  *event.mutable_call()->mutable_start_time() =
      base::ToTimestamp(ahead + std::chrono::milliseconds(1));
  EXPECT_EQ(SessionIdOf(event, kArrived), timeless);
  // The event's own time counts instead, if that is one.
  *event.mutable_occur_time() = base::ToTimestamp(ahead);
  EXPECT_EQ(SessionIdOf(event, kArrived), latest);
  *event.mutable_occur_time() = base::ToTimestamp(ahead + std::chrono::milliseconds(1));
  EXPECT_EQ(SessionIdOf(event, kArrived), timeless);
}

}  // namespace
}  // namespace callbridge::inbox
