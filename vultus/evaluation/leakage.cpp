#include <vultus/evaluation/leakage.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vultus/evaluation/near_duplicates.hpp>

namespace vultus::evaluation {
namespace {

constexpr std::size_t kShownItems = 20;
constexpr std::array<std::string_view, 10> kLeakNames{"group",       "clip",        "near_duplicate", "copy",
                                                      "fitted",      "pretrained",  "chosen_on_test", "partner",
                                                      "small_class", "single_class"};
constexpr std::size_t kParts = 4;  // of enum Part

/// Adds an item to a finding; only the first are shown.
void note(LeakFinding& finding, std::string item) {
  ++finding.count;
  if (finding.items.size() < kShownItems) finding.items.push_back(std::move(item));
}

class Audit {
 public:
  Audit(const Table& samples, const Split& split, const LeakageOptions& options)
      : samples_(samples), split_(split), options_(options) {}

  Result<LeakageReport> run() {
    VULTUS_TRY(const std::size_t id, samples_.column(options_.columns.id));
    VULTUS_TRY(ids_, samples_.names(id));
    for (const Fold& fold : split_.folds)
      if (fold.parts.size() != ids_.size())
        return fail(ErrorCode::invalid_argument, fmt::format("fold \"{}\" has {} parts, {} has {} rows", fold.name,
                                                             fold.parts.size(), samples_.source(), ids_.size()));
    VULTUS_CHECK(keys());
    VULTUS_CHECK(grouped(options_.columns.clip, LeakKind::clip, "windows of one {} are in two parts"));
    VULTUS_CHECK(near_duplicates());
    VULTUS_CHECK(copies());
    VULTUS_CHECK(fitted());
    VULTUS_CHECK(pretrained());
    chosen();
    VULTUS_CHECK(grouped(options_.columns.dyad, LeakKind::partner, "partners of one {} are in different parts"));
    VULTUS_CHECK(classes());
    return std::move(report_);
  }

 private:
  void did(LeakKind kind, bool could) { (could ? report_.checked : report_.not_checked).push_back(kind); }

  void found(LeakFinding finding) {
    if (finding.count == 0) return;
    if (finding.kind == LeakKind::clip && options_.leaky) {
      finding.refuses = false;
      report_.leaky = true;
    }
    report_.findings.push_back(std::move(finding));
  }

  /// Groups that have samples in more than one part of a fold.
  void groups_across(const NumberedNames& groups, LeakKind kind, const std::string& message) {
    for (const Fold& fold : split_.folds) {
      std::vector<std::array<std::size_t, kParts>> counts(groups.names.size());
      for (std::size_t row = 0; row < fold.parts.size(); ++row)
        ++counts[groups.of_row[row]][static_cast<std::size_t>(fold.parts[row])];
      LeakFinding finding{.kind = kind, .fold = fold.name, .message = message, .items = {}};
      for (std::size_t g = 0; g < counts.size(); ++g) {
        std::vector<std::string> in;
        for (const Part part : {Part::train, Part::validation, Part::test})
          if (const std::size_t n = counts[g][static_cast<std::size_t>(part)]; n > 0)
            in.push_back(fmt::format("{} ({})", name_of(part), n));
        if (in.size() > 1) note(finding, fmt::format("{}: {}", groups.names[g], fmt::join(in, ", ")));
      }
      found(std::move(finding));
    }
  }

  Status keys() {
    std::vector<std::string> keys = split_.keys;
    keys.insert(keys.end(), options_.columns.keys.begin(), options_.columns.keys.end());
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const std::string& key : keys) {
      VULTUS_TRY(const std::size_t column, samples_.column(key));
      VULTUS_TRY(const std::vector<std::string> names, samples_.names(column));
      groups_across(numbered(names), LeakKind::group, fmt::format("a {} is in two parts", key));
    }
    did(LeakKind::group, !keys.empty());
    return {};
  }

  /// Rows with an empty field belong to no group here.
  Status grouped(const std::string& name, LeakKind kind, const char* message) {
    did(kind, !name.empty());
    if (name.empty()) return {};
    VULTUS_TRY(const std::size_t column, samples_.column(name));
    std::vector<std::string> values;
    for (std::size_t row = 0; row < samples_.rows(); ++row) {
      const std::string& value = samples_.at(row, column);
      values.push_back(value.empty() ? "alone: " + ids_[row] : value);
    }
    groups_across(numbered(values), kind, fmt::format(fmt::runtime(message), name));
    return {};
  }

