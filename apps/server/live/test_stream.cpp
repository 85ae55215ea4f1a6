#include <apps/server/live/test_stream.hpp>

#include <atomic>
#include <mutex>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace vultus::server::testing {

namespace asio = boost::asio;

struct TestStream::State {
  std::string head;
  std::function<std::string(int)> piece;
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
  std::atomic<int> connections{0};
  std::mutex lock;
  std::string request;
  std::jthread thread;

  void work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      boost::system::error_code failed;
      asio::ip::tcp::socket socket(context);
      acceptor.accept(socket, failed);
      if (failed || stop.stop_requested()) return;
      ++connections;
      std::string asked;
      asio::read_until(socket, asio::dynamic_buffer(asked, 65536), "\r\n\r\n", failed);
      {
        const std::scoped_lock hold(lock);
        request = asked;
      }
      asio::write(socket, asio::buffer(head), failed);
      for (int i = 0; !failed && !stop.stop_requested(); ++i) {
        const std::string bytes = piece(i);
        if (bytes.empty()) break;
        asio::write(socket, asio::buffer(bytes), failed);
        std::this_thread::sleep_for(std::chrono::milliseconds(40));
      }
    }
  }
};

TestStream::TestStream(std::string head, std::function<std::string(int)> piece) : state_(std::make_unique<State>()) {
  state_->head = std::move(head);
  state_->piece = std::move(piece);
  state_->thread = std::jthread([state = state_.get()](const std::stop_token& stop) { state->work(stop); });
}

TestStream::~TestStream() {
  state_->thread.request_stop();
  boost::system::error_code ignored;
  asio::ip::tcp::socket knock(state_->context);
  knock.connect(state_->acceptor.local_endpoint(), ignored);
  state_->thread.join();
}

std::uint16_t TestStream::port() const { return state_->acceptor.local_endpoint().port(); }
int TestStream::connections() const { return state_->connections; }
std::string TestStream::last_request() const {
  const std::scoped_lock hold(state_->lock);
  return state_->request;
}

}  // namespace vultus::server::testing
