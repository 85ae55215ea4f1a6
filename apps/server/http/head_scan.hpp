// Where the head of a request ends among the bytes that have come. Private to the listener.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <apps/server/http/listener_options.hpp>
#include <apps/server/http/message.hpp>

namespace vultus::server {

struct HeadScan {
  std::size_t skip = 0;  ///< empty lines before the head, to be thrown away
  std::optional<std::size_t>
      size;  ///< of the head behind them, with the empty line that ends it; nothing: not all there
  std::optional<Problem> refusal;  ///< it is not worth waiting: 400 malformed_request, 414 url_too_long,
                                   ///< 431 head_too_large
};

/// @thread any
[[nodiscard]] HeadScan scan_head(std::string_view bytes, const ListenerLimits& limits);

}  // namespace vultus::server
