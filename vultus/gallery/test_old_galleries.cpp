#include <vultus/gallery/test_old_galleries.hpp>

#include <gtest/gtest.h>

#include <vultus/gallery/test_process.hpp>

namespace vultus::gallery::testing {

void make_old_gallery(const std::filesystem::path& path, int version) {
  const auto run = [&](const std::string& sql) { ASSERT_EQ(run_sql(path.string(), sql), ""); };
  run("PRAGMA page_size=8192; PRAGMA journal_mode=WAL;");
  run(kTablesOfVersion1);
  if (version > 1) run(kStepToVersion2);
  run(kOldRows);
  run(version > 1 ? kCalibrationOfVersion2 : kCalibrationOfVersion1);
  run("PRAGMA application_id=0x56554C54; PRAGMA user_version=" + std::to_string(version));
}

}  // namespace vultus::gallery::testing
