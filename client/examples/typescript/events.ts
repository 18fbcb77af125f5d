// What every client of Callbridge needs: it follows events over all interruptions, and it reads errors.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { BridgeService, StreamEventsRequestSchema } from "./gen/callbridge/v1/bridge_service_pb.js";
import { BadRequestSchema, ErrorInfoSchema } from "./gen/google/rpc/error_details_pb.js";

const RECONNECT = [Code.Unavailable, Code.DeadlineExceeded, Code.Canceled, Code.Internal];

export function connect(address: string): Client<typeof BridgeService> {
  const keepalive = { pingIntervalMs: 30_000, pingTimeoutMs: 10_000 };
  return createClient(BridgeService, createGrpcTransport({ baseUrl: `http://${address}`, ...keepalive }));
}

// Yields each event. tokenFile says what was handled: after a reconnect, and when the program starts again.
export async function* follow(service: Client<typeof BridgeService>,
                              request: MessageInitShape<typeof StreamEventsRequestSchema>, tokenFile: string) {
  for (;;) {
    if (existsSync(tokenFile)) request.start = { case: "resumeToken", value: readFileSync(tokenFile, "utf8") };
    try {
      for await (const { item, resumeToken } of service.streamEvents(request, { timeoutMs: 2_100_000 })) {
        if (item.case === "event") yield item.value;
        // Better: in the transaction of what your program did with the event.
        if (resumeToken) {
          writeFileSync(`${tokenFile}.new`, resumeToken);
          renameSync(`${tokenFile}.new`, tokenFile);
        }
      }
      return;
    } catch (error) {
      if (!RECONNECT.includes(ConnectError.from(error).code)) throw error;
      await setTimeout(1000);
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
