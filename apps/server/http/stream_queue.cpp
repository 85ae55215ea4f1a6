#include <apps/server/http/stream_queue.hpp>

#include <utility>

namespace vultus::server {

class StreamQueue::Writer : public StreamWriter {
 public:
  explicit Writer(std::shared_ptr<StreamQueue> queue) : queue_(std::move(queue)) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() override { queue_->close(); }
  bool write(std::string bytes) override { return queue_->write(std::move(bytes)); }
  [[nodiscard]] std::size_t waiting() const override { return queue_->waiting(); }
  void close() override { queue_->close(); }
  void on_closed(std::function<void()> act) override { queue_->on_closed(std::move(act)); }

 private:
  std::shared_ptr<StreamQueue> queue_;
};

std::shared_ptr<StreamWriter> StreamQueue::writer() { return std::make_shared<Writer>(shared_from_this()); }

bool StreamQueue::write(std::string bytes) {
  {
    const std::scoped_lock lock(mutex_);
    if (end_ != End::open) return false;
    if (bytes.size() > limit_ - bytes_.size() - leaving_)
      end_ = End::overflown;
    else if (bytes_.empty())
      bytes_ = std::move(bytes);
    else
      bytes_ += bytes;
  }
  wake_();
  const std::scoped_lock lock(mutex_);
  return end_ == End::open;
}

std::size_t StreamQueue::waiting() const {
  const std::scoped_lock lock(mutex_);
  return bytes_.size() + leaving_;
}

void StreamQueue::close() {
  std::function<void()> forgotten;
  {
    const std::scoped_lock lock(mutex_);
    if (end_ != End::open) return;
    end_ = End::finished;
    by_producer_ = true;
    told_ = true;
    forgotten.swap(act_);
  }
  wake_();
}

void StreamQueue::on_closed(std::function<void()> act) {
  {
    const std::scoped_lock lock(mutex_);
    if (by_producer_) return;
    if (!told_) {
      act_ = std::move(act);
      return;
    }
  }
  act();
}

StreamQueue::Taken StreamQueue::take() {
  const std::scoped_lock lock(mutex_);
  leaving_ = bytes_.size();
  return {std::exchange(bytes_, {}), end_};
}

bool StreamQueue::is_overflown() const {
  const std::scoped_lock lock(mutex_);
  return end_ == End::overflown;
}

void StreamQueue::sent() {
  const std::scoped_lock lock(mutex_);
  leaving_ = 0;
}

void StreamQueue::end_by_server() {
  std::function<void()> act;
  {
    const std::scoped_lock lock(mutex_);
    if (told_) return;
    told_ = true;
    if (end_ == End::open) end_ = End::finished;
    act.swap(act_);
  }
  if (act) act();
}

}  // namespace vultus::server
