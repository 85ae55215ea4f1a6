#include <apps/server/http/server_sent_events.hpp>

#include <gtest/gtest.h>

namespace vultus::server {
namespace {

class WriterForTest : public StreamWriter {
 public:
  bool write(std::string bytes) override {
    written += bytes;
    return open;
  }
  [[nodiscard]] std::size_t waiting() const override { return 0; }
  void close() override { open = false; }
  void on_closed(std::function<void()> /*act*/) override {}
  std::string written;
  bool open = true;
};

std::string text(const ServerSentEvent& event) { return event_text(event).value_or("(error)"); }

TEST(ServerSentEvents, AreWrittenAsTheStandardHasIt) {
  EXPECT_EQ(text({.data = "a"}), "data: a\n\n");
  EXPECT_EQ(text({}), "data: \n\n");
  EXPECT_EQ(text({.id = "7", .name = "face", .data = "{}", .retry = std::chrono::milliseconds(1500)}),
            "id: 7\nevent: face\nretry: 1500\ndata: {}\n\n");
}

TEST(ServerSentEvents, EveryKindOfLineEndBeginsALine) {
  EXPECT_EQ(text({.data = "a\nb\rc\r\nd\n\n"}), "data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: \n\n");
}

TEST(ServerSentEvents, NothingCanBeSmuggledIntoIdOrName) {
  EXPECT_FALSE(event_text({.id = "1\ndata: x"}));
  EXPECT_FALSE(event_text({.id = std::string("1\0", 2)}));
  EXPECT_FALSE(event_text({.name = "a\rb"}));
  EXPECT_FALSE(event_text({.retry = std::chrono::milliseconds(-1)}));
}

TEST(ServerSentEvents, GoOverAStream) {
  std::shared_ptr<EventStream> stream;
  const Response response =
      event_stream_response([&](std::shared_ptr<EventStream> given) { stream = std::move(given); });
  EXPECT_EQ(response.headers.find("Content-Type"), "text/event-stream");
  const auto writer = std::make_shared<WriterForTest>();
  response.stream(writer);
  ASSERT_TRUE(stream);
  EXPECT_TRUE(stream->send({.data = "x"}).value_or(false));
  EXPECT_TRUE(stream->send_heartbeat());
  EXPECT_EQ(writer->written, "data: x\n\n:\n\n");
  writer->open = false;
  EXPECT_FALSE(stream->send({.data = "y"}).value_or(true));
}

}  // namespace
}  // namespace vultus::server
