// Everything that can be wrong with what a user hands over: each gives an error that names the file, a documented exit
// code, and leaves the gallery whole.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// One bad input beside a good one: the good one is answered, the bad one told with its name, and nothing is harmed.
void expect_told(const World& world, const std::string& bad, const std::string& code, const std::string& says) {
  const Answer json = world.vultus({"identify", "people.vgal", bad, "b.jpg", "--json"});
  EXPECT_EQ(json.code, 1) << json.err;
  const auto lines = json_lines(json.out);
  EXPECT_EQ(line_of(lines, "b.jpg").value("subject", ""), "Ada Lovelace");
  const Json error = line_of(lines, bad);
  ASSERT_TRUE(error.is_object() && error.contains("error")) << json.out;
  EXPECT_EQ(error["error"]["code"], code);
  EXPECT_THAT(error["error"]["message"].get<std::string>(), AllOf(HasSubstr(bad), HasSubstr(says)));
  const Answer table = world.vultus({"identify", "people.vgal", bad, "b.jpg"});
  EXPECT_EQ(table.code, 1);
  EXPECT_THAT(table.err, AllOf(HasSubstr("vultus: " + bad), HasSubstr(says)));
  EXPECT_THAT(table.out, HasSubstr("Ada Lovelace"));
  EXPECT_EQ(world.vultus({"enroll", "people.vgal", bad, "--subject", "Bad"}).code, 1);
  EXPECT_EQ(world.checked("people.vgal")["faces"], 2);
}

TEST(BadInput, ATruncatedPicture) {
  const World world;
  world.enroll_people("fast");
  const std::string whole = read_bytes(samples().obama);
  world.write("half.jpg", whole.substr(0, whole.size() / 2));
  expect_told(world, "half.jpg", "corrupt_data", "");
}

TEST(BadInput, AFileOfZeroBytes) {
  const World world;
  world.enroll_people("fast");
  world.write("empty.jpg", "");
  expect_told(world, "empty.jpg", "corrupt_data", "0 bytes");
}

TEST(BadInput, AHundredMegapixelBomb) {
  const World world;
  world.enroll_people("fast");
  world.write("bomb.png", png_that_claims(12000, 9000));
  expect_told(world, "bomb.png", "resource_limit", "12000x9000 = 108.0 megapixels, the limit is 80.0");
}

