#include "server/provider/provider_pace.h"

#include <utility>

namespace callbridge::provider {

ProviderPace::ProviderPace(std::map<std::string, Rates> rates, base::Time start, std::uint64_t seed)
    : spacing_(std::move(rates), start),
      retry_budget_(spacing_, start),
      breaker_(retry_budget_, seed) {}

std::unique_ptr<ProviderPace> MakePace(std::map<std::string, Rates> rates, base::Time start) {
  const auto seed = static_cast<std::uint64_t>(start.time_since_epoch().count());
  return std::make_unique<ProviderPace>(std::move(rates), start, seed);
}

}  // namespace callbridge::provider
