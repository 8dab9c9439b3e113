"""TAP from tests in Python: ok() for each claim, done() at the end."""
import sys

count = failed = 0


def ok(good, text, *why):
    """why: what a claim that does not hold is judged by."""
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, text), flush=True)
    for w in [] if good else why:
        for line in str(w)[:2000].splitlines():
            print("# " + (line if line.isprintable() else repr(line)))
    return good


def skip(text, why):
    global count
    count += 1
    print("ok %d - %s # SKIP %s" % (count, text, why), flush=True)


def done():
    """The plan, and the end."""
    print("1..%d" % count)
    sys.exit(1 if failed else 0)
