"""What every client of Callbridge needs: it reads errors."""

from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from grpc_status import rpc_status


def details(error):
    """ErrorInfo, BadRequest and RetryInfo. Each is empty if the server sent none."""
    parts = ErrorInfo(), BadRequest(), RetryInfo()
    for detail in getattr(rpc_status.from_call(error), "details", ()):
        any(detail.Unpack(part) for part in parts)
    return parts


def explain(error):
    """The code, the reason to switch over, the text for people, and the fields at fault."""
    info, bad_request, _ = details(error)
    fields = [f"\n{violation.field}: {violation.description}" for violation in bad_request.field_violations]
    return f"{error.code().name} {info.reason}: {error.details()}" + "".join(fields)