TEST(BadInput, TheLimitOfMegapixelsIsTheUsers) {
  const World world;
  world.enroll_people("fast");
  const Answer answer = world.vultus({"identify", "people.vgal", "b.jpg", "--json", "--max-megapixels", "0.01"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.out, AllOf(HasSubstr("resource_limit"), HasSubstr("b.jpg")));
}

TEST(BadInput, TextRenamedToJpg) {
  const World world;
  world.enroll_people("fast");
  world.write("letter.jpg", "Dear Ada,\nthis is no picture.\n");
  expect_told(world, "letter.jpg", "corrupt_data", "");
}

TEST(BadInput, AFileThatIsNotThere) {
  const World world;
  world.enroll_people("fast");
  expect_told(world, "nowhere.jpg", "not_found", "");
}

TEST(BadInput, APipeThatIsCalledAPicture) {
  const World world;
  world.enroll_people("fast");
  ASSERT_EQ(::mkfifo((world / "pipe.jpg").c_str(), 0600), 0);
  const Answer answer =  // and does not wait for ever
      world.vultus({"identify", "people.vgal", "pipe.jpg", "b.jpg", "--patience", "0.3", "--json"});
  EXPECT_EQ(answer.code, 1) << answer.err;
  const auto lines = json_lines(answer.out);
  EXPECT_EQ(line_of(lines, "b.jpg").value("subject", ""), "Ada Lovelace");
  const Json error = line_of(lines, "pipe.jpg");
  ASSERT_TRUE(error.is_object() && error.contains("error")) << answer.out;
  EXPECT_EQ(error["error"]["code"], "resource_limit");
  EXPECT_THAT(error["error"]["message"].get<std::string>(), HasSubstr("pipe.jpg: silent for 300 ms"));
}

TEST(BadInput, SymbolicLinksInACircle) {
  const World world;
  world.enroll_people("fast");
  fs::create_directories(world / "loop/inner");
  world.copy(samples().obama_2, "loop/known.jpg");
  fs::create_directory_symlink(world / "loop", world / "loop/inner/again");
  const Answer answer = world.vultus({"identify", "people.vgal", "loop", "--recursive", "--json"});
  EXPECT_EQ(answer.code, 1);
  const auto lines = json_lines(answer.out);
  EXPECT_EQ(line_of(lines, "loop/known.jpg").value("subject", ""), "Ada Lovelace");
  EXPECT_THAT(answer.out, HasSubstr("loop/inner/again"));
  fs::create_symlink("self.jpg", world / "self.jpg");
  expect_told(world, "self.jpg", "not_found", "");
}

TEST(BadInput, NamesOfAnyBytes) {
  const World world;
  world.enroll_people("fast");
  const std::vector<std::string> names{"photo with  blanks.jpg", "-dash.jpg",   "日本 ñ 🙂.jpg", "quote'\".jpg",
                                       "line\nbreak.jpg",        "caf\xe9.jpg", "\x1b[31mred.jpg",    "[a-z]*.jpg"};
  for (const std::string& name : names) world.copy(samples().obama_2, "odd/" + name);
  const Answer json = world.vultus({"identify", "people.vgal", "odd", "--json"});
  EXPECT_EQ(json.code, 0) << json.err;
  const auto lines = json_lines(json.out);
  EXPECT_EQ(lines.size(), names.size());
  for (const Json& line : lines) EXPECT_EQ(line.value("subject", ""), "Ada Lovelace") << line;
  const Answer table =
      world.vultus({"identify", "people.vgal", "odd", "--report", "odd.html", "--annotate", "odd named"});
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_EQ(table.out.find('\x1b'), std::string::npos) << "a file name must not steer the terminal";
}

TEST(BadInput, AFolderThatMayNotBeRead) {
  if (!can_drop_privileges()) GTEST_SKIP() << "root that cannot give up its rights reads every folder";
  const World world;
  world.enroll_people("fast");
  fs::create_directories(world / "locked");
  fs::permissions(world / "locked", fs::perms::none);
  world.copy(samples().obama, "private.jpg");
  fs::permissions(world / "private.jpg", fs::perms::none);
  for (const char* name : {"locked", "private.jpg"}) {
    const Answer answer = world.vultus(Call{
        .arguments = {"identify", "people.vgal", name, "b.jpg", "--json"}, .folder = {}, .without_privileges = true});
    EXPECT_EQ(answer.code, 1) << answer.err;
    EXPECT_EQ(line_of(json_lines(answer.out), name)["error"]["code"], "resource_limit");
    EXPECT_THAT(answer.out, HasSubstr("permission denied"));
  }
}

TEST(BadGallery, ThatMayNotBeWritten) {
  if (!can_drop_privileges()) GTEST_SKIP() << "root that cannot give up its rights writes every file";
  const World world;
  ASSERT_EQ(world.vultus({"enroll", "locked/people.vgal", "people"}).code, 4);  // no such folder
  fs::create_directories(world / "locked");
  ASSERT_EQ(world.vultus({"enroll", "locked/people.vgal", "people"}).code, 0);
  fs::permissions(world / "locked/people.vgal", fs::perms::owner_read);
  fs::permissions(world / "locked", fs::perms::owner_read | fs::perms::owner_exec);
  const auto call = [&](std::vector<std::string> arguments) {
    return world.vultus(Call{.arguments = std::move(arguments), .folder = {}, .without_privileges = true});
  };
  const Answer identified = call({"identify", "locked/people.vgal", "b.jpg", "--json"});
  EXPECT_EQ(identified.code, 0) << "reading needs no right to write: " << identified.err;
  for (const std::vector<std::string>& change :
       std::vector<std::vector<std::string>>{{"enroll", "locked/people.vgal", "b.jpg", "--subject", "Ada Lovelace"},
                                             {"gallery", "remove", "locked/people.vgal", "Joe Biden"},
                                             {"gallery", "rename", "locked/people.vgal", "Joe Biden", "Bob"}}) {
    const Answer answer = call(change);
    EXPECT_EQ(answer.code, 8) << answer.out << answer.err;
    EXPECT_THAT(answer.err, HasSubstr("locked/people.vgal"));
  }
  fs::permissions(world / "locked", fs::perms::owner_all);
  EXPECT_EQ(world.checked("locked/people.vgal")["faces"], 2);
}

TEST(BadGallery, OfAnotherModel) {
  const World world;
  ASSERT_EQ(world.vultus({"enroll", "fast.vgal", "people", "--fast"}).code, 0);
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"identify", "fast.vgal", "b.jpg", "--preset", "default"},
                                             {"enroll", "fast.vgal", "people", "--preset", "default"}}) {
    const Answer answer = world.vultus(line);
    EXPECT_EQ(answer.code, 6) << answer.out;
    EXPECT_THAT(answer.err, AllOf(HasSubstr("fast.vgal"), HasSubstr("fr_feature"), HasSubstr("mobilefacenet192")));
  }
  EXPECT_EQ(world.checked("fast.vgal")["faces"], 2);
}

