#include <vultus/gallery/export_file.hpp>

#include <algorithm>

#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/vault/sealing.hpp>

namespace vultus {
namespace {

using gallery::testing::digest;
using gallery::testing::fixed_time;
using gallery::testing::model_of;

const ExportHeader kHeader{.gallery = "000102030405060708090a0b0c0d0e0f",
                           .model = model_of(2),
                           .made = fixed_time(),
                           .subjects = 2,
                           .faces = 2};

Subject ada() {
  return {.id = SubjectId(7),
          .name = "Ada \"the\" Lovelace ñ",
          .created = fixed_time(),
          .details = {.external_id = "E",
                      .tags = {"a", "b"},
                      .consent = "c",
                      .purpose = "p",
                      .retain_until = fixed_time(),
                      .notes = "n\nm"}};
}

Subject grace() { return {.id = SubjectId(9), .name = "Grace", .created = fixed_time()}; }

ExportedFace rich_face() {
  ExportedFace face;
  face.face = {.id = FaceId(3), .subject = SubjectId(7), .enrolled = fixed_time(), .thumbnail = ThumbnailFormat::jpeg};
  face.face.details = {.quality = Score(0.25F),
                       .inter_eye_px = 40.5F,
                       .detection = Score(0.75F),
                       .source = "caf\xe9.jpg",
                       .source_sha256 = digest('a'),
                       .box = RectF{1, 2, 3.5F, 4},
                       .retain_until = fixed_time()};
  face.values = {0.6F, -0.8F};
  face.thumbnail = Thumbnail{ThumbnailFormat::jpeg, {std::byte{0xff}, std::byte{0}}};
  return face;
}

ExportedFace poor_face() {
  ExportedFace face;
  face.face = {.id = FaceId(4), .subject = SubjectId(9), .enrolled = fixed_time()};
  face.values = {1, 0};
  return face;
}

std::vector<std::string> lines() {
  ExportLines out;
  return {out.header(kHeader),  out.subject(ada()),    out.face(rich_face()),
          out.subject(grace()), out.face(poor_face()), out.end()};
}

struct Read {
  std::optional<ExportHeader> header;
  std::vector<Subject> subjects;
  std::vector<ExportedFace> faces;
};

Status read(const std::vector<std::string>& lines, Read& read) {
  ExportReader reader({.header = [&](const ExportHeader& h) -> Status { return read.header = h, Status(); },
                       .subject = [&](const Subject& s) -> Status { return read.subjects.push_back(s), Status(); },
                       .face = [&](const ExportedFace& f) -> Status { return read.faces.push_back(f), Status(); }});
  for (const std::string& line : lines) VULTUS_CHECK(reader.take(line.substr(0, line.find_last_not_of('\n') + 1)));
  return reader.finish();
}

TEST(Export, EverythingComesBack) {
  Read back;
  const Status status = read(lines(), back);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(back.header, kHeader);
  EXPECT_EQ(back.subjects, (std::vector{ada(), grace()}));
  EXPECT_EQ(back.faces, (std::vector{rich_face(), poor_face()}));
}

TEST(Export, ALineIsWhatTheDocumentSays) {
  // The template is the float32 values 1 and 0, low byte first: base64 of 00 00 80 3f 00 00 00 00. The sum is
  // hashlib.blake2b(<what stands before it>, digest_size=32).hexdigest()[:16] of Python.
  EXPECT_EQ(lines()[4],
            R"({"face":4,"of":9,"enrolled":"2026-01-02T03:04:05Z","template":"AACAPwAAAAA=","sum":"6a6c11eef2177ffb"})"
            "\n");
}

TEST(Export, AnAlteredByteAnywhereIsAnError) {
  const std::vector<std::string> sound = lines();
  for (std::size_t line = 0; line < sound.size(); ++line)
    for (std::size_t i = 0; i + 1 < sound[line].size(); ++i) {
      std::vector<std::string> altered = sound;
      altered[line][i] = static_cast<char>(altered[line][i] ^ 1);
      Read back;
      EXPECT_EQ(read(altered, back).error().code, ErrorCode::corrupt_data) << line << " " << i;
    }
}

TEST(Export, LinesThatAreMissingMovedOrRepeatedAreFound) {
  const std::vector<std::string> sound = lines();
  for (std::size_t line = 0; line < sound.size(); ++line) {
    std::vector<std::string> fewer = sound;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(line));
    Read back;
    EXPECT_FALSE(read(fewer, back)) << line;
    std::vector<std::string> more = sound;
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(line), sound[line]);
    EXPECT_FALSE(read(more, back)) << line;
    if (line == 0) continue;
    std::vector<std::string> moved = sound;
    std::swap(moved[line - 1], moved[line]);
    EXPECT_FALSE(read(moved, back)) << line;
  }
}

TEST(Export, ANewerFormatIsNamed) {
  ExportLines out;
  std::string line = out.header(kHeader);
  line = line.replace(line.find("\"vultus_export\":1"), 17, "\"vultus_export\":2");
  const std::size_t sum = line.find(",\"sum\":\"");
  const auto hash = gallery::plain_hash({reinterpret_cast<const std::uint8_t*>(line.data()), sum});
  line.replace(sum + 8, 16, gallery::hex_of(hash).substr(0, 16));
  Read back;
  EXPECT_EQ(read({line}, back).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace vultus
