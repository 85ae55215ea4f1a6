// Encrypted search through the program: three roles, and what goes wrong.
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

class Sealed : public ::testing::Test {
 protected:
  Json run(const std::string& line, int code = 0) {
    const Answer answer = world_.shell(line);
    EXPECT_EQ(answer.code, code) << line << "\n" << answer.out << answer.err;
    error_ = answer.err;
    return code == 0 ? json_lines(answer.out).at(0) : Json();
  }
  World world_;
  std::string error_;
};

TEST_F(Sealed, NamesPeopleWithoutShowingThemToTheSearcher) {
  run("vultus sealed keygen office.key --json");
  const Json enrolled = run("vultus sealed enroll office.vsg people/ --public-key office.key.pub --json");
  EXPECT_EQ(enrolled["rows"], 2);
  EXPECT_THAT(read_bytes(world_ / "office.vsg"), ::testing::Not(HasSubstr("Lovelace")));
  for (const auto& [picture, name] : {std::pair("b.jpg", "Ada Lovelace"), std::pair("c.jpg", "Joe Biden")}) {
    run("vultus sealed search office.vsg " + std::string(picture) + " -o r.result --json");
    EXPECT_THAT(read_bytes(world_ / "r.result"), ::testing::Not(HasSubstr(name)));
    const Json best = run("vultus sealed answer r.result --key office.key --json")["rows"].at(0);
    EXPECT_EQ(best["name"], name);
    // The other way round: the searcher has the templates, and the probe is encrypted.
    run("vultus sealed probe " + std::string(picture) + " --public-key office.key.pub -o p.probe --json");
    run("vultus sealed search people/ --sealed-probe p.probe -o other.result --json");
    const Json other = run("vultus sealed answer other.result --key office.key --json")["rows"].at(0);
    EXPECT_EQ(other["name"], name);
    // Both round differently: sqrt(512)/2 (1/1000 + 1/500) + 512/(4 * 500,000) = 0.0342 is the bound of each.
    EXPECT_NEAR(other["cosine"].get<double>(), best["cosine"].get<double>(), 0.0684);
    const Json in_the_clear =
        run("vultus verify '" + ("people/" + std::string(name)) + "/1.jpg' " + picture + " --json");
    EXPECT_NEAR(best["cosine"].get<double>(), in_the_clear["similarity"].get<double>(), 0.0342);
    const Json verified = run("vultus sealed verify office.vsg " + std::string(picture) + " --row " +
                              std::to_string(best["row"].get<int>()) + " --threshold 0.2 --key office.key --json");
    EXPECT_EQ(verified["cosine"], best["cosine"]);
    EXPECT_EQ(verified["match"], true);
  }
}

