// The compiled part of the Python package: the engine, galleries, and dlib's networks. Documented where users meet it,
// in python/vultus/*.py; stubs in python/vultus/_vultus.pyi.
#include <vultus/core/version.hpp>

#include <python/binding.hpp>

// The macro of pybind11 makes the function that Python looks for.
PYBIND11_MODULE(_vultus, module) {
  using vultus::python::Failure;
  namespace py = pybind11;
  module.doc() = "The compiled part of vultus.";
  module.attr("version") = vultus::kVersion;
  // Python's own class, so that it can carry the code: vultus.Error(message, code).
  static py::object error_class = py::module_::import("vultus._error").attr("Error");
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Failure& failure) {
      const py::object error = error_class(failure.error().message, std::string(vultus::name_of(failure.error().code)));
      PyErr_SetObject(error_class.ptr(), error.ptr());
    }
  });
  vultus::python::bind_engine(module);
  vultus::python::bind_gallery(module);
  vultus::python::bind_dlib(module);
}
