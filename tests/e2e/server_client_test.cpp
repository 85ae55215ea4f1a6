// The example of a client in C++ against the server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

TEST(ServerClient, EnrolsAndNamesPeopleAndSaysWhatWasRefused) {
  const World world;
  const std::string client = std::string(VULTUS_SERVER_CLIENT) + " 127.0.0.1 $port faces/admin.key staff ";
  const Answer answer = world.shell(
      "vultus serve --data faces --listen 127.0.0.1:0 --fast --quiet > url & pid=$!; "
      "for i in $(seq 600); do [ -s url ] && break; sleep 0.1; done; port=$(sed 's/.*://' url); " +
      client + "--enrol 'Barack Obama' '" + samples().obama.string() + "' && " + client + "'" +
      samples().obama_2.string() + "'; code=$?; " + client + "faces/admin.key; echo refused with $?; " +
      "kill $pid; wait $pid; exit $code");
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("obama.jpg  enrolled\n"));
  EXPECT_THAT(answer.out, HasSubstr("obama2.jpg  Barack Obama  similarity 0."));
  EXPECT_THAT(answer.out, HasSubstr("refused with 1\n"));
  EXPECT_THAT(answer.err, HasSubstr("server_client: picture_not_readable: "));
}

}  // namespace
}  // namespace vultus::e2e
