// Stands where vultus-decode should: a decoder that a hostile picture has taken over. Its argument, which would be the
// limit of memory, tells what it does with a request.
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

#include <vultus/media/decode_messages.hpp>

namespace {

using vultus::media::DecodeReply;
using vultus::media::kDecodeSocket;

void say(const DecodeReply& reply, std::size_t bytes = sizeof(DecodeReply)) {
  static_cast<void>(::send(kDecodeSocket, &reply, bytes, MSG_NOSIGNAL));
}

void lie(int what) {
  DecodeReply reply;
  reply.width = reply.height = reply.full_width = reply.full_height = 4;
  switch (what) {
    case 0: std::signal(SIGSEGV, SIG_DFL), std::raise(SIGSEGV); break;  // else a sanitizer would catch it
    case 1: ::pause(); break;
    case 2: reply.width = reply.full_width = 60'000, reply.height = reply.full_height = 60'000; break;
    case 3: reply.width = -4; break;
    case 4: break;  // without a single pixel
    case 5: reply.format = 99; break;
    case 6: reply.reduction = 3; break;
    case 7: reply.error.code = 200; break;
    case 8: reply.error.code = 2, reply.error.message.fill('x'); break;           // without an end
    case 9: reply.error.code = 2, reply.error.message = {'\xFF', '\xFE'}; break;  // no text
    case 10: return say(reply, 5);
    case 11: std::_Exit(9);
    case 12:
      ::close(kDecodeSocket);
      ::pause();
      break;
    case 13: return say(reply, 0);  // looks like the end
    case 14:                        // answers and reads no more questions
      reply.error.code = 2, reply.error.message = {'n', 'o'};
      for (;;) say(reply);
    default: break;
  }
  say(reply);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const auto what = static_cast<int>(std::stoull(arguments[1]) - (std::size_t{256} << 20U));
  vultus::media::DecodeRequest request;
  while (::recv(kDecodeSocket, &request, sizeof request, 0) > 0) lie(what);
  return 0;
}
