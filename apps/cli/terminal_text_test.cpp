#include <apps/cli/terminal_text.hpp>

#include <gtest/gtest.h>

namespace vultus::cli {
namespace {

TEST(Printable, LeavesTextOfAllLanguagesAsItIs) {
  for (const char* text : {"plain.jpg", "Zoë Ångström.png", "日本語.jpg", "имя", "🙂.webp", "a b\\c"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ShowsWhatWouldSteerATerminal) {
  EXPECT_EQ(printable("\x1b[31mred\x07.jpg"), "\\x1b[31mred\\x07.jpg");
  EXPECT_EQ(printable("a\nb\tc\r"), "a\\x0ab\\x09c\\x0d");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");  // CSI as one character
  EXPECT_EQ(printable("gpj.\xe2\x80\xae"
                      "exe"),
            "gpj.\\u202eexe");  // right-to-left override
  EXPECT_EQ(printable("\x7f"), "\\x7f");
}

TEST(Printable, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("caf\xe9.jpg"), "caf\\xe9.jpg");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");                    // overlong slash
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // surrogate
  EXPECT_EQ(printable("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80");  // beyond Unicode
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");                    // cut off
}

TEST(Printable, KeepsLineEndsOnlyWhereAsked) { EXPECT_EQ(printable_lines("a\nb\x1b"), "a\nb\\x1b"); }

TEST(Columns, CountWhatATerminalShows) {
  EXPECT_EQ(columns_of(""), 0);
  EXPECT_EQ(columns_of("abc"), 3);
  EXPECT_EQ(columns_of("Zoë"), 3);
  EXPECT_EQ(columns_of("日本"), 4);
  EXPECT_EQ(columns_of("e\xcc\x81"), 1);  // e and a combining accent
}

TEST(Shortened, KeepsBothEndsAndFits) {
  EXPECT_EQ(shortened("short", 10), "short");
  const std::string cut = shortened("a/very/long/path/to/picture.jpg", 15);
  EXPECT_LE(columns_of(cut), 15);
  EXPECT_TRUE(cut.starts_with("a/"));
  EXPECT_TRUE(cut.ends_with("ture.jpg"));
  EXPECT_LE(columns_of(shortened("日本語日本語日本語", 7)), 7);
}

}  // namespace
}  // namespace vultus::cli