  /// Pairs of rows that lie in two parts of a fold.
  void pairs_across(std::span<const RowPair> pairs, const std::string& message) {
    for (const Fold& fold : split_.folds) {
      LeakFinding finding{.kind = LeakKind::near_duplicate, .fold = fold.name, .message = message, .items = {}};
      for (const RowPair& pair : pairs) {
        const Part a = fold.parts[pair.first];
        const Part b = fold.parts[pair.second];
        if (a == b || a == Part::unused || b == Part::unused) continue;
        note(finding, fmt::format("{} ({}) and {} ({}), {} bits apart", ids_[pair.first], name_of(a), ids_[pair.second],
                                  name_of(b), pair.distance));
      }
      found(std::move(finding));
    }
  }

  /// Rows with equal bytes, called by the first of them; those with an empty field are alone.
  [[nodiscard]] NumberedNames same_bytes(std::size_t column) const {
    std::map<std::string_view, std::size_t> first;
    std::vector<std::string> names;
    for (std::size_t row = 0; row < samples_.rows(); ++row) {
      const std::string& bytes = samples_.at(row, column);
      const std::size_t at = bytes.empty() ? row : first.try_emplace(bytes, row).first->second;
      names.push_back(fmt::format("like line {}, {}", samples_.line(at), ids_[at]));
    }
    return numbered(names);
  }

  Status near_duplicates() {
    const LeakageColumns& columns = options_.columns;
    did(LeakKind::near_duplicate, !columns.picture_hash.empty() || !columns.bytes_hash.empty());
    if (!columns.bytes_hash.empty()) {
      VULTUS_TRY(const std::size_t column, samples_.column(columns.bytes_hash));
      groups_across(same_bytes(column), LeakKind::near_duplicate, "files with the same bytes are in two parts");
    }
    if (!columns.picture_hash.empty()) {
      VULTUS_TRY(const auto hashes, picture_hashes(samples_, columns.picture_hash));
      VULTUS_TRY(const auto pairs, near_rows(hashes, options_.picture_distance));
      pairs_across(pairs, "near-duplicate pictures are in two parts");
    }
    return {};
  }

  /// Copies of one item belong to its root; one id in two rows is a copy of itself.
  Status copies() {
    std::map<std::string, std::string> made_from;
    const bool told = !options_.columns.copy_of.empty();
    if (told) {
      VULTUS_TRY(const std::size_t column, samples_.column(options_.columns.copy_of));
      for (std::size_t row = 0; row < samples_.rows(); ++row)
        if (const std::string& from = samples_.at(row, column); !from.empty()) made_from[ids_[row]] = from;
    }
    std::vector<std::string> roots;
    for (const std::string& id : ids_) {
      std::string root = id;
      std::size_t steps = 0;
      for (auto at = made_from.find(root); at != made_from.end(); at = made_from.find(root)) {
        root = at->second;
        if (++steps > made_from.size())
          return fail(ErrorCode::corrupt_data,
                      fmt::format("{}: {} is a copy of itself, over {} steps", samples_.source(), id, steps));
      }
      roots.push_back(std::move(root));
    }
    groups_across(numbered(roots), LeakKind::copy, "copies of one item are in two parts");
    did(LeakKind::copy, true);
    return {};
  }

  [[nodiscard]] Status check_fold(const std::string& what, const std::string& name) const {
    const auto is = [&](const Fold& fold) { return fold.name == name; };
    if (name.empty() || std::any_of(split_.folds.begin(), split_.folds.end(), is)) return {};
    return fail(ErrorCode::invalid_argument, fmt::format("{}: there is no fold \"{}\"", what, name));
  }

  Status fitted() {
    did(LeakKind::fitted, !options_.fitted.empty());
    for (const FittedPart& one : options_.fitted) {
      VULTUS_CHECK(check_fold(one.what, one.fold));
      // What names nothing would be listed as looked at, and nothing would have been.
      if (one.parts.empty() && one.samples.empty())
        return fail(ErrorCode::invalid_argument, one.what + ": on which parts or samples was it fitted?");
      const std::set<std::string> on(one.samples.begin(), one.samples.end());
      const std::set<std::string> known(ids_.begin(), ids_.end());
      for (const std::string& id : on)
        if (!known.contains(id))
          return fail(ErrorCode::invalid_argument,
                      fmt::format("{} was fitted on \"{}\", which is not in {}", one.what, id, samples_.source()));
      const bool on_test = std::find(one.parts.begin(), one.parts.end(), Part::test) != one.parts.end();
      for (const Fold& fold : split_.folds) {
        if (!one.fold.empty() && one.fold != fold.name) continue;
        LeakFinding finding{.kind = LeakKind::fitted,
                            .fold = fold.name,
                            .message = one.what + " was fitted on tested samples",
                            .items = {}};
        for (std::size_t row = 0; row < ids_.size(); ++row)
          if (fold.parts[row] == Part::test && (on_test || on.contains(ids_[row]))) note(finding, ids_[row]);
        found(std::move(finding));
      }
    }
    return {};
  }

