// The engine's threads on networks that are no networks: they run under ThreadSanitizer, which cannot see into the
// vendor's library, and they need no models.
#include <atomic>
#include <filesystem>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/engine/engine.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/engine/fake_engine.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/test_folder.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::engine {
namespace {

constexpr int kWidth = 320;
constexpr int kHeight = 240;

class EngineThreads : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_fake_models(models());
    for (int i = 0; i < kPictures; ++i) {
      const std::string path = folder_ / ("picture" + std::to_string(i) + ".jpg");
      media::write_file_atomically(path, media::encode_jpeg(picture(i).view()).value()).value();
      inputs_.push_back({.path = path});
    }
  }
  [[nodiscard]] std::filesystem::path models() const { return std::filesystem::path(folder_.path()) / "models"; }

  /// No two are alike.
  static Image picture(int number) {
    Image image = Image::create(kWidth, kHeight, PixelFormat::rgb8).value();
    for (int y = 0; y < kHeight; ++y)
      for (int x = 0; x < 3 * kWidth; ++x)
        image.row(y)[x] = static_cast<std::uint8_t>((x / 24 * 31 + y / 8 * 17 + number * 41) % 200 + 20);
    return image;
  }
  [[nodiscard]] Engine engine(int threads) const {
    return Engine::load({.models = models(), .cache = folder_.path(), .threads = threads, .backend = backend_}).value();
  }
  [[nodiscard]] std::vector<SeenPicture> looked(int threads) const {
    std::vector<SeenPicture> seen;
    engine(threads)
        .look_at(inputs_, {.depth = Depth::embed_all, .hash = true, .thumbnails = true, .quality = true},
                 [&](SeenPicture one) -> Status {
                   seen.push_back(std::move(one));
                   return {};
                 })
        .value();
    return seen;
  }
  [[nodiscard]] std::string clip(int frames) const {
    std::string path = folder_ / "clip.mp4";
    auto writer = media::VideoWriter::open(path, kWidth, kHeight).value();
    for (int i = 0; i < frames; ++i) writer.add(picture(0).view(), Seconds(i / 25.0)).value();
    writer.finish().value();
    return path;
  }

  static constexpr int kPictures = 24;
  media::testing::TestFolder folder_;
  std::vector<media::Input> inputs_;
  std::shared_ptr<test::Answers> backend_ = std::make_shared<test::Answers>();
};

TEST_F(EngineThreads, ManyWorkersGiveTheAnswersOfOneInTheOrderOfTheInputs) {
  const auto one = looked(1);
  const auto many = looked(4);
  ASSERT_EQ(one.size(), inputs_.size());
  ASSERT_EQ(many.size(), inputs_.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    ASSERT_FALSE(one[i].error) << one[i].error->message;
    EXPECT_EQ(many[i].path, inputs_[i].path);
    EXPECT_EQ(many[i].sha256, one[i].sha256);
    ASSERT_EQ(one[i].faces.size(), 1U);
    ASSERT_EQ(many[i].faces.size(), 1U);
    EXPECT_EQ(many[i].faces[0].face, one[i].faces[0].face);
    EXPECT_EQ(many[i].faces[0].embedding, one[i].faces[0].embedding);
    EXPECT_EQ(many[i].faces[0].thumbnail, one[i].faces[0].thumbnail);
  }
  EXPECT_NE(one[0].faces[0].embedding, one[1].faces[0].embedding) << "the templates see the pixels";
}

TEST_F(EngineThreads, BytesInMemoryAreSeenLikeTheFileTheyCameFrom) {
  const Engine one = engine(1);
  Looker looker = one.make_looker().value();
  const LookOptions options{.depth = Depth::embed_all, .hash = true, .thumbnails = true, .quality = true};
  const SeenPicture file = looker.look(inputs_[3], options);
  const auto bytes = media::read_file(inputs_[3].path, 1 << 20).value();
  const SeenPicture memory = looker.look(bytes, "upload", options);
  ASSERT_FALSE(memory.error) << memory.error->message;
  EXPECT_EQ(memory.path, "upload");
  EXPECT_EQ(memory.sha256, file.sha256);
  EXPECT_EQ(memory.width, kWidth);
  ASSERT_EQ(memory.faces.size(), 1U);
  EXPECT_EQ(memory.faces[0].embedding, file.faces[0].embedding);
  EXPECT_EQ(memory.faces[0].thumbnail, file.faces[0].thumbnail);
}

