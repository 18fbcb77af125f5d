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
 * TakeOffers ADDRESS CALLEE takes every incoming call that is offered, and bridges it to CALLEE. It prints the events of all
 * sessions, and goes on where it stopped.
 */
class TakeOffers {
    public static void main(String[] arguments) throws Exception {
        var channel = NettyChannelBuilder.forTarget(arguments[0]).usePlaintext()
            .keepAliveTime(30, TimeUnit.SECONDS).keepAliveTimeout(10, TimeUnit.SECONDS).keepAliveWithoutCalls(true).build();
        var service = BridgeServiceGrpc.newBlockingStub(channel);
        var phone = PhoneEndpoint.newBuilder().setNumber(arguments[1]);
        var callee = Callee.newBuilder().setEndpoint(Endpoint.newBuilder().setPhone(phone));
        var now = StreamEventsRequest.newBuilder().setPosition(StartPosition.START_POSITION_NOW).build();
        Events.follow(service, now, Path.of("offers.token"), event -> {
            Events.print(event);
            // Without expire_time the service has rejected the call already.
            if (!event.hasSessionOffered() || !event.getSessionOffered().hasExpireTime()) return;
            var until = Instant.ofEpochSecond(event.getSessionOffered().getExpireTime().getSeconds());
            var offered = Caller.newBuilder().setOfferedSessionId(event.getSessionId());
            var request = StartBridgeRequest.newBuilder().setRequestId("take-" + event.getSessionId())
                .setCaller(offered).addCallees(callee).build();
            try {
                Backoff.repeat(until, () -> service.withDeadlineAfter(5, TimeUnit.SECONDS).startBridge(request));
            } catch (StatusRuntimeException error) { // OFFER_TAKEN or OFFER_GONE: another was faster, or the caller left
                System.out.println(Errors.explain(error));
            }
        });
    }
}
