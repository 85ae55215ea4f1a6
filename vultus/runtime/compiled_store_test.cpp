#include <vultus/runtime/compiled_store.hpp>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

class Compiled : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder())) found.push_back(entry.path());
    return found;
  }
  [[nodiscard]] fs::path folder() const { return temporary_.path() / "compiled"; }

  test::TemporaryFolder temporary_;
  CompiledStore store_{folder()};
};

TEST_F(Compiled, NetworkIsFoundAgainByItsKeyAlone) {
  EXPECT_FALSE(store_.read("net", "320x240"));
  store_.keep("net", "320x240", Bytes{1, 2, 3});
  store_.keep("net", "640x480", Bytes{4});
  EXPECT_EQ(store_.read("net", "320x240"), (Bytes{1, 2, 3}));
  EXPECT_EQ(store_.read("net", "640x480"), Bytes{4});
  EXPECT_FALSE(store_.read("net", "640x481"));
  EXPECT_FALSE(store_.read("other", "640x480"));
  store_.keep("net", "640x480", Bytes{5, 6});
  EXPECT_EQ(store_.read("net", "640x480"), (Bytes{5, 6}));
  EXPECT_EQ(files().size(), 2U) << "nothing half-written is left";
}

TEST_F(Compiled, NetworkWithAnyByteChangedOrMissingIsNotUsed) {
  store_.keep("net", "key", Bytes(100, 7));
  const fs::path file = files().front();
  const std::uintmax_t size = fs::file_size(file);
  for (const std::uintmax_t at : {std::uintmax_t{0}, size / 2, size - 1}) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put('x');
    stream.close();
    EXPECT_FALSE(store_.read("net", "key")) << "byte " << at;
    store_.keep("net", "key", Bytes(100, 7));
    EXPECT_TRUE(store_.read("net", "key"));
  }
  for (const std::uintmax_t left : {size - 1, std::uintmax_t{31}, std::uintmax_t{0}}) {
    fs::resize_file(file, left);
    EXPECT_FALSE(store_.read("net", "key")) << left << " bytes left";
  }
}

TEST_F(Compiled, NetworkKeptByManyThreadsAtOnceIsWholeAtEveryMoment) {
  store_.keep("net", "key", Bytes(300'000, 0));
  std::atomic<int> damaged = 0;
  {
    std::vector<std::jthread> threads;
    for (std::uint8_t t = 1; t <= 4; ++t)
      threads.emplace_back([&, t] {
        const CompiledStore own(folder());
        for (int i = 0; i < 25; ++i) {
          own.keep("net", "key", Bytes(300'000U - 1000U * t, t));
          if (!own.read("net", "key")) ++damaged;
        }
      });
  }
  EXPECT_EQ(damaged, 0);
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(Compiled, FolderDoesNotGrowForEver) {
  for (std::size_t i = 0; i < CompiledStore::kMostKept + 3; ++i) {
    store_.keep("net", std::to_string(i), Bytes{1});
    // Older files than the next, also where the clock of the file system is coarse.
    for (const fs::path& file : files()) fs::last_write_time(file, fs::last_write_time(file) - std::chrono::seconds(1));
  }
  EXPECT_EQ(files().size(), CompiledStore::kMostKept);
  EXPECT_FALSE(store_.read("net", "0"));
  EXPECT_FALSE(store_.read("net", "2"));
  EXPECT_TRUE(store_.read("net", "3"));
}

TEST_F(Compiled, NothingIsKeptWithoutAFolderOrInOneThatCannotBeWritten) {
  const CompiledStore none{fs::path()};
  none.keep("net", "key", Bytes{1});
  EXPECT_FALSE(none.read("net", "key"));
  std::ofstream(temporary_.path() / "file") << "not a folder";
  const CompiledStore blocked(temporary_.path() / "file");
  blocked.keep("net", "key", Bytes{1});
  EXPECT_FALSE(blocked.read("net", "key"));
}

}  // namespace
}  // namespace vultus::runtime
