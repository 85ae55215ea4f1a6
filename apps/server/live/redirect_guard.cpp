#include <apps/server/live/redirect_guard.hpp>

namespace vultus::server {
namespace {

constexpr std::string_view kRtspName = "RTSP/";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

}  // namespace

bool RedirectGuard::saw_redirect(std::string_view bytes) {
  for (const char c : bytes) {
    if (c == '\r') continue;  // FFmpeg drops it wherever it stands in a line
    switch (at_) {
      case At::found: return true;
      case At::name:
        if (c == kRtspName.at(matched_))
          ++matched_;
        else
          matched_ = c == kRtspName.front() ? 1 : 0;
        if (matched_ == kRtspName.size()) at_ = At::version, matched_ = 0;
        break;
      case At::version:
        if (c == '\n') at_ = At::name;
        if (is_blank(c)) at_ = At::before_status;
        break;
      case At::before_status:
        // As FFmpeg reads the number: with what atoi() skips.
        if (c == '3')
          at_ = At::found;
        else if (!is_blank(c) && c != '0' && c != '+')
          at_ = At::name;
        break;
    }
  }
  return at_ == At::found;
}

}  // namespace vultus::server
