"""How a test waits for what another program does."""

import time

SECONDS_MAX = 60


def wait_until(condition, what):
    """The first value of condition that is true."""
    end = time.monotonic() + SECONDS_MAX
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise TimeoutError(f"waited {SECONDS_MAX} s for {what}")
