#!/usr/bin/python3
"""calchain prove and check: proofs that need no ledger (C2SP tlog-proof), and other people's readers of the tree."""
import base64
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kept_ledgers import (  # noqa: E402
    ORIGIN, append, b64, get, key, leaf, lines, make, must, path, put, root, run, sha256,
    vkeys)
from tap import done, ok, skip  # noqa: E402

key(ORIGIN, 'log')
key(ORIGIN, 'other')
key('anna', 'anna')
key('witness.example/w1', 'w1', '--witness')
os.mkdir(path('state'))
ledger = make('l', 9)
put('old', get('l/checkpoint'))
append('l', *('more %d' % i for i in range(290)), args=('--every', '50'))
answer = must('witness', 'answer', '-k', path('w1.pem'), '-n', 'witness.example/w1', '-s', path('state'), '-t',
              path('log.vkey'), data=must('witness', 'request', ledger))
must('witness', 'accept', '-t', path('w1.vkey'), ledger, data=answer)
records = lines('l/records.ndjson')
leaves = [leaf(x) for x in records]
head = get('l/checkpoint')
trust = ('-t', path('log.vkey'))


def audit(m, d):
    """PATH(m, D[n]) of RFC 6962, 2.1.1, as it is written there."""
    n = len(d)
    if n <= 1:
        return []
    k = 1
    while k * 2 < n:
        k *= 2
    if m < k:
        return audit(m, d[:k]) + [root(d[k:])]
    return audit(m - k, d[k:]) + [root(d[:k])]


