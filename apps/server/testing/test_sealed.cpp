#include <apps/server/testing/test_sealed.hpp>

#include <array>
#include <stdexcept>
#include <utility>

#include <vultus/sealed/gallery.hpp>
#include <vultus/sealed/sealed_probe.hpp>

#include <apps/server/service.hpp>

namespace vultus::server::testing {

const sealed::SecretKey& sealed_key(int which) {
  static const std::array<sealed::SecretKey, 2> kKeys{sealed::generate_key({.bits = 1024}).value(),
                                                      sealed::generate_key({.bits = 1024}).value()};
  return kKeys.at(static_cast<std::size_t>(which));
}

std::vector<float> template_of(World& world, const std::string& picture) {
  const auto seen = world.service().faces().look(picture, "test", {.depth = engine::Depth::embed_main}).value();
  const auto values = seen.faces.at(0).embedding.value().values();
  return {values.begin(), values.end()};
}

std::string model_of(World& world) { return world.service().faces().engine().preset().template_model().text(); }

sealed::SealedGallery sealed_gallery(World& world, const std::vector<sealed::NamedTemplate>& rows,
                                     const std::string& model) {
  const sealed::PublicKey& key = sealed_key().public_key();
  auto gallery =
      sealed::make_gallery(key, model.empty() ? model_of(world) : model, static_cast<int>(rows.at(0).values.size()), {})
          .value();
  if (const Status added = sealed::Enroller::make(key).value().add(gallery, rows); !added)
    throw std::runtime_error(added.error().message);
  return gallery;
}

sealed::SealedGallery office_of(World& world, const std::string& ada, const std::string& grace) {
  return sealed_gallery(world, {{.name = "Ada Lovelace", .values = template_of(world, ada)},
                                {.name = "Grace Hopper", .values = template_of(world, grace)}});
}

sealed::SealedProbe sealed_probe(World& world, const std::string& picture) {
  return sealed::seal_probe(sealed_key().public_key(), model_of(world), template_of(world, picture), {}).value();
}

Ask bytes_ask(std::string bytes, const std::string& key, Headed more) {
  more.emplace_back("Content-Type", "application/octet-stream");
  return {.body = std::move(bytes), .key = key, .headers = std::move(more)};
}

}  // namespace vultus::server::testing
