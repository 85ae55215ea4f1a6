#include <vultus/engine/enrol.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/identity/decide.hpp>

#include <python/engine_handle.hpp>

namespace vultus::python {
namespace {

py::tuple pair_of(const Candidate& candidate) { return py::make_tuple(candidate.name, candidate.similarity.value()); }

Gallery open_gallery(const EngineHandle& engine, const std::string& path, bool read_only) {
  GalleryOptions options{.path = path,
                         .access = read_only ? GalleryAccess::read_only : GalleryAccess::create_or_open,
                         .model = engine::gallery_model(engine.engine())};
  Gallery gallery = unwrap(Gallery::open(std::move(options)));
  unwrap(engine::require_model(engine.engine(), gallery));
  return gallery;
}

py::tuple enrol(Gallery& gallery, const std::string& model, const std::string& name, const py::array_t<float>& values,
                const std::array<float, 4>& box, const std::string& source, const std::string& sha256) {
  NewFace face{.subject = name, .embedding = embedding_of(model, values)};
  face.details.box = RectF{box[0], box[1], box[2], box[3]};
  face.details.source = source;
  face.details.source_sha256 = sha256;
  const EnrolOutcome outcome = unwrap(gallery.enrol(std::span(&face, 1))).at(0);
  return py::make_tuple(outcome.face.number(), outcome.already_there);
}

py::list subjects(const Gallery& gallery) {
  py::list rows;
  ListOptions options{.limit = ListOptions::kMaxLimit};
  for (bool more = true; more;) {
    const auto page = unwrap(gallery.subjects(options));
    for (const Subject& subject : page) rows.append(py::make_tuple(subject.name, subject.faces));
    more = page.size() == options.limit;
    if (more) options.after = page.back().name;
  }
  return rows;
}

/// (match or None, best or None, candidates): who a template is.
py::tuple identify(const Gallery& gallery, const EngineHandle& engine, const std::string& model,
                   const py::array_t<float>& values, std::size_t top_k, std::optional<double> fmr,
                   std::optional<double> threshold) {
  const auto candidates = unwrap(gallery.search(embedding_of(model, values), {.top_k = top_k}));
  const Decision decision = identity::decide(candidates, engine.operating_point(fmr, threshold));
  py::list rows;
  for (const Candidate& candidate : candidates) rows.append(pair_of(candidate));
  return py::make_tuple(decision.match ? py::object(pair_of(*decision.match)) : py::none(), rows,
                        tuple_of(decision.at));
}

}  // namespace

void bind_gallery(py::module_& module) {
  py::class_<Gallery>(module, "Gallery")
      .def(py::init(&open_gallery), py::arg("engine"), py::arg("path"), py::arg("read_only"))
      .def("enrol", &enrol)
      .def("subjects", &subjects)
      .def("identify", &identify)
      .def("counts",
           [](const Gallery& self) {
             const GalleryInfo info = self.info();
             return py::make_tuple(info.subjects, info.faces);
           })
      .def("rename",
           [](Gallery& self, const std::string& from, const std::string& to) {
             const auto subject = unwrap(self.find_subject(from));
             if (!subject) throw Failure({ErrorCode::not_found, "nobody is called \"" + from + "\" in the gallery"});
             unwrap(self.rename(subject->id, to, IfNameTaken::refuse));
           })
      .def("remove", [](Gallery& self, const std::string& name) {
        const auto subject = unwrap(self.find_subject(name));
        if (!subject) throw Failure({ErrorCode::not_found, "nobody is called \"" + name + "\" in the gallery"});
        return unwrap(self.remove(subject->id)).faces;
      });
}

}  // namespace vultus::python
