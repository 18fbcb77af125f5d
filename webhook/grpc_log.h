// Writes gRPC's own messages to our log. By default gRPC writes to standard error and waits for its
// reader, even if strangers cause the messages.
#pragma once

namespace callbridge::webhook {

// Redirects the messages of the whole process from now on. Each source line of gRPC is logged up to
// once a second, with a count.
void TakeGrpcLog();

}  // namespace callbridge::webhook
