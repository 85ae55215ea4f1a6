// Milliseconds to read and decode each of the files given, at full and reduced size.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include <vultus/media/picture.hpp>

namespace {

using vultus::media::Decoder;
using vultus::media::Picture;

/// The largest wanted side that still lets a picture of this side be reduced.
int wanted_for(int side, int reduction) { return (side + reduction - 1) / reduction; }

/// @return milliseconds a picture, or less than 0 where a file cannot be read
double round_of(Decoder& decoder, const std::vector<std::string>& files, const std::vector<int>& sides, int reduction) {
  Picture picture;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < files.size(); ++i)
    if (const auto status =
            decoder.read(files[i], {.wanted_side = reduction == 1 ? 0 : wanted_for(sides[i], reduction)}, picture);
        !status) {
      std::fprintf(stderr, "%s\n", status.error().message.c_str());
      return -1;
    }
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - begin;
  return spent.count() / static_cast<double>(files.size());
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> files(arguments + 1, arguments + count);
  if (files.empty()) return std::fprintf(stderr, "usage: bench_decode FILE...\n"), 2;
  Decoder decoder;
  std::vector<int> sides;
  for (const std::string& file : files) {
    Picture picture;
    if (const auto status = decoder.read(file, {}, picture); !status)
      return std::fprintf(stderr, "%s\n", status.error().message.c_str()), 1;
    sides.push_back(std::max(picture.full_width, picture.full_height));
  }
  constexpr int kRounds = 7;
  std::array<double, 4> best{};
  best.fill(std::numeric_limits<double>::infinity());
  // The sizes take turns, so that other work on the machine meets all of them.
  for (int round = 0; round < kRounds; ++round)
    for (std::size_t i = 0; i < best.size(); ++i) best[i] = std::min(best[i], round_of(decoder, files, sides, 1 << i));
  for (std::size_t i = 0; i < best.size(); ++i)
    std::printf("1/%d size: %.3f ms a picture (best of %d rounds, %zu files)\n", 1 << i, best[i], kRounds,
                files.size());
  return 0;
}
