#include <vultus/runtime/machine.hpp>

#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/network.hpp>
#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

class Machine : public ::testing::Test {
 protected:
  void file(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    test::write_file(folder_.path() / name, text);
  }
  [[nodiscard]] MachineFacts facts() const { return machine_facts(folder_.path()); }
  test::TemporaryFolder folder_;
};

TEST_F(Machine, AContainerOfVersionTwoLimitsByItsTightestGroup) {
  file("proc/self/cgroup", "0::/outer/inner\n");
  file("sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n");
  file("sys/fs/cgroup/outer/inner/memory.max", "2147483648\n");
  file("sys/fs/cgroup/outer/cpu.max", "150000 100000\n");
  file("sys/fs/cgroup/outer/memory.max", "1073741824\n");
  const MachineFacts here = facts();
  ASSERT_TRUE(here.quota);
  EXPECT_DOUBLE_EQ(*here.quota, 1.5);  // 150 of every 100 ms
  ASSERT_TRUE(here.memory_limit);
  EXPECT_EQ(*here.memory_limit, 1 << 30);
}

TEST_F(Machine, AContainerOfVersionOneHasAFolderForEachKind) {
  file("proc/meminfo", "MemTotal:        8000000 kB\n");
  file("proc/self/cgroup", "4:memory:/job\n3:cpu,cpuacct:/job\n2:pids:/\n");
  file("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "50000\n");
  file("sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  file("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "9223372036854771712\n");
  const MachineFacts here = facts();
  EXPECT_EQ(here.memory, 8'000'000LL * 1024);
  ASSERT_TRUE(here.quota);
  EXPECT_DOUBLE_EQ(*here.quota, 0.5);
  EXPECT_FALSE(here.memory_limit) << "the largest number stands for no limit";
}

TEST_F(Machine, WhatIsNotToldStaysEmpty) {
  file("proc/self/cgroup", "nonsense\n0::/\n");
  file("sys/fs/cgroup/cpu.max", "\n");
  file("sys/fs/cgroup/memory.max", "max\n");
  const MachineFacts here = facts();
  EXPECT_FALSE(here.quota);
  EXPECT_FALSE(here.memory_limit);
  EXPECT_EQ(here.memory, 0);
  EXPECT_EQ(here.processor, "");
}

TEST_F(Machine, TheProcessorIsNamedOnce) {
  file("proc/cpuinfo", "processor\t: 0\nmodel name\t: First 1.0\nprocessor\t: 1\nmodel name\t: Second\n");
  EXPECT_EQ(facts().processor, "First 1.0");
}

TEST(MachineHere, AgreesWithTheCompilersOwnQuestions) {
  const MachineFacts here = machine_facts();
  EXPECT_GE(here.processors, 1);
  EXPECT_LE(here.processors, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  EXPECT_GT(here.memory, 0);
#if defined(__x86_64__)
  EXPECT_EQ(here.has("SSE4.2"), __builtin_cpu_supports("sse4.2") != 0);
  EXPECT_EQ(here.has("AVX2"), __builtin_cpu_supports("avx2") != 0);
  EXPECT_EQ(here.has("AVX-512"), __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0);
  EXPECT_EQ(here.has("AVX-512 VNNI"), __builtin_cpu_supports("avx512vnni") != 0);
#endif
  EXPECT_FALSE(here.has("no such feature"));
}

TEST(MachineHere, TheInferenceLibraryTellsWhatItRunsOn) {
  const auto facts = inference_facts();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_THAT(facts->version, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_FALSE(facts->device.empty());
  EXPECT_TRUE(facts->has("FP32"));
}

/// Sets a variable of the environment for a while.
class Setting {
 public:
  Setting(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;
  ~Setting() { ::unsetenv(name_); }

 private:
  const char* name_;
};

TEST(MachineHere, InstructionsThatAreHeldBackAreNotUsedForBf16) {
  const Setting limit("ONEDNN_MAX_CPU_ISA", "AVX2");
  const auto facts = inference_facts();
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->limited_by, "ONEDNN_MAX_CPU_ISA=AVX2");
  EXPECT_FALSE(facts->has("BF16"));
  EXPECT_THAT(make_openvino_backend({}).value()->description(), ::testing::EndsWith(" f32"));
}

}  // namespace
}  // namespace vultus::runtime
