// Pictures in a row as a video: a folder, or a pattern such as frame%04d.png.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include <vultus/media/inputs.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

/// The pattern's one % field: %d, %4d or %04d.
struct Numbered {
  std::string before, after;
  int width = 0;
  bool zeros = false;

  [[nodiscard]] std::string name(int number) const {
    const std::string digits = std::to_string(number);
    const std::size_t missing = std::max(digits.size(), static_cast<std::size_t>(width)) - digits.size();
    return before + std::string(missing, zeros ? '0' : ' ') + digits + after;
  }
};

Result<Numbered> parse_pattern(const std::string& pattern) {
  const std::size_t percent = pattern.find('%');
  std::size_t at = percent + 1;
  Numbered found{.before = pattern.substr(0, percent), .after = {}};
  if (at < pattern.size() && pattern[at] == '0') found.zeros = true, ++at;
  if (at < pattern.size() && pattern[at] >= '1' && pattern[at] <= '9') found.width = pattern[at++] - '0';
  if (at >= pattern.size() || pattern[at] != 'd')
    return fail(ErrorCode::not_found, pattern + ": no such file, and no pattern like frame%04d.png");
  found.after = pattern.substr(at + 1);
  return found;
}

/// The files of a pattern from the first number that is there, 0 or 1, to the first gap.
Result<std::vector<std::string>> files_of(const std::string& pattern) {
  VULTUS_TRY(const Numbered numbered, parse_pattern(pattern));
  std::error_code ignored;
  const auto there = [&](int n) { return std::filesystem::is_regular_file(numbered.name(n), ignored); };
  std::vector<std::string> files;
  for (int n = there(0) ? 0 : 1; there(n); ++n) files.push_back(numbered.name(n));
  if (files.empty()) return fail(ErrorCode::not_found, pattern + ": no picture " + numbered.name(1));
  return files;
}

Result<std::vector<std::string>> files_in(const std::string& folder) {
  VULTUS_TRY(const FolderContent content, list_folder(folder));
  std::vector<std::string> files;
  files.reserve(content.pictures.size());
  for (const std::string& name : content.pictures) files.push_back((std::filesystem::path(folder) / name).string());
  if (files.empty()) return fail(ErrorCode::not_found, folder + ": no pictures in this folder");
  return files;
}

class Pictures final : public VideoReader::Source {
 public:
  Pictures(std::vector<std::string> files, const VideoOptions& options, std::stop_token stop)
      : files_(std::move(files)), decode_{.limits = options.limits}, stop_(std::move(stop)) {}

  Status begin(const std::string& name, double rate) {
    VULTUS_CHECK(read(files_.front()));
    info.name = name;
    info.width = picture_.full_width;
    info.height = picture_.full_height;
    // A rate such as 29.97 keeps its exact value in thousandths.
    info.clock = {.numerator = std::llround(rate * 1000), .denominator = 1000};
    if (info.clock.numerator < 1) info.clock.numerator = 1;
    info.rate = rate;
    info.duration = static_cast<double>(files_.size()) / rate;
    info.codec = "pictures";
    return {};
  }

  Result<bool> next(VideoFrame& into) override {
    if (stop_.stop_requested()) return fail(ErrorCode::cancelled, info.name + ": stopped");
    for (; at_ < files_.size(); ++at_) {
      if (const Status done = read(files_[at_]); !done) {
        ++counts.damaged_packets;
        if (counts.frames == 0 && at_ + 1 == files_.size()) return done.error();
        continue;
      }
      std::swap(into.image, picture_.image);
      into.time = {static_cast<std::int64_t>(at_++)};
      into.file_time.reset();
      into.number = counts.frames++;
      return true;
    }
    return false;
  }

 private:
  Status read(const std::string& file) { return decoder_.read(file, decode_, picture_); }

  std::vector<std::string> files_;
  DecodeOptions decode_;
  std::stop_token stop_;
  std::size_t at_ = 0;
  Decoder decoder_;
  Picture picture_;
};

}  // namespace

Result<std::unique_ptr<VideoReader::Source>> open_pictures(const std::string& name, const VideoOptions& options,
                                                           std::stop_token stop) {
  std::error_code ignored;
  VULTUS_TRY(std::vector<std::string> files,
             std::filesystem::is_directory(name, ignored) ? files_in(name) : files_of(name));
  auto pictures = std::make_unique<Pictures>(std::move(files), options, std::move(stop));
  VULTUS_CHECK(pictures->begin(name, options.sequence_rate));
  return std::unique_ptr<VideoReader::Source>(std::move(pictures));
}

}  // namespace vultus::media
