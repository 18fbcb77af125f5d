// start_bridge ADDRESS REQUEST_ID CALLER CALLEE bridges two people, and prints what happens. Started again with the
// same REQUEST_ID it calls nobody a second time: it goes on where it stopped.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"example.com/bridge/events"
	api "example.com/bridge/gen/callbridge/v1"
)

func phone(number string) *api.Endpoint {
	return &api.Endpoint{Kind: &api.Endpoint_Phone{Phone: &api.PhoneEndpoint{Number: number}}}
}

func run(address, requestID, caller, callee string) error {
	service, err := events.Connect(address)
	if err != nil {
		return err
	}
	request := &api.StartBridgeRequest{
		RequestId: requestID,
		Caller:    &api.Caller{Entry: &api.Caller_Dial{Dial: phone(caller)}},
		Callees:   []*api.Callee{{Endpoint: phone(callee)}},
	}
	var answer *api.StartBridgeResponse
	// After 30 s the bridge would no longer begin (start_before_time).
	err = events.Repeat(time.Now().Add(30*time.Second), func(ctx context.Context) (err error) {
		answer, err = service.StartBridge(ctx, request)
		return err
	})
	if err != nil {
		return err
	}
	session := answer.Session.SessionId
	beginning := &api.StreamEventsRequest_Position{Position: api.StartPosition_START_POSITION_BEGINNING}
	story := &api.StreamEventsRequest{SessionId: session, Start: beginning}
	return events.Follow(service, story, session+".token", events.Print)
}

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, events.Explain(err))
		os.Exit(1)
	}
}
