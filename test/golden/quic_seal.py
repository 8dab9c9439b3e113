"""Seals QUIC Initial packets as RFC 9001, 5 has it: for captures built by hand.

AES-128 and GCM in plain Python: slow, and nobody's secrets are in it."""
import hashlib
import hmac
import struct

SALT = {1: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", 0x6b3343cf: "0dede3def700a6db819381be6e269dcbf9bd2ed9",
        0xff00001d: "afbfec289993d24c9e9786f19c6111e04390a899", 0xff00001b: "c3eef712c72ebb5a11a7d2432bb46365bef9f502"}


def double(x):
    return (x << 1 ^ 0x11b if x & 0x80 else x << 1) & 0xff


def make_box():
    """The field's inverses by powers of 3, then the affine map."""
    exp, x = [], 1
    for _ in range(255):
        exp.append(x)
        x ^= double(x)
    box = [0x63]
    for v in range(1, 256):
        b = exp[(255 - exp.index(v)) % 255]
        for s in range(1, 5):
            b ^= (exp[(255 - exp.index(v)) % 255] << s | exp[(255 - exp.index(v)) % 255] >> (8 - s)) & 0xff
        box.append(b ^ 0x63)
    return box


BOX = make_box()


def aes(key, block):
    words, rcon = [list(key[i:i + 4]) for i in range(0, 16, 4)], 1
    for i in range(4, 44):
        w = words[-1]
        if i % 4 == 0:
            w = [BOX[b] for b in w[1:] + w[:1]]
            w[0] ^= rcon
            rcon = double(rcon)
        words.append([a ^ b for a, b in zip(words[i - 4], w)])
    mix = lambda s, n: [a ^ b for a, b in zip(s, sum(words[4 * n:4 * n + 4], []))]
    s = mix(list(block), 0)
    for n in range(1, 11):
        s = [BOX[s[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if n < 10:
            out = []
            for c in range(0, 16, 4):
                col = s[c:c + 4]
                t = col[0] ^ col[1] ^ col[2] ^ col[3]
                out += [col[i] ^ t ^ double(col[i] ^ col[(i + 1) % 4]) for i in range(4)]
            s = out
        s = mix(s, n)
    return bytes(s)


def ghash(h, data):
    y = 0
    for i in range(0, len(data), 16):
        x, z, v = y ^ int.from_bytes(data[i:i + 16], "big"), 0, h
        for bit in range(127, -1, -1):
            if x >> bit & 1:
                z ^= v
            v = v >> 1 ^ (0xe1 << 120 if v & 1 else 0)
        y = z
    return y.to_bytes(16, "big")


def gcm(key, nonce, aad, text):
    pad = lambda b: b + b"\0" * (-len(b) % 16)
    stream = b"".join(aes(key, nonce + struct.pack(">I", 2 + i)) for i in range((len(text) + 15) // 16))
    sealed = bytes(a ^ b for a, b in zip(text, stream))
    tag = ghash(int.from_bytes(aes(key, b"\0" * 16), "big"),
                pad(aad) + pad(sealed) + struct.pack(">QQ", len(aad) * 8, len(sealed) * 8))
    return sealed + bytes(a ^ b for a, b in zip(tag, aes(key, nonce + b"\0\0\0\1")))


def expand(secret, label, n):
    label = b"tls13 " + label
    info = struct.pack(">HB", n, len(label)) + label + b"\0"
    return hmac.new(secret, info + b"\1", hashlib.sha256).digest()[:n]


def initial(version, dcid, scid, number, frames, key_id=None, server=False, token=b""):
    """An Initial packet, sealed with the keys of key_id (dcid)."""
    secret = hmac.new(bytes.fromhex(SALT[version]), key_id or dcid, hashlib.sha256).digest()
    secret = expand(secret, b"server in" if server else b"client in", 32)
    word = b"quicv2 " if version == 0x6b3343cf else b"quic "
    key, iv, hp = (expand(secret, word + w, n) for w, n in ((b"key", 16), (b"iv", 12), (b"hp", 16)))
    first = 0xd3 if version == 0x6b3343cf else 0xc3
    pn = struct.pack(">I", number)
    head = (bytes([first]) + struct.pack(">I", version) + bytes([len(dcid)]) + dcid + bytes([len(scid)]) + scid +
            bytes([len(token)]) + token + struct.pack(">H", 0x4000 | 4 + len(frames) + 16) + pn)
    nonce = bytes(a ^ b for a, b in zip(iv, b"\0" * 8 + pn))
    sealed = gcm(key, nonce, head, frames)
    mask = aes(hp, sealed[:16])
    at = len(head) - 4
    return (bytes([first ^ mask[0] & 15]) + head[1:at] + bytes(a ^ b for a, b in zip(pn, mask[1:5])) + sealed)


def crypto(at, data):
    return b"\6" + struct.pack(">HH", 0x4000 | at, 0x4000 | len(data)) + data
