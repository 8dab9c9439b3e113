// analyser SECOND=SAMPLE=VALUE...: sends a control sample's result to the LIMS at
// each of these seconds (HL7 2.5.1, OUL^R22; SPM-11 Q: a control specimen). No patients.
'use strict'

const simple = require('simple-hl7')
const { did, local } = require('./did.js')

const start = process.hrtime.bigint()
const wait = (s) => new Promise((resolve) => setTimeout(resolve, Math.max(0, s * 1000 - Number(process.hrtime.bigint() - start) / 1e6)))
const client = simple.Server.createTcpClient('10.10.0.5', 2575)
const parser = new simple.Parser()

async function main () {
  let n = 0
  for (const [second, sample, value] of process.argv.slice(2).map((a) => a.split('='))) {
    await wait(Number(second))
    const now = local().replace(/[-: ]/g, '')
    const id = `A3${now}${++n}`
    const text = [`MSH|^~\\&|ANALYS-3|KLINKEM|LIMS|KLINKEM|${now}+0100||OUL^R22^OUL_R22|${id}|P|2.5.1`,
      'SFT|Nordlab Instruments AB|4.1.7|NLA-800|417', `SPM|1|${sample}||SER^Serum^HL70487|||||||Q^Kontroll^HL70369`,
      `OBX|1|NM|2951-2^Natrium^LN||${value}|mmol/L|||||F|||${now}`].join('\r')
    const sent = Date.now()
    await new Promise((resolve) => client.send(parser.parse(text), () => resolve()))
    did('result', { sample, value, message: id }, sent)
  }
  client.close()
  setTimeout(() => process.exit(0), 500)
}

main()