TEST_F(EngineThreads, BytesThatAreNoPictureAreAnAnswerThatNamesThem) {
  Looker looker = engine(1).make_looker().value();
  const std::vector<std::uint8_t> bytes(100, 7);
  const SeenPicture seen = looker.look(bytes, "upload", {});
  ASSERT_TRUE(seen.error);
  EXPECT_EQ(seen.error->code, ErrorCode::corrupt_data);
  EXPECT_TRUE(seen.error->message.starts_with("upload: ")) << seen.error->message;
}

TEST_F(EngineThreads, AStopFromAnotherThreadEndsTheWorkAndKeepsWhatWasReceived) {
  const Engine four = engine(4);
  for (int round = 0; round < 10; ++round) {
    std::stop_source source;
    std::atomic<int> received = 0;
    const std::jthread stopper([&] {
      while (received < round) std::this_thread::yield();
      source.request_stop();
    });
    const Status done = four.look_at(
        inputs_, {},
        [&](const SeenPicture&) -> Status {
          ++received;
          return {};
        },
        source.get_token());
    if (!done) {
      EXPECT_EQ(done.error().code, ErrorCode::cancelled);
    }
    EXPECT_GE(received, round);
  }
}

TEST_F(EngineThreads, PeopleAreEnrolledByManyWorkersWhileOthersSearch) {
  const Engine four = engine(4);
  GalleryModel model{.id = four.preset().template_model(), .dimension = four.dimension(), .sha256 = {}, .preset = {}};
  Gallery gallery = Gallery::open({.path = std::filesystem::path(folder_.path()) / "g.vgal",
                                   .access = GalleryAccess::create_or_open,
                                   .model = model})
                        .value();
  const auto probe =
      Embedding::normalised(model.id, std::vector<float>(static_cast<std::size_t>(model.dimension), 1)).value();
  std::atomic<bool> over = false;
  std::vector<std::jthread> searchers;
  for (int i = 0; i < 2; ++i)
    searchers.emplace_back([&] {
      while (!over) ASSERT_TRUE(gallery.search(probe, {.top_k = 3}));
    });
  std::vector<EnrolInput> people;
  for (const media::Input& input : inputs_) people.push_back({input, "Person " + std::to_string(people.size())});
  EnrolOptions options;
  options.force = true;
  const auto report = enrol_pictures(four, gallery, people, options, [](const EnrolStep&) {});
  over = true;
  searchers.clear();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->enrolled, kPictures);
}

TEST_F(EngineThreads, AVideoIsFollowedTheSameWithADecodingThreadAndWithoutOne) {
  const std::string path = clip(40);
  std::vector<std::vector<RectF>> boxes;
  for (const int threads : {1, 2}) {
    auto& seen = boxes.emplace_back();
    int tracks = 0;
    const FollowReceivers receivers{.opened = nullptr,
                                    .frame = [&](FollowedFrame& frame) -> Status {
                                      for (const FollowedFace& face : frame.faces) seen.push_back(face.face.box);
                                      return {};
                                    },
                                    .track = [&](TrackSummary&) -> Status {
                                      ++tracks;
                                      return {};
                                    }};
    const auto video = follow_video(engine(threads), path, {}, {}, receivers);
    ASSERT_TRUE(video) << video.error().message;
    EXPECT_EQ(video->counts.frames, 40);
    EXPECT_EQ(tracks, 1);
  }
  EXPECT_FALSE(boxes[0].empty());
  EXPECT_EQ(boxes[0], boxes[1]);
}

TEST_F(EngineThreads, EnginesAreSharedByThreadsThatEachFollowAStream) {
  const Engine shared = engine(2);
  const std::string path = clip(12);
  std::vector<std::jthread> streams;
  std::atomic<int> frames = 0;
  for (int i = 0; i < 3; ++i)
    streams.emplace_back([&] {
      const FollowReceivers receivers{.opened = nullptr,
                                      .frame = [&](FollowedFrame&) -> Status {
                                        ++frames;
                                        return {};
                                      },
                                      .track = nullptr};
      ASSERT_TRUE(follow_video(shared, path, {}, {}, receivers));
    });
  streams.clear();
  EXPECT_EQ(frames, 3 * 12);
}

}  // namespace
}  // namespace vultus::engine
