// What gRPC says of itself, in our log. By default it writes on standard error and waits for its
// reader, also when strangers make it speak.
#pragma once

namespace callbridge::webhook {

// From now on, for the whole process. Each of gRPC's places is told once a second, with a count.
void TakeGrpcLog();

}  // namespace callbridge::webhook
