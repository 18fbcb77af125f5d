// A store that writes down what its callers were told: each answer that must be true for ever, as a
// promise of a few words, the moment it was given. It changes nothing and keeps nothing itself.
#pragma once

#include <functional>
#include <string>

#include "server/store/store.h"

namespace callbridge::store {

// Takes the words of a promise:
//   stored INPUT_ID                              an input waits, or was consumed
//   request REQUEST_ID SESSION_ID INPUT_ID       a request_id belongs to a session
//   committed SESSION_ID REVISION SEQUENCE       a commit of a session
//   event SESSION_ID SEQUENCE DIGEST             one event of it
//   issued SESSION_ID NUMBER ATTEMPT             one command of it
//   taken SESSION_ID NUMBER ATTEMPT              a command is in flight
//   settled SESSION_ID NUMBER ATTEMPT            its result is known
//   quarantined COUNT                            so many items more
// Others add their own: webhook KEY (answered 200), sent SESSION_ID NUMBER ATTEMPT (the first byte
// leaves).
using Witness = std::function<void(const std::string& words)>;

std::string DigestOf(const std::string& bytes);

// The witness must be thread-safe if the store is used so. The store must outlive it.
std::unique_ptr<Store> MakeWitnessedStore(Store& store, Witness witness);

}  // namespace callbridge::store
