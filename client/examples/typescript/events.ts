// What every client of Callbridge needs: it follows events over all interruptions, and it explains errors.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { BridgeService, StreamEventsRequestSchema } from "./gen/callbridge/v1/bridge_service_pb.js";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { Backoff } from "./repeat.js";

const RECONNECT = [Code.Unavailable, Code.DeadlineExceeded, Code.Canceled, Code.Internal];

export function connect(address: string): Client<typeof BridgeService> {
  const keepalive = { pingIntervalMs: 30_000, pingTimeoutMs: 10_000, pingIdleConnection: true };
  return createClient(BridgeService, createGrpcTransport({ baseUrl: `http://${address}`, ...keepalive }));
}

// RESOURCE_EXHAUSTED without RetryInfo is a limit of gRPC, and comes again.
function mayResume(error: ConnectError): boolean {
  return RECONNECT.includes(error.code) || error.findDetails(RetryInfoSchema).length > 0 ||
    error.findDetails(ErrorInfoSchema).some((info) => info.reason === "READER_STALLED");
}

// Yields each event. tokenFile says what was handled: after a reconnect, and when the program starts again.
export async function* follow(service: Client<typeof BridgeService>,
                              request: MessageInitShape<typeof StreamEventsRequestSchema>, tokenFile: string) {
  for (const backoff = new Backoff();;) {
    if (existsSync(tokenFile)) request.start = { case: "resumeToken", value: readFileSync(tokenFile, "utf8") };
    try {
      for await (const { item, resumeToken } of service.streamEvents(request, { timeoutMs: 2_100_000 })) {
        backoff.reset();
        if (item.case === "event") yield item.value;
        // Better: in the transaction of what your program did with the event.
        if (resumeToken) {
          writeFileSync(`${tokenFile}.new`, resumeToken);
          renameSync(`${tokenFile}.new`, tokenFile);
        }
      }
      return;
    } catch (error) {
      if (!mayResume(ConnectError.from(error))) throw error;
      await backoff.wait(error);
    }
  }
}

// The code, the reason to switch over, the text for people, and the fields at fault.
export function explain(failure: unknown): string {
  const error = ConnectError.from(failure);
  const fields = error.findDetails(BadRequestSchema).flatMap((details) => details.fieldViolations);
  const reason = error.findDetails(ErrorInfoSchema)[0]?.reason ?? "";
  return [`${Code[error.code]} ${reason}: ${error.rawMessage}`, ...fields.map((at) => `${at.field}: ${at.description}`)].join("\n");
}
