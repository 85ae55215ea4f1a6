// Every example of every --help is run as it stands.
#include <algorithm>
#include <cmath>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/media/picture.hpp>
#include <vultus/media/wav.hpp>

#include <apps/cli/application.hpp>
#include <tests/e2e/clips.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

struct Example {
  std::string command;  ///< whose help it stands in
  std::string line;
};

void gather(const CLI::App& app, const std::string& name, std::vector<Example>& into) {
  std::istringstream help(app.help());
  bool inside = false;
  for (std::string line; std::getline(help, line);) {
    if (line == "Examples:")
      inside = true;
    else if (!line.starts_with("  vultus"))
      inside = false;
    else if (inside)
      into.push_back({name, line.substr(2)});
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    gather(*sub, name + " " + sub->get_name(), into);
}

/// A data set in the form of LFW: two persons, a few pictures, pairs over and over in ten folds.
void make_lfw(const World& world) {
  world.copy(samples().obama, "lfw/A/A_0001.jpg");
  world.copy(samples().obama_2, "lfw/A/A_0002.jpg");
  world.copy(samples().obama_3, "lfw/A/A_0003.jpg");
  world.copy(samples().biden, "lfw/B/B_0001.jpg");
  world.copy(samples().group, "lfw/C/C_0001.jpg");
  std::string pairs = "2\t2\n";
  pairs += "A\t1\t2\nA\t1\t3\nA\t1\tB\t1\nA\t2\tC\t1\n";
  pairs += "A\t2\t3\nA\t1\t2\nB\t1\tC\t1\nA\t3\tB\t1\n";
  world.write("lfw/pairs.txt", pairs);
}

/// An encrypted gallery with two keys, and files that were exported before.
void make_sealed(const World& world) {
  for (const char* line : {"vultus gallery new-key gallery.key", "vultus gallery new-key next.key",
                           "vultus gallery export people.vgal people.jsonl --subject 'Ada Lovelace'",
                           "vultus gallery log head people.vgal -o head.json", "cp people.vgal sealed.vgal",
                           "vultus gallery encrypt sealed.vgal --key-file gallery.key"}) {
    const Answer answer = world.shell(line);
    ASSERT_EQ(answer.code, 0) << line << "\n" << answer.err;
  }
  world.write("embeddings.csv", "name,source,a,b\nAda,a.jpg,0.6,0.8\n");
  world.write("templates.csv", "name,e0,e1\nAda,0.6,0.8\n");  // for encrypted search
  world.write("phrase.txt", "open sesame\n");
  ASSERT_EQ(world.shell("chmod 600 phrase.txt").code, 0);
}

/// A portrait with 68 marks all over its face: what is measured against them says nothing.
void make_marks(const World& world) {
  world.copy(samples().obama, "marked/1.jpg");
  const Answer found = world.vultus({"detect", "marked/1.jpg", "--json"});
  ASSERT_EQ(found.code, 0) << found.err;
  const auto box = json_lines(found.out).at(0).at("box").get<std::vector<double>>();
  std::string marks = "version: 1\nn_points: 68\n{\n";
  for (int i = 0; i < 68; ++i) {
    const double column = i % 10;
    const double row = std::floor(i / 10.);
    marks += std::to_string(box[0] + box[2] * column / 9) + " " + std::to_string(box[1] + box[3] * row / 6) + "\n";
  }
  world.write("marked/1.pts", marks + "}\n");
}

/// Tables and protocols for the commands that measure and audit. Planted: no number of these says anything.
void make_audit_tables(const World& world) {
  std::string moods = "file,subject,gender,y_true,y_pred\n";
  std::string sample_rows = "file,subject,mood,clip\n";
  std::string predictions = "file,mood,predicted,subject\n";
  std::string pairs = "person,gender,score,glasses,hat\n";
  for (int i = 0; i < 120; ++i) {
    const std::string file = "f" + std::to_string(i) + ".jpg";
    const std::string subject = "s" + std::to_string(i / 12);
    const std::string mood = i % 2 == 0 ? "happy" : "sad";
    const std::string called = i % 5 < 2 ? "sad" : "happy";
    moods += file + "," + subject + "," + (i % 3 == 0 ? "Male" : "Female") + "," + mood + "," + called + "\n";
    sample_rows += file + "," + subject + "," + mood + ",c" + std::to_string(i) + "\n";
    predictions += file + "," + mood + "," + called + "," + subject + "\n";
    pairs += std::to_string(i) + "," + (i % 2 == 0 ? "f" : "m") + (i % 4 == 0 ? ",0.2," : ",0.9,") +
             (i % 4 < 2 ? "1," : "0,") + (i % 7 < 3 ? "1" : "") + "\n";
  }
  world.write("moods.csv", moods);
  world.write("samples.csv", sample_rows);
  world.write("predictions.csv", predictions);
  world.write("pairs.csv", pairs);
  // Six people with two pictures each.
  std::string scored = "score,first,second,fold\n";
  for (int a = 0; a < 12; ++a)
    for (int b = a + 1; b < 12; ++b) {
      const bool mated = a / 2 == b / 2;
      scored += (mated ? "0." + std::to_string(70 + a) : "0." + std::to_string(10 + (a * 7 + b * 3) % 50)) + ",p" +
                std::to_string(a / 2) + ",p" + std::to_string(b / 2) + "," + std::to_string(a % 3) + "\n";
    }
  world.write("scored.csv", scored);
  world.write("protocol.json", R"({"schema": 1, "name": "moods", "samples": "samples.csv", "data": "planted",
    "keys": ["subject"], "label": "mood", "clip": "clip", "split": {"kind": "leave-one-out", "key": "subject"},
    "predictions": "predictions.csv", "task": {"kind": "classification", "truth": "mood", "groups": "subject"}})");
  world.write("runs.csv", "kind,bias,eqopp\na,0,0.1\na,0.5,0.2\na,1,0.4\nb,0,0.1\nb,0.5,0.1\nb,1,0.2\n");
  world.write("tokbench/own.json", R"({"vq": {"256": {"details": {"a.jpg": {"results": [
    {"gt": "STOP", "pred": "STOP", "ratio": 0.025, "accuracy": 1, "ned": 1.0}]}}}}})");
}

