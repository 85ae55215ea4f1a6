// Identifiers that cannot be mixed up: a FaceId where a SubjectId is wanted does not compile.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace vultus {

template <class Tag>
class TextId {
 public:
  TextId() = default;
  explicit TextId(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the zero of the comparison for a pointer.
  auto operator<=>(const TextId&) const = default;

 private:
  std::string text_;
};

template <class Tag>
class NumberId {
 public:
  constexpr NumberId() = default;
  constexpr explicit NumberId(std::int64_t number) : number_(number) {}
  [[nodiscard]] constexpr std::int64_t number() const { return number_; }
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the zero of the comparison for a pointer.
  constexpr auto operator<=>(const NumberId&) const = default;

 private:
  std::int64_t number_ = 0;
};

/// A network and everything that shapes its output: manifest id plus variant, e.g. "mobilefacenet192+mirror".
using ModelId = TextId<struct ModelIdTag>;
/// A channel of the Timeline, dotted lower case, e.g. "identity.similarity".
using ChannelId = TextId<struct ChannelIdTag>;
/// A person of a gallery.
using SubjectId = NumberId<struct SubjectIdTag>;
/// One enrolled template of a subject.
using FaceId = NumberId<struct FaceIdTag>;
/// One person followed through one source.
using TrackId = NumberId<struct TrackIdTag>;
/// A picture, video or camera of a Timeline.
using SourceId = NumberId<struct SourceIdTag>;
/// A row of provenance of a Timeline.
using EvidenceId = NumberId<struct EvidenceIdTag>;

}  // namespace vultus

template <class Tag>
struct std::hash<vultus::TextId<Tag>> {
  std::size_t operator()(const vultus::TextId<Tag>& id) const { return std::hash<std::string>()(id.text()); }
};
template <class Tag>
struct std::hash<vultus::NumberId<Tag>> {
  std::size_t operator()(const vultus::NumberId<Tag>& id) const { return std::hash<std::int64_t>()(id.number()); }
};
