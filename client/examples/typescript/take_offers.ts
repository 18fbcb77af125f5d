// take_offers ADDRESS CALLEE: takes every incoming call that is offered, and bridges it to CALLEE. It prints the events of all
// sessions, and goes on where it stopped.
import { connect, explain, follow } from "./events.js";
import { StartPosition } from "./gen/callbridge/v1/bridge_service_pb.js";
import { repeat } from "./repeat.js";

const [address, callee] = process.argv.slice(2);
const service = connect(address);
const callees = [{ endpoint: { kind: { case: "phone" as const, value: { number: callee } } } }];
const start = { case: "position" as const, value: StartPosition.NOW };
for await (const { sessionId, sequence, event } of follow(service, { start }, "offers.token")) {
  console.log(sessionId, sequence, event.case);
  // Without expireTime the service has rejected the call already.
  if (event.case !== "sessionOffered" || !event.value.expireTime) continue;
  const until = Number(event.value.expireTime.seconds) * 1000;
  const caller = { entry: { case: "offeredSessionId" as const, value: sessionId } };
  try {
    const request = { requestId: `take-${sessionId}`, caller, callees };
    await repeat(until, () => service.startBridge(request, { timeoutMs: 5000 }));
  } catch (error) { // OFFER_TAKEN or OFFER_GONE: another program was faster, or the caller left
    console.log(explain(error));
  }
}
