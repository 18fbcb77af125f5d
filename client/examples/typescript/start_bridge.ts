// start_bridge ADDRESS REQUEST_ID CALLER CALLEE: bridges two people, and prints what happens. Started again with the same
// REQUEST_ID it calls nobody a second time: it goes on where it stopped.
import { connect, explain, follow } from "./events.js";
import { StartPosition } from "./gen/callbridge/v1/bridge_service_pb.js";
import { repeat } from "./repeat.js";

const [address, requestId, caller, callee] = process.argv.slice(2);
const service = connect(address);
const phone = (number: string) => ({ kind: { case: "phone" as const, value: { number } } });
try {
  // After 30 s the bridge would no longer begin (start_before_time).
  const { session } = await repeat(Date.now() + 30_000, () => service.startBridge(
    { requestId, caller: { entry: { case: "dial", value: phone(caller) } }, callees: [{ endpoint: phone(callee) }] },
    { timeoutMs: 5000 }));
  const sessionId = session!.sessionId;
  const start = { case: "position" as const, value: StartPosition.BEGINNING };
  for await (const event of follow(service, { sessionId, start }, `${sessionId}.token`)) {
    console.log(event.sessionId, event.sequence, event.event.case);
  }
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
