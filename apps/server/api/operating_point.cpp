#include <apps/server/api/operating_point.hpp>

#include <apps/server/service.hpp>

namespace vultus::server {

Checked<OperatingPoint> operating_point_of(const Call& call, const Gallery* gallery) {
  const engine::Engine& engine = call.service.faces().engine();
  const std::optional<double> fmr = call.number("fmr");
  const std::optional<double> own = call.number("threshold");
  const std::optional<Cosine> threshold = own ? std::optional(Cosine(static_cast<float>(*own))) : std::nullopt;
  if (gallery != nullptr)
    return or_problem(engine.operating_point(*gallery, {.fmr = fmr, .threshold = threshold}),
                      ErrorCode::invalid_argument, "rate_not_measured");
  return or_problem(threshold ? engine.operating_point_at(*threshold) : engine.operating_point(fmr),
                    ErrorCode::invalid_argument, "rate_not_measured");
}

}  // namespace vultus::server
