// The terms by which sessions are found without reading all of them: one for each label, each
// telephone number, the result, and the existence of an issue or a recording. A term is a hash, and
// two terms may have the same hash. Therefore the caller compares what it finds with the session.
#pragma once

#include <string>
#include <vector>

#include "callbridge/internal/v1/session.pb.h"
#include "server/store/rules/draft.h"

namespace callbridge::store {

Term LabelTerm(const std::string& key, const std::string& value);
Term ResultTerm(int result);
Term IssueTerm();
Term RecordedTerm();
// Returns the term of a telephone number, with or without "+".
Term NumberTerm(const std::string& number);

// True if the telephone number takes part in the session: as a person's number, or as the number
// that was called or shown. The number may be given with or without "+".
bool HasNumber(const internal::v1::Session& session, const std::string& number);

// True if clients see a recording of the session.
bool IsRecorded(const internal::v1::Session& session);

// Replaces the session's terms from before the commit by its present terms.
void ChangeTerms(Draft& tables, const TermRow& session, const internal::v1::Session& before,
                 const internal::v1::Session& after);

// A store of an earlier version has sessions without terms. Returns the id below which they stand;
// empty if all sessions have terms.
std::string TermsFrom(View& tables);
// Adds the terms of the next sessions that have none. Returns false if all sessions have terms.
bool AddMissingTerms(Transaction& tables);

}  // namespace callbridge::store
