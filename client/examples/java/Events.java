import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.callbridge.v1.BridgeServiceGrpc.BridgeServiceBlockingStub;
import dev.callbridge.v1.SessionEvent;
import dev.callbridge.v1.StreamEventsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What every client of Callbridge needs: it follows events over all interruptions. */
class Events {
    private static final Set<Status.Code> RECONNECT =
        Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED, Status.Code.INTERNAL);

    /** RESOURCE_EXHAUSTED without RetryInfo is a limit of gRPC, and comes again. */
    private static boolean mayResume(StatusRuntimeException error) {
        return RECONNECT.contains(error.getStatus().getCode()) || Errors.detail(error, RetryInfo.class).isPresent()
            || Errors.detail(error, ErrorInfo.class).filter(info -> info.getReason().equals("READER_STALLED")).isPresent();
    }

    /** Hands on each event. The token file says what was handled: after a reconnect, and when the program starts again. */
    static void follow(BridgeServiceBlockingStub service, StreamEventsRequest request, Path tokenFile,
                       Consumer<SessionEvent> handle) throws IOException {
        for (var backoff = new Backoff();;) {
            var resumed = request.toBuilder();
            if (Files.exists(tokenFile)) resumed.setResumeToken(Files.readString(tokenFile));
            try {
                var stream = service.withDeadlineAfter(35, TimeUnit.MINUTES).streamEvents(resumed.build());
                while (stream.hasNext()) {
                    var message = stream.next();
                    backoff.reset();
                    if (message.hasEvent()) handle.accept(message.getEvent());
                    // Better: in the transaction of what your program did with the event.
                    if (message.getResumeToken().isEmpty()) continue;
                    var newFile = Files.writeString(Path.of(tokenFile + ".new"), message.getResumeToken());
                    Files.move(newFile, tokenFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                }
                return;
            } catch (StatusRuntimeException error) {
                if (!mayResume(error)) throw error;
                backoff.sleep(error);
            }
        }
    }

    static void print(SessionEvent event) {
        System.out.println(event.getSessionId() + " " + event.getSequence() + " " + event.getEventCase());
    }
}
