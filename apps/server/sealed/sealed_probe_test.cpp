// Sealed probes against a collection: the server has the templates, and learns neither probe nor scores.
#include <algorithm>

#include <gtest/gtest.h>

#include <vultus/sealed/codec.hpp>
#include <vultus/sealed/sealed_probe.hpp>

#include <apps/server/testing/test_office.hpp>

namespace vultus::server {
namespace {

using testing::bytes_ask;
using testing::kOtherModel;
using testing::sealed_key;
using testing::sealed_probe;
using testing::SealedOffice;
using testing::template_of;
using testing::text_of;
using testing::view_of;
using testing::World;

class SealedProbes : public SealedOffice {
 protected:
  void SetUp() override {
    world_.make_collection("staff");
    world_.enrol("staff", "Ada Lovelace", ada_);
    world_.enrol("staff", "Grace Hopper", grace_);
    world_.enrol("staff", "Ada Lovelace", ada_again_);
  }
  Response probe(const std::string& bytes, const std::string& key = "admin") {
    return world_.ask(Method::post, "/v1/collections/staff/sealed-search", bytes_ask(bytes, key));
  }
};

TEST_F(SealedProbes, AreComparedWithEveryFaceBitForBit) {
  const sealed::SealedProbe sealed = sealed_probe(world_, ada_again_);
  const Response answered = probe(text_of(sealed::encode(sealed)));
  ASSERT_EQ(answered.status, 200) << answered.body;
  EXPECT_EQ(answered.headers.find("Content-Disposition"), "attachment; filename=\"staff.result\"");
  EXPECT_EQ(answered.body.find("Lovelace"), std::string::npos);
  const std::vector<sealed::NamedTemplate> rows{{.name = "Ada Lovelace", .values = template_of(world_, ada_)},
                                                {.name = "Ada Lovelace", .values = template_of(world_, ada_again_)},
                                                {.name = "Grace Hopper", .values = template_of(world_, grace_)}};
  const auto local = sealed::open_best(sealed_key(), sealed::search_with(sealed, rows).value(), 10).value();
  const auto result = sealed::decode_result(view_of(answered.body)).value();
  EXPECT_EQ(result.source, sealed.id);
  const auto told = sealed::open_best(sealed_key(), result, 10).value();
  ASSERT_EQ(told.size(), 3U);
  const auto whole = sealed::quantise(template_of(world_, ada_again_), sealed.layout.precision.sealed).value();
  EXPECT_EQ(told[0].product,
            sealed::plain_product(sealed::quantise(rows[1].values, sealed.layout.precision.plain).value(), whole));
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(told[i].name, local[i].name);
    EXPECT_EQ(told[i].product, local[i].product);
  }
  EXPECT_EQ(sealed::open_products(sealed_key(1), result).error().code, ErrorCode::model_mismatch) << "a wrong key";
  const auto record = World::json(world_.get("/v1/collections/staff/audit")).at("records").back();
  EXPECT_EQ(record.at("what"), "sealed-search");
  EXPECT_EQ(record.at("count"), 3);
  EXPECT_EQ(record.at("detail"), "for key " + sealed_key().public_key().id());
}

TEST_F(SealedProbes, AreRefusedWhereTheyAreNone) {
  const sealed::SealedProbe sound = sealed_probe(world_, ada_);
  const std::string file = text_of(sealed::encode(sound));
  std::string altered = file;
  altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
  auto no_cipher = sound;
  std::fill_n(no_cipher.ciphertexts.begin(), no_cipher.key.ciphertext_bytes(), std::uint8_t{0});
  const sealed::PublicKey& key = sealed_key().public_key();
  const auto shorter = sealed::seal_probe(key, sound.model, std::vector<float>{0.6F, 0.8F}, {}).value();
  const auto costly =
      sealed::seal_probe(key, sound.model, template_of(world_, ada_), {.sealed = 1000, .plain = 20'000}).value();
  for (const std::string& bad :
       {altered, file.substr(0, file.size() - 1), std::string(), std::string("x"), file_,
        text_of(sealed::encode(no_cipher)), text_of(sealed::encode(shorter)), text_of(sealed::encode(costly))})
    EXPECT_EQ(World::code(probe(bad)), "sealed_not_valid");
  auto other = sound;
  other.model = kOtherModel;
  const Response refused = probe(text_of(sealed::encode(other)));
  EXPECT_EQ(World::code(refused), "model_mismatch");
  EXPECT_NE(refused.body.find(kOtherModel), std::string::npos);
  EXPECT_NE(refused.body.find(testing::model_of(world_)), std::string::npos);
  EXPECT_EQ(World::code(probe(std::string((std::size_t{4} << 20U) + 1, 'x'))), "body_too_large");
  world_.make_collection("empty");
  EXPECT_EQ(World::code(world_.ask(Method::post, "/v1/collections/empty/sealed-search", bytes_ask(file))),
            "collection_empty");
  EXPECT_EQ(World::code(probe(file, world_.key("identify"))), "scope_too_small");
  EXPECT_EQ(World::code(probe(file, world_.key("admin", {"other"}))), "collection_not_found");
}

}  // namespace
}  // namespace vultus::server
