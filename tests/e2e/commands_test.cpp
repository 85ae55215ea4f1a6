// The main job from the outside: what each command answers about real photos.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::set<std::string> names_in(const std::vector<Json>& lines, const std::string& file) {
  std::set<std::string> names;
  for (const Json& line : lines)
    if (line.value("file", "") == file && line.contains("subject"))
      names.insert(line["subject"].is_null() ? "unknown" : line["subject"].get<std::string>());
  return names;
}

TEST(Identify, NamesKnownPeopleAndLeavesStrangersUnknown) {
  const World world;
  world.enroll_people();
  const Answer answer = world.vultus({"identify", "people.vgal", "photos", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  EXPECT_EQ(names_in(lines, "photos/known.jpg"), std::set<std::string>{"Ada Lovelace"});
  EXPECT_EQ(names_in(lines, "photos/Zoë 日本.jpg"), std::set<std::string>{"Joe Biden"});
  EXPECT_EQ(names_in(lines, "photos/group.jpg"), std::set<std::string>{"unknown"});
  EXPECT_TRUE(names_in(lines, "photos/nobody.pgm").empty());  // no face, no line
}

TEST(Identify, EveryFaceIsOneObjectWithTheFieldsThatScriptsReadFixed) {
  const World world;
  world.enroll_people();
  const Answer answer = world.vultus({"identify", "people.vgal", "photos", "--json", "--top-k", "2", "--fmr", "1e-3"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  for (const Json& line : json_lines(answer.out)) {
    ASSERT_TRUE(line["file"].is_string());
    ASSERT_THAT(line["box"], SizeIs(4));
    for (const Json& number : line["box"]) EXPECT_TRUE(number.is_number());
    EXPECT_GT(line["box"][2].get<double>(), 0);
    EXPECT_TRUE(line["subject"].is_string() || line["subject"].is_null());
    EXPECT_EQ(line["subject"].is_string(), line["similarity"].get<double>() >= line["threshold"].get<double>());
    EXPECT_DOUBLE_EQ(line["fmr"].get<double>(), 1e-3);
    EXPECT_THAT(line["candidates"], SizeIs(2));  // two people are known
    EXPECT_GE(line["candidates"][0]["similarity"].get<double>(), line["candidates"][1]["similarity"].get<double>());
  }
}

TEST(Identify, LooksForSomePeopleAloneByNameOrTag) {
  const World world;
  world.enroll_people();
  ASSERT_EQ(world.vultus({"gallery", "describe", "people.vgal", "Joe Biden", "--tag", "staff"}).code, 0);
  for (const auto& [option, value] : {std::pair("--only-tag", "staff"), std::pair("--only", "Joe Biden")}) {
    const Answer answer = world.vultus({"identify", "people.vgal", "photos", "--json", option, value});
    ASSERT_EQ(answer.code, 0) << answer.err;
    const auto lines = json_lines(answer.out);
    EXPECT_EQ(names_in(lines, "photos/known.jpg"), std::set<std::string>{"unknown"}) << option;
    EXPECT_EQ(names_in(lines, "photos/Zoë 日本.jpg"), std::set<std::string>{"Joe Biden"}) << option;
  }
  const Answer nobody = world.vultus({"identify", "people.vgal", "photos", "--only-tag", "guests"});
  EXPECT_EQ(nobody.code, 4) << nobody.err;
  EXPECT_NE(nobody.err.find("has the tag \"guests\""), std::string::npos) << nobody.err;
  EXPECT_EQ(world.vultus({"track", "clip.mp4", "--only", "Joe Biden"}).code, 3);
}

TEST(Identify, AnEmptyGalleryAnswersNobodyAndNoSimilarity) {
  const World world;
  world.enroll_people();
  for (const char* name : {"Ada Lovelace", "Joe Biden"})
    ASSERT_EQ(world.vultus({"gallery", "remove", "people.vgal", name}).code, 0);
  const Answer answer = world.vultus({"identify", "people.vgal", "a.jpg", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0]["subject"].is_null());
  EXPECT_TRUE(lines[0]["similarity"].is_null());
}

TEST(Identify, OneThreadOrMoreAndStandardInputGiveTheSameAnswer) {
  const World world;
  world.enroll_people();
  const Answer one = world.vultus({"identify", "people.vgal", "photos", "--json", "--threads", "1"});
  const Answer three = world.vultus({"identify", "people.vgal", "photos", "--json", "--threads", "3"});
  ASSERT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, three.out);
  const Answer piped = world.vultus(Call{
      .arguments = {"identify", "people.vgal", "-", "--json"}, .folder = {}, .input = read_bytes(world / "b.jpg")});
  ASSERT_EQ(piped.code, 0) << piped.err;
  auto from_pipe = json_lines(piped.out);
  auto from_file = json_lines(world.vultus({"identify", "people.vgal", "b.jpg", "--json"}).out);
  ASSERT_EQ(from_pipe.size(), 1U);
  EXPECT_EQ(from_pipe[0]["file"], "-");
  from_pipe[0].erase("file");
  from_file.at(0).erase("file");
  EXPECT_EQ(from_pipe[0], from_file[0]);
}

TEST(Identify, TheTableNamesPeopleAndSaysHowSureItIs) {
  const World world;
  world.enroll_people();
  const Answer answer = world.vultus({"identify", "people.vgal", "photos"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.out,
              AllOf(HasSubstr("Ada Lovelace"), HasSubstr("Joe Biden"), HasSubstr("unknown"), HasSubstr("no face")));
  EXPECT_THAT(answer.out, HasSubstr("At threshold 0."));
  EXPECT_THAT(answer.out, HasSubstr("1 of 10,000"));
  EXPECT_THAT(answer.out, Not(HasSubstr("\x1b"))) << "colours are for terminals";
  EXPECT_EQ(answer.err, "") << "no progress bar without a terminal";
}

TEST(Identify, CsvHasOneRowAFace) {
  const World world;
  world.enroll_people();
  const Answer answer = world.vultus({"identify", "people.vgal", "b.jpg", "--csv", "-q"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.out,
              HasSubstr("file,face,x,y,width,height,detection,subject,similarity,threshold,fmr,probability,calibration,"
                        "fmr_bound,error_code,error_message\r\n"));
  EXPECT_THAT(answer.out, HasSubstr("b.jpg,1,"));
  EXPECT_THAT(answer.out, HasSubstr(",Ada Lovelace,0."));
}

TEST(Identify, WritesAnnotatedPicturesATimelineAndAPage) {
  const World world;
  world.enroll_people();
  world.copy(samples().biden, "photos/more/known.jpg");  // a second picture of that name
  const Answer answer = world.vultus({"identify", "people.vgal", "photos", "photos/more", "--annotate", "named",
                                      "--report", "page.html", "-o", "run.vultus"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  for (const char* name : {"named/known.jpg", "named/known-2.jpg", "named/group.jpg", "named/nobody.jpg"})
    EXPECT_EQ(read_bytes(world / name).substr(0, 2), "\xff\xd8") << name;
  const std::string page = read_bytes(world / "page.html");
  EXPECT_THAT(page, AllOf(HasSubstr("Ada Lovelace"), HasSubstr("Joe Biden"), HasSubstr("photos/Zoë 日本.jpg"),
                          HasSubstr("data:image/jpeg;base64,")));
  const Answer again = world.vultus({"report", "run.vultus", "-o", "again.html"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(read_bytes(world / "again.html"), page);
  const Answer refused = world.vultus({"identify", "people.vgal", "photos", "-o", "run.vultus"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("run.vultus"), HasSubstr("--force")));
}

TEST(Identify, NeverReplacesAPictureByItsAnnotatedCopy) {
  const World world;
  world.enroll_people();
  const std::string before = read_bytes(world / "photos/known.jpg");
  const std::string other = grey_picture(64);
  world.write("photos/known-2.jpg", other);
  const std::vector<std::string> line{"identify",           "people.vgal", "photos/known.jpg",
                                      "photos/known-2.jpg", "--annotate",  "photos"};
  ASSERT_EQ(world.vultus(line).code, 0);
  EXPECT_EQ(read_bytes(world / "photos/known.jpg"), before);
  EXPECT_EQ(read_bytes(world / "photos/known-2.jpg"), other) << "a picture of the same run";
  EXPECT_EQ(read_bytes(world / "photos/known-3.jpg").substr(0, 2), "\xff\xd8");
}

TEST(Identify, NeverReplacesWhatItReadsByAPage) {
  const World world;
  world.enroll_people();
  const auto spared = [&](const std::string& file, std::vector<std::string> arguments) {
    const std::string before = read_bytes(world / file);
    const Answer refused = world.vultus(std::move(arguments));
    EXPECT_EQ(refused.code, 3) << file << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("is an input")) << file;
    EXPECT_EQ(read_bytes(world / file), before) << file;
  };
  spared("a.jpg", {"identify", "people.vgal", "a.jpg", "--report", "./a.jpg"});
  spared("people.vgal", {"identify", "people.vgal", "a.jpg", "--report", "people.vgal"});
  spared("photos/known.jpg", {"cluster", "photos", "--html", "photos/known.jpg"});
  spared("people.vgal", {"cluster", "photos", "--known", "people.vgal", "--html", "people.vgal"});
  spared("people.vgal", {"calibrate", "people.vgal", "--fmr", "0.1", "--dry-run", "--report", "people.vgal"});
  world.write("lists/cohort.csv", "file,subject\n../a.jpg,Ada Lovelace\n../c.jpg,Joe Biden\n");
  spared("a.jpg", {"calibrate", "people.vgal", "--fmr", "0.1", "--cohort", "lists/cohort.csv", "--report", "a.jpg"});
  world.write("moods.csv", "y_true,y_pred,gender\nhappy,sad,f\n");
  spared("moods.csv", {"audit", "model", "--predictions", "moods.csv", "--report", "moods.csv"});
  world.write("attributes.csv", "subject,gender\nAda Lovelace,f\n");
  for (const char* audit : {"recogniser", "frequency"}) {
    spared("attributes.csv",
           {"audit", audit, "people", "--attributes", "attributes.csv", "--report", "attributes.csv"});
    spared("people/Ada Lovelace/1.jpg",
           {"audit", audit, "people", "--attributes", "attributes.csv", "--report", "people/Ada Lovelace/1.jpg"});
  }
  world.write("pairs.txt", "1\t1\n");
  for (const char* option : {"--report", "--plot"})
    spared("pairs.txt", {"bench", "lfw", "--images", "people", "--pairs", "pairs.txt", option, "pairs.txt"});
  spared("pairs.txt", {"bench", "quality", "--images", "people", "--pairs", "pairs.txt", "--plot", "pairs.txt"});
  spared("people/Ada Lovelace/1.jpg",
         {"bench", "identify", "--images", "people", "--report", "people/Ada Lovelace/1.jpg"});
  spared("people/Ada Lovelace/1.jpg",
         {"bench", "pad", "--real", "people", "--fake", "photos", "--scores", "people/Ada Lovelace/1.jpg"});
  spared("photos/known.jpg", {"tokenizers", "sweep", "--orig", "photos", "--html", "photos/known.jpg"});
}

TEST(Options, AnUnknownNameIsAnsweredWithThoseThatThereAre) {
  const World world;
  const Answer method = world.vultus({"cluster", "photos", "--method", "foo"});
  EXPECT_EQ(method.code, 2);
  EXPECT_THAT(method.err,
              AllOf(HasSubstr("foo"), HasSubstr("linkage"), HasSubstr("chinese_whispers"), HasSubstr("dbscan")));
  const Answer precision = world.vultus({"detect", "a.jpg", "--precision", "foo"});
  EXPECT_EQ(precision.code, 2);
  EXPECT_THAT(precision.err, AllOf(HasSubstr("auto"), HasSubstr("f32"), HasSubstr("bf16")));
  for (const std::string& text : {method.err, precision.err})
    EXPECT_TRUE(std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' || c == '\n'; })) << text;
  EXPECT_EQ(world.vultus({"detect", "a.jpg", "--precision", "f32"}).code, 0);
  EXPECT_EQ(world.vultus({"cluster", "photos", "--method", "dbscan"}).code, 0);
}

TEST(Identify, ForceReplacesATimelineButNothingElse) {
  const World world;
  world.enroll_people();
  ASSERT_EQ(world.vultus({"identify", "people.vgal", "a.jpg", "-o", "run.vultus", "-q"}).code, 0);
  EXPECT_EQ(world.vultus({"identify", "people.vgal", "b.jpg", "-o", "run.vultus", "--force", "-q"}).code, 0);
  const Answer refused = world.vultus({"identify", "people.vgal", "a.jpg", "-o", "c.jpg", "--force"});
  EXPECT_EQ(refused.code, 5);
  EXPECT_EQ(read_bytes(world / "c.jpg"), read_bytes(samples().biden));
}

TEST(Identify, OncePerPictureNamesNobodyTwice) {
  const World world;
  world.enroll_people();
  const Answer answer =
      world.vultus({"identify", "people.vgal", "photos", "--json", "--once-per-picture", "--threshold", "-1"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  std::set<std::pair<std::string, std::string>> seen;
  std::size_t named = 0;
  for (const Json& line : json_lines(answer.out)) {
    if (line["subject"].is_null()) continue;
    ++named;
    EXPECT_TRUE(seen.emplace(line["file"], line["subject"]).second) << line;
  }
  EXPECT_GE(named, 4U);  // two in the group, where everyone passes this threshold
}

TEST(Verify, TellsOnePersonFromTwo) {
  const World world;
  const Answer same = world.vultus({"verify", "a.jpg", "b.jpg", "--json"});
  ASSERT_EQ(same.code, 0) << same.err;
  const Json yes = json_lines(same.out).at(0);
  EXPECT_TRUE(yes["match"].get<bool>());
  EXPECT_GE(yes["similarity"].get<double>(), yes["threshold"].get<double>());
  const Answer other = world.vultus({"verify", "a.jpg", "c.jpg", "--json"});
  ASSERT_EQ(other.code, 0) << other.err;
  const Json no = json_lines(other.out).at(0);
  EXPECT_FALSE(no["match"].get<bool>());
  EXPECT_LT(no["similarity"].get<double>(), no["threshold"].get<double>());
  EXPECT_TRUE(no["fmr"].is_number());
}

TEST(Verify, APictureWithoutAFaceIsNotFound) {
  const World world;
  const Answer answer = world.vultus({"verify", "a.jpg", "photos/nobody.pgm"});
  EXPECT_EQ(answer.code, 4);
  EXPECT_THAT(answer.err, AllOf(HasSubstr("photos/nobody.pgm"), HasSubstr("no face")));
}

TEST(Enroll, AllFormsOfInputNameTheSamePeople) {
  const World world;
  ASSERT_EQ(world.vultus({"enroll", "folders.vgal", "people"}).code, 0);
  world.copy(samples().obama, "flat/Ada Lovelace.jpg");
  world.copy(samples().biden, "flat/Joe Biden_0001.jpg");
  ASSERT_EQ(world.vultus({"enroll", "flat.vgal", "flat"}).code, 0);
  ASSERT_EQ(world.vultus({"enroll", "list.vgal", "people.csv"}).code, 0);
  ASSERT_EQ(world.vultus({"enroll", "option.vgal", "--from-csv", "people.csv"}).code, 0);
  ASSERT_EQ(world.vultus({"enroll", "named.vgal", "a.jpg", "--subject", "Ada Lovelace"}).code, 0);
  ASSERT_EQ(world.vultus({"enroll", "named.vgal", "c.jpg", "--subject", "Joe Biden"}).code, 0);
  for (const char* gallery : {"folders.vgal", "flat.vgal", "list.vgal", "option.vgal", "named.vgal"}) {
    const auto lines = json_lines(world.vultus({"gallery", "list", gallery, "--json"}).out);
    ASSERT_EQ(lines.size(), 2U) << gallery;
    EXPECT_EQ(lines[0]["subject"], "Ada Lovelace");
    EXPECT_EQ(lines[1]["subject"], "Joe Biden");
    EXPECT_EQ(lines[0]["faces"], 1);
  }
}

TEST(Enroll, SaysWhatWasSkippedAndWhyAndRepeatsWithoutHarm) {
  const World world;
  world.copy(samples().group, "people/Crowd/1.jpg");
  world.write("people/Nobody/1.pgm", grey_picture(64));
  world.write("people/Broken/1.jpg", "no picture at all");
  const Answer first = world.vultus({"enroll", "g.vgal", "people", "--json", "-q"});
  EXPECT_EQ(first.code, 1);
  const auto lines = json_lines(first.out);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(line_of(lines, "people/Ada Lovelace/1.jpg")["outcome"], "enrolled");
  EXPECT_EQ(line_of(lines, "people/Crowd/1.jpg")["reason"], "several_faces");
  EXPECT_EQ(line_of(lines, "people/Nobody/1.pgm")["reason"], "no_face");
  EXPECT_EQ(line_of(lines, "people/Broken/1.jpg")["error"]["code"], "corrupt_data");
  const Answer again =
      world.vultus({"enroll", "g.vgal", "people/Ada Lovelace", "--subject", "Ada Lovelace", "--json", "-q"});
  EXPECT_EQ(again.code, 0);
  EXPECT_EQ(json_lines(again.out).at(0)["outcome"], "already_there");
  const Answer largest =
      world.vultus({"enroll", "g.vgal", "people/Crowd", "--subject", "Crowd", "--largest", "--json", "-q"});
  EXPECT_EQ(largest.code, 0);
  EXPECT_EQ(json_lines(largest.out).at(0)["outcome"], "enrolled");
  EXPECT_EQ(world.checked("g.vgal")["faces"], 3);
}

TEST(Enroll, WithoutAnyPictureNoGalleryIsMade) {
  const World world;
  const Answer answer = world.vultus({"enroll", "new.vgal", "nowhere"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.out + answer.err, HasSubstr("nowhere"));
  EXPECT_FALSE(std::filesystem::exists(world / "new.vgal"));
}

TEST(Gallery, ShowsRenamesMergesAndRemoves) {
  const World world;
  world.enroll_people();
  const auto shown = json_lines(world.vultus({"gallery", "show", "people.vgal", "Ada Lovelace", "--json"}).out);
  ASSERT_EQ(shown.size(), 1U);
  ASSERT_THAT(shown[0]["enrolled"], SizeIs(1));
  EXPECT_EQ(shown[0]["enrolled"][0]["source"], "people/Ada Lovelace/1.jpg");
  EXPECT_EQ(world.vultus({"gallery", "rename", "people.vgal", "Ada Lovelace", "Ada King"}).code, 0);
  const Answer taken = world.vultus({"gallery", "rename", "people.vgal", "Ada King", "Joe Biden"});
  EXPECT_EQ(taken.code, 3);
  EXPECT_THAT(taken.err, HasSubstr("--merge"));
  EXPECT_EQ(world.vultus({"gallery", "rename", "people.vgal", "Ada King", "Joe Biden", "--merge"}).code, 0);
  const auto merged = json_lines(world.vultus({"gallery", "show", "people.vgal", "Joe Biden", "--json"}).out);
  ASSERT_THAT(merged.at(0)["enrolled"], SizeIs(2));
  const std::string face = std::to_string(merged[0]["enrolled"][0]["face"].get<int>());
  EXPECT_EQ(world.vultus({"gallery", "remove-face", "people.vgal", face}).code, 0);
  EXPECT_EQ(world.vultus({"gallery", "remove-face", "people.vgal", face}).code, 4);
  EXPECT_EQ(world.vultus({"gallery", "remove", "people.vgal", "Joe Biden"}).code, 0);
  const Answer gone = world.vultus({"gallery", "show", "people.vgal", "Joe Biden"});
  EXPECT_EQ(gone.code, 4);
  EXPECT_THAT(gone.err, AllOf(HasSubstr("Joe Biden"), HasSubstr("gallery list")));
  EXPECT_EQ(world.checked("people.vgal")["faces"], 0);
}

TEST(Detect, FindsTheFacesOfAGroupAndNoneInGrey) {
  const World world;
  const Answer answer = world.vultus({"detect", "photos", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  EXPECT_TRUE(line_of(lines, "photos/nobody.pgm").is_null());
  std::size_t in_group = 0;
  for (const Json& line : lines) {
    EXPECT_THAT(line["keypoints"], SizeIs(5));
    if (line["file"] == "photos/group.jpg") ++in_group;
  }
  EXPECT_GE(in_group, 2U);
}

TEST(Embed, TemplatesHaveUnitLengthAndCompareAsVerifyDoes) {
  const World world;
  const Answer answer = world.vultus({"embed", "a.jpg", "b.jpg", "--json", "--largest"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  ASSERT_EQ(lines.size(), 2U);
  const auto a = lines[0]["embedding"].get<std::vector<double>>();
  const auto b = lines[1]["embedding"].get<std::vector<double>>();
  ASSERT_EQ(a.size(), b.size());
  double aa = 0;
  double ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) aa += a[i] * a[i], ab += a[i] * b[i];
  EXPECT_NEAR(aa, 1, 1e-5);
  const Json verified = json_lines(world.vultus({"verify", "a.jpg", "b.jpg", "--json"}).out).at(0);
  EXPECT_NEAR(ab, verified["similarity"].get<double>(), 1e-4);
}

TEST(Models, AreListedWithLicencesAndVerified) {
  const World world;
  const auto lines = json_lines(world.vultus({"models", "list", "--json"}).out);
  ASSERT_GE(lines.size(), 5U);
  for (const Json& line : lines) {
    EXPECT_FALSE(line["licence"].get<std::string>().empty());
    EXPECT_FALSE(line["weights"].get<std::string>().empty());
    EXPECT_THAT(line["sha256"].get<std::string>(), SizeIs(64));
  }
  for (const Json& line : json_lines(world.vultus({"models", "list", "--json", "--commercial-only", "-q"}).out))
    EXPECT_EQ(line["commercial"], "yes");
  EXPECT_EQ(world.vultus({"models", "verify"}).code, 0);
  EXPECT_EQ(world.vultus({"models", "show", "no_such_model"}).code, 4);
}

TEST(Models, CommercialOnlyRefusesWhatIsNotStatedToBeFreeAndStillDoesTheMainJob) {
  const World world;
  const Answer refused = world.vultus({"verify", "a.jpg", "b.jpg", "--commercial-only", "--preset", "default"});
  EXPECT_EQ(refused.code, 7);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("fr_detect"), HasSubstr("not stated")));
  ASSERT_EQ(world.vultus({"enroll", "free.vgal", "people", "--commercial-only"}).code, 0);
  const Answer answer = world.vultus({"identify", "free.vgal", "b.jpg", "c.jpg", "--commercial-only", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  EXPECT_EQ(json_lines(answer.out).at(0)["subject"], "Ada Lovelace");
  EXPECT_EQ(json_lines(answer.out).at(1)["subject"], "Joe Biden");
  const Json verified = json_lines(world.vultus({"verify", "a.jpg", "c.jpg", "--commercial-only", "--json"}).out).at(0);
  EXPECT_FALSE(verified["match"].get<bool>()) << "two people";
  ASSERT_EQ(world.vultus({"enroll", "usual.vgal", "people"}).code, 0);
  EXPECT_EQ(world.vultus({"identify", "usual.vgal", "b.jpg", "--commercial-only"}).code, 7)
      << "a gallery of another preset is no way around it";
}

TEST(Gallery, TellsTheProgramWhichPresetMadeIt) {
  const World world;
  ASSERT_EQ(world.vultus({"enroll", "fast.vgal", "people", "--fast"}).code, 0);
  const Answer answer = world.vultus({"identify", "fast.vgal", "b.jpg", "--json"});  // without --fast
  ASSERT_EQ(answer.code, 0) << answer.err;
  EXPECT_EQ(json_lines(answer.out).at(0)["subject"], "Ada Lovelace");
}

TEST(Version, TellsItselfAndTheBackend) {
  const World world;
  EXPECT_THAT(world.vultus({"version"}).out, AllOf(HasSubstr("vultus "), HasSubstr("OpenVINO")));
  EXPECT_EQ(world.vultus({"--version"}).code, 0);
}

}  // namespace
}  // namespace vultus::e2e
