// Any bytes as a file of a face model's folder: an error with a message, or a model whose promises hold. The first byte
// says which file of a small sound folder the rest stands for; "a": a numpy file alone.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <vultus/face3d/face_model.hpp>
#include <vultus/face3d/npy.hpp>
#include <vultus/media/file.hpp>

namespace {

namespace fs = std::filesystem;

void require(bool promise) {
  if (!promise) std::abort();
}

std::vector<std::uint8_t> npy(const std::string& type, const std::string& shape, std::size_t bytes) {
  const std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  std::vector<std::uint8_t> file{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, static_cast<std::uint8_t>(header.size()), 0};
  file.insert(file.end(), header.begin(), header.end());
  file.resize(file.size() + bytes);
  return file;
}

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A folder of four vertices in one place; goes away with the process.
struct SoundFolder {
  std::string path = (fs::temp_directory_path() / ("vultus-fuzz-face-" + std::to_string(::getpid()))).string();
  std::string index;
  SoundFolder() {
    fs::create_directories(path);
    index = R"({"expressions": ["jawOpen"], "identities": ["a"], "idx_to_landmark_verts": [0)";
    for (int i = 1; i < 68; ++i) index += ", " + std::to_string(i % 4);
    index += "]}";
    mend();
  }
  SoundFolder(const SoundFolder&) = delete;
  SoundFolder& operator=(const SoundFolder&) = delete;
  ~SoundFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  void put(const char* name, std::span<const std::uint8_t> bytes) const {
    require(vultus::media::write_file_atomically(path + "/" + name, bytes).has_value());
  }
  void mend() const {
    put("neutral.npy", npy("<f4", "(4, 3)", 48));
    put("expressions.npy", npy("<f2", "(1, 4, 3)", 24));
    put("identities.npy", npy("<f2", "(1, 4, 3)", 24));
    put("faces.npy", npy("<i4", "(1, 4)", 16));
    put("index.json", bytes_of(index));
  }
};

void check(const vultus::face3d::FaceModel& model) {
  const auto& parts = model.parts();
  require(parts.shape_names.size() == parts.shapes.size() && parts.regions.size() == parts.triangles.size());
  const auto made = model.vertices({.identity = {}, .expression = std::vector<double>(parts.shapes.size(), 1)});
  require(made.has_value() && made->size() == parts.mean.size());
  require(model.points(parts.landmarks, {}).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SoundFolder kFolder;
  if (size == 0) return 0;
  const std::span<const std::uint8_t> rest(data + 1, size - 1);
  if (data[0] == 'a') {
    const auto array = vultus::face3d::read_npy(rest, 1000);
    require(array ? !array->values.empty() && array->values.size() <= 1000 : !array.error().message.empty());
    return 0;
  }
  const char* name = data[0] == 'n'   ? "neutral.npy"
                     : data[0] == 'e' ? "expressions.npy"
                     : data[0] == 'i' ? "identities.npy"
                     : data[0] == 'f' ? "faces.npy"
                                      : "index.json";
  kFolder.put(name, rest);
  const auto model = vultus::face3d::load_face_model(kFolder.path);
  if (model)
    check(*model);
  else
    require(!model.error().message.empty());
  kFolder.mend();
  return 0;
}
