// What a file or a pipe holds, whatever it is called; what was looked at is still there.
#include <vultus/media/content.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/media/encode.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/test_containers.hpp>
#include <vultus/media/test_folder.hpp>
#include <vultus/media/test_pictures.hpp>
#include <vultus/media/video.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::media {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ContentFolder = testing::TestFolder;

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The bytes of a video of 30 frames. @param ending  of its container
std::string clip_of(const ContentFolder& folder, const std::string& ending) {
  const std::string path = folder / ("made." + ending);
  VideoWriter writer = VideoWriter::open(path, 96, 64, {.quality = 20}).value();
  const Image picture = testing::gradient(96, 64);
  for (int i = 0; i < 30; ++i) writer.add(picture.view(), Seconds(i / 25.0)).value();
  writer.finish().value();
  std::string bytes = read_whole(path);
  std::filesystem::remove(path);
  return bytes;
}

std::string jpeg_text() {
  const auto bytes = encode_jpeg(testing::gradient(96, 64).view()).value();
  return {bytes.begin(), bytes.end()};
}

template <class Bytes>
std::string text(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST(Content, IsToldByTheBytesAndNotByTheName) {
  const ContentFolder folder;
  for (const char* ending : {"mp4", "mkv", "mov"}) {
    folder.write("photo.jpg", clip_of(folder, ending));
    EXPECT_EQ(content_of_file(folder / "photo.jpg"), Content::video) << ending;
  }
  folder.write("clip.mp4", jpeg_text());
  EXPECT_EQ(content_of_file(folder / "clip.mp4"), Content::picture);
  std::string stream;
  for (int packet = 0; packet < 100; ++packet) stream += "\x47\x40\x11\x10" + std::string(184, '\xFF');
  folder.write("stream", stream);
  EXPECT_EQ(content_of_file(folder / "stream"), Content::video) << "MPEG-TS has no magic, only a rhythm";
}

TEST(Content, NamesDecideOnlyWhereWhatIsHeldSaysNothing) {
  const ContentFolder folder;
  folder.write("photo.jpg", clip_of(folder, "mkv"));
  folder.write("picture.mp4", jpeg_text());
  folder.write("broken.mp4", "");
  folder.write("notes", "");
  EXPECT_TRUE(is_video_file(folder / "photo.jpg"));
  EXPECT_FALSE(is_video_file(folder / "picture.mp4"));
  EXPECT_TRUE(is_video_file(folder / "broken.mp4")) << "who reads it says what is wrong";
  EXPECT_FALSE(is_video_file(folder / "notes"));
  EXPECT_TRUE(is_video_file(folder / "nowhere.mov"));
}

TEST(Content, OfLettersNoiseAndNothingIsUnknown) {
  const ContentFolder folder;
  std::string noise;
  for (unsigned i = 0; i < 50'000; ++i) noise += static_cast<char>((i * 2654435761U) >> 23U);
  folder.write("noise", noise);
  folder.write("letter.mp4", "Dear Ada,\nthis is no video.\n");
  folder.write("long.txt", std::string(20'000, 'x'));
  folder.write("empty", "");
  for (const char* name : {"noise", "letter.mp4", "long.txt", "empty", "nowhere"})
    EXPECT_EQ(content_of_file(folder / name), Content::unknown) << name;
  EXPECT_EQ(content_of_file(folder.path()), Content::unknown);
}

TEST(Animation, IsAGifOrPngWithASecondPicture) {
  const ContentFolder folder;
  folder.write("still.gif", text(testing::gif_of({"RG", "BW"})));
  folder.write("moving.gif", text(testing::gif_of({"RG", "BW"}, {.frames = 3})));
  folder.write("photo.jpg", jpeg_text());
  const auto png = encode_png(testing::gradient(8, 8).view()).value();
  folder.write("still.png", text(png));
  // acTL stands between the header, which ends behind 33 bytes, and the pixels.
  const std::string control(
      "\0\0\0\x08"
      "acTL\0\0\0\x02\0\0\0\0sum ",
      20);
  folder.write("moving.png", text(png).insert(33, control));
  EXPECT_TRUE(is_animation(folder / "moving.gif"));
  EXPECT_TRUE(is_animation(folder / "moving.png"));
  for (const char* name : {"still.gif", "still.png", "photo.jpg", "nowhere.gif"})
    EXPECT_FALSE(is_animation(folder / name)) << name;
}

TEST(VideosOfAFolder, AreThoseNamedSoAndThoseThatHoldOne) {
  const ContentFolder folder;
  const std::string clip = clip_of(folder, "mkv");
  folder.write("b.mp4", "no video, but called one");
  folder.write("a", clip);
  folder.write("c.dat", clip);
  folder.write("photo.jpg", jpeg_text());
  folder.write("notes.txt", "Dear Ada");
  folder.write(".hidden.mp4", clip);
  folder.write("inner/d.webm", clip);
  folder.link("inner/again", folder.path());
  EXPECT_THAT(videos_in(folder.path(), false), ElementsAre(folder / "a", folder / "b.mp4", folder / "c.dat"));
  EXPECT_THAT(videos_in(folder.path(), true),
              ElementsAre(folder / "a", folder / "b.mp4", folder / "c.dat", folder / "inner/d.webm"));
}

/// Writes into a pipe and closes it.
std::jthread writer_into(const std::string& pipe, std::string bytes) {
  return std::jthread([pipe, bytes = std::move(bytes)] {
    std::ofstream out(pipe, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  });
}

TEST(PeekedPipe, StillHoldsWhatWasLookedAt) {
  const ContentFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  {
    const std::jthread writer = writer_into(pipe, clip_of(folder, "mkv"));
    const auto peeked = PeekedInput::open(pipe, milliseconds(5000));
    ASSERT_TRUE(peeked) << peeked.error().message;
    EXPECT_EQ(peeked->content(), Content::video);
    VideoReader reader = VideoReader::open(pipe).value();
    VideoFrame frame;
    int frames = 0;
    while (reader.next(frame).value()) ++frames;
    EXPECT_EQ(frames, 30);
  }
  const std::string photo = jpeg_text();
  const std::jthread writer = writer_into(pipe, photo);
  const auto peeked = PeekedInput::open(pipe, milliseconds(5000));
  ASSERT_TRUE(peeked) << peeked.error().message;
  EXPECT_EQ(peeked->content(), Content::picture);
  EXPECT_EQ(text(read_input({pipe, false}, 1 << 20).value()), photo);
}

TEST(PeekedPipe, ThatIsSilentEndsWithThePatienceAndAStopAtOnce) {
  const ContentFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto silent = PeekedInput::open(pipe, milliseconds(200));
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(silent.error().message, HasSubstr("pipe: silent for 200 ms"));
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = PeekedInput::open(pipe, milliseconds(60'000), stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

/// Puts something else in the place of standard input for as long as it lives.
class InputFrom {
 public:
  explicit InputFrom(const std::string& path, int flags = O_RDONLY) : before_(::dup(STDIN_FILENO)) {
    const int file = ::open(path.c_str(), flags);
    if (file < 0 || ::dup2(file, STDIN_FILENO) < 0) throw std::runtime_error("no standard input for the test");
    ::close(file);
  }
  ~InputFrom() {
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }
  InputFrom(const InputFrom&) = delete;
  InputFrom& operator=(const InputFrom&) = delete;
  InputFrom(InputFrom&&) = delete;
  InputFrom& operator=(InputFrom&&) = delete;

 private:
  int before_;
};

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8U | static_cast<unsigned char>(bytes.at(at + i));
  return number;
}

/// An MP4 with its index (moov) behind its frames, as phones write it. What says where frames lie moves with it.
/// @source ISO/IEC 14496-12: a box begins with its length and name; stco holds a count and the places of the frames
std::string with_index_at_end(std::string mp4) {
  const std::size_t moov = mp4.find("moov") - 4;
  std::string index = mp4.substr(moov, number_at(mp4, moov));
  const std::size_t places = index.find("stco") + 8;
  for (std::size_t i = 0; i < number_at(index, places); ++i) {
    const std::size_t at = places + 4 + 4 * i;
    const auto moved = static_cast<std::uint32_t>(number_at(index, at) - index.size());
    for (std::size_t byte = 0; byte < 4; ++byte) index[at + byte] = static_cast<char>(moved >> (24 - 8 * byte));
  }
  mp4.erase(moov, index.size());
  return mp4 + index;
}

TEST(StandardInput, ThatIsAFileIsReadAsTheFileAlsoWhereItsIndexIsAtItsEnd) {
  const ContentFolder folder;
  const std::string clip = with_index_at_end(clip_of(folder, "mp4"));
  ASSERT_GT(clip.find("moov"), clip.find("mdat"));
  folder.write("clip", clip);
  const InputFrom input(folder / "clip");
  const auto peeked = PeekedInput::open("-", milliseconds(1000));
  ASSERT_TRUE(peeked) << peeked.error().message;
  EXPECT_EQ(peeked->content(), Content::video);
  VideoReader reader = VideoReader::open("-").value();
  VideoFrame frame;
  int frames = 0;
  while (reader.next(frame).value()) ++frames;
  EXPECT_EQ(frames, 30);
}

TEST(StandardInput, ThatCannotBeReadIsCalledClosed) {
  const InputFrom input("/dev/null", O_WRONLY);
  for (const Error& error : {VideoReader::open("-").error(), PeekedInput::open("-", milliseconds(100)).error(),
                             read_input({"-", true}, 1 << 20).error()}) {
    EXPECT_EQ(error.code, ErrorCode::invalid_argument);
    EXPECT_THAT(error.message, HasSubstr("standard input: closed"));
  }
}

}  // namespace
}  // namespace vultus::media
