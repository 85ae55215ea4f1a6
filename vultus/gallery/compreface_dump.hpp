// The people in a plain PostgreSQL dump of a CompreFace installation. Our reading of its published schema.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus {

/// What is in a dump, before anything is taken from it.
struct ComprefaceContents {
  struct Collection {
    std::string name;  ///< of its recognition service; the key where it has none
    std::int64_t subjects = 0;
    std::int64_t faces = 0;
    bool operator==(const Collection&) const = default;
  };
  struct Calculator {
    int dimension = 0;  ///< of its embeddings
    std::int64_t faces = 0;
    bool operator==(const Calculator&) const = default;
  };
  std::map<std::string, Collection> collections;  ///< by API key
  std::map<std::string, Calculator> calculators;  ///< by name: which network made the embeddings
  std::int64_t pictures = 0;
  bool operator==(const ComprefaceContents&) const = default;
};

/// An embedding of a dump with its owner.
struct ComprefaceFace {
  std::string id;  ///< UUID of the embedding
  std::string subject;
  std::string collection;  ///< API key
  std::string calculator;
  std::vector<float> values;  ///< as they are stored, of any length
  std::string picture;        ///< UUID of its picture; empty = none is stored
};

/// A picture of a dump.
struct ComprefacePicture {
  std::string subject;
  std::string collection;
  std::string id;
  std::string bytes;  ///< of the file that was uploaded
};

struct ComprefaceVisitor {
  std::function<Status(const ComprefaceFace&)> face = nullptr;
  std::function<Status(const ComprefacePicture&)> picture = nullptr;
};

/// Reads a dump twice: names stand behind the embeddings.
/// @param dump  a stream that can be set back to its beginning
/// @param visitor  what is not wanted stays empty
/// @error corrupt_data  damaged or cut off, an embedding of an unknown subject: the message names the line
/// @error unsupported   no plain dump with COPY, or no tables of CompreFace 1.0 and later
[[nodiscard]] Result<ComprefaceContents> read_compreface_dump(std::istream& dump, const ComprefaceVisitor& visitor);

}  // namespace vultus
