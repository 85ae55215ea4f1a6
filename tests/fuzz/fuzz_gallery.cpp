// Hostile gallery files: whatever the bytes are, opening, listing, searching and checking must end with an answer or an
// error.
// The input is the file, or changes to a sound one: file_or_changes().
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/maintenance.hpp>

#include "fuzz_file.hpp"

namespace {

using vultus::fuzz::folder;

constexpr int kDimension = 4;

vultus::Embedding some_embedding(std::mt19937& random) {
  std::normal_distribution<float> normal;
  std::vector<float> values(kDimension);
  for (float& v : values) v = normal(random);
  return vultus::Embedding::normalised(vultus::ModelId("fuzz"), std::move(values)).value();
}

/// The bytes of a gallery with three subjects.
std::string sound_gallery() {
  const auto path = folder() / "sound";
  {
    auto made = vultus::Gallery::open({.path = path,
                                       .access = vultus::GalleryAccess::create_or_open,
                                       .model = vultus::GalleryModel{vultus::ModelId("fuzz"), kDimension, {}, {}}});
    std::mt19937 random(1);
    std::vector<vultus::NewFace> faces;
    for (int i = 0; i < 9; ++i)
      faces.push_back({.subject = std::string(1, static_cast<char>('A' + i % 3)), .embedding = some_embedding(random)});
    faces.back().thumbnail = vultus::Thumbnail{vultus::ThumbnailFormat::jpeg, std::vector<std::byte>(10'000)};
    if (!made || !made->enrol(faces)) std::abort();
    // A merge that can be taken back, and a negative sample.
    if (!made->merge(vultus::SubjectId(3), vultus::SubjectId(2)) ||
        !made->not_this_person(vultus::FaceId(1), vultus::SubjectId(2)))
      std::abort();
  }
  return vultus::fuzz::bytes_of(path);
}

/// What is saved of any file is a sound gallery.
void repair(const std::filesystem::path& path) {
  const auto to = folder() / "repaired";
  std::filesystem::remove(to);
  if (!vultus::repair_gallery(path, to)) return;
  const auto check = vultus::check_gallery(to);
  if (!check || !check->sound()) std::abort();
}

void use(const std::filesystem::path& path, vultus::GalleryAccess access) {
  auto opened = vultus::Gallery::open({.path = path, .access = access});
  if (!opened) {
    (void)vultus::check_gallery(path);
    return;
  }
  std::mt19937 random(2);
  const auto& model = opened->info().model;
  auto probe =
      vultus::Embedding::normalised(model.id, std::vector<float>(static_cast<std::size_t>(model.dimension), 1));
  if (!probe || !opened->search(*probe, {.top_k = 100})) std::abort();
  const auto subjects = opened->subjects();
  if (subjects)
    for (const vultus::Subject& subject : *subjects) {
      const auto faces = opened->faces(subject.id);
      (void)opened->templates(subject.id);
      if (faces)
        for (const vultus::EnrolledFace& face : *faces) (void)opened->thumbnail(face.id);
    }
  (void)opened->calibrations();
  (void)opened->undoable();
  (void)opened->not_same();
  if (access == vultus::GalleryAccess::read_write) {
    const vultus::NewFace more{.subject = "More", .embedding = *probe};
    (void)opened->enrol({&more, 1});
    (void)opened->undo();
    (void)opened->undo();
    (void)opened->rename(vultus::SubjectId(1), "B", vultus::IfNameTaken::merge);
    (void)opened->remove(vultus::SubjectId(3));
    (void)opened->refresh();
  }
  (void)opened->check();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string kSound = sound_gallery();
  const std::string bytes = vultus::fuzz::file_or_changes(data, size, kSound);
  const auto path = folder() / "g";
  // The fuzzer decides by the length whether the gallery is changed as well, which is slower.
  const auto access = size % 3 == 0 ? vultus::GalleryAccess::read_write : vultus::GalleryAccess::read_only;
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
  vultus::fuzz::write(path, bytes);
  if (size % 2 == 0) repair(path);
  use(path, access);
  return 0;
}
