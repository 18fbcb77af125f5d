// What the log shows of a request whose credential does not fit: who sent it, and the names of its
// headers, but no value of any. A header that tells for whom a proxy forwards is believed only if
// the connection comes from a proxy that the settings name, because any program can write such a
// header. Limits never go by it: they are those of connections. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/network.h"
#include "webhook/http_rules.h"
#include "webhook/proxies.h"

namespace callbridge::webhook {

// Returns the address of the sender: "203.0.113.7". Of a chain of proxies it is the last address
// that no trusted proxy has. peer: the other end of the connection; absent means that it is
// unknown. Where a trusted proxy does not say for whom it forwards, the text says so.
std::string DescribeSender(const std::optional<base::IpAddress>& peer, const RequestHead& head,
                           const Proxies& proxies);

// Returns the names of the head's fields, in their order: "Host, Content-Type". Repetitions are
// left out, and names beyond 600 bytes in all.
std::string NamesOfFields(const RequestHead& head);

// Returns "X-Ib-Hmac-Signature: 0 values, body of 120 bytes, from 203.0.113.7; headers: Host".
// header: the one that should hold the credential, empty if none does.
std::string DescribeRequest(const RequestHead& head, std::string_view header,
                            std::size_t body_bytes, const std::string& sender);

}  // namespace callbridge::webhook
