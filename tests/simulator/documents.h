// Answers made of what a client gave before: single things, pages of them, and refusals
// (docs/provider.md §1.3, §3.2). Knows nothing of any kind of thing.
#pragma once

#include <string>
#include <vector>

#include "tests/simulator/account.h"
#include "tests/simulator/answer.h"
#include "tests/simulator/paging.h"

namespace callbridge::simulator {

// All members of the body, each as JSON.
Document Keep(const simdjson::dom::object& body);
std::string WriteDocument(const Document& document);
// {"profileId": …}, as changes are answered.
std::string WriteId(const std::string& name, const std::string& id);
// A page of things that are written already, newest first.
Answer WriteDocumentPage(const ParsedRequest& request, std::vector<std::string> things);
// The things of the page, as an array.
std::string WriteArray(const std::vector<std::string>& things, const Page& page);

Answer RefuseFor(const std::string& field, const std::string& why);

Answer GetFrom(Documents& documents, const std::string& id);
// used: something refers to it, and it stays.
Answer DeleteFrom(Documents& documents, const std::string& id, const std::string& id_name,
                  bool used);
// True if a document of the collection refers to the id in the member.
bool IsUsed(const Documents& users, const std::string& member, const std::string& id);

}  // namespace callbridge::simulator
