#include <vultus/learn/training/attack/face_attack.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <torch/autograd.h>

#include <vultus/learn/training/attack/descend.hpp>
#include <vultus/learn/training/attack/place.hpp>

namespace vultus::learn::attack {
namespace {

using torch::Tensor;

constexpr std::array<std::pair<Method, std::string_view>, 8> kMethods{{{Method::fgsm, "fgsm"},
                                                                       {Method::pgd, "pgd"},
                                                                       {Method::mi, "mi"},
                                                                       {Method::di, "di"},
                                                                       {Method::ti, "ti"},
                                                                       {Method::dfa, "dfa"},
                                                                       {Method::fia, "fia"},
                                                                       {Method::aaa, "aaa"}}};
constexpr int kPatches = 7, kWindow = 7;
constexpr double kSmallest = 0.9;
constexpr int kMargin = 4;  // pixels around the faces that interpolation may reach for

DescentOptions descent_of(const FaceAttackOptions& options) {
  DescentOptions descent{.budget = static_cast<double>(options.budget), .steps = options.steps};
  descent.decay = options.decay;
  if (options.method == Method::fgsm || options.method == Method::pgd) descent.rule = StepRule::sign;
  // A face is as near to itself as can be: there the cosine has no slope to begin with.
  if (options.goal == Goal::dodging) descent.start = 1;
  if (options.method == Method::pgd) descent.start = descent.budget;
  // The one step ends at the border of the budget wherever it begins.
  if (options.method == Method::fgsm) descent.steps = 1, descent.step = descent.budget + descent.start;
  if (options.method == Method::ti) descent.smooth = kWindow;
  return descent;
}

bool by_features(Method method) { return method == Method::fia || method == Method::aaa; }
bool by_cosine(Method method) { return method != Method::fia; }

/// An aim while it is attacked.
struct Aimed {
  const Aim* aim = nullptr;
  Similarity to_crop;  // from the part of the photo
  Tensor reference;    // the face itself, or the target
  Tensor attention;    // weights of features; undefined where they are not used
};

/// The part of the photo that the faces lie in.
struct Part {
  int left = 0, top = 0, right = 0, bottom = 0;
};

void widen(Part& part, const Similarity& to_crop, std::int64_t side, ImageView photo) {
  const auto back = to_crop.inverse();
  const auto end = static_cast<float>(side);
  const auto bound = [](float at, int most) { return static_cast<int>(std::clamp(at, 0.F, static_cast<float>(most))); };
  for (const Point2f corner : {Point2f{0, 0}, Point2f{end, 0}, Point2f{0, end}, Point2f{end, end}}) {
    const Point2f p = back->apply(corner);
    part.left = std::min(part.left, bound(std::floor(p.x) - kMargin, photo.width));
    part.top = std::min(part.top, bound(std::floor(p.y) - kMargin, photo.height));
    part.right = std::max(part.right, bound(std::ceil(p.x) + kMargin, photo.width));
    part.bottom = std::max(part.bottom, bound(std::ceil(p.y) + kMargin, photo.height));
  }
}

Tensor cosine(const Tensor& rows, const Tensor& reference) { return (rows * reference).sum(1); }

}  // namespace

std::string_view name_of(Method method) noexcept {
  return std::ranges::find(kMethods, method, &std::pair<Method, std::string_view>::first)->second;
}
std::optional<Method> method_of(std::string_view name) noexcept {
  const auto* const at = std::ranges::find(kMethods, name, &std::pair<Method, std::string_view>::second);
  return at == kMethods.end() ? std::nullopt : std::optional(at->first);
}
std::string_view name_of(Goal goal) noexcept { return goal == Goal::dodging ? "dodging" : "impersonation"; }

Status validate(const FaceAttackOptions& options) {
  const auto refuse = [](const char* what) {
    return fail(ErrorCode::invalid_argument, std::string("attack: ") + what);
  };
  if (options.budget < 1 || options.budget > 64) return refuse("budget must be in [1, 64]");
  if (options.steps < 1 || options.steps > 10'000) return refuse("steps must be in [1, 10000]");
  if (options.copies < 1 || options.copies > 1000) return refuse("copies must be in [1, 1000]");
  if (!(options.decay >= 0 && options.decay <= 1)) return refuse("decay must be in [0, 1]");
  if (!(options.diversity >= 0 && options.diversity <= 1)) return refuse("diversity must be in [0, 1]");
  if (!(options.dropout >= 0 && options.dropout < 1)) return refuse("dropout must be in [0, 1)");
  if (!(options.drop_low >= 0 && options.drop_low <= options.drop_high && options.drop_high <= 1))
    return refuse("drop_low and drop_high must be in [0, 1], in this order");
  return {};
}

Tensor aggregated_attention(const Surrogate& surrogate, const Tensor& crop, const Tensor& reference,
                            const FaceAttackOptions& options, at::Generator& random) {
  constexpr std::int64_t kTogether = 10;  // copies in memory at once
  const bool aggregated = options.method == Method::aaa;
  Tensor sum;
  for (std::int64_t done = 0; done < options.copies; done += kTogether) {
    const std::int64_t now = std::min<std::int64_t>(kTogether, options.copies - done);
    Tensor copies = crop.detach().expand({now, -1, -1, -1});
    if (aggregated) copies = diversified(copies, options.diversity, kSmallest, random);
    copies = with_patches_dropped(copies, kPatches, options.drop_low, options.drop_high, random).requires_grad_();
    const Looked looked = surrogate.look(copies, aggregated ? options.dropout : 0, random);
    const Tensor total = cosine(looked.embedding, reference).sum();
    const Tensor gradient = torch::autograd::grad({total}, {looked.features})[0].sum(0, true);
    sum = sum.defined() ? sum + gradient : gradient;
  }
  return sum / sum.norm().clamp_min(1e-30);
}

Result<AttackedFace> attack_face(ImageView photo, const Similarity& to_face, std::int64_t side,
                                 std::span<const Aim> aims, const FaceAttackOptions& options) {
  VULTUS_CHECK(validate(options));
  const auto refuse = [](const char* what) {
    return fail(ErrorCode::invalid_argument, std::string("attack: ") + what);
  };
  if (photo.empty() || photo.format != PixelFormat::rgb8) return refuse("a colour photo is needed");
  if (aims.empty()) return refuse("no surrogate");
  if (side < 8 || !(to_face.scale() > 0)) return refuse("the place of the face decides nothing");
  Part part{photo.width, photo.height, 0, 0};
  widen(part, to_face, side, photo);
  for (const Aim& aim : aims) {
    if (!(aim.to_crop.scale() > 0)) return refuse("the place of a crop decides nothing");
    if (options.goal == Goal::impersonation && !aim.target.defined()) return refuse("a target is missing");
    widen(part, aim.to_crop, aim.surrogate->side(), photo);
  }
  if (part.left >= part.right || part.top >= part.bottom) return refuse("the face lies outside of the photo");
  const ImageView seen{photo.row(part.top) + std::ptrdiff_t{3} * part.left, part.right - part.left,
                       part.bottom - part.top, photo.stride, photo.format};
  const Tensor pixels = pixels_of(seen);
  const Similarity to_square = for_part(to_face, part.left, part.top);
  at::Generator random = generator_of(options.seed);
  const double sign = options.goal == Goal::dodging ? 1 : -1;

  AttackedFace attacked;
  std::vector<Aimed> all;
  for (const Aim& aim : aims) {
    Aimed one{&aim, for_part(aim.to_crop, part.left, part.top), aim.target, {}};
    const Tensor crop = cut(pixels, one.to_crop, aim.surrogate->side());
    {
      const torch::NoGradGuard no_gradients;
      const Tensor own = aim.surrogate->look(crop, 0, random).embedding;
      if (options.goal == Goal::dodging) one.reference = own;
      attacked.before.push_back(cosine(own, one.reference).item<double>());
    }
    if (by_features(options.method))
      one.attention = aggregated_attention(*aim.surrogate, crop, one.reference, options, random);
    all.push_back(std::move(one));
  }

  const auto changed = [&](const Tensor& change) {
    return (pixels + put_back(change, to_square, pixels.size(2), pixels.size(3))).clamp(0, 255);
  };
  const auto loss = [&](const Tensor& change) {
    const Tensor now = changed(change);
    Tensor sum;
    for (const Aimed& one : all) {
      Tensor crop = cut(now, one.to_crop, one.aim->surrogate->side());
      if (options.method == Method::di) crop = diversified(crop, options.diversity, kSmallest, random);
      const Looked looked = one.aim->surrogate->look(crop, options.method == Method::dfa ? options.dropout : 0, random);
      Tensor mine = by_cosine(options.method) ? cosine(looked.embedding, one.reference).sum()
                                              : torch::zeros({}, looked.embedding.options());
      // By the length of the features, so that it weighs about as much as a cosine.
      if (one.attention.defined())
        mine = mine + (one.attention * looked.features).sum() / looked.features.detach().norm().clamp_min(1e-30);
      sum = sum.defined() ? sum + sign * mine : sign * mine;
    }
    return sum / static_cast<double>(all.size());
  };
  const Tensor zero = torch::zeros({1, 3, side, side});
  VULTUS_TRY(const Tensor change, descend(zero, loss, descent_of(options), random));

  const torch::NoGradGuard no_gradients;
  VULTUS_TRY(attacked.photo, Image::create(photo.width, photo.height, PixelFormat::rgb8));
  MutableImageView whole = attacked.photo.mutable_view();
  for (int y = 0; y < photo.height; ++y) std::copy_n(photo.row(y), std::ptrdiff_t{3} * photo.width, whole.row(y));
  // Whole budgets and whole pixels: rounding cannot leave the budget.
  const Tensor rounded = changed(change).round();
  pixels_into(rounded, {whole.row(part.top) + std::ptrdiff_t{3} * part.left, seen.width, seen.height, whole.stride,
                        whole.format});
  for (const Aimed& one : all)
    attacked.after.push_back(
        cosine(one.aim->surrogate->look(cut(rounded, one.to_crop, one.aim->surrogate->side()), 0, random).embedding,
               one.reference)
            .item<double>());
  return attacked;
}

}  // namespace vultus::learn::attack
