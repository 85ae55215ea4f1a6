// Where the name of a stream leads does not hang on the case of its letters.
#include <vultus/media/video_address.hpp>

#include <string>

#include <gtest/gtest.h>

namespace vultus::media {
namespace {

TEST(VideoAddress, KnowsASchemeInAnyLetters) {
  for (const char* name : {"HTTPS://cam.example/Live", "https://cam.example/Live"}) {
    const VideoAddress web = video_address(name, StreamTrust::of_user).value();
    EXPECT_EQ(web.url, "https://cam.example/Live");
    EXPECT_EQ(web.protocols, "http,https,tcp,tls");
  }
  EXPECT_EQ(video_address("RTSP://Cam/1", StreamTrust::of_user)->url, "rtsp://Cam/1");
  const VideoAddress of_caller = video_address("Rtsp://Cam/1", StreamTrust::of_caller).value();
  EXPECT_EQ(of_caller.url, "rtsp://Cam/1");
  EXPECT_EQ(of_caller.protocols, "rtsp,tcp");
  EXPECT_TRUE(of_caller.closed);
  EXPECT_EQ(video_address("HTTP://cam/1", StreamTrust::of_caller).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace vultus::media