/// A person as OpenPose tells one, and the same as COCO does.
void make_bodies(const World& world) {
  const auto numbers = [](int points) {
    std::string list;
    for (int i = 0; i < points; ++i)
      list += (i == 0 ? "" : ",") + std::to_string(100 + 3 * i) + "," + std::to_string(50 + 5 * (i % 7)) + ",0.9";
    return "[" + list + "]";
  };
  world.write("frame_keypoints.json", R"({"version": 1.3, "people": [{"person_id": [-1], "pose_keypoints_2d": )" +
                                          numbers(25) + R"(, "face_keypoints_2d": [], "hand_left_keypoints_2d": )" +
                                          numbers(21) + R"(, "hand_right_keypoints_2d": )" + numbers(21) + "}]}");
  const Answer as_coco =
      world.vultus({"body", "convert", "frame_keypoints.json", "--to", "coco-wholebody", "-o", "annotations.json"});
  EXPECT_EQ(as_coco.code, 0) << as_coco.err;
}

/// Recordings of coded people, whose readings are made up.
void make_codes(const World& world) {
  world.write("coded.csv", "subject,timeline,labels\n1,coded1.vultus,codes.csv\n2,coded2.vultus,codes.csv\n");
  world.write("codes.csv", "frame,AU12\n1,0\n2,3\n3,5\n");
  world.write("coded_openface.csv",
              "frame,face_id,timestamp,confidence,success,AU12_r\n1,0,0.000,0.98,1,0.25\n2,0,0.040,0.98,1,2.00\n"
              "3,0,0.080,0.98,1,4.00\n");
  for (const char* recording : {"coded1.vultus", "coded2.vultus"}) {
    const Answer coded = world.vultus({"import", "coded_openface.csv", "-o", recording});
    EXPECT_EQ(coded.code, 0) << coded.err;
  }
}

