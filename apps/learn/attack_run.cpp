#include <apps/learn/attack_run.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <span>
#include <utility>

#include <fmt/format.h>

#include <vultus/evaluation/image_quality.hpp>
#include <vultus/face/align.hpp>
#include <vultus/face/dlib_chip.hpp>
#include <vultus/face/dlib_descriptor.hpp>
#include <vultus/face/landmarks.hpp>
#include <vultus/learn/training/attack/descend.hpp>
#include <vultus/learn/training/attack/face_attack.hpp>
#include <vultus/learn/training/attack/place.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/protect/dp_audit.hpp>

#include <apps/learn/attack_defences.hpp>
#include <apps/learn/attack_people.hpp>

namespace vultus::learning {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kExamples = 4;
constexpr double kMiss = 0.05;  // of intervals
constexpr std::array kRates{0.01, 0.001};

/// From a photo to the chip of dlib's network, as cut_chip() goes.
Result<Similarity> to_chip(const FaceObservation& face) {
  if (!face.landmarks) return fail(ErrorCode::invalid_argument, "dlib's chips need landmarks");
  VULTUS_TRY(const auto points, face::chip_points_of(*face.landmarks));
  VULTUS_TRY(const face::ChipPlace place, face::chip_place(points));
  const double step = (place.right - place.left) / (face::kDlibChipSide - 1);
  const double a = std::cos(place.angle), b = std::sin(place.angle);
  const double cx = (place.left + place.right) / 2, cy = (place.top + place.bottom) / 2;
  const double x = place.left - cx, y = place.top - cy;
  const auto turned = Similarity{step * a, step * b, a * x - b * y + cx, b * x + a * y + cy}.inverse();
  if (!turned) return fail(ErrorCode::invalid_argument, "a chip without size");
  return *turned;
}

/// A network that is attacked through its gradients.
struct White {
  std::unique_ptr<learn::attack::Surrogate> surrogate;
  bool chips = false;  ///< of dlib, else aligned faces

  [[nodiscard]] Result<Similarity> place(const FaceObservation& face) const {
    return chips ? to_chip(face) : face::alignment(face.keypoints);
  }
};

Result<std::vector<White>> whites_of(const engine::Engine& engine, const AttackSettings& settings) {
  std::vector<White> whites;
  for (const std::string& id : settings.surrogates) {
    VULTUS_TRY(const runtime::ModelHandle handle, engine.model(ModelId(id)));
    const bool chips = handle.manifest.decoder == face::kDlibDecoder;
    if (!chips && handle.manifest.decoder != "embedding")
      return fail(ErrorCode::invalid_argument, "surrogate " + id + " is no face embedder");
    VULTUS_TRY(std::shared_ptr<learn::Trunk> trunk, learn::read_trunk(handle.manifest, handle.file));
    VULTUS_TRY(auto surrogate, learn::attack::surrogate_of(std::move(trunk)));
    whites.push_back({std::move(surrogate), chips});
  }
  return whites;
}

/// A recogniser as its users run it: faces are found anew, templates come from the runtime.
class Black {
 public:
  static Result<Black> load(const AttackSettings& settings, const std::string& text) {
    cli::EngineSettings engine = settings.engine;
    const std::size_t equals = text.find('=');
    engine.preset = text.substr(0, equals), engine.fast = engine.accurate = false, engine.embedder.clear();
    VULTUS_TRY(engine::Engine loaded, cli::load_engine(engine));
    VULTUS_TRY(engine::FaceParts parts, loaded.make_parts());
    Black black(std::move(loaded), std::move(parts));
    const engine::Preset& preset = black.engine_.preset();
    black.facts_.name = engine.preset, black.facts_.model = preset.template_model().text();
    for (const ModelId& id : preset.models())
      if (std::ranges::find(settings.surrogates, id.text()) != settings.surrogates.end()) black.facts_.seen = true;
    if (equals != std::string::npos) {
      double threshold = 0;
      const auto [end, failed] = std::from_chars(text.data() + equals + 1, text.data() + text.size(), threshold);
      if (failed != std::errc() || end != text.data() + text.size() || !(threshold > -1 && threshold < 1))
        return fail(ErrorCode::invalid_argument, "victim " + text + ": the threshold must be a number in (-1, 1)");
      black.facts_.points.push_back({std::nullopt, threshold});
    } else {
      for (const double rate : kRates) {
        VULTUS_TRY(const OperatingPoint point, black.engine_.operating_point(rate).with_context(
                                                   "victim " + text + " (or name a threshold: NAME=0.4)"));
        black.facts_.points.push_back({rate, double{point.threshold.value()}});
      }
    }
    return black;
  }
  [[nodiscard]] const AttackVictim& facts() const { return facts_; }
  /// @return nothing where no face is found
  Result<std::optional<Embedding>> look(ImageView photo) {
    VULTUS_TRY(const auto face, attack_face_of(parts_.finder, photo));
    if (!face) return std::optional<Embedding>();
    VULTUS_TRY(Embedding embedding, parts_.embedder.embed(photo, *face));
    return std::optional<Embedding>(std::move(embedding));
  }

