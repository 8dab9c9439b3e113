#!/usr/bin/env python3
"""Each program, at the moment when it has read its first foreign byte: no new privileges, a seccomp
filter, Landlock where the kernel has it; none of that with --no-sandbox, which says so; and a
variable of the environment cannot ask for it."""
import ctypes
import fcntl
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time

BIN = os.environ.get("OTKIT_BIN", ".")
WAIT = 60          # seconds until a program is given up: never what is tested
count = failed = 0

VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
# "@" is the pipe that is read; the other files are made below.
RUNS = [
    ("otdissect", "@"),
    ("otdissect", "--meta", "@"),
    ("otdissect", "empty", "@"),
    ("otdissect", "-"),
    ("otcap", "-r", "@"),
    ("otcap", "-r", "@", "-w", "out.pcap"),
    ("otcap", "-r", "@", "-w", "folder/", "--rotate", "1h"),
    ("otcap", "extract", "--host", "192.0.2.1", "@"),
    ("otcap", "extract", "--packets", "@"),
    ("otcap", "extract", "--packets", "-", "empty"),
    ("otinv", "build", "@"),
    ("otinv", "build", "--state", "state", "@"),
    ("otinv", "build"),
    ("otinv", "show", "@"),
    ("otinv", "why", "x", "-"),
    ("otinv", "diff", "@", "empty"),
    ("otinv", "register", "--register", "register.csv", "@"),
    ("otinv", "vuln", "-c", "empty", "@"),
    ("otinv", "export", "-f", "csv", "@"),
    ("otinv", "export", "-f", "csv", "-o", "out.csv", "@"),
    ("otinv", "merge", "@"),
    ("calchain", "import", "--csv", "@"),
    ("calchain", "import", "--dcc", "@"),
    ("calchain", "append", "--dry-run", ".", "@"),
    ("calchain", "budget", "@"),
    ("calchain", "decide", "@"),
    ("calchain", "due", "@"),
    ("calchain", "status", "-"),
    ("calchain", "assess", "--instrument", "x", "@"),
    ("calchain", "assess", "--instrument", "x", "--uses", "@", "empty"),
    ("calchain", "on", "2026-11-22", "@"),
    ("calchain", "windows", "@"),
    ("calchain", "check", "--vkey", VKEY, "@"),
    ("nis2report", "gap", "@"),
    ("nis2report", "timeline", "@"),
    ("nis2report", "timeline", "--source", "log=syslog:@"),
    ("nis2report", "vendors", "@"),
    ("nis2report", "zones", "--site", "@"),
    ("nis2report", "classify", "@"),
    ("nis2report", "cra", "@"),
    ("nis2report", "check", "@"),
    ("nis2report", "diff", "@", "empty"),
    ("nis2report", "plan", "@"),
    ("nis2report", "klassa", "--site", "@"),
]


def ok(good, text, why=""):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, text))
    if not good and why:
        print("# " + str(why).replace("\n", "\n# "))
    sys.stdout.flush()


def skip(text, why):
    global count
    count += 1
    print("ok %d - %s # SKIP %s" % (count, text, why))


def waiting(fd):
    return struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0\0\0\0"))[0]


def status_of(pid):
    with open("/proc/%d/status" % pid) as f:
        return dict(x.rstrip("\n").split(":\t", 1) for x in f if ":\t" in x)


def program(args):
    return [os.path.abspath(os.path.join(BIN, args[0]))] + list(args[1:])


