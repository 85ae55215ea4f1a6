// Questions and answers of search nodes: what is written is read, and nothing else is believed.
#include <vultus/gallery/shards/node_wire.hpp>

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>

namespace vultus::gallery {
namespace {

using testing::model_of;
using testing::random_embedding;

NodeQuestion a_question() {
  std::mt19937 random(3);
  NodeQuestion question{
      .kind = NodeQuestion::Kind::search,
      .gallery = "0123",
      .shard = "b",
      .model = model_of(5),
      .at_least = 77,
      .options = {.top_k = 9, .subjects = {{SubjectId(4), SubjectId(-1)}}, .method = SearchMethod::bytes}};
  question.model.preset.clear();
  for (int i = 0; i < 3; ++i) question.probes.push_back(random_embedding(random, 5));
  return question;
}

ShardHits some_hits() {
  return {.lists = {{{SubjectId(1), FaceId(11), Cosine(0.5F)}, {SubjectId(2), FaceId(21), Cosine(0.25F)}}, {}},
          .seen = 9,
          .lost = 7};
}

TEST(NodeWire, WhatIsAskedIsReadBitForBit) {
  const NodeQuestion asked = a_question();
  const NodeQuestion read = question_from(wire_bytes(asked)).value();
  EXPECT_EQ(read.gallery, asked.gallery);
  EXPECT_EQ(read.shard, asked.shard);
  EXPECT_EQ(read.model, asked.model);
  EXPECT_EQ(read.at_least, asked.at_least);
  EXPECT_EQ(read.options.top_k, asked.options.top_k);
  EXPECT_EQ(read.options.method, asked.options.method);
  EXPECT_EQ(read.options.subjects, asked.options.subjects);
  EXPECT_EQ(read.probes, asked.probes);
  EXPECT_EQ(question_from(wire_bytes(NodeQuestion())).value().kind, NodeQuestion::Kind::status);
}

TEST(NodeWire, WhatIsAnsweredIsRead) {
  const ShardHits read = hits_from(wire_bytes(some_hits()), 2, 2).value();
  EXPECT_EQ(read.lists, some_hits().lists);
  EXPECT_EQ(read.seen, 9);
  EXPECT_EQ(read.lost, 7);
  const NodeReport report{.shards = {{.name = "a", .faces = 3, .sequence = 4, .bytes = 5}}};
  const NodeReport told = report_from(wire_bytes(report)).value();
  ASSERT_EQ(told.shards.size(), 1U);
  EXPECT_EQ(told.shards[0].name, "a");
  EXPECT_EQ(told.shards[0].faces, 3);
  EXPECT_EQ(told.shards[0].sequence, 4);
  EXPECT_EQ(told.shards[0].bytes, 5);
  const std::string error = wire_bytes(fail(ErrorCode::model_mismatch, "another model"));
  for (const Error& one : {hits_from(error, 2, 2).error(), report_from(error).error()}) {
    EXPECT_EQ(one.code, ErrorCode::model_mismatch);
    EXPECT_EQ(one.message, "another model");
  }
}

TEST(NodeWire, WhatIsCutOffOrGoesOnIsRefused) {
  for (const std::string& whole : {wire_bytes(a_question()), wire_bytes(NodeQuestion())}) {
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_EQ(question_from(whole.substr(0, size)).error().code, ErrorCode::invalid_argument) << size;
    EXPECT_FALSE(question_from(whole + "x"));
  }
  const std::string hits = wire_bytes(some_hits());
  for (std::size_t size = 0; size < hits.size(); ++size) EXPECT_FALSE(hits_from(hits.substr(0, size), 2, 2)) << size;
  EXPECT_FALSE(hits_from(hits + "x", 2, 2));
  EXPECT_FALSE(hits_from(hits, 3, 2)) << "an answer to another question";
  EXPECT_FALSE(hits_from(hits, 2, 1)) << "more than was asked for";
  EXPECT_FALSE(report_from(hits));
  ShardHits wrong = some_hits();
  std::swap(wrong.lists[0][0], wrong.lists[0][1]);
  EXPECT_FALSE(hits_from(wire_bytes(wrong), 2, 2)) << "not in their order";
  wrong = some_hits();
  wrong.lists[0][0].similarity = Cosine(std::numeric_limits<float>::quiet_NaN());
  EXPECT_FALSE(hits_from(wire_bytes(wrong), 2, 2)) << "no similarity";
}

TEST(NodeWire, NumbersOutsideTheirBoundsAreRefusedBeforeMemoryIsTaken) {
  const auto refused = [](const NodeQuestion& question) {
    const auto read = question_from(wire_bytes(question));
    return !read && read.error().code == ErrorCode::invalid_argument;
  };
  NodeQuestion question = a_question();
  question.options.top_k = 0;
  EXPECT_TRUE(refused(question));
  question.options.top_k = SearchOptions::kMaxTopK + 1;
  EXPECT_TRUE(refused(question));
  question = a_question();
  question.options.method = static_cast<SearchMethod>(5);
  EXPECT_TRUE(refused(question));
  question = a_question();
  question.model.dimension = 0;
  EXPECT_TRUE(refused(question));
  question.model.dimension = static_cast<int>(Embedding::kMaxDimension) + 1;
  EXPECT_TRUE(refused(question));
  question.model.dimension = 4;
  EXPECT_TRUE(refused(question)) << "another number of values than it says";
  question = a_question();
  question.probes.clear();
  EXPECT_TRUE(refused(question));
  question = a_question();
  question.options.top_k = SearchOptions::kMaxTopK;
  std::mt19937 random(1);
  while (question.probes.size() * question.options.top_k <= kMostHits)
    question.probes.push_back(question.probes.front());
  EXPECT_TRUE(refused(question)) << "more answers than one may have";
  question.probes.pop_back();
  EXPECT_FALSE(refused(question)) << "just as many";
  // A list that says it has four thousand million rows, in 16 bytes.
  std::string huge = wire_bytes(NodeReport());
  huge.replace(huge.size() - 4, 4, "\xff\xff\xff\xff");
  EXPECT_FALSE(report_from(huge));
}

}  // namespace
}  // namespace vultus::gallery
