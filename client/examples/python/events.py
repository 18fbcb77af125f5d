"""What every client of Callbridge needs: it follows events over all interruptions, and it reads errors."""

import os
import time
from pathlib import Path

import grpc
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from grpc_status import rpc_status

KEEPALIVE = [("grpc.keepalive_time_ms", 30_000), ("grpc.keepalive_timeout_ms", 10_000)]
RECONNECT = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "INTERNAL"}


def follow(service, request, token_file):
    """Yields each event. token_file says what was handled: after a reconnect, and when the program starts again."""
    while True:
        if os.path.exists(token_file):
            request.resume_token = Path(token_file).read_text()
        try:
            for message in service.StreamEvents(request, timeout=2100):
                if message.HasField("event"):
                    yield message.event
                if message.resume_token:  # better: in the transaction of what your program did with the event
                    Path(f"{token_file}.new").write_text(message.resume_token)
                    os.replace(f"{token_file}.new", token_file)
            return
        except grpc.RpcError as error:
            if error.code().name not in RECONNECT:
                raise
            time.sleep(1)


def explain(error):
    """The code, the reason to switch over, the text for people, and the fields at fault."""
    info, bad_request = ErrorInfo(), BadRequest()
    for detail in getattr(rpc_status.from_call(error), "details", ()):
        detail.Unpack(info) or detail.Unpack(bad_request)
    fields = [f"\n{violation.field}: {violation.description}" for violation in bad_request.field_violations]
    return f"{error.code().name} {info.reason}: {error.details()}" + "".join(fields)
