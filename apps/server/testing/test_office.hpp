// For tests: a server, a gallery of Ada and Grace sealed for a test key, and what it takes to send and read them.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_sealed.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server::testing {

inline constexpr const char* kOtherModel = "another network";

class SealedOffice : public ::testing::Test {
 protected:
  Response put(const std::string& name, const std::string& bytes, const Headed& headers = {}) {
    return world_.ask(Method::put, "/v1/sealed/" + name, bytes_ask(bytes, "admin", headers));
  }
  Response search(const std::string& name, const TestJson& body, const std::string& key = "admin") {
    return world_.post("/v1/sealed/" + name + "/search", body, key);
  }
  std::vector<std::int64_t> products(const Response& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    return sealed::open_products(sealed_key(), sealed::decode_result(view_of(response.body)).value()).value();
  }
  std::string etag(const Response& response) { return std::string(response.headers.find("ETag").value_or("none")); }

  World world_;
  const std::string ada_ = picture_of(50, 60);
  const std::string ada_again_ = picture_of(50, 100);
  const std::string grace_ = picture_of(120, 60);
  const sealed::SealedGallery office_ = office_of(world_, ada_, grace_);
  const std::string file_ = text_of(sealed::encode(office_));
};

}  // namespace vultus::server::testing
