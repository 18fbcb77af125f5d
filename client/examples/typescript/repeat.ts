// What every client of Callbridge needs: it asks again after a failure, and waits longer each time.
import { setTimeout } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { RetryInfoSchema } from "./gen/google/rpc/error_details_pb.js";

// Waits between half of a limit and the whole of it. The limit doubles from 0.2 s up to 5 s.
export class Backoff {
  private limit = 0; // in ms

  reset(): void { this.limit = 0; }

  async wait(error: unknown): Promise<void> {
    this.limit = Math.min(Math.max(2 * this.limit, 200), 5000);
    const asked = ConnectError.from(error).findDetails(RetryInfoSchema)[0]?.retryDelay;
    const askedMs = asked ? Number(asked.seconds) * 1000 + asked.nanos / 1_000_000 : 0;
    await setTimeout(Math.max(this.limit * (0.5 + Math.random() / 2), askedMs));
  }
}

// Calls again after UNAVAILABLE and after a timeout, up to this time in ms. The request_id lets no telephone ring twice.
export async function repeat<T>(until: number, call: () => Promise<T>): Promise<T> {
  for (const backoff = new Backoff();;) {
    try {
      return await call();
    } catch (error) {
      const mendable = [Code.Unavailable, Code.DeadlineExceeded].includes(ConnectError.from(error).code);
      if (!mendable || Date.now() > until) throw error;
      await backoff.wait(error);
    }
  }
}
