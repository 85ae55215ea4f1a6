// Hiding faces on networks that are no networks: what may be read, and where it is decoded.
#include <vultus/engine/deid.hpp>

#include <cmath>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vultus/engine/attack_set.hpp>
#include <vultus/engine/deid_attack.hpp>
#include <vultus/engine/fake_engine.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/test_folder.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;

/// Sends the same bytes to everybody who connects, as a camera sends its stream.
class ByteStream {
 public:
  explicit ByteStream(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(here);
    auto* address = reinterpret_cast<sockaddr*>(&here);
    if (::bind(socket_, address, size) != 0 || ::listen(socket_, 4) != 0 || ::getsockname(socket_, address, &size) != 0)
      throw std::runtime_error("no socket for the test");
    port_ = ntohs(here.sin_port);
    server_ = std::jthread([this] {
      for (int caller = ::accept(socket_, nullptr, nullptr); caller >= 0;
           caller = ::accept(socket_, nullptr, nullptr)) {
        for (std::size_t sent = 0; sent < bytes_.size();) {
          const auto more = ::send(caller, bytes_.data() + sent, bytes_.size() - sent, MSG_NOSIGNAL);
          if (more <= 0) break;
          sent += static_cast<std::size_t>(more);
        }
        ::close(caller);
      }
    });
  }
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  ~ByteStream() {
    ::shutdown(socket_, SHUT_RDWR);
    server_.join();
    ::close(socket_);
  }
  [[nodiscard]] std::string address() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

 private:
  std::vector<std::uint8_t> bytes_;
  int socket_ = -1;
  int port_ = 0;
  std::jthread server_;
};

class DeidOnFakes : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_fake_models(models());
    media::write_file_atomically(folder_ / "a.jpg", jpeg()).value();
  }
  [[nodiscard]] std::filesystem::path models() const { return std::filesystem::path(folder_.path()) / "models"; }
  [[nodiscard]] Engine engine(const std::optional<media::Isolation>& isolation = {}) const {
    return Engine::load({.models = models(),
                         .cache = folder_.path(),
                         .threads = 1,
                         .isolation = isolation,
                         .backend = std::make_shared<test::Answers>()})
        .value();
  }
  static Image slope() {
    Image image = Image::create(320, 240, PixelFormat::rgb8).value();
    for (int y = 0; y < 240; ++y)
      for (int x = 0; x < 960; ++x) image.row(y)[x] = static_cast<std::uint8_t>((x / 24 * 31 + y / 8 * 17) % 200 + 20);
    return image;
  }
  static std::vector<std::uint8_t> jpeg() { return media::encode_jpeg(slope().view()).value(); }

  media::testing::TestFolder folder_;
};

TEST_F(DeidOnFakes, PicturesOfTheGalleryThatCannotBeReadAreLeftOut) {
  const Engine here = engine();
  const ModelId model = here.preset().template_model();
  Gallery gallery =
      Gallery::open({.path = std::filesystem::path(folder_.path()) / "g.vgal",
                     .access = GalleryAccess::create_or_open,
                     .model = GalleryModel{.id = model, .dimension = here.dimension(), .sha256 = {}, .preset = {}}})
          .value();
  const auto enrol = [&](const std::string& name, ThumbnailFormat format, const std::vector<std::uint8_t>& bytes) {
    std::vector<float> values(static_cast<std::size_t>(here.dimension()), 1);
    values[name.size()] = 50;
    const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
    const NewFace face{.subject = name,
                       .embedding = Embedding::normalised(model, std::move(values)).value(),
                       .details = {},
                       .thumbnail = Thumbnail{.format = format, .bytes = {begin, begin + bytes.size()}}};
    ASSERT_TRUE(gallery.enrol({&face, 1}));
  };
  const auto adapted = [&] {
    auto hider = Deidentifier::open(here, {.gallery = &gallery}).value();
    return hider.picture(folder_ / "a.jpg", folder_ / "b.jpg").value().attack.adapted;
  };
  enrol("Ann", ThumbnailFormat::encrypted, {1, 2, 3});
  enrol("Edward", ThumbnailFormat::jpeg, {0xFF, 0xD8, 0xFF, 7});
  EXPECT_FALSE(adapted()) << "there is no picture that could be hidden";
  enrol("Catherine", ThumbnailFormat::jpeg, jpeg());
  EXPECT_TRUE(adapted());
}

TEST_F(DeidOnFakes, APictureIsWrittenUnderAnEndingThatIsTrueAlone) {
  const Engine here = engine();
  auto hider = Deidentifier::open(here, {}).value();
  for (const char* const name : {"b.webp", "b.tiff", "b.mp4"}) {
    const auto hidden = hider.picture(folder_ / "a.jpg", folder_ / name);
    ASSERT_FALSE(hidden) << name;
    EXPECT_EQ(hidden.error().code, ErrorCode::invalid_argument);
    EXPECT_FALSE(std::filesystem::exists(folder_ / name));
  }
  for (const char* const name : {"b.JPG", "b.jpeg", "b.png"})
    EXPECT_TRUE(hider.picture(folder_ / "a.jpg", folder_ / name)) << name;
}

/// A template that is `alike` similar to the first axis, and otherwise lies along another one.
Embedding view_of(const Engine& engine, float alike, std::size_t axis) {
  std::vector<float> values(static_cast<std::size_t>(engine.dimension()));
  values[0] = alike;
  values[axis] = std::sqrt(1 - alike * alike);
  return Embedding::normalised(engine.preset().template_model(), std::move(values)).value();
}

