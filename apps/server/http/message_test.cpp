#include <apps/server/http/message.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <apps/server/http/percent.hpp>

namespace vultus::server {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(Message, EveryMethodHasItsName) {
  for (const Method method :
       {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options})
    EXPECT_EQ(method_of(name_of(method)), method);
  EXPECT_FALSE(method_of("get"));
  EXPECT_FALSE(method_of("CONNECT"));
}

TEST(Message, HeadersAreFoundInAnyCaseAndSetReplacesAll) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("ACCEPT", "b");
  EXPECT_EQ(headers.find("accept"), "a");
  headers.set("accept", "c");
  EXPECT_EQ(headers.fields().size(), 1U);
  EXPECT_EQ(headers.find("Accept"), "c");
  EXPECT_FALSE(headers.find("Accep"));
}

TEST(Message, AProblemFollowsRfc9457) {
  const Response answer = problem_response({429, "too_many", "Too many", "5 of 4", 3}, "r-1");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers.find("content-type"), "application/problem+json");
  EXPECT_EQ(answer.headers.find("retry-after"), "3");
  const auto json = nlohmann::json::parse(answer.body);
  EXPECT_EQ(json.at("type"), "/v1/problems/too_many");
  EXPECT_EQ(json.at("title"), "Too many");
  EXPECT_EQ(json.at("status"), 429);
  EXPECT_EQ(json.at("detail"), "5 of 4");
  EXPECT_EQ(json.at("code"), "too_many");
  EXPECT_EQ(json.at("request_id"), "r-1");
}

TEST(Message, AProblemWithBytesThatAreNoTextIsStillJson) {
  const Response answer = problem_response({400, "x", "X", "\xFF\"", {}}, "");
  EXPECT_EQ(nlohmann::json::parse(answer.body).at("detail"), "\xEF\xBF\xBD\"");
}

TEST(Message, FailuresOfTheLibraryHaveTheirStatus) {
  EXPECT_EQ(problem_of({ErrorCode::not_found, "m"}).status, 404);
  EXPECT_EQ(problem_of({ErrorCode::invalid_argument, "m"}).status, 400);
  EXPECT_EQ(problem_of({ErrorCode::corrupt_data, "m"}).code, "corrupt_data");
  EXPECT_EQ(problem_of({ErrorCode::unsupported, "m"}).status, 415);
  EXPECT_EQ(problem_of({ErrorCode::model_mismatch, "m"}).status, 409);
  EXPECT_TRUE(problem_of({ErrorCode::resource_limit, "m"}).retry_after);
  EXPECT_EQ(problem_of({ErrorCode::cancelled, "m"}).status, 503);
  const Problem ours = problem_of({ErrorCode::internal, "/secret/path"});
  EXPECT_EQ(ours.status, 500);
  EXPECT_EQ(ours.detail.find("secret"), std::string::npos);
}

TEST(Percent, DecodesAndRefuses) {
  EXPECT_EQ(percent_decoded("a%2Fb%41+"), "a/bA+");
  EXPECT_EQ(percent_decoded("a+b", Plus::space), "a b");
  for (const char* bad : {"%", "%4", "%4g", "%00", "%C0%80", "%ED%A0%80", "%F4%90%80%80", "%80"})
    EXPECT_FALSE(percent_decoded(bad)) << bad;
  EXPECT_EQ(percent_decoded("%E2%82%AC%F0%9F%98%80"), "\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(Percent, AQueryKeepsOrderAndRepeats) {
  EXPECT_EQ(parse_query("a=1&b&&a=%26+x&=y"), (Pairs{{"a", "1"}, {"b", ""}, {"a", "& x"}, {"", "y"}}));
  EXPECT_EQ(parse_query(""), Pairs{});
  EXPECT_FALSE(parse_query("a=%"));
}

}  // namespace
}  // namespace vultus::server
