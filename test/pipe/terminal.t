#!/usr/bin/python3
"""What the programs do where a terminal is: refuse to wait for one's typing,
refuse to fill it with bytes, show how far they are, and fit its width."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

from tap import done, ok

BIN = os.environ.get("OTKIT_BIN", ".")
LAB = "examples/lab.pcapng"
SITE = "examples/site.json"


def give(pipe, feed):
    """Bytes and pauses, from a thread of its own: the program may not take all at once."""
    try:
        for x in feed:
            if isinstance(x, bytes):
                pipe.write(x)
                pipe.flush()
            else:
                time.sleep(x)
        pipe.close()
    except BrokenPipeError:
        pass


def run(args, on=(), columns=80, env=None, feed=None, pauses=0):
    """Status, what came on the terminal, and on pipes. `on`: which of 0, 1, 2 is the
    terminal; `feed`: bytes and pauses for standard input; `pauses`: so often the
    reader of standard output is slow."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    pick = lambda fd, other: slave if fd in on else other
    e = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}
    e.update({"TERM": "xterm", "LC_ALL": "C.UTF-8"}, **(env or {}))
    p = subprocess.Popen([os.path.join(BIN, args[0])] + args[1:], env=e,
                         stdin=pick(0, subprocess.PIPE if feed else subprocess.DEVNULL),
                         stdout=pick(1, subprocess.PIPE), stderr=pick(2, subprocess.PIPE))
    os.close(slave)
    if feed:
        threading.Thread(target=give, args=(p.stdin, feed), daemon=True).start()
    fds = {master: b""}
    for f in (p.stdout, p.stderr):
        if f:
            fds[f.fileno()] = b""
    live, end, reads = set(fds), time.time() + 20, 0
    while live and time.time() < end:
        for fd in select.select(list(live), [], [], 0.2)[0]:
            if pauses and p.stdout and fd == p.stdout.fileno():
                reads += 1
                if reads % 10 == 0:     # now and then, so that progress is asked for between them
                    time.sleep(0.3)
                    pauses -= 1
            try:
                b = os.read(fd, 65536)
            except OSError:             # the other end of a terminal is closed
                b = b""
            fds[fd] += b
            if not b:
                live.discard(fd)
        if p.poll() is not None and live == {master} and not select.select([master], [], [], 0.1)[0]:
            break
    if p.poll() is None:
        p.kill()
    status = p.wait()
    text = lambda f: fds[f.fileno()].decode("utf-8", "replace") if f else ""
    out = (status, fds[master].decode("utf-8", "replace").replace("\r\n", "\n"), text(p.stdout), text(p.stderr))
    for f in (p.stdout, p.stderr):
        if f:
            f.close()
    os.close(master)
    return out


