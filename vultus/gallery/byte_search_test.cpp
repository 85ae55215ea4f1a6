#include <vultus/gallery/byte_search.hpp>

#include <gtest/gtest.h>

namespace vultus::gallery {
namespace {

std::vector<std::int64_t> found_in(const std::vector<std::string>& patterns, const std::string& text,
                                   std::size_t at_once) {
  ByteSearch search;
  for (const std::string& pattern : patterns) search.add("x", pattern);
  for (std::size_t at = 0; at < text.size(); at += at_once)
    search.take(std::as_bytes(std::span(text)).subspan(at, std::min(at_once, text.size() - at)));
  std::vector<std::int64_t> counts;
  for (const ForgetSearch& one : search.results()) counts.push_back(one.found);
  return counts;
}

TEST(ByteSearch, FindsEveryPlaceHoweverTheBytesCome) {
  const std::string text = "abcdabcdabcd--" + std::string(100, 'x') + "abcd" + std::string(3, '\0');
  for (const std::size_t at_once : {1U, 2U, 3U, 7U, 64U, 1000U})
    EXPECT_EQ(found_in({"abcd", "dabc", "cdab", std::string(64, 'x'), "none", "xabcd", std::string("d\0\0\0", 4)}, text,
                       at_once),
              (std::vector<std::int64_t>{4, 2, 2, 37, 0, 1, 1}))
        << at_once;
}

TEST(ByteSearch, LongPatternsAreFoundByTheirBeginningAndShortOnesAreLeftOut) {
  EXPECT_EQ(found_in({std::string(64, 'y') + "end", "abc"}, std::string(64, 'y') + "other", 10),
            (std::vector<std::int64_t>{1}));
}

TEST(ByteSearch, NothingIsFoundAcrossTwoFiles) {
  ByteSearch search;
  search.add("x", std::string_view("abcd"));
  search.take(std::as_bytes(std::span("ab", 2)));
  search.next_file();
  search.take(std::as_bytes(std::span("cd", 2)));
  EXPECT_EQ(search.results()[0].found, 0);
}

TEST(ByteSearch, BeginsAgainWithTheSamePatterns) {
  ByteSearch search;
  search.add("x", std::string_view("abcd"));
  search.take(std::as_bytes(std::span("abcdab", 6)));
  search.begin_again();
  EXPECT_EQ(search.results()[0].found, 0);
  search.take(std::as_bytes(std::span("cdabcd", 6)));
  EXPECT_EQ(search.results()[0].found, 1) << "what was read before is forgotten";
}

}  // namespace
}  // namespace vultus::gallery
