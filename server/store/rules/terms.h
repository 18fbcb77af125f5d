// What sessions are found by without reading them all: a term for each label, each telephone
// number, the result, and whether there is an issue. A term is a hash: two of them may be the same
// number, so whatever is found is compared with the session.
#pragma once

#include <string>
#include <vector>

#include "callbridge/internal/v1/session.pb.h"
#include "server/store/rules/draft.h"

namespace callbridge::store {

Term LabelTerm(const std::string& key, const std::string& value);
Term ResultTerm(int result);
Term IssueTerm();
// With or without "+".
Term NumberTerm(const std::string& number);

// Somebody's or our own telephone number has a part in the session. With or without "+".
bool HasNumber(const internal::v1::Session& session, const std::string& number);

// Makes the session found by what it is now, and no longer by what it was.
void ChangeTerms(Draft& tables, const TermRow& session, const internal::v1::Session& before,
                 const internal::v1::Session& after);

// A store of an earlier version has sessions without terms: those below this id. Empty: all have
// theirs.
std::string TermsFrom(View& tables);
// Gives the next of them their terms. False: all have theirs.
bool AddMissingTerms(Transaction& tables);

// Drops a few sessions that have expired, with their terms and all that belongs to them. True:
// there may be more.
bool DropExpired(Transaction& tables, base::Time now, Draft& draft);

}  // namespace callbridge::store
