// Looks and listings whose answers come in every order there is: what they show, and whether they
// are complete, never depends on which came last.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/base/limits.h"
#include "server/provider/infobip_provider.h"
#include "tests/provider/commands.h"
#include "tests/provider/played_look.h"
#include "tests/provider/played_transport.h"
#include "tests/provider/provider_fixture.h"

namespace callbridge::provider {
namespace {

using internal::v1::CallFacts;
using internal::v1::CommandResult;
using std::chrono::milliseconds;
using testing::SizeIs;

// What is asked: "calls 0", "history 2", "conferences 1", "conference".
std::string AskedBy(const Outgoing& outgoing) {
  const std::string& target = outgoing.request.target;
  const std::size_t page = target.find("&page=");
  if (page == std::string::npos) return "conference";
  const std::string number = target.substr(page + 6, target.find('&', page + 1) - page - 6);
  if (target.starts_with("/calls/1/conferences")) return "conferences " + number;
  return (target.starts_with("/calls/1/calls/history") ? "history " : "calls ") + number;
}

std::string PageWith(const std::string& results, int pages) {
  return absl::StrCat(R"({"results":[)", results, R"(],"paging":{"totalPages":)", pages, "}}");
}

// One run; order says which of the requests that wait is answered next.
CommandResult RunLook(const internal::v1::Command* look,
                      const std::function<HttpAnswer(const std::string& asked)>& answer,
                      Choices& order) {
  return PlayLook(look, [&](PlayedTransport& transport) {
    const std::size_t next = order.Of(transport.waiting());
    transport.AnswerTo(next, answer(AskedBy(transport.Waits(next))));
  });
}

constexpr int kPages = 3;

// A page of a list with one entry of ours, named as the page is.
HttpAnswer GoodPage(const std::string& asked) {
  if (asked == "conference") return AnswerOf(200, R"({"id":"cccc"})");
  std::string id = asked;
  std::ranges::replace(id, ' ', '-');
  return AnswerOf(
      200,
      PageWith(absl::StrCat(R"({"id":")", id, R"(","customData":{"session":"s_1"}})"), kPages));
}

// What is not whole: no answer of use, nothing that can be read, an entry that cannot be read.
std::vector<HttpAnswer> BadPages() {
  return {AnswerOf(503, ""), AnswerOf(429, "{}"), AnswerOf(200, "not JSON"),
          AnswerOf(200, R"({"results":[]})", CURLE_PARTIAL_FILE),
          AnswerOf(200, PageWith(R"({"state":"FINISHED"})", kPages))};
}

std::vector<std::string> IdsOf(const CommandResult& result) {
  std::vector<std::string> ids;
  for (const CallFacts& call : result.calls()) ids.push_back(call.call_id());
  for (const auto& one : result.conferences()) ids.push_back(one.conference_id());
  return ids;
}

void ExpectOneVerdictInEveryOrder(const internal::v1::Command* look,
                                  const std::vector<std::string>& all, std::size_t orders) {
  const std::vector<HttpAnswer> bad_pages = BadPages();
  for (std::size_t spoiled = 0; spoiled <= all.size(); ++spoiled) {
    const bool none = spoiled == all.size();
    for (const HttpAnswer& bad : bad_pages) {
      std::set<std::vector<std::string>> shown;
      std::size_t runs = 0;
      Choices order;
      do {
        ++runs;
        const CommandResult result = RunLook(
            look,
            [&](const std::string& asked) {
              return !none && asked == all[spoiled] ? bad : GoodPage(asked);
            },
            order);
        ASSERT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
        ASSERT_EQ(result.complete(), none) << all[std::min(spoiled, all.size() - 1)];
        std::vector<std::string> ids = IdsOf(result);
        std::ranges::sort(ids);
        shown.insert(ids);
      } while (order.Next());
      EXPECT_THAT(shown, SizeIs(1)) << "another order showed something else";
      if (!none) continue;
      EXPECT_EQ(runs, orders);
      EXPECT_EQ(shown.begin()->size(), all.size());
    }
  }
}

TEST(EveryOrder, OfTheAnswersToADialsSearchSaysTheSame) {
  const internal::v1::Command find = FindDialCommand();
  // Seven answers, of which two threes have their order: 7! / (3! * 3!).
  ExpectOneVerdictInEveryOrder(
      &find, {"calls 0", "calls 1", "calls 2", "history 0", "history 1", "history 2", "conference"},
      140);
}

TEST(EveryOrder, OfTheAnswersToAListingSaysTheSame) {
  ExpectOneVerdictInEveryOrder(
      nullptr, {"calls 0", "calls 1", "calls 2", "conferences 0", "conferences 1", "conferences 2"},
      20);
}

TEST(EveryOrder, OfTheAnswersToASearchByNameSaysTheSame) {
  internal::v1::Command find = Command(10, "");
  find.mutable_find_conference()->set_name("bridge/s_1");
  const auto named = [](const std::string& asked) {
    std::string page = GoodPage(asked).body;
    return AnswerOf(200, page.replace(page.find("{\"id\""), 1, R"({"name":"bridge/s_1",)"));
  };
  for (const HttpAnswer& bad : BadPages()) {
    for (int spoiled = 0; spoiled <= kPages; ++spoiled) {
      Choices order;
      const CommandResult result = RunLook(
          &find,
          [&](const std::string& asked) {
            return asked == absl::StrCat("conferences ", spoiled) ? bad : named(asked);
          },
          order);
      EXPECT_EQ(result.complete(), spoiled == kPages) << spoiled;
      if (spoiled < kPages) continue;
      EXPECT_THAT(result.conferences(), SizeIs(kPages));
    }
  }
}

// Only what could not be read at all is no answer; of several reasons the pace learns of a 429,
// whichever came first.
TEST(EveryOrder, OfFailuresThatLeaveNothingTellsOfTheThrottling) {
  const internal::v1::Command find = FindDialCommand();
  const std::vector<std::string> firsts = {"calls 0", "history 0", "conference"};
  for (std::size_t throttled = 0; throttled <= firsts.size(); ++throttled) {
    Choices order;
    do {
      const CommandResult result = RunLook(
          &find,
          [&](const std::string& asked) {
            const bool told = throttled < firsts.size() && asked == firsts[throttled];
            return AnswerOf(told ? 429 : 500, "{}");
          },
          order);
      EXPECT_EQ(result.verdict(), throttled < firsts.size() ? CommandResult::VERDICT_THROTTLED
                                                            : CommandResult::VERDICT_UNKNOWN);
      EXPECT_FALSE(result.complete());
    } while (order.Next());
  }
}

// A call may be in both lists: what it came to last is shown, whichever list is read first.
TEST(EveryOrder, OfTwoStatesOfOneCallShowsTheLaterOne) {
  const std::vector<std::pair<std::string, CallFacts::State>> states = {
      {"NEW", CallFacts::STATE_UNSPECIFIED},
      {"CALLING", CallFacts::STATE_CALLING},
      {"RINGING", CallFacts::STATE_RINGING},
      {"PRE_ESTABLISHED", CallFacts::STATE_PRE_ESTABLISHED},
      {"ESTABLISHED", CallFacts::STATE_ESTABLISHED},
      {"BUSY", CallFacts::STATE_ENDED}};
  const internal::v1::Command find = FindDialCommand();
  for (const auto& [live, live_state] : states) {
    for (const auto& [past, past_state] : states) {
      Choices order;
      do {
        const CommandResult result = RunLook(
            &find,
            [&, live = live, past = past](const std::string& asked) {
              if (asked == "conference") return AnswerOf(404, "{}");
              return AnswerOf(
                  200,
                  PageWith(absl::StrCat(R"({"id":"b1","customData":{"session":"s_1"},)",
                                        R"("state":")", asked == "calls 0" ? live : past, R"("})"),
                           1));
            },
            order);
        EXPECT_TRUE(result.complete());
        ASSERT_THAT(result.calls(), SizeIs(1));
        EXPECT_EQ(result.calls(0).state(), std::max(live_state, past_state)) << live << past;
      } while (order.Next());
    }
  }
}

TEST(EveryOwner, OfACallIsComparedWholeAndAnotherIsNeverTouched) {
  struct Owner {
    const char* custom_data;
    bool ours;
  };
  const internal::v1::Command find = FindDialCommand();
  for (const auto& [custom_data, ours] :
       {Owner{R"({"session":"s_1","service":"bridge"})", true},
        Owner{R"({"service":"bridge","session":"s_1"})", true}, Owner{R"({"session":"s_1"})", true},
        Owner{R"({"session":"s_1","service":"other"})", false},
        Owner{R"({"service":"other","session":"s_1"})", false},
        Owner{R"({"session":"s_1","service":""})", false},
        Owner{R"({"session":"s_1","service":"bridg"})", false},
        Owner{R"({"session":"s_1","service":"bridge2"})", false},
        Owner{R"({"session":"s_","service":"bridge"})", false},
        Owner{R"({"session":"s_11","service":"bridge"})", false},
        Owner{R"({"session":"","service":"bridge"})", false},
        Owner{R"({"service":"bridge"})", false}, Owner{"{}", false}, Owner{"null", false}}) {
    Choices order;
    const CommandResult result = RunLook(
        &find,
        [text = custom_data](const std::string& asked) {
          if (asked != "calls 0")
            return AnswerOf(asked == "conference" ? 404 : 200, PageWith("", 1));
          return AnswerOf(200, PageWith(absl::StrCat(R"({"id":"b1","customData":)", text, "}"), 1));
        },
        order);
    EXPECT_EQ(result.calls_size(), ours ? 1 : 0) << custom_data;
    EXPECT_TRUE(result.complete());
  }
}

// A look as a whole has one time; each request of it has what is left, and no send-by time once
// something was answered.
TEST(EveryPage, HasWhatIsLeftOfTheLooksTime) {
  const Timeouts timeouts{
      .request = milliseconds(1'000), .get = milliseconds(400), .survey = milliseconds(1'000)};
  internal::v1::Command find = Command(10, "");
  find.mutable_find_conference()->set_name("bridge/s_1");
  for (const bool listing : {false, true}) {
    for (const auto& [passed, left] :
         {std::pair<base::Duration, base::Duration>{milliseconds(0), milliseconds(400)},
          {milliseconds(600), milliseconds(400)},
          {milliseconds(601), milliseconds(399)},
          {milliseconds(1'000) - base::Duration(1), base::Duration(1)},
          {milliseconds(1'000), base::Duration(0)},
          {milliseconds(1'001), base::Duration(0)}}) {
      base::ManualClock clock(kNow);
      auto owned = std::make_unique<PlayedTransport>();
      PlayedTransport& transport = *owned;
      auto provider = MakeInfobipProvider({{"default", Account("https://home.example.com")}},
                                          "bridge", clock, std::move(owned), timeouts);
      ASSERT_TRUE(provider.ok()) << provider.status();
      ResultBox box;
      if (listing) {
        (*provider)->List("default", box.Taker());
      } else {
        (*provider)->Send(find, kNow + base::kSendBy, box.Taker());
      }
      const std::size_t firsts = transport.waiting();
      ASSERT_EQ(firsts, listing ? 2U : 1U);
      EXPECT_EQ(transport.submitted[0].send_by.has_value(), !listing);
      clock.Advance(passed);
      transport.AnswerTo(0, AnswerOf(200, PageWith("", 2)));
      if (left > base::Duration(0)) {
        ASSERT_THAT(transport.submitted, SizeIs(firsts + 1));
        EXPECT_EQ(transport.submitted.back().timeout, left) << passed.count();
        EXPECT_FALSE(transport.submitted.back().send_by.has_value());
      } else {
        ASSERT_THAT(transport.submitted, SizeIs(firsts)) << "its time is over";
      }
      while (transport.waiting() > 0) transport.AnswerTo(0, AnswerOf(200, PageWith("", 1)));
      EXPECT_EQ(box.Wait().complete(), left > base::Duration(0)) << passed.count();
    }
  }
}

TEST(EveryPage, UpToTheLastThatMayBeReadCounts) {
  internal::v1::Command find = Command(10, "");
  find.mutable_find_conference()->set_name("bridge/s_1");
  for (const int pages :
       {1, 2, base::kLookupPagesMax - 1, base::kLookupPagesMax, base::kLookupPagesMax + 1}) {
    for (const internal::v1::Command* look : {static_cast<const internal::v1::Command*>(nullptr),
                                              static_cast<const internal::v1::Command*>(&find)}) {
      std::map<std::string, int> asked_for;
      Choices order;
      const CommandResult result = RunLook(
          look,
          [&](const std::string& asked) {
            ++asked_for[asked];
            return AnswerOf(200, PageWith("", pages));
          },
          order);
      EXPECT_EQ(result.complete(), pages <= base::kLookupPagesMax) << pages;
      EXPECT_EQ(asked_for.size(), static_cast<std::size_t>(std::min(pages, base::kLookupPagesMax)) *
                                      (look == nullptr ? 2 : 1));
      for (const auto& [asked, times] : asked_for) EXPECT_EQ(times, 1) << asked;
    }
  }
}

}  // namespace
}  // namespace callbridge::provider
