// Numbers of faces as UUIDs.
#include <apps/server/compreface/image_id.hpp>

#include <limits>
#include <set>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>

namespace vultus::server::compreface {
namespace {

class ImageIdsTest : public ::testing::Test {
 protected:
  TestFolder folder_;
  const ServerSecret secret_ = ServerSecret::open(folder_ / "server.key").value();
  const ImageIds ids_{secret_, "staff"};
};

TEST_F(ImageIdsTest, EveryNumberComesBackAndHasTheFormOfAUuid) {
  std::set<std::string> all;
  for (const std::int64_t number :
       {std::int64_t{1}, std::int64_t{2}, std::int64_t{15}, std::int64_t{16}, std::int64_t{4096}, std::int64_t{65535},
        std::int64_t{1} << 40U, std::numeric_limits<std::int64_t>::max()}) {
    const std::string uuid = ids_.of(FaceId(number));
    ASSERT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '8') << "version, RFC 9562";
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << "variant: " << uuid;
    EXPECT_EQ(ids_.face_of(uuid), FaceId(number)) << uuid;
    EXPECT_EQ(ids_.of(FaceId(number)), uuid) << "the same again";
    all.insert(uuid);
  }
  EXPECT_EQ(all.size(), 8U);
  std::string upper = ids_.of(FaceId(7));
  for (char& letter : upper) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  EXPECT_EQ(ids_.face_of(upper), FaceId(7));
}

TEST_F(ImageIdsTest, NothingElseIsAFace) {
  const std::string uuid = ids_.of(FaceId(7));
  EXPECT_FALSE(ImageIds(secret_, "others").face_of(uuid)) << "of another collection";
  const ServerSecret other = ServerSecret::open(folder_ / "other.key").value();
  EXPECT_FALSE(ImageIds(other, "staff").face_of(uuid)) << "of another server";
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    std::string changed = uuid;
    changed[i] = uuid[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(ids_.face_of(changed)) << changed;
  }
  for (const char* text : {"", "7", "6b135f5b-a365-4522-b1f1-4c9ac2dd0728", "00000000-0000-8000-8000-000000000000"})
    EXPECT_FALSE(ids_.face_of(text)) << text;
}

}  // namespace
}  // namespace vultus::server::compreface
