// Attributes meet pictures: by file, by subject, and what is refused.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/audit_page.hpp>
#include <vultus/engine/recogniser_audit.hpp>
#include <vultus/engine/table_file.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;

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

/// Groups of false match rates with an interval of 0.01 to either side.
audit::RecogniserAudit audit_with(const std::vector<double>& false_matches) {
  audit::RecogniserAudit audit;
  for (const double rate : false_matches) {
    audit::GroupErrors group;
    group.rates.name = "g" + std::to_string(audit.groups.size());
    group.rates.fmr = evaluation::Figure{};
    group.rates.fmr->value = rate;
    group.rates.fmr->interval = evaluation::Interval{.low = rate - 0.01, .high = rate + 0.01};
    group.fmr_measurable = true;
    audit.groups.push_back(std::move(group));
  }
  return audit;
}

TEST(RecogniserVerdict, WidensTheRangesForAllPairsOfGroups) {
  const auto says = [](const std::vector<double>& rates) { return recogniser_verdict(audit_with(rates)); };
  EXPECT_THAT(says({0.10, 0.115}), HasSubstr("this data does not show that strangers"));
  EXPECT_THAT(says({0.10, 0.125}), HasSubstr("The ranges do not meet, so this is unlikely to be chance."));
  // Bonferroni over 36 pairs: intervals of 99.86 % are 3.2 / 1.96 = 1.63 times as wide, so 0.025 apart is too little.
  const std::vector<double> nine(7, 0.11);
  const auto of_nine = [&](double highest) {
    std::vector<double> rates = nine;
    rates.push_back(0.10), rates.push_back(highest);
    return says(rates);
  };
  EXPECT_THAT(of_nine(0.125), HasSubstr("widened for the 36 pairs of groups that are compared: this may be chance"));
  EXPECT_THAT(of_nine(0.140), HasSubstr("even when they are widened for the 36 pairs"));
}

TEST(RecogniserVerdict, TellsOfPeopleWhoAreMissedToo) {
  audit::RecogniserAudit audit = audit_with({0.10, 0.10});
  EXPECT_THAT(recogniser_verdict(audit), HasSubstr("Fewer than two groups are large enough to compare their false "
                                                   "non-match rates."));
  for (audit::GroupErrors& group : audit.groups) group.rates.fnmr = group.rates.fmr, group.fnmr_measurable = true;
  audit.groups[1].rates.fnmr->value = 0.3;
  audit.groups[1].rates.fnmr->interval = evaluation::Interval{.low = 0.25, .high = 0.35};
  EXPECT_THAT(recogniser_verdict(audit),
              HasSubstr("people of the group \"g1\" are missed in another picture of theirs more often"));
}

}  // namespace
}  // namespace vultus::engine
