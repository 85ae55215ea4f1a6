// Sealed galleries at the routes: what the key holder reads is what a search in the clear answers, and the server is
// asked in vain for anything else.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <vultus/sealed/codec.hpp>

#include <apps/server/http/router.hpp>
#include <apps/server/testing/test_office.hpp>

namespace vultus::server {
namespace {

using testing::Ask;
using testing::base64_of;
using testing::bytes_ask;
using testing::form_of;
using testing::kOtherModel;
using testing::picture_of;
using testing::picture_of_nobody;
using testing::sealed_gallery;
using testing::sealed_key;
using testing::sealed_probe;
using testing::SealedOffice;
using testing::template_of;
using testing::TestJson;
using testing::text_of;
using testing::view_of;
using testing::World;

std::string everything_below(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
  return all;
}

class SealedGalleries : public SealedOffice {};

TEST_F(SealedGalleries, AnswerBitForBitWhatALocalSearchAnswers) {
  const Response made = put("office", file_);
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.headers.find("Location"), "/v1/sealed/office");
  const std::vector<float> probe = template_of(world_, ada_again_);
  std::vector<std::int64_t> expected;
  const auto whole = sealed::quantise(probe, office_.layout.precision.plain).value();
  for (const std::string& picture : {ada_, grace_})
    expected.push_back(sealed::plain_product(
        sealed::quantise(template_of(world_, picture), office_.layout.precision.sealed).value(), whole));
  const auto local = sealed::Searcher::make(office_).value().search(probe).value();
  EXPECT_EQ(sealed::open_products(sealed_key(), local).value(), expected);

  const Response by_picture = search("office", {{"image", base64_of(ada_again_)}});
  EXPECT_EQ(by_picture.headers.find("Content-Type"), "application/octet-stream");
  EXPECT_EQ(by_picture.headers.find("Content-Disposition"), "attachment; filename=\"office.result\"");
  EXPECT_EQ(products(by_picture), expected);
  EXPECT_EQ(products(world_.ask(Method::post, "/v1/sealed/office/search", form_of({{"image", ada_again_}}))), expected);
  EXPECT_EQ(products(search("office", {{"template", probe}, {"model", testing::model_of(world_)}})), expected);
  EXPECT_EQ(products(search("office", {{"template", probe}})), expected)
      << "who does not tell the model answers for it";
  EXPECT_NE(search("office", {{"template", probe}}).body, search("office", {{"template", probe}}).body)
      << "a result is hidden anew each time";

  const auto result = sealed::decode_result(view_of(by_picture.body)).value();
  const auto best = sealed::open_best(sealed_key(), result, 2).value();
  EXPECT_EQ(best[0].name, "Ada Lovelace");
  EXPECT_EQ(best[1].name, "Grace Hopper");
  EXPECT_EQ(best[0].product, expected[0]);
  EXPECT_EQ(by_picture.body.find("Lovelace"), std::string::npos);
  EXPECT_EQ(sealed::open_products(sealed_key(1), result).error().code, ErrorCode::model_mismatch) << "a wrong key";

