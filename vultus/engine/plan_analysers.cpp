#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include <vultus/engine/analyser_catalogue.hpp>
#include <vultus/evaluation/text_distance.hpp>

namespace vultus::engine {
namespace {

/// The catalogue as the planner looks things up in it.
struct Index {
  std::vector<AnalyserInfo> infos;
  std::map<std::string, std::size_t> by_id;
  std::map<ChannelId, std::size_t> writer;
};

Result<Index> index_of(std::span<const AnalyserRow> catalogue) {
  Index index;
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    index.infos.push_back(catalogue[i].info());
    const AnalyserInfo& info = index.infos.back();
    if (!index.by_id.emplace(info.id, i).second)
      return fail(ErrorCode::internal, "two analysers are called " + info.id);
    for (const ChannelDeclaration& channel : info.writes)
      if (const auto [at, fresh] = index.writer.emplace(channel.id, i); !fresh)
        return fail(ErrorCode::internal, "channel " + channel.id.text() + " is written by " +
                                             index.infos[at->second].id + " and by " + info.id);
  }
  return index;
}

Error unknown(const Index& index, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [id, at] : index.by_id) names.push_back(id);
  for (const auto& [id, at] : index.writer) names.push_back(id.text());
  const auto nearest = evaluation::nearest_text(name, names, std::numeric_limits<std::size_t>::max());
  return fail(ErrorCode::invalid_argument, "no analyser and no channel is called \"" + name + "\"" +
                                               (nearest ? "; the nearest is \"" + *nearest + "\"" : ""));
}

/// Depth first: who is read from comes before who reads.
class Planner {
 public:
  explicit Planner(const Index& index) : index_(&index), state_(index.infos.size(), State::open) {}

  Status add(std::size_t at) {
    if (state_[at] == State::placed) return {};
    const AnalyserInfo& info = index_->infos[at];
    if (state_[at] == State::waiting)
      return fail(ErrorCode::internal, "analyser " + info.id + " reads, over others, what it writes itself");
    state_[at] = State::waiting;
    for (const ChannelId& channel : info.reads) {
      const auto writer = index_->writer.find(channel);
      if (writer == index_->writer.end())
        return fail(ErrorCode::internal,
                    "analyser " + info.id + " reads channel " + channel.text() + ", which nobody writes");
      VULTUS_CHECK(add(writer->second));
    }
    state_[at] = State::placed;
    order_.push_back(at);
    return {};
  }
  [[nodiscard]] const std::vector<std::size_t>& order() const { return order_; }

 private:
  enum class State : std::uint8_t { open, waiting, placed };
  const Index* index_;
  std::vector<State> state_;
  std::vector<std::size_t> order_;
};

}  // namespace

Result<std::vector<std::size_t>> plan_analysers(std::span<const AnalyserRow> catalogue,
                                                std::span<const std::string> wanted) {
  VULTUS_TRY(const Index index, index_of(catalogue));
  std::set<std::size_t> chosen;
  for (const std::string& name : wanted) {
    if (name == "none") continue;
    if (name == "all") {
      for (std::size_t i = 0; i < catalogue.size(); ++i) chosen.insert(i);
    } else if (const auto analyser = index.by_id.find(name); analyser != index.by_id.end()) {
      chosen.insert(analyser->second);
    } else if (const auto channel = index.writer.find(ChannelId(name)); channel != index.writer.end()) {
      chosen.insert(channel->second);
    } else {
      return unknown(index, name);
    }
  }
  if (wanted.empty())
    for (std::size_t i = 0; i < catalogue.size(); ++i)
      if (catalogue[i].by_default) chosen.insert(i);
  Planner planner(index);
  for (const std::size_t at : chosen) VULTUS_CHECK(planner.add(at));
  return planner.order();
}

}  // namespace vultus::engine
