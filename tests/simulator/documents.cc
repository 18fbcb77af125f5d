#include "tests/simulator/documents.h"

#include <algorithm>
#include <utility>

#include "tests/simulator/json_writer.h"

namespace callbridge::simulator {

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
  const Page page = PageOf(request);
  JsonWriter writer;
  writer.BeginObject();
  writer.Raw("results", WriteArray(things, page));
  WritePaging(writer, page, things.size());
  writer.EndObject();
  return {200, writer.Take(), ""};
}

std::string WriteArray(const std::vector<std::string>& things, const Page& page) {
  std::string items;
  for (std::size_t i = page.Begin(things.size()); i < page.End(things.size()); ++i) {
    items += (items.empty() ? "" : ",") + things[i];
  }
  return "[" + items + "]";
}

bool IsUsed(const Documents& users, const std::string& member, const std::string& id) {
  return std::ranges::any_of(users.all, [&](const auto& user) {
    const auto found = user.second.find(member);
    return found != user.second.end() && found->second.find(QuoteJson(id)) != std::string::npos;
  });
}

Answer DeleteFrom(Documents& documents, const std::string& id, const std::string& id_name,
                  bool used) {
  if (!documents.Has(id)) return RefuseUnknown();
  if (used) return RefuseRequest(400, "Resource is in use.");
  std::erase_if(documents.all, [&](const auto& one) { return one.first == id; });
  return {200, WriteId(id_name, id), ""};
}

Answer GetFrom(Documents& documents, const std::string& id) {
  const Document* document = documents.Find(id);
  if (document == nullptr) return RefuseUnknown();
  return {200, WriteDocument(*document), ""};
}

}  // namespace callbridge::simulator
