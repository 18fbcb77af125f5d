// take_offers ADDRESS CALLEE: takes every incoming call that is offered, and bridges it to CALLEE. It prints the events of all
// sessions, and goes on where it stopped.
import { connect, explain, follow } from "./events.js";
import { StartPosition } from "./gen/callbridge/v1/bridge_service_pb.js";

const [address, callee] = process.argv.slice(2);
const service = connect(address);
const callees = [{ endpoint: { kind: { case: "phone" as const, value: { number: callee } } } }];
const start = { case: "position" as const, value: StartPosition.NOW };
for await (const { sessionId, sequence, event } of follow(service, { start }, "offers.token")) {
  console.log(sessionId, sequence, event.case);
  if (event.case !== "sessionOffered") continue;
  const caller = { entry: { case: "offeredSessionId" as const, value: sessionId } };
  try {
    await service.startBridge({ requestId: `take-${sessionId}`, caller, callees }, { timeoutMs: 5000 });
  } catch (error) { // OFFER_TAKEN or OFFER_GONE: another program was faster, or the caller left
    console.log(explain(error));
  }
}
