"""The models of the benchmark on SimPy 2, a process each."""

import math
import random
import sys
import time
from collections import deque

from SimPy.Simulation import Process, activate, hold, initialize, now, passivate, reactivate, simulate


class Beat(Process):
    fired = 0
    beats = []

    def run(self, increment, victim):
        while True:
            yield hold, self, increment()
            Beat.fired += 1
            if victim is not None and Beat.beats[victim] is not self:
                self.cancel(Beat.beats[victim])
                reactivate(Beat.beats[victim], delay=increment())


class Warm(Process):
    began = 0

    def run(self):
        yield hold, self, 3
        Beat.fired, Warm.began = 0, time.process_time_ns()


def beats(n, events, cancels):
    state, table = 1, []
    for _ in range(1 << 16):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        table.append(-math.log(((state >> 11) + 0.5) * 2**-53))
    place = [0]

    def increment():
        place[0] = (place[0] + 1) % len(table)
        return table[place[0]]

    initialize()
    warm = Warm()
    activate(warm, warm.run())
    for i in range(n):
        beat = Beat()
        Beat.beats.append(beat)
        activate(beat, beat.run(increment, (i * 7919 + 1) % n if cancels and i % 2 == 0 else None))
    simulate(until=3 + events / n)
    print(Beat.fired, time.process_time_ns() - Warm.began, 0)


class Arrivals(Process):
    def run(self, line, server):
        while True:
            yield hold, self, random.expovariate(1)
            line.append(now())
            if len(line) == 1:
                reactivate(server)


class Server(Process):
    served, duration = 0, 0.0

    def run(self, line):
        while True:
            if not line:
                yield passivate, self
            yield hold, self, random.expovariate(1 / 0.8)
            Server.duration += now() - line.popleft()
            Server.served += 1


def mm1(events):
    random.seed(1)
    initialize()
    line, server, arrivals = deque(), Server(), Arrivals()
    activate(server, server.run(line))
    activate(arrivals, arrivals.run(line, server))
    began = time.process_time_ns()
    simulate(until=events / 2)
    print(2 * Server.served, time.process_time_ns() - began, Server.duration / Server.served)


if sys.argv[1] == "mm1":
    mm1(int(sys.argv[3]))
else:
    beats(int(sys.argv[2]), int(sys.argv[3]), sys.argv[1] == "cancel")
