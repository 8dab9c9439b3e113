// engineer look|write VALUE: the tool on the engineering station: shows the air
// handling unit's pressure control, or changes its set-point and says so to syslog.
'use strict'

const { spawnSync } = require('child_process')
const Stack = require('@bacnet-js/client')
const { Wire } = require('../devices/bacnet-wire.js')
const { did } = require('./did.js')

const { ApplicationTag: T, ObjectType: O, PropertyIdentifier: P } = Stack
const AHU = { address: '10.20.0.9' }
const SETPOINT = { device: 'ahu-2', address: '10.20.0.9', object: 'analog-value,3', property: 'present-value', priority: 8 }
const av = { type: O.ANALOG_VALUE, instance: 3 }
const [what, value] = process.argv.slice(2)
const bus = new Stack.default({ transport: new Wire({ broadcast: '10.20.0.255' }), apduTimeout: 2000 })
bus.on('error', () => {})

async function look () {
  for (const p of [P.OBJECT_NAME, P.MODEL_NAME, P.FIRMWARE_REVISION]) {
    console.log((await bus.readProperty(AHU, { type: O.DEVICE, instance: 200009 }, p)).values[0].value)
  }
  console.log((await bus.readProperty(AHU, av, P.PRESENT_VALUE)).values[0].value, 'Pa')
  await bus.readProperty(AHU, av, P.PRIORITY_ARRAY)
}

async function write () {
  const from = (await bus.readProperty(AHU, av, P.PRESENT_VALUE)).values[0].value
  const sent = Date.now()
  await bus.writeProperty(AHU, av, P.PRESENT_VALUE, [{ type: T.REAL, value: Number(value) }], { priority: 8 })
  did('write', { by: 'ing-1', source: '10.20.0.8', ...SETPOINT, old: from, new: Number(value), acknowledged: true }, sent)
  // RFC 3164: local time without year and zone
  spawnSync('logger', ['--rfc3164', '-n', '10.30.0.20', '-P', '514', '-d', '-p', 'local4.notice', '-t', 'rlcverktyg',
    `renluft AHU-2 AV3 "BV differenstryck renrum 2" ${from.toFixed(1)} -> ${Number(value).toFixed(1)} prio 8 OK`])
}

bus.on('listening', () => (what === 'write' ? write() : look()).then(() => process.exit(0), (e) => { console.error(e); process.exit(1) }))
