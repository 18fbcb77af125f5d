// Package events is what every client of Callbridge needs: it follows events over all interruptions, and it reads errors.
package events

import (
	"time"

	api "example.com/bridge/gen/callbridge/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// Connect makes a client without TLS, as the demo's server is.
func Connect(address string) (api.BridgeServiceClient, error) {
	pings := keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second, PermitWithoutStream: true}
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithKeepaliveParams(pings))
	return api.NewBridgeServiceClient(connection), err
}