TEST(BadGallery, OfANewerVersion) {
  const World world;
  world.enroll_people("fast");
  std::string bytes = read_bytes(world / "people.vgal");
  ASSERT_GT(bytes.size(), 100U);
  bytes[62] = 0x0F;  // user_version of the SQLite header, big endian at offset 60
  world.write("newer.vgal", bytes);
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"identify", "newer.vgal", "b.jpg"},
                                             {"enroll", "newer.vgal", "people"},
                                             {"gallery", "check", "newer.vgal"}}) {
    const Answer answer = world.vultus(line);
    EXPECT_EQ(answer.code, 7) << answer.out << answer.err;
    EXPECT_THAT(answer.err, HasSubstr("newer.vgal"));
  }
  EXPECT_EQ(read_bytes(world / "newer.vgal"), bytes) << "what is not understood is not changed";
}

TEST(BadGallery, DamagedInTheMiddle) {
  const World world;
  world.enroll_people("fast");
  std::string bytes = read_bytes(world / "people.vgal");
  for (std::size_t at = 4096; at < bytes.size(); at += 512) bytes.replace(at, 16, 16, '\xA5');
  world.write("people.vgal", bytes);
  const Answer check = world.vultus({"gallery", "check", "people.vgal"});
  EXPECT_EQ(check.code, 5) << check.out << check.err;
  EXPECT_THAT(check.err, HasSubstr("people.vgal"));
  const Answer answer = world.vultus({"identify", "people.vgal", "b.jpg"});
  EXPECT_EQ(answer.code, 5) << answer.out << answer.err;
  EXPECT_THAT(answer.err, HasSubstr("people.vgal"));
}

TEST(BadGallery, ThatIsNone) {
  const World world;
  for (const char* name : {"a.jpg", "people.csv"}) {
    for (const std::vector<std::string>& line :
         std::vector<std::vector<std::string>>{{"identify", name, "b.jpg"}, {"enroll", name, "people"}}) {
      const Answer answer = world.vultus(line);
      EXPECT_EQ(answer.code, 5) << answer.err;
      EXPECT_THAT(answer.err, HasSubstr(name));
    }
  }
  EXPECT_EQ(read_bytes(world / "a.jpg"), read_bytes(samples().obama));
  EXPECT_EQ(world.vultus({"identify", "people", "b.jpg"}).code, 3);  // a folder
  const Answer missing = world.vultus({"identify", "none.vgal", "b.jpg"});
  EXPECT_EQ(missing.code, 4);
  EXPECT_THAT(missing.err, AllOf(HasSubstr("none.vgal"), HasSubstr("vultus enroll")));
  EXPECT_FALSE(fs::exists(world / "none.vgal"));
}