def grown(m, d, whole=True):
    """SUBPROOF(m, D[n], b) of RFC 6962, 2.1.2."""
    n = len(d)
    if m == n:
        return [] if whole else [root(d)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return grown(m, d[:k], whole) + [root(d[k:])]
    return grown(m - k, d[k:], False) + [root(d[:k])]


def check(proof, *args, data=b''):
    return run('check', *args, put('p.tlog-proof', proof), data=data)


for seq in (1, 2, 11, 256, 257, 300):
    p = must('prove', '-r', str(seq), ledger)
    want = 'c2sp.org/tlog-proof@v1\nindex %d\n' % (seq - 1) + ''.join(b64(h) + '\n' for h in audit(seq - 1, leaves)) + '\n'
    ok(p == want.encode() + head, 'record %d: the proof is that of RFC 6962, 2.1.1' % seq, p, want)
    s, out, err = check(p, *trust, '-r', '-', data=records[seq - 1] + b'\n')
    ok(s == 0 and b'record %d (' % seq in out, 'it is proved', s, out, err)
for old in (1, 2, 3, 10, 255, 256, 257, 299):
    p = must('prove', '-g', str(old), ledger)
    want = 'old %d\n' % old + ''.join(b64(h) + '\n' for h in grown(old, leaves)) + '\n'
    ok(p == want.encode() + head, 'from %d: the proof is that of RFC 6962, 2.1.2' % old, p, want)
p = must('prove', '-g', '10', ledger)
s, out, err = check(p, *trust, '-o', path('old'))
ok(s == 0 and b'the 300 records of ' + ORIGIN.encode() + b' begin with the 10 of' in out, 'grown from an older head', s, out,
   err)
p = must('prove', '-r', '7', '-s', '50', ledger)
ok(p.endswith(b'\n50\n' + p.split(b'\n50\n')[1]) and check(p, *trust, '--sha256', sha256(records[6]).hex())[0] == 0,
   'against an earlier head, by the line\'s SHA-256', p)
with_ = must('prove', '-r', '7', '-w', ledger)
ok(b'extra ' + base64.b64encode(records[6]) + b'\nindex 6\n' in with_, 'the record within the proof')
s, out, err = check(with_, *trust, '-t', path('anna.vkey'), '-t', path('w1.vkey'), '-n', '1')
ok(s == 0 and b'anna, who signed it' in out and b'seen by witness.example/w1 at' in out, 'who signed it, who saw it', out, err)

# --- what does not prove it
p = must('prove', '-r', '7', ledger)
hash_ = audit(6, leaves)[2]
this = ('--sha256', sha256(records[6]).hex())
for what, proof, args in (
        ('another record', p, ('--sha256', sha256(records[7]).hex())),
        ('another place', p.replace(b'index 6', b'index 7'), this),
        ('a place that is not there', p.replace(b'index 6', b'index 300'), this),
        ('another hash', p.replace(b64(hash_).encode(), b64(sha256(b'x')).encode()), this),
        ('a hash too few', p.replace(b64(hash_).encode() + b'\n', b''), this),
        ('a hash too many', p.replace(b64(hash_).encode() + b'\n', 2 * (b64(hash_).encode() + b'\n')), this),
        ('another size', p.replace(b'\n300\n', b'\n299\n'), this),
        ('another root', p.replace(b64(root(leaves)).encode(), b64(sha256(b'y')).encode()), this)):
    s, out, err = check(proof, *trust, *args)
    ok(s == 1 and b'not proved' in out, 'no proof: ' + what, s, out, err)
s, out, err = check(p, '-t', path('other.vkey'), *this)
ok(s == 1 and b'no key of' in out, 'a log whose key is not trusted', out)
s, out, err = check(p, '-t', path('w1.vkey'), *this)
ok(s == 1, 'a witness alone is no log', out)
s, out, err = check(p, *trust, '-n', '1', *this)
ok(s == 1 and b'0 trusted witnesses' in out, 'witnesses that are asked for', out)
changed = records[6].replace(b'number 5', b'number 6')
s, out, err = check(p, *trust, '-r', put('r', changed))
ok(s == 1 and b'digest' in out, 'a record that was changed', out)
s, out, err = check(p, *trust, '-r', put('r', records[7]))
ok(s == 1 and b'the record is number 8' in out, 'a record of another number', out)
g = must('prove', '-g', '10', ledger)
for what, proof in (('another hash', g.replace(b64(grown(10, leaves)[1]).encode(), b64(sha256(b'x')).encode())),
                    ('another old size', g.replace(b'old 10', b'old 9'))):
    s, out, err = check(proof, *trust, '-o', path('old'))
    ok(s == 1 and b'not proved' in out, 'not grown: ' + what, s, out, err)
make('m', 9)
s, out, err = check(g, *trust, '-o', path('m', 'checkpoint'))
ok(s == 1 and b'written anew, or there are two' in out, 'not grown: another history', s, out, err)
for junk in (b'', b'x\n', b'c2sp.org/tlog-proof@v1\n', b'c2sp.org/tlog-proof@v1\nindex 01\n\n' + head, b'old\n\n' + head,
             p[:-1], p + b'\n', b'c2sp.org/tlog-proof@v1\nextra \nindex 1\n\n' + head, b'old 1\n' + 64 * (b'A' * 43 + b'=\n') +
             b'\n' + head):
    s, out, err = check(junk, *trust, *this)
    ok(s == 2 and err.count('\n') == 1 and out == b'', 'no proof at all: %r' % junk[:30], s, out, err)
for args, text in ((('prove', ledger), 'prove what?'), (('prove', '-r', '0', ledger), 'records 1 to 300'),
                   (('prove', '-r', '301', ledger), 'records 1 to 300'), (('prove', '-g', '301', ledger), 'fewer than 301'),
                   (('prove', '-r', '1', '-s', '59', ledger), 'no head of 59'), (('prove', '-r', 'x', ledger), 'a number'),
                   (('prove', '-r', '1', '-g', '1', ledger), 'two proofs'), (('check', path('old')), 'whose signature')):
    s, out, err = run(*args)
    ok(s == 2 and text in err and err.count('\n') == 1, 'says "%s"' % text, s, err)
# a tree that is not that of the head proves nothing
b = bytearray(get('l/tile/0/000'))
b[64] ^= 1
put('l/tile/0/000', bytes(b))
s, out, err = run('prove', '-r', '7', ledger)
ok(s == 2 and out == b'' and 'do not give' in err, 'a tile that was changed', err)
b[64] ^= 1
put('l/tile/0/000', bytes(b))

# --- golang.org/x/mod reads the same files: notes, tiles, proofs (Debian: golang-golang-x-mod-dev)
READER = r'''package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Tiles of height 8 as C2SP names them: tile/<L>/<N>.
type files struct{ dir string }

func (f files) Height() int { return 8 }
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		var old, height int
		p := t.Path()
		if n, _ := fmt.Sscanf(p, "tile/%d/%d/", &height, &old); n != 2 {
			return nil, fmt.Errorf("path %s", p)
		}
		p = "tile" + p[len(fmt.Sprintf("tile/%d", height)):]
		b, err := os.ReadFile(filepath.Join(f.dir, p))
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}
func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func must(err error) {
	if err != nil {
		fmt.Println("not ok", err)
		os.Exit(1)
	}
}

func main() {
	dir := os.Args[1]
	head, err := os.ReadFile(dir + "/checkpoint")
	must(err)
	v, err := note.NewVerifier(os.Args[2])
	must(err)
	n, err := note.Open(head, note.VerifierList(v))
	must(err)
	var origin string
	var size int64
	var text string
	_, err = fmt.Sscanf(n.Text, "%s\n%d\n%s\n", &origin, &size, &text)
	must(err)
	root, err := tlog.ParseHash(text)
	must(err)
	// every leaf is read through the tiles, which are checked against the root
	r := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, files{dir})
	lines, err := os.ReadFile(dir + "/records.ndjson")
	must(err)
	records := bytes.Split(bytes.TrimSuffix(lines, []byte("\n")), []byte("\n"))
	if int64(len(records)) != size {
		must(fmt.Errorf("%d records", len(records)))
	}
	for i, line := range records {
		sum := sha256.Sum256(line)
		h := tlog.RecordHash(sum[:])
		proof, err := tlog.ProveRecord(size, int64(i), r)
		must(err)
		must(tlog.CheckRecord(proof, size, root, int64(i), h))
	}
	for old := int64(1); old <= size; old++ {
		was, err := tlog.TreeHash(old, r)
		must(err)
		proof, err := tlog.ProveTree(size, old, r)
		must(err)
		must(tlog.CheckTree(proof, size, root, old, was))
	}
	fmt.Println("read", origin, size)
}
'''
GO = '/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog'
if not shutil.which('go') or not os.path.isdir(GO):
    skip('golang.org/x/mod reads the ledger', 'go or golang-golang-x-mod-dev is not installed')
else:
    os.makedirs(path('go', 'src', 'reader'))
    put('go/src/reader/main.go', READER)
    env = dict(os.environ, GOPATH=path('go') + ':/usr/share/gocode', GO111MODULE='off', GOFLAGS='',
               GOCACHE=path('gocache'), HOME=path(''))
    p = subprocess.run(['go', 'build', '-o', path('reader'), 'reader'], capture_output=True, env=env)
    if p.returncode != 0:
        ok(False, 'golang.org/x/mod: the reader is built', p.stderr.decode())
    else:
        p = subprocess.run([path('reader'), ledger, vkeys['log']], capture_output=True)
        ok(p.returncode == 0 and p.stdout == b'read %s 300\n' % ORIGIN.encode(), 'golang.org/x/mod reads note and tiles, and '
           'proves every record and every growth', p.stdout, p.stderr.decode())
        p = subprocess.run([path('reader'), ledger, vkeys['other']], capture_output=True)
        ok(p.returncode == 1, 'and not with another key', p.stdout)
done()
