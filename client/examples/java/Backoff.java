import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** What every client of Callbridge needs: it asks again after a failure, and waits longer each time. */
class Backoff {
    private long limit = 0; // in ms

    void reset() { limit = 0; }

    /** Waits between half of the limit and the whole of it. The limit doubles from 0.2 s up to 5 s. */
    void sleep(StatusRuntimeException error) {
        limit = Math.min(Math.max(2 * limit, 200), 5000);
        var asked = Errors.detail(error, RetryInfo.class).map(RetryInfo::getRetryDelay);
        long askedMillis = asked.map(delay -> delay.getSeconds() * 1000 + delay.getNanos() / 1_000_000).orElse(0L);
        try {
            Thread.sleep(Math.max(ThreadLocalRandom.current().nextLong(limit / 2, limit), askedMillis));
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    /** Calls again after UNAVAILABLE and after a timeout, up to this time. The request_id lets no telephone ring twice. */
    static <T> T repeat(Instant until, Supplier<T> call) {
        for (var backoff = new Backoff();;) {
            try {
                return call.get();
            } catch (StatusRuntimeException error) {
                var code = error.getStatus().getCode();
                boolean mendable = code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
                if (!mendable || Instant.now().isAfter(until)) throw error;
                backoff.sleep(error);
            }
        }
    }
}
