// One worker of the main job: a file goes in, its faces and their templates come out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/embedder.hpp>
#include <vultus/face/finder.hpp>
#include <vultus/face/quality.hpp>
#include <vultus/liveness/passive.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {

/// How much is done with each picture.
enum class Depth : std::uint8_t {
  detect,      ///< faces only
  embed_all,   ///< and a template of every face
  embed_main,  ///< and a template of the main face only
};

/// What the small picture of a face is for.
enum class ThumbnailKind : std::uint8_t {
  page,      ///< 112 x 112 pixels, for lists and pages
  re_embed,  ///< large enough that another model can find the face in it and make a good template (re_embed.hpp)
};

struct LookOptions {
  Depth depth = Depth::embed_all;
  media::DecodeLimits limits;
  bool hash = false;  ///< SHA-256 of the file's bytes too
  /// Asked with the input and its SHA-256 before pixels are decoded; true = leave this picture alone. Called by the
  /// workers, with the very element of the list they were given. Only with `hash`.
  std::function<bool(const media::Input&, const std::string& sha256)> leave_alone;
  bool thumbnails = false;  ///< small pictures of the faces that are embedded
  ThumbnailKind thumbnail_kind = ThumbnailKind::page;
  bool quality = false;  ///< measure the quality of the faces: of the main one for embed_main, else of all
  /// Judge whether the faces are live, by this policy: the main one for embed_main, else all. About 95 ms a face.
  std::optional<liveness::Policy> liveness = std::nullopt;
};

/// A face of a picture, with its template where one was wanted.
struct SeenFace {
  FaceObservation face;
  std::optional<Embedding> embedding;
  std::optional<std::vector<std::byte>> thumbnail;  ///< JPEG of the face and what is around it; where asked for
  std::optional<face::QualityReport> quality;       ///< where asked for; the pose is in `face` too
  std::optional<liveness::Reading> liveness = {};   ///< where asked for
};

/// Where the time of a picture went, seconds.
struct StageSeconds {
  double decode = 0;  ///< reading the file and decoding it
  double detect = 0;
  double describe = 0;  ///< landmarks and the second opinion
  double embed = 0;     ///< alignment and template
  double quality = 0;
  double liveness = 0;
};

/// What was seen in one picture.
struct SeenPicture {
  std::string path;
  std::string sha256;  ///< empty unless asked for
  int width = 0;       ///< upright pixels of the file
  int height = 0;
  std::vector<SeenFace> faces;  ///< most prominent (large and central) first: the first is the main face
  StageSeconds stages;
  bool left_alone = false;     ///< LookOptions::leave_alone said so: nothing was decoded
  std::optional<Error> error;  ///< why nothing was read; then the rest is empty
};

/// Thread-compatible: every thread has its own.
class Looker {
 public:
  Looker(face::FaceFinder finder, face::Embedder embedder, media::Decoder decoder, const face::DetectionReach& reach)
      : finder_(std::move(finder)), embedder_(std::move(embedder)), reach_(reach), decoder_(std::move(decoder)) {}

  /// Where the networks come from that judge liveness; they are loaded when a picture asks for it.
  void set_liveness_models(liveness::ModelSource models) { liveness_models_ = std::move(models); }

  /// Loads what the options ask for beyond finding and naming faces, so that a network which cannot be used is told
  /// before the first picture and not as a fault of it. @error not_found  a network that was not fetched; corrupt_data
  /// one that is not what its manifest says
  Status prepare(const LookOptions& options);

  /// Never fails as a whole: a picture that cannot be read says so in SeenPicture::error.
  /// Large JPEGs are decoded in reduced size, and again in a larger one where a face would be too small for a good
  /// template.
  SeenPicture look(const media::Input& input, const LookOptions& options);

  /// The same for the bytes of a file in memory, which must stay until it returns. LookOptions::leave_alone is not
  /// asked.
  /// @param name  in SeenPicture::path and in messages
  SeenPicture look(std::span<const std::uint8_t> file, const std::string& name, const LookOptions& options);

  /// The same for pixels in memory. @param picture  rgb8, upright
  Result<std::vector<SeenFace>> look(ImageView picture, const LookOptions& options);

 private:
  Status read_and_look(const media::Input& input, const LookOptions& options, SeenPicture& seen);
  Status look_at_bytes(std::span<const std::uint8_t> file, const LookOptions& options, SeenPicture& seen);
  Result<std::vector<SeenFace>> describe(ImageView picture, const std::vector<face::ScoredBox>& boxes, float scale,
                                         float reduction, const LookOptions& options, StageSeconds& stages);

  Status judge(ImageView picture, std::span<SeenFace> faces);

  face::FaceFinder finder_;
  face::Embedder embedder_;
  liveness::ModelSource liveness_models_;
  std::optional<liveness::PassiveLiveness> liveness_;
  face::DetectionReach reach_;
  media::Decoder decoder_;
  media::Picture picture_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace vultus::engine
