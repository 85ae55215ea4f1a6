#include <vultus/engine/re_embed.hpp>

#include <algorithm>
#include <atomic>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/picture_decoder.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kFacesAtOnce = 10'000;

/// A face on its way from thumbnail to template.
struct Moving {
  ReEmbedStep step;
  std::optional<Thumbnail> thumbnail;
  std::optional<Embedding> embedding;
};

void leave(Moving& one, const char* reason, std::string text) {
  one.step.reason = reason;
  one.step.text = std::move(text);
}

/// What one thread looks at stored pictures with.
struct CrewMember {
  Looker looker;
  media::Decoder decoder;
  media::Picture picture;
};

void embed(CrewMember& member, Moving& one, float least) {
  if (!one.thumbnail) return leave(one, "no_thumbnail", "no picture of the face was kept");
  if (one.thumbnail->format != ThumbnailFormat::jpeg) return leave(one, "encrypted", "its picture is encrypted");
  std::vector<std::uint8_t> bytes;
  bytes.reserve(one.thumbnail->bytes.size());
  for (const std::byte b : one.thumbnail->bytes) bytes.push_back(std::to_integer<std::uint8_t>(b));
  const Status decoded = member.decoder.decode(bytes, {}, member.picture);
  if (!decoded) return leave(one, "not_decoded", decoded.error().message);
  auto faces = member.looker.look(member.picture.image.view(), {.depth = Depth::embed_main});
  if (!faces) return leave(one, "not_decoded", faces.error().message);
  if (faces->empty() || !faces->front().embedding) return leave(one, "no_face", "no face was found in its picture");
  const auto& quality = faces->front().face.quality;
  if (quality && quality->inter_eye_px && *quality->inter_eye_px < least)
    return leave(one, "too_small",
                 fmt::format("{:.1f} pixels between the eyes in its picture, at least {:.1f} are wanted",
                             *quality->inter_eye_px, least));
  one.embedding = std::move(faces->front().embedding);
}

/// Networks for all threads, and the faces of one transaction at a time.
class Crew {
 public:
  static Result<Crew> gather(const Engine& engine, const ReEmbedOptions& options) {
    Crew crew(options);
    for (int i = 0; i < engine.threads(); ++i) {
      VULTUS_TRY(Looker looker, engine.make_looker());
      VULTUS_TRY(media::Decoder decoder, make_decoder(engine));
      crew.members_.push_back({std::move(looker), std::move(decoder), {}});
    }
    return crew;
  }

  void embed_all(std::span<Moving> faces, const std::stop_token& stop) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&](CrewMember& member) {
      for (;;) {
        const std::size_t at = next.fetch_add(1);
        if (at >= faces.size() || stop.stop_requested()) return;
        const Status done = guarded("re-embed", [&]() -> Status {
          embed(member, faces[at], options_.min_inter_eye_px);
          return {};
        });
        if (!done) leave(faces[at], "not_decoded", done.error().message);
      }
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(members_.size(), faces.size()); ++i)
      others.emplace_back([&work, this, i] { work(members_[i]); });
    work(members_.front());
  }

 private:
  explicit Crew(const ReEmbedOptions& options) : options_(options) {}
  ReEmbedOptions options_;
  std::vector<CrewMember> members_;
};

/// What is needed of the faces that are still there.
Result<std::vector<Moving>> gather_faces(const Gallery& gallery, std::span<const EnrolledFace> faces) {
  std::vector<Moving> moving;
  moving.reserve(faces.size());
  for (const EnrolledFace& face : faces) {
    const auto owner = gallery.subject(face.subject);
    const auto thumbnail = gallery.thumbnail(face.id);
    // Removed since it was listed.
    if ((!owner && owner.error().code == ErrorCode::not_found) ||
        (!thumbnail && thumbnail.error().code == ErrorCode::not_found))
      continue;
    if (!owner) return owner.error();
    if (!thumbnail) return thumbnail.error();
    moving.push_back({.step = {.face = face.id, .subject = face.subject, .name = owner->name, .reason = {}, .text = {}},
                      .thumbnail = *thumbnail,
                      .embedding = {}});
  }
  return moving;
}

}  // namespace

Result<ReEmbedReport> re_embed(const Engine& engine, Gallery& gallery, const ReEmbedOptions& options,
                               const std::function<void(const ReEmbedStep&)>& receive, const std::stop_token& stop) {
  if (options.batch < 1 || options.batch > kFacesAtOnce)
    return fail(ErrorCode::invalid_argument, fmt::format("batch {}: allowed are 1 to {}", options.batch, kFacesAtOnce));
  VULTUS_CHECK(gallery.begin_model_move(gallery_model(engine)));
  VULTUS_TRY(Crew crew, Crew::gather(engine, options));
  ReEmbedReport report;
  for (FaceId after;;) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while making templates again");
    VULTUS_TRY(const auto listed, gallery.faces_to_move(after, options.batch));
    if (listed.empty()) return report;
    VULTUS_TRY(std::vector<Moving> faces, gather_faces(gallery, listed));
    after = listed.back().id;
    crew.embed_all(faces, stop);
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while making templates again");
    std::vector<MovedTemplate> made;
    for (Moving& one : faces)
      if (one.embedding) made.push_back({one.step.face, *std::move(one.embedding)});
    VULTUS_TRY(const std::int64_t added, gallery.add_moved_templates(made));
    report.embedded += added;
    for (const Moving& one : faces) {
      report.left += one.step.reason.empty() ? 0 : 1;
      receive(one.step);
    }
  }
}

}  // namespace vultus::engine
