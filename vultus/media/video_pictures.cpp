// Pictures in a row as a video: a folder, or a pattern such as frame%04d.png.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/media/inputs.hpp>
#include <vultus/media/numbered.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

constexpr std::string_view kDigits = "0123456789";

/// The files of a pattern from the lowest number to the highest. Those that are missing between are among them: they
/// keep their place in time and are counted when they cannot be read.
Result<std::vector<std::string>> files_of(const std::string& pattern) {
  VULTUS_TRY(const Numbered numbered, Numbered::of(pattern));
  const std::vector<std::int64_t> numbers = numbered.there();
  if (numbers.empty()) return fail(ErrorCode::not_found, pattern + ": no picture " + numbered.name(1));
  const auto there = static_cast<std::int64_t>(numbers.size());
  const std::int64_t missing = numbers.back() - numbers.front() + 1 - there;
  if (missing > there) {
    std::int64_t first = numbers.front();
    for (const std::int64_t number : numbers) first += number == first ? 1 : 0;
    return fail(ErrorCode::not_found, numbered.name(first) + ": missing, as are more of the numbers from " +
                                          std::to_string(numbers.front()) + " to " + std::to_string(numbers.back()) +
                                          " than are there");
  }
  std::vector<std::string> files;
  files.reserve(static_cast<std::size_t>(there + missing));
  for (std::int64_t n = numbers.front(); n <= numbers.back(); ++n) files.push_back(numbered.name(n));
  return files;
}

/// A row of digits is one number: 2 comes before 10.
bool comes_before(std::string_view one, std::string_view other) {
  std::string_view a = one, b = other;
  // Takes the digits off the front, without leading zeros.
  const auto take_number = [](std::string_view& from) {
    std::string_view digits = from.substr(0, std::min(from.find_first_not_of(kDigits), from.size()));
    from.remove_prefix(digits.size());
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
  };
  const auto starts_with_digit = [](std::string_view text) { return kDigits.find(text.front()) != kDigits.npos; };
  while (!a.empty() && !b.empty()) {
    if (starts_with_digit(a) && starts_with_digit(b)) {
      const std::string_view x = take_number(a), y = take_number(b);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      continue;
    }
    if (a.front() != b.front()) return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front());
    a.remove_prefix(1), b.remove_prefix(1);
  }
  return a.empty() != b.empty() ? a.empty() : one < other;
}

Result<std::vector<std::string>> files_in(const std::string& folder) {
  VULTUS_TRY(FolderContent content, list_folder(folder));
  std::ranges::sort(content.pictures, comes_before);
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
