#include "tests/simulation/ingress.h"

#include <absl/strings/str_cat.h>

#include <utility>

#include "server/base/check.h"
#include "server/base/ingress_limits.h"
#include "tests/simulation/world.h"
#include "webhook/translate.h"

namespace callbridge::simulation {
namespace {

// "provider:secret".
constexpr char kGenuine[] = "Basic cHJvdmlkZXI6c2VjcmV0";
constexpr char kForged[] = "Basic cHJvdmlkZXI6Z3Vlc3NlZA==";

std::unique_ptr<webhook::Authenticator> MakeAuthenticator() {
  auto authenticator = webhook::MakeBasicAuthenticator({{"provider", "secret"}});
  base::Check(authenticator.ok(), "the ingress's secret");
  return *std::move(authenticator);
}

// One, or the elements of an array.
std::size_t EventsIn(const std::string& body) {
  const std::size_t begin = body.find_first_not_of(" \n");
  if (begin == std::string::npos || body[begin] != '[') return 1;
  std::size_t events = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = begin; at < body.size(); ++at) {
    const char c = body[at];
    if (quoted && c == '\\') ++at;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '{' && depth == 1) ++events;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  return events;
}

}  // namespace

Ingress::Ingress(int number, World& world)
    : name_(absl::StrCat("ingress-", number)), world_(world), authenticator_(MakeAuthenticator()) {}

void Ingress::Note(const std::string& text) { world_.trace().Note(world_.now(), name_, text); }

void Ingress::Receive(const std::string& body) { Take(kGenuine, body); }
void Ingress::ReceiveForged(const std::string& body) { Take(kForged, body); }

void Ingress::Die() {
  up_ = false;
  ++life_;
  Note("is gone");
}

void Ingress::Take(const std::string& header, const std::string& body) {
  if (!up_) return Note("nobody listens");
  if (!authenticator_->Accepts({header}, body)) return Note("401");
  auto items = webhook::Translate(body, world_.now());
  if (!items.ok()) return Note("400");
  if (items->size() < EventsIn(body)) {
    world_.checker().Fail(20, absl::StrCat(items->size(), " of ", EventsIn(body),
                                           " events of a webhook are handed over"));
  }
  auto held = std::make_shared<Held>();
  held->items = *std::move(items);
  held->deadline = world_.now() + base::kHandOverHold;
  held->life = life_;
  HandOver(held);
}

void Ingress::HandOver(const std::shared_ptr<Held>& held) {
  if (held->life != life_) return;
  bool stored = false;
  if (Server* server = world_.AnyServer()) {
    const int failed = server->failed_writes();
    world_.Run(*server,
               [&] { stored = server->intake().Append(held->items, server->clock().Now()).ok(); });
    if (stored && server->failed_writes() > failed) {
      world_.checker().Fail(20, "a webhook counts as stored although the store did not take it");
    }
  }
  // A server that slept meanwhile may have outlived this ingress.
  if (held->life != life_) return;
  if (stored) return Note("200");
  if (world_.now() >= held->deadline) return Note("503");
  world_.After(base::kHandOverRetry, [this, held] { HandOver(held); });
}

}  // namespace callbridge::simulation
