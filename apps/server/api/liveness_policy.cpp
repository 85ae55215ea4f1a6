#include <apps/server/api/liveness_policy.hpp>

#include <vultus/engine/challenge_run.hpp>
#include <vultus/engine/liveness_check.hpp>

#include <apps/server/api/operation.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {

Parameter liveness_camera_parameter() {
  return query_parameter("camera",
                         "Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has measured "
                         "it; else by 0.5.",
                         R"({"type": "string", "minLength": 1, "maxLength": 256})");
}

Checked<liveness::Policy> liveness_policy_of(const Call& call, LivenessNeeds needs) {
  const engine::Engine& engine = call.service.faces().engine();
  const Status there =
      needs == LivenessNeeds::challenge ? engine::check_challenge_models(engine) : engine::check_passive_models(engine);
  if (!there) {
    const Problem missing = problem("liveness_not_available", there.error().message);
    return Refusal{.problem = missing, .for_log = there.error().message};
  }
  liveness::Policy policy;
  const auto camera = call.text("camera");
  if (!camera) return policy;
  const auto measured = liveness::threshold_of(call.service.options().camera_thresholds, *camera);
  if (!measured) return problem("parameter_not_valid", "camera: " + measured.error().message);
  policy.threshold = measured->threshold;
  return policy;
}

}  // namespace vultus::server
