#include <vultus/media/decode_process.hpp>

#include <cerrno>

#include <vultus/media/decode_messages.hpp>
#include <vultus/media/system_error.hpp>

namespace vultus::media {
namespace {

bool is_reduction(const DecodeReply& reply) {
  if (reply.reduction != 1 && reply.reduction != 2 && reply.reduction != 4 && reply.reduction != 8) return false;
  const auto smaller = [&](std::int32_t side) { return (side + reply.reduction - 1) / reply.reduction; };
  return reply.width == smaller(reply.full_width) && reply.height == smaller(reply.full_height);
}

}  // namespace

Status DecodeProcess::decode(std::span<const std::uint8_t> bytes, const DecodeOptions& options, Picture& into) {
  VULTUS_CHECK(start());
  Status done = exchange(bytes, options, into);
  // After a fault of the exchange itself nobody knows what the process is about to say.
  if (!done && done.error().code == ErrorCode::internal) process_.end();
  return done;
}

Status DecodeProcess::exchange(std::span<const std::uint8_t> bytes, const DecodeOptions& options, Picture& into) {
  if (!write_at_start(process_.input(), bytes))
    return system_failure("decoding process", "cannot pass the picture", errno);
  DecodeReply reply;
  VULTUS_CHECK(process_.ask(DecodeRequest{.bytes = bytes.size(),
                                          .max_pixels = options.limits.max_pixels,
                                          .max_bytes = options.limits.max_bytes,
                                          .wanted_side = options.wanted_side},
                            reply));
  if (reply.error.code >= 0) return told_error(reply.error);
  if (!is_size(reply.full_width, reply.full_height, options.limits.max_pixels) ||
      !is_size(reply.width, reply.height, options.limits.max_pixels) || !is_reduction(reply) || reply.format < 0 ||
      reply.format > static_cast<std::int32_t>(PictureFormat::avif))
    return no_sense("with a size that makes no sense");
  VULTUS_CHECK(take_pixels(process_.output(), reply.width, reply.height, into.image));
  into.format = static_cast<PictureFormat>(reply.format);
  into.full_width = reply.full_width;
  into.full_height = reply.full_height;
  into.reduction = reply.reduction;
  return {};
}

}  // namespace vultus::media
