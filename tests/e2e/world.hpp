// A folder with people, photos and broken files, and the program to be let loose on it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <tests/e2e/process.hpp>

namespace vultus::e2e {

using Json = nlohmann::json;

/// Photos that tools/setup has fetched: one of Barack Obama, two more of him, one of Joe Biden, a group of strangers.
struct Samples {
  std::filesystem::path obama;
  std::filesystem::path obama_2;
  std::filesystem::path obama_3;
  std::filesystem::path biden;
  std::filesystem::path group;
  std::filesystem::path group_2;
};
/// @throw std::runtime_error  a photo is missing: that fails the test
[[nodiscard]] const Samples& samples();

/// The user's cache folder, with networks and photos.
[[nodiscard]] std::filesystem::path cache_folder();

/// A folder of its own for one test, removed with it. Its name holds a space and letters outside ASCII on purpose.
/// It holds what the examples of the help texts speak of:
///   people/Ada Lovelace/1.jpg (Obama)   people/Joe Biden/1.jpg   people.csv
///   a.jpg (Obama)   b.jpg (Obama, another photo)   c.jpg (Biden)   photos/ (five pictures, one without a face)
class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  /// Runs vultus in this folder.
  [[nodiscard]] Answer vultus(std::vector<std::string> arguments) const {
    return vultus(Call{.arguments = std::move(arguments), .folder = {}});
  }
  /// The same with the circumstances of a call, whose arguments are without the program.
  [[nodiscard]] Answer vultus(Call call) const;
  /// Runs a line in a shell that finds vultus.
  [[nodiscard]] Answer shell(const std::string& line) const;

  /// Makes mine.onnx, the network fr_feature under another name, and its manifest mine.json.
  void make_own_model() const;

  /// Makes people.vgal of people/; later commands take its preset. Fails the test where that fails.
  void enroll_people(const std::string& preset = "default") const;
  /// What `vultus gallery check` says; a failure of the test if the gallery is not sound.
  [[nodiscard]] Json checked(const std::string& gallery) const;

  /// Makes cohort/ of ten pictures of eight people, one folder each, and groups.csv of them: 42 pairs of different
  /// people, enough for a false match rate of 0.1.
  void make_cohort() const;

  void write(const std::string& name, const std::string& bytes) const;
  void copy(const std::filesystem::path& from, const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

[[nodiscard]] std::string read_bytes(const std::filesystem::path& path);

/// The objects of JSON Lines. A line that is none fails the test.
[[nodiscard]] std::vector<Json> json_lines(const std::string& text);

/// The object of a file, or null. @param file  the name as given
[[nodiscard]] Json line_of(const std::vector<Json>& lines, const std::string& file);

/// A PNG whose header claims a size, with a few bytes of pixels behind it.
[[nodiscard]] std::string png_that_claims(unsigned width, unsigned height);
/// A small grey picture (PGM) without a face.
[[nodiscard]] std::string grey_picture(int side);

}  // namespace vultus::e2e