TEST(BadGallery, WhoseMakingWasInterruptedIsMadeByTheSameCommand) {
  const World world;
  world.write("people.vgal", "");
  const Answer identified = world.vultus({"identify", "people.vgal", "b.jpg"});
  EXPECT_EQ(identified.code, 4) << identified.err;
  EXPECT_THAT(identified.err, HasSubstr("people.vgal: no such gallery: the file is empty"));
  EXPECT_EQ(world.vultus({"enroll", "people.vgal", "a.jpg"}).code, 0);
  world.write("b.vultus", "");
  EXPECT_EQ(world.vultus({"identify", "people.vgal", "b.jpg", "-o", "b.vultus"}).code, 0) << "nothing was recorded yet";
  EXPECT_EQ(world.vultus({"identify", "people.vgal", "b.jpg", "-o", "b.vultus"}).code, 3);
  const Answer forced = world.vultus({"identify", "people.vgal", "b.jpg", "-o", "b.vultus", "--force"});
  EXPECT_EQ(forced.code, 0) << forced.err;
}

TEST(DiskFull, OnStandardOutput) {
  const World world;
  world.enroll_people("fast");
  for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
           {"identify", "people.vgal", "photos", "--json"}, {"gallery", "list", "people.vgal"}, {"--help"}}) {
    const Answer answer = world.vultus(Call{.arguments = line, .folder = {}, .output_to = "/dev/full"});
    EXPECT_EQ(answer.code, 8) << line[0];
    EXPECT_THAT(answer.err, AllOf(HasSubstr("standard output"), HasSubstr("No space left"))) << line[0];
  }
}

TEST(DiskFull, WhileEnrolling) {
  const World world;
  world.enroll_people("fast");
  const auto before = static_cast<long>(fs::file_size(world / "people.vgal"));
  for (int i = 0; i < 24; ++i)
    world.write("more/Ada Lovelace/" + std::to_string(i) + ".jpg", read_bytes(samples().obama_2) + std::to_string(i));
  const Answer answer = world.vultus(
      Call{.arguments = {"enroll", "people.vgal", "more", "--force"}, .folder = {}, .file_limit = before + 8192});
  EXPECT_EQ(answer.code, 8) << answer.out << answer.err;
  EXPECT_THAT(answer.err, HasSubstr("people.vgal"));
  EXPECT_EQ(world.checked("people.vgal")["faces"], 2);
  EXPECT_EQ(world.vultus({"enroll", "people.vgal", "more", "--force", "-q"}).code, 0) << "with room again it goes on";
  EXPECT_EQ(world.checked("people.vgal")["faces"], 26);
}

TEST(DiskFull, WhileWritingAPage) {
  const World world;
  world.enroll_people("fast");
  world.write("page.html", "the old page");
  const Answer answer = world.vultus(Call{
      .arguments = {"identify", "people.vgal", "photos", "--report", "page.html"}, .folder = {}, .file_limit = 65536});
  EXPECT_EQ(answer.code, 8) << answer.err;
  EXPECT_THAT(answer.err, HasSubstr("page.html"));
  EXPECT_EQ(read_bytes(world / "page.html"), "the old page");
}

TEST(BadModel, MissingFilesSayHowToGetThem) {
  const World world;
  fs::create_directories(world / "cache");
  const Answer answer = world.vultus(Call{
      .arguments = {"detect", "a.jpg"}, .folder = {}, .environment = {{"VULTUS_CACHE", (world / "cache").string()}}});
  EXPECT_EQ(answer.code, 4);
  EXPECT_THAT(answer.err, HasSubstr("vultus models fetch"));
  EXPECT_EQ(world
                .vultus(Call{.arguments = {"models", "verify"},
                             .folder = {},
                             .environment = {{"VULTUS_CACHE", (world / "cache").string()}}})
                .code,
            4);
}