/// Pictures and sound for the commands that measure and audit.
void make_audits(const World& world) {
  make_audit_tables(world);
  make_bodies(world);
  make_codes(world);
  make_marks(world);
  int number = 0;
  for (const auto& picture :
       {samples().obama, samples().obama_2, samples().obama_3, samples().biden, samples().group, samples().group_2})
    world.copy(picture, "faces/" + std::to_string(++number) + ".jpg");
  world.write("attributes.csv",
              "file,subject,group\n1.jpg,A,x\n2.jpg,A,x\n3.jpg,A,x\n4.jpg,B,y\n5.jpg,C,x\n6.jpg,D,y\n");
  for (const char* folder : {"originals/", "reconstructions/"})
    world.copy(samples().obama, folder + std::string("1.jpg"));
  const auto portrait = read_bytes(samples().obama);
  const auto size =
      media::probe_picture({reinterpret_cast<const std::uint8_t*>(portrait.data()), portrait.size()}).value();
  world.copy(samples().obama, "crops/1.jpg");
  std::vector<float> hum(8000);
  for (std::size_t i = 0; i < hum.size(); ++i) hum[i] = static_cast<float>(i % 100) / 200 - .25F;
  const auto speech = media::encode_wav({.rate = 16000, .channels = {hum}}).value();
  world.write("speech.wav", std::string(speech.begin(), speech.end()));
  world.write("words.json",
              R"([{"image_name": "1.jpg", "img_width": )" + std::to_string(size.width) + R"(, "img_height": )" +
                  std::to_string(size.height) +
                  R"(, "words": [{"gt": "flag", "ratio": 0.05, "quad": [10, 10, 90, 10, 90, 40, 10, 40]}]}])");
  world.write("openface.csv", "frame,face_id,timestamp,confidence,success,AU12_r\n1,0,0.000,0.98,1,1.25\n");
}

/// People and attacks, planted ones among them, and a camera whose threshold was chosen. No number of these says
/// anything.
void make_pad(const World& world) {
  for (int i = 0; i < 15; ++i) world.copy(samples().obama, "door/live/" + std::to_string(i) + ".jpg");
  world.copy(samples().obama, "pad/real/1.jpg");
  world.copy(samples().biden, "pad/real/2.jpg");
  world.copy(samples().obama_2, "pad/fake/replay/1.jpg");
  world.copy(samples().obama_3, "pad/fake/print/1.jpg");
  world.write("cameras.json", R"({"format": "vultus liveness thresholds", "version": 1, "cameras": {"door":
    {"threshold": 0.4, "bpcer": 0.1, "live": 30, "attacks": 0, "apcer": null, "planted": false}}})");
  const Answer answer = world.shell("vultus studio attacks photos/ --out planted -q");
  ASSERT_EQ(answer.code, 0) << answer.err;
}

/// Pictures with labels, in the form of RAF-DB. Which labels they carry does not matter here.
void make_expressions(const World& world) {
  std::string labels = "image,label\n";
  int number = 0;
  for (const auto& picture : {samples().obama, samples().obama_2, samples().biden, samples().obama_3}) {
    const std::string name = std::to_string(++number) + ".jpg";
    world.copy(picture, "rafdb/test/" + name);
    labels += name + "," + (number < 3 ? "4" : "7") + "\n";
  }
  world.write("rafdb/test_labels.csv", labels);
}

/// Two people with two pictures each, for attacks.
void make_crowd(const World& world) {
  world.copy(samples().obama, "crowd/A/1.jpg");
  world.copy(samples().obama_2, "crowd/A/2.jpg");
  world.copy(samples().biden, "crowd/B/1.jpg");
  world.copy(samples().biden, "crowd/B/2.jpg");
}

