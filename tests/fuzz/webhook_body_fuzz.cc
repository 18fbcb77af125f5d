// Any body that an authentic webhook may have, from bytes to the flow: nothing crashes or throws,
// every element becomes an event or is quarantined, twice the same, in bounded space, and what the
// ingress lets through breaks no invariant of a session.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/check.h"
#include "server/base/ids.h"
#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/flow/step.h"
#include "server/inbox/intake.h"
#include "server/settings/routes.h"
#include "server/store/memory/memory_store.h"
#include "tests/fuzz/settings_for_fuzz.h"
#include "webhook/translate.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using internal::v1::InboxItem;
using internal::v1::Input;

const base::Time kNow{std::chrono::sys_days{std::chrono::January / 15 / 2026}};
constexpr std::size_t kDedupeKeyBytes = 16;
// An event names its id several times over, and numbers in customData are written out.
constexpr std::size_t kGrowthMax = 16;
constexpr std::size_t kItemOverheadMax = 512;

void CheckItem(const InboxItem& item) {
  Check(item.has_event() != item.has_quarantined(), "an item is an event or quarantined");
  Check(item.dedupe_key().empty() || item.dedupe_key().size() == kDedupeKeyBytes,
        "a dedupe key has its length");
  Check(!item.event().has_occur_time() || !item.dedupe_key().empty(),
        "an event with a time is deduplicated");
  Check(!item.has_event() || item.event().type() != internal::v1::ProviderEvent::TYPE_UNSPECIFIED,
        "an event has a type");
  Check(item.quarantined().body().size() <= base::kQuarantineBodyBytesMax,
        "what is quarantined is cut");
  Check(item.has_event() || !item.quarantined().error().empty(),
        "what is quarantined has a reason");
  // Texts that are not UTF-8 would make the hand-over to the server fail.
  InboxItem sent;
  Check(sent.ParseFromString(item.SerializeAsString()), "an item can be sent to the server");
}

void CheckTranslation(std::string_view body, const std::vector<InboxItem>& items) {
  const auto again = webhook::Translate(body, kNow);
  Check(again.ok() && again->size() == items.size(), "a body is translated the same twice");
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    CheckItem(items[i]);
    Check(items[i].SerializeAsString() == (*again)[i].SerializeAsString(),
          "an element is translated the same twice");
    bytes += items[i].ByteSizeLong();
  }
  const bool timed = std::any_of(items.begin(), items.end(), [](const InboxItem& item) {
    return item.event().has_occur_time();
  });
  for (const InboxItem& item : items) {
    Check(item.dedupe_key().empty() != timed,
          "one time in a batch gives a key to all its elements");
  }
  Check(bytes <= kGrowthMax * body.size() + kItemOverheadMax * items.size(),
        "a translation is not much longer than its body");
}

std::int64_t Total(const inbox::IntakeCounters& counters) {
  return counters.stored + counters.duplicates + counters.parked + counters.quarantined +
         counters.foreign_configuration + counters.foreign_service + counters.unrouted +
         counters.without_reference + counters.other_types + counters.rejected_busy +
         counters.left_ringing + counters.outdated_calls;
}

void CheckStep(const internal::v1::Transition& transition) {
  Check(!transition.ignored_reason().starts_with("broken invariant"),
        transition.ignored_reason().c_str());
  Check(transition.session().outcome().reason() != v1::END_REASON_INTERNAL,
        "a webhook ends no session as INTERNAL");
}

// What the store gives the worker goes through the flow, on the session that it has made.
void StepAll(store::Store& store) {
  const auto work = store.NextSessions(kNow, 100, false);
  Check(work.ok(), "the store answers");
  for (const store::DueSession& one : *work) {
    Check(base::IsSessionId(one.session_id), "a session has a name that was made for it");
    internal::v1::Session session;
    session.set_session_id(one.session_id);
    for (const store::WaitingInput& waiting : one.inputs) {
      Input input = waiting.input;
      *input.mutable_step_time() = base::ToTimestamp(kNow);
      internal::v1::Transition transition = flow::Step(session, input);
      CheckStep(transition);
      session = std::move(*transition.mutable_session());
    }
  }
}

void Run(std::string_view body) {
  const base::LogCapture log;
  const auto items = webhook::Translate(body, kNow);
  if (!items.ok()) {
    Check(items.status().code() == absl::StatusCode::kInvalidArgument,
          "only an array that is too long is refused");
    return;
  }
  CheckTranslation(body, *items);

  static const settings::Routes* const routes = new settings::Routes(FuzzSettings());
  const std::unique_ptr<store::Store> store = store::MakeMemoryStore();
  inbox::Intake intake({kServiceId, kConfiguration}, *store, *routes);
  Check(intake.Append(*items, kNow).ok(), "the intake takes what was translated");
  const inbox::IntakeCounters first = intake.counters();
  Check(Total(first) == static_cast<std::int64_t>(items->size()), "every item is accounted for");
  StepAll(*store);

  // A second delivery stores nothing anew that has a key.
  Check(intake.Append(*items, kNow).ok(), "the intake takes a repetition");
  const std::int64_t keyless =
      std::count_if(items->begin(), items->end(),
                    [](const InboxItem& item) { return item.dedupe_key().empty(); });
  const inbox::IntakeCounters second = intake.counters();
  Check(second.stored + second.parked - first.stored - first.parked <= keyless,
        "a repetition is recognised");
}

}  // namespace
}  // namespace callbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  callbridge::fuzz::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