def main():
    with tempfile.TemporaryDirectory() as d:
        inv = os.path.join(d, "inv")
        events = subprocess.run([os.path.join(BIN, "otdissect"), LAB], stdout=subprocess.PIPE).stdout
        with open(inv, "wb") as f:
            subprocess.run([os.path.join(BIN, "otinv"), "build", "--site", SITE], input=events, stdout=f)

        # nobody types packets
        for args in (["otcap"], ["otdissect"], ["otinv", "build"], ["otinv", "show"], ["otinv", "merge"]):
            r = run(args, on=(0,))
            ok(r[0] == 2 and "no input" in r[3] and r[3].count("\n") == 1, "%s does not wait for a terminal" %
               " ".join(args), r)
        # nobody reads them either
        for form in ("pcap", "pcapng"):
            r = run(["otcap", "-r", LAB, "--format", form], on=(1,))
            ok(r[0] == 2 and "no use" in r[3] and r[1] == "", "otcap --format %s spares the terminal" % form, r)

        # colour
        r = run(["otcap", "-r", os.path.join(d, "none")], on=(2,))
        ok(r[0] == 2 and "\033[1;31motcap:\033[0m" in r[1], "a complaint has colour", r)
        r = run(["otcap", "-r", os.path.join(d, "none")], on=(2,), env={"NO_COLOR": "1"})
        ok(r[0] == 2 and "\033" not in r[1] and "No such file" in r[1], "unless NO_COLOR is set", r)
        r = run(["nis2report", "gap", "--site", SITE, inv], on=(1,))
        ok(r[0] == 1 and "\033[" in r[1], "nis2report: colour in text", r[1][:200])
        r = run(["nis2report", "gap", "--site", SITE, inv], on=(1,), env={"NO_COLOR": "1"})
        ok(r[0] == 1 and "\033" not in r[1], "nis2report: none with NO_COLOR", r[1][:200])

        # width
        plain = lambda t: re.sub("\033\\[[0-9;]*m", "", t)
        for columns in (60, 90, 140):
            r = run(["nis2report", "gap", "--site", SITE, inv], on=(1,), columns=columns)
            widest = max(len(x) for x in plain(r[1]).splitlines())
            ok(columns - 25 < widest <= columns, "nis2report fits %d columns" % columns, widest)
        wide = []
        table = lambda t: max(len(x) for x in plain(t).splitlines()[:-1])   # the last line is a sentence
        for columns in (80, 110, 140):
            r = run(["otinv", "show", inv], on=(1,), columns=columns)
            wide.append(table(r[1]))
            ok(r[0] == 0 and wide[-1] <= columns, "otinv show fits %d columns" % columns, wide[-1])
        ok(wide[0] < wide[1] < wide[2], "and uses what there is", wide)
        r = run(["otinv", "show", inv], on=(1,), columns=140, env={"COLUMNS": "80"})
        ok(table(r[1]) <= 80, "COLUMNS comes before the window")
        r = run(["otinv", "show", inv], on=(1,), columns=20)
        ok(r[0] == 0 and "AHU-2" in r[1], "a tiny window shows something", r)

        # how far it is: input that comes slowly
        with open(LAB, "rb") as f:
            data = f.read()
        half = len(data) // 2
        for program in ("otcap", "otdissect"):
            r = run([program], on=(2,), feed=[data[:half], 0.4, data[half:], 0.4])
            ok(r[0] == 0 and r[2].count('"event_type":"stats"') == 1, "%s: a slow input is read to its end" % program,
               r[0], r[1])
        big = os.path.join(d, "big")
        with open(big, "wb") as f:
            for _ in range(20):
                f.write(data)
        for program, args in (("otcap", ["-r"]), ("otdissect", [])):
            r = run([program] + args + [big], on=(2,), pauses=6)
            ok(re.search(r"\r%s: \S+big +\d+ %% [\d.]+ .?B, [\d.]+ .?B/s" % program, r[1]) is not None, "%s shows share, bytes and rate" % program, r[0], r[1][-300:])
            ok(r[0] == 0 and r[1].split("\r\033[K")[-1].count("\r") == 0, "%s takes them away at its end" % program, r[1][-300:])
        n = "{:,}".format(subprocess.run([os.path.join(BIN, "otcap"), "-r", LAB], stdout=subprocess.PIPE)
                          .stdout.count(b'"event_type":"packet"'))
        r = run(["otcap", "-r", LAB, "-w", os.path.join(d, "copy.pcapng")], on=(2,))
        ok(r[0] == 0 and "%s packets read, %s written" % (n, n) in r[1], "otcap says its totals to a terminal", r)
        r = run(["otdissect", LAB], on=(2,))
        ok(r[0] == 0 and re.search(n + r" packets, [\d,]+ events", r[1]) is not None, "so does otdissect", r[1])
        r = run(["otinv", "build", "--site", SITE], on=(2,), feed=[events])
        ok(r[0] == 0 and "assets" in r[1], "so does otinv build", r[1])

        # events appear one by one while packets come
        with open("test/golden/modbus/functions.pcap", "rb") as f:
            some = f.read()
        r = run(["otdissect"], on=(1,), feed=[some, 0.2])
        ok(r[0] == 0 and r[1].count("\n{") > 10 and r[1].startswith("{"), "events on a terminal are whole lines", r[1][:200])

        # a person's ^C: what was read is written
        for program in (["otcap"], ["otdissect"], ["otinv", "build"]):
            fifo = os.path.join(d, "fifo-" + program[0])
            os.mkfifo(fifo)
            name = [fifo] if program[0] != "otcap" else ["-r", fifo]
            p = subprocess.Popen([os.path.join(BIN, program[0])] + program[1:] + name,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            # read and write: does not wait for a reader, and is no end of the input
            f = os.open(fifo, os.O_RDWR)
            os.write(f, (some if program[0] != "otinv" else events)[:32768])
            threading.Timer(0.5, p.send_signal, [signal.SIGTERM]).start()
            try:
                out, err = p.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                p.kill()
                out, err = p.communicate()
            os.close(f)
            last = out.decode().strip().splitlines()[-1:] or [""]
            ok(p.returncode == 0 and '"event_type":"stats"' in last[0], "%s: SIGTERM ends it with all written" %
               " ".join(program), p.returncode, err, last[0][:200])
    done()


if __name__ == "__main__":
    try:
        for fd in pty.openpty():
            os.close(fd)
    except OSError as e:
        print("1..0 # SKIP no terminals here: %s" % e)
        sys.exit(0)
    main()