TEST_F(DeidOnFakes, ATrackIsKnownByItsViewsTogetherWhereNoneAloneIsEnough) {
  const Engine here = engine();
  FaceParts parts = here.make_parts().value();
  const Reidentifier attacker(parts, nullptr, {.threshold = Cosine{.6F}});
  HiddenTrack track;
  track.best = {.faces = 1, .views = 1, .adapted = {}};
  track.original = OriginalFace{.face = {}, .embedding = view_of(here, 1, 1), .who = {}};
  // Of n views of similarity 0.5 that have nothing else in common the mean has 0.5 n / sqrt(0.25 n^2 + 0.75 n): of one
  // 0.5, of eight 4 / sqrt(22) = 0.853.
  const auto look = [&](float alike, std::size_t axis) {
    track.views.push_back(view_of(here, alike, axis));
    ASSERT_TRUE(track.mean.add(track.views.back(), 1, {}));
  };
  look(.5F, 1);
  EXPECT_EQ(attacker.judge(track).value().after_mean, 0);
  for (std::size_t axis = 2; axis <= 8; ++axis) look(.5F, axis);
  DeidAttack together = attacker.judge(track).value();
  EXPECT_EQ(together.views, 8);
  EXPECT_EQ(together.after, 0);
  EXPECT_EQ(together.after_any, 0);
  EXPECT_EQ(together.after_mean, 1);
  // Somebody who looks away in all views but one: 25 of nothing and one of 0.7 have a mean far away, and the one tells.
  track.views.clear();
  track.mean = HiddenTrack().mean;
  for (std::size_t axis = 1; axis <= 25; ++axis) look(0, axis);
  look(.7F, 26);
  together = attacker.judge(track).value();
  EXPECT_EQ(together.after_mean, 0) << "0.7 / sqrt(25 + 1) = 0.14";
  EXPECT_EQ(together.after_any, 1);
}

TEST_F(DeidOnFakes, AViewThatLooksLikeSomebodyElseStaysInTheMean) {
  const Engine here = engine();
  HiddenTrack track;
  ASSERT_TRUE(track.mean.add(view_of(here, 1, 1), 1, {}));
  EXPECT_TRUE(track.mean.add(view_of(here, -1, 1), .5, {}).value());
  EXPECT_EQ(track.mean.templates(), 2);
}

TEST(AttackedViews, AreAllOfAShortTrackAndEquallyManyOfTheWholeOfALongOne) {
  SeenFaces seen;
  for (std::int64_t frame = 10; frame < 20; ++frame) seen[{frame, TrackId(1)}] = {};
  for (std::int64_t frame = 18; frame < 20; ++frame) seen[{frame, TrackId(2)}] = {};
  const auto few = attacked_views(seen, 5);
  std::vector<std::int64_t> first;
  for (const auto& [frame, track] : few)
    if (track == TrackId(1)) first.push_back(frame);
  EXPECT_THAT(first, ::testing::ElementsAre(10, 12, 14, 16, 18));
  EXPECT_EQ(few.size(), 7U);
  EXPECT_EQ(attacked_views(seen, 100).size(), 12U);
}

TEST_F(DeidOnFakes, EveryFrameOfATrackIsAttacked) {
  const std::string clip = folder_ / "clip.mp4";
  auto writer = media::VideoWriter::open(clip, 320, 240).value();
  for (int i = 0; i < 12; ++i) writer.add(slope().view(), Seconds(i / 25.0)).value();
  writer.finish().value();
  const Engine here = engine();
  auto hider = Deidentifier::open(here, {}).value();
  const DeidFile film = hider.video(clip, folder_ / "copy.mp4").value();
  EXPECT_EQ(film.attack.faces, film.hidden);
  EXPECT_EQ(film.attack.views, film.hidden * 12);
  const DeidFile photo = hider.picture(folder_ / "a.jpg", folder_ / "b.jpg").value();
  EXPECT_GT(photo.hidden, 0);
  EXPECT_EQ(photo.attack.views, photo.hidden);
  EXPECT_EQ(photo.attack.after_mean, photo.attack.after);
  EXPECT_EQ(photo.attack.after_any, photo.attack.after);
}

TEST_F(DeidOnFakes, AStreamIsRefusedBecauseOtherFramesComeTheSecondTime) {
  const std::string clip = folder_ / "clip.mp4", copy = folder_ / "copy.mp4";
  auto writer = media::VideoWriter::open(clip, 320, 240).value();
  for (int i = 0; i < 12; ++i) writer.add(slope().view(), Seconds(i / 25.0)).value();
  writer.finish().value();
  const Engine here = engine();
  auto hider = Deidentifier::open(here, {}).value();
  EXPECT_TRUE(hider.video(clip, copy));
  std::filesystem::remove(copy);
  const ByteStream stream(media::read_file(clip, 1 << 24).value());
  const auto hidden = hider.video(stream.address(), copy);
  ASSERT_FALSE(hidden);
  EXPECT_EQ(hidden.error().code, ErrorCode::invalid_argument) << hidden.error().message;
  EXPECT_THAT(hidden.error().message, HasSubstr("cannot be read twice"));
  EXPECT_FALSE(std::filesystem::exists(copy));
}

TEST_F(DeidOnFakes, AnIsolatedEngineDecodesNothingInThisProcess) {
  const Engine isolated = engine(media::Isolation{.program = "/nowhere/vultus-decode"});
  const auto hider = Deidentifier::open(isolated, {});
  ASSERT_FALSE(hider);
  EXPECT_THAT(hider.error().message, HasSubstr("/nowhere/vultus-decode"));
  const std::vector<media::Input> inputs{{.path = folder_ / "a.jpg"}};
  const auto attacks = make_attack_set(isolated, inputs, {}, folder_ / "attacks", {}, {});
  ASSERT_FALSE(attacks);
  EXPECT_THAT(attacks.error().message, HasSubstr("/nowhere/vultus-decode"));
}

}  // namespace
}  // namespace vultus::engine
