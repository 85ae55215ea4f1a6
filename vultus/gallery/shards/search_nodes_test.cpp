// Search nodes that hold the templates of shards, and a router that holds none: asked without a network, over three
// databases.
#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <vultus/gallery/search_node.hpp>
#include <vultus/gallery/shards.hpp>
#include <vultus/gallery/shards/node_wire.hpp>
#include <vultus/gallery/shards/test_shards.hpp>

namespace vultus::gallery::testing {
namespace {

/// Nodes by their URLs, which may be ended, started again, and made to say anything. Thread-safe but for that.
class FakeNodes {
 public:
  using Change = std::function<std::string(const std::string& question, std::string answer)>;

  void start(const std::string& url, const GalleryOptions& options, const std::vector<std::string>& shards) {
    auto node = SearchNode::open({.gallery = options, .shards = shards});
    ASSERT_TRUE(node) << node.error().message;
    nodes_[url] = std::make_shared<SearchNode>(*std::move(node));
  }
  void end(const std::string& url) { nodes_.erase(url); }
  /// What a node answers goes through it.
  void tamper(const std::string& url, Change change) { changes_[url] = std::move(change); }
  [[nodiscard]] const SearchNode& node(const std::string& url) const { return *nodes_.at(url); }
  [[nodiscard]] int asked(const std::string& url) {
    const std::scoped_lock lock(lock_);
    return asked_[url];
  }
  [[nodiscard]] AskNode transport() {
    return [this](const NodeCall& call) -> Result<std::string> {
      EXPECT_EQ(call.access.token_file.filename(), "nodes.token");
      std::shared_ptr<SearchNode> node;
      {
        const std::scoped_lock lock(lock_);
        ++asked_[call.node];
        const auto at = nodes_.find(call.node);
        if (at == nodes_.end()) return fail(ErrorCode::not_found, "connection refused");
        node = at->second;
      }
      std::string answer = node->answer(call.question);
      const std::scoped_lock lock(lock_);
      const auto change = changes_.find(call.node);
      return change == changes_.end() ? answer : change->second(call.question, std::move(answer));
    };
  }

