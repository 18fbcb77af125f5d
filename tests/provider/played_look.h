// Plays one look, or the survey's lists, through the provider's client, whose requests the test
// answers.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/clock.h"
#include "server/base/limits.h"
#include "server/provider/infobip_provider.h"
#include "tests/provider/played_transport.h"
#include "tests/provider/provider_fixture.h"
#include "tests/provider/result_box.h"

namespace callbridge::provider {

// look: null for the lists. answer_one answers one of the requests that wait.
inline internal::v1::CommandResult PlayLook(
    const internal::v1::Command* look, const std::function<void(PlayedTransport&)>& answer_one) {
  const base::ManualClock clock(kNow);
  auto owned = std::make_unique<PlayedTransport>();
  PlayedTransport& transport = *owned;
  auto provider = MakeInfobipProvider({{"default", Account("https://home.example.com")}}, "bridge",
                                      clock, std::move(owned));
  EXPECT_TRUE(provider.ok()) << provider.status();
  ResultBox box;
  if (look != nullptr) {
    (*provider)->Send(*look, kNow + base::kSendBy, box.Taker());
  } else {
    (*provider)->List("default", box.Taker());
  }
  while (transport.waiting() > 0) {
    EXPECT_EQ(box.count(), 0U) << "an answer before the last request's";
    answer_one(transport);
  }
  EXPECT_EQ(box.count(), 1U);
  return box.Wait();
}

}  // namespace callbridge::provider