TEST(Examples, AllRunAndSucceed) {
  const auto made = vultus::cli::make_application();
  std::vector<Example> examples;
  gather(*made.parser, "vultus", examples);
  ASSERT_GE(examples.size(), 30U) << "the examples were not found in the help texts";
  const World world;
  world.enroll_people();
  make_lfw(world);
  world.make_cohort();
  // Two people with two pictures: enough to enrol one and to take the other for a stranger.
  world.copy(samples().biden, "cohort/B/2.jpg");
  make_humming_clip(world, "clip.mp4");
  world.make_own_model();
  make_sealed(world);
  make_audits(world);
  make_pad(world);
  make_expressions(world);
  make_crowd(world);
  const std::vector<std::string> kept{"people.vgal", "people.vgal.keys", "sealed.vgal", "sealed.vgal.keys"};
  std::vector<std::string> bytes;
  for (const std::string& name : kept) bytes.push_back(read_bytes(world / name));
  for (const Example& example : examples) {
    // These need servers: tests/e2e/shards_test.cpp runs them.
    if (example.command.starts_with("vultus gallery shards")) continue;
    // No network of these is shipped.
    if (example.line.find("--model trained_here") != std::string::npos) continue;
    if (example.command == "vultus serve") continue;  // goes on for ever: tests/e2e/serve_test.cpp
    // Some examples remove people, or change keys.
    for (std::size_t i = 0; i < kept.size(); ++i) world.write(kept[i], bytes[i]);
    const Answer answer = world.shell(example.line);
    if (example.command == "vultus protect attack" && answer.err.find("without libtorch") != std::string::npos)
      continue;
    EXPECT_EQ(answer.code, 0) << example.command << ": " << example.line << "\n" << answer.out << answer.err;
  }
}

TEST(Examples, TheLibraryNamesPeopleInTenLines) {
  const World world;
  world.enroll_people();
  const Answer answer =
      world.shell("\"" VULTUS_IDENTIFY_PHOTO "\" \"" VULTUS_SOURCE_DIR "/models\" people.vgal b.jpg c.jpg none.jpg");
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.out, ::testing::HasSubstr("b.jpg: Ada Lovelace\nc.jpg: Joe Biden\n"));
  EXPECT_THAT(answer.out, ::testing::HasSubstr("none.jpg"));
}

TEST(Help, IsThereForEveryCommandAndGoesToStandardOutput) {
  const World world;
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{}, {"identify"}, {"gallery"}, {"gallery", "show"}, {"bench", "lfw"}}) {
    auto arguments = command;
    arguments.emplace_back("--help");
    const Answer answer = world.vultus(arguments);
    EXPECT_EQ(answer.code, 0);
    EXPECT_THAT(answer.out, ::testing::HasSubstr("Examples:\n  vultus "));
    EXPECT_EQ(answer.err, "");
  }
}

TEST(Usage, WrongCommandLinesAreTwoAndSayWhereHelpIs) {
  const World world;
  for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
           {}, {"idendify"}, {"identify"}, {"detect", "a.jpg", "--jsn"}, {"verify", "a.jpg"}, {"gallery"}}) {
    const Answer answer = world.vultus(line);
    EXPECT_EQ(answer.code, 2) << answer.out << answer.err;
    EXPECT_EQ(answer.out, "");
    EXPECT_THAT(answer.err, ::testing::HasSubstr("--help"));
  }
}

TEST(Bench, TellsTheNumbersOfTheProtocolThatScriptsReadFixed) {
  const World world;
  make_lfw(world);
  const Answer answer = world.vultus({"bench", "lfw", "--images", "lfw", "--pairs", "lfw/pairs.txt", "--json",
                                      "--report", "lfw.html", "--plot", "lfw.svg"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Json result = json_lines(answer.out).at(0);
  EXPECT_EQ(result["pairs"], 8);
  EXPECT_DOUBLE_EQ(result["accuracy"].get<double>(), 1);  // one person and two strangers are told apart
  EXPECT_DOUBLE_EQ(result["eer"].get<double>(), 0);
  EXPECT_TRUE(result["accuracy_std"].is_number());
  EXPECT_TRUE(result["tar_at_far"].contains("0.01"));
  EXPECT_TRUE(result["tar_at_far"]["0.001"].is_null()) << "4 pairs cannot show a rate of 1 in 1000";
  EXPECT_EQ(result["images_without_face"], 0);
  EXPECT_THAT(read_bytes(world / "lfw.svg"), ::testing::StartsWith("<svg"));
  EXPECT_THAT(read_bytes(world / "lfw.html"), ::testing::HasSubstr("</html>"));
}

}  // namespace
}  // namespace vultus::e2e
