#include <apps/server/live/resolver.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace vultus::server {
namespace {

constexpr int kMostQuestions = 32;
constexpr std::chrono::seconds kResolveWithin{10};

using Addresses = Result<std::vector<IpAddress>>;

Addresses ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (failed != 0) return fail(ErrorCode::not_found, host + ": " + ::gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
  std::vector<IpAddress> found;
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
    IpAddress address;
    if (at->ai_family == AF_INET) {
      sockaddr_in from{};
      std::memcpy(&from, at->ai_addr, sizeof from);
      address.bytes[10] = address.bytes[11] = 0xff;
      std::memcpy(address.bytes.data() + 12, &from.sin_addr, 4);
    } else if (at->ai_family == AF_INET6) {
      sockaddr_in6 from{};
      std::memcpy(&from, at->ai_addr, sizeof from);
      std::memcpy(address.bytes.data(), &from.sin6_addr, 16);
    } else {
      continue;
    }
    found.push_back(address);
  }
  if (found.empty()) return fail(ErrorCode::not_found, host + ": has no address");
  return found;
}

/// A question that may be left alone: getaddrinfo cannot be interrupted.
struct Question {
  std::mutex lock;
  std::condition_variable_any answered;
  std::optional<Addresses> answer;
};

std::atomic<int>& open_questions() {
  static std::atomic<int> open{0};
  return open;
}

}  // namespace

Addresses resolve_host(const std::string& host, const std::stop_token& stop) {
  if (const auto address = ip_address_from(host)) return std::vector{*address};
  if (open_questions().fetch_add(1) >= kMostQuestions) {
    --open_questions();
    return fail(ErrorCode::resource_limit, host + ": " + std::to_string(kMostQuestions) + " names are being resolved");
  }
  const auto question = std::make_shared<Question>();
  std::thread([question, host] {
    auto answer = ask_system(host);
    {
      const std::scoped_lock lock(question->lock);
      question->answer = std::move(answer);
    }
    question->answered.notify_all();
    --open_questions();
  }).detach();
  std::unique_lock lock(question->lock);
  if (question->answered.wait_for(lock, stop, kResolveWithin, [&] { return question->answer.has_value(); }))
    return *question->answer;
  if (stop.stop_requested()) return fail(ErrorCode::cancelled, host + ": stopped");
  return fail(ErrorCode::resource_limit,
              host + ": its name was not resolved within " + std::to_string(kResolveWithin.count()) + " s");
}

}  // namespace vultus::server
