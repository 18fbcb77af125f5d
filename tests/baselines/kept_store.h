// A database that keeps sessions of other databases, row by row as they were written there, as if
// one server had run them all. For stores of one schema that no server uses.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "server/store/sqlite/connection.h"

namespace callbridge::baselines {

class KeptStore {
 public:
  // Makes the file, which must not be there, as a store of this service_id.
  KeptStore(const std::string& path, const std::string& service_id);

  // Adds the sessions with these ids, with all that belongs to them. Their ids and references must
  // not be in here yet.
  void Take(const std::string& path, const std::set<std::string>& session_ids);
  // One small file, without a log. The last call.
  void Close();

 private:
  void TakeSession(const std::string& session_id);
  // The rows of the session with the first key become rows of the second.
  void CopyRows(const std::string& table, std::int64_t from, std::int64_t to);

  const std::string path_;
  std::unique_ptr<store::Connection> connection_;
  // What the ids of the source's inputs are raised by.
  std::int64_t inputs_ = 0;
};

}  // namespace callbridge::baselines