def hold(args, more=(), env=None, trace=None):
    """(status when the first byte has been read, what was said)"""
    for name in ("pipe", "out.pcap", "out.csv", "state"):
        if os.path.exists(name):
            os.unlink(name)
    os.mkfifo("pipe")
    at = 2 if args[1] in SUBCOMMANDS.get(args[0], ()) else 1
    words = program(args)
    words[at:at] = more
    named = any("@" in w for w in words[1:])
    if trace:
        words = ["strace", "-f", "-o", trace, "-e", "trace=landlock_restrict_self,seccomp"] + words
    p = subprocess.Popen([w.replace("@", "pipe") for w in words], stdin=subprocess.PIPE,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    status, end = None, time.monotonic() + WAIT
    fd = -1
    while named and fd < 0 and p.poll() is None and time.monotonic() < end:
        try:
            fd = os.open("pipe", os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.005)
    if not named:
        fd = p.stdin.fileno()
    if fd >= 0:
        try:
            os.write(fd, b"{")
            while waiting(fd) and p.poll() is None and time.monotonic() < end:
                time.sleep(0.005)
            if not waiting(fd) and p.poll() is None:
                status = status_of(p.pid)
        except OSError:
            pass
        if named:
            os.close(fd)
    if not trace:
        p.kill()        # what it makes of the rest is others' to test
    said = p.communicate()[1].decode("utf-8", "replace")
    return status, said


SUBCOMMANDS = {"otcap": ["extract"]}
for r in RUNS:
    if r[0] in ("otinv", "calchain", "nis2report"):
        SUBCOMMANDS.setdefault(r[0], []).append(r[1])

was = os.getcwd()
BIN = os.path.abspath(BIN)
tmp = tempfile.mkdtemp(prefix="otkit-confined-")
os.chdir(tmp)
try:
    with open("empty", "w"), open("register.csv", "w") as f:
        f.write("id;serial\nx;1\n")
    probe, said = hold(("otdissect", "@"))
    if not probe or "Seccomp" not in probe:
        print("1..0 # SKIP the kernel does not tell of seccomp")
        sys.exit(0)
    # a build for the sanitizers has no filter, and is told by its symbols
    if b"__asan_init" in open(program(("otdissect",))[0], "rb").read():
        print("1..0 # SKIP compiled without confinement")
        sys.exit(0)
    for args in RUNS:
        st, said = hold(args)
        ok(st and st["Seccomp"] == "2" and st["NoNewPrivs"] == "1" and "not confined" not in said,
           "confined: " + " ".join(args), "%s\n%s" % (st and st["Seccomp"], said))
        st, said = hold(args, ("--no-sandbox",))
        ok(st and st["Seccomp"] == "0" and said.count("not confined (--no-sandbox)\n") == 1 and
           said.startswith(args[0]), "not with --no-sandbox, which is said", "%s\n%s" % (st, said))

    env = dict(os.environ, OTKIT_NO_SANDBOX="1", NO_SANDBOX="1", OTKIT_SANDBOX="0", OTKIT_CONFINE="0")
    st, said = hold(("otdissect", "@"), env=env)
    ok(st and st["Seccomp"] == "2", "no variable of the environment turns it off", said)

    # what a capture's name is worth to who took the program over
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(444, None, 0, 1)
    if not shutil.which("strace"):
        skip("Landlock, before the filter", "no strace")
    elif version < 1:
        skip("Landlock, before the filter", "this kernel has no Landlock")
    elif subprocess.run(["strace", "-o", "/dev/null", "true"], stderr=subprocess.DEVNULL).returncode:
        skip("Landlock, before the filter", "strace may not trace here")
    else:
        firsts = {}
        for args in RUNS:
            firsts.setdefault(args[0], args)
        for args in firsts.values():
            hold(args, trace="log")
            calls = [x for x in open("log") if x.rstrip().endswith("= 0")]
            at = [i for i, x in enumerate(calls) if "landlock_restrict_self" in x]
            last = [i for i, x in enumerate(calls) if "SECCOMP_SET_MODE_FILTER, 0, {" in x]
            ok(at and last and at[0] < last[0], "%s: Landlock, then the filter" % args[0], calls)
            hold(args, ("--no-sandbox",), trace="log")
            text = open("log").read()
            ok("landlock_restrict_self" not in text and "seccomp" not in text,
               "%s: neither with --no-sandbox" % args[0], text)
finally:
    os.chdir(was)
    shutil.rmtree(tmp)
print("1..%d" % count)
sys.exit(1 if failed else 0)
