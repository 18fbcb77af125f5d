"""take_offers.py ADDRESS CALLEE: takes every incoming call that is offered, and bridges it to CALLEE. It prints the events of
all sessions, and goes on where it stopped."""

import sys

import grpc

from callbridge.v1 import bridge_service_pb2 as api, plan_pb2 as plan
from callbridge.v1.bridge_service_pb2_grpc import BridgeServiceStub
from errors import explain
from events import KEEPALIVE, follow
from repeat import repeat


def main(address, callee):
    service = BridgeServiceStub(grpc.insecure_channel(address, KEEPALIVE))
    partner = plan.Callee(endpoint=plan.Endpoint(phone=plan.PhoneEndpoint(number=callee)))
    for event in follow(service, api.StreamEventsRequest(position=api.START_POSITION_NOW), "offers.token"):
        print(event.session_id, event.sequence, event.WhichOneof("event"), flush=True)
        # Without expire_time the service has rejected the call already.
        if event.HasField("session_offered") and event.session_offered.HasField("expire_time"):
            request = api.StartBridgeRequest(
                request_id=f"take-{event.session_id}", caller=plan.Caller(offered_session_id=event.session_id), callees=[partner])
            try:
                repeat(lambda: service.StartBridge(request, timeout=5), event.session_offered.expire_time.seconds)
            except grpc.RpcError as error:  # OFFER_TAKEN or OFFER_GONE: another program was faster, or the caller left
                print(explain(error), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
