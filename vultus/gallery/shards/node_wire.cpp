// Numbers are little-endian, texts and lists have their length in front. Every length is held against the bytes that
// are there before anything is allocated for it.
#include <vultus/gallery/shards/node_wire.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

namespace vultus::gallery {
namespace {

constexpr std::uint32_t kQuestionMark = 0x31515356;  // "VSQ1"
constexpr std::uint32_t kAnswerMark = 0x31415356;    // "VSA1"
constexpr std::size_t kMostText = 4096;
constexpr std::size_t kMostShards = 1000;
enum class AnswerKind : std::uint8_t { error, hits, report };

class WireWriter {
 public:
  template <class T>
  void number(T value) {
    using Bits = std::make_unsigned_t<T>;
    auto bits = static_cast<Bits>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes_ += static_cast<char>(static_cast<std::uint8_t>(bits >> (8 * i)));
  }
  void value(float value) { number(std::bit_cast<std::uint32_t>(value)); }
  void text(std::string_view text) {
    text = text.substr(0, kMostText);
    number(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads until something is missing; from then on everything is 0, and good() is false.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}
  template <class T>
  T number() {
    using Bits = std::make_unsigned_t<T>;
    if (!good_ || rest_.size() < sizeof(T)) {
      good_ = false;
      return 0;
    }
    Bits bits = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      bits = static_cast<Bits>(bits |
                               static_cast<Bits>(static_cast<Bits>(static_cast<std::uint8_t>(rest_[i])) << (8 * i)));
    rest_.remove_prefix(sizeof(T));
    return static_cast<T>(bits);
  }
  float value() { return std::bit_cast<float>(number<std::uint32_t>()); }
  std::string text() {
    const std::size_t size = length(kMostText, 1);
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  /// The length of a list. @return 0 where it is over the limit, or longer than what is there
  std::size_t length(std::size_t most, std::size_t bytes_each) {
    const auto size = number<std::uint32_t>();
    if (good_ && size <= most && size <= rest_.size() / bytes_each) return size;
    good_ = false;
    return 0;
  }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool ended() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

Error no_question(const std::string& why) {
  return fail(ErrorCode::invalid_argument, "no question of a router: " + why);
}

/// Options of a search. @return what is wrong with them
std::optional<std::string> read_options(WireReader& in, SearchOptions& options) {
  const auto method = in.number<std::uint8_t>();
  if (method > static_cast<std::uint8_t>(SearchMethod::cells)) return "its method";
  options.method = static_cast<SearchMethod>(method);
  options.top_k = in.number<std::uint32_t>();
  if (options.top_k < 1 || options.top_k > SearchOptions::kMaxTopK) return "its top_k";
  const auto restricted = in.number<std::uint8_t>();
  if (restricted > 1) return "whether it is restricted";
  if (restricted == 0) return std::nullopt;
  options.subjects.emplace(in.length(kMostSubjects, sizeof(std::int64_t)));
  for (SubjectId& one : *options.subjects) one = SubjectId(in.number<std::int64_t>());
  return in.good() ? std::nullopt : std::optional<std::string>("its subjects");
}

Result<NodeQuestion> read_search(WireReader& in) {
  NodeQuestion question{.kind = NodeQuestion::Kind::search};
  question.gallery = in.text();
  question.shard = in.text();
  const std::string model = in.text();
  question.model.sha256 = in.text();
  question.model.dimension = static_cast<int>(in.number<std::uint32_t>());
  question.at_least = in.number<std::int64_t>();
  if (!in.good() || model.empty()) return no_question("gallery, shard or model");
  question.model.id = ModelId(model);
  const auto dimension = static_cast<std::size_t>(question.model.dimension);
  if (question.model.dimension < 1 || dimension > Embedding::kMaxDimension) return no_question("its dimension");
  if (const auto wrong = read_options(in, question.options)) return no_question(*wrong);
  const std::size_t count = in.length(kMostHits, dimension * sizeof(float));
  if (count < 1 || count * dimension > kMostValues || count * question.options.top_k > kMostHits)
    return no_question("the number of its probes");
  question.probes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<float> values(dimension);
    for (float& one : values) one = in.value();
    VULTUS_TRY(Embedding probe, Embedding::of_unit_length(question.model.id, std::move(values)));
    question.probes.push_back(std::move(probe));
  }
  return question;
}

/// What is told where the answer is of the wanted kind; else the node's error, or that it is none.
Status begin_answer(WireReader& in, AnswerKind wanted) {
  if (in.number<std::uint32_t>() != kAnswerMark) return fail(ErrorCode::corrupt_data, "no answer of a search node");
  const auto kind = in.number<std::uint8_t>();
  if (in.good() && kind == static_cast<std::uint8_t>(AnswerKind::error)) {
    const auto code = in.number<std::uint8_t>();
    const std::string message = in.text();
    if (in.ended() && code <= static_cast<std::uint8_t>(ErrorCode::internal) && !message.empty())
      return fail(static_cast<ErrorCode>(code), message);
  }
  if (in.good() && kind == static_cast<std::uint8_t>(wanted)) return {};
  return fail(ErrorCode::corrupt_data, "no answer of a search node to this question");
}

WireWriter answer_of(AnswerKind kind) {
  WireWriter out;
  out.number(kAnswerMark);
  out.number(static_cast<std::uint8_t>(kind));
  return out;
}

}  // namespace

std::string wire_bytes(const NodeQuestion& question, std::span<const Embedding> probes) {
  WireWriter out;
  out.number(kQuestionMark);
  out.number(static_cast<std::uint8_t>(question.kind));
  if (question.kind == NodeQuestion::Kind::status) return out.take();
  if (probes.empty()) probes = question.probes;
  for (const std::string& text : {question.gallery, question.shard, question.model.id.text(), question.model.sha256})
    out.text(text);
  out.number(static_cast<std::uint32_t>(question.model.dimension));
  out.number(question.at_least);
  out.number(static_cast<std::uint8_t>(question.options.method));
  out.number(static_cast<std::uint32_t>(question.options.top_k));
  out.number(static_cast<std::uint8_t>(question.options.subjects ? 1 : 0));
  if (question.options.subjects) {
    out.number(static_cast<std::uint32_t>(question.options.subjects->size()));
    for (const SubjectId one : *question.options.subjects) out.number(one.number());
  }
  out.number(static_cast<std::uint32_t>(probes.size()));
  for (const Embedding& probe : probes)
    for (const float value : probe.values()) out.value(value);
  return out.take();
}

Result<NodeQuestion> question_from(std::string_view bytes) {
  if (bytes.size() > SearchNode::kMaxQuestion) return no_question("longer than one may be");
  WireReader in(bytes);
  if (in.number<std::uint32_t>() != kQuestionMark) return no_question("it does not begin like one");
  const auto kind = in.number<std::uint8_t>();
  if (!in.good() || kind > static_cast<std::uint8_t>(NodeQuestion::Kind::search)) return no_question("its kind");
  NodeQuestion question;
  if (kind == static_cast<std::uint8_t>(NodeQuestion::Kind::search)) {
    VULTUS_TRY(question, read_search(in));
  }
  if (!in.ended()) return no_question("it goes on behind its end");
  return question;
}

std::string wire_bytes(const ShardHits& hits) {
  WireWriter out = answer_of(AnswerKind::hits);
  out.number(hits.seen);
  out.number(hits.lost);
  out.number(static_cast<std::uint32_t>(hits.lists.size()));
  for (const auto& list : hits.lists) {
    out.number(static_cast<std::uint32_t>(list.size()));
    for (const SearchHit& hit : list) {
      out.number(hit.subject.number());
      out.number(hit.face.number());
      out.value(hit.similarity.value());
    }
  }
  return out.take();
}

std::string wire_bytes(const NodeReport& report) {
  WireWriter out = answer_of(AnswerKind::report);
  out.number(static_cast<std::uint32_t>(report.shards.size()));
  for (const ServedShard& one : report.shards) {
    out.text(one.name);
    for (const std::int64_t number : {one.faces, one.sequence, one.bytes}) out.number(number);
  }
  return out.take();
}

std::string wire_bytes(const Error& error) {
  WireWriter out = answer_of(AnswerKind::error);
  out.number(static_cast<std::uint8_t>(error.code));
  out.text(error.message.empty() ? "it does not say why" : error.message);
  return out.take();
}

Result<ShardHits> hits_from(std::string_view bytes, std::size_t probes, std::size_t top_k) {
  constexpr std::size_t kHitBytes = 2 * sizeof(std::int64_t) + sizeof(float);
  WireReader in(bytes);
  VULTUS_CHECK(begin_answer(in, AnswerKind::hits));
  ShardHits hits;
  hits.seen = in.number<std::int64_t>();
  hits.lost = in.number<std::int64_t>();
  const Error wrong = fail(ErrorCode::corrupt_data, "a damaged answer of a search node");
  if (in.length(probes, sizeof(std::uint32_t)) != probes || !in.good()) return wrong;
  for (std::size_t i = 0; i < probes; ++i) {
    std::vector<SearchHit> list(in.length(top_k, kHitBytes));
    for (SearchHit& hit : list) {
      hit.subject = SubjectId(in.number<std::int64_t>());
      hit.face = FaceId(in.number<std::int64_t>());
      hit.similarity = Cosine(in.value());
      if (!std::isfinite(hit.similarity.value())) return wrong;
    }
    if (!in.good() || !std::ranges::is_sorted(list, comes_before)) return wrong;
    hits.lists.push_back(std::move(list));
  }
  if (!in.ended()) return wrong;
  return hits;
}

Result<NodeReport> report_from(std::string_view bytes) {
  constexpr std::size_t kLeastBytes = sizeof(std::uint32_t) + 3 * sizeof(std::int64_t);
  WireReader in(bytes);
  VULTUS_CHECK(begin_answer(in, AnswerKind::report));
  NodeReport report;
  report.shards.resize(in.length(kMostShards, kLeastBytes));
  for (ServedShard& one : report.shards) {
    one.name = in.text();
    for (std::int64_t* const number : {&one.faces, &one.sequence, &one.bytes}) *number = in.number<std::int64_t>();
  }
  if (!in.ended()) return fail(ErrorCode::corrupt_data, "a damaged answer of a search node");
  return report;
}

}  // namespace vultus::gallery
