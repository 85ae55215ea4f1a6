// Asks a running `vultus serve` who is in photos, over HTTP, with nothing of Vultus linked.
//
//   vultus serve --data faces/ &
//   server_client 127.0.0.1 8000 faces/admin.key staff --enrol 'Ada Lovelace' ada.jpg
//   server_client 127.0.0.1 8000 faces/admin.key staff photo.jpg
//
// One request after the other on one connection. The routes and the members of answers: GET /v1/openapi.json.
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using Json = nlohmann::json;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

class Server {
 public:
  Server(const std::string& host, const std::string& port, std::string key) : host_(host), key_(std::move(key)) {
    stream_.connect(boost::asio::ip::tcp::resolver(context_).resolve(host, port));
  }

  /// Sends a body and returns the JSON of the answer. @throw std::runtime_error  the server refused; its code and why
  Json post(const std::string& path, const std::string& type, std::string body) {
    http::request<http::string_body> request(http::verb::post, path, 11);
    request.set(http::field::host, host_);
    request.set(http::field::authorization, "Bearer " + key_);
    request.set(http::field::content_type, type);
    request.body() = std::move(body);
    request.prepare_payload();
    http::write(stream_, request);
    http::response<http::string_body> answer;
    http::read(stream_, buffer_, answer);
    Json json = Json::parse(answer.body());
    if (answer.result_int() >= 400)
      throw std::runtime_error(json.value("code", "?") + ": " + json.value("detail", json.value("title", "")));
    return json;
  }

  /// A form with pictures, each read from a file, and other fields.
  Json post_pictures(const std::string& path, const std::vector<std::string>& pictures,
                     const std::string& subject = {}) {
    const std::string line = "--vultus-example-boundary";  // no JPEG or PNG holds it by chance
    std::string body;
    if (!subject.empty())
      body += line + "\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\n" + subject + "\r\n";
    for (const std::string& picture : pictures)
      body += line + "\r\nContent-Disposition: form-data; name=\"image\"; filename=\"picture\"\r\n\r\n" +
              bytes_of(picture) + "\r\n";
    return post(path, "multipart/form-data; boundary=" + line.substr(2), body + line + "--\r\n");
  }

 private:
  std::string host_, key_;
  boost::asio::io_context context_;
  beast::tcp_stream stream_{context_};
  beast::flat_buffer buffer_;
};

void enrol(Server& server, const std::string& collection, const std::string& name,
           const std::vector<std::string>& pictures) {
  try {
    server.post("/v1/collections", "application/json", Json{{"collection", collection}}.dump());
  } catch (const std::runtime_error& refused) {
    if (!std::string(refused.what()).starts_with("collection_exists")) throw;
  }
  const Json report = server.post_pictures("/v1/collections/" + collection + "/faces", pictures, name);
  for (const Json& face : report.at("faces"))
    std::cout << pictures.at(face.at("image").get<std::size_t>() - 1) << "  " << face.at("result").get<std::string>()
              << (face.at("message").is_null() ? "" : "  " + face.at("message").get<std::string>()) << "\n";
}

void identify(Server& server, const std::string& collection, const std::string& picture) {
  const Json answer = server.post_pictures("/v1/collections/" + collection + "/identify", {picture});
  for (const Json& face : answer.at("faces"))
    std::cout << picture << "  " << (face.at("subject").is_null() ? "unknown" : face.at("subject").get<std::string>())
              << "  similarity " << face.at("similarity") << ", threshold " << face.at("threshold") << "\n";
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 5) {
    std::cerr << "usage: server_client HOST PORT KEY-FILE COLLECTION [--enrol NAME] PICTURE...\n";
    return 2;
  }
  std::string key = bytes_of(words[2]);
  while (!key.empty() && key.back() == '\n') key.pop_back();
  Server server(words[0], words[1], key);
  if (words[4] == "--enrol") {
    if (words.size() < 7) throw std::runtime_error("--enrol wants a name and pictures");
    enrol(server, words[3], words[5], {words.begin() + 6, words.end()});
  } else {
    for (std::size_t i = 4; i < words.size(); ++i) identify(server, words[3], words[i]);
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << "server_client: " << error.what() << "\n";
  return 1;
}
