#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>
#include <unistd.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace fs = std::filesystem;
namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

fs::path sample(const char* name) {
  fs::path path = cache_folder() / "samples" / name;
  if (!fs::exists(path)) throw std::runtime_error(path.string() + " is missing: run tools/setup samples");
  return path;
}

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU);
  return bytes;
}

/// CRC-32 as PNG has it, bit by bit.
std::uint32_t crc_of(const std::string& bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::string chunk(const std::string& type, const std::string& data) {
  return big_endian(static_cast<std::uint32_t>(data.size())) + type + data + big_endian(crc_of(type + data));
}

}  // namespace

fs::path cache_folder() {
  if (const std::string own = from_environment("VULTUS_CACHE"); !own.empty()) return own;
  if (const std::string xdg = from_environment("XDG_CACHE_HOME"); !xdg.empty()) return fs::path(xdg) / "vultus";
  return fs::path(from_environment("HOME")) / ".cache" / "vultus";
}

const Samples& samples() {
  static const Samples kSamples{.obama = sample("face_recognition-1.3.0/obama.jpg"),
                                .obama_2 = sample("face_recognition-1.3.0/obama2.jpg"),
                                .obama_3 = sample("face_recognition-1.3.0/obama3.jpg"),
                                .biden = sample("face_recognition-1.3.0/biden.jpg"),
                                .group = sample("face-api-1.7.15/sample1.jpg"),
                                .group_2 = sample("face-api-1.7.15/sample4.jpg")};
  return kSamples;
}

World::World() {
  std::string pattern = (fs::temp_directory_path() / "vultus ñandú XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  const Samples& from = samples();
  copy(from.obama, "people/Ada Lovelace/1.jpg");
  copy(from.biden, "people/Joe Biden/1.jpg");
  copy(from.obama, "a.jpg");
  copy(from.obama_2, "b.jpg");
  copy(from.biden, "c.jpg");
  copy(from.obama_2, "photos/known.jpg");
  copy(from.biden, "photos/Zoë 日本.jpg");
  copy(from.group, "photos/group.jpg");
  write("photos/nobody.pgm", grey_picture(64));
  write("people.csv", "file,subject\na.jpg,Ada Lovelace\nc.jpg,Joe Biden\n");
}

World::~World() {
  std::error_code ignored;
  // Folders without permissions are part of some tests.
  for (fs::recursive_directory_iterator at(folder_, fs::directory_options::skip_permission_denied, ignored), end;
       at != end; at.increment(ignored))
    if (at->is_directory(ignored) && !at->is_symlink(ignored))
      fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
  fs::remove_all(folder_, ignored);
}

void World::copy(const fs::path& from, const std::string& name) const {
  fs::create_directories((folder_ / name).parent_path());
  fs::copy_file(from, folder_ / name, fs::copy_options::overwrite_existing);
}

void World::write(const std::string& name, const std::string& bytes) const {
  fs::create_directories((folder_ / name).parent_path());
  std::ofstream(folder_ / name, std::ios::binary) << bytes;
}

Answer World::vultus(Call call) const {
  call.arguments.insert(call.arguments.begin(), VULTUS_PROGRAM);
  if (call.folder.empty()) call.folder = folder_.string();
  call.environment.emplace("VULTUS_OWN_MODELS", (folder_ / "own models").string());
  return run(call);
}

Answer World::shell(const std::string& line) const {
  const std::string path = fs::path(VULTUS_PROGRAM).parent_path().string() + ":" + from_environment("PATH");
  return run({.arguments = {"sh", "-c", line},
              .folder = folder_.string(),
              .environment = {{"PATH", path}, {"VULTUS_OWN_MODELS", (folder_ / "own models").string()}}});
}

void World::make_own_model() const {
  const Answer path = vultus({"models", "path", "fr_feature"});
  ASSERT_EQ(path.code, 0) << path.err;
  copy(path.out.substr(0, path.out.find('\n')), "mine.onnx");
  write("mine.json", R"({"id": "mine", "decoder": "embedding", "outputs": {"embedding": "output"},
    "input": {"shape": [1, 3, 112, 112], "layout": "NCHW", "colour": "rgb", "mean": [127, 127, 127],
              "scale": [128, 128, 128]}})");
}

void World::make_cohort() const {
  const Samples& from = samples();
  copy(from.obama, "cohort/A/1.jpg");
  copy(from.obama_2, "cohort/A/2.jpg");
  copy(from.obama_3, "cohort/A/3.jpg");
  copy(from.biden, "cohort/B/1.jpg");
  std::string groups = "subject,photographer\nA,one\nB,one\n";
  for (int i = 1; i <= 6; ++i) {
    const std::string number = std::to_string(i);
    copy(from.group.parent_path() / ("sample" + number + ".jpg"), "cohort/S" + number + "/1.jpg");
    groups += "S" + number + ",two\n";
  }
  write("groups.csv", groups);
}

void World::enroll_people(const std::string& preset) const {
  const Answer made = vultus({"enroll", "people.vgal", "people", "--preset", preset, "--quiet"});
  ASSERT_EQ(made.code, 0) << made.out << made.err;
}

Json World::checked(const std::string& gallery) const {
  const Answer answer = vultus({"gallery", "check", gallery, "--json"});
  EXPECT_EQ(answer.code, 0) << answer.out << answer.err;
  const auto lines = json_lines(answer.out);
  if (lines.size() != 1) return {};
  EXPECT_TRUE(lines[0].value("sound", false)) << answer.out;
  return lines[0];
}

std::string read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<Json> json_lines(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    Json object = Json::parse(line, nullptr, false);
    EXPECT_TRUE(object.is_object()) << line;
    lines.push_back(std::move(object));
  }
  return lines;
}

Json line_of(const std::vector<Json>& lines, const std::string& file) {
  for (const Json& line : lines)
    if (line.value("file", "") == file) return line;
  return nullptr;
}

std::string png_that_claims(unsigned width, unsigned height) {
  const std::string header = big_endian(width) + big_endian(height) + std::string("\x08\x02\x00\x00\x00", 5);
  // An empty deflate stream in its zlib container.
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) +
         chunk("IDAT", std::string("\x78\x9c\x03\x00\x00\x00\x00\x01", 8)) + chunk("IEND", "");
}

std::string grey_picture(int side) {
  std::string bytes = "P5\n" + std::to_string(side) + " " + std::to_string(side) + "\n255\n";
  bytes.append(static_cast<std::size_t>(side) * static_cast<std::size_t>(side), '\x80');
  return bytes;
}

}  // namespace vultus::e2e
