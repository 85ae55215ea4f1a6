#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include <apps/face_recognition/files.hpp>
#include <apps/face_recognition/in_order.hpp>
#include <apps/face_recognition/lines.hpp>
#include <apps/face_recognition/number_text.hpp>
#include <apps/face_recognition/programs.hpp>

namespace vultus::compat {
namespace {

using Descriptor = std::vector<float>;
/// From a picture to the descriptors of its faces, most prominent first.
using Describe = std::function<Result<std::vector<Descriptor>>(ImageView)>;

constexpr int kMostSide = 1600;
// What the tool's users know as the threshold.
constexpr double kUsualTolerance = 0.6;

/// dlib's network, or the networks of a preset with their own scale of distances.
class Networks {
 public:
  static Result<Networks> load(const RecognitionArguments& arguments) {
    Networks made;
    if (arguments.preset.empty()) {
      VULTUS_TRY(made.dlib_, load_models(arguments.places, false));
      return made;
    }
    engine::EngineOptions options{.models = arguments.places.models, .cache = arguments.places.cache};
    options.preset = arguments.preset;
    if (options.models.empty()) {
      VULTUS_TRY(options.models, cli::find_model_folder());
    }
    VULTUS_TRY(made.engine_, engine::Engine::load(options));
    if (arguments.places.commercial_only)
      for (const ModelId& id : made.engine_->preset().models()) {
        VULTUS_TRY(const runtime::ModelManifest* model, made.engine_->catalogue().find(id));
        VULTUS_CHECK(runtime::require_commercial(*model).with_context("preset " + options.preset));
      }
    VULTUS_TRY(const OperatingPoint at, made.engine_->operating_point());
    // Between unit vectors: |a - b|^2 = 2 - 2 cos.
    made.threshold_ = std::sqrt(2 - 2 * double{at.threshold.value()});
    return made;
  }

  /// What a distance is multiplied by so that 0.6 is the threshold.
  [[nodiscard]] double scale() const { return engine_ ? kUsualTolerance / threshold_ : 1; }
  [[nodiscard]] std::string about() const {
    if (!engine_) return "distances are Euclidean distances of dlib's descriptors, not rescaled";
    return fmt::format("distances are {:.4f} times the Euclidean distances of {}: its threshold {:.4f} is 0.6", scale(),
                       engine_->preset().template_model().text(), threshold_);
  }

  [[nodiscard]] Result<Describe> make_worker() const { return engine_ ? make_looker() : make_dlib(); }

 private:
  [[nodiscard]] Result<Describe> make_dlib() const {
    VULTUS_TRY(auto made, dlib_->make_recognizer());
    const auto recognizer = std::make_shared<engine::DlibRecognizer>(std::move(made));
    return Describe([recognizer](ImageView picture) -> Result<std::vector<Descriptor>> {
      VULTUS_TRY(const auto faces, recognizer->find(picture));
      std::vector<Descriptor> descriptors;
      descriptors.reserve(faces.size());
      for (const face::PixelRect& face : faces) {
        VULTUS_TRY(auto one, recognizer->descriptor(picture, face, engine::DlibPoints::small));
        descriptors.push_back(std::move(one));
      }
      return descriptors;
    });
  }
  [[nodiscard]] Result<Describe> make_looker() const {
    VULTUS_TRY(auto made, engine_->make_looker());
    const auto looker = std::make_shared<engine::Looker>(std::move(made));
    return Describe([looker](ImageView picture) -> Result<std::vector<Descriptor>> {
      VULTUS_TRY(const auto faces, looker->look(picture, {}));
      std::vector<Descriptor> descriptors;
      descriptors.reserve(faces.size());
      for (const engine::SeenFace& face : faces)
        descriptors.emplace_back(face.embedding->values().begin(), face.embedding->values().end());
      return descriptors;
    });
  }

