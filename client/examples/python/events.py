"""What every client of Callbridge needs: it follows events over all interruptions."""

import os
from pathlib import Path

import grpc
from errors import details
from repeat import Backoff

KEEPALIVE = [("grpc.keepalive_time_ms", 30_000), ("grpc.keepalive_timeout_ms", 10_000),
             ("grpc.keepalive_permit_without_calls", 1), ("grpc.http2.max_pings_without_data", 0)]
RECONNECT = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "INTERNAL"}


def may_resume(error):
    """RESOURCE_EXHAUSTED without RetryInfo is a limit of gRPC, and comes again."""
    info, _, retry = details(error)
    return error.code().name in RECONNECT or retry.HasField("retry_delay") or info.reason == "READER_STALLED"


def follow(service, request, token_file):
    """Yields each event. token_file says what was handled: after a reconnect, and when the program starts again."""
    backoff = Backoff()
    while True:
        if os.path.exists(token_file):
            request.resume_token = Path(token_file).read_text()
        try:
            for message in service.StreamEvents(request, timeout=2100):
                backoff.reset()
                if message.HasField("event"):
                    yield message.event
                if message.resume_token:  # better: in the transaction of what your program did with the event
                    Path(f"{token_file}.new").write_text(message.resume_token)
                    os.replace(f"{token_file}.new", token_file)
            return
        except grpc.RpcError as error:
            if not may_resume(error):
                raise
            backoff.wait(error)
