#include <apps/server/http/base64.hpp>

#include <gtest/gtest.h>

namespace vultus::server {
namespace {

TEST(Base64, ReadsTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {// NOLINT(modernize-avoid-c-arrays)
                                                         {"", ""},
                                                         {"Zg==", "f"},
                                                         {"Zm8=", "fo"},
                                                         {"Zm9v", "foo"},
                                                         {"Zm9vYg==", "foob"},
                                                         {"Zm9vYmE=", "fooba"},
                                                         {"Zm9vYmFy", "foobar"}};
  for (const auto& [text, bytes] : vectors) EXPECT_EQ(decode_base64(text, 100).value_or("?"), bytes);
  EXPECT_EQ(decode_base64("+/+/", 100).value_or("?"), "\xFB\xFF\xBF");
}

TEST(Base64, RefusesEveryOtherText) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "Zm-_",
                           "Zg==Zg==", "Z=g=", "Zm9\xFF", "=Zm9"}) {
    const auto bytes = decode_base64(text, 100);
    ASSERT_FALSE(bytes) << text;
    EXPECT_EQ(bytes.error().code, ErrorCode::corrupt_data) << text;
  }
}

TEST(Base64, HasALimit) {
  EXPECT_TRUE(decode_base64("Zm9v", 3));
  EXPECT_EQ(decode_base64("Zm9v", 2).error().code, ErrorCode::resource_limit);
  EXPECT_TRUE(decode_base64("Zm8=", 2));
}

}  // namespace
}  // namespace vultus::server
