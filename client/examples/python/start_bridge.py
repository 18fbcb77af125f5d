"""start_bridge.py ADDRESS REQUEST_ID CALLER CALLEE: bridges two people, and prints what happens. Started again with the same
REQUEST_ID it calls nobody a second time: it goes on where it stopped."""

import sys
import time

import grpc

from callbridge.v1 import bridge_service_pb2 as api, plan_pb2 as plan
from callbridge.v1.bridge_service_pb2_grpc import BridgeServiceStub
from errors import explain
from events import KEEPALIVE, follow
from repeat import repeat


def phone(number):
    return plan.Endpoint(phone=plan.PhoneEndpoint(number=number))


def main(address, request_id, caller, callee):
    service = BridgeServiceStub(grpc.insecure_channel(address, KEEPALIVE))
    request = api.StartBridgeRequest(
        request_id=request_id, caller=plan.Caller(dial=phone(caller)), callees=[plan.Callee(endpoint=phone(callee))])
    try:
        # After 30 s the bridge would no longer begin (start_before_time).
        answer = repeat(lambda: service.StartBridge(request, timeout=5), time.time() + 30)
        session_id = answer.session.session_id
        story = api.StreamEventsRequest(session_id=session_id, position=api.START_POSITION_BEGINNING)
        for event in follow(service, story, f"{session_id}.token"):
            print(event.session_id, event.sequence, event.WhichOneof("event"), flush=True)
    except grpc.RpcError as error:
        sys.exit(explain(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
