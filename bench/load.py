"""Requests over loopback: as fast as they are answered, or at their appointed times whatever the answers do."""

import dataclasses
import http.client
import random
import statistics
import threading
import time

HOST = "127.0.0.1"
CONNECTIONS = 4  # for the closed loop: enough to keep two processes busy
PATIENT_CONNECTIONS = 24  # for the open one: requests wait for the server, not for a connection


@dataclasses.dataclass(frozen=True)
class Latencies:
    """Milliseconds from the intended start; `lag`: how late the load itself set off, at its p95."""

    p50: float
    p95: float
    lag: float


def closed(port, page, count):
    """Ask `count` times over a few connections, each at once after its answer. Returns the seconds that it took."""
    started = time.perf_counter()
    run(CONNECTIONS, lambda connection, _number: ask(connection, page), port, iter(range(count)))
    return time.perf_counter() - started


def open_(port, page, *, rate, seconds):
    """Requests arrive at random at `rate` a second, as people do, and do not wait for each other."""
    starts, lags, latencies = iter(arrivals(rate, seconds)), [], []
    zero = time.perf_counter() + 0.05

    def at_its_time(connection, start):
        intended = zero + start
        time.sleep(max(0, intended - time.perf_counter()))
        lags.append(time.perf_counter() - intended)
        ask(connection, page)
        latencies.append(time.perf_counter() - intended)

    run(PATIENT_CONNECTIONS, at_its_time, port, starts)
    return Latencies(*(1000 * value for value in (statistics.median(latencies), p95(latencies), p95(lags))))


def arrivals(rate, seconds):
    """Moments of a Poisson process, the same every time."""
    rng, moment = random.Random(1), 0.0  # noqa: S311 - no secret
    while (moment := moment + rng.expovariate(rate)) < seconds:
        yield moment


def p95(values):
    return sorted(values)[int(len(values) * 0.95)]


def run(connections, step, port, turns):
    """Threads with a connection each take the turns one by one; the first failure is raised when all have ended."""
    lock, failures = threading.Lock(), []

    def work():
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        try:
            while not failures:
                with lock:
                    turn = next(turns, None)
                if turn is None:
                    break
                step(connection, turn)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def ask(connection, page):
    headers = {"Cookie": page["cookie"]} if page["cookie"] else {}
    if page["body"]:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    method = "POST" if page["body"] else "GET"
    try:
        response = answer(connection, method, page, headers)
    except (http.client.RemoteDisconnected, ConnectionResetError):  # a connection kept too long: once more
        connection.close()
        response = answer(connection, method, page, headers)
    if response.status >= (400 if page["body"] else 300):
        raise RuntimeError(f"{page['path']} answers {response.status}")


def answer(connection, method, page, headers):
    connection.request(method, page["path"], page["body"], headers)
    response = connection.getresponse()
    response.read()
    return response
