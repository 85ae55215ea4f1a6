#include <apps/server/http/stream_queue.hpp>

#include <gtest/gtest.h>

namespace vultus::server {
namespace {

using End = StreamQueue::End;

struct QueueWithWakes {
  int wakes = 0;
  std::shared_ptr<StreamQueue> queue = std::make_shared<StreamQueue>(10, [this] { ++wakes; });
};

TEST(StreamQueue, CountsWhatHasNotLeft) {
  QueueWithWakes with;
  const auto writer = with.queue->writer();
  EXPECT_TRUE(writer->write("abcd"));
  EXPECT_TRUE(writer->write("ef"));
  EXPECT_EQ(with.wakes, 2);
  EXPECT_EQ(with.queue->take().bytes, "abcdef");
  EXPECT_EQ(writer->waiting(), 6U);
  EXPECT_TRUE(writer->write("ghij"));
  EXPECT_FALSE(writer->write("k"));
  EXPECT_TRUE(with.queue->is_overflown());
  EXPECT_FALSE(writer->write(""));
}

TEST(StreamQueue, WhatHasLeftMakesPlace) {
  QueueWithWakes with;
  const auto writer = with.queue->writer();
  EXPECT_TRUE(writer->write("0123456789"));
  (void)with.queue->take();
  with.queue->sent();
  EXPECT_EQ(writer->waiting(), 0U);
  EXPECT_TRUE(writer->write("0123456789"));
}

TEST(StreamQueue, EndsWithItsLastWriterAndKeepsWhatWaits) {
  QueueWithWakes with;
  EXPECT_TRUE(with.queue->writer()->write("last"));
  const auto taken = with.queue->take();
  EXPECT_EQ(taken.bytes, "last");
  EXPECT_EQ(taken.end, End::finished);
}

TEST(StreamQueue, TellsTheProducerOnceAndNotOfItsOwnEnd) {
  QueueWithWakes with;
  int told = 0;
  const auto writer = with.queue->writer();
  writer->on_closed([&] { ++told; });
  with.queue->end_by_server();
  with.queue->end_by_server();
  EXPECT_EQ(told, 1);
  EXPECT_FALSE(writer->write("x"));
  QueueWithWakes own;
  const auto closing = own.queue->writer();
  closing->on_closed([&] { ++told; });
  closing->close();
  own.queue->end_by_server();
  closing->on_closed([&] { ++told; });
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace vultus::server
