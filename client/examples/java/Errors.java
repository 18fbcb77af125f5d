import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** What every client of Callbridge needs: it reads errors. */
class Errors {
    /** The code, the reason to switch over, the text for people, and the fields at fault. */
    static String explain(StatusRuntimeException error) {
        var reason = "";
        var fields = new StringBuilder();
        try {
            for (var detail : StatusProto.fromThrowable(error).getDetailsList()) {
                if (detail.is(ErrorInfo.class)) reason = detail.unpack(ErrorInfo.class).getReason();
                if (detail.is(BadRequest.class))
                    for (var violation : detail.unpack(BadRequest.class).getFieldViolationsList())
                        fields.append("\n" + violation.getField() + ": " + violation.getDescription());
            }
        } catch (InvalidProtocolBufferException broken) {
            reason = "(unreadable)";
        }
        return error.getStatus().getCode() + " " + reason + ": " + error.getStatus().getDescription() + fields;
    }
}
