// A video released with differential privacy, and what is left of pulse, expression and identity in it.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/expression/expression_net.hpp>
#include <vultus/physio/heart_rate.hpp>
#include <vultus/protect/dp_audit.hpp>
#include <vultus/protect/dp_release.hpp>

namespace vultus::engine {

/// What is protected: whether this is in the video at all.
enum class DpUnit : std::uint8_t {
  block,  ///< one block of one frame
  frame,  ///< one frame: NOT a person, who is in many
  video,  ///< everything that was filmed
};

struct DpVideoOptions {
  /// Budget, share, dimensions, rank, relation and kind; clip, unit_rows and projection_seed are set here.
  protect::DpReleaseOptions release;
  DpUnit unit = DpUnit::frame;
  int side = 32;           ///< longer side of the released frames, pixels, [2, 256]: a public choice
  int block = 0;           ///< pixels; 0 = a row is a frame, else a row is a block of so many squared, [1, side]
  double contrast = 64;    ///< the clip bound: root mean square distance from middle grey, grey levels, (0, 127.5]
  int videos = 1;          ///< of the same people that are released in this way: they compose, [1, 1000000]
  int audit_runs = 10000;  ///< 0 = no audit
  std::optional<std::uint64_t> seed;           ///< of the projection; nothing = a fresh one
  std::optional<std::uint64_t> planted_noise;  ///< for tests alone: the noise can be taken away by whoever knows it
  OperatingPoint at;                           ///< from which similarity somebody counts as recognised
  /// What reads expressions before and after; nothing = they are not measured. A network that was not fetched is left
  /// out, and the report says so.
  std::optional<ModelId> expression{ModelId(std::string(expression::kExpressionModel))};
  media::DecodeLimits limits;
};

/// Whether the person who is seen longest displays the same before and after, frame by frame, as a network reads it in
/// the original and, where the detector finds the face there, in the release. What somebody feels is another question.
struct DpExpression {
  std::string model;        ///< that read
  std::string reason;       ///< why nothing could be compared; empty where something was
  std::int64_t frames = 0;  ///< of the original whose face was read
  /// Of the original whose face was followed, and that the detector does not find or that is too small: not in
  /// `frames`.
  std::int64_t unread = 0;
  std::int64_t without_face = 0;  ///< of `frames`, those in whose release no face is found there, or none that is read
  std::int64_t compared = 0;      ///< of `frames`, the others
  std::optional<double> agreement;               ///< share of `compared` with the same most probable label, [0, 1]
  std::optional<double> chance;                  ///< the agreement of labels drawn from both marginals
  std::optional<double> kappa;                   ///< Cohen's, at most 1
  std::string kappa_reason;                      ///< why there is none: one label alone on both sides
  std::optional<double> probability_difference;  ///< mean absolute, over `compared` and the seven labels, [0, 2/7]
};

/// What a recogniser makes of sampled frames of the person who is seen longest. The reference is the face of the first
/// sample of the original.
struct DpIdentifiability {
  int samples = 0;               ///< frames with a face, beside the reference; 0 = nothing was measured
  int before = 0;                ///< recognised in the original
  int after = 0;                 ///< recognised in the release, where the face was
  int found = 0;                 ///< in which the detector finds a face there
  double similarity_before = 0;  ///< mean cosine
  double similarity_after = 0;
  /// Of the mean of all released frames: noise of frames that are protected one by one averages out.
  std::optional<double> similarity_of_mean;
};

struct DpVideoReport {
  std::int64_t frames = 0;
  int width = 0, height = 0;  ///< of the released frames, before they are enlarged
  std::size_t rows = 0, columns = 0;
  double clip = 0;
  std::uint64_t projection_seed = 0;
  protect::DpMechanisms mechanisms;
  double projection_norm = 0;
  std::size_t clipped = 0;
  protect::PrivacyBudget basic, gaussian;  ///< of all mechanisms of all videos
  std::int64_t units = 0;                  ///< in the video
  std::optional<double> whole_epsilon;     ///< at the same delta for everything filmed; nothing = above 100000
  std::optional<protect::DpAudit> audit;
  double psnr_db = 0;  ///< of the enlarged release to the original
  std::int64_t skin_frames = 0;
  physio::HeartRate pulse_before, pulse_after;  ///< POS
  DpExpression expression;
  DpIdentifiability identity;
};

/// Releases a video and measures what is left. Sound and metadata are not copied. Public are size, number and times of
/// the frames. The report is NOT private: it was made with the original.
/// @param input   a video that can be read twice
/// @param output  see media::VideoWriter
/// @error invalid_argument  an option outside its range, or a unit that needs blocks; resource_limit  more than 2^26
///                          values after shrinking; those of VideoReader, VideoWriter and the recogniser; cancelled
/// @thread safe, no state
/// @cost follows the faces of the video once, enlarges and reads every frame once more, and looks for the face and its
///       expression in each of them
[[nodiscard]] Result<DpVideoReport> release_video(const Engine& engine, const std::string& input,
                                                  const std::string& output, const DpVideoOptions& options,
                                                  const std::stop_token& stop = {});

}  // namespace vultus::engine
