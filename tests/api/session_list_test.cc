#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using tests::ApiWorld;
using tests::ReadErrorOf;
using tests::SessionName;

TEST(ListSessions, PagesThroughAllNewestFirst) {
  ApiWorld world;
  for (int i = 0; i < 25; ++i) {
    world.story.Begin(SessionName(i), {{"team", i % 5 == 0 ? "sales" : "support"}});
  }
  v1::ListSessionsRequest request;
  (*request.mutable_labels())["team"] = "support";
  request.set_page_size(7);
  std::vector<std::string> seen;
  do {
    v1::ListSessionsResponse response;
    ASSERT_TRUE(world.List(request, &response).ok());
    EXPECT_LE(response.sessions_size(), 7);
    for (const v1::Session& session : response.sessions()) seen.push_back(session.session_id());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen.size(), 20U);
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 20U);
}

TEST(ListSessions, RefusesATokenWithOtherConditionsAndBadSizes) {
  ApiWorld world;
  for (int i = 0; i < 3; ++i) world.story.Begin(SessionName(i));
  v1::ListSessionsRequest request;
  request.set_page_size(1);
  v1::ListSessionsResponse response;
  ASSERT_TRUE(world.List(request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.set_only_with_issues(true);
  EXPECT_THAT(ReadErrorOf(world.List(request, &response)).fields,
              testing::ElementsAre("page_token"));
  v1::ListSessionsRequest bad;
  bad.set_page_size(-1);
  bad.add_states(v1::Session::STATE_UNSPECIFIED);
  bad.mutable_created_since()->set_nanos(-1);
  EXPECT_THAT(ReadErrorOf(world.List(bad, &response)).fields,
              testing::UnorderedElementsAre("page_size", "states", "created_since"));
}

TEST(ListSessions, RefusesStatesAndResultsThatDoNotExist) {
  ApiWorld world;
  v1::ListSessionsResponse response;
  for (const int unknown : {0, 999}) {
    v1::ListSessionsRequest request;
    request.add_states(v1::Session::STATE_ENDED);
    request.add_results(v1::Outcome::RESULT_COMPLETED);
    EXPECT_TRUE(world.List(request, &response).ok());
    request.add_results(static_cast<v1::Outcome::Result>(unknown));
    EXPECT_THAT(ReadErrorOf(world.List(request, &response)).fields, testing::ElementsAre("results"))
        << unknown;
    request.clear_results();
    request.add_states(static_cast<v1::Session::State>(unknown));
    EXPECT_THAT(ReadErrorOf(world.List(request, &response)).fields, testing::ElementsAre("states"))
        << unknown;
  }
}

TEST(ListSessions, CutsAPageThatIsTooLargeForClients) {
  ApiWorld world;
  for (int i = 0; i < 400; ++i) {
    world.story.Begin(SessionName(i), {{"note", std::string(100, 'x')}});
    world.story.Name(SessionName(i), std::string(20'000, 'y'));
  }
  v1::ListSessionsRequest request;
  request.set_page_size(1'000);
  int seen = 0;
  int pages = 0;
  do {
    v1::ListSessionsResponse response;
    const grpc::Status status = world.List(request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    seen += response.sessions_size();
    ++pages;
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, 400);
  EXPECT_GE(pages, 3);
}

}  // namespace
}  // namespace callbridge
