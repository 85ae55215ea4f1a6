#include <apps/server/http/multipart.hpp>

#include <gtest/gtest.h>

#include <apps/server/http/header_value.hpp>

namespace vultus::server {
namespace {

constexpr const char* kType = "multipart/form-data; boundary=b";

Result<std::vector<FormPart>> parse(std::string_view body, MultipartLimits limits = {}) {
  return parse_multipart(kType, body, limits);
}

ErrorCode error_of(std::string_view body, MultipartLimits limits = {}) {
  const auto parts = parse(body, limits);
  EXPECT_FALSE(parts) << body;
  return parts ? ErrorCode::internal : parts.error().code;
}

std::string part(const std::string& disposition, const std::string& content = "x", const std::string& more = "") {
  return "--b\r\nContent-Disposition: " + disposition + "\r\n" + more + "\r\n" + content + "\r\n";
}

std::string file_name_of(const std::string& disposition) {
  const std::string body = part(disposition) + "--b--\r\n";
  const auto parts = parse(body);
  if (!parts || parts->size() != 1 || !parts->front().file_name) return "(none)";
  return *parts->front().file_name;
}

TEST(Multipart, ReadsFieldsAndFiles) {
  // As in RFC 7578 and as curl -F writes it.
  const std::string body =
      "--b\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\nAda\r\n"
      "--b  \r\ncontent-disposition: FORM-DATA; name=file; filename=\"a.jpg\"\r\nContent-Type: Image/JPEG; q=1\r\n\r\n"
      "\xFF\xD8\r\n--\r\n-b\r\n\r\n--b--\r\nepilogue";
  const auto parts = parse(body);
  ASSERT_TRUE(parts) << parts.error().message;
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ(parts->at(0).name, "subject");
  EXPECT_EQ(parts->at(0).content, "Ada");
  EXPECT_EQ(parts->at(0).content_type, "text/plain");
  EXPECT_FALSE(parts->at(0).file_name);
  EXPECT_EQ(parts->at(1).name, "file");
  EXPECT_EQ(parts->at(1).file_name, "a.jpg");
  EXPECT_EQ(parts->at(1).content_type, "image/jpeg");
  EXPECT_EQ(parts->at(1).content, "\xFF\xD8\r\n--\r\n-b\r\n");
}

TEST(Multipart, AFormMayBeEmptyAndSoMayAPart) {
  EXPECT_EQ(parse("--b--")->size(), 0U);
  EXPECT_EQ(parse("preamble\r\n--b--\r\n")->size(), 0U);
  const std::string body = part("form-data; name=\"\"", "") + "--b--";
  const auto parts = parse(body);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->at(0).name, "");
  EXPECT_EQ(parts->at(0).content, "");
}

TEST(Multipart, FileNamesComeAsCallersWriteThem) {
  EXPECT_EQ(file_name_of("form-data; name=f; filename=\"Ren\xC3\xA9.jpg\""), "Ren\xC3\xA9.jpg");
  EXPECT_EQ(file_name_of("form-data; name=f; filename=\"a\\\"b\\\\c\""), "a\"b\\c");
  EXPECT_EQ(file_name_of("form-data; name=f; filename=\"a%22b%41\""), "a\"b%41");
  EXPECT_EQ(file_name_of("form-data; name=f; filename=\"C:\\dir\\x.jpg\""), "C:\\dir\\x.jpg");
  EXPECT_EQ(file_name_of("form-data; name=f; filename=\"a;b=c\""), "a;b=c");
  EXPECT_EQ(file_name_of("form-data; name=f; filename*=UTF-8''Ren%C3%A9.jpg"), "Ren\xC3\xA9.jpg");
  EXPECT_EQ(file_name_of("form-data; name=f; filename=a.jpg; filename*=utf-8'en'b.jpg"), "a.jpg");
  for (const char* bad : {"form-data; name=f; filename=\"\xFF\"", "form-data; name=f; filename=\"a\x01\"",
                          "form-data; name=f; filename=\"a", "form-data; name=f; filename*=latin-1''a",
                          "form-data; name=f; filename=a; filename=b", "form-data; name=f; filename*=UTF-8''%FF",
                          "form-data; name=f; filename=", "form-data; name=f x=y"})
    EXPECT_EQ(error_of(part(bad) + "--b--"), ErrorCode::corrupt_data);
}

TEST(Multipart, RefusesBrokenForms) {
  for (const char* body : {"", "b", "--c--", "--b", "--b\r\n", "--bx\r\n\r\n\r\n--b--", "--b\r\n\r\nx\r\n--b--"})
    EXPECT_EQ(error_of(body), ErrorCode::corrupt_data) << body;
  EXPECT_EQ(error_of(part("form-data; name=a")), ErrorCode::corrupt_data);
  EXPECT_EQ(error_of(part("form-data; name=a") + "--bx"), ErrorCode::corrupt_data);
  EXPECT_EQ(error_of(part("attachment; name=a") + "--b--"), ErrorCode::corrupt_data);
  EXPECT_EQ(error_of(part("form-data") + "--b--"), ErrorCode::corrupt_data);
  EXPECT_EQ(error_of(part("form-data; name=a", "x", "no header\r\n") + "--b--"), ErrorCode::corrupt_data);
  EXPECT_EQ(error_of(part("form-data; name=a", "x", "Content-Disposition: form-data; name=b\r\n") + "--b--"),
            ErrorCode::corrupt_data);
  EXPECT_EQ(error_of(part("form-data; name=a", "x", "Content-Transfer-Encoding: base64\r\n") + "--b--"),
            ErrorCode::unsupported);
  EXPECT_TRUE(parse(part("form-data; name=a", "x", "Content-Transfer-Encoding: binary\r\n") + "--b--"));
}

TEST(Multipart, HasLimits) {
  const std::string two = part("form-data; name=ab") + part("form-data; name=cd") + "--b--";
  EXPECT_TRUE(parse(two, {.parts = 2, .header_bytes = 60, .name_bytes = 2}));
  EXPECT_EQ(error_of(two, {.parts = 1}), ErrorCode::resource_limit);
  EXPECT_EQ(error_of(two, {.header_bytes = 20}), ErrorCode::resource_limit);
  EXPECT_EQ(error_of(two, {.name_bytes = 1}), ErrorCode::resource_limit);
  EXPECT_EQ(error_of("--b\r\nX: " + std::string(100'000, 'x')), ErrorCode::resource_limit);
}

TEST(Multipart, NeedsItsMediaTypeAndBoundary) {
  const auto code = [](std::string_view type) {
    const auto reader = MultipartReader::open(type, "--b--");
    return reader ? std::optional<ErrorCode>() : reader.error().code;
  };
  EXPECT_FALSE(code("multipart/form-data; boundary=\"b\""));
  EXPECT_FALSE(code("Multipart/Form-Data; charset=utf-8; Boundary=b"));
  EXPECT_EQ(code("application/json"), ErrorCode::unsupported);
  EXPECT_EQ(code("multipart/mixed; boundary=b"), ErrorCode::unsupported);
  EXPECT_EQ(code("multipart/form-data"), ErrorCode::corrupt_data);
  EXPECT_EQ(code("multipart/form-data; boundary="), ErrorCode::corrupt_data);
  EXPECT_EQ(code("multipart/form-data; boundary=\"b \""), ErrorCode::corrupt_data);
  EXPECT_EQ(code("multipart/form-data; boundary=" + std::string(71, 'b')), ErrorCode::corrupt_data);
  EXPECT_EQ(code("multipart/form-data; boundary=b; boundary=c"), ErrorCode::corrupt_data);
}

TEST(HeaderValue, KeepsToItsGrammar) {
  const auto value = parse_header_value(" Text/HTML ;; A=\"x\\;y\" ; b = c ;");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->value, "text/html");
  EXPECT_EQ(value->find("a"), "x;y");
  EXPECT_EQ(value->find("b"), "c");
  for (const char* bad : {"a; b", "a; =c", "a; b=\"c\"d", "a; b=\"c", "a; b=c d", "a; b c=d"})
    EXPECT_FALSE(parse_header_value(bad)) << bad;
}

}  // namespace
}  // namespace vultus::server
