// Standard input that is read twice.
#include <apps/cli/kept_input.hpp>

#include <array>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vultus/media/file.hpp>

namespace vultus::cli {
namespace {

/// Puts something in the place of standard input for as long as it lives.
class InputFrom {
 public:
  explicit InputFrom(int descriptor) : before_(::dup(STDIN_FILENO)) {
    ::dup2(descriptor, STDIN_FILENO);
    ::close(descriptor);
  }
  ~InputFrom() {
    if (before_ < 0) {
      ::close(STDIN_FILENO);
      return;
    }
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }
  InputFrom(const InputFrom&) = delete;
  InputFrom& operator=(const InputFrom&) = delete;
  InputFrom(InputFrom&&) = delete;
  InputFrom& operator=(InputFrom&&) = delete;

 private:
  int before_;
};

std::string all_of_it(std::size_t max_bytes) {
  const auto bytes = media::read_standard_input(max_bytes);
  return bytes ? std::string(bytes->begin(), bytes->end()) : bytes.error().message;
}

TEST(KeptInput, WhatAPipeSendsIsReadTwice) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const InputFrom input(ends[0]);
  const std::string sent(300'000, 'x');  // more than a pipe holds
  std::jthread sender([&] {
    for (std::size_t at = 0; at < sent.size();) {
      const ssize_t count = ::write(ends[1], sent.data() + at, sent.size() - at);
      if (count <= 0) break;
      at += static_cast<std::size_t>(count);
    }
    ::close(ends[1]);
  });
  auto kept = KeptInput::keep(1'000'000);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(all_of_it(1'000'000), sent);
  ASSERT_TRUE(kept->again());
  EXPECT_EQ(all_of_it(1'000'000), sent);
}

TEST(KeptInput, AFileIsReadAgainFromWhereItStood) {
  std::array<char, 32> name{"/tmp/vultus kept input XXXXXX"};
  const int file = ::mkstemp(name.data());
  ASSERT_GE(file, 0);
  ::unlink(name.data());
  ASSERT_EQ(::write(file, "headbody", 8), 8);
  ASSERT_EQ(::lseek(file, 4, SEEK_SET), 4);
  const InputFrom input(file);
  auto kept = KeptInput::keep(100);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(all_of_it(100), "body");
  ASSERT_TRUE(kept->again());
  EXPECT_EQ(all_of_it(100), "body");
}

TEST(KeptInput, TooMuchIsStillTooMuchForWhoReadsIt) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "0123456789", 10), 10);
  ::close(ends[1]);
  const InputFrom input(ends[0]);
  ASSERT_TRUE(KeptInput::keep(4));
  const auto read = media::read_standard_input(4);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::resource_limit);
}

}  // namespace
}  // namespace vultus::cli
