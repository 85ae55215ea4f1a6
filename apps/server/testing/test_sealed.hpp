// For tests: keys, galleries and probes of encrypted search.
#pragma once

#include <string>
#include <vector>

#include <vultus/sealed/answer.hpp>
#include <vultus/sealed/format.hpp>

#include <apps/server/testing/test_world.hpp>

namespace vultus::server::testing {

/// Keys of 1,024 bits, which are quick and for tests alone; each is made once in a process.
/// @param which  0 or 1
[[nodiscard]] const sealed::SecretKey& sealed_key(int which = 0);

/// What the world's server makes of the main face of a picture.
[[nodiscard]] std::vector<float> template_of(World& world, const std::string& picture);
[[nodiscard]] std::string model_of(World& world);

/// @param model  empty = that of the world's server
[[nodiscard]] sealed::SealedGallery sealed_gallery(World& world, const std::vector<sealed::NamedTemplate>& rows,
                                                   const std::string& model = {});
/// A gallery of Ada and Grace.
[[nodiscard]] sealed::SealedGallery office_of(World& world, const std::string& ada, const std::string& grace);
/// An encrypted probe of a picture.
[[nodiscard]] sealed::SealedProbe sealed_probe(World& world, const std::string& picture);

[[nodiscard]] inline std::string text_of(const sealed::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }
[[nodiscard]] inline sealed::ByteView view_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
/// A body of bytes.
[[nodiscard]] Ask bytes_ask(std::string bytes, const std::string& key = "admin", Headed more = {});

}  // namespace vultus::server::testing