  /// Trained on other data, or names written in another way: then no leak would ever be found.
  void warn_of_strangers(const PretrainedPart& one, const std::set<std::string>& seen, std::size_t column) {
    for (std::size_t row = 0; row < ids_.size(); ++row)
      if (seen.contains(samples_.at(row, column))) return;
    LeakFinding finding{
        .kind = LeakKind::pretrained,
        .refuses = false,
        .fold = {},
        .message = fmt::format("no {} that {} was trained on is in {}", one.key, one.what, samples_.source()),
        .items = {}};
    for (const std::string& group : seen) note(finding, group);
    found(std::move(finding));
  }

  Status pretrained() {
    did(LeakKind::pretrained, !options_.pretrained.empty());
    for (const PretrainedPart& one : options_.pretrained) {
      VULTUS_TRY(const std::size_t column, samples_.column(one.key));
      const std::set<std::string> seen(one.groups.begin(), one.groups.end());
      if (seen.empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{}: on which groups of {} was it trained?", one.what, one.key));
      warn_of_strangers(one, seen, column);
      for (const Fold& fold : split_.folds) {
        std::set<std::string> tested;
        for (std::size_t row = 0; row < ids_.size(); ++row)
          if (fold.parts[row] == Part::test && seen.contains(samples_.at(row, column)))
            tested.insert(samples_.at(row, column));
        LeakFinding finding{.kind = LeakKind::pretrained,
                            .fold = fold.name,
                            .message = fmt::format("{} was trained on a {} that is tested", one.what, one.key),
                            .items = {}};
        for (const std::string& group : tested) note(finding, group);
        found(std::move(finding));
      }
    }
    return {};
  }

  void chosen() {
    did(LeakKind::chosen_on_test, !options_.chosen_on.empty());
    if (std::find(options_.chosen_on.begin(), options_.chosen_on.end(), Part::test) == options_.chosen_on.end()) return;
    found({.kind = LeakKind::chosen_on_test,
           .fold = {},
           .message = "checkpoint or settings were chosen by their result on the test part",
           .count = 1,
           .items = {"test"}});
  }

  Status classes() {
    const std::string& name = options_.columns.label;
    did(LeakKind::small_class, !name.empty());
    did(LeakKind::single_class, !name.empty());
    if (name.empty()) return {};
    VULTUS_TRY(const std::size_t column, samples_.column(name));
    VULTUS_TRY(const std::vector<std::string> values, samples_.names(column));
    const NumberedNames labels = numbered(values);
    std::vector<std::size_t> sizes(labels.names.size());
    for (const std::uint32_t label : labels.of_row) ++sizes[label];
    LeakFinding few{.kind = LeakKind::small_class,
                    .refuses = false,
                    .fold = {},
                    .message = fmt::format("a class has fewer than {} samples", options_.least_per_class),
                    .items = {}};
    for (std::size_t c = 0; c < sizes.size(); ++c)
      if (sizes[c] < options_.least_per_class) note(few, fmt::format("{}: {}", labels.names[c], sizes[c]));
    found(std::move(few));
    for (const Fold& fold : split_.folds) {
      LeakFinding one{.kind = LeakKind::single_class,
                      .refuses = false,
                      .fold = fold.name,
                      .message = "a part of the fold has one class alone",
                      .items = {}};
      for (const Part part : {Part::train, Part::test}) {
        std::set<std::uint32_t> there;
        for (std::size_t row = 0; row < fold.parts.size(); ++row)
          if (fold.parts[row] == part) there.insert(labels.of_row[row]);
        if (there.size() == 1) note(one, fmt::format("{}: {}", name_of(part), labels.names[*there.begin()]));
      }
      found(std::move(one));
    }
    return {};
  }

  const Table& samples_;
  const Split& split_;
  const LeakageOptions& options_;
  std::vector<std::string> ids_;
  LeakageReport report_;
};

}  // namespace

std::string_view name_of(LeakKind kind) { return kLeakNames[static_cast<std::size_t>(kind)]; }

bool LeakageReport::refused() const {
  return std::any_of(findings.begin(), findings.end(), [](const LeakFinding& finding) { return finding.refuses; });
}

Result<LeakageReport> audit_split(const Table& samples, const Split& split, const LeakageOptions& options) {
  return Audit(samples, split, options).run();
}

}  // namespace vultus::evaluation
