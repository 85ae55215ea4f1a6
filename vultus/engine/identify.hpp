// Open-set identification of the faces in pictures: a name, or unknown.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::engine {

/// May one subject be found twice in one picture?
enum class OncePerPicture : std::uint8_t { no, yes };

struct IdentifyOptions {
  OperatingPoint at;      ///< Engine::operating_point()
  std::size_t top_k = 1;  ///< candidates to report for each face, one a subject, [1, 100]
  OncePerPicture once = OncePerPicture::no;
  media::DecodeLimits limits;
  bool quality = false;                                       ///< measure how usable each face is, too
  std::optional<std::vector<SubjectId>> only = std::nullopt;  ///< look among these alone; empty optional = all
  /// Nobody is named whose face is not judged live by this policy; the names of others are withheld.
  std::optional<liveness::Policy> require_live = std::nullopt;
};

struct IdentifiedFace {
  FaceObservation face;
  Decision decision;
  std::vector<Candidate> candidates;               ///< best first, whatever their similarity; at most top_k
  std::optional<face::QualityReport> quality;      ///< where asked for
  std::optional<liveness::Reading> liveness = {};  ///< where it was required
  /// The decision names nobody and there are no candidates, because the face was not judged live.
  bool withheld = false;
};

/// Why the name of a withheld face is not told, e.g. "spoof" or "not judged live: too_small".
[[nodiscard]] std::string why_not_live(const IdentifiedFace& face);

struct IdentifiedPicture {
  std::string path;
  int width = 0;  ///< upright pixels of the file
  int height = 0;
  std::vector<IdentifiedFace> faces;  ///< most prominent first
  std::optional<Error> error;         ///< why nothing was read
};

/// Identifies every face of every picture, in the order of the inputs.
/// @param gallery  of the engine's template model
/// @param receive  gets each picture on the calling thread; returns an error to stop everything with it
/// @error model_mismatch    the gallery belongs to another model
/// @error invalid_argument  top_k outside its range
/// @error cancelled         stop was requested
Status identify_pictures(const Engine& engine, const Gallery& gallery, std::span<const media::Input> inputs,
                         const IdentifyOptions& options, const std::function<Status(IdentifiedPicture)>& receive,
                         const std::stop_token& stop = {});

/// Identifies the faces of a picture that was looked at with Depth::embed_all.
/// @param gallery  of the engine's template model
/// @error invalid_argument  top_k outside its range; else those of searching the gallery and of writing its log
[[nodiscard]] Result<IdentifiedPicture> identify_seen(SeenPicture seen, const Gallery& gallery,
                                                      const IdentifyOptions& options);

/// The channels of identity in a Timeline.
inline const ChannelId kIdentitySubject("identity.subject");          ///< name; not measured = unknown
inline const ChannelId kIdentitySimilarity("identity.similarity");    ///< cosine
inline const ChannelId kIdentityThreshold("identity.threshold");      ///< cosine
inline const ChannelId kIdentityFmr("identity.fmr");                  ///< rate
inline const ChannelId kIdentityProbability("identity.probability");  ///< that it is the person, or would be

/// Adds what a Timeline rests on: the networks, and for each identity channel where its numbers come from.
Status record_identity_evidence(TimelineSink& sink, const Engine& engine, const OperatingPoint& at);
/// The networks alone that find faces. @param first  id of the first row of evidence
Status record_model_evidence(TimelineSink& sink, const Engine& engine, EvidenceId first);

/// Writes identified pictures into a Timeline: a source for each picture, a track for each face, and the channels
/// identity.subject (name), identity.similarity (cosine), identity.threshold (cosine), identity.fmr (rate) and
/// identity.probability (probability).
/// Thread-compatible.
class IdentityRecorder {
 public:
  /// Adds the evidence and the channels. @param sink  must outlive the recorder
  static Result<IdentityRecorder> start(TimelineSink& sink, const Engine& engine, const OperatingPoint& at);
  Status add(const IdentifiedPicture& picture);  ///< a source with its faces and answers

 private:
  explicit IdentityRecorder(TimelineSink& sink) : sink_(&sink) {}
  TimelineSink* sink_;
  std::int64_t sources_ = 0;
  std::int64_t tracks_ = 0;
};

}  // namespace vultus::engine
