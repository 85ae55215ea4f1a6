#include <apps/server/http/listener_options.hpp>

#include <array>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace vultus::server {
namespace {

struct OptionRange {
  std::string_view name;
  std::uint64_t value;
  std::uint64_t least;
  std::uint64_t most;
};

std::uint64_t option_ms(ListenerTimes::Duration duration) {
  return duration.count() < 0 ? 0 : static_cast<std::uint64_t>(duration.count());
}

std::uint64_t option_count(int count) { return count < 0 ? 0 : static_cast<std::uint64_t>(count); }

Status check_option_ranges(const ListenerOptions& options) {
  constexpr std::uint64_t kMost = 1ULL << 40U;
  constexpr std::uint64_t kDayMs = 86'400'000;
  const auto& limits = options.limits;
  const auto& times = options.times;
  const std::array<OptionRange, 19> ranges{{
      {"io_threads", option_count(options.io_threads), 1, 64},
      {"workers", option_count(options.workers), 1, 1024},
      {"queue", options.queue, 1, 1'000'000},
      {"head_bytes", limits.head_bytes, 256, 1UL << 20U},
      {"url_bytes", limits.url_bytes, 1, limits.head_bytes},
      {"header_fields", limits.header_fields, 1, 10'000},
      {"body_bytes", limits.body_bytes, 1, kMost},
      {"bodies_bytes", limits.bodies_bytes, limits.body_bytes, kMost},
      {"connections", limits.connections, 1, 1'000'000},
      {"connections_per_address", limits.connections_per_address, 0, 1'000'000},
      {"stream_bytes", limits.stream_bytes, 1, kMost},
      {"requests_per_connection", limits.requests_per_connection, 1, kMost},
      {"head time in ms", option_ms(times.head), 1, kDayMs},
      {"handshake time in ms", option_ms(times.handshake), 1, kDayMs},
      {"idle time in ms", option_ms(times.idle), 1, kDayMs},
      {"transfer_grace in ms", option_ms(times.transfer_grace), 1, kDayMs},
      {"transfer_rate in bytes a second", times.transfer_rate, 1, kMost},
      {"stream_stall in ms", option_ms(times.stream_stall), 1, kDayMs},
      {"linger in ms", option_ms(times.linger), 1, kDayMs},
  }};
  for (const OptionRange& range : ranges)
    if (range.value < range.least || range.value > range.most)
      return fail(ErrorCode::invalid_argument, std::string(range.name) + " must be " + std::to_string(range.least) +
                                                   " to " + std::to_string(range.most) + ", not " +
                                                   std::to_string(range.value));
  return {};
}

}  // namespace

Status validate(const ListenerOptions& options) {
  VULTUS_CHECK(check_option_ranges(options));
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(options.address, error);
  if (error)
    return fail(ErrorCode::invalid_argument,
                "listening address must be numeric (127.0.0.1, ::), not " + options.address);
  if (!options.tls && options.plain_http == PlainHttp::loopback_only && !address.is_loopback())
    return fail(ErrorCode::invalid_argument,
                options.address +
                    " can be reached from other machines: give a certificate and key for TLS, or allow plain HTTP");
  return {};
}

}  // namespace vultus::server
