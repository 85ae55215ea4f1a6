#include <apps/server/http/test_client.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

namespace vultus::server {

TestClient::TestClient(std::uint16_t port, int receive_buffer) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval patience{kPatience.count(), 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

TestClient::~TestClient() {
  if (socket_ >= 0) ::close(socket_);
}

bool TestClient::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void TestClient::shut_down_sending() const { ::shutdown(socket_, SHUT_WR); }

bool TestClient::fill() {
  std::array<char, 16384> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const auto read = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (read <= 0) return false;
  input_.append(bytes.data(), static_cast<std::size_t>(read));
  return true;
}

std::string TestClient::read_some() {
  if (input_.empty() && !fill()) return {};
  return std::exchange(input_, {});
}

std::string TestClient::read_line() {
  std::size_t end = 0;
  while ((end = input_.find("\r\n")) == std::string::npos)
    if (!fill()) return {};
  std::string line = input_.substr(0, end);
  input_.erase(0, end + 2);
  return line;
}

bool TestClient::is_closed() const {
  std::array<char, 16384> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (true) {
    const auto read = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (read == 0) return true;
    if (read < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
  }
}

TestAnswer TestClient::read_answer(bool head_request) {
  TestAnswer answer;
  const std::string status = read_line();
  if (!status.starts_with("HTTP/1.1 ")) return answer;
  answer.status = std::stoi(status.substr(9));
  for (std::string line = read_line(); !line.empty(); line = read_line()) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) answer.headers.add(line.substr(0, colon), line.substr(colon + 2));
  }
  answer.whole = head_request || answer.status == 100 || answer.status == 204;
  if (answer.whole) return answer;
  if (answer.headers.find("Transfer-Encoding")) {
    while (true) {
      const std::string size = read_line();
      if (size.empty()) return answer;
      const std::size_t bytes = std::stoul(size, nullptr, 16);
      while (input_.size() < bytes + 2)
        if (!fill()) return answer;
      answer.body += input_.substr(0, bytes);
      input_.erase(0, bytes + 2);
      if (bytes == 0) break;
    }
    answer.whole = true;
    return answer;
  }
  const std::size_t bytes = std::stoul(std::string(answer.headers.find("Content-Length").value_or("0")));
  while (input_.size() < bytes)
    if (!fill()) return answer;
  answer.body = input_.substr(0, bytes);
  input_.erase(0, bytes);
  answer.whole = true;
  return answer;
}

std::string get_text(std::string_view path, std::string_view fields) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) + "\r\n";
}

std::string post_text(std::string_view path, std::string_view body, std::string_view fields) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

}  // namespace vultus::server
