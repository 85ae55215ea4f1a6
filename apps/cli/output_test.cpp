// Tables, sentences, JSON, standard output, exit codes.
#include <apps/cli/output.hpp>

#include <array>
#include <cmath>
#include <csignal>
#include <limits>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <apps/cli/exit_code.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>

namespace vultus::cli {
namespace {

using ::testing::HasSubstr;

TEST(ExitCodes, AreTheDocumentedNumbers) {
  EXPECT_EQ(static_cast<int>(exit_code_of(ErrorCode::invalid_argument)), 3);
  EXPECT_EQ(static_cast<int>(exit_code_of(ErrorCode::not_found)), 4);
  EXPECT_EQ(static_cast<int>(exit_code_of(ErrorCode::corrupt_data)), 5);
  EXPECT_EQ(static_cast<int>(exit_code_of(ErrorCode::model_mismatch)), 6);
  EXPECT_EQ(static_cast<int>(exit_code_of(ErrorCode::unsupported)), 7);
  EXPECT_EQ(static_cast<int>(exit_code_of(ErrorCode::resource_limit)), 8);
  EXPECT_EQ(static_cast<int>(exit_code_of(ErrorCode::internal)), 9);
  EXPECT_EQ(static_cast<int>(exit_code_of(ErrorCode::cancelled)), 130);
}

TEST(Output, AFullDiskIsAnErrorWithItsReason) {
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  Output out(full);
  EXPECT_TRUE(out.write("kept until it is handed over"));
  const Status flushed = out.flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(flushed.error().message, HasSubstr("standard output: No space left"));
  ::close(full);
}

TEST(Output, AReaderThatWentAwayIsNoticed) {
  ::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  Output out(ends[1]);
  EXPECT_TRUE(out.write("x"));
  EXPECT_FALSE(out.flush());
  EXPECT_TRUE(out.reader_gone());
  ::close(ends[1]);
}

TEST(Output, BytesArriveInOrderAndWhole) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  Output out(ends[1]);
  ASSERT_TRUE(out.write("one "));
  ASSERT_TRUE(out.write("two"));
  ASSERT_TRUE(out.flush());
  std::array<char, 16> got{};
  EXPECT_EQ(::read(ends[0], got.data(), got.size()), 7);
  EXPECT_STREQ(got.data(), "one two");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Table, AlignsByWhatIsSeen) {
  EXPECT_EQ(table_text({{"NAME"}, {"FACES", Align::right}, {"FROM"}},
                       {{{"日本"}, {"7"}, {"a"}}, {{"Ada"}, {"12"}, {"b"}}}, false),
            "NAME  FACES  FROM\n"
            "日本      7  a\n"
            "Ada      12  b\n");
}

TEST(Table, LeavesNoBlanksAtTheEndAndCutsNothing) {
  Table table({{"A", Align::left, 3}, {"B", Align::left, 3}, {"C"}}, false);
  EXPECT_EQ(table.row({{"longer than three"}, {"x"}, {"y"}}), "longer than three  x    y\n");
  EXPECT_EQ(table.row({{"a"}, {""}, {""}}), "a\n");
  EXPECT_EQ(table.row({{""}, {""}, {"c"}}), "          c\n");
}

TEST(Table, ColoursDoNotMoveColumns) {
  EXPECT_EQ(table_text({{"A"}, {"B"}}, {{{"x", Style::good}, {"y"}}}, true),
            "\x1b[1mA\x1b[0m  \x1b[1mB\x1b[0m\n\x1b[32mx\x1b[0m  y\n");
}

TEST(Json, NumbersAreShortAndFinite) {
  EXPECT_EQ(score_json(0.7123456789).dump(), "0.712346");
  EXPECT_EQ(score_json(static_cast<double>(0.7F)).dump(), "0.7");
  EXPECT_EQ(score_json(-1e-9).dump(), "0.0");
  EXPECT_EQ(number_json(std::numeric_limits<double>::quiet_NaN(), 3).dump(), "null");
  EXPECT_EQ(number_json(std::numeric_limits<double>::infinity(), 3).dump(), "null");
  EXPECT_EQ(box_json({10.04F, 20.06F, 30, 40.5F}).dump(), "[10.0,20.1,30.0,40.5]");
}

TEST(Json, RatesKeepThreeDigitsHoweverSmall) {
  EXPECT_DOUBLE_EQ(rate_json(1e-4).get<double>(), 1e-4);
  EXPECT_DOUBLE_EQ(rate_json(0.000123456).get<double>(), 0.000123);
  EXPECT_DOUBLE_EQ(rate_json(0.98765).get<double>(), 0.988);
  EXPECT_DOUBLE_EQ(rate_json(0).get<double>(), 0);
}

TEST(Json, ARateThatIsABoundIsANumberAndSaysThatItIsOne) {
  OperatingPoint at{.threshold = Cosine(0.5F), .false_match_rate = 1e-4, .source = "measured"};
  Json object;
  add_fmr(object, at);
  EXPECT_EQ(object.dump(), R"({"fmr":0.0001})");
  at.rate_is_bound = true;
  add_fmr(object, at);
  EXPECT_EQ(object.dump(), R"({"fmr":0.0001,"fmr_bound":true})");
  EXPECT_THAT(error_rate_sentence(at), HasSubstr("in at most 1 of 10,000 comparisons (FMR at most 0.0001"));
  EXPECT_THAT(collection_sentence(at, 100), HasSubstr("at most 1 of 100 strangers"));
  at.false_match_rate = 1;
  add_fmr(object, at);
  EXPECT_EQ(object.dump(), R"({"fmr":1.0,"fmr_bound":true})");
  EXPECT_THAT(error_rate_sentence(at), HasSubstr("is not known"));
}

TEST(Json, FileNamesOfAnyBytesMakeValidUtf8) {
  const std::string line =
      json_line(error_json("caf\xe9\n.jpg", fail(ErrorCode::not_found, "caf\xe9\n.jpg: no such file")));
  EXPECT_EQ(line,
            "{\"file\":\"caf\xef\xbf\xbd\\n.jpg\",\"error\":{\"code\":\"not_found\",\"message\":\"caf\xef\xbf\xbd\\n."
            "jpg: no such file\"}}\n");
}

TEST(Sentences, TellWhatTheThresholdMeansAndWhereItComesFrom) {
  const OperatingPoint at{.threshold = Cosine(0.5333F), .false_match_rate = 1e-4, .source = "LFW, all pairs"};
  const std::string text = error_rate_sentence(at);
  EXPECT_THAT(text, HasSubstr("0.533"));
  EXPECT_THAT(text, HasSubstr("1 of 10,000"));
  EXPECT_THAT(text, HasSubstr("LFW, all pairs"));
  // 100 people: 1 - (1 - 1e-4)^100 = 0.00995, one of 100.5.
  EXPECT_THAT(collection_sentence(at, 100), HasSubstr("1 of 100 "));
  EXPECT_EQ(collection_sentence(at, 1), "");
}

TEST(Sentences, CountThings) {
  EXPECT_EQ(counted(1, "face"), "1 face");
  EXPECT_EQ(counted(0, "face"), "0 faces");
  EXPECT_EQ(counted(1200, "face"), "1,200 faces");
  EXPECT_EQ(counted(2, "person", "people"), "2 people");
  EXPECT_EQ(bytes_text(999), "999 bytes");
  EXPECT_EQ(bytes_text(5233396), "5.2 MB");
}

}  // namespace
}  // namespace vultus::cli
