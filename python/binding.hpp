// What the binding files share: errors as Python exceptions, numpy arrays as pictures, workers for many threads.
#pragma once

#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::python {

namespace py = pybind11;

/// An Error on its way into Python, where it becomes vultus.Error.
class Failure : public std::runtime_error {
 public:
  explicit Failure(Error error) : std::runtime_error(error.message), error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

template <class T>
T unwrap(Result<T> result) {
  if (!result) throw Failure(result.error());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

using Pixels = py::array_t<std::uint8_t, py::array::c_style>;

/// The pixels of a numpy array, which must outlive the view.
/// @throw Failure  another shape than height x width x 3
inline ImageView view_of(const Pixels& array) {
  if (array.ndim() != 3 || array.shape(2) != 3 || array.shape(0) < 1 || array.shape(1) < 1)
    throw Failure({ErrorCode::invalid_argument, "a picture must be an array of height x width x 3 bytes"});
  if (array.shape(0) > 65535 || array.shape(1) > 65535)
    throw Failure({ErrorCode::resource_limit, "a picture may have at most 65535 pixels a side"});
  return {array.data(), static_cast<int>(array.shape(1)), static_cast<int>(array.shape(0)),
          std::ptrdiff_t{3} * array.shape(1), PixelFormat::rgb8};
}

/// Workers that are not in use: Python calls from any thread, a worker serves one at a time.
template <class Worker>
class Pool {
 public:
  /// Takes a worker or makes one, uses it, and keeps it for the next call.
  template <class Make, class Use>
  auto use(const Make& make, const Use& use) {
    std::unique_ptr<Worker> worker;
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) worker = std::move(free_.back()), free_.pop_back();
    }
    if (!worker) worker = std::make_unique<Worker>(unwrap(make()));
    auto result = use(*worker);
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(worker));
    return result;
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Worker>> free_;
};

void bind_dlib(py::module_& module);
void bind_engine(py::module_& module);
void bind_gallery(py::module_& module);

}  // namespace vultus::python