  std::vector<std::optional<Embedding>> enrolled;            ///< by person
  std::vector<std::vector<std::optional<Embedding>>> clean;  ///< by defence and person

 private:
  Black(engine::Engine engine, engine::FaceParts parts) : engine_(std::move(engine)), parts_(std::move(parts)) {}
  engine::Engine engine_;
  engine::FaceParts parts_;
  AttackVictim facts_;
};

double mean_of(const std::vector<double>& values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

int largest_change(const Image& a, const Image& b) {
  int most = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < 3 * a.width(); ++x) most = std::max(most, std::abs(a.row(y)[x] - b.row(y)[x]));
  return most;
}

/// Everything that the results are made of.
class AttackMeasure {
 public:
  AttackMeasure(const AttackSettings& settings, std::vector<AttackPerson> people, std::vector<White> whites,
                std::vector<Black> blacks)
      : settings_(settings),
        people_(std::move(people)),
        whites_(std::move(whites)),
        blacks_(std::move(blacks)),
        defences_(attack_defences().first(settings.defences ? attack_defences().size() : 1)) {}

  Status prepare();
  Result<AttackResult> measure(learn::attack::Method method, int budget, AttackRun& run,
                               const std::function<void()>& done);
  void fill(AttackRun& run) const {
    for (const White& white : whites_) run.surrogates.push_back(white.surrogate->name());
    for (const Black& black : blacks_) run.victims.push_back(black.facts());
    for (const AttackPerson& person : people_) run.people.push_back(person.name);
  }

 private:
  /// Who the attacked face of a person is compared with.
  [[nodiscard]] std::size_t other(std::size_t person) const {
    return settings_.goal == "dodging" ? person : (person + 1) % people_.size();
  }
  Result<learn::attack::AttackedFace> attacked(std::size_t person, const learn::attack::FaceAttackOptions& options);
  Result<VictimResult> judged(std::size_t victim, const std::vector<Image>& photos);
  Status keep(const std::string& method, int budget, std::size_t person, const Image& photo);

