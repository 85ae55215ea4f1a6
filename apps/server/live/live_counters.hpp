// What live cameras, webhooks and MQTT count, for Prometheus. No names, no addresses.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include <apps/server/live/visits.hpp>

namespace vultus::server {

/// Any thread.
struct LiveCounters {
  using Count = std::atomic<std::int64_t>;
  Count frames{0};                ///< looked at
  Count dropped{0};               ///< came faster than they could be looked at
  Count connections{0};           ///< sources that were opened
  Count failures{0};              ///< sources that did not open, or ended with an error
  std::array<Count, 3> events{};  ///< by EventKind
  Count events_failed{0};         ///< that could not be written down
  Count delivered{0};             ///< to webhooks
  Count delivery_failures{0};
  Count dead_letters{0};
  Count published{0};      ///< to MQTT
  Count not_published{0};  ///< while no broker was there

  /// @param running  cameras that give frames now
  [[nodiscard]] std::string prometheus_text(std::size_t cameras, std::size_t running) const;
};

}  // namespace vultus::server
