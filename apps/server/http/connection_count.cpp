#include <apps/server/http/connection_count.hpp>

namespace vultus::server {

std::variant<std::unique_ptr<ConnectionCount::Place>, ConnectionCount::Full> ConnectionCount::enter(
    const std::string& address) {
  {
    const std::scoped_lock lock(mutex_);
    if (open_ >= in_all_) return Full::in_all;
    std::size_t& of_this = by_address_[address];
    if (of_address_ != 0 && of_this >= of_address_) return Full::of_address;
    ++of_this;
    ++open_;
  }
  return std::make_unique<Place>(shared_from_this(), address);
}

std::size_t ConnectionCount::open() const {
  const std::scoped_lock lock(mutex_);
  return open_;
}

void ConnectionCount::leave(const std::string& address) {
  const std::scoped_lock lock(mutex_);
  --open_;
  const auto found = by_address_.find(address);
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

}  // namespace vultus::server
