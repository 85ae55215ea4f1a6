// Filling a gallery from pictures.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <vultus/engine/engine.hpp>
#include <vultus/engine/enrol_gate.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::engine {

/// A picture of one known person.
struct EnrolInput {
  media::Input input;
  std::string subject;
};

struct EnrolOptions {
  media::DecodeLimits limits;
  EnrolGate gate;
  bool force = false;      ///< enrol whatever shows a face: the gate only refuses what has none
  bool largest = false;    ///< take the largest face of a picture that shows several people, instead of skipping it
  bool thumbnails = true;  ///< keep a picture of the face, from which another model can make a template
  std::size_t batch = 64;  ///< faces for each transaction, [1, 10000]: what a power cut can cost of unacknowledged work
};

/// What became of one picture. Codes of a skipped one are those of reading, not_found (no face), and invalid_argument
/// for what the gate refuses.
struct EnrolStep {
  enum class Kind : std::uint8_t { enrolled, already_there, skipped };
  Kind kind = Kind::skipped;
  std::string path;
  std::string subject;
  FaceId face;         ///< unless skipped
  std::string reason;  ///< Refusal::reason of a skipped one; of one already there "duplicate_of:<face>"; else empty
  std::optional<Error> error;  ///< of a skipped picture
};

/// A face that was seen already and whose person is known by now.
struct SeenEnrolment {
  SeenPicture seen;  ///< with this face alone, its template and what of its quality the gate asks for
  std::string subject;
};

struct EnrolReport {
  std::int64_t enrolled = 0;
  std::int64_t already_there = 0;
  std::int64_t skipped = 0;
};

/// What the engine's templates are bound to, for opening or making a gallery.
[[nodiscard]] GalleryModel gallery_model(const Engine& engine);

/// @error model_mismatch  the gallery belongs to another model than the engine's preset: the message names both
[[nodiscard]] Status require_model(const Engine& engine, const Gallery& gallery);

/// The gallery that faces go into: one that is open, or one that is made when the first face is to be kept, so that
/// nothing is left where nothing could be enrolled. Thread-safe.
class EnrolTarget {
 public:
  /// @param gallery  must outlive the target
  explicit EnrolTarget(Gallery& gallery) : gallery_(&gallery) {}
  /// @param make  opens the gallery; called once at most, on the thread that enrols
  explicit EnrolTarget(std::function<Result<Gallery>()> make) : make_(std::move(make)) {}

  /// The gallery, or nothing as long as it was not needed.
  [[nodiscard]] Gallery* opened() const { return gallery_.load(); }
  /// The gallery, made if it was not needed before. Thread-compatible.
  /// @error  of making it
  Result<Gallery*> gallery();

 private:
  std::function<Result<Gallery>()> make_;
  std::optional<Gallery> made_;
  std::atomic<Gallery*> gallery_ = nullptr;
};

/// Enrols one face of every picture that passes the gate, also against the other pictures of the same call. A step is
/// reported only after its face is on the disk; pictures whose bytes were enrolled for the same subject before are
/// recognised and cost no second network run.
/// @param receive  gets each step in the order of the inputs, on the calling thread
/// @error model_mismatch  the gallery belongs to another model; cancelled  stop was requested: everything reported as
/// enrolled is enrolled. Else the error of the gallery (disk full, read-only), with what was reported before intact.
Result<EnrolReport> enrol_pictures(const Engine& engine, Gallery& gallery, std::span<const EnrolInput> inputs,
                                   const EnrolOptions& options, const std::function<void(const EnrolStep&)>& receive,
                                   const std::stop_token& stop = {});
/// The same into a gallery that is made when it is needed. @param into  not opened after it = nothing was enrolled
/// @error  also of making the gallery
Result<EnrolReport> enrol_pictures(const Engine& engine, EnrolTarget& into, std::span<const EnrolInput> inputs,
                                   const EnrolOptions& options, const std::function<void(const EnrolStep&)>& receive,
                                   const std::stop_token& stop = {});

/// The same for faces that were looked at before: no picture is read. Faces come through the same gate.
/// @error as enrol_pictures()
Result<EnrolReport> enrol_seen(const Engine& engine, Gallery& gallery, std::vector<SeenEnrolment> faces,
                               const EnrolOptions& options, const std::function<void(const EnrolStep&)>& receive,
                               const std::stop_token& stop = {});

}  // namespace vultus::engine
