// Attributes meet pictures: by file, by subject, and what is refused.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/audit_page.hpp>
#include <vultus/engine/recogniser_audit.hpp>
#include <vultus/engine/table_file.hpp>

namespace vultus::engine {
namespace {

evaluation::Table table(const std::string& csv) { return parse_table(csv, "a.csv").value(); }

TEST(AuditList, JoinsBySubjectAndCountsWhoIsNotThere) {
  const std::vector<std::pair<std::string, std::string>> present{
      {"d/A/1.jpg", "A"}, {"d/A/2.jpg", "A"}, {"d/B/1.jpg", "B"}};
  const auto got = audit_list(table("subject,gender,note\nA,f,x\nB,m,x\nC,m,x\n"), {.folder = "d"}, present).value();
  EXPECT_EQ(got.columns, std::vector<std::string>{"gender"}) << "a column of one value compares nothing";
  ASSERT_EQ(got.pictures.size(), 3U);
  EXPECT_EQ(got.pictures[1], (AuditPicture{"d/A/2.jpg", "A", {"f"}}));
  EXPECT_EQ(got.not_there, 1);
}

TEST(AuditList, JoinsByFileWhereEveryFileIsAPersonUnlessTold) {
  const TestFolder folder;
  std::ofstream(folder.path() / "1.jpg") << "x";
  std::ofstream(folder.path() / "2.jpg") << "x";
  const RecogniserAuditPlan plan{.folder = folder.path().string()};
  const auto alone = audit_list(table("file,race\n1.jpg,a\n2.jpg,b\n3.jpg,b\n"), plan, {}).value();
  ASSERT_EQ(alone.pictures.size(), 2U);
  EXPECT_EQ(alone.pictures[1].person, "2.jpg");
  EXPECT_EQ(alone.not_there, 1);
  const auto told = audit_list(table("file,subject,race\n1.jpg,Ada,a\n2.jpg,Ada,b\n"), plan, {}).value();
  EXPECT_EQ(told.pictures[1].person, "Ada");
}

TEST(AuditList, NamesWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> present{{"d/A/1.jpg", "A"}};
  const auto message = [&](const std::string& csv, std::vector<std::string> columns = {}) {
    return audit_list(table(csv), {.folder = "d", .columns = std::move(columns)}, present).error().message;
  };
  EXPECT_EQ(message("name,gender\nA,f\nB,m\n"), "a.csv: needs a column \"file\" or \"subject\"");
  EXPECT_EQ(message("subject,gender\nA,f\nA,m\n"), "a.csv: line 3: \"A\" stands there twice");
  EXPECT_EQ(message("subject,gender\nA,f\nB,m\n", {"race"}), "a.csv: no column \"race\"; there are: subject, gender");
  EXPECT_EQ(message("subject,gender\nA,f\nB,f\n", {"gender"}),
            "a.csv: column \"gender\" has 1 values, 2 to 50 can be compared");
  EXPECT_EQ(message("subject,gender\nC,f\nB,m\n"), "a.csv: none of its 2 rows has a picture in d");
}

TEST(ModelAuditPage, SaysInWordsWhatIsSmall) {
  std::string csv = "group,y_true,y_pred\n";
  for (int i = 0; i < 80; ++i)
    csv += std::string(i % 2 == 0 ? "<a>" : "b") + "," + (i % 4 < 2 ? "x" : "y") + "," + (i % 5 < 2 ? "x" : "y") + "\n";
  const auto audit =
      audit::audit_model(table(csv), {.axis = "group", .only = {}, .classes = {}, .bootstrap = {.draws = 100}}).value();
  const std::string page = model_audit_page(audit, "p.csv", "abc").value();
  EXPECT_NE(page.find("&lt;a&gt;"), std::string::npos);
  EXPECT_EQ(page.find("<a>"), std::string::npos);
  EXPECT_NE(page.find("4 cells of group and answer have fewer than 30 samples"), std::string::npos);
  EXPECT_NE(page.find("Equal opportunity: mean gap"), std::string::npos);
}

}  // namespace
}  // namespace vultus::engine
