package events

import (
	"fmt"

	api "example.com/bridge/gen/callbridge/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

// details reads ErrorInfo, BadRequest and RetryInfo. retry is nil if the server sent none.
func details(err error) (reason, fields string, retry *errdetails.RetryInfo) {
	for _, detail := range status.Convert(err).Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			reason = detail.Reason
		case *errdetails.BadRequest:
			for _, violation := range detail.FieldViolations {
				fields += fmt.Sprintf("\n%s: %s", violation.Field, violation.Description)
			}
		case *errdetails.RetryInfo:
			retry = detail
		}
	}
	return
}

// Explain is the code, the reason to switch over, the text for people, and the fields at fault.
func Explain(err error) string {
	reason, fields, _ := details(err)
	return fmt.Sprintf("%s %s: %s%s", status.Code(err), reason, status.Convert(err).Message(), fields)
}

// Print shows an event: its session, its number and its kind.
func Print(event *api.SessionEvent) {
	message := event.ProtoReflect()
	kind := message.WhichOneof(message.Descriptor().Oneofs().ByName("event"))
	fmt.Println(event.SessionId, event.Sequence, kind.Name())
}
