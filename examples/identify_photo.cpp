// Who is in these photos? The main job in a program of your own:
//   identify_photo MODELS GALLERY PHOTO...
// MODELS is the folder of manifests (share/vultus/models of an installation); `vultus enroll` fills a GALLERY.
#include <iostream>
#include <span>
#include <vector>

#include <vultus/engine/identify.hpp>
#include <vultus/gallery/gallery.hpp>

namespace {

vultus::Status name_people(const char* models, const char* path, std::span<const vultus::media::Input> photos) {
  VULTUS_TRY(const auto engine, vultus::engine::Engine::load({.models = models}));
  VULTUS_TRY(const auto gallery, vultus::Gallery::open({.path = path}));
  VULTUS_TRY(const auto at, engine.operating_point());
  return identify_pictures(engine, gallery, photos, {.at = at}, [](const auto& photo) -> vultus::Status {
    if (photo.error) std::cout << photo.error->message << '\n';
    for (const auto& face : photo.faces)
      std::cout << photo.path << ": " << (face.decision.match ? face.decision.match->name : "unknown") << '\n';
    return {};
  });
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::cerr << "usage: identify_photo MODELS GALLERY PHOTO...\n";
    return 2;
  }
  std::vector<vultus::media::Input> photos;
  for (int i = 3; i < count; ++i) photos.push_back({.path = arguments[i]});
  const vultus::Status done = name_people(arguments[1], arguments[2], photos);
  if (!done) std::cerr << done.error().message << '\n';
  return done ? 0 : 1;
}
