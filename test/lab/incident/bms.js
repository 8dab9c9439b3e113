// bms SECONDS ACKNOWLEDGE RESTORE: the building server. It polls the air handling unit,
// answers its notifications and keeps the alarm log that people export (LAB_OUT/bms.csv).
// ACKNOWLEDGE and RESTORE: the seconds at which its operator does that.
'use strict'

const fs = require('fs')
const path = require('path')
const Stack = require('@bacnet-js/client')
const { Wire } = require('../devices/bacnet-wire.js')
const { did, local, comma } = require('./did.js')

const { ApplicationTag: T, ConfirmedServiceChoice: SVC, EventState, ObjectType: O, PropertyIdentifier: P, TimeStamp } = Stack

const AHU = { address: '10.20.0.9' }
const SETPOINT = { device: 'ahu-2', address: '10.20.0.9', object: 'analog-value,3', property: 'present-value', priority: 8 }
const POLL = 5
const [seconds, acknowledge, restore] = process.argv.slice(2).map(Number)
const start = process.hrtime.bigint()
const sleep = (s) => new Promise((resolve) => setTimeout(resolve, s * 1000))
const at = (s) => sleep(Math.max(0, s - Number(process.hrtime.bigint() - start) / 1e9))
const bus = new Stack.default({ transport: new Wire({ broadcast: '10.20.0.255' }), apduTimeout: 2000 })
const csv = path.join(process.env.LAB_OUT, 'bms.csv')

fs.writeFileSync(csv, 'Tid;Objekt;Larmtext;Händelse;Värde;Enhet;Prio;Användare\r\n')
const row = (...cells) => fs.appendFileSync(csv, cells.join(';') + '\r\n')

let last = null // the alarm that waits for somebody
bus.on('error', () => {})
bus.on('eventNotify', async (m) => {
  const e = m.payload
  const came = local()
  bus.simpleAckResponse(m.header.sender, SVC.CONFIRMED_EVENT_NOTIFICATION, m.invokeId)
  const normal = e.toState === EventState.NORMAL
  if (!normal) last = e
  // the stack does not read the notification's values
  const now = await ask(bus.readProperty(AHU, e.eventObjectId, P.PRESENT_VALUE))
  row(came, 'AHU-2.GP21', e.messageText, normal ? 'Återgång' : 'Larm', comma(now.values[0].value), 'Pa', normal ? '' : 'A', '')
})

const ask = (promise) => promise.catch((e) => { console.log(String(e.message)) })
const one = (type, instance, ...ids) => ({ objectId: { type, instance }, properties: ids.map((id) => ({ id, index: 0xffffffff })) })

async function poll () {
  let n = 0
  for (let t = 12; t < seconds; t += POLL) {
    await at(t)
    await ask(bus.readPropertyMultiple(AHU, [
      one(O.ANALOG_INPUT, 2, P.PRESENT_VALUE, P.STATUS_FLAGS), one(O.ANALOG_VALUE, 3, P.PRESENT_VALUE), one(O.BINARY_VALUE, 2, P.PRESENT_VALUE)
    ]))
    if (n++ % 6 === 0) await ask(bus.readProperty(AHU, { type: O.ANALOG_INPUT, instance: 1 }, P.PRESENT_VALUE))
  }
}

async function operator () {
  await at(acknowledge)
  if (!last) throw new Error('no alarm to acknowledge')
  const now = Date.now()
  await ask(bus.acknowledgeAlarm(AHU, last.eventObjectId, last.toState, 'omar.said',
    last.timeStamp, { type: TimeStamp.DATETIME, value: new Date(now) }))
  did('acknowledgement', { object: 'analog-input,2', by: 'omar.said' }, now)
  row(local(now), 'AHU-2.GP21', 'Differenstryck renrum 2 under 10 Pa', 'Kvitterat', '', '', 'A', 'omar.said')
  await at(restore)
  const av = { type: O.ANALOG_VALUE, instance: 3 }
  const before = await bus.readProperty(AHU, av, P.PRESENT_VALUE)
  const from = before.values[0].value
  const sent = Date.now()
  await ask(bus.writeProperty(AHU, av, P.PRESENT_VALUE, [{ type: T.REAL, value: 15 }], { priority: 8 }))
  did('write', { by: 'bms-srv', source: '10.20.0.5', ...SETPOINT, old: from, new: 15, acknowledged: true }, sent)
  row(local(sent), 'AHU-2.BV21', 'Börvärde differenstryck renrum 2', 'Ändrat', '15,0', 'Pa', '', 'omar.said')
}

bus.on('listening', async () => {
  bus.whoIs()
  await sleep(1)
  await ask(bus.readPropertyMultiple(AHU, [one(O.DEVICE, 200009, P.OBJECT_NAME, P.VENDOR_NAME, P.VENDOR_IDENTIFIER, P.MODEL_NAME,
    P.FIRMWARE_REVISION, P.APPLICATION_SOFTWARE_VERSION, P.SERIAL_NUMBER, P.LOCATION)]))
  for (const [type, instance] of [[O.ANALOG_INPUT, 1], [O.ANALOG_INPUT, 2], [O.ANALOG_OUTPUT, 1], [O.ANALOG_VALUE, 3], [O.BINARY_VALUE, 2]]) {
    await ask(bus.readProperty(AHU, { type, instance }, P.OBJECT_NAME))
  }
  await Promise.all([poll(), operator()])
  process.exit(0)
})