 private:
  std::mutex lock_;
  std::map<std::string, std::shared_ptr<SearchNode>> nodes_;
  std::map<std::string, Change> changes_;
  std::map<std::string, int> asked_;
};

/// Shards a, b, c; a and b are searched by a node each, c by one of two.
class SearchNodes : public ThreeShards {
 protected:
  void SetUp() override {
    { ASSERT_TRUE(open(options_of(shards_)).enrol(faces_)); }
    for (const char* shard : {"a", "b", "c"}) nodes_.start(url(shard), here(), {shard});
    nodes_.start(kReplica, here(), {"c", "a"});
    for (const Shard& shard : shards_.map().shards) alone_.add(shard.name, shard.urls);
    shards_.map().nodes.token_file = "nodes.token";
    for (Shard& shard : shards_.map().shards) shard.searched_by = {url(shard.name)};
    shards_.map().shards[2].searched_by.emplace_back(kReplica);
    shards_.write();
  }
  static std::string url(const std::string& shard) { return "https://node-" + shard + ":9443"; }
  /// Of a process that holds everything.
  [[nodiscard]] GalleryOptions here() const { return options_of(shards_, GalleryAccess::read_only); }
  [[nodiscard]] GalleryOptions routing(GalleryAccess access = GalleryAccess::read_write) {
    GalleryOptions options = options_of(shards_, access);
    options.ask_node = nodes_.transport();
    return options;
  }
  /// Waits until a node shows what was committed in its shard.
  void wait_for(const std::string& shard) {
    const auto current = shard_status(shards_.path(), {}).value();
    const auto at = std::ranges::find(current, shard, &ShardStatus::name);
    for (int i = 0; i < 600 && nodes_.node(url(shard)).status().front().sequence < at->sequence; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ASSERT_EQ(nodes_.node(url(shard)).status().front().sequence, at->sequence);
  }

  static constexpr const char* kReplica = "http://127.0.0.1:9001";
  const std::vector<NewFace> faces_ = people(120);
  const Embedding probe_ = faces_[0].embedding;
  FakeNodes nodes_;
  Configuration alone_;  ///< of the same shards, without nodes
};

TEST_F(SearchNodes, AnswerAsOneProcessThatHoldsEverything) {
  const Folder folder;
  Gallery one = open(options_for(folder / "g", kDimension));
  ASSERT_TRUE(one.enrol(faces_));
  const Gallery router = open(routing(GalleryAccess::read_only));
  std::mt19937 random(7);
  std::vector<Embedding> probes;
  for (int i = 0; i < 20; ++i) probes.push_back(random_embedding(random, kDimension));
  for (const SearchMethod method : {SearchMethod::automatic, SearchMethod::floats, SearchMethod::bytes}) {
    const auto there = router.search(probes, {.top_k = 10, .method = method}).value();
    const auto known = one.search(probes, {.top_k = 10, .method = method}).value();
    ASSERT_EQ(there.size(), known.size());
    for (std::size_t i = 0; i < known.size(); ++i) {
      ASSERT_EQ(there[i].size(), 10U);
      for (std::size_t k = 0; k < 10; ++k) {
        EXPECT_EQ(there[i][k].name, known[i][k].name);
        EXPECT_EQ(there[i][k].similarity, known[i][k].similarity) << "bit for bit";
      }
    }
  }
  const SubjectId third = router.find_subject("subject 3").value().value().id;
  const auto only = router.search(probes[0], {.top_k = 5, .subjects = {{third}}}).value();
  ASSERT_EQ(only.size(), 1U);
  EXPECT_EQ(only[0].name, "subject 3");
  EXPECT_TRUE(router.search(std::span<const Embedding>(), {}).value().empty());
  EXPECT_EQ(router.search(embedding({1, 2}), {}).error().code, ErrorCode::model_mismatch);
}

TEST_F(SearchNodes, HoldTheTemplatesThatARouterDoesNot) {
  const Gallery router = open(routing(GalleryAccess::read_only));
  const GalleryInfo info = router.info();
  EXPECT_EQ(info.subjects, 120);
  EXPECT_EQ(info.faces, 120);
  EXPECT_EQ(info.shards_answered, 3);
  EXPECT_EQ(info.templates_here, 0) << "not even some";
  std::int64_t faces = 0;
  for (const char* shard : {"a", "b", "c"}) {
    const auto served = nodes_.node(url(shard)).status();
    ASSERT_EQ(served.size(), 1U) << "its own shard alone";
    EXPECT_EQ(served[0].name, shard);
    EXPECT_GE(served[0].bytes, served[0].faces * static_cast<std::int64_t>(kDimension * sizeof(float)));
    faces += served[0].faces;
  }
  EXPECT_EQ(faces, 120);
  EXPECT_EQ(router.subjects({.limit = 1000}).value().size(), 120U);
  const SubjectId third = router.find_subject("subject 3").value().value().id;
  EXPECT_EQ(router.faces(third).value().size(), 1U);
  EXPECT_EQ(router.templates(third).value().size(), 1U) << "read from the server when they are asked for";
  EXPECT_TRUE(router.check().value().sound());
  // One shard here, the others there.
  shards_.map().shards[1].searched_by.clear();
  shards_.write();
  const Gallery mixed = open(routing(GalleryAccess::read_only));
  EXPECT_EQ(mixed.info().templates_here, nodes_.node(url("b")).status()[0].faces);
  EXPECT_EQ(everybody(mixed, probe_), names_of(faces_));
}

TEST_F(SearchNodes, ShowARouterItsOwnChangesAtOnce) {
  Gallery router = open(routing());
  for (int i = 0; i < 20; ++i) {
    const auto more = people(121 + i, 5);
    ASSERT_TRUE(router.enrol(std::span(more).last(1)));
    EXPECT_EQ(router.search(more.back().embedding, {}).value().at(0).name, "subject " + std::to_string(120 + i));
  }
  const SubjectId one = router.find_subject("subject 5").value().value().id;
  ASSERT_TRUE(router.remove(one));
  EXPECT_EQ(everybody(router, probe_).count("subject 5"), 0U);
  const SubjectId two = router.find_subject("subject 6").value().value().id;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(router.rename(two, "other " + std::to_string(i), IfNameTaken::refuse));  // moves between shards, too
    EXPECT_EQ(router.search(faces_[6].embedding, {}).value().at(0).name, "other " + std::to_string(i));
  }
  ASSERT_TRUE(router.merge(two, router.find_subject("subject 8").value().value().id));
  EXPECT_EQ(router.search(faces_[6].embedding, {}).value().at(0).name, "subject 8");
  const SubjectId nine = router.find_subject("subject 9").value().value().id;
  const FaceId face = router.faces(nine).value().at(0).id;
  ASSERT_TRUE(router.not_this_person(router.faces(router.find_subject("subject 10").value().value().id).value()[0].id,
                                     nine, Say::yes));
  EXPECT_EQ(router.search(faces_[10].embedding, {.top_k = 1, .subjects = {{nine}}}).value().size(), 0U)
      << "it resembles what he is not more than what he is";
  ASSERT_TRUE(router.remove(face));
  EXPECT_EQ(router.search(faces_[9].embedding, {.subjects = {{nine}}}).value().size(), 0U);
}

TEST_F(SearchNodes, FindWhoWasEnrolledByAnotherProgram) {
  const Gallery router = open(routing(GalleryAccess::read_only));
  Gallery writer = open(options_of(alone_));
  const auto more = people(150, 9);
  ASSERT_TRUE(writer.enrol(std::span(more).last(30)));
  for (const char* shard : {"a", "b", "c"}) wait_for(shard);
  EXPECT_EQ(router.search(more.back().embedding, {}).value().at(0).name, "subject 149") << "without a refresh here";
  ASSERT_TRUE(writer.remove(writer.find_subject("subject 149").value().value().id));
  for (const char* shard : {"a", "b", "c"}) wait_for(shard);
  EXPECT_EQ(everybody(router, probe_).count("subject 149"), 0U);
}

TEST_F(SearchNodes, ThatDoNotAnswerAreToldAndReplaced) {
  const Gallery router = open(routing(GalleryAccess::read_only));
  nodes_.end(url("c"));
  EXPECT_EQ(everybody(router, probe_), names_of(faces_)) << "the replica takes over";
  const int asked = nodes_.asked(url("c"));
  EXPECT_EQ(everybody(router, probe_), names_of(faces_));
  EXPECT_EQ(nodes_.asked(url("c")), asked) << "who answered last is asked first";
  nodes_.end(kReplica);
  const auto refused = router.search(probe_, {.top_k = 1000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::resource_limit);
  for (const std::string& part : {std::string("2 of 3 shards answer"), std::string("shard \"c\""),
                                  url("c") + ": connection refused", kReplica + std::string(": connection refused")})
    EXPECT_NE(refused.error().message.find(part), std::string::npos) << refused.error().message;
  nodes_.start(url("c"), options_of(alone_, GalleryAccess::read_only), {"c"});
  EXPECT_EQ(everybody(router, probe_), names_of(faces_)) << "when it is there again";
}

TEST_F(SearchNodes, MayBeLeftOutWherePartialAnswersAreAllowed) {
  GalleryOptions options = routing(GalleryAccess::read_only);
  options.partial = PartialAnswers::allow;
  Gallery router = open(options);
  EXPECT_EQ(everybody(router, probe_), names_of(faces_));
  const auto of_b = nodes_.node(url("b")).status()[0].faces;
  nodes_.end(url("b"));
  const auto some = everybody(router, probe_);
  EXPECT_EQ(static_cast<std::int64_t>(some.size()), 120 - of_b);
  EXPECT_EQ(router.info().shards, 3);
  EXPECT_EQ(router.info().shards_answered, 2) << "and so it is marked";
  const int asked = nodes_.asked(url("b"));
  EXPECT_EQ(everybody(router, probe_), some);
  EXPECT_EQ(nodes_.asked(url("b")), asked) << "it is not waited for at every search";
  nodes_.start(url("b"), options_of(alone_, GalleryAccess::read_only), {"b"});
  ASSERT_TRUE(router.refresh());
  EXPECT_EQ(everybody(router, probe_), names_of(faces_));
  EXPECT_EQ(router.info().shards_answered, 3);
  for (const char* shard : {"a", "b", "c"}) nodes_.end(url(shard));
  nodes_.end(kReplica);
  EXPECT_EQ(router.search(probe_, {}).error().code, ErrorCode::resource_limit) << "nobody is no part";
}

TEST_F(SearchNodes, ThatAnswerWronglyDoNotCount) {
  const Gallery router = open(routing(GalleryAccess::read_only));
  const auto reason = [&](const FakeNodes::Change& change) -> std::string {
    nodes_.tamper(url("a"), change);
    const auto found = router.search(probe_, {.top_k = 3});
    EXPECT_FALSE(found);
    return found ? "" : found.error().message;
  };
  EXPECT_NE(reason([](const auto&, const auto&) { return std::string("<html>"); }).find("no answer of a search node"),
            std::string::npos);
  EXPECT_NE(reason([](const auto&, std::string answer) { return answer.substr(0, answer.size() - 1); }).find("damaged"),
            std::string::npos);
  EXPECT_NE(reason([](const auto&, const auto&) { return wire_bytes(NodeReport()); }).find("to this question"),
            std::string::npos);
  EXPECT_NE(reason([](const auto&, const std::string& answer) {
              ShardHits old = hits_from(answer, 1, 3).value();
              old.seen = 0;
              return wire_bytes(old);
            }).find("without the changes"),
            std::string::npos);
  nodes_.tamper(url("a"), [](const auto&, std::string answer) { return answer; });
  EXPECT_TRUE(router.search(probe_, {}));
}

TEST_F(SearchNodes, RefuseQuestionsThatMeanSomethingElse) {
  const SearchNode& node = nodes_.node(url("a"));
  NodeQuestion question{.kind = NodeQuestion::Kind::search,
                        .gallery = "",
                        .shard = "a",
                        .model = model_of(kDimension),
                        .probes = {probe_}};
  const auto said = [&](const NodeQuestion& asked) { return hits_from(node.answer(wire_bytes(asked)), 1, 1); };
  EXPECT_NE(said(question).error().message.find("another gallery"), std::string::npos);
  // The gallery's id, as a router tells it.
  nodes_.tamper(url("a"), [&](const std::string& asked, std::string answer) {
    question.gallery = question_from(asked).value().gallery;
    return answer;
  });
  ASSERT_TRUE(open(routing(GalleryAccess::read_only)).search(probe_, {}));
  ASSERT_TRUE(said(question));
  NodeQuestion other = question;
  other.shard = "b";
  EXPECT_EQ(said(other).error().code, ErrorCode::not_found);
  EXPECT_NE(said(other).error().message.find("does not search shard \"b\""), std::string::npos);
  other = question;
  other.model.id = ModelId("another");
  other.probes = {embedding(std::vector<float>(kDimension, 1.0F), "another")};
  EXPECT_EQ(said(other).error().code, ErrorCode::model_mismatch);
  other = question;
  other.model.sha256 = std::string(64, 'b');
  EXPECT_EQ(said(other).error().code, ErrorCode::model_mismatch) << "another file under the same name";
  other = question;
  other.at_least = 1'000'000;
  EXPECT_EQ(said(other).error().code, ErrorCode::cancelled) << "it is behind, and says so";
  EXPECT_EQ(hits_from(node.answer("anything"), 1, 1).error().code, ErrorCode::invalid_argument);
}

TEST_F(SearchNodes, MissNobodyWhoMovesBetweenTwoAnswers) {
  const Gallery router = open(routing(GalleryAccess::read_only));
  ASSERT_EQ(everybody(router, probe_), names_of(faces_));
  // All of a move to b. The node of a has seen that they are gone, and that of b still answers as it did before, which
  // is all that the router knows of.
  std::string before;
  nodes_.tamper(url("b"), [&](const auto&, std::string answer) { return before = std::move(answer); });
  ASSERT_TRUE(router.search(probe_, {.top_k = 5000}));
  shards_.map().shards[0].weight = 0;
  shards_.map().shards[2].weight = 0;
  shards_.write();
  ASSERT_TRUE(rebalance_shards(shards_.path(), {}));
  for (const char* shard : {"a", "b", "c"}) wait_for(shard);
  int stale = 0;
  nodes_.tamper(url("b"), [&](const auto&, std::string answer) { return stale++ == 0 ? before : std::move(answer); });
  EXPECT_EQ(everybody(router, probe_), names_of(faces_));
  EXPECT_EQ(stale, 2) << "asked once more, and no more";
}

TEST_F(SearchNodes, MissNobodyWhileAllMoveToAndFro) {
  std::atomic<bool> over = false;
  std::atomic<int> searches = 0;
  const auto search_on = [&](SeeChanges when) {
    GalleryOptions options = routing(GalleryAccess::read_only);
    options.see_changes = when;
    const Gallery router = open(options);
    while (!over) {
      const auto names = everybody(router, probe_);
      EXPECT_EQ(names, names_of(faces_));
      ++searches;
    }
  };
  std::jthread asleep([&] { search_on(SeeChanges::at_refresh); });
  std::jthread awake([&] { search_on(SeeChanges::at_once); });
  for (int turn = 0; turn < 4; ++turn) {
    const int before = searches;
    const auto file = shards_.path();
    for (std::size_t i = 0; i < 3; ++i) shards_.map().shards[i].weight = static_cast<int>(i) == turn % 3 ? 0 : 1;
    shards_.write();
    const auto report = rebalance_shards(file, {.subjects_at_once = 3});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_GT(report->moved, 20);
    for (int i = 0; i < 600 && searches < before + 4; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  over = true;
}

TEST_F(SearchNodes, AreToldInTheStatusOfTheirShards) {
  nodes_.end(kReplica);
  const auto all = shard_status(shards_.path(), {.ask_node = nodes_.transport()}).value();
  ASSERT_EQ(all.size(), 3U);
  ASSERT_EQ(all[0].nodes.size(), 1U);
  EXPECT_EQ(all[0].nodes[0].node, url("a"));
  EXPECT_FALSE(all[0].nodes[0].error);
  EXPECT_EQ(all[0].nodes[0].faces, all[0].faces);
  EXPECT_EQ(all[0].nodes[0].sequence, all[0].sequence);
  EXPECT_GT(all[0].nodes[0].bytes, 0);
  ASSERT_EQ(all[2].nodes.size(), 2U);
  ASSERT_TRUE(all[2].nodes[1].error);
  EXPECT_EQ(all[2].nodes[1].error->message, "connection refused");
  nodes_.start(kReplica, options_of(alone_, GalleryAccess::read_only), {"a"});
  const auto wrong = shard_status(shards_.path(), {.ask_node = nodes_.transport()}).value();
  ASSERT_TRUE(wrong[2].nodes[1].error);
  EXPECT_NE(wrong[2].nodes[1].error->message.find("does not search shard \"c\""), std::string::npos);
}

TEST_F(SearchNodes, AreNeededWhereTheConfigurationNamesThem) {
  const Gallery router = open(options_of(shards_, GalleryAccess::read_only));
  EXPECT_EQ(router.info().faces, 120) << "what needs no search works without them";
  const auto found = router.search(probe_, {});
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("which this program does not ask"), std::string::npos) << found.error().message;
}

TEST_F(SearchNodes, ServeTheShardsThatAreNamed) {
  const auto opened = [&](const std::vector<std::string>& names) {
    const auto node = SearchNode::open({.gallery = here(), .shards = names});
    return node ? std::string() : node.error().message;
  };
  EXPECT_NE(opened({}).find("no shard was named"), std::string::npos);
  EXPECT_NE(opened({"d"}).find("no shard \"d\""), std::string::npos);
  EXPECT_NE(opened({"a", "a"}).find("named twice"), std::string::npos);
  shards_.map().shards[0].number = 9;
  shards_.write();
  EXPECT_NE(opened({"a"}).find("not shard \"a\""), std::string::npos);
}

TEST(SealedSearchNodes, ForgetWhoIsForgotten) {
  const Folder folder;
  std::ofstream(folder / "key") << std::string(64, '7') << "\n";
  std::filesystem::permissions(folder / "key",
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  Configuration shards;
  for (const char* name : {"a", "b"}) shards.add(name, {fresh_database()});
  shards.map().nodes.token_file = "nodes.token";
  for (Shard& shard : shards.map().shards) shard.searched_by = {"https://" + shard.name + ":1"};
  shards.write();
  FakeNodes nodes;
  GalleryOptions options = options_of(shards);
  options.sql_search = SqlSearch::none;
  options.key = KeySource::from_file(folder / "key");
  options.ask_node = nodes.transport();
  const auto faces = people(20);
  Gallery router = open(options);
  EXPECT_EQ(router.info().audit, AuditLevel::all);
  ASSERT_TRUE(router.enrol(faces)) << "no node is needed to write";
  EXPECT_FALSE(router.search(faces[0].embedding, {}));
  for (const Shard& shard : shards.map().shards) nodes.start(shard.searched_by[0], options, {shard.name});
  EXPECT_EQ(everybody(router, faces[0].embedding), names_of(faces));
  ASSERT_TRUE(router.forget(router.find_subject("subject 7").value().value().id));
  EXPECT_EQ(everybody(router, faces[0].embedding).count("subject 7"), 0U);
  EXPECT_EQ(everybody(router, faces[0].embedding).size(), 19U);
  int searches = 0;
  ASSERT_TRUE(router.each_audit(0, [&](const AuditEntry& entry) -> Status {
    searches += entry.what == "search" ? 1 : 0;
    return {};
  }));
  EXPECT_EQ(searches, 2 * 3) << "each is written down in both shards, by the router alone";
  GalleryOptions without = options;
  without.key.reset();
  EXPECT_FALSE(SearchNode::open({.gallery = without, .shards = {"a"}}));
}

}  // namespace
}  // namespace vultus::gallery::testing
