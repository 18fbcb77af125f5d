#include "tests/simulator/documents.h"

#include <absl/strings/numbers.h>

#include <algorithm>
#include <utility>

#include "tests/simulator/json_writer.h"

namespace callbridge::simulator {

Answer RefuseUnknownThing() { return RefuseRequest(404, "Resource was not found."); }

Answer RefuseFor(const std::string& field, const std::string& why) {
  return RefuseInvalid({{field, {why}}});
}

Document Keep(const simdjson::dom::object& body) {
  Document document;
  for (const auto member : body) {
    document[std::string(member.key)] = simdjson::minify(member.value);
  }
  return document;
}

std::string WriteDocument(const Document& document) {
  JsonWriter writer;
  writer.BeginObject();
  for (const auto& [name, json] : document) writer.Raw(name, json);
  writer.EndObject();
  return writer.Take();
}

std::string WriteId(const std::string& name, const std::string& id) {
  return WriteDocument({{name, QuoteJson(id)}});
}

Answer WriteDocumentPage(const ParsedRequest& request, std::vector<std::string> things) {
  std::ranges::reverse(things);
  const std::size_t page = NumberInQuery(request, "page", 0);
  const std::size_t size = NumberInQuery(request, "size", 20);
  std::string results;
  for (std::size_t index = page * size; index < std::min(things.size(), (page + 1) * size);
       ++index) {
    results += (results.empty() ? "" : ",") + things[index];
  }
  JsonWriter writer;
  writer.BeginObject();
  writer.Raw("results", "[" + results + "]");
  writer.BeginObject("paging");
  writer.Integer("page", static_cast<std::int64_t>(page));
  writer.Integer("size", static_cast<std::int64_t>(size));
  writer.Integer("totalPages", static_cast<std::int64_t>((things.size() + size - 1) / size));
  writer.Integer("totalResults", static_cast<std::int64_t>(things.size()));
  writer.EndObject();
  writer.EndObject();
  return {200, writer.Take(), ""};
}

std::size_t NumberInQuery(const ParsedRequest& request, const std::string& name,
                          std::size_t otherwise) {
  const auto found = request.target.query.find(name);
  std::size_t number = otherwise;
  if (found != request.target.query.end() && !absl::SimpleAtoi(found->second, &number)) {
    return otherwise;
  }
  return number;
}

bool IsUsed(const Documents& users, const std::string& member, const std::string& id) {
  return std::ranges::any_of(users.all, [&](const auto& user) {
    const auto found = user.second.find(member);
    return found != user.second.end() && found->second.find(QuoteJson(id)) != std::string::npos;
  });
}

Answer DeleteFrom(Documents& documents, const std::string& id, const std::string& id_name,
                  bool used) {
  if (!documents.Has(id)) return RefuseUnknownThing();
  if (used) return RefuseRequest(400, "Resource is in use.");
  std::erase_if(documents.all, [&](const auto& one) { return one.first == id; });
  return {200, WriteId(id_name, id), ""};
}

Answer GetFrom(Documents& documents, const std::string& id) {
  const Document* document = documents.Find(id);
  if (document == nullptr) return RefuseUnknownThing();
  return {200, WriteDocument(*document), ""};
}

}  // namespace callbridge::simulator
