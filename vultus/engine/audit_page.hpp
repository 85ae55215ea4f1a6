// Pages of the audits for people who are not statisticians.
#pragma once

#include <string>

#include <vultus/audit/model_bias.hpp>
#include <vultus/core/result.hpp>

namespace vultus::engine {

/// A page about the groups of a classifier for people who are not statisticians.
/// @param source  name of the file of predictions
/// @param sha256  of its bytes
[[nodiscard]] Result<std::string> model_audit_page(const audit::ModelAudit& audit, const std::string& source,
                                                   const std::string& sha256);

/// What a metric of fairness means, in one sentence.
[[nodiscard]] std::string fairness_sentence(const std::string& metric);

}  // namespace vultus::engine
