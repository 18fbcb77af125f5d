package events

import (
	"context"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// backoff waits between half of a limit and the whole of it. The limit doubles from 0.2 s up to 5 s; 0 begins anew.
type backoff struct{ limit time.Duration }

func (b *backoff) wait(err error) {
	b.limit = min(max(2*b.limit, 200*time.Millisecond), 5*time.Second)
	_, _, retry := details(err)
	time.Sleep(max(b.limit/2+rand.N(b.limit/2), retry.GetRetryDelay().AsDuration()))
}

// Repeat calls again after UNAVAILABLE and after a timeout, up to this time. The request_id lets no telephone ring twice.
func Repeat(until time.Time, call func(context.Context) error) error {
	for again := (backoff{}); ; {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err := call(ctx)
		cancel()
		final := status.Code(err) != codes.Unavailable && status.Code(err) != codes.DeadlineExceeded
		if final || time.Now().After(until) {
			return err
		}
		again.wait(err)
	}
}
