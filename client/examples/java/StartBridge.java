import dev.callbridge.v1.BridgeServiceGrpc;
import dev.callbridge.v1.Callee;
import dev.callbridge.v1.Caller;
import dev.callbridge.v1.Endpoint;
import dev.callbridge.v1.PhoneEndpoint;
import dev.callbridge.v1.StartBridgeRequest;
import dev.callbridge.v1.StartPosition;
import dev.callbridge.v1.StreamEventsRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * StartBridge ADDRESS REQUEST_ID CALLER CALLEE bridges two people, and prints what happens. Started again with the same REQUEST_ID
 * it calls nobody a second time: it goes on where it stopped.
 */
class StartBridge {
    static Endpoint phone(String number) {
        return Endpoint.newBuilder().setPhone(PhoneEndpoint.newBuilder().setNumber(number)).build();
    }

    public static void main(String[] arguments) throws Exception {
        var channel = NettyChannelBuilder.forTarget(arguments[0]).usePlaintext()
            .keepAliveTime(30, TimeUnit.SECONDS).keepAliveTimeout(10, TimeUnit.SECONDS).keepAliveWithoutCalls(true).build();
        var service = BridgeServiceGrpc.newBlockingStub(channel);
        var request = StartBridgeRequest.newBuilder().setRequestId(arguments[1])
            .setCaller(Caller.newBuilder().setDial(phone(arguments[2])))
            .addCallees(Callee.newBuilder().setEndpoint(phone(arguments[3]))).build();
        try {
            // After 30 s the bridge would no longer begin (start_before_time).
            var answer = Backoff.repeat(Instant.now().plusSeconds(30),
                () -> service.withDeadlineAfter(5, TimeUnit.SECONDS).startBridge(request));
            var session = answer.getSession().getSessionId();
            var story = StreamEventsRequest.newBuilder().setSessionId(session)
                .setPosition(StartPosition.START_POSITION_BEGINNING).build();
            Events.follow(service, story, Path.of(session + ".token"), Events::print);
        } catch (StatusRuntimeException error) {
            System.err.println(Errors.explain(error));
            System.exit(1);
        }
    }
}
