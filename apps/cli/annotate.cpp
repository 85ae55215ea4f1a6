#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/media/draw.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/thumbnail.hpp>

#include <apps/cli/annotate.hpp>

namespace vultus::cli {
namespace fs = std::filesystem;
namespace {

constexpr int kLongestSide = 2048;
constexpr int kQuality = 88;

std::vector<media::Mark> marks_of(const engine::IdentifiedPicture& picture, float scale) {
  std::vector<media::Mark> marks;
  for (const engine::IdentifiedFace& face : picture.faces) {
    const Decision& decision = face.decision;
    const RectF& box = face.face.box;
    media::Mark mark;
    mark.box = {box.x * scale, box.y * scale, box.width * scale, box.height * scale};
    mark.label = decision.match ? fmt::format("{}  {:.2f}", decision.match->name, decision.match->similarity.value())
                                : "unknown";
    mark.colour = decision.match ? media::kKnownColour : media::kUnknownColour;
    marks.push_back(std::move(mark));
  }
  return marks;
}

}  // namespace

Result<Annotator> Annotator::into(const std::string& folder, std::span<const media::Input> inputs,
                                  const media::DecodeLimits& limits) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return fail(ErrorCode::resource_limit, folder + ": the folder cannot be made: " + failed.message());
  if (!fs::is_directory(folder, failed)) return fail(ErrorCode::invalid_argument, folder + ": is not a folder");
  Annotator made(folder, Originals(inputs));
  if (std::ranges::any_of(inputs, &media::Input::standard_input)) {
    VULTUS_TRY(made.kept_, KeptInput::keep(limits.max_bytes));
  }
  return made;
}

fs::path Annotator::free_name(const std::string& source) {
  const std::string stem = fs::path(source).stem().string();
  for (int number = 1;; ++number) {
    const std::string name = number == 1 ? stem + ".jpg" : fmt::format("{}-{}.jpg", stem, number);
    fs::path path = folder_ / name;
    // A picture that lies in the folder itself is not replaced: neither by its copy nor by that of another.
    if (taken_.contains(name) || originals_.contains(path)) continue;
    taken_.insert(name);
    return path;
  }
}

Result<media::Picture> Annotator::read_again(const media::Input& input, const media::DecodeLimits& limits) {
  const media::DecodeOptions options{.limits = limits, .wanted_side = kLongestSide};
  if (!input.standard_input) return media::read_picture(input.path, options);
  if (!kept_) return fail(ErrorCode::internal, "standard input was not kept");
  VULTUS_CHECK(kept_->again());
  VULTUS_TRY(const auto bytes, media::read_standard_input(limits.max_bytes));
  return media::decode_picture(bytes, options);
}

Result<std::string> Annotator::write(const engine::IdentifiedPicture& picture, const media::Input& input,
                                     const media::DecodeLimits& limits) {
  std::error_code unreadable;
  // What came through a named pipe is gone.
  if (!input.standard_input && fs::is_fifo(input.path, unreadable)) return std::string();
  VULTUS_TRY(const media::Picture decoded, read_again(input, limits));
  VULTUS_TRY(Image image, media::resize_to_side(decoded.image.view(), kLongestSide));
  const float scale = static_cast<float>(image.width()) / static_cast<float>(std::max(1, decoded.full_width));
  VULTUS_CHECK(media::draw_marks(image, marks_of(picture, scale)).with_context(input.path));
  VULTUS_TRY(const auto bytes, media::encode_jpeg(image.view(), {.quality = kQuality, .full_colour = true}));
  const std::string path = free_name(input.standard_input ? "stdin" : input.path).string();
  VULTUS_CHECK(media::write_file_atomically(path, bytes));
  return path;
}

}  // namespace vultus::cli
