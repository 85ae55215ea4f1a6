// A recogniser looked at for groups of people: pictures and attributes go in, error rates per group come out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/audit/recogniser_bias.hpp>
#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/evaluation/table.hpp>

namespace vultus::engine {

struct RecogniserAuditPlan {
  std::string folder;      ///< of the pictures
  std::string attributes;  ///< CSV with a column `file` (below the folder) or `subject` (a subfolder), or both
  std::vector<std::string> columns;  ///< that are audited; empty = all others with 2 to 50 values
  audit::RecogniserAuditOptions options;
  bool measured_pairs = false;  ///< also the table of mated pairs (audit_pairs.hpp); needs one audited column
};

/// Pictures of one value of an attribute.
struct DetectionRow {
  std::string value;
  std::int64_t pictures = 0;
  std::int64_t without_face = 0;
};

/// One attribute.
struct AttributeAudit {
  std::string attribute;
  audit::RecogniserAudit rates;
  std::vector<DetectionRow> detection;
  std::int64_t persons_left_out = 0;  ///< without a value, or with different ones in their pictures
};

struct RecogniserAuditRun {
  RecogniserAuditPlan plan;
  std::vector<AttributeAudit> attributes;
  std::int64_t pictures = 0;
  std::int64_t persons = 0;  ///< with a template
  std::int64_t without_face = 0;
  std::int64_t not_listed = 0;  ///< pictures or persons of the CSV that are not in the folder
  std::string attributes_sha256;
  std::string measured_pairs;  ///< CSV, where the plan wants it
  double seconds = 0;
};

/// Who is on which picture, and what the attributes say. A row of the CSV without `subject` is a person of its own.
struct AuditPicture {
  std::string path;  ///< to be opened
  std::string person;
  std::vector<std::string> values;  ///< of each audited column; empty = not told
  bool operator==(const AuditPicture&) const = default;
};

struct AuditList {
  std::vector<std::string> columns;
  std::vector<AuditPicture> pictures;
  std::int64_t not_there = 0;
};

/// Joins a table of attributes with the pictures of a folder.
/// @param present  pictures of the folder with the name of their subfolder, for tables by subject
/// @error invalid_argument  neither `file` nor `subject` among the columns, a column that is not there or has one
/// value,
///                          nothing to audit, or none of the rows has a picture
/// @error corrupt_data      a row twice
[[nodiscard]] Result<AuditList> audit_list(const evaluation::Table& table, const RecogniserAuditPlan& plan,
                                           const std::vector<std::pair<std::string, std::string>>& present);

/// @param progress  gets pictures done and all
/// @error of the list, of pictures that cannot be read, of audit::audit_recogniser; cancelled
Result<RecogniserAuditRun> run_recogniser_audit(const Engine& engine, const RecogniserAuditPlan& plan,
                                                const std::function<void(std::size_t, std::size_t)>& progress,
                                                const std::stop_token& stop = {});

/// What the intervals of the groups show, of strangers who are confused and of people who are missed. Where more than
/// two groups are compared a gap counts only if it stays behind intervals that are widened for all their pairs.
[[nodiscard]] std::string recogniser_verdict(const audit::RecogniserAudit& rates);

/// A page for people who are not statisticians: fixed sentences, intervals, plain warnings of small groups, DET curves.
[[nodiscard]] Result<std::string> recogniser_audit_page(const RecogniserAuditRun& run, const Engine& engine);

}  // namespace vultus::engine
