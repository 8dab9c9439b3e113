// bacnet-client SCENARIO SECONDS: the building server's BACnet side.
// operate: find, identify, read, subscribe, write a set point, keep time.
// office: a laptop outside the zone that writes to a controller.
'use strict'

const Stack = require('@bacnet-js/client')
const { Wire } = require('./bacnet-wire.js')

const { ApplicationTag: T, ObjectType: O, PropertyIdentifier: P, ConfirmedServiceChoice: SVC } = Stack
const Client = Stack.default

const VAV = { address: '10.20.0.41' }
const RUM = { address: '10.20.0.42' }
const DRAG = { address: '10.20.0.42', net: 2001, adr: [7] }
const IDENTITY = [P.OBJECT_NAME, P.VENDOR_NAME, P.VENDOR_IDENTIFIER, P.MODEL_NAME, P.FIRMWARE_REVISION,
  P.APPLICATION_SOFTWARE_VERSION, P.SERIAL_NUMBER, P.LOCATION]

const [scenario, seconds] = process.argv.slice(2)
const end = Date.now() + Number(seconds) * 1000
const sleep = (s) => new Promise((resolve) => setTimeout(resolve, s * 1000))
const wire = new Wire({ broadcast: scenario === 'office' ? '10.30.0.255' : '10.20.0.255' })
const bus = new Client({ transport: wire, apduTimeout: 2000 })
bus.on('error', () => {})
bus.on('iAm', () => {})
bus.on('iHave', () => {})
bus.on('covNotifyUnconfirmed', () => {})
bus.on('eventNotify', () => {})
bus.on('covNotify', (m) => bus.simpleAckResponse(m.header.sender, SVC.CONFIRMED_COV_NOTIFICATION, m.invokeId))

// A device's refusal is as good as an answer: it is what we want on the wire.
const ask = (promise) => promise.catch((e) => { console.log(String(e.message)) })
const av = (instance) => ({ type: O.ANALOG_VALUE, instance })
const ai = (instance) => ({ type: O.ANALOG_INPUT, instance })
const dev = (instance) => ({ type: O.DEVICE, instance })
const real = (value) => [{ type: T.REAL, value }]

async function operate () {
  bus.whoIs()
  await sleep(1)
  bus.whoIs({ net: 0xffff })
  await sleep(1)
  // Who-Is-Router-To-Network; the stack has no call for it.
  wire.raw(Buffer.from([0x81, 0x0b, 0, 7, 1, 0x80, 0x00]))
  await sleep(0.5)
  // Who-Has by name: services 7, names in UTF-8 behind context tag 3.
  const name = Buffer.from('Differenstryck')
  const apdu = Buffer.concat([Buffer.from([0x10, 0x07, 0x3d, name.length + 1, 0]), name])
  const head = Buffer.from([0x81, 0x0b, 0, 6 + apdu.length, 1, 0])
  wire.raw(Buffer.concat([head, apdu]))
  for (const p of IDENTITY) await ask(bus.readProperty(VAV, dev(201001), p))
  for (const [to, id] of [[RUM, 310001], [DRAG, 310107]]) {
    await ask(bus.readPropertyMultiple(to, [{ objectId: dev(id), properties: IDENTITY.map((p) => ({ id: p, index: 0xffffffff })) }]))
  }
  await ask(bus.readProperty(RUM, dev(310001), P.OBJECT_LIST)) // long: comes in segments
  await ask(bus.readProperty(VAV, dev(201001), P.OBJECT_LIST, { arrayIndex: 0 }))
  await ask(bus.subscribeCov(VAV, ai(2), 7, false, false, 120))
  await ask(bus.subscribeCov(VAV, av(3), 8, false, true, 120))
  await ask(bus.subscribeCov(DRAG, ai(1), 9, false, true, 120))
  bus.timeSyncUTC({ address: '10.20.0.255' }, new Date())
  let n = 0
  while (Date.now() < end) {
    await ask(bus.readProperty(VAV, ai(1), P.PRESENT_VALUE))
    await ask(bus.readPropertyMultiple(VAV, [
      { objectId: ai(2), properties: [{ id: P.PRESENT_VALUE, index: 0xffffffff }, { id: P.STATUS_FLAGS, index: 0xffffffff }] },
      { objectId: av(3), properties: [{ id: P.PRESENT_VALUE, index: 0xffffffff }] },
      { objectId: av(9), properties: [{ id: P.PRESENT_VALUE, index: 0xffffffff }] }
    ]))
    await ask(bus.readProperty(RUM, ai(1), P.PRESENT_VALUE))
    await ask(bus.readProperty(DRAG, ai(1), P.PRESENT_VALUE))
    if (n === 2) await ask(bus.writeProperty(RUM, av(1), P.PRESENT_VALUE, real(20.5), { priority: 8 }))
    if (n === 3) await ask(bus.writeProperty(RUM, ai(1), P.PRESENT_VALUE, real(20.5), { priority: 8 })) // refused: an input
    if (n === 4) await ask(bus.readProperty(RUM, av(1), P.PRIORITY_ARRAY))
    if (n === 5) await ask(bus.writeProperty(RUM, av(1), P.PRESENT_VALUE, [{ type: T.NULL, value: null }], { priority: 8 }))
    if (n === 6) await ask(bus.readProperty(VAV, dev(201001), P.TIME_OF_DEVICE_RESTART)) // not there
    if (n === 7) {
      await ask(bus.writePropertyMultiple(RUM, [{
        objectId: av(1),
        values: [{ property: { id: P.PRESENT_VALUE, index: 0xffffffff }, value: real(21), priority: 8 }]
      }]))
    }
    if (n === 8) await ask(bus.subscribeProperty(VAV, ai(1), { id: P.PRESENT_VALUE, index: 0xffffffff }, 10, false, false))
    if (n === 9) await ask(bus.getEventInformation(VAV)) // a service this device does not have
    n++
    await sleep(4)
  }
  await ask(bus.subscribeCov(VAV, ai(2), 7, true, false, 0))
}

async function office () {
  // Not in the zone, so not in its broadcasts: through the zone's BBMD.
  await ask(bus.registerForeignDevice({ address: '10.20.0.42:47808' }, 60))
  bus.whoIsThroughBBMD(RUM)
  await sleep(1)
  await ask(bus.readProperty(VAV, dev(201001), P.OBJECT_NAME))
  await ask(bus.writeProperty(VAV, av(3), P.PRESENT_VALUE, real(8.5), { priority: 8 }))
  await sleep(2)
  await ask(bus.deviceCommunicationControl(VAV, 1, 1, { password: 'filister' }))
  await sleep(1)
  await ask(bus.reinitializeDevice(VAV, 1, { password: 'filister' }))
}

const scenarios = { operate, office }
if (!scenarios[scenario]) {
  console.error('usage: bacnet-client operate|office SECONDS')
  process.exit(2)
}
bus.on('listening', () => scenarios[scenario]().then(() => process.exit(0), (e) => { console.error(e); process.exit(1) }))
