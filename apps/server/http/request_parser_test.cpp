#include <apps/server/http/request_parser.hpp>

#include <gtest/gtest.h>

namespace vultus::server {
namespace {

using Outcome = std::variant<RequestHead, Problem>;

Outcome read(const std::string& head, const HeadLimits& limits = {}) {
  RequestParser parser;
  return parser.read_head(head, limits);
}

// 0: understood.
int status_of(const std::string& head, const HeadLimits& limits = {}) {
  const Outcome outcome = read(head, limits);
  const auto* problem = std::get_if<Problem>(&outcome);
  return problem == nullptr ? 0 : problem->status;
}

std::string get_with(const std::string& fields) { return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }
std::string post_with(const std::string& fields) { return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }

TEST(RequestParser, ReadsMethodPathQueryAndFields) {
  const Outcome outcome = read("PATCH /v1/a%20b?x=1+2&y HTTP/1.1\r\nHost: Example.org:8080\r\nX-A:  v \r\n\r\n");
  const auto* head = std::get_if<RequestHead>(&outcome);
  ASSERT_NE(head, nullptr);
  EXPECT_EQ(head->request.method, Method::patch);
  EXPECT_EQ(head->request.path, "/v1/a%20b");
  EXPECT_EQ(head->request.query_value("x"), "1 2");
  EXPECT_EQ(head->request.query_value("y"), "");
  EXPECT_EQ(head->request.headers.find("x-a"), "v");
  EXPECT_EQ(head->host, "example.org");
  EXPECT_TRUE(head->keep_alive);
  EXPECT_FALSE(head->has_body());
}

TEST(RequestParser, TheHostOfAWholeUrlComesBeforeTheField) {
  const Outcome outcome = read("GET http://Right:1?q=2 HTTP/1.1\r\nHost: wrong\r\n\r\n");
  const auto* head = std::get_if<RequestHead>(&outcome);
  ASSERT_NE(head, nullptr);
  EXPECT_EQ(head->host, "right");
  EXPECT_EQ(head->request.path, "/");
  EXPECT_EQ(head->request.query_value("q"), "2");
}

TEST(RequestParser, OldVersionsCloseUnlessTheyAskNotTo) {
  const Outcome plain = read("GET / HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(std::holds_alternative<RequestHead>(plain));
  EXPECT_FALSE(std::get<RequestHead>(plain).keep_alive);
  EXPECT_TRUE(std::get<RequestHead>(plain).old_version);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
}

TEST(RequestParser, RefusesWhatCouldSmuggleARequest) {
  EXPECT_EQ(status_of(post_with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(status_of(post_with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")), 400);
  EXPECT_EQ(status_of(post_with("Content-Length: 3\r\nContent-Length: 3\r\n")), 400);
  EXPECT_EQ(status_of(post_with("Content-Length: 3\r\nContent-Length: 4\r\n")), 400);
  EXPECT_EQ(status_of(post_with("Content-Length: 3, 3\r\n")), 400);
  EXPECT_EQ(status_of(post_with("Content-Length: +3\r\n")), 400);
  EXPECT_EQ(status_of(post_with("Content-Length: 0x3\r\n")), 400);
  EXPECT_EQ(status_of(post_with("Content-Length: 99999999999999999999\r\n")), 400);
  EXPECT_EQ(status_of(post_with("Content-Length :3\r\n")), 400);
  EXPECT_NE(status_of(post_with("Transfer-Encoding: gzip, chunked\r\n")), 0);
  EXPECT_NE(status_of(post_with("Transfer-Encoding: chunked, chunked\r\n")), 0);
  EXPECT_NE(status_of(post_with("Transfer-Encoding: xchunked\r\n")), 0);
  EXPECT_NE(status_of(post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 0);
  EXPECT_NE(status_of(post_with("Transfer-Encoding: \x0B"
                                "chunked\r\n")),
            0);
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(status_of(post_with("Transfer-Encoding: Chunked\r\n")), 0);
}

TEST(RequestParser, RefusesABadHost) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
  for (const char* host : {"", "a b", "a/b", "user@a", "[::1", "[g]", "a:port", "a:123456", "a\"b", "[::1]x"})
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), 400) << host;
  for (const char* host : {"a", "a.b:80", "[::1]:8080", "127.0.0.1", "a:"})
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), 0) << host;
}

TEST(RequestParser, RefusesBadTargetsAndMethods) {
  EXPECT_EQ(status_of("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(status_of("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(status_of("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(status_of("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET path HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
  EXPECT_EQ(status_of("GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /?%zz HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /\xC3\xA9 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_NE(status_of("GET / HTTP/1.1\nHost: a\n\n"), 0);
  EXPECT_EQ(status_of(get_with("A\x01: b\r\n")), 400);
  EXPECT_EQ(status_of(get_with("A: b\x01\r\n")), 400);
}

TEST(RequestParser, HeadsHaveLimits) {
  const HeadLimits limits{.url_bytes = 10, .fields = 3};
  EXPECT_EQ(status_of("GET /123456789 HTTP/1.1\r\nHost: a\r\n\r\n", limits), 0);
  EXPECT_EQ(status_of("GET /1234567890 HTTP/1.1\r\nHost: a\r\n\r\n", limits), 414);
  EXPECT_EQ(status_of(get_with("A: 1\r\nB: 2\r\n"), limits), 0);
  EXPECT_EQ(status_of(get_with("A: 1\r\nB: 2\r\nC: 3\r\n"), limits), 431);
}

// Feeds a body in pieces of so many bytes, as a connection would.
std::optional<std::string> body_in_pieces(const std::string& head, const std::string& body, std::size_t piece) {
  RequestParser parser;
  if (!std::holds_alternative<RequestHead>(parser.read_head(head, {}))) return std::nullopt;
  std::string waiting;
  for (std::size_t at = 0; at < body.size() && !parser.is_done(); at += piece) {
    waiting += body.substr(at, piece);
    waiting.erase(0, parser.read_body(waiting));
    if (parser.problem()) return std::nullopt;
  }
  if (!parser.is_done()) return std::nullopt;
  return parser.take_body() + "|" + waiting;
}

TEST(RequestParser, ABodyIsTheSameInPiecesOfAnySize) {
  const std::string head = post_with("Transfer-Encoding: chunked\r\n");
  const std::string body = "5;x=\"y\"\r\nhello\r\n1\r\n \r\n00B\r\nhello\r\nmore\r\n0\r\nX-Late: 1\r\n\r\n";
  for (std::size_t piece = 1; piece <= body.size(); ++piece)
    EXPECT_EQ(body_in_pieces(head, body, piece), "hello hello\r\nmore|") << piece;
  for (std::size_t piece = 1; piece <= 5; ++piece)
    EXPECT_EQ(body_in_pieces(post_with("Content-Length: 5\r\n"), "hello", piece), "hello|") << piece;
}

TEST(RequestParser, TheLastChunkMayComeInPiecesOfAnySize) {
  const std::string head = post_with("Transfer-Encoding: chunked\r\n");
  for (const std::string body : {"0\r\n\r\n", "1\r\na\r\n0\r\n\r\n", "0;a\r\nB: c\r\n\r\n"})
    for (std::size_t piece = 1; piece <= body.size(); ++piece)
      EXPECT_EQ(body_in_pieces(head, body, piece), body[0] == '1' ? "a|" : "|") << body << piece;
}

TEST(RequestParser, WhatFollowsABodyIsLeft) {
  EXPECT_EQ(body_in_pieces(post_with("Content-Length: 2\r\n"), "hiGET", 5), "hi|GET");
  EXPECT_EQ(body_in_pieces(post_with("Transfer-Encoding: chunked\r\n"), "1\r\na\r\n0\r\n\r\nGET", 99), "a|GET");
}

TEST(RequestParser, BrokenChunksAreRefused) {
  const std::string head = post_with("Transfer-Encoding: chunked\r\n");
  for (const char* body : {"g\r\n", "-1\r\n", "5\r\nhelloX\r\n", "1\nab\n", "\r\n", "FFFFFFFFFFFFFFFFF\r\n",
                           " 5\r\nhello\r\n", "0x5\r\nhello\r\n"}) {
    RequestParser parser;
    ASSERT_TRUE(std::holds_alternative<RequestHead>(parser.read_head(head, {})));
    (void)parser.read_body(body);
    EXPECT_FALSE(parser.is_done()) << body;
  }
}

}  // namespace
}  // namespace vultus::server
