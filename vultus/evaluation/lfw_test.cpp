#include <vultus/evaluation/lfw.hpp>

#include <gtest/gtest.h>

namespace vultus::evaluation {
namespace {

constexpr std::string_view kSmall =
    "2\t1\n"
    "Ada\t1\t12\n"
    "Ada\t1\tBob\t3\n"
    "Bob\t3\t4\n"
    "Cleo_de_Jong\t1\tAda\t12\n";

TEST(LfwPairs, ReadsFoldsPairsAndDistinctPictures) {
  const LfwPairs got = parse_lfw_pairs(kSmall).value();
  EXPECT_EQ(got.folds, 2);
  EXPECT_EQ(got.pairs_per_side, 1);
  EXPECT_EQ(got.persons, (std::vector<std::string>{"Ada", "Bob", "Cleo_de_Jong"}));
  EXPECT_EQ(got.images, (std::vector<LfwImage>{{0, 1, "Ada/Ada_0001.jpg"},
                                               {0, 12, "Ada/Ada_0012.jpg"},
                                               {1, 3, "Bob/Bob_0003.jpg"},
                                               {1, 4, "Bob/Bob_0004.jpg"},
                                               {2, 1, "Cleo_de_Jong/Cleo_de_Jong_0001.jpg"}}));
  EXPECT_EQ(got.pairs, (std::vector<LfwPair>{{0, 1, true, 0}, {0, 2, false, 0}, {2, 3, true, 1}, {4, 1, false, 1}}));
}

TEST(LfwPairs, TakesSpacesWindowsLineEndsAndEmptyLinesAtTheEnd) {
  std::string windows;
  for (const char c : kSmall) windows += c == '\n' ? "\r\n" : c == '\t' ? " " : std::string(1, c);
  EXPECT_EQ(parse_lfw_pairs(windows + "\r\n\r\n").value(), parse_lfw_pairs(kSmall).value());
  const std::string_view without_end = kSmall.substr(0, kSmall.size() - 1);
  EXPECT_EQ(parse_lfw_pairs(without_end).value(), parse_lfw_pairs(kSmall).value());
}

TEST(LfwPairs, ReadsTheSingleFoldOfView1) {
  const LfwPairs got = parse_lfw_pairs("1\nAda 1 2\nAda 1 Bob 1\n").value();
  EXPECT_EQ(got.folds, 1);
  EXPECT_EQ(got.pairs.size(), 2U);
}

TEST(LfwPairs, NamesTheLineThatBreaksTheFormat) {
  const auto message = [](std::string_view text) { return parse_lfw_pairs(text, "p.txt").error().message; };
  const std::string first = "p.txt: line 1: must be `folds pairs` (1 to 1000 folds) or `pairs`, e.g. `10 300`";
  EXPECT_EQ(message(""), first);
  EXPECT_EQ(message("ten 300\n"), first);
  EXPECT_EQ(message("10 300 5\n"), first);
  EXPECT_EQ(message("0 300\n"), first);
  EXPECT_EQ(message("10 -300\n"), first);
  EXPECT_EQ(message("1 1\nAda 1\n"), "p.txt: line 2: 2 columns, a same (`name i j`) pair has 3");
  EXPECT_EQ(message("1 1\nAda 1 2\nAda 1 2\n"), "p.txt: line 3: 3 columns, a different (`name1 i name2 j`) pair has 4");
  EXPECT_EQ(message("1 1\nAda 1 x\n"), "p.txt: line 2: `x` is not a picture number from 1 to 9999");
  EXPECT_EQ(message("1 1\nAda 0 2\n"), "p.txt: line 2: `0` is not a picture number from 1 to 9999");
  EXPECT_EQ(message("1 1\nAda 1 99999999999999999999\n"),
            "p.txt: line 2: `99999999999999999999` is not a picture number from 1 to 9999");
  EXPECT_EQ(message("1 1\nAda 2 2\n"), "p.txt: line 2: Ada/Ada_0002.jpg is paired with itself");
  EXPECT_EQ(message("1 1\nAda 1 2\nAda 1 Ada 2\n"), "p.txt: line 3: a different pair that names Ada twice");
  EXPECT_EQ(message("1 1\nAda 1 2\n"), "p.txt: line 3: the file ends after 1 pairs, its first line promises 2");
  EXPECT_EQ(message("1 1\nAda 1 2\nAda 1 Bob 1\n\nBob 1 2\n"),
            "p.txt: line 5: text after the 2 pairs that the first line promises");
  EXPECT_EQ(parse_lfw_pairs("1 1\nAda 1\n").error().code, ErrorCode::corrupt_data);
}

TEST(LfwPairs, NeverLeavesTheFolderOfPictures) {
  for (const char* name : {"..", "../../etc", ".hidden", "a/b", "a\\b", "C:", "a\x01z"})
    EXPECT_EQ(parse_lfw_pairs(std::string("1 1\n") + name + " 1 2\n").error().message,
              "pairs.txt: line 2: a name that is not one plain folder name of at most 200 bytes")
        << name;
  EXPECT_FALSE(parse_lfw_pairs("1 1\n" + std::string(201, 'x') + " 1 2\n"));
}

TEST(LfwPairs, RefusesAFileThatAsksForTooMuch) {
  const auto huge = parse_lfw_pairs("1000 1000000\n");
  EXPECT_EQ(huge.error(), (Error{ErrorCode::resource_limit,
                                 "pairs.txt: line 1: 1000 folds of 2x1000000 pairs, the limit is 10000000 pairs"}));
}

}  // namespace
}  // namespace vultus::evaluation
