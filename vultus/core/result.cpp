#include <vultus/core/result.hpp>

namespace vultus {

std::string_view name_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::corrupt_data: return "corrupt_data";
    case ErrorCode::model_mismatch: return "model_mismatch";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::resource_limit: return "resource_limit";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

Error Error::with_context(std::string_view context) const { return Error{code, std::string(context) + ": " + message}; }

}  // namespace vultus
