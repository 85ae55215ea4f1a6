// Statements that are prepared once and used again. Private to the rooms that keep their files in SQLite; not
// installed.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <vultus/sqlite/database.hpp>

namespace vultus::sqlite {

/// Keeps statements by their text. Thread-compatible, like its Database, which must outlive it.
class StatementPool {
 public:
  /// A statement that goes back, without parameters and rows, when this goes. The pool must outlive it.
  class Borrowed {
   public:
    Borrowed(StatementPool& pool, std::string sql, Statement statement)
        : pool_(&pool), sql_(std::move(sql)), statement_(std::move(statement)) {}
    Borrowed(Borrowed&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)),
          sql_(std::move(other.sql_)),
          statement_(std::move(other.statement_)) {}
    Borrowed& operator=(Borrowed&&) = delete;
    Borrowed(const Borrowed&) = delete;
    ~Borrowed() {
      if (pool_ == nullptr) return;
      statement_.reset();
      pool_->free_[std::move(sql_)].push_back(std::move(statement_));
    }
    [[nodiscard]] Statement& operator*() { return statement_; }
    [[nodiscard]] Statement* operator->() { return &statement_; }

   private:
    StatementPool* pool_;
    std::string sql_;
    Statement statement_;
  };

  explicit StatementPool(Database& database) : database_(&database) {}

  /// Ready for parameters. Two users of the same text at the same time get two statements.
  /// @error as Database::prepare
  Result<Borrowed> borrow(std::string_view sql) {
    std::string text(sql);
    if (const auto at = free_.find(text); at != free_.end() && !at->second.empty()) {
      Statement statement = std::move(at->second.back());
      at->second.pop_back();
      return Borrowed(*this, std::move(text), std::move(statement));
    }
    VULTUS_TRY(Statement statement, database_->prepare(sql));
    return Borrowed(*this, std::move(text), std::move(statement));
  }

 private:
  Database* database_;
  std::unordered_map<std::string, std::vector<Statement>> free_;
};

}  // namespace vultus::sqlite
