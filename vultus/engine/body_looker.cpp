#include <vultus/engine/body_looker.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include <vultus/body/people.hpp>
#include <vultus/body/points.hpp>
#include <vultus/media/draw.hpp>

namespace vultus::engine {
namespace {

using Bone = std::pair<std::size_t, std::size_t>;
constexpr std::array<Bone, 21> kHandBones{{{0, 1},   {1, 2},   {2, 3},   {3, 4},   {0, 5},   {5, 6},   {6, 7},
                                           {7, 8},   {5, 9},   {9, 10},  {10, 11}, {11, 12}, {9, 13},  {13, 14},
                                           {14, 15}, {15, 16}, {13, 17}, {17, 18}, {18, 19}, {19, 20}, {0, 17}}};
constexpr std::array<Bone, 20> kBodyBones{{{11, 12}, {11, 13}, {13, 15}, {12, 14}, {14, 16}, {11, 23}, {12, 24},
                                           {23, 24}, {23, 25}, {25, 27}, {24, 26}, {26, 28}, {27, 29}, {29, 31},
                                           {28, 30}, {30, 32}, {27, 31}, {28, 32}, {7, 8},   {9, 10}}};
constexpr media::Colour kLeft = media::kKnownColour, kRight = media::kUnknownColour, kMiddle{0, 114, 178};
constexpr float kVisibleShare = 0.5F;
constexpr std::size_t kHeadPointCount = 11;

void disc(Image& image, Point2f at, float radius, media::Colour colour) {
  const auto low = [](float v) { return std::max(0, static_cast<int>(std::floor(std::clamp(v, -1.F, 1e5F)))); };
  for (int y = low(at.y - radius); y <= std::min(image.height() - 1, low(at.y + radius)); ++y)
    for (int x = low(at.x - radius); x <= std::min(image.width() - 1, low(at.x + radius)); ++x)
      if (std::hypot(static_cast<float>(x) - at.x, static_cast<float>(y) - at.y) <= radius) {
        std::uint8_t* pixel = image.row(y) + std::ptrdiff_t{3} * x;
        pixel[0] = colour.red, pixel[1] = colour.green, pixel[2] = colour.blue;
      }
}

void stroke(Image& image, Point2f a, Point2f b, float width, media::Colour colour) {
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  if (!(length < 4.F * static_cast<float>(Image::kMaxSide))) return;
  const int steps = std::max(1, static_cast<int>(length / std::max(0.5F, width / 3)));
  for (int i = 0; i <= steps; ++i) {
    const float t = static_cast<float>(i) / static_cast<float>(steps);
    disc(image, {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}, width / 2, colour);
  }
}

Point2f enlarged(Point2f p, float scale) { return {p.x * scale, p.y * scale}; }

/// Points of MediaPipe's body are the left ones where they are odd, from the ears on.
media::Colour colour_of(const Bone& bone) {
  if (bone.first % 2 != bone.second % 2) return kMiddle;
  return bone.first % 2 == 1 ? kLeft : kRight;
}

/// The head of a body as a face detector would tell it; nothing where it is not visible.
std::optional<face::ScoredBox> head_box(const BodyObservation& body) {
  std::vector<Point2f> head;
  for (std::size_t i = 0; i < kHeadPointCount; ++i) head.push_back(body.points.at(i).place);
  for (const std::size_t i : {0U, 2U, 5U})
    if (body.points.at(i).visibility.value() < kVisibleShare) return std::nullopt;
  RectF box = body::box_around(head);
  const float side = std::max(box.width, box.height);
  const Point2f middle = box.centre();
  box = {middle.x - side / 2, middle.y - side / 2, side, side};
  // Point 2 is the person's left eye, point 5 the right one; a detector tells the right one first.
  return face::ScoredBox{.box = box, .score = body.presence, .eyes = face::Eyes{{head[5], head[2]}}};
}

}  // namespace

Result<BodyLooker> BodyLooker::load(const Engine& engine, const BodyLookOptions& options) {
  VULTUS_TRY(const auto persons_model, engine.model(ModelId("mp_pose_detect")));
  VULTUS_TRY(const auto pose_model, engine.model(ModelId(options.light ? "mp_pose_lite" : "mp_pose_full")));
  VULTUS_TRY(const auto palms_model, engine.model(ModelId("mp_palm_full")));
  VULTUS_TRY(const auto hand_model, engine.model(ModelId("mp_hand_full")));
  VULTUS_TRY(auto persons, body::PointDetector::load(persons_model));
  VULTUS_TRY(auto pose, body::PoseNet::load(pose_model));
  VULTUS_TRY(auto palms, body::PointDetector::load(palms_model));
  VULTUS_TRY(auto hand, body::HandNet::load(hand_model));
  std::optional<face::MeshNet> mesh;
  if (options.faces) {
    VULTUS_TRY(const auto mesh_model, engine.model(ModelId("mp_face_mesh")));
    VULTUS_TRY(auto net, face::MeshNet::load(mesh_model));
    mesh.emplace(std::move(net));
  }
  return BodyLooker({std::move(persons), std::move(pose)}, {std::move(palms), std::move(hand)}, std::move(mesh));
}

Result<SeenBodies> BodyLooker::look(ImageView picture, const SeenBodies* before, bool search) {
  SeenBodies seen;
  using Bodies = std::span<const BodyObservation>;
  using Hands = std::span<const HandObservation>;
  VULTUS_TRY(seen.bodies, poses_.find(picture, before != nullptr ? Bodies(before->bodies) : Bodies(), search));
  VULTUS_TRY(seen.hands, hands_.find(picture, before != nullptr ? Hands(before->hands) : Hands(), seen.bodies, search));
  if (mesh_)
    for (const BodyObservation& body : seen.bodies)
      if (const auto head = head_box(body)) {
        VULTUS_TRY(face::MeshReading mesh, mesh_->find(picture, *head));
        if (mesh.flag.value() >= kVisibleShare) seen.faces.push_back(std::move(mesh.landmarks));
      }
  seen.people = body::join_people(seen.bodies, seen.hands, seen.faces);
  return seen;
}

void draw_people(Image& image, const SeenBodies& seen, float scale) {
  const float width = std::max(2.F, static_cast<float>(std::max(image.width(), image.height())) / 300);
  for (const BodyObservation& body : seen.bodies) {
    for (const Bone& bone : kBodyBones) {
      const BodyPoint &a = body.points.at(bone.first), &b = body.points.at(bone.second);
      if (std::min(a.visibility, b.visibility).value() >= kVisibleShare)
        stroke(image, enlarged(a.place, scale), enlarged(b.place, scale), width, colour_of(bone));
    }
    for (const BodyPoint& point : body.points)
      if (point.visibility.value() >= kVisibleShare)
        disc(image, enlarged(point.place, scale), width, media::Colour{255, 255, 255});
  }
  for (const Landmarks& face : seen.faces)
    for (const Point2f& p : face.points) disc(image, enlarged(p, scale), width / 3, media::Colour{255, 255, 255});
  const auto draw = [&](const HandObservation& hand, media::Colour colour) {
    for (const Bone& bone : kHandBones)
      stroke(image, enlarged(hand.points.at(bone.first), scale), enlarged(hand.points.at(bone.second), scale),
             width / 2, colour);
    for (const Point2f& p : hand.points) disc(image, enlarged(p, scale), width / 2, media::Colour{255, 255, 255});
  };
  for (const WholeBody& person : seen.people) {
    if (person.left_hand) draw(*person.left_hand, kLeft);
    if (person.right_hand) draw(*person.right_hand, kRight);
  }
}

}  // namespace vultus::engine
