"""chain_forge.py: ledgers made without any of our code: by the headers of lib/chain alone.

What it makes must be what calchain makes, byte for byte, and what it forges must be found.
Ed25519 is RFC 8032's own arithmetic, slow and plain: no key of these tests is worth anything."""
import base64
import hashlib
import json
import os
import shutil

# --- Ed25519 (RFC 8032, 5.1)

P = 2 ** 255 - 19
Q = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


def recover_x(y):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x & 1 else x


def plus(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    i, j, k, l = f - e, h - g, h + g, f + e
    return i * j % P, k * l % P, j * k % P, i * l % P


BASE_X = recover_x(BASE_Y)
POWERS = [(BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)]
for _ in range(255):
    POWERS.append(plus(POWERS[-1], POWERS[-1]))


def times_base(n):
    r, i = (0, 1, 1, 0), 0
    while n:
        if n & 1:
            r = plus(r, POWERS[i])
        n >>= 1
        i += 1
    return r


def compress(p):
    z = pow(p[2], P - 2, P)
    return (p[1] * z % P | (p[0] * z % P & 1) << 255).to_bytes(32, "little")


class Key:
    """A key pair from a word: the same on every run."""

    def __init__(self, word):
        self.seed = hashlib.sha256(b"otkit test key " + word.encode()).digest()
        h = hashlib.sha512(self.seed).digest()
        self.a = (int.from_bytes(h[:32], "little") & (1 << 254) - 8) | 1 << 254
        self.prefix = h[32:]
        self.public = compress(times_base(self.a))

    def sign(self, m):
        r = int.from_bytes(hashlib.sha512(self.prefix + m).digest(), "little") % Q
        big = compress(times_base(r))
        h = int.from_bytes(hashlib.sha512(big + self.public + m).digest(), "little") % Q
        return big + ((r + h * self.a) % Q).to_bytes(32, "little")

    def pem(self):
        der = bytes.fromhex("302e020100300506032b657004220420") + self.seed
        return ("-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n" %
                base64.b64encode(der).decode())

    def id(self, name, kind=1):
        return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]

    def vkey(self, name, kind=1):
        return "%s+%s+%s" % (name, self.id(name, kind).hex(),
                             base64.b64encode(bytes([kind]) + self.public).decode())


# --- notes (chain/note.h, chain/checkpoint.h)

def note_line(name, key_id, sig):
    return "\u2014 %s %s\n" % (name, base64.b64encode(key_id + sig).decode())


def head_text(origin, size, root, more=""):
    return "%s\n%s\n%s\n%s" % (origin, size, base64.b64encode(root).decode(), more)


def signed(text, name, key):
    return text + "\n" + note_line(name, key.id(name), key.sign(text.encode()))


def cosigned(text, name, key, at):
    sig = key.sign(b"cosignature/v1\ntime %d\n" % at + text.encode())
    return note_line(name, key.id(name, 4), at.to_bytes(8, "big") + sig)


# --- the tree (chain/merkle.h, chain/tile.h)

def sha(b):
    return hashlib.sha256(b).digest()


def leaf(line):
    return sha(b"\0" + sha(line))


def root_of(leaves):
    """RFC 6962, 2.1, level by level: a lone hash at the right goes up as it is."""
    v = list(leaves)
    if not v:
        return sha(b"")
    while len(v) > 1:
        up = [sha(b"\1" + v[i] + v[i + 1]) for i in range(0, len(v) - 1, 2)]
        v = up + ([v[-1]] if len(v) % 2 else [])
    return v[0]


def tile_name(level, n, width):
    name = "%03d" % (n % 1000)
    while n >= 1000:
        n //= 1000
        name = "x%03d/" % (n % 1000) + name
    return "tile/%s/%s%s" % (level, name, ".p/%d" % width if width < 256 else "")


