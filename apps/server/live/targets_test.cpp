// Where the server may connect to.
#include <gtest/gtest.h>

#include <apps/server/live/targets.hpp>

namespace vultus::server {
namespace {

IpAddress ip(const char* text) { return ip_address_from(text).value(); }

TEST(IpAddresses, HaveOneSpelling) {
  EXPECT_EQ(ip("::ffff:127.0.0.1"), ip("127.0.0.1"));
  EXPECT_EQ(ip("::ffff:7f00:1").text(), "127.0.0.1");
  EXPECT_EQ(ip("2001:0DB8:0::1").text(), "2001:db8::1");
  for (const char* none : {"127.1", "0177.0.0.1", "2130706433", "0x7f.0.0.1", "127.0.0.01", "1.2.3.4.5", "::1%lo", "",
                           "256.0.0.1", "[::1]"})
    EXPECT_FALSE(ip_address_from(none)) << none;
}

TEST(IpRanges, HoldWhatTheyShould) {
  const IpRange home = ip_range_from("192.168.1.0/24").value();
  EXPECT_TRUE(home.holds(ip("192.168.1.255")));
  EXPECT_FALSE(home.holds(ip("192.168.2.0")));
  EXPECT_FALSE(home.holds(ip("::c0a8:101")));
  EXPECT_TRUE(ip_range_from("0.0.0.0/0").value().holds(ip("8.8.8.8")));
  EXPECT_FALSE(ip_range_from("0.0.0.0/0").value().holds(ip("2001:4860::8")));
  for (const char* none : {"192.168.1.1/24", "1.2.3.0/33", "1.2.3.0/", "::/129", "x/8", "1.2.3.4/-1"})
    EXPECT_FALSE(ip_range_from(none)) << none;
}

TEST(IpRanges, OfLoopbackPrivateAndReservedAddressesAreKnown) {
  for (const char* special : {"127.0.0.1",
                              "127.8.8.8",
                              "::ffff:127.0.0.1",
                              "10.1.2.3",
                              "172.31.255.255",
                              "192.168.0.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "0.0.0.0",
                              "255.255.255.255",
                              "224.0.0.1",
                              "::1",
                              "::",
                              "fe80::1",
                              "fd12::1",
                              "ff02::1",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "::127.0.0.1",
                              "fec0::1"})
    EXPECT_TRUE(special_range_of(ip(special))) << special;
  for (const char* open : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "193.0.0.1"})
    EXPECT_FALSE(special_range_of(ip(open))) << open;
}

TEST(TargetUrls, AreTakenApart) {
  const TargetUrl url = target_url_from("RTSP://joe:p%40ss@Camera.LAN.:8554/live/1?token=9").value();
  EXPECT_EQ(url.scheme, "rtsp");
  EXPECT_EQ(url.user, "joe");
  EXPECT_EQ(url.password, "p@ss");
  EXPECT_EQ(url.host, "camera.lan");
  EXPECT_EQ(url.port, 8554);
  EXPECT_EQ(url.path, "/live/1?token=9");
  EXPECT_EQ(url.shown(), "rtsp://***@camera.lan:8554/live/1?***");
  EXPECT_EQ(target_url_from("https://[::1]/x").value().host_in_url(), "[::1]");
  EXPECT_EQ(target_url_from("http://h").value().port, 80);
  for (const char* none : {"",
                           "camera.lan",
                           "file:///etc/passwd",
                           "concat:a|b",
                           "http://",
                           "http://a/#x",
                           "http://2130706433/",
                           "http://0177.0.0.1/",
                           "http://0x7f.1/",
                           "http://127.1/",
                           "http://a..b/",
                           "http://a b/",
                           "http://%31.lan/",
                           "http://a:0/",
                           "http://a:70000/",
                           "ftp://a/",
                           "http://joe%0d@a/",
                           "http://\xc3\xa4.lan/",
                           "http://127.0.0.1.5/",
                           "http://host.0x1/"})
    EXPECT_FALSE(target_url_from(none)) << none;
  EXPECT_FALSE(target_url_from("http://a/" + std::string(2048, 'x')));
}

TEST(AllowedTargets, NothingIsAllowedUnlessItIsListed) {
  const Targets none;
  EXPECT_FALSE(none.check_host("example.org", 80));
  EXPECT_FALSE(none.check_address("example.org", ip("93.184.216.34"), 80));
  EXPECT_FALSE(none.check_device("camera:0"));
}

TEST(AllowedTargets, ANameLeadsToPublicAddressesAlone) {
  const std::vector<std::string> rules{"cam.example.org:554"};
  const Targets targets = Targets::from(rules).value();
  EXPECT_TRUE(targets.check_host("cam.example.org", 554));
  EXPECT_FALSE(targets.check_host("cam.example.org", 555));
  EXPECT_FALSE(targets.check_host("sub.cam.example.org", 554));
  EXPECT_TRUE(targets.check_address("cam.example.org", ip("93.184.216.34"), 554));
  for (const char* inside : {"127.0.0.1", "::1", "::ffff:10.0.0.1", "169.254.169.254", "192.168.1.1", "fe80::1"})
    EXPECT_FALSE(targets.check_address("cam.example.org", ip(inside), 554)) << inside;
}

TEST(AllowedTargets, ARangeAllowsEveryNameThatLeadsThere) {
  const std::vector<std::string> rules{"192.168.1.0/24", "[fd00::]/8:443", "10.0.0.7:80", "camera:0"};
  const Targets targets = Targets::from(rules).value();
  EXPECT_TRUE(targets.check_host("anything.lan", 554));
  EXPECT_TRUE(targets.check_address("anything.lan", ip("192.168.1.20"), 554));
  EXPECT_TRUE(targets.check_address("anything.lan", ip("::ffff:192.168.1.20"), 554));
  EXPECT_FALSE(targets.check_address("anything.lan", ip("192.168.2.20"), 554));
  EXPECT_FALSE(targets.check_address("anything.lan", ip("8.8.8.8"), 554));
  EXPECT_TRUE(targets.check_host("fd12::1", 443));
  EXPECT_FALSE(targets.check_host("fd12::1", 80));
  EXPECT_TRUE(targets.check_host("10.0.0.7", 80));
  EXPECT_FALSE(targets.check_host("10.0.0.8", 80));
  EXPECT_TRUE(targets.check_device("camera:0"));
  EXPECT_FALSE(targets.check_device("camera:1"));
}

TEST(AllowedTargets, EverythingIsThePublicInternetAndNoPrivateNetwork) {
  const std::vector<std::string> rules{"0.0.0.0/0", "::/0"};
  const Targets targets = Targets::from(rules).value();
  EXPECT_TRUE(targets.check_address("a", ip("8.8.8.8"), 80));
  EXPECT_TRUE(targets.check_address("a", ip("2606:4700::1111"), 80));
  for (const char* inside : {"127.0.0.1", "10.0.0.1", "::1", "fd00::1", "64:ff9b::a00:1", "169.254.169.254"})
    EXPECT_FALSE(targets.check_address("a", ip(inside), 80)) << inside;
}

TEST(AllowedTargets, RulesThatAreNoneAreRefused) {
  for (const char* none : {"", "a:0", "a:x", "1.2.3.4/40", "2130706433", "http://a/", "a b"}) {
    const std::vector<std::string> rules{none};
    EXPECT_FALSE(Targets::from(rules)) << none;
  }
}

TEST(Targets, EverywhereIsEveryHostAndNoDevice) {
  const Targets all = Targets::everywhere();
  EXPECT_TRUE(all.check_host("node1", 9443));
  EXPECT_TRUE(all.check_host("127.0.0.1", 80));
  EXPECT_TRUE(all.check_address("node1", ip_address_from("10.0.0.1").value(), 9443));
  EXPECT_FALSE(all.check_device("camera:0"));
}

}  // namespace
}  // namespace vultus::server
