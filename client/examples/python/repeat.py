"""What every client of Callbridge needs: it asks again after a failure, and waits longer each time."""

import random
import time

import grpc
from errors import details


class Backoff:
    """Waits between half of a limit and the whole of it. The limit doubles from 0.2 s up to 5 s."""

    def __init__(self):
        self.limit = 0

    def reset(self):
        self.limit = 0

    def wait(self, error):
        self.limit = min(max(2 * self.limit, 0.2), 5)
        asked = details(error)[2].retry_delay.ToTimedelta().total_seconds()
        time.sleep(max(random.uniform(self.limit / 2, self.limit), asked))


def repeat(call, until):
    """Calls again after UNAVAILABLE and after a timeout, up to this time. The request_id lets no telephone ring twice."""
    backoff = Backoff()
    while True:
        try:
            return call()
        except grpc.RpcError as error:
            if error.code().name not in ("UNAVAILABLE", "DEADLINE_EXCEEDED") or time.time() >= until:
                raise
            backoff.wait(error)
