"""How long the program tries before it gives up: numbers, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something is tried again, and how long it may be silent.

    The defaults keep on for one minute when the network breaks, and for up to five when a service
    says that it is busy.

    Attributes:
        tries: requests in a row that bring nothing before a transfer gives up.
        busy_tries: the same, where the service answers that it is busy.
        screen_tries: the same, where a person waits for a list and can ask again.
        first_pause_s: after the first failure at most; each further one doubles it.
        longest_pause_s: no pause is longer.
        shared_pause_s: so long at most one refused request holds up all others of the service.
        connect_timeout_s: for a connection to be made, and for each piece of a body to be taken.
        read_timeout_s: without a byte before a connection is given up.
        restarts: times a transfer begins anew because the object was replaced, or the upload ended,
            by somebody else.
        renewal_s: the provider of credentials is asked again once in so many seconds.
        worth_keeping_s: a download that seems to take longer is kept on the disk as it comes, so
            that it can be gone on with; a shorter one is quicker without.
    """

    tries: int = 8
    busy_tries: int = 12
    screen_tries: int = 4
    first_pause_s: float = 0.5
    longest_pause_s: float = 60.0
    shared_pause_s: float = 5.0
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 30.0
    restarts: int = 3
    renewal_s: float = 60.0
    worth_keeping_s: float = 30.0

    def pause_s(self, failures: int, luck: float) -> float:
        """Seconds to wait after so many failures in a row.

        Args:
            luck: from 0 to 1, drawn for each pause: who fails together must not return together.
        """
        longest = min(self.first_pause_s * 2.0 ** (failures - 1), self.longest_pause_s)
        return longest * (1 + luck) / 2
