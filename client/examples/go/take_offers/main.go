// take_offers ADDRESS CALLEE takes every incoming call that is offered, and bridges it to CALLEE. It prints the events of
// all sessions, and goes on where it stopped.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"example.com/bridge/events"
	api "example.com/bridge/gen/callbridge/v1"
)

func take(service api.BridgeServiceClient, session, callee string, until time.Time) error {
	phone := &api.Endpoint_Phone{Phone: &api.PhoneEndpoint{Number: callee}}
	request := &api.StartBridgeRequest{
		RequestId: "take-" + session,
		Caller:    &api.Caller{Entry: &api.Caller_OfferedSessionId{OfferedSessionId: session}},
		Callees:   []*api.Callee{{Endpoint: &api.Endpoint{Kind: phone}}},
	}
	return events.Repeat(until, func(ctx context.Context) error {
		_, err := service.StartBridge(ctx, request)
		return err
	})
}

func run(address, callee string) error {
	service, err := events.Connect(address)
	if err != nil {
		return err
	}
	now := &api.StreamEventsRequest_Position{Position: api.StartPosition_START_POSITION_NOW}
	return events.Follow(service, &api.StreamEventsRequest{Start: now}, "offers.token", func(event *api.SessionEvent) {
		events.Print(event)
		until := event.GetSessionOffered().GetExpireTime()
		if until == nil { // Of an offer: the service has rejected the call already.
			return
		}
		// OFFER_TAKEN or OFFER_GONE: another program was faster, or the caller left.
		if err := take(service, event.SessionId, callee, until.AsTime()); err != nil {
			fmt.Println(events.Explain(err))
		}
	})
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, events.Explain(err))
		os.Exit(1)
	}
}
