#include <string>

#include <gtest/gtest.h>

#include <apps/server/live/redirect_guard.hpp>

namespace vultus::server {
namespace {

bool is_redirect(std::string_view bytes) {
  RedirectGuard whole;
  const bool seen = whole.saw_redirect(bytes);
  RedirectGuard one_by_one;
  bool seen_one_by_one = false;
  for (const char c : bytes) seen_one_by_one = one_by_one.saw_redirect({&c, 1});
  EXPECT_EQ(seen, seen_one_by_one) << bytes;
  return seen;
}

TEST(RedirectGuards, SeeTheStatusWhateverFfmpegSkipsBeforeIt) {
  for (const char* answer : {"RTSP/1.0 302 Moved\r\n", "RTSP/1.0 \t 301\r\n", "RTSP/1.0 +0303 x\r\n",
                             "CSeq: 1\r\n\r\n  RTSP/1.0 302 Moved", "RRTSP/1.0 302", "RTSP/1.0\t\v\f302"})
    EXPECT_TRUE(is_redirect(answer)) << answer;
  for (const char* answer : {"RTSP/1.0 200 OK\r\n", "RTSP/1.0 404 x", "RTSP/1.0\r\n302", "RTSP 302", "HTTP/1.0 302"})
    EXPECT_FALSE(is_redirect(answer)) << answer;
}

TEST(RedirectGuards, ReadAsFfmpegDoesWhichDropsCarriageReturns) {
  const std::string answer = "RTSP/1.0 302 Moved";
  for (std::size_t at = 0; at < answer.find('3') + 1; ++at)
    EXPECT_TRUE(is_redirect(std::string(answer).insert(at, "\r"))) << at;
  std::string between_all;
  for (const char c : answer) between_all += std::string("\r\r") + c;
  EXPECT_TRUE(is_redirect(between_all));
}

}  // namespace
}  // namespace vultus::server