  const Response grace = world_.post("/v1/sealed/office/search?row=1", {{"template", probe}});
  EXPECT_EQ(products(grace), std::vector{expected[1]});
  EXPECT_EQ(World::code(world_.post("/v1/sealed/office/search?row=2", {{"template", probe}})), "sealed_row_not_found");
  EXPECT_EQ(World::code(world_.post("/v1/sealed/office/search?row=-1", {{"template", probe}})), "parameter_not_valid");
}

TEST_F(SealedGalleries, AreDescribedWithoutNamesAndListedInPages) {
  EXPECT_EQ(put("office", file_).status, 201);
  EXPECT_EQ(put("b", file_).status, 201);
  const Response shown = world_.get("/v1/sealed/office");
  const TestJson facts = World::json(shown);
  EXPECT_EQ(facts.at("rows"), 2);
  EXPECT_EQ(facts.at("packs"), 1);
  EXPECT_EQ(facts.at("scheme"), "paillier");
  EXPECT_EQ(facts.at("bits"), 1024);
  EXPECT_EQ(facts.at("key"), sealed_key().public_key().id());
  EXPECT_EQ(facts.at("model"), testing::model_of(world_));
  EXPECT_EQ(facts.at("id"), office_.id);
  EXPECT_EQ(facts.at("bytes"), file_.size());
  EXPECT_EQ(facts.at("layout").at("dimension"), office_.layout.dimension);
  EXPECT_EQ(facts.at("layout").at("slots"), office_.layout.slots);
  EXPECT_EQ(shown.body.find("Lovelace"), std::string::npos);
  EXPECT_EQ(world_.ask(Method::get, "/v1/sealed/office", {.headers = {{"If-None-Match", etag(shown)}}}).status, 304);
  auto page = World::json(world_.get("/v1/sealed?limit=1"));
  EXPECT_EQ(page.at("galleries"), TestJson::parse(R"([{"sealed": "b"}])"));
  page = World::json(world_.get("/v1/sealed?limit=1&cursor=" + page.at("next").get<std::string>()));
  EXPECT_EQ(page.at("galleries"), TestJson::parse(R"([{"sealed": "office"}])"));
  EXPECT_TRUE(page.at("next").is_null());
}

TEST_F(SealedGalleries, ThatAreDamagedAreThereStill) {
  ASSERT_EQ(put("office", file_).status, 201);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world_.data()))
    if (entry.is_regular_file() && entry.path().stem() == "office" && entry.file_size() == file_.size())
      std::filesystem::resize_file(entry.path(), 10);
  world_.restart();
  EXPECT_EQ(World::code(world_.get("/v1/sealed/office")), "sealed_not_usable");
  EXPECT_EQ(World::code(put("office", file_, {{"If-None-Match", "*"}})), "precondition_failed");
  EXPECT_EQ(World::code(put("office", file_, {{"If-Match", "\"0\""}})), "precondition_failed");
  EXPECT_EQ(World::code(world_.get("/v1/sealed/office")), "sealed_not_usable") << "nothing was done";
  EXPECT_EQ(put("office", file_).status, 200) << "who asks for no condition mends it";
}

TEST_F(SealedGalleries, AreReplacedAndRemovedOnlyAsTheyWereRead) {
  const std::string first = etag(put("office", file_));
  EXPECT_EQ(World::code(put("office", file_, {{"If-None-Match", "*"}})), "precondition_failed");
  const std::string other = text_of(sealed::encode(
      sealed_gallery(world_, {{.name = "Mary Somerville", .values = template_of(world_, picture_of(200, 60))}})));
  EXPECT_EQ(World::code(put("office", other, {{"If-Match", "\"other\""}})), "precondition_failed");
  EXPECT_EQ(World::code(put("new", other, {{"If-Match", "*"}})), "precondition_failed");
  const Response replaced = put("office", other, {{"If-Match", first}});
  EXPECT_EQ(replaced.status, 200) << replaced.body;
  EXPECT_NE(etag(replaced), first);
  EXPECT_EQ(World::json(world_.get("/v1/sealed/office")).at("rows"), 1);
  EXPECT_EQ(products(search("office", {{"image", base64_of(ada_)}})).size(), 1U) << "and searched from now on";
  EXPECT_EQ(World::code(world_.ask(Method::del, "/v1/sealed/office", {.headers = {{"If-Match", first}}})),
            "precondition_failed");
  EXPECT_EQ(world_.ask(Method::del, "/v1/sealed/office", {.headers = {{"If-Match", etag(replaced)}}}).status, 200);
  EXPECT_EQ(World::code(world_.get("/v1/sealed/office")), "sealed_not_found");
  EXPECT_EQ(World::code(search("office", {{"image", base64_of(ada_)}})), "sealed_not_found");
  EXPECT_EQ(World::code(world_.ask(Method::del, "/v1/sealed/office")), "sealed_not_found");
}

TEST_F(SealedGalleries, AreKeptOverARestartInFilesOfTheirOwner) {
  const std::string tag = etag(put("office", file_));
  const std::filesystem::path path = world_.data() / "sealed" / "office.vsg";
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(path.parent_path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0700U);
  std::ofstream(world_.data() / "sealed" / "office.vsg.new") << "of a writer that was killed";
  world_.restart();
  EXPECT_FALSE(std::filesystem::exists(world_.data() / "sealed" / "office.vsg.new"));
  EXPECT_EQ(etag(world_.get("/v1/sealed/office")), tag);
  EXPECT_EQ(products(search("office", {{"image", base64_of(ada_)}})).size(), 2U);

  std::string damaged = file_;
  damaged[damaged.size() - 100] = static_cast<char>(damaged[damaged.size() - 100] ^ 1);
  std::ofstream(path, std::ios::binary) << damaged;
  std::ofstream(world_.data() / "sealed" / "cut.vsg", std::ios::binary) << file_.substr(0, 40);
  world_.restart();
  for (const Response& refused : {search("office", {{"image", base64_of(ada_)}}), world_.get("/v1/sealed/cut")}) {
    EXPECT_EQ(World::code(refused), "sealed_not_usable");
    EXPECT_EQ(refused.body.find(world_.data().string()), std::string::npos) << "no paths for callers";
  }
  EXPECT_NE(world_.log().back().find("fault"), std::string::npos) << "but for the log";
  EXPECT_EQ(World::json(world_.get("/v1/sealed")).at("galleries").size(), 2U)
      << "nobody takes it for one that is not there";
  EXPECT_EQ(put("office", file_).status, 200);
  EXPECT_EQ(products(search("office", {{"image", base64_of(ada_)}})).size(), 2U) << "another copy mends it";
}

