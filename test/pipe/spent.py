"""What resource-*.t share: a program that is fed through a pipe, and what it took at most.

Memory is the kernel's peak of the child. That a child begins as a copy of this process
counts too, so nothing large is kept here; and what counts is the difference between a
size and four times that."""
import json
import os
import subprocess
import tempfile
import threading

from tap import ok, skip

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BIN = os.path.abspath(os.environ.get("OTKIT_BIN", TOP))
SANITIZED = os.environ.get("OTKIT_SANITIZED")
LIMIT = 120  # seconds: it ends, that is all


def diag(text):
    print("# " + text, flush=True)


class Ran:
    """status, mib (peak), seconds (CPU), lines and bytes out, last record, err"""


def run(args, pieces, cwd=None):
    """Runs args with the byte strings of pieces on its standard input."""
    r = Ran()
    r.lines = r.bytes = 0
    r.types, r.last, tail = {}, None, b""
    with tempfile.TemporaryFile() as err:
        p = subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, cwd=cwd)

        def feed():
            try:
                for b in pieces:
                    p.stdin.write(b)
                p.stdin.close()
            except BrokenPipeError:
                pass

        t = threading.Thread(target=feed, daemon=True)
        clock = threading.Timer(LIMIT, p.kill)
        clock.daemon = True
        t.start()
        clock.start()
        while True:
            b = p.stdout.read1(1 << 16)
            if not b:
                break
            r.bytes += len(b)
            r.lines += b.count(b"\n")
            tail = (tail + b)[-(1 << 16):]
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = r.status = os.waitstatus_to_exitcode(status)
        clock.cancel()
        t.join(5)
        err.seek(0)
        r.err = err.read(1 << 16).decode("utf-8", "replace")
    r.mib, r.seconds = usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime
    try:
        r.last = json.loads(tail.splitlines()[-1])
    except (IndexError, ValueError):
        pass
    return r


def flat(what, small, large, most, more=4):
    """The larger run took no more memory than the smaller, and never more than so many MiB."""
    diag("%s: %.1f and %.1f MiB, %.2f and %.2f s, %d lines" %
         (what, small.mib, large.mib, small.seconds, large.seconds, large.lines))
    if SANITIZED:
        skip(what, "memory is the sanitizer's")
        return
    ok(large.mib - small.mib < more and large.mib < most,
       "%s: memory stays, below %d MiB" % (what, most), small.mib, large.mib)
