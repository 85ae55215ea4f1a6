#include <gtest/gtest.h>

#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {
namespace {

std::string wrong(const char* value, const char* schema) {
  static const JsonSchemas kSchemas(
      Json::parse(R"({"Name": {"type": "string", "maxLength": 3, "pattern": "^[a-z]+$"}})"));
  return kSchemas.violation(Json::parse(value), Json::parse(schema)).value_or("");
}

TEST(JsonSchemas, TellTheFirstThingThatIsWrongAndWhere) {
  EXPECT_EQ(wrong("3", R"({"type": "integer", "minimum": 1, "maximum": 3})"), "");
  EXPECT_EQ(wrong("4", R"({"type": "integer", "maximum": 3})"), "the whole: 4 is more than 3");
  EXPECT_EQ(wrong("0", R"({"type": "number", "exclusiveMinimum": 0})"), "the whole: 0 is not more than 0");
  EXPECT_EQ(wrong("1.5", R"({"type": "integer"})"), "the whole: 1.5 is not of type \"integer\"");
  EXPECT_EQ(wrong("2.0", R"({"type": "integer"})"), "") << "2.0 is a whole number (JSON Schema 2020-12, 6.1.1)";
  EXPECT_EQ(wrong("null", R"({"type": ["string", "null"]})"), "");
  EXPECT_EQ(wrong(R"("ab")", R"({"$ref": "#/components/schemas/Name"})"), "");
  EXPECT_EQ(wrong(R"("abcd")", R"({"$ref": "#/components/schemas/Name"})"),
            "the whole: 4 characters, at most 3 are allowed");
  EXPECT_EQ(wrong(R"("äöü")", R"({"type": "string", "maxLength": 3})"), "") << "characters are counted, not bytes";
  EXPECT_EQ(wrong(R"({"a": [1, "x"]})", R"({"type": "object", "properties": {"a": {"items": {"type": "number"}}}})"),
            "/a/1: \"x\" is not of type \"number\"");
  EXPECT_EQ(wrong(R"({"b": 1})", R"({"type": "object", "properties": {"a": {}}, "additionalProperties": false})"),
            "/b: is not known here");
  EXPECT_EQ(wrong("{}", R"({"type": "object", "required": ["a"]})"), "the whole: \"a\" is missing");
  EXPECT_EQ(wrong(R"("x")", R"({"enum": ["y", "z"]})"), "the whole: \"x\" is none of [\"y\",\"z\"]");
  EXPECT_EQ(wrong("[1,2]", R"({"type": "array", "maxItems": 1})"), "the whole: 2 items, at most 1 are allowed");
  EXPECT_EQ(wrong("1", R"({"oneOf": [{"type": "string"}, {"type": "integer"}]})"), "");
  EXPECT_NE(wrong("1", R"({"oneOf": [{"type": "number"}, {"type": "integer"}]})"), "");
}

TEST(JsonSchemas, FindTheirOwnFaults) {
  const JsonSchemas schemas(Json::object());
  const auto faults = [&](const char* schema) { return schemas.faults(Json::parse(schema)).size(); };
  EXPECT_EQ(faults(R"({"type": "string", "pattern": "a", "maxLength": 4})"), 0U);
  EXPECT_EQ(faults(R"({"type": "string", "pattern": "a"})"), 1U) << "a text of any length would go through std::regex";
  EXPECT_EQ(faults(R"({"properties": {"a": {"multipleOf": 3}}})"), 1U);
  EXPECT_EQ(faults(R"({"items": {"$ref": "#/components/schemas/None"}})"), 1U);
}

TEST(JsonSchemas, ALongTextIsRefusedBeforeThePatternSeesIt) {
  const JsonSchemas schemas(Json::object());
  const Json text(std::string(1'000'000, 'a'));
  EXPECT_TRUE(schemas.violation(text, Json::parse(R"({"type": "string", "pattern": "^(a|b)*$"})")));
}

}  // namespace
}  // namespace vultus::server
