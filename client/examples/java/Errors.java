import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;

/** What every client of Callbridge needs: it reads errors. */
class Errors {
    /** ErrorInfo, BadRequest or RetryInfo, if the server sent it. */
    static <T extends Message> Optional<T> detail(StatusRuntimeException error, Class<T> type) {
        try {
            for (var detail : StatusProto.fromThrowable(error).getDetailsList())
                if (detail.is(type)) return Optional.of(detail.unpack(type));
            return Optional.empty();
        } catch (InvalidProtocolBufferException broken) {
            return Optional.empty();
        }
    }

    /** The code, the reason to switch over, the text for people, and the fields at fault. */
    static String explain(StatusRuntimeException error) {
        var reason = detail(error, ErrorInfo.class).map(ErrorInfo::getReason).orElse("");
        var fields = new StringBuilder();
        for (var violation : detail(error, BadRequest.class).map(BadRequest::getFieldViolationsList).orElse(List.of()))
            fields.append("\n" + violation.getField() + ": " + violation.getDescription());
        return error.getStatus().getCode() + " " + reason + ": " + error.getStatus().getDescription() + fields;
    }
}