TEST(BadModel, AnAlteredFileIsRefusedByItsSum) {
  const World world;
  fs::create_directories(world / "cache");
  fs::copy(cache_folder() / "models", world / "cache/models", fs::copy_options::recursive);
  const std::string path = json_lines(world.vultus({"models", "show", "fr_detect", "--json"}).out).at(0)["path"];
  const std::string name = "cache/models/" + fs::path(path).filename().string();
  std::string bytes = read_bytes(world / name);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  world.write(name, bytes);
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"detect", "a.jpg"}, {"models", "verify", "fr_detect"}}) {
    const Answer answer = world.vultus(
        Call{.arguments = line, .folder = {}, .environment = {{"VULTUS_CACHE", (world / "cache").string()}}});
    EXPECT_EQ(answer.code, 5) << answer.err;
    EXPECT_THAT(answer.err, AllOf(HasSubstr("fr_detect"), HasSubstr("SHA-256")));
  }
}

TEST(BadModel, ManifestsThatAreNotThereOrDamaged) {
  const World world;
  EXPECT_EQ(world.vultus({"models", "list", "--models", "nowhere"}).code, 4);
  world.write("manifests/x.json", "{\"schema\": 1, ");
  const Answer answer = world.vultus({"models", "list", "--models", "manifests"});
  EXPECT_EQ(answer.code, 5);
  EXPECT_THAT(answer.err, HasSubstr("x.json"));
}

TEST(BadModel, AManifestThatDoesNotFitItsNetworkEndsTheCommandBeforeAnyPicture) {
  struct Case {
    const char* model;
    const char* pointer;
    Json value;
    const char* says;
  };
  const std::vector<Case> cases{{"fr_detect", "/outputs/scores", "nope", "\"outputs\""},
                                {"fr_detect", "/outputs/regressions", "scores", "\"outputs\""},
                                {"fr_detect", "/input/resizable", false, "\"resizable\""},
                                {"fr_landmark", "/outputs/points", "nope", "\"outputs\""},
                                {"fr_landmark", "/input/shape", Json{1, 1, 32, 32}, "\"shape\""},
                                {"mobilefacenet192", "/outputs/embedding", "nope", "\"outputs\""},
                                {"mp_face_mesh", "/outputs/flag", "conv2d_21", "\"outputs\""}};
  for (const Case& spoil : cases) {
    const World world;
    fs::copy(fs::path(VULTUS_SOURCE_DIR) / "models", world / "models", fs::copy_options::recursive);
    const std::string name = std::string("models/") + spoil.model + ".json";
    Json manifest = Json::parse(read_bytes(world / name));
    manifest[Json::json_pointer(spoil.pointer)] = spoil.value;
    world.write(name, manifest.dump());
    const Answer answer = world.vultus({"embed", "a.jpg", "b.jpg", "--json", "--models", "models"});
    EXPECT_EQ(answer.code, 5) << spoil.model << spoil.pointer << answer.out << answer.err;
    EXPECT_EQ(answer.out, "") << "no picture is blamed";
    EXPECT_THAT(answer.err, AllOf(HasSubstr(name), HasSubstr(spoil.says)));
  }
}

TEST(BadTimeline, IsToldByItsName) {
  const World world;
  EXPECT_EQ(world.vultus({"report", "none.vultus", "-o", "x.html"}).code, 4);
  const Answer answer = world.vultus({"report", "a.jpg", "-o", "x.html"});
  EXPECT_EQ(answer.code, 5);
  EXPECT_THAT(answer.err, HasSubstr("a.jpg"));
  EXPECT_FALSE(fs::exists(world / "x.html"));
}

TEST(BadThreshold, OutsideWhatWasMeasuredIsRefusedWithTheRange) {
  const World world;
  world.enroll_people("fast");
  const Answer answer = world.vultus({"identify", "people.vgal", "b.jpg", "--fmr", "1e-11"});
  EXPECT_EQ(answer.code, 3);
  EXPECT_THAT(answer.err, HasSubstr("1e-11"));
}

}  // namespace
}  // namespace vultus::e2e