  const AttackSettings& settings_;
  std::vector<AttackPerson> people_;
  std::vector<White> whites_;
  std::vector<Black> blacks_;
  std::span<const Defence> defences_;
};

Status AttackMeasure::prepare() {
  for (Black& black : blacks_) {
    for (const AttackPerson& person : people_) {
      VULTUS_TRY(black.enrolled.emplace_back(), black.look(person.enrolled.view()));
    }
    for (const Defence& defence : defences_) {
      auto& row = black.clean.emplace_back();
      for (const AttackPerson& person : people_) {
        VULTUS_TRY(const Image photo, defence.apply(person.attacked.view()));
        VULTUS_TRY(row.emplace_back(), black.look(photo.view()));
      }
    }
  }
  return {};
}

Result<learn::attack::AttackedFace> AttackMeasure::attacked(std::size_t person,
                                                            const learn::attack::FaceAttackOptions& options) {
  const AttackPerson& source = people_[person];
  VULTUS_TRY(const Similarity to_face, face::alignment(source.face.keypoints));
  std::vector<learn::attack::Aim> aims;
  at::Generator random = learn::attack::generator_of(options.seed);
  for (const White& white : whites_) {
    learn::attack::Aim aim;
    aim.surrogate = white.surrogate.get();
    VULTUS_TRY(aim.to_crop, white.place(source.face));
    if (options.goal == learn::attack::Goal::impersonation) {
      // The attacker has another picture of the target than the one that is enrolled.
      const torch::NoGradGuard no_gradients;
      const AttackPerson& target = people_[other(person)];
      VULTUS_TRY(const Similarity place, white.place(target.face));
      const auto crop =
          learn::attack::cut(learn::attack::pixels_of(target.attacked.view()), place, white.surrogate->side());
      aim.target = white.surrogate->look(crop, 0, random).embedding;
    }
    aims.push_back(std::move(aim));
  }
  return learn::attack::attack_face(source.attacked.view(), to_face, face::kTemplateSide, aims, options);
}

Result<VictimResult> AttackMeasure::judged(std::size_t victim, const std::vector<Image>& photos) {
  Black& black = blacks_[victim];
  const bool dodging = settings_.goal == "dodging";
  VictimResult result{.victim = victim, .rates = {}};
  std::vector<double> before, after;
  for (std::size_t d = 0; d < defences_.size(); ++d) {
    std::vector<AttackRate> rates(black.facts().points.size());
    for (std::size_t person = 0; person < people_.size(); ++person) {
      const auto& clean = black.clean[d][person];
      const auto& enrolled = black.enrolled[other(person)];
      if (!clean || !enrolled) continue;
      VULTUS_TRY(const Image photo, defences_[d].apply(photos[person].view()));
      VULTUS_TRY(const auto seen, black.look(photo.view()));
      VULTUS_TRY(const Cosine was, similarity(*clean, *enrolled));
      if (d == 0 && !seen) ++result.no_face;
      double now = 0;
      if (seen) {
        VULTUS_TRY(const Cosine found, similarity(*seen, *enrolled));
        now = double{found.value()};
        if (d == 0) before.push_back(double{was.value()}), after.push_back(now);
      }
      for (std::size_t p = 0; p < rates.size(); ++p) {
        const double threshold = black.facts().points[p].threshold;
        const bool right = dodging ? double{was.value()} >= threshold : double{was.value()} < threshold;
        if (!right) continue;
        ++rates[p].trials;
        if (seen && (dodging ? now < threshold : now >= threshold)) ++rates[p].success;
      }
    }
    for (std::size_t p = 0; p < rates.size(); ++p) {
      AttackRate& rate = rates[p];
      rate.point = p, rate.defence = defences_[d].name;
      if (rate.trials > 0) {
        VULTUS_TRY(const auto bounds, protect::clopper_pearson(rate.success, rate.trials, kMiss / 2));
        rate.rate = static_cast<double>(rate.success) / static_cast<double>(rate.trials);
        rate.low = bounds.low, rate.high = bounds.high;
      }
      result.rates.push_back(rate);
    }
  }
  result.before = mean_of(before), result.after = mean_of(after);
  return result;
}

Status AttackMeasure::keep(const std::string& method, int budget, std::size_t person, const Image& photo) {
  if (settings_.out.empty()) return {};
  const fs::path folder = fs::path(settings_.out) / fmt::format("{}-{}", method, budget);
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return fail(ErrorCode::resource_limit, folder.string() + ": " + failed.message());
  VULTUS_TRY(const auto png, media::encode_png(photo.view()));
  return media::write_file_atomically((folder / (people_[person].name + ".png")).string(), png);
}

Result<AttackResult> AttackMeasure::measure(learn::attack::Method method, int budget, AttackRun& run,
                                            const std::function<void()>& done) {
  AttackResult result;
  result.method = learn::attack::name_of(method), result.budget = budget;
  learn::attack::FaceAttackOptions options{.method = method, .budget = budget, .steps = settings_.steps};
  options.goal = settings_.goal == "dodging" ? learn::attack::Goal::dodging : learn::attack::Goal::impersonation;
  std::vector<double> psnr, ssim, seconds;
  std::vector<std::vector<double>> before(whites_.size()), after(whites_.size());
  std::vector<Image> photos;
  for (std::size_t person = 0; person < people_.size(); ++person) {
    options.seed = settings_.seed * 1'000'003 + person;
    const auto start = std::chrono::steady_clock::now();
    VULTUS_TRY(learn::attack::AttackedFace face, attacked(person, options));
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    const AttackPerson& source = people_[person];
    result.largest = std::max(result.largest, largest_change(source.attacked, face.photo));
    VULTUS_TRY(const Image was, face::align(source.attacked.view(), source.face.keypoints));
    VULTUS_TRY(const Image is, face::align(face.photo.view(), source.face.keypoints));
    VULTUS_TRY(psnr.emplace_back(), evaluation::psnr(was.view(), is.view()));
    VULTUS_TRY(ssim.emplace_back(), evaluation::ssim(was.view(), is.view()));
    for (std::size_t w = 0; w < whites_.size(); ++w)
      before[w].push_back(face.before[w]), after[w].push_back(face.after[w]);
    VULTUS_CHECK(keep(result.method, budget, person, face.photo));
    if (person < kExamples) {
      VULTUS_TRY(Image shown, face::align(source.attacked.view(), source.face.keypoints));
      VULTUS_TRY(Image changed, face::align(face.photo.view(), source.face.keypoints));
      run.examples.push_back({source.name, result.method, budget, std::move(shown), std::move(changed)});
    }
    photos.push_back(std::move(face.photo));
    done();
  }
  result.faces = static_cast<std::int64_t>(people_.size());
  result.psnr = mean_of(psnr), result.ssim = mean_of(ssim), result.seconds = mean_of(seconds);
  for (std::size_t w = 0; w < whites_.size(); ++w)
    result.surrogate_before.push_back(mean_of(before[w])), result.surrogate_after.push_back(mean_of(after[w]));
  for (std::size_t v = 0; v < blacks_.size(); ++v) {
    VULTUS_TRY(result.victims.emplace_back(), judged(v, photos));
  }
  return result;
}

}  // namespace

