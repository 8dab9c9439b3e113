// lims SECOND...: takes in the analyser's results over HL7 and releases control samples by rule,
// two seconds later; its list of releases is LAB_OUT/lims.csv, in ISO 8859-1. Asks the
// balance for its name and, at each SECOND, for a weight.
'use strict'

const fs = require('fs')
const net = require('net')
const path = require('path')
const simple = require('simple-hl7')
const { did, local } = require('./did.js')

const csv = path.join(process.env.LAB_OUT, 'lims.csv')
const put = (...cells) => fs.appendFileSync(csv, cells.join(';') + '\r\n', 'latin1')
fs.writeFileSync(csv, '')
put('Frisläppt', 'Prov', 'Analys', 'Resultat', 'Enhet', 'Mätinstrument', 'Status', 'Signatur')

function release (sample, analysis, value, unit, instrument) {
  setTimeout(() => {
    put(local(), sample, analysis, value, unit, instrument, 'Godkänd', 'auto')
    did('release', { sample, analysis, value, unit, instrument })
  }, 2000)
}

const app = simple.tcp()
app.use((req, res, next) => {
  const spm = req.msg.getSegment('SPM')
  const obx = req.msg.getSegment('OBX')
  const [, name] = String(obx.getField(3)).split('^')
  release(String(spm.getField(2)), name, String(obx.getField(5)).replace('.', ','), String(obx.getField(6)), 'ANALYS-3')
  next()
})
app.use((req, res) => res.end())
app.start(2575)

function balance (lines, answered) {
  const s = net.connect(8001, '10.10.0.31', () => s.write(lines.map((l) => l + '\r\n').join('')))
  let got = ''
  s.setTimeout(3000, () => s.destroy())
  s.on('error', () => {})
  s.on('data', (d) => {
    got += d
    if (got.split('\r\n').length > lines.length) { s.end(); answered(got) }
  })
}
setTimeout(() => balance(['I2', 'I3', 'I4'], () => {}), 2000)
for (const second of process.argv.slice(2)) {
  setTimeout(() => balance(['S'], (got) => {
    release('KONTROLLVIKT 100 g', 'Vägning', got.trim().split(/\s+/)[2].replace('.', ','), 'g', 'VAG-1')
  }), Number(second) * 1000)
}