TEST_F(SealedGalleries, NeverTakeASecretKey) {
  world_.make_collection("staff");
  world_.enrol("staff", "Ada Lovelace", ada_);
  EXPECT_EQ(put("office", file_).status, 201);
  const std::string open = text_of(sealed::encode_secret(sealed_key(), "").value());
  const std::string guarded =
      text_of(sealed::encode_secret(sealed_key(), "open sesame", {.passes = 1, .memory_kib = 8}).value());
  std::string newer = open;
  newer[7] = 2;
  const std::string inside = open.substr(open.size() - 120, 60);  // of its primes
  int sent = 0;
  for (const std::string& secret : {open, guarded, newer, open.substr(0, open.size() / 2), open.substr(0, 9)}) {
    const Response refused = put("office", secret);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(World::code(refused), "secret_key_refused");
    EXPECT_EQ(World::code(put("new", secret)), "secret_key_refused");
    EXPECT_EQ(World::code(search("office", {{"image", base64_of(secret)}})), "secret_key_refused");
    EXPECT_EQ(World::code(world_.ask(Method::post, "/v1/collections/staff/sealed-search", bytes_ask(secret))),
              "secret_key_refused");
    EXPECT_EQ(World::code(put("office", secret, {{"Idempotency-Key", std::to_string(++sent)}})), "secret_key_refused");
  }
  const std::string kept = everything_below(world_.data());
  EXPECT_NE(kept.find(file_.substr(file_.size() / 2, 60)), std::string::npos) << "what is kept is found";
  EXPECT_EQ(kept.find(inside), std::string::npos) << "its bytes were kept";
  for (const std::string& line : world_.log()) EXPECT_EQ(line.find(inside), std::string::npos) << "or logged";
  EXPECT_EQ(World::json(world_.get("/v1/sealed")).at("galleries").size(), 1U);
  EXPECT_EQ(products(search("office", {{"image", base64_of(ada_)}})).size(), 2U) << "what was there is there";
}

TEST_F(SealedGalleries, AreRefusedWhereTheyAreNone) {
  std::string altered = file_;
  altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
  std::string newer = file_;
  newer[7] = 2;
  auto no_rows = sealed::make_gallery(sealed_key().public_key(), "m", 4, {}).value();
  auto odd_model = office_;
  odd_model.model = "a\nb";
  auto odd_id = office_;
  odd_id.id = "../../etc/passwd";
  auto costly = sealed::make_gallery(sealed_key().public_key(), "m", 2, {.sealed = 1000, .plain = 1 << 20}).value();
  ASSERT_TRUE(sealed::Enroller::make(sealed_key().public_key())
                  ->add(costly, std::vector<sealed::NamedTemplate>{{.name = "a", .values = {0.6F, 0.8F}}}));
  auto no_cipher = office_;
  std::fill_n(no_cipher.ciphertexts.begin(), no_cipher.key.ciphertext_bytes(), std::uint8_t{0});
  const std::vector<std::pair<std::string, std::string>> bad{
      {altered, "altered or cut off"},
      {file_.substr(0, file_.size() - 1), "altered or cut off"},
      {newer, "version 2"},
      {"", "does not begin like one"},
      {"a picture", "does not begin like one"},
      {text_of(sealed::encode(sealed_key().public_key())), "this is a public key"},
      {text_of(sealed::encode(sealed_probe(world_, ada_))), "this is a sealed probe"},
      {text_of(sealed::encode(no_rows)), "no rows"},
      {text_of(sealed::encode(odd_model)), "no text"},
      {text_of(sealed::encode(odd_id)), "32 hex digits"},
      {text_of(sealed::encode(costly)), "plain scale is 1048576"},
      {text_of(sealed::encode(no_cipher)), "ciphertext 0"}};
  for (const auto& [bytes, why] : bad) {
    const Response refused = put("office", bytes);
    EXPECT_EQ(World::code(refused), "sealed_not_valid") << why;
    EXPECT_NE(refused.body.find(why), std::string::npos) << refused.body;
  }
  EXPECT_EQ(World::code(world_.ask(Method::put, "/v1/sealed/office", {.body = "{}"})), "body_type_not_supported");
  EXPECT_TRUE(World::json(world_.get("/v1/sealed")).at("galleries").empty());
}

