#include <vultus/engine/dp_video.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/dp_video_measure.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::engine {
namespace {

constexpr double kMiddleGrey = 127.5;  // public: never the mean of the video
constexpr std::size_t kMostValues = std::size_t{1} << 26U;

/// How frames are cut into rows.
struct RowPlan {
  int width = 0, height = 0;  // of a shrunk frame
  int block = 0;              // pixels; 0 = a frame is a row
  [[nodiscard]] std::size_t columns() const {
    return block > 0 ? std::size_t{3} * static_cast<std::size_t>(block * block)
                     : std::size_t{3} * static_cast<std::size_t>(width * height);
  }
  [[nodiscard]] int rows_a_frame() const { return block > 0 ? (width / block) * (height / block) : 1; }
  /// Row of the frame, and column, of a channel of a pixel.
  [[nodiscard]] std::pair<std::size_t, std::size_t> place(int x, int y, int channel) const {
    if (block == 0) return {0, static_cast<std::size_t>((y * width + x) * 3 + channel)};
    const int row = (y / block) * (width / block) + x / block;
    return {static_cast<std::size_t>(row), static_cast<std::size_t>(((y % block) * block + x % block) * 3 + channel)};
  }
};

RowPlan plan_rows(const media::VideoInfo& info, const DpVideoOptions& options) {
  const double scale = static_cast<double>(options.side) / std::max(info.width, info.height);
  const auto shrunk = [&](int side) {
    const int wanted = std::max(1, static_cast<int>(std::lround(scale * side)));
    return options.block > 0 ? (wanted + options.block - 1) / options.block * options.block : wanted;
  };
  return {.width = shrunk(info.width), .height = shrunk(info.height), .block = options.block};
}

Status require_options(const DpVideoOptions& options) {
  if (options.side < 2 || options.side > 256)
    return fail(ErrorCode::invalid_argument, fmt::format("a side of {} pixels: 2 to 256 are allowed", options.side));
  if (options.block < 0 || options.block > options.side)
    return fail(ErrorCode::invalid_argument,
                fmt::format("blocks of {} pixels: 0 to the side of {} are allowed", options.block, options.side));
  if (options.unit == DpUnit::block && options.block == 0)
    return fail(ErrorCode::invalid_argument, "to protect blocks, frames must be cut into blocks");
  if (!(options.contrast > 0 && options.contrast <= kMiddleGrey))
    return fail(ErrorCode::invalid_argument,
                fmt::format("a contrast of {} grey levels: above 0 and at most 127.5 is allowed", options.contrast));
  if (options.videos < 1 || options.videos > 1'000'000)
    return fail(ErrorCode::invalid_argument, fmt::format("{} videos: 1 to 1000000 are allowed", options.videos));
  return {};
}

/// The first time through the video.
struct Taken {
  media::VideoInfo info;
  RowPlan plan;
  std::vector<Seconds> times;
  std::vector<std::vector<FollowedFace>> seen;
  protect::RowMatrix rows;
};

Status take_frame(const FollowedFrame& frame, Taken& taken) {
  const RowPlan& plan = taken.plan;
  const Image& image = frame.frame->image;
  VULTUS_TRY(Image small, Image::create(plan.width, plan.height, PixelFormat::rgb8));
  VULTUS_CHECK(media::resize_into(image.view(),
                                  RectF{0, 0, static_cast<float>(image.width()), static_cast<float>(image.height())},
                                  small.mutable_view()));
  const std::size_t begin = taken.rows.values.size();
  const std::size_t more = plan.columns() * static_cast<std::size_t>(plan.rows_a_frame());
  if (begin + more > kMostValues)
    return fail(ErrorCode::resource_limit, "the shrunk video has more than 2^26 values: choose a smaller side");
  taken.rows.values.resize(begin + more);
  for (int y = 0; y < plan.height; ++y)
    for (int x = 0; x < plan.width; ++x)
      for (int c = 0; c < 3; ++c) {
        const auto [row, column] = plan.place(x, y, c);
        taken.rows.values[begin + row * plan.columns() + column] = small.row(y)[3 * x + c] - kMiddleGrey;
      }
  taken.rows.rows += static_cast<std::size_t>(plan.rows_a_frame());
  taken.times.push_back(frame.time);
  taken.seen.push_back(frame.faces);
  return {};
}

Result<Taken> take(const Engine& engine, const std::string& input, const DpVideoOptions& options,
                   const std::stop_token& stop) {
  Taken taken;
  FollowReceivers receivers;
  receivers.opened = [&](const media::VideoInfo& info) -> Status {
    if (info.live) return fail(ErrorCode::invalid_argument, info.name + ": a camera or stream cannot be read twice");
    taken.info = info;
    taken.plan = plan_rows(info, options);
    taken.rows.columns = taken.plan.columns();
    return {};
  };
  receivers.frame = [&](FollowedFrame& frame) { return take_frame(frame, taken); };
  receivers.track = [](TrackSummary&) { return Status(); };
  VULTUS_TRY(
      const FollowedVideo followed,
      follow_video(engine, input, {.limits = options.limits, .isolation = engine.isolation()}, {}, receivers, stop));
  (void)followed;
  return taken;
}

/// In each frame the face of the one person who is seen longest.
std::vector<std::optional<FaceObservation>> main_faces(const Taken& taken) {
  std::map<TrackId, int> frames;
  for (const auto& faces : taken.seen)
    for (const FollowedFace& face : faces) ++frames[face.track];
  std::vector<std::optional<FaceObservation>> main(taken.seen.size());
  if (frames.empty()) return main;
  const TrackId longest = std::ranges::max_element(frames, {}, [](const auto& one) { return one.second; })->first;
  for (std::size_t i = 0; i < main.size(); ++i)
    for (const FollowedFace& face : taken.seen[i])
      if (face.track == longest) main[i] = face.face;
  return main;
}

/// A frame of the release in the size of the original.
Status enlarge(const protect::RowMatrix& rows, std::size_t frame, const RowPlan& plan, Image& small, Image& large) {
  const std::size_t first = frame * static_cast<std::size_t>(plan.rows_a_frame());
  for (int y = 0; y < plan.height; ++y)
    for (int x = 0; x < plan.width; ++x)
      for (int c = 0; c < 3; ++c) {
        const auto [row, column] = plan.place(x, y, c);
        const double value = rows.values[(first + row) * rows.columns + column] + kMiddleGrey;
        small.row(y)[3 * x + c] = static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
      }
  return media::resize_into(small.view(), RectF{0, 0, static_cast<float>(plan.width), static_cast<float>(plan.height)},
                            large.mutable_view());
}

int unit_rows(const Taken& taken, DpUnit unit) {
  switch (unit) {
    case DpUnit::block: return 1;
    case DpUnit::frame: return taken.plan.rows_a_frame();
    case DpUnit::video: return static_cast<int>(taken.rows.rows);
  }
  return 1;
}

/// Both compositions, and what everything filmed costs: all rows change, not those of one unit.
Status account(const DpVideoOptions& options, const protect::DpReleaseOptions& release, std::size_t rows,
               DpVideoReport& report) {
  protect::PrivacyAccount ledger;
  for (int i = 0; i < options.videos; ++i)
    for (const auto* one : {&report.mechanisms.projection, &report.mechanisms.covariance})
      VULTUS_CHECK(ledger.add(*one));
  report.basic = ledger.basic();
  report.gaussian = report.basic;
  if (report.basic.delta <= .5) {
    const auto joint = ledger.gaussian(report.basic.delta);
    if (joint) report.gaussian = *joint;
  }
  report.units = static_cast<std::int64_t>(rows) / release.unit_rows;
  const auto units = static_cast<double>(report.units);
  const double mu1 = std::sqrt(units) * report.mechanisms.projection.sensitivity / report.mechanisms.projection.sigma;
  const double mu2 = units * report.mechanisms.covariance.sensitivity / report.mechanisms.covariance.sigma;
  if (const auto whole = protect::gaussian_epsilon(std::hypot(mu1, mu2), options.release.budget.delta))
    report.whole_epsilon = *whole;
  return {};
}

Status write_and_measure(const Engine& engine, const std::string& input, const std::string& output,
                         const DpVideoOptions& options, const protect::RowMatrix& released, const Taken& taken,
                         DpVideoReport& report, const std::stop_token& stop) {
  VULTUS_TRY(auto reader,
             media::VideoReader::open(input, {.limits = options.limits, .isolation = engine.isolation()}, stop));
  VULTUS_TRY(auto writer, media::VideoWriter::open(output, taken.info.width, taken.info.height, {.quality = 18}));
  const std::size_t frames = taken.times.size();
  const double span = taken.times.back().value() - taken.times.front().value();
  const double rate = span > 0 ? static_cast<double>(frames - 1) / span : 0.0;
  VULTUS_TRY(DpVideoMeter meter, DpVideoMeter::start(engine, main_faces(taken), rate, options));
  VULTUS_TRY(Image small, Image::create(taken.plan.width, taken.plan.height, PixelFormat::rgb8));
  VULTUS_TRY(Image large, Image::create(taken.info.width, taken.info.height, PixelFormat::rgb8));
  media::VideoFrame frame;
  for (std::size_t i = 0; i < frames; ++i) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while writing the release");
    VULTUS_TRY(const bool more, reader.next(frame));
    if (!more) break;
    VULTUS_CHECK(enlarge(released, i, taken.plan, small, large));
    VULTUS_CHECK(meter.add(frame.image.view(), large.view()));
    VULTUS_CHECK(writer.add(large.view(), taken.times[i]));
  }
  VULTUS_CHECK(meter.finish(report));
  return writer.finish();
}

}  // namespace

