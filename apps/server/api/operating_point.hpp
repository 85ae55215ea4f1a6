// Which threshold a request asks for.
#pragma once

#include <apps/server/api/call.hpp>

namespace vultus::server {

/// By the query's `threshold` and `fmr`; for faces of a collection what was measured on it comes first.
/// @param gallery  null = the preset alone
/// A rate that nobody measured is refused: rate_not_measured.
[[nodiscard]] Checked<OperatingPoint> operating_point_of(const Call& call, const Gallery* gallery);

}  // namespace vultus::server
