// Jobs as answers.
#pragma once

#include <apps/server/api/call.hpp>
#include <apps/server/http/router.hpp>
#include <apps/server/jobs/job_board.hpp>

namespace vultus::server {

/// The job of the path. One of a collection that the caller's key does not see is answered like none.
[[nodiscard]] Checked<Job> job_of(const Call& call);
[[nodiscard]] Parameter job_parameter();
[[nodiscard]] Json job_json(const Job& job);
/// 202 with the place of the job.
[[nodiscard]] Response job_started(const Job& job);

inline constexpr const char* kExampleJob =
    R"({"job": "9f86d081884c7d65", "kind": "calibration", "collection": "staff", "state": "waiting", "progress": null,
        "created": "2026-02-01T10:00:00Z", "ended": null, "result": null, "error": null})";

}  // namespace vultus::server
