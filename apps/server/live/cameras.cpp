#include <apps/server/live/cameras.hpp>

#include <algorithm>
#include <utility>

#include <apps/server/data/random_hex.hpp>
#include <apps/server/live/outbound.hpp>

namespace vultus::server {

Status Cameras::load() {
  VULTUS_TRY(auto all, store_.all());
  const std::scoped_lock lock(lock_);
  for (CameraSettings& one : all) {
    const std::string id = one.id;
    cameras_[id] = std::make_shared<Camera>(std::move(one), around_);
  }
  return {};
}

void Cameras::start() {
  const std::scoped_lock lock(lock_);
  working_ = true;
  for (const auto& [id, camera] : cameras_)
    if (camera->settings().enabled) camera->start();
}

void Cameras::stop() {
  const std::scoped_lock changing(changing_);
  std::map<std::string, std::shared_ptr<Camera>> all;
  {
    const std::scoped_lock lock(lock_);
    working_ = false;
    all.swap(cameras_);
  }
  for (const auto& [id, camera] : all) {
    camera->ask_to_stop();
    camera->preview().close();
  }
  // Whoever still holds one holds one that does nothing.
  for (const auto& [id, camera] : all) camera->end();
}

std::vector<std::shared_ptr<Camera>> Cameras::list() const {
  std::vector<std::shared_ptr<Camera>> all;
  {
    const std::scoped_lock lock(lock_);
    for (const auto& [id, camera] : cameras_) all.push_back(camera);
  }
  std::ranges::sort(all, {}, [](const auto& one) { return std::pair(one->settings().created, one->settings().id); });
  return all;
}

std::shared_ptr<Camera> Cameras::find(const std::string& id) const {
  const std::scoped_lock lock(lock_);
  const auto at = cameras_.find(id);
  return at == cameras_.end() ? nullptr : at->second;
}

Status Cameras::check_source(const std::string& text) const {
  VULTUS_TRY(const CameraSource source, camera_source_from(text));
  if (const auto* url = std::get_if<TargetUrl>(&source))
    return around_.outbound->targets.check_host(url->host, url->port);
  if (const auto* device = std::get_if<DeviceSource>(&source))
    return around_.outbound->targets.check_device(device->name);
  VULTUS_TRY(const auto file, camera_file(around_.folder, std::get<FileSource>(source).name));
  static_cast<void>(file);
  return {};
}

std::shared_ptr<Camera> Cameras::put(CameraSettings settings) {
  auto camera = std::make_shared<Camera>(std::move(settings), around_);
  std::shared_ptr<Camera> before;
  {
    const std::scoped_lock lock(lock_);
    before = std::exchange(cameras_[camera->settings().id], camera);
  }
  if (before != nullptr) {
    before->ask_to_stop();
    before->preview().close();
    before->end();  // two at one source are one too many
  }
  const std::scoped_lock lock(lock_);
  if (working_ && camera->settings().enabled) camera->start();
  return camera;
}

Result<std::shared_ptr<Camera>> Cameras::add(CameraSettings settings) {
  const std::scoped_lock changing(changing_);
  {
    const std::scoped_lock lock(lock_);
    if (cameras_.size() >= most_)
      return fail(ErrorCode::resource_limit, std::to_string(most_) + " cameras are there, which is the limit");
  }
  settings.id = random_hex();
  VULTUS_CHECK(store_.put(settings));
  return put(std::move(settings));
}

Result<std::shared_ptr<Camera>> Cameras::change(CameraSettings settings) {
  const std::scoped_lock changing(changing_);
  if (find(settings.id) == nullptr) return fail(ErrorCode::not_found, "no camera " + settings.id);
  VULTUS_CHECK(store_.put(settings));
  return put(std::move(settings));
}

Status Cameras::remove(const std::string& id) {
  const std::scoped_lock changing(changing_);
  std::shared_ptr<Camera> gone;
  {
    const std::scoped_lock lock(lock_);
    const auto at = cameras_.find(id);
    if (at == cameras_.end()) return fail(ErrorCode::not_found, "no camera " + id);
    gone = at->second;
  }
  VULTUS_CHECK(store_.remove(id));
  {
    const std::scoped_lock lock(lock_);
    cameras_.erase(id);
  }
  gone->ask_to_stop();
  gone->preview().close();
  gone->end();
  return {};
}

}  // namespace vultus::server
