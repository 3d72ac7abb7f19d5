"""The line in which runs of all users of a server wait: so many at a time, the rest with their place in it."""

from __future__ import annotations

import threading

AT_ONCE, MOST_WAITING = 1, 20  # one run uses every core; more at once only make all of them late


class Line:
    """Who runs and who waits, in order of coming."""

    def __init__(self, at_once: int = AT_ONCE, most: int = MOST_WAITING):
        self.at_once, self.most = at_once, most
        self.tickets: list[object] = []
        self.lock = threading.Lock()

    def join(self) -> object | None:
        """Return a ticket, None where the line is full."""
        with self.lock:
            if len(self.tickets) >= self.at_once + self.most:
                return None
            ticket = object()
            self.tickets.append(ticket)
            return ticket

    def place(self, ticket: object) -> int:
        """Return how many must leave before this ticket may run: 0 where it may, 0 too where it has left."""
        with self.lock:
            return max(0, self.tickets.index(ticket) + 1 - self.at_once) if ticket in self.tickets else 0

    def leave(self, ticket: object) -> None:
        """Give the place up, finished or not."""
        with self.lock:
            if ticket in self.tickets:
                self.tickets.remove(ticket)


LINE = Line()
