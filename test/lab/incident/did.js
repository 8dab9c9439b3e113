// What a program of the laboratory did, and when: one line in a file of its own,
// which finish reads. Times are the true ones: a program whose clock is wrong (the
// building server's) knows by how much.
'use strict'

const fs = require('fs')
const path = require('path')

const wrong = Number(process.env.LAB_CLOCK_ERROR || 0) * 1000
const file = path.join(process.env.LAB_DID, `${path.basename(process.argv[1])}.${process.pid}.ndjson`)

function did (what, more, at = Date.now()) {
  fs.appendFileSync(file, JSON.stringify({ at: new Date(at - wrong).toISOString(), what, ...more }) + '\n')
}

// A program's own clock as its log shows it: local time, no zone.
function local (at = Date.now()) {
  const d = new Date(at)
  const two = (n) => String(n).padStart(2, '0')
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

const comma = (n) => n.toFixed(1).replace('.', ',')

module.exports = { did, local, comma }
