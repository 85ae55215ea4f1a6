// Names of hosts to addresses.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

#include <apps/server/live/ip_address.hpp>

namespace vultus::server {

/// The addresses of a host, in the order in which they are to be tried. Any thread; ends soon after a stop.
using Resolver = std::function<Result<std::vector<IpAddress>>(const std::string& host, const std::stop_token& stop)>;

/// Asks the machine's resolver. An address stands for itself.
/// @error not_found  no such host; resource_limit  no answer within 10 s, or too many questions wait; cancelled
[[nodiscard]] Result<std::vector<IpAddress>> resolve_host(const std::string& host, const std::stop_token& stop);

}  // namespace vultus::server