TEST_F(Sealed, TellsWhatIsWrong) {
  world_.write("t.csv", "name,e0,e1\nAda,0.6,0.8\nBo,1,0\n");
  world_.write("nan.csv", "name,e0,e1\nAda,nan,0.8\n");
  world_.write("long.csv", "name,e0,e1\nAda,3,4\n");
  world_.write("odd.csv", "name,x,y\nAda,3,4\n");
  run("vultus sealed keygen a.key --bits 1024 --json");
  run("vultus sealed keygen b.key --bits 1024 --json");
  run("vultus sealed keygen a.key --bits 1024", 3);
  EXPECT_THAT(error_, HasSubstr("a.key is there already"));
  const std::string open = read_bytes(world_ / "a.key.pub");
  run("mv a.key kept.key && vultus sealed keygen a.key --bits 1024", 3);
  EXPECT_THAT(error_, HasSubstr("a.key.pub is there already"));
  EXPECT_EQ(read_bytes(world_ / "a.key.pub"), open);
  EXPECT_FALSE(std::filesystem::exists(world_ / "a.key")) << "no secret key without its public one";
  ASSERT_EQ(world_.shell("mv kept.key a.key").code, 0);
  run("vultus sealed enroll g.vsg t.csv --public-key a.key.pub --json");
  run("vultus sealed enroll g.vsg nan.csv --public-key a.key.pub", 3);
  EXPECT_THAT(error_, HasSubstr("value 0 of 2 is nan"));
  run("vultus sealed enroll g.vsg long.csv --public-key a.key.pub", 3);
  EXPECT_THAT(error_, HasSubstr("value 1 is 4.0"));
  run("vultus sealed enroll g.vsg odd.csv --public-key a.key.pub", 5);
  EXPECT_THAT(error_, HasSubstr("e0, e1"));
  run("vultus sealed enroll g.vsg t.csv --public-key b.key.pub", 6);
  EXPECT_THAT(error_, HasSubstr("the gallery is of key"));
  world_.write("models.csv", "name,model,e0,e1\nAda,one,0.6,0.8\nBo,,1,0\nCy,two,1,0\n");
  run("vultus sealed enroll g.vsg models.csv --public-key a.key.pub", 6);
  EXPECT_THAT(error_, HasSubstr("line 4")) << "a row without a model hides none";
  run("vultus sealed search g.vsg t.csv -o r.result", 3);
  EXPECT_THAT(error_, HasSubstr("t.csv: one template is wanted, there are 2"));
  world_.write("one.csv", "name,e0,e1\nAda,0.6,0.8\n");
  run("vultus sealed search g.vsg one.csv -o ./g.vsg", 3);
  EXPECT_THAT(error_, HasSubstr("would replace it"));
  run("vultus sealed search g.vsg one.csv -o r.result --json");
  run("vultus sealed answer r.result --key b.key", 6);
  EXPECT_THAT(error_, HasSubstr("the result is for key"));
  run("chmod 644 a.key && vultus sealed answer r.result --key a.key", 3);
  EXPECT_THAT(error_, HasSubstr("the private file a.key can be read or written by others; run: chmod 600"));
  run("chmod 600 a.key && vultus sealed answer r.result --key a.key --json");
  std::string altered = read_bytes(world_ / "r.result");
  altered[altered.size() - 40] = static_cast<char>(altered[altered.size() - 40] ^ 1);
  world_.write("altered.result", altered);
  run("vultus sealed answer altered.result --key a.key", 5);
  EXPECT_THAT(error_, HasSubstr("altered"));
  run("vultus sealed answer g.vsg --key a.key", 5);
  EXPECT_THAT(error_, HasSubstr("a sealed result is wanted, this is a sealed gallery"));
}

TEST_F(Sealed, TellsNoScoreAndNotTooOftenWhereThatIsWanted) {
  world_.write("t.csv", "name,e0,e1\nAda,0.6,0.8\nBo,1,0\n");
  world_.write("phrase.txt", "open sesame\n");
  run("chmod 600 phrase.txt && vultus sealed keygen a.key --bits 1024 --passphrase-file phrase.txt --json");
  run("vultus sealed enroll g.vsg t.csv --public-key a.key.pub --json");
  world_.write("one.csv", "name,e0,e1\nAda,0.6,0.8\n");
  run("vultus sealed search g.vsg one.csv -o r.result --json");
  run("vultus sealed answer r.result --key a.key", 3);
  EXPECT_THAT(error_, HasSubstr("--passphrase-file is wanted"));
  const std::string answer = "vultus sealed answer r.result --key a.key --passphrase-file phrase.txt ";
  const Json told = run(answer + "--threshold 0.9 --decision-only --json");
  ASSERT_EQ(told["rows"].size(), 1U) << "cosines 1 and 0.6";
  EXPECT_EQ(told["rows"][0]["name"], "Ada");
  EXPECT_EQ(told["rows"][0]["match"], true);
  EXPECT_FALSE(told["rows"][0].contains("cosine"));
  EXPECT_FALSE(told["rows"][0].contains("product"));
  run(answer + "--decision-only", 3);
  run(answer + "--ledger l --at-most 2 --json");
  run(answer + "--ledger l --at-most 2 --json");
  run(answer + "--ledger l --at-most 2 --json", 8);
  EXPECT_THAT(error_, HasSubstr("2 answers in 3600 s, the limit"));
}

TEST_F(Sealed, TwoAtATimeLoseNothing) {
  run("vultus sealed keygen a.key --bits 1024 --json");
  std::string enrol, ask;
  for (int i = 0; i < 6; ++i) {
    const std::string name = "p" + std::to_string(i);
    world_.write(name + ".csv", "name,e0,e1\n" + name + ",0.6,0.8\n");
    enrol += "vultus sealed enroll g.vsg " + name + ".csv --public-key a.key.pub >/dev/null & ";
    ask += "(vultus sealed answer r.result --key a.key --ledger l --at-most 3 >/dev/null 2>&1 && echo told) & ";
  }
  ASSERT_EQ(world_.shell(enrol + "wait").code, 0);
  const Json found = run("vultus sealed search g.vsg p0.csv -o r.result --json");
  EXPECT_EQ(found["rows"], 6);
  const std::string told = world_.shell(ask + "wait").out;
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 3) << told;
}

}  // namespace
}  // namespace vultus::e2e
