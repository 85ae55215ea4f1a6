// Recognition in the manner of dlib and face_recognition: whole-pixel rectangles, dlib's landmarks, and descriptors
// that stay comparable with those that such a program has stored.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/face/dlib_descriptor.hpp>
#include <vultus/face/shape_predictor.hpp>

namespace vultus::engine {

/// dlib's landmark files: 5 points (CC0), or 68 (trained on data for research alone).
enum class DlibPoints : std::uint8_t { small, large };

struct DlibOptions {
  std::filesystem::path models;  ///< folder of the manifests
  std::filesystem::path cache;   ///< folder of downloaded things; empty = runtime::default_cache_folder()
  std::string preset;  ///< whose detector finds the faces; empty = default, or commercial with commercial_only
  bool commercial_only = false;  ///< refuse models that are not stated to be free for commercial use
  bool tiles = false;            ///< search large pictures piece by piece
};

class DlibRecognizer;

/// What all workers share. Thread-safe. Move-only.
class DlibModels {
 public:
  /// Descriptors are calculated in f32 whatever the processor has: stored ones were made so.
  /// @error not_found    a model that was not fetched yet: the message says how to fetch it
  /// @error unsupported  commercial_only, and a model that is not stated to be free for commercial use
  /// @error corrupt_data  a file that is not what its manifest says
  static Result<DlibModels> load(const DlibOptions& options);

  [[nodiscard]] const Engine& engine() const { return *engine_; }
  /// The landmark file, read when it is asked for the first time.
  /// @error as load()
  /// @cost  some 100 ms once; the large one keeps 70 MB
  [[nodiscard]] Result<std::shared_ptr<const face::ShapePredictor>> predictor(DlibPoints points) const;
  /// A worker for one thread.
  [[nodiscard]] Result<DlibRecognizer> make_recognizer() const;

 private:
  struct Shared {
    runtime::ModelHandle descriptor;
    bool commercial_only = false;
    std::mutex reading;
    std::array<std::shared_ptr<const face::ShapePredictor>, 2> predictors;
  };
  DlibModels(std::unique_ptr<Engine> engine, std::shared_ptr<Shared> shared)
      : engine_(std::move(engine)), shared_(std::move(shared)) {}
  std::unique_ptr<Engine> engine_;
  std::shared_ptr<Shared> shared_;
};

/// Thread-compatible: every thread has its own. The DlibModels that made it must outlive it.
class DlibRecognizer {
 public:
  DlibRecognizer(const DlibModels& models, face::FaceFinder finder, face::DlibDescriber describer)
      : models_(&models), finder_(std::move(finder)), describer_(std::move(describer)) {}

  /// Faces as dlib's detector would frame them, most prominent first. No face = an empty list.
  /// @param picture  rgb8, upright
  /// @error invalid_argument  an empty or grey picture; internal  the backend failed
  Result<std::vector<face::PixelRect>> find(ImageView picture);
  /// dlib's landmarks of a face.
  /// @param face  of find(), of dlib's detector, or by hand
  /// @return 5 or 68 whole pixels
  /// @error invalid_argument  an empty rectangle; unsupported, not_found  the landmark file, see DlibModels
  [[nodiscard]] Result<std::vector<Point2f>> landmarks(ImageView picture, const face::PixelRect& face,
                                                       DlibPoints points) const;
  /// dlib's descriptor of a face.
  /// @param jitters  [1, 1000]; above 1 the mean over so many crops that are a little moved, turned and mirrored;
  /// always
  ///                 the same ones
  /// @return 128 numbers, not scaled to unit length
  /// @error as landmarks()
  Result<std::vector<float>> descriptor(ImageView picture, const face::PixelRect& face, DlibPoints points,
                                        int jitters = 1);

 private:
  const DlibModels* models_;
  face::FaceFinder finder_;
  face::DlibDescriber describer_;
};

/// Euclidean distance of two descriptors. @param a, b  the same number of values
[[nodiscard]] double euclidean_distance(std::span<const float> a, std::span<const float> b);

}  // namespace vultus::engine
