#include <vultus/media/picture_hash.hpp>

#include <algorithm>
#include <array>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace vultus::media {

Result<std::uint64_t> picture_hash(ImageView picture) {
  constexpr int kSide = 32;
  constexpr int kLow = 8;
  if (picture.empty()) return fail(ErrorCode::invalid_argument, "a picture without pixels has no hash");
  return guarded("picture hash", [&]() -> Result<std::uint64_t> {
    const bool grey = picture.format == PixelFormat::gray8;
    // OpenCV asks for writable pixels and writes none of these.
    const cv::Mat pixels(picture.height, picture.width, grey ? CV_8UC1 : CV_8UC3,
                         const_cast<std::uint8_t*>(picture.data),  // NOLINT(cppcoreguidelines-pro-type-const-cast)
                         static_cast<std::size_t>(picture.stride));
    cv::Mat single = pixels;
    if (!grey) cv::cvtColor(pixels, single, cv::COLOR_RGB2GRAY);
    cv::Mat small;
    cv::resize(single, small, cv::Size(kSide, kSide), 0, 0, cv::INTER_AREA);
    cv::Mat numbers;
    small.convertTo(numbers, CV_32F);
    cv::Mat spectrum;
    cv::dct(numbers, spectrum);
    std::array<float, kLow * kLow> low{};
    std::size_t entry = 0;
    for (int v = 0; v < kLow; ++v)
      for (int u = 0; u < kLow; ++u) low[entry++] = spectrum.at<float>(v, u);
    std::array<float, kLow * kLow - 1> sorted{};
    std::copy(low.begin() + 1, low.end(), sorted.begin());
    std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
    const float median = sorted[sorted.size() / 2];
    std::uint64_t hash = 0;
    for (const float value : low) hash = (hash << 1U) | (value > median ? 1U : 0U);
    return hash;
  });
}

std::string hash_text(std::uint64_t hash) {
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; hash >>= 4U) text[i] = "0123456789abcdef"[hash & 15U];
  return text;
}

}  // namespace vultus::media
