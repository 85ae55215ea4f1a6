#include <vultus/media/csv.hpp>

#include <random>

#include <gtest/gtest.h>

namespace vultus::media {
namespace {

using Fields = std::vector<std::string>;

std::vector<CsvRow> rows_of(std::string_view text) {
  CsvReader reader(text);
  std::vector<CsvRow> rows;
  while (true) {
    const auto row = reader.next();
    EXPECT_TRUE(row) << row.error().message;
    if (!row || !*row) return rows;
    rows.push_back(**row);
  }
}

TEST(CsvReader, ReadsTheExamplesOfRfc4180) {
  // Section 2, examples 1, 2, 5, 6 and 7.
  EXPECT_EQ(rows_of("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"),
            (std::vector<CsvRow>{{1, {"aaa", "bbb", "ccc"}}, {2, {"zzz", "yyy", "xxx"}}}));
  EXPECT_EQ(rows_of("aaa,bbb,ccc\r\nzzz,yyy,xxx").size(), 2U);
  EXPECT_EQ(rows_of("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx"),
            (std::vector<CsvRow>{{1, {"aaa", "b\r\nbb", "ccc"}}, {3, {"zzz", "yyy", "xxx"}}}));
  EXPECT_EQ(rows_of("\"aaa\",\"b\"\"bb\",\"ccc\""), (std::vector<CsvRow>{{1, {"aaa", "b\"bb", "ccc"}}}));
}

TEST(CsvReader, KeepsEmptyFieldsAndSpacesAndSkipsEmptyLines) {
  EXPECT_EQ(rows_of("\xef\xbb\xbf"
                    "a, b ,\n\n\r\n,,\n\"\"\n"),
            (std::vector<CsvRow>{{1, {"a", " b ", ""}}, {4, {"", "", ""}}, {5, {""}}}));
  EXPECT_TRUE(rows_of("").empty());
  EXPECT_TRUE(rows_of("\n\n").empty());
  EXPECT_EQ(rows_of("a\rb"), (std::vector<CsvRow>{{1, {"a\rb"}}})) << "a lone CR is no line end";
}

TEST(CsvReader, NamesTheLineOfAFaultAndGoesOnBehindIt) {
  CsvReader reader("a,b\nc,d\"e\nf,\"g\"h\ni,\"j\nk,l\n");
  EXPECT_EQ((**reader.next()).fields, (Fields{"a", "b"}));
  EXPECT_EQ(reader.next().error().message, "line 2: a quote amid a field; quotes enclose whole fields");
  EXPECT_EQ(reader.next().error().message, "line 3: text behind a closing quote");
  EXPECT_EQ(reader.next().error().message, "line 4: a quote that is not closed");
  const auto last = reader.next();
  EXPECT_EQ((**last).fields, (Fields{"k", "l"}));
  EXPECT_EQ((**last).line, 5U);
  EXPECT_FALSE(*reader.next());
}

TEST(CsvRow, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_row(Fields{"plain", "with space", "a,b", "say \"hi\"", "two\nlines", "", "-1"}),
            "plain,with space,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,-1\r\n");
  EXPECT_EQ(csv_row(Fields{""}), "\"\"\r\n");
}

TEST(CsvRow, IsReadBackAsItWasWritten) {
  std::mt19937 random(7);  // a fixed seed, so that a failure can be found again
  const std::string_view alphabet = "ab,\"\n\r =\xc3\xa9";
  for (int round = 0; round < 2000; ++round) {
    Fields fields(1 + random() % 4);
    for (std::string& field : fields)
      for (auto length = random() % 6; length > 0; --length) field += alphabet[random() % alphabet.size()];
    const std::vector<CsvRow> rows = rows_of(csv_row(fields));
    ASSERT_EQ(rows.size(), 1U);
    ASSERT_EQ(rows[0].fields, fields);
  }
}

}  // namespace
}  // namespace vultus::media
