// vultus-decode: decodes pictures and videos for a server, without any right but that. Not for people:
// media::Decoder::isolated and media::VideoReader start it.
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <string_view>

#include <vultus/media/isolation.hpp>

int main(int count, char** arguments) {
  std::size_t memory = 0;
  const std::string_view text = count == 3 ? arguments[1] : "";
  if (std::from_chars(text.data(), text.data() + text.size(), memory).ptr != text.data() + text.size() ||
      text.empty()) {
    std::fputs("vultus-decode decodes for vultus serve, which starts it. It does nothing on its own.\n", stderr);
    return 2;
  }
  return vultus::media::serve_decoding(memory, arguments[2]);
}