TEST_F(SealedGalleries, HaveNamesThatAreNoPaths) {
  for (const char* name : {"%2e%2e", "..%2foffice", "a%2fb", "Office", "office.vsg", ".office", "-a", "%2fetc%2fpasswd",
                           "logs%2foffice"}) {
    EXPECT_EQ(World::code(put(name, file_)), "parameter_not_valid") << name;
    EXPECT_EQ(World::code(world_.get("/v1/sealed/" + std::string(name))), "sealed_not_found") << name;
    EXPECT_EQ(World::code(search(name, {{"image", base64_of(ada_)}})), "sealed_not_found") << name;
    EXPECT_EQ(World::code(world_.ask(Method::del, "/v1/sealed/" + std::string(name))), "sealed_not_found") << name;
    EXPECT_EQ(World::code(world_.get("/v1/sealed/" + std::string(name) + "/audit")), "sealed_not_found") << name;
  }
  std::vector<std::string> there;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world_.data() / "sealed"))
    there.push_back(entry.path().filename().string());
  EXPECT_EQ(there, std::vector<std::string>{"logs"});
}

TEST_F(SealedGalleries, AreSearchedWithTemplatesOfTheirModelAlone) {
  const auto other = text_of(sealed::encode(
      sealed_gallery(world_, {{.name = "Ada Lovelace", .values = template_of(world_, ada_)}}, kOtherModel)));
  EXPECT_EQ(put("other", other).status, 201);
  const Response refused = search("other", {{"image", base64_of(ada_)}});
  EXPECT_EQ(World::code(refused), "model_mismatch");
  EXPECT_NE(refused.body.find(kOtherModel), std::string::npos) << refused.body;
  EXPECT_NE(refused.body.find(testing::model_of(world_)), std::string::npos) << refused.body;
  const std::vector<float> values = template_of(world_, ada_);
  EXPECT_EQ(World::code(search("other", {{"template", values}, {"model", "a third"}})), "model_mismatch");
  EXPECT_EQ(products(search("other", {{"template", values}, {"model", kOtherModel}})).size(), 1U);

  EXPECT_EQ(put("office", file_).status, 201);
  for (const TestJson& body : {TestJson::object(), TestJson{{"template", {1.0}}}, TestJson{{"template", {0.6, 0.8}}},
                               TestJson{{"template", std::vector<float>(values.size(), 1.0F)}},
                               TestJson{{"model", "m"}}, TestJson{{"template", values}, {"image", base64_of(ada_)}},
                               TestJson{{"image", base64_of(ada_)}, {"model", "m"}}, TestJson{{"template", {1e300}}},
                               TestJson{{"template", "x"}}})
    EXPECT_EQ(World::code(search("office", body)), "body_not_valid") << body.dump().substr(0, 80);
  EXPECT_EQ(World::code(search("office", {{"image", base64_of(picture_of_nobody())}})), "no_face");
  EXPECT_EQ(World::code(search("office", {{"image", base64_of("no picture")}})), "picture_not_readable");
}

