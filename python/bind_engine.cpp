#include <vultus/media/picture.hpp>

#include <python/engine_handle.hpp>

namespace vultus::python {
namespace {

runtime::Precision precision_of(const std::string& name) {
  if (name == "auto") return runtime::Precision::automatic;
  if (name == "f32") return runtime::Precision::f32;
  if (name == "bf16") return runtime::Precision::bf16;
  throw Failure({ErrorCode::invalid_argument, "precision \"" + name + "\": known are auto, f32 and bf16"});
}

py::list points_of(std::span<const Point2f> points) {
  py::list list;
  for (const Point2f p : points) list.append(py::make_tuple(p.x, p.y));
  return list;
}

py::array_t<std::uint8_t> read_picture(const std::string& path, double max_megapixels) {
  media::DecodeOptions options;
  options.limits.max_pixels = static_cast<std::int64_t>(max_megapixels * 1e6);
  const Image image = [&] {
    const py::gil_scoped_release release;
    return std::move(unwrap(media::read_picture(path, options)).image);
  }();
  py::array_t<std::uint8_t> array({image.height(), image.width(), 3});
  for (int y = 0; y < image.height(); ++y)
    std::copy_n(image.view().row(y), std::size_t{3} * static_cast<std::size_t>(image.width()), array.mutable_data(y));
  return array;
}

}  // namespace

EngineHandle::EngineHandle(const engine::EngineOptions& options, bool commercial_only)
    : engine_(std::make_unique<engine::Engine>(unwrap(engine::Engine::load(options)))) {
  if (!commercial_only) return;
  for (const ModelId& id : engine_->preset().models())
    unwrap(runtime::require_commercial(*unwrap(engine_->catalogue().find(id))));
}

std::vector<engine::SeenFace> EngineHandle::look(ImageView picture, bool embed) {
  return lookers_.use(
      [&] { return engine_->make_looker(); },
      [&](engine::Looker& looker) {
        return unwrap(looker.look(picture, {.depth = embed ? engine::Depth::embed_all : engine::Depth::detect}));
      });
}

OperatingPoint EngineHandle::operating_point(std::optional<double> fmr, std::optional<double> threshold) const {
  if (threshold) return unwrap(engine_->operating_point_at(Cosine(static_cast<float>(*threshold))));
  return unwrap(engine_->operating_point(fmr));
}

py::tuple tuple_of(const OperatingPoint& at) {
  return py::make_tuple(at.threshold.value(), at.false_match_rate, at.source);
}

py::dict dict_of(const engine::SeenFace& seen) {
  const FaceObservation& face = seen.face;
  py::dict row;
  row["box"] = py::make_tuple(face.box.x, face.box.y, face.box.width, face.box.height);
  row["score"] = face.detection.value();
  row["keypoints"] = points_of(face.keypoints);
  row["landmarks"] = face.landmarks ? points_of(face.landmarks->points) : py::list();
  row["embedding"] = py::none();
  if (seen.embedding) {
    const auto values = seen.embedding->values();
    row["embedding"] = py::array_t<float>(static_cast<py::ssize_t>(values.size()), values.data());
  }
  return row;
}

Embedding embedding_of(const std::string& model, const py::array_t<float>& values) {
  const auto flat = values.unchecked<1>();
  std::vector<float> numbers;
  numbers.reserve(static_cast<std::size_t>(flat.shape(0)));
  for (py::ssize_t i = 0; i < flat.shape(0); ++i) numbers.push_back(flat(i));
  return unwrap(Embedding::normalised(ModelId(model), std::move(numbers)));
}

void bind_engine(py::module_& module) {
  module.def("read_picture", &read_picture, py::arg("path"), py::arg("max_megapixels") = 80.0);
  module.def("similarity", [](const std::string& model, const py::array_t<float>& a, const py::array_t<float>& b) {
    return unwrap(similarity(embedding_of(model, a), embedding_of(model, b))).value();
  });
  py::class_<EngineHandle>(module, "Engine")
      .def(py::init([](const std::string& models, const std::string& cache, const std::string& preset,
                       const std::string& own_models, const std::string& detector, const std::string& embedder,
                       const std::string& precision, bool tiles, bool commercial_only) {
             engine::EngineOptions options{.models = models,
                                           .cache = cache,
                                           .own_models = own_models,
                                           .preset = preset,
                                           .detector = detector,
                                           .embedder = embedder};
             options.precision = precision_of(precision);
             options.tiles = tiles;
             const py::gil_scoped_release release;
             return std::make_unique<EngineHandle>(options, commercial_only);
           }),
           py::arg("models"), py::arg("cache"), py::arg("preset"), py::arg("own_models"), py::arg("detector"),
           py::arg("embedder"), py::arg("precision"), py::arg("tiles"), py::arg("commercial_only"))
      .def_property_readonly("preset", [](const EngineHandle& self) { return self.engine().preset().id; })
      .def_property_readonly("template_model",
                             [](const EngineHandle& self) { return self.engine().preset().template_model().text(); })
      .def_property_readonly("backend", [](const EngineHandle& self) { return self.engine().backend(); })
      .def("operating_point",
           [](const EngineHandle& self, std::optional<double> fmr, std::optional<double> threshold) {
             return tuple_of(self.operating_point(fmr, threshold));
           })
      .def("look", [](EngineHandle& self, const Pixels& picture, bool embed) {
        const ImageView view = view_of(picture);
        const auto faces = [&] {
          const py::gil_scoped_release release;
          return self.look(view, embed);
        }();
        py::list rows;
        for (const engine::SeenFace& face : faces) rows.append(dict_of(face));
        return rows;
      });
}

}  // namespace vultus::python
