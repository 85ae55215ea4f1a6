#include <apps/server/compreface/query.hpp>

#include <algorithm>

#include <apps/server/api/parameters.hpp>
#include <apps/server/compreface/errors.hpp>
#include <apps/server/http/ascii.hpp>

namespace vultus::server::compreface {
namespace {

constexpr std::int64_t kMostFaces = 1'000'000;
constexpr std::int64_t kMostPredictions = 10'000;
constexpr std::int64_t kMostPages = 1'000'000'000;
constexpr std::int64_t kMostOnAPage = 10'000;

/// Reads parameters one by one and keeps what is wrong with each.
class Reader {
 public:
  explicit Reader(const Call& call) : call_(call) {}

  void whole(const char* name, std::int64_t low, std::int64_t high, std::int64_t& into) {
    const auto text = call_.request.query_value(name);
    if (!text || text->empty()) return;
    const auto value = integer_of(*text);
    if (value && *value >= low && *value <= high)
      into = *value;
    else
      wrong(name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high), *text);
  }

  void share(const char* name, std::optional<double>& into) {
    const auto text = call_.request.query_value(name);
    if (!text || text->empty()) return;
    const auto value = number_of(*text);
    if (value && *value >= 0 && *value <= 1)
      into = *value;
    else
      wrong(name, "a number from 0.0 to 1.0", *text);
  }

  void flag(const char* name, bool& into) {
    const auto text = call_.request.query_value(name);
    if (!text || text->empty()) return;
    const std::string value = ascii_lowered(*text);
    if (value == "true" || value == "1")
      into = true;
    else if (value == "false" || value == "0")
      into = false;
    else
      wrong(name, "true or false", *text);
  }

  [[nodiscard]] const std::string& wrongs() const { return wrongs_; }

 private:
  void wrong(const char* name, const std::string& wanted, std::string_view got) {
    if (!wrongs_.empty()) wrongs_ += "; ";
    wrongs_ += std::string(name) + " must be " + wanted + ", got " + std::string(got.substr(0, 32));
  }

  const Call& call_;
  std::string wrongs_;
};

bool lists(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    if (ascii_equal(trimmed(one), wanted)) return true;
    list.remove_prefix(std::min(list.size(), one.size() + 1));
  }
  return false;
}

}  // namespace

Checked<FaceQuery> face_query(const Call& call) {
  FaceQuery query;
  Reader read(call);
  std::int64_t limit = 0;
  std::int64_t predictions = 1;
  read.whole("limit", 0, kMostFaces, limit);
  read.whole("prediction_count", 1, kMostPredictions, predictions);
  read.share("det_prob_threshold", query.least_detection);
  read.flag("status", query.status);
  read.flag("detect_faces", query.detect_faces);
  if (!read.wrongs().empty()) return not_valid(read.wrongs());
  query.limit = static_cast<std::size_t>(limit);
  query.predictions = static_cast<std::size_t>(predictions);
  const std::string_view plugins = call.request.query_value("face_plugins").value_or("");
  query.landmarks = lists(plugins, "landmarks");
  query.calculator = lists(plugins, "calculator");
  query.pose = lists(plugins, "pose");
  return query;
}

Checked<PageQuery> page_query(const Call& call) {
  PageQuery query;
  Reader read(call);
  read.whole("page", 0, kMostPages, query.page);
  read.whole("size", 1, kMostOnAPage, query.size);
  if (!read.wrongs().empty()) return not_valid(read.wrongs());
  return query;
}

Checked<std::string> required_parameter(const Call& call, const std::string& name) {
  const auto value = call.request.query_value(name);
  if (!value) return bad(Code::parameter_missing, "Required parameter " + name + " is missing");
  return std::string(*value);
}

}  // namespace vultus::server::compreface