  std::optional<engine::DlibModels> dlib_;
  std::optional<engine::Engine> engine_;
  double threshold_ = 0;
};

struct Known {
  std::string name;
  Descriptor descriptor;
};

/// Descriptors of a file, or why there are none.
struct Seen {
  std::string file;
  std::vector<Descriptor> faces;
  std::string error;
};

Seen look(const Describe& describe, const std::string& file, std::optional<int> most_side) {
  Seen seen{.file = file};
  auto picture = read_rgb(file);
  if (picture && most_side) picture = at_most(*std::move(picture), *most_side);
  if (!picture) {
    seen.error = picture.error().message;
    return seen;
  }
  auto faces = describe(picture->view());
  if (faces)
    seen.faces = *std::move(faces);
  else
    seen.error = file + ": " + faces.error().message;
  return seen;
}

/// Looks at files side by side and hands over what was seen in their order.
Status look_at(const Networks& networks, const std::vector<std::string>& files, std::size_t threads,
               std::optional<int> most_side, const std::function<void(Seen)>& receive) {
  const auto make = [&]() -> Result<std::function<Seen(std::size_t)>> {
    VULTUS_TRY(Describe describe, networks.make_worker());
    return std::function<Seen(std::size_t)>(
        [describe, &files, most_side](std::size_t i) { return look(describe, files[i], most_side); });
  };
  return in_order<Seen>(files.size(), threads, make, receive);
}

class Program {
 public:
  Program(const RecognitionArguments& arguments, std::FILE* out, std::FILE* err)
      : arguments_(arguments), writer_("face_recognition", out, err) {}

  Status run() {
    VULTUS_TRY(const auto known_files, pictures_in(arguments_.known));
    VULTUS_TRY(const auto probes, probe_files());
    VULTUS_TRY(const Networks networks, Networks::load(arguments_));
    writer_.note(networks.about());
    scale_ = networks.scale();
    VULTUS_CHECK(
        look_at(networks, known_files, workers(arguments_.cpus), std::nullopt, [&](Seen seen) { learn(seen); }));
    return look_at(networks, probes, workers(arguments_.cpus), kMostSide, [&](const Seen& seen) { answer(seen); });
  }
  Writer& writer() { return writer_; }

 private:
  [[nodiscard]] Result<std::vector<std::string>> probe_files() const {
    std::error_code failed;
    if (std::filesystem::is_directory(arguments_.probe, failed)) return pictures_in(arguments_.probe);
    return std::vector{arguments_.probe};
  }

  void learn(Seen& seen) {
    Lines lines{.error = seen.error};
    if (seen.error.empty() && seen.faces.empty())
      lines.text = fmt::format("WARNING: No faces found in {}. Ignoring file.\n", seen.file);
    if (seen.faces.size() > 1)
      lines.text =
          fmt::format("WARNING: More than one face found in {}. Only considering the first face.\n", seen.file);
    if (!seen.faces.empty()) known_.push_back({stem_of(seen.file), std::move(seen.faces.front())});
    writer_.write(lines);
  }

  [[nodiscard]] std::string line(const std::string& file, const std::string& name, const std::string& distance) const {
    return arguments_.show_distance ? fmt::format("{},{},{}\n", file, name, distance)
                                    : fmt::format("{},{}\n", file, name);
  }

  void answer(const Seen& seen) {
    Lines lines{.error = seen.error};
    for (const Descriptor& face : seen.faces) {
      bool matched = false;
      for (const Known& known : known_) {
        const double native = engine::euclidean_distance(known.descriptor, face);
        if (!(native * scale_ <= arguments_.tolerance)) continue;
        matched = true;
        lines.text += line(seen.file, known.name, number_text(arguments_.native_distance ? native : native * scale_));
      }
      if (!matched) lines.text += line(seen.file, "unknown_person", "None");
    }
    if (seen.error.empty() && seen.faces.empty()) lines.text += line(seen.file, "no_persons_found", "None");
    writer_.write(lines);
  }

  const RecognitionArguments& arguments_;
  Writer writer_;
  double scale_ = 1;
  std::vector<Known> known_;
};

}  // namespace

int run_recognition(const RecognitionArguments& arguments, std::FILE* out, std::FILE* err) {
  Program program(arguments, out, err);
  if (const Status done = program.run(); !done) program.writer().tell(done.error().message);
  return program.writer().exit_code();
}

}  // namespace vultus::compat
