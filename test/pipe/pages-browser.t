#!/usr/bin/python3
"""Every page as a browser has it: nothing fetched, no error, tables that sort and filter,
nothing that axe-core finds, nothing to scroll sideways, and paper with numbered pages.
Skipped where Chromium or axe-core (test/lab/deps) is absent."""
import calendar
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import browser  # noqa: E402
import written_ledgers  # noqa: E402

BIN = os.environ.get("OTKIT_BIN", ".")
AXE = os.path.join(HERE, "..", "lab", "node_modules", "axe-core", "axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
NOW = ["--now", "2026-11-22"]
SITE = ["--site", "examples/site.json"]

# A page: its name, the command that writes it to standard output (its first word a program of
# ours, {dir} the test's folder), and whether it has a table that sorts and filters (None:
# as its data have it). Exit status 1 is an answer too. What a command reads is made by
# prepare().
PAGES = [
    ("gap-sv", ["nis2report", "gap", *SITE, *NOW, "-l", "sv", "-f", "html", "{dir}/lab"], True),
    ("gap-en", ["nis2report", "gap", *SITE, *NOW, "-l", "en", "-f", "html", "{dir}/lab"], True),
    ("inventory-sv", ["otinv", "export", "-f", "html", "-l", "sv", "{dir}/lab"], True),
    ("inventory-en", ["otinv", "export", "-f", "html", "-l", "en", "{dir}/lab"], True),
    ("certificate-sv", ["calchain", "export", "-f", "html", "-l", "sv", "-r", "5", "{dir}/ledger"], False),
    ("certificate-en", ["calchain", "export", "-f", "html", "-l", "en", "-r", "6", "{dir}/ledger"], False),
    ("change-sv", ["otinv", "diff", "--html", "--lang", "sv", "{dir}/before", "{dir}/lab"], False),
    ("change-en", ["otinv", "diff", "--html", "--lang", "en", "{dir}/before", "{dir}/lab"], False),
    ("classify-sv", ["nis2report", "classify", *SITE, *NOW, "-l", "sv", "-f", "html"], None),
    ("classify-en", ["nis2report", "classify", *SITE, *NOW, "-l", "en", "-f", "html"], None),
    ("cra-sv", ["nis2report", "cra", *SITE, *NOW, "-l", "sv", "-f", "html", "{dir}/lab"], None),
    ("stage-sv", ["nis2report", "stage", *SITE, *NOW, "-l", "sv", "-f", "html", "-e", "{dir}/events", "upplysning", "{dir}/INC-7"], None),
    ("stage-en", ["nis2report", "stage", *SITE, *NOW, "-l", "en", "-f", "html", "-e", "{dir}/events", "incidentanmalan", "{dir}/INC-7"], None),
    ("significant-sv", ["nis2report", "significant", *SITE, *NOW, "-l", "sv", "-f", "html", "{dir}/INC-7"], None),
    ("incident-sv", ["nis2report", "incident", "show", *NOW, "-l", "sv", "-f", "html", "{dir}/INC-7"], None),
    ("incident-fields-en", ["nis2report", "incident", "fields", "-f", "html"], None),
    ("klassa-en", ["nis2report", "klassa", *SITE, *NOW, "-l", "en", "-f", "html", "{dir}/lab"], None),
    ("vendors-sv", ["nis2report", "vendors", *SITE, *NOW, "-l", "sv", "-f", "html", "{dir}/access"], None),
    ("vendors-en", ["nis2report", "vendors", *SITE, *NOW, "-l", "en", "-f", "html", "{dir}/access"], None),
    ("zones-sv", ["nis2report", "zones", *SITE, *NOW, "-l", "sv", "-f", "html", "{dir}/lab"], None),
    ("deadlines-sv", ["nis2report", "deadlines", *SITE, *NOW, "-l", "sv", "-f", "html", "{dir}/INC-7"], None),
    ("plan-en", ["nis2report", "plan", *SITE, *NOW, "-l", "en", "-f", "html"], None),
    ("timeline-lab", ["nis2report", "timeline", *SITE, *NOW, "-l", "sv", "-f", "html",
                      "--source", "BMS=csv:examples/timeline/bms.csv,map=examples/timeline/bms.json,clock=+12s",
                      "--source", "LIMS=csv:examples/timeline/lims.csv,map=examples/timeline/lims.json",
                      "--source", "jump=syslog:{dir}/back.log", "{dir}/events"], True),
    ("timeline-sv", ["test/unit/test_timeline_page", "sv"], True),
    ("timeline-en", ["test/unit/test_timeline_page", "en", "html", "600"], True),
    ("paper-sv", ["test/unit/test_paper_page", "sv"], True),
    ("paper-en", ["test/unit/test_paper_page", "en"], True),
]
WIDTHS = (1280, 794, 722, 320)  # a laptop, A4 at 96 dpi, just above a telephone, 400 % on a laptop

LIMIT = 1500                    # seconds for all of it: some 200 on a busy machine

n = failed = 0


def ok(good, text, why=""):
    global n, failed
    n += 1
    print("%sok %d - %s" % ("" if good else "not ", n, text))
    if not good:
        failed += 1
        for line in str(why).splitlines()[:20]:
            print("# " + line[:300])
    sys.stdout.flush()


def prog(name):
    for folder in (BIN, os.path.join(BIN, "build")):
        if os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    return None


def prepare(folder):
    """What the commands read: the example as an inventory, the same before a third of its
    records, and a ledger."""
    def make(out, *command, stdin=None):
        with open(os.path.join(folder, out), "wb") as f:
            subprocess.run(command, stdout=f, stdin=stdin, stderr=subprocess.DEVNULL, timeout=120, check=True)
    make("events", prog("otdissect"), "examples/lab.pcapng")
    make("lab", prog("otinv"), "build", *SITE, os.path.join(folder, "events"))
    with open(os.path.join(folder, "events"), "rb") as f:
        lines = f.readlines()
    with open(os.path.join(folder, "early"), "wb") as f:
        f.writelines(lines[:len(lines) * 2 // 3])
    make("before", prog("otinv"), "build", *SITE, os.path.join(folder, "early"))
    incident = [prog("nis2report"), "incident"], ["-a", "anna", "--now", "2026-11-21T08:00:00Z", os.path.join(folder, "INC-7")]
    make("out", *incident[0], "open", "-t", "A set-point was written", *incident[1])
    make("out", *incident[0], "set", *incident[1], "aware_at", "2026-11-20 09:12", "personal_data", "yes")
    make("out", *incident[0], "submit", "-r", "R-1", *incident[1][:-1], "upplysning", incident[1][-1])
    with open(os.path.join(folder, "back.log"), "w", encoding="utf-8") as f:
        f.writelines("2026-11-22T%02d:%02d:00Z jump app: line %d\n" % (h, m, m) for h, minutes in ((9, range(8)), (8, range(50, 60)))
                     for m in minutes)
    access(folder)
    written_ledgers.sample(os.path.join(folder, "ledger")).write()


def access(folder):
    """Three weeks of remote access and of traffic to the outside, invented, each cell as long
    as it gets: the tables with most columns."""
    with open(os.path.join(folder, "access"), "w") as f:
        for i in range(30):
            day = "2026-11-%02dT" % (1 + i // 2)
            outside, device = "%s.%d" % (("198.51.100", "203.0.113")[i % 2], i + 101), "10.10.0.%d" % (101 + i)
            ends = (outside, device) if i % 3 else (device, outside)
            f.write(json.dumps({
                "timestamp": day + "23:59:59.000000+0000", "event_type": "flow", "flow_id": i + 1, "proto": "TCP",
                "pcap_filename": "lab-vlan10-%s.pcapng" % day[:10], "src_ip": ends[0], "dest_ip": ends[1], "src_port": 40000 + i,
                "dest_port": 22, "app_proto": "ssh", "flow": {
                    "pkts_toserver": 9, "pkts_toclient": 9, "bytes_toserver": 987654321098, "bytes_toclient": 123456789012, "state": "closed",
                    "start": day + "%02d:00:00.000000+0000" % (i % 23), "end": day + "23:59:59.000000+0000", "first_pcap_cnt": 10000000 + i}}) + "\n")


def write(folder, name, command):
    """The page's file, or None when its command failed."""
    path = os.path.join(folder, name + ".html")
    words = [prog(command[0])] + [w.replace("{dir}", folder) for w in command[1:]]
    with open(path, "wb") as f:
        p = subprocess.run(words, stdout=f, stderr=subprocess.PIPE, timeout=120)
    ok(p.returncode in (0, 1) and os.path.getsize(path), name + ": is made", p.stderr.decode("utf-8", "replace"))
    return path if p.returncode in (0, 1) and os.path.getsize(path) else None


# --- in the page ------------------------------------------------------------------------

# A row is what a click moves: one of a body, or a whole body where rows unfold.
TOOLS = r"""(() => {
const tables = () => [...document.querySelectorAll('table')].filter(t => t.tHead && t.querySelector('thead button'));
const groups = t => t.tBodies.length > 1 ? [...t.tBodies] : [...t.tBodies[0].rows];
const first = g => g.rows ? g.rows[0] : g;
const cell = (g, i) => first(g).cells[i];
const value = (g, i) => { const c = cell(g, i), s = c.getAttribute('data-s');
    return s === null ? c.textContent.trim() : +s; };
window.T = { tables, groups, value,
    count: t => tables().length,
    heads: t => [...tables()[t].tHead.rows[0].cells].map(c => c.textContent.trim()),
    click: (t, i) => { const th = tables()[t].tHead.rows[0].cells[i]; th.querySelector('button').click();
        return [th.getAttribute('aria-sort'), tables()[t].querySelectorAll('[aria-sort]').length,
            groups(tables()[t]).map(g => value(g, i))]; },
    finds: () => [...document.querySelectorAll('.find')].map(f => !f.hidden),
    table: k => { const f = document.querySelectorAll('.find')[k]; return document.getElementById(f.dataset.for); },
    set: (k, what, to) => { const f = document.querySelectorAll('.find')[k], e = f.querySelectorAll('input,select')[what];
        e.value = to; e.dispatchEvent(new Event('input', {bubbles: true})); },
    rows: k => groups(T.table(k)).map(g => ({text: g.textContent.toLowerCase(), hidden: g.hidden,
        drawn: g.getClientRects().length > 0, picks: [...first(g).cells].map(c => {
            const few = c.querySelectorAll('.r'); return [...(few.length ? few : [c.querySelector('.pill') || c])].map(e =>
            e.textContent.trim()); })})),
    says: k => document.querySelectorAll('.find')[k].querySelector('output').textContent,
    selects: k => [...document.querySelectorAll('.find')[k].querySelectorAll('select')].map(s =>
        ({column: +s.dataset.column, options: [...s.options].map(o => o.value)})),
    compare: (a, b) => new Intl.Collator(document.documentElement.lang, {numeric: true}).compare(a, b),
}; return true })()"""

ORDERED = """(v => { for (let i = 1; i < v.length; i++) { const a = v[i - 1], b = v[i];
    if (a === '' && b !== '') return 'an empty one before ' + b;
    if (a === '' || b === '') continue;
    const c = typeof a === 'number' && typeof b === 'number' ? a - b : T.compare(String(a), String(b));
    if (%s * c > 0) return a + ' before ' + b; } return '' })(%s)"""


def sorts(page, name):
    """Each header of each table, clicked twice."""
    bad, clicks = [], 0
    for t in range(page.run("T.count()")):
        before = None
        for i, head in enumerate(page.run("T.heads(%d)" % t)):
            for want, sign in (("ascending", 1), ("descending", -1)):
                state, marked, values = page.run("T.click(%d,%d)" % (t, i))
                wrong = page.run(ORDERED % (sign, json.dumps(values)))
                clicks += 1
                if state != want or marked != 1 or wrong:
                    bad.append("%s, %s: %s %s %s" % (head, want, state, marked, wrong))
                rows = page.run("T.groups(T.tables()[%d]).map(g=>g.textContent).sort()" % t)
                if before is not None and rows != before:
                    bad.append("%s: rows were lost" % head)
                before = rows
    ok(clicks > 0 and not bad, "%s: %d clicks on headers sort" % (name, clicks), "\n".join(bad) or "no header to click")


def filters(page, name):
    """By a word, by each choice, by what nothing has; the count says how many are left."""
    bad, tried = [], 0

    def holds(k, want, what):
        rows, says = page.run("T.rows(%d)" % k), page.run("T.says(%d)" % k)
        drawn = [r for r in rows if r["drawn"]]
        number = re.match(r"(\d+) \w+ (\d+)", says)
        if not number or [int(x) for x in number.groups()] != [len(drawn), len(rows)]:
            bad.append("%s: it says %r of %d" % (what, says, len(drawn)))
        if [r["text"] for r in drawn] != [r["text"] for r in rows if want(r)]:
            bad.append("%s: %d drawn" % (what, len(drawn)))
        return len(drawn), len(rows)

    for k, shown in enumerate(page.run("T.finds()")):
        if not shown:
            bad.append("a filter is hidden")
            continue
        rows = page.run("T.rows(%d)" % k)
        word = re.findall(r"[\w-]+", rows[-1]["text"])[0].lower()
        page.run("T.set(%d,0,%r)" % (k, word.upper()))
        left, all_ = holds(k, lambda r: word in r["text"], word)
        if left == 0:
            bad.append("%s: nothing left" % word)
        page.run("T.set(%d,0,'zqxj')" % k)
        if holds(k, lambda r: False, "zqxj")[0]:
            bad.append("nothing has zqxj")
        page.run("T.set(%d,0,'')" % k)
        tried += 1
        for i, s in enumerate(page.run("T.selects(%d)" % k)):
            if len(s["options"]) < 2:
                bad.append("no choice in column %d" % s["column"])
            for option in s["options"][1:4]:
                page.run("T.set(%d,%d,%r)" % (k, i + 1, option))
                left, all_ = holds(k, lambda r: option in r["picks"][s["column"]], option)
                if left == 0:
                    bad.append("%s: nothing left" % option)
                tried += 1
            page.run("T.set(%d,%d,'')" % (k, i + 1))
        if holds(k, lambda r: True, "everything")[0] == 0:
            bad.append("nothing comes back")
    ok(tried > 1 and not bad, "%s: %d filters narrow, and the count says so" % (name, tried), "\n".join(bad) or "no filter")


def axe(page, name, what):
    found = page.run("""axe.run(document, {runOnly: {type: 'tag', values: %s}, resultTypes: ['violations']})
        .then(r => r.violations.map(v => v.id + ' (' + v.impact + '): ' + v.nodes.length + ' x ' +
        v.nodes.slice(0, 2).map(n => n.html.slice(0, 120) + ' ' + n.failureSummary.replace(/\\s+/g, ' ').slice(0, 160)).join(' | ')))""" % TAGS)
    ok(not found, "%s: axe finds nothing, %s" % (name, what), "\n".join(found))


# WCAG 2.1, 1.4.10: text is read without scrolling in two directions
WIDE = """(() => { const w = document.documentElement.clientWidth, out = [];
    if (document.documentElement.scrollWidth > w) out.push('the page is ' + document.documentElement.scrollWidth);
    for (const e of document.querySelectorAll('body *')) { const r = e.getBoundingClientRect();
        if (r.width && r.height && r.right > w + 1 && !e.closest('.skip') && out.length < 5)
            out.push(e.tagName + '.' + e.getAttribute('class') + ' ends at ' + Math.round(r.right) + ': ' + e.textContent.slice(0, 40)); }
    return out })()"""

# The policy is more than words: a script and a request of someone else's come to nothing.
POLICY = """new Promise(done => { const s = document.createElement('script'); s.textContent = 'window.hostile=1';
    document.body.appendChild(s); s.remove();
    const i = new Image(); i.onload = () => done('an image came'); i.onerror = () =>
        fetch('data:,x').then(() => done('a fetch came'), () => done(window.hostile ? 'a script ran' : ''));
    i.src = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' })"""


# Where the keyboard is shows on everything it reaches.
FOCUS = """(() => { const bad = []; for (const e of document.querySelectorAll('a[href],button,input,select,summary')) {
    if (!e.getClientRects().length || bad.length > 4) continue;
    e.focus({focusVisible: true}); const s = getComputedStyle(e);
    if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 1.5) bad.push(e.outerHTML.slice(0, 100)); }
    document.activeElement.blur(); return bad })()"""

# WCAG 2.2, 2.5.8, of what is not a link in a sentence
SMALL = """[...document.querySelectorAll('button,input,select')].filter(e => { const r = e.getBoundingClientRect();
    return r.width && (r.height < 24 || r.width < 24) }).map(e => e.outerHTML.slice(0, 100))"""


# Of tables whose columns were measured: words broken in the middle, and columns that leave the sheet, its margins
# taken off. A long word may be broken: a digest, a topic.
BROKEN = r"""(wide => { const out = [], b = document.body; b.style.width = wide + 'px';
    for (const t of document.querySelectorAll('table.list:has(th[style])')) {
        if (t.getBoundingClientRect().right > b.getBoundingClientRect().left + wide + 1) out.push(t.id + ' is too wide');
        for (const c of t.querySelectorAll('td,th')) { const walk = document.createTreeWalker(c, NodeFilter.SHOW_TEXT);
            for (let n; n = walk.nextNode();) for (const m of n.data.matchAll(/[^\s\u00a0\/\u2013-]+/g)) {
                const r = document.createRange(); r.setStart(n, m.index); r.setEnd(n, m.index + m[0].length);
                const lines = new Set([...r.getClientRects()].map(q => Math.round(q.top)));
                if (lines.size > 1 && m[0].length < 16) out.push(t.id + ': ' + m[0]); } } }
    b.style.width = ''; return [...new Set(out)] })(%d)"""


def paper(page, folder, name, lang):
    """As PDF: A4, lying down where a table is wide; each sheet with its
    number and how many there are; no word of a table broken."""
    path = os.path.join(folder, name + ".pdf")
    page.look("light")
    page.pdf(path)
    with open(path, "rb") as f:
        data = f.read()
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    boxes = {tuple(round(float(x)) for x in m.split()) for m in re.findall(rb"/MediaBox\s*\[([^]]*)\]", data)}
    want = (0, 0, 842, 595) if page.run("!!document.querySelector('table.wide')") else (0, 0, 595, 842)
    ok(pages > 0 and boxes == {want}, "%s: paper of A4, %d sheets" % (name, pages), boxes)
    page.look("light", "print")
    page.size(want[2] * 96 // 72, 900)
    bad = page.run(BROKEN % ((want[2] / 72 * 25.4 - 24) / 25.4 * 96))
    ok(not bad, name + ": no word of a table is broken on paper", "\n".join(bad))
    page.look("light")
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-layout", path, "-"], stdout=subprocess.PIPE, timeout=120).stdout.decode()
        sheets = text.split("\f")[:-1]
        want = {"sv": "Sida %d av %d", "en": "Page %d of %d"}[lang]
        lost = [i for i, s in enumerate(sheets, 1) if want % (i, pages) not in s]
        ok(len(sheets) == pages and not lost, name + ": each sheet says which of how many it is", lost)


# --- the timeline's picture -----------------------------------------------------------------

# Of the picture that is shown: its marks and rows that are in sight, what is said, where it
# stands; labels that lie upon one another or leave the picture.
LINES = r"""(() => {
const svg = () => [...document.querySelectorAll('svg[data-zoom]')].find(s => s.getClientRects().length);
const seen = e => e.getClientRects().length > 0;
window.L = {
    marks: () => [...svg().querySelectorAll('.m')].filter(seen).map(m => +m.dataset.n),
    rows: () => [...document.querySelectorAll('#events tbody tr')].filter(seen).map(r => +r.id.slice(1)),
    between: (a, b) => [...document.querySelectorAll('#events tbody tr')].filter(r => {
        const t = +r.cells[0].dataset.s / 1000; return t >= a && t <= b }).map(r => +r.id.slice(1)),
    says: () => document.querySelector('.zoom output').textContent,
    fields: () => [...document.querySelectorAll('.zoom input')].map(i => i.value),
    span: () => [+svg().dataset.from, +svg().dataset.to],
    box: () => { svg().scrollIntoView({block: 'start', behavior: 'instant'}); const r = svg().getBoundingClientRect(),
        k = r.width / svg().viewBox.baseVal.width; return {
        left: r.left + svg().dataset.left * k, right: r.right - 8 * k, y: r.top + 40 * k}; },
    collide: () => { const out = [], t = [...svg().querySelectorAll('.m text')].filter(e => seen(e) && e.textContent)
        .map(e => [e.getBoundingClientRect(), e.textContent]), box = svg().getBoundingClientRect();
        t.forEach(([r, s], i) => { if (r.left < box.left - 1 || r.right > box.right + 1) out.push(s + ' leaves the picture');
            t.slice(i + 1).forEach(([q, u]) => { if (r.left < q.right - 1 && q.left < r.right - 1 &&
                r.top < q.bottom - 5 && q.top < r.bottom - 5) out.push(s + ' upon ' + u) }) });
        return out.slice(0, 5) },
    press: what => document.querySelector('.zoom [data-do=' + what + ']').focus(),
}; return true })()"""


def zooms(page, name):
    """By mouse, finger, fields and buttons: picture, table and words agree each time."""
    page.run(LINES)
    page.look("light", motion="reduce")         # nothing glides while a finger is put down
    first, last = page.run("L.span()")
    whole = sorted(page.run("L.rows()"))
    marks = page.run("L.marks()")
    ok(whole and set(marks) <= set(whole), "%s: each of %d marks has its row" % (name, len(marks)), set(marks) - set(whole))

    def agrees(a, b, what):
        rows, drawn, says = sorted(page.run("L.rows()")), page.run("L.marks()"), page.run("L.says()")
        want = page.run("L.between(%f,%f)" % (a, b))
        number = re.search(r": (\d+) \w+ (\d+) ", says)
        bad = [] if rows == sorted(want) else ["rows: %s, not %s" % (rows[:9], want[:9])]
        bad += [] if set(drawn) == set(marks) & set(rows) else ["marks: %s, rows: %s" % (drawn[:9], rows[:9])]
        bad += [] if number and [int(x) for x in number.groups()] == [len(rows), len(whole)] else ["it says " + says]
        bad += page.run("L.collide()")
        ok(not bad, "%s: %s: %d of %d" % (name, what, len(rows), len(whole)), "\n".join(bad))
        return len(rows)

    def shown():
        # the fields are Stockholm's: in November an hour ahead
        return [calendar.timegm(time.strptime(t, "%Y-%m-%d %H:%M:%S")) * 1000 - 3600000 for t in page.run("L.fields()")]

    ok(not page.run("L.collide()"), name + ": labels keep apart", "\n".join(page.run("L.collide()")))
    box = page.run("L.box()")
    at = [box["left"] + (box["right"] - box["left"]) * k for k in (.55, .8)]
    for kind, x, buttons in (("mousePressed", at[0], 1), ("mouseMoved", at[0] + 9, 1), ("mouseMoved", at[1], 1), ("mouseReleased", at[1], 0)):
        page.ask("Input.dispatchMouseEvent", type=kind, x=x, y=box["y"], button="left", buttons=buttons, clickCount=1)
    a, b = shown()
    share = [(t - first) / (last - first) for t in (a, b)]
    ok(abs(share[0] - .55) < .01 and abs(share[1] - .8) < .01, name + ": what the mouse was drawn across is what is shown", share)
    left = agrees(a, b, "by mouse")
    ok(0 < left < len(whole), name + ": some are in it, and some are not", left)
    page.look("light", "print")
    ok(page.run("getComputedStyle(document.querySelector('.zoomed')).display") == "block", name + ": paper says what span it shows")
    page.look("light", motion="reduce")

    for act, want in (("nearer", .5), ("farther", 1), ("earlier", 1), ("later", 1)):
        before = b - a
        page.run("L.press('%s')" % act)
        page.press("Enter", 13, "\r")
        a, b = shown()
        ok(act in ("earlier", "later", "farther") or abs((b - a) / before - want) < .02, "%s: %s, by the keyboard" % (name, act), (b - a) / before)
        agrees(a - 999, b + 999, act)
    page.run("L.press('whole')")
    page.press(" ", 32, " ")
    ok(sorted(page.run("L.rows()")) == whole and page.run("L.marks()") == marks, name + ": all comes back")

    whens = [time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime((first + (last - first) * k) / 1000 + 3600)) for k in (.53, .66)]
    for i, text in enumerate((whens[0][11:], whens[1])):
        page.run("(e=>{e.focus();e.select()})(document.querySelectorAll('.zoom input')[%d])" % i)
        page.ask("Input.insertText", text=text)
        page.press("Tab", 9)
    ok(page.run("L.fields()") == whens, name + ": fields take a time, with its day or without", page.run("L.fields()"))
    a, b = shown()
    agrees(a, b, "by fields")
    page.run("(e=>{e.focus();e.select()})(document.querySelectorAll('.zoom input')[0])")
    page.ask("Input.insertText", text="nonsense")
    page.press("Tab", 9)
    ok(page.run("document.querySelector('.zoom input').getAttribute('aria-invalid')+L.rows().length") == "true%d" % len(page.run("L.between(%f,%f)" % (a, b))),
       name + ": what is no time is said, and changes nothing", page.run("L.says()"))

    # a link from a chain to what lies outside the span shows it
    page.run("(location.hash='',location.hash='#e1',0)")
    page.run("new Promise(r=>setTimeout(r,100))")
    ok(1 in page.run("L.rows()"), name + ": a link to what is out of the span shows it")
    page.run("document.querySelector('.zoom [data-do=whole]').click()")

    kind = page.run("(s=>{s.value=s.options[1].value;s.dispatchEvent(new Event('input'));return s.value})(document.querySelectorAll('.find[data-for=events] select')[0])")
    rows = page.run("L.rows()")
    ok(0 < len(rows) < len(whole) and set(page.run("L.marks()")) == set(rows) & set(marks), "%s: the picture keeps to the filter, %s" % (name, kind), rows[:9])
    page.run("(s=>{s.value='';s.dispatchEvent(new Event('input'))})(document.querySelectorAll('.find[data-for=events] select')[0])")

    page.size(400, 900)
    page.ask("Emulation.setTouchEmulationEnabled", enabled=True)
    box = page.run("L.box()")
    at = [box["left"] + (box["right"] - box["left"]) * k for k in (.5, .52, .6, .9)]
    # where a finger may scroll is known to the browser when the page has been drawn
    page.run("new Promise(r=>requestAnimationFrame(()=>requestAnimationFrame(()=>setTimeout(r,50))))")
    for kind, x in (("touchStart", at[0]), ("touchMove", at[1]), ("touchMove", at[2]), ("touchMove", at[3]), ("touchEnd", None)):
        page.ask("Input.dispatchTouchEvent", type=kind, touchPoints=[] if x is None else [{"x": x, "y": box["y"]}])
    a, b = shown()
    ok(abs((a - first) / (last - first) - .5) < .02 and abs((b - first) / (last - first) - .9) < .02, name + ": by a finger", [(t - first) / (last - first) for t in (a, b)])
    agrees(a - 999, b + 999, "by a finger")
    page.ask("Emulation.setTouchEmulationEnabled", enabled=False)
    page.size(1280, 800)
    page.run("document.querySelector('.zoom [data-do=whole]').click()")


def still(b, path, name):
    """Without its script: all is there, and nothing that would need it."""
    page = b.open(path)
    page.ask("Emulation.setScriptExecutionDisabled", value=True)
    page.loaded = False
    page.load()
    page.size(1280, 800)
    page.run(LINES)
    ok(page.run("getComputedStyle(document.querySelector('.zoom')).display") == "none", name + ": without script no button that does nothing")
    ok(page.run("L.marks().length") > 10 and page.run("L.rows().length") >= page.run("L.marks().length"), name + ": without script picture and table are there")
    bad = page.run("L.collide()")
    ok(not bad, name + ": and labels keep apart", "\n".join(bad))
    page.size(400, 900)
    bad = page.run("L.collide()")
    ok(not bad, name + ": on a telephone, too", "\n".join(bad))
    page.close()


def examine(b, path, name, tables, folder):
    page = b.open(path)
    page.size(1280, 800)
    page.look("light")
    ok(not page.faults, name + ": no error, nothing fetched", "\n".join(page.faults))
    landmarks = page.run("['main','body>header','body>footer','h1'].map(s=>document.querySelectorAll(s).length).join()")
    ok(landmarks == "1,1,1,1", name + ": a header, a main part, a foot, one title", landmarks)
    page.press("Tab", 9)
    went = page.run("document.activeElement.getAttribute('href')+' '+(document.activeElement.getBoundingClientRect().left>=0)")
    ok(went == "#main true", name + ": the first thing the keyboard reaches leads past the head, and is seen", went)
    page.run("document.activeElement.blur()")
    page.run(TOOLS)
    with open(AXE, encoding="utf-8") as f:
        page.run(f.read() + ";0")
    for scheme in ("light", "dark"):
        page.look(scheme)
        axe(page, name, scheme)
    page.look("dark", "print")
    axe(page, name, "print")
    page.look("light", motion="reduce")
    ok(page.run("getComputedStyle(document.documentElement).scrollBehavior") == "auto", name + ": nothing moves where motion is not wanted")
    page.look("light")
    for what, script in (("the keyboard's place shows", FOCUS), ("controls are large enough", SMALL)):
        bad = page.run(script)
        ok(not bad, "%s: %s" % (name, what), "\n".join(bad))
    paper(page, folder, name, page.run("document.documentElement.lang"))
    for width in WIDTHS:
        page.size(width, 900)
        wide = page.run(WIDE)
        ok(not wide, "%s: nothing to scroll sideways at %d" % (name, width), "\n".join(wide))
    axe(page, name, "320 wide")
    if tables is None:
        page.size(1280, 800)
        if page.run("T.count()"):
            sorts(page, name)
        if page.run("T.finds().length"):
            filters(page, name)
    elif tables:
        ok(page.run("[...document.querySelectorAll('thead button')].some(b=>b.getClientRects().length>0)"),
           name + ": headers can be clicked at 320 too")
        page.size(1280, 800)
        sorts(page, name)
        filters(page, name)
    if page.run("!!document.querySelector('.zoom')"):
        zooms(page, name)
        still(b, path, name + ", still")
    ok(not page.faults, name + ": still no error", "\n".join(page.faults))
    stopped = page.run(POLICY)
    ok(stopped == "", name + ": the policy stops what is not the page's own", stopped)
    page.close()


def example(folder):
    """The script that people use: a page in, PDF out, whole or not at all."""
    path = write(folder, "an example, 100 %", PAGES[-1][1])
    out = os.path.join(folder, "out.pdf")
    env = dict(os.environ, TMPDIR=folder)
    p = subprocess.run(["sh", "examples/report-pdf.sh", path, out], env=env, capture_output=True, timeout=300)
    good = p.returncode == 0 and os.path.exists(out) and open(out, "rb").read(5) == b"%PDF-"
    ok(good, "examples/report-pdf.sh: a page as PDF", p.stderr.decode())
    if good and shutil.which("pdfinfo"):
        said = subprocess.run(["pdfinfo", out], stdout=subprocess.PIPE, timeout=60).stdout.decode()
        ok(re.search(r"Pages: +[1-9]", said) and "A4" in said, "and pdfinfo reads it: A4", said)
    p = subprocess.run(["sh", "examples/report-pdf.sh", path, out], env=env, capture_output=True, timeout=300)
    ok(p.returncode == 2 and b"exists" in p.stderr, "it does not overwrite", p.stderr.decode())
    p = subprocess.run(["sh", "examples/report-pdf.sh", os.path.join(folder, "none"), out + "2"], env=env, capture_output=True, timeout=300)
    ok(p.returncode == 2 and p.stderr.count(b"\n") == 1 and not os.path.exists(out + "2"), "and says what it cannot read", p.stderr.decode())


def main():
    if not browser.program():
        print("1..0 # SKIP no chromium")
        return 0
    if not os.path.exists(AXE):
        print("1..0 # SKIP no axe-core: run test/lab/deps")
        return 0
    if any(prog(c[0]) is None for _, c, _ in PAGES):
        print("Bail out! %s is not built" % [c[0] for _, c, _ in PAGES if prog(c[0]) is None][0])
        return 1
    only = sys.argv[1:]

    def late(*_):
        raise TimeoutError("the pages took more than %d s" % LIMIT)
    signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT)
    folder = tempfile.mkdtemp(prefix="otkit-browser-")
    try:
        prepare(folder)
        if not only:
            example(folder)
        with browser.Browser(folder) as b:
            for name, command, tables in PAGES:
                if only and name not in only:
                    continue
                path = write(folder, name, command)
                if path:
                    examine(b, path, name, tables, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("1..%d" % n)
    return 1 if failed else 0


sys.exit(main())
