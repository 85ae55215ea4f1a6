#include <vultus/engine/dlib_recognizer.hpp>

#include <python/binding.hpp>

namespace vultus::python {
namespace {

/// (top, right, bottom, left), as face_recognition says it.
using Css = std::array<int, 4>;

face::PixelRect rect_of(const Css& css) { return {.left = css[3], .top = css[0], .right = css[1], .bottom = css[2]}; }

engine::DlibPoints points_named(const std::string& name) {
  if (name == "small") return engine::DlibPoints::small;
  if (name == "large") return engine::DlibPoints::large;
  throw Failure({ErrorCode::invalid_argument, "landmarks \"" + name + "\": known are small and large"});
}

/// dlib's networks and the workers that calls have made. Thread-safe.
class DlibHandle {
 public:
  explicit DlibHandle(const engine::DlibOptions& options)
      : models_(std::make_unique<engine::DlibModels>(unwrap(engine::DlibModels::load(options)))) {}

  template <class Use>
  auto with(const Use& use) {
    const py::gil_scoped_release release;
    return pool_.use([&] { return models_->make_recognizer(); }, use);
  }

 private:
  std::unique_ptr<engine::DlibModels> models_;
  Pool<engine::DlibRecognizer> pool_;
};

py::list locations(DlibHandle& self, const Pixels& picture) {
  const ImageView view = view_of(picture);
  const auto faces = self.with([&](engine::DlibRecognizer& worker) { return unwrap(worker.find(view)); });
  py::list rows;
  for (const face::PixelRect& face : faces) rows.append(py::make_tuple(face.top, face.right, face.bottom, face.left));
  return rows;
}

py::list landmarks(DlibHandle& self, const Pixels& picture, const Css& css, const std::string& points) {
  const ImageView view = view_of(picture);
  const auto found = self.with([&](engine::DlibRecognizer& worker) {
    return unwrap(worker.landmarks(view, rect_of(css), points_named(points)));
  });
  py::list rows;
  for (const Point2f p : found) rows.append(py::make_tuple(static_cast<int>(p.x), static_cast<int>(p.y)));
  return rows;
}

py::array_t<double> descriptor(DlibHandle& self, const Pixels& picture, const Css& css, const std::string& points,
                               int jitters) {
  const ImageView view = view_of(picture);
  const auto values = self.with([&](engine::DlibRecognizer& worker) {
    return unwrap(worker.descriptor(view, rect_of(css), points_named(points), jitters));
  });
  py::array_t<double> array(static_cast<py::ssize_t>(values.size()));
  std::copy(values.begin(), values.end(), array.mutable_data());
  return array;
}

}  // namespace

void bind_dlib(py::module_& module) {
  py::class_<DlibHandle>(module, "Dlib")
      .def(py::init([](const std::string& models, const std::string& cache, bool commercial_only, bool tiles) {
             engine::DlibOptions options{.models = models, .cache = cache};
             options.commercial_only = commercial_only;
             options.tiles = tiles;
             const py::gil_scoped_release release;
             return std::make_unique<DlibHandle>(options);
           }),
           py::arg("models"), py::arg("cache"), py::arg("commercial_only"), py::arg("tiles"))
      .def("locations", &locations)
      .def("landmarks", &landmarks)
      .def("descriptor", &descriptor);
}

}  // namespace vultus::python
