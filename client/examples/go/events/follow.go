package events

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	api "example.com/bridge/gen/callbridge/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

var reconnect = []codes.Code{codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Internal}

// mayResume: RESOURCE_EXHAUSTED without RetryInfo is a limit of gRPC, and comes again.
func mayResume(err error) bool {
	reason, _, retry := details(err)
	return slices.Contains(reconnect, status.Code(err)) || retry != nil || reason == "READER_STALLED"
}

// Follow hands each event to handle. The token file says what was handled: after a reconnect, and when the program starts
// again.
func Follow(service api.BridgeServiceClient, request *api.StreamEventsRequest, tokenFile string,
	handle func(*api.SessionEvent)) error {
	for again := (backoff{}); ; {
		if token, err := os.ReadFile(tokenFile); err == nil {
			request.Start = &api.StreamEventsRequest_ResumeToken{ResumeToken: string(token)}
		}
		err := followOnce(service, request, tokenFile, &again, handle)
		if errors.Is(err, io.EOF) {
			return nil
		} else if !mayResume(err) {
			return err
		}
		again.wait(err)
	}
}

func followOnce(service api.BridgeServiceClient, request *api.StreamEventsRequest, tokenFile string, again *backoff,
	handle func(*api.SessionEvent)) error {
	ctx, cancel := context.WithTimeout(context.Background(), 35*time.Minute)
	defer cancel()
	stream, err := service.StreamEvents(ctx, request)
	for err == nil {
		var message *api.StreamEventsResponse
		if message, err = stream.Recv(); err == nil {
			again.limit = 0
			if event := message.GetEvent(); event != nil {
				handle(event)
			}
			err = store(message.ResumeToken, tokenFile)
		}
	}
	return err
}
