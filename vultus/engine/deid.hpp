// Pictures and videos without faces that can be recognised, and the attack that tries to recognise them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/protect/hide.hpp>
#include <vultus/protect/hide_plan.hpp>

namespace vultus::engine {

/// Whose faces are hidden. Who is not recognised is never one of the people named.
enum class HideWhom : std::uint8_t {
  all,
  all_but,  ///< all but the people named
  only,     ///< the people named alone: who is not recognised stays visible
};

/// What becomes of the sound of a video.
enum class SoundTreatment : std::uint8_t {
  drop,   ///< the copy has none
  voice,  ///< one channel of at most 16,000 samples a second, whose formants are moved (protect/mcadams.hpp)
  keep,   ///< as it was, but encoded anew, in at most two channels: a voice says who somebody is
};

struct DeidOptions {
  protect::HideMethod method = protect::HideMethod::blur;
  HideWhom whom = HideWhom::all;
  std::set<std::string> names;       ///< for all_but and only
  const Gallery* gallery = nullptr;  ///< who is known; needed for all_but and only. Must outlive the object.
  OperatingPoint at;                 ///< from which similarity somebody counts as recognised
  std::uint64_t seed = 1;            ///< of synthetic people
  protect::HidePlanOptions plan;     ///< of videos
  media::DecodeLimits limits;
  int jpeg_quality = 92;  ///< [1, 100]
  SoundTreatment sound = SoundTreatment::drop;
  double alpha = .8;  ///< of voice: McAdams' coefficient, [0.5, 1.5]; 1 changes nothing
};

/// What a recogniser makes of the hidden faces. It knows where each face was, which is more than a stranger does.
struct DeidAttack {
  std::int64_t faces = 0;       ///< hidden faces that were attacked; of a video tracks
  std::int64_t views = 0;       ///< of them that were looked at: one a face of a picture, many a track
  std::int64_t before = 0;      ///< re-identified in the original; of a track in its best view, as in the next
  std::int64_t after = 0;       ///< re-identified in the result, as the same person
  std::int64_t after_mean = 0;  ///< by the mean template of all views, which a better view counts more for
  std::int64_t after_any = 0;   ///< in at least one view: the best that chance gives who tries them all
  std::int64_t found = 0;       ///< faces that the detector still finds where one was hidden
  /// Who hides his own pictures of the known people in the same way and takes the most similar one: right at rank 1.
  /// Empty where the gallery has no pictures.
  std::optional<std::int64_t> adapted;
  void add(const DeidAttack& other);  ///< counts the other's faces, too
};

enum class SoundOutcome : std::uint8_t { none, dropped, voice, kept };

/// What became of the sound of one input.
struct DeidSound {
  SoundOutcome outcome = SoundOutcome::none;  ///< none: there was no sound
  int tracks = 0;                             ///< of sound in the input; the first one is in the copy
  int rate = 0, channels = 0;                 ///< of the copy
  double seconds = 0;                         ///< of sound in the copy; it ends with the frames
  double silent_seconds = 0;                  ///< of it, silence where the input has no sound that can be decoded
  std::int64_t damaged_packets = 0;
  bool operator==(const DeidSound&) const = default;
};

/// Whether a copy of a picture can have this name: its ending must say what its bytes are.
/// @error invalid_argument  another ending than .jpg, .jpeg, .jpe, .png or none
[[nodiscard]] Status check_picture_copy(const std::string& output);

/// One input.
struct DeidFile {
  std::string input;
  std::string output;
  std::int64_t frames = 1;
  std::int64_t faces = 0;          ///< of a video: tracks
  std::int64_t hidden = 0;         ///< of them, those that were hidden
  std::int64_t greyed = 0;         ///< that the method could not take, so that grey is there
  std::int64_t frames_hidden = 0;  ///< frames with at least one hidden region
  std::int64_t late = 0;           ///< regions hidden because a last look found a face that belonged to no track
  std::int64_t boxes_bridged = 0;  ///< regions hidden where no face was seen at that moment
  DeidAttack attack;
  DeidSound sound;
};

/// Hides faces. Thread-compatible. Move-only.
class Deidentifier {
 public:
  /// @error invalid_argument  people are named without a gallery, or a quality or alpha outside its range
  /// @error not_found         a network that was not fetched, or nobody of the gallery has a name
  /// @error model_mismatch    the gallery belongs to another model
  static Result<Deidentifier> open(const Engine& engine, DeidOptions options);
  Deidentifier(Deidentifier&&) noexcept;
  Deidentifier& operator=(Deidentifier&&) noexcept;
  ~Deidentifier();

  /// Writes a copy without metadata: PNG where `output` ends so, JPEG where it ends in .jpg or .jpeg or has no ending.
  /// @error as check_picture_copy(); of reading, of the networks, of writing
  Result<DeidFile> picture(const std::string& input, const std::string& output);
  /// Writes a copy, whose sound is what the options make of it. The video is read twice, its sound a third time beside
  /// the second. Sound is in step with the frames within 10 ms, and ends with them.
  /// @error of reading, of the networks, of writing; unsupported  sound is wanted that cannot be read, or the engine
  ///        decodes in a process of its own (EngineOptions::isolation), where sound is not; invalid_argument  a camera
  ///        or stream, which cannot be read twice; cancelled
  Result<DeidFile> video(const std::string& input, const std::string& output, const std::stop_token& stop = {});

  /// What the attack compares with, for reports.
  [[nodiscard]] std::string attacker() const;

 private:
  class Impl;
  explicit Deidentifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vultus::engine
