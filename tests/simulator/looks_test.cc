// Lists with filters and pages, histories and configurations: docs/provider.md §1.3, §3.1, §3.4,
// §3.5.
#include <gtest/gtest.h>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

using std::chrono::seconds;

TEST(Model, ListsCallsByFilterAndPage) {
  ModelDriver driver;
  const std::string conference = driver.JoinedCaller().second;
  driver.Run(seconds(1));
  const base::Time before = driver.now();
  driver.Run(seconds(1));
  const std::string first = driver.Dial(conference);
  const std::string second = driver.Dial(conference, "447700900103");
  const auto list = [&](const std::string& query) {
    return driver.Get("/calls/1/calls?" + query).body;
  };
  EXPECT_EQ(At(list(""), "/paging/totalResults"), "3");
  EXPECT_EQ(At(list("direction=OUTBOUND"), "/paging/totalResults"), "2");
  EXPECT_EQ(At(list("to=447700900456"), "/results/0/id"), first);
  EXPECT_EQ(At(list("to=%2B447700900456"), "/results/0/id"), first);
  EXPECT_EQ(At(list("status=ESTABLISHED"), "/paging/totalResults"), "1");
  EXPECT_EQ(At(list("conferenceId=" + conference), "/paging/totalResults"), "3");
  EXPECT_EQ(At(list("callsConfigurationId=other"), "/paging/totalResults"), "0");
  EXPECT_EQ(
      At(list("startTimeAfter=" + FormatMoment(before, TimeFormat::kZulu)), "/paging/totalResults"),
      "2");
  EXPECT_EQ(At(list("page=1&size=2"), "/paging/totalPages"), "2");
  EXPECT_EQ(At(list("page=0&size=1"), "/results/0/id"), second);
  EXPECT_EQ(At(list("page=7"), "/results"), "[]");
  const std::string named = driver.Get("/calls/1/conferences?name=bridge").body;
  EXPECT_EQ(At(named, "/results/0/id"), conference);
  EXPECT_EQ(At(driver.Get("/calls/1/conferences?callId=" + first).body, "/results/0/id"),
            conference);
  ASSERT_TRUE(driver.model().PersonHangsUp(first, driver.now()).ok());
  const std::string history = driver.Get("/calls/1/calls/history?direction=OUTBOUND").body;
  EXPECT_EQ(At(history, "/results/0/callId"), first);
  EXPECT_EQ(At(history, "/results/0/customData/leg"), "callee-1");
  EXPECT_EQ(At(history, "/paging/totalResults"), "1");
}

TEST(Model, ShowsItsConfigurations) {
  ModelDriver driver;
  EXPECT_EQ(At(driver.Get("/calls/1/configurations").body, "/results/0/id"), "callbridge");
  EXPECT_EQ(driver.Get("/calls/1/configurations/callbridge").status, 200);
  EXPECT_EQ(driver.Get("/calls/1/configurations/other").status, 404);
}

}  // namespace
}  // namespace callbridge::simulator
