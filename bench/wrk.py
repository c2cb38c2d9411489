"""Runs wrk against an address and reads what it prints; reads what processes use from /proc. Linux only."""

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass
class Result:
    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int
    cpu: float = 0.0

    @property
    def rate(self):
        return self.requests / self.seconds

    @property
    def microseconds(self):
        """CPU time of the server for one request."""
        return self.cpu * 1e6 / max(self.requests, 1)


def run(address, pids, connections, seconds, headers=(), script=None):
    """Load `address` and return a Result with the CPU time that the processes `pids` took meanwhile."""
    command = ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{seconds}s"]
    for header in headers:
        command += ["-H", header]
    if script:
        command += ["-s", str(script)]
    before = cpu_seconds(pids)
    printed = subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout
    result = parsed(printed)
    result.cpu = cpu_seconds(pids) - before
    return result


def parsed(printed):
    requests, time, unit = re.search(r"(\d+) requests in ([\d.]+)(s|m)", printed).groups()
    seconds = float(time) * MILLISECONDS[unit] / 1000
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", printed)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", printed)
    errors = int(wrong[1]) if wrong else 0
    errors += sum(map(int, broken.groups())) if broken else 0
    return Result(int(requests), seconds, quantile(printed, 50), quantile(printed, 99), errors)


def quantile(printed, percent):
    number, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)", printed).groups()
    return float(number) * MILLISECONDS[unit]


def children(pid):
    """The processes that a process has started and that are alive."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def cpu_seconds(pids):
    """User and system time of processes since they began."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def share_of_a_core(pids, seconds):
    """CPU time that processes take within some seconds, in percent of one core; from the scheduler's own count, in nanoseconds."""

    def spent():
        tasks = [task for pid in pids for task in Path(f"/proc/{pid}/task").iterdir()]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)

    before, start = spent(), time.monotonic()
    time.sleep(seconds)
    return (spent() - before) / 1e7 / (time.monotonic() - start)


def megabytes(pid):
    """Memory that a process holds: resident, and of that what it shares with no other."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text() if Path(f"/proc/{pid}/smaps_rollup").exists() else ""
    private = sum(int(number) for number in re.findall(r"Private_\w+:\s+(\d+) kB", text)) / 1024
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024, private