def tiles_of(lines, size):
    """All tiles of the tree of this size."""
    out = {}
    entries = [sha(l) for l in lines[:size]]
    level, hashes = 0, [sha(b"\0" + e) for e in entries]
    for n in range(0, size, 256):
        part = entries[n:n + 256]
        out[tile_name("entries", n // 256, len(part))] = b"".join(b"\0\x20" + e for e in part)
    while hashes:
        for n in range(0, len(hashes), 256):
            part = hashes[n:n + 256]
            out[tile_name(level, n // 256, len(part))] = b"".join(part)
        hashes = [root_of(hashes[n:n + 256]) for n in range(0, len(hashes) - 255, 256)]
        level += 1
    return out


# --- records (chain/entry.h)

ZERO = "0" * 64


def stamp(second):
    import time
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000+0000", time.gmtime(second))


def line_of(seq, when, kind, author, key, prev, payload, clock="given", sign=True, digest=None,
            sig=None, head=None, key_id=None):
    """A record's line; digest, sig, head (all before the payload) and key_id to forge one."""
    if key_id is None and key is not None:
        key_id = key.id(author).hex()
    if head is None:
        head = '{"timestamp":"%s","event_type":"%s","seq":%s,"clock":"%s","author":"%s"%s,"prev":"%s"' % (
            when, kind, seq, clock, author, ',"key":"%s"' % key_id if sign else "", prev)
    body = head + ',"%s":%s' % (kind, payload)
    if isinstance(body, str):
        body = body.encode("utf-8", "surrogateescape")
    if digest is None:
        digest = sha(body).hex()
    body += b',"digest":"' + digest.encode() + b'"'
    if sign:
        if sig is None:
            sig = base64.b64encode(key.sign(b"otkit-record/v1\n" + digest.encode() + b"\n")).decode()
        body += b',"signature":"' + sig.encode() + b'"'
    return body + b"}"


START = 1767225600      # 2026-01-01T00:00:00Z


class Ledger:
    def __init__(self, origin="lab.example/cal", log="log", admin=("anna", "anna"), each=True, others=(),
                 fmt="otledger/1"):
        self.origin, self.each = origin, each
        self.log, self.admin, self.admin_name = Key(log), Key(admin[1]), admin[0]
        self.keys = [("log", self.log.vkey(origin)), ("admin", self.admin.vkey(admin[0]))]
        self.keys += [(role, Key(word).vkey(name)) for role, name, word in others]
        self.lines, self.heads, self.now = [], [], START
        self.times = []
        payload = json.dumps({"format": fmt, "origin": origin, "sign": "record" if each else "checkpoint",
                              "keys": [{"role": r, "vkey": v} for r, v in self.keys]}, separators=(",", ":"))
        self.add("ledger", payload, sign=True)
        self.seal()

    def add(self, kind, payload, author=None, key=None, sign=None, **forged):
        sign = (self.each or kind == "signer") if sign is None else sign
        prev = forged.pop("prev", sha(self.lines[-1]).hex() if self.lines else ZERO)
        author = author or self.admin_name
        when = forged.pop("when", stamp(self.now))
        seq = forged.pop("seq", len(self.lines) + 1)
        self.lines.append(line_of(seq, when, kind, author, key or self.admin, prev, payload, sign=sign, **forged))
        self.times.append(when)
        return self

    def note(self, text="x", **more):
        return self.add("note", json.dumps({"text": text}, separators=(",", ":")), **more)

    def notes(self, n):
        for i in range(n):
            self.note("n%d" % (len(self.lines) + 1))
        return self

    def signer(self, action, vkey, reason="a reason", author=None, key=None, **more):
        p = {"action": action}
        if "role" in more:
            p["role"] = more.pop("role")
        p["vkey"] = vkey
        for name in ("replaces", "since"):
            if name in more:
                p[name] = more.pop(name)
        p["reason"] = reason
        return self.add("signer", json.dumps(p, separators=(",", ":")), author=author, key=key, **more)

    def root(self, size=None):
        return root_of([leaf(l) for l in self.lines[:size]])

    def text(self, size=None, more=""):
        size = len(self.lines) if size is None else size
        return head_text(self.origin, size, self.root(size), more)

    def head(self, size=None, key=None):
        return signed(self.text(size), self.origin, key or self.log)

    def seal(self, key=None):
        self.heads.append((len(self.lines), self.head(key=key), self.times[-1]))
        return self

    def head_line(self, size, note, when, origin=None):
        return json.dumps({"timestamp": when, "event_type": "checkpoint", "checkpoint": {
            "origin": origin or self.origin, "size": size, "note": note}}, separators=(",", ":"),
            ensure_ascii=False).encode() + b"\n"

    def files(self):
        """What calchain leaves: partial tiles of earlier heads until there is a full one."""
        out = {"records.ndjson": b"".join(l + b"\n" for l in self.lines),
               "checkpoint": self.heads[-1][1].encode(),
               "checkpoints.ndjson": b"".join(self.head_line(*h) for h in self.heads)}
        tiles, before = {}, 0
        for size, _, _ in self.heads:
            for name, data in tiles_of(self.lines, size).items():
                level = name.split("/")[1]
                shift = 0 if level == "entries" else 8 * int(level)
                if ".p/" not in name or size >> shift != before >> shift or size == 1:
                    tiles[name] = data
            before = size
        for name in list(tiles):
            if ".p/" in name and name.split(".p/")[0] in tiles:
                del tiles[name]
        out.update(tiles)
        return out

    def write(self, folder, **instead):
        files = self.files()
        files.update({k.replace("__", "."): v for k, v in instead.items()})
        put(folder, files)
        return folder


def put(folder, files):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, data in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)


def read(folder):
    """All files of a folder: what may not change is compared by this."""
    out = {}
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            if os.path.islink(path) or not os.path.isfile(path):
                out[os.path.relpath(path, folder)] = None
            else:
                with open(path, "rb") as f:
                    out[os.path.relpath(path, folder)] = f.read()
    return out