TEST_F(SealedGalleries, AreHiddenFromOtherTenants) {
  EXPECT_EQ(put("red", file_).status, 201);
  EXPECT_EQ(put("blue", file_).status, 201);
  const std::string key = world_.key("admin", {"red"});
  const auto comparable = [](const Response& response) {
    auto json = TestJson::parse(response.body);
    json.erase("request_id");
    return std::to_string(response.status) + json.dump();
  };
  for (const Route& route : world_.router().routes()) {
    if (route.path.find("{sealed}") == std::string::npos) continue;
    const auto ask = [&](const std::string& name) {
      std::string path = route.path;
      path.replace(path.find("{sealed}"), 8, name);
      const Ask with = route.method == Method::put ? bytes_ask(file_, key)
                                                   : Ask{.body = route.request_type.empty() ? "" : "{}", .key = key};
      return comparable(world_.ask(route.method, path, with));
    };
    EXPECT_EQ(ask("blue"), ask("none")) << route.operation;
    EXPECT_EQ(ask("blue").substr(0, 3), "404") << route.operation;
  }
  EXPECT_EQ(World::json(world_.get("/v1/sealed", key)).at("galleries"), TestJson::parse(R"([{"sealed": "red"}])"));
  EXPECT_EQ(world_.get("/v1/sealed/red", key).status, 200);
  EXPECT_EQ(world_.get("/v1/sealed/blue").status, 200) << "nothing of it was changed";
  const std::string reader = world_.key("read", {"red"});
  EXPECT_EQ(world_.get("/v1/sealed/red", reader).status, 200);
  EXPECT_EQ(World::code(search("red", {{"image", base64_of(ada_)}}, reader)), "scope_too_small");
  const std::string identifier = world_.key("identify", {"red"});
  EXPECT_EQ(search("red", {{"image", base64_of(ada_)}}, identifier).status, 200);
  EXPECT_EQ(World::code(world_.ask(Method::put, "/v1/sealed/red", bytes_ask(file_, identifier))), "scope_too_small");
  const std::string enroller = world_.key("enrol", {"red"});
  EXPECT_EQ(world_.ask(Method::put, "/v1/sealed/red", bytes_ask(file_, enroller)).status, 200);
  EXPECT_EQ(World::code(world_.ask(Method::del, "/v1/sealed/red", {.key = enroller})), "scope_too_small");
}

TEST_F(SealedGalleries, AreWrittenOfInTheAuditLogWhichOutlivesThem) {
  const std::string key = world_.key("enrol", {"office"});
  const std::string id = World::json(world_.get("/v1/whoami", key)).at("id");
  EXPECT_EQ(world_.ask(Method::put, "/v1/sealed/office", bytes_ask(file_, key, {{"X-Purpose", "moved house"}})).status,
            201);
  EXPECT_EQ(put("office", file_).status, 200);
  EXPECT_EQ(search("office", {{"image", base64_of(ada_)}}, key).status, 200);
  EXPECT_EQ(world_.post("/v1/sealed/office/search?row=1", {{"image", base64_of(ada_)}}, key).status, 200);
  EXPECT_EQ(world_.ask(Method::del, "/v1/sealed/office").status, 200);
  world_.restart();
  const Response log = world_.get("/v1/sealed/office/audit");
  ASSERT_EQ(log.status, 200) << log.body;
  std::vector<std::string> acts;
  const TestJson told = World::json(log);
  for (const auto& record : told.at("records")) {
    acts.push_back(record.at("what").get<std::string>() + " " + record.at("count").dump());
    EXPECT_NE(record.at("detail").get<std::string>().find(office_.id), std::string::npos) << record;
  }
  EXPECT_EQ(acts, (std::vector<std::string>{"sealed-add 2", "sealed-replace 2", "sealed-search 2", "sealed-search 1",
                                            "sealed-remove 2"}));
  const auto& first = told.at("records").at(0);
  EXPECT_TRUE(first.at("who").get<std::string>().starts_with("key " + id + " request request-")) << first;
  EXPECT_EQ(first.at("purpose"), "moved house");
  EXPECT_EQ(World::json(world_.get("/v1/sealed/office/audit/head")).at("number"), 5);
  EXPECT_EQ(World::json(world_.post("/v1/sealed/office/audit/verify", TestJson::object())).at("ok"), true);
  EXPECT_EQ(World::code(world_.get("/v1/sealed/none/audit")), "sealed_not_found");
}

TEST_F(SealedGalleries, AreCountedAndNamedInTheRequestLog) {
  EXPECT_EQ(put("office", file_).status, 201);
  EXPECT_EQ(search("office", {{"image", base64_of(ada_)}}).status, 200);
  const auto line = TestJson::parse(world_.log().back());
  EXPECT_EQ(line.at("sealed"), "office");
  EXPECT_EQ(line.at("route"), "/v1/sealed/{sealed}/search");
  const std::string metrics = world_.get("/metrics").body;
  for (const char* wanted : {"vultus_sealed_searches_total 1\n", "vultus_sealed_rows_total 2\n",
                             "vultus_sealed_galleries 1\n", "vultus_sealed_open 1\n"})
    EXPECT_NE(metrics.find(wanted), std::string::npos) << wanted;
}

}  // namespace
}  // namespace vultus::server