Result<DpVideoReport> release_video(const Engine& engine, const std::string& input, const std::string& output,
                                    const DpVideoOptions& options, const std::stop_token& stop) {
  VULTUS_CHECK(require_options(options));
  VULTUS_TRY(Taken taken, take(engine, input, options, stop));
  if (taken.times.empty()) return fail(ErrorCode::corrupt_data, input + ": no frame");
  DpVideoReport report;
  report.frames = static_cast<std::int64_t>(taken.times.size());
  report.width = taken.plan.width, report.height = taken.plan.height;
  report.rows = taken.rows.rows, report.columns = taken.rows.columns;
  report.clip = options.contrast * std::sqrt(static_cast<double>(taken.rows.columns));
  protect::DpReleaseOptions release = options.release;
  release.clip = report.clip;
  release.unit_rows = unit_rows(taken, options.unit);
  release.dimensions = std::min(release.dimensions, static_cast<int>(taken.rows.columns));
  if (options.seed) {
    release.projection_seed = *options.seed;
  } else {
    VULTUS_TRY(release.projection_seed, protect::fresh_seed());
  }
  report.projection_seed = release.projection_seed;
  auto noise =
      options.planted_noise ? protect::NoiseSource::seeded(*options.planted_noise) : protect::NoiseSource::secure();
  const std::size_t rows = taken.rows.rows;
  VULTUS_TRY(const protect::DpRelease released, protect::release_rows(std::move(taken.rows), release, noise));
  report.mechanisms = released.mechanisms;
  report.projection_norm = released.projection_norm;
  report.clipped = released.clipped;
  VULTUS_CHECK(account(options, release, rows, report));
  if (options.audit_runs > 0) {
    VULTUS_TRY(report.audit, protect::audit_release(release, {.runs = options.audit_runs}));
  }
  VULTUS_CHECK(write_and_measure(engine, input, output, options, released.rows, taken, report, stop));
  return report;
}

}  // namespace vultus::engine
