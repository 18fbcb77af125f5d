"""A server of the contract that refuses at first, because the demo's server cannot be made to do so at a chosen moment. It offers
two calls: one that it has rejected already, and one that can be taken for 20 s."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

REJECTED, OFFERED = "s_REJECTED", "s_OFFERED"


def too_many_streams():
    """RESOURCE_EXHAUSTED, with the time after which to come again."""
    detail = Any()
    detail.Pack(RetryInfo(retry_delay=Duration(nanos=1_000_000)))
    return rpc_status.to_status(Status(code=8, message="too many streams", details=[detail]))


class ReluctantServer:
    """generated: the folder of what buf makes for Python."""

    def __init__(self, generated):
        sys.path.insert(0, generated)
        from callbridge.v1 import bridge_service_pb2, bridge_service_pb2_grpc, event_pb2
        self.api, self.events = bridge_service_pb2, event_pb2
        # Every StreamEvents and StartBridge that came, in their order.
        self.streams, self.started = [], []
        self.over = threading.Event()
        self.server = grpc.server(ThreadPoolExecutor())
        bridge_service_pb2_grpc.add_BridgeServiceServicer_to_server(self, self.server)
        self.address = f"127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.server.stop(grace=None).wait()

    def __getattr__(self, name):
        if name[:1].isupper():  # a method of the contract that no example calls
            return None
        raise AttributeError(name)

    def StreamEvents(self, request, context):
        self.streams.append(request)
        if len(self.streams) == 1:
            context.abort_with_status(too_many_streams())
        rejected, offered = self.events.SessionOffered(), self.events.SessionOffered()
        offered.expire_time.seconds = int(time.time()) + 20
        for sequence, (session, offer) in enumerate([(REJECTED, rejected), (OFFERED, offered)], 1):
            event = self.events.SessionEvent(session_id=session, sequence=sequence, session_offered=offer)
            yield self.api.StreamEventsResponse(event=event, resume_token=f"after-{sequence}")
        self.over.wait()

    def StartBridge(self, request, context):
        self.started.append(request)
        if len(self.started) == 1:
            context.abort(grpc.StatusCode.UNAVAILABLE, "the server is stopping")
        return self.api.StartBridgeResponse()