Result<AttackRun> run_attacks(const AttackSettings& settings,
                              const std::function<void(std::size_t, std::size_t)>& progress) {
  std::vector<learn::attack::Method> methods;
  for (const std::string& name : settings.methods) {
    const auto method = learn::attack::method_of(name);
    if (!method) return fail(ErrorCode::invalid_argument, "method " + name + " is not known");
    methods.push_back(*method);
  }
  for (const int budget : settings.budgets)
    VULTUS_CHECK(learn::attack::validate({.budget = budget, .steps = settings.steps}));
  VULTUS_TRY(const engine::Engine engine, cli::load_engine(settings.engine));
  VULTUS_TRY(auto finder, engine.make_finder());
  AttackRun run;
  VULTUS_TRY(auto people, attack_people(settings.people, settings.most, settings.seed, finder, run.left_out));
  VULTUS_TRY(auto whites, whites_of(engine, settings));
  std::vector<Black> blacks;
  for (const std::string& name : settings.victims) {
    VULTUS_TRY(Black black, Black::load(settings, name));
    blacks.push_back(std::move(black));
  }
  const std::size_t all = people.size() * methods.size() * settings.budgets.size();
  AttackMeasure measure(settings, std::move(people), std::move(whites), std::move(blacks));
  VULTUS_CHECK(measure.prepare());
  measure.fill(run);
  std::size_t done = 0;
  for (const int budget : settings.budgets)
    for (const learn::attack::Method method : methods) {
      VULTUS_TRY(run.results.emplace_back(), measure.measure(method, budget, run, [&] { progress(++done, all); }));
    }
  return run;
}

}  // namespace vultus::learning
