// controller: the air handling unit of cleanroom 2. The room's pressure follows the
// set-point with a time constant; below the limit for long enough it tells the building
// server (intrinsic reporting, ASHRAE 135 clause 13.2: Out_Of_Range with Time_Delay),
// in notifications that want an answer.
'use strict'

const Stack = require('@bacnet-js/client')
const { Wire } = require('../devices/bacnet-wire.js')
const { did } = require('./did.js')

const {
  ApplicationTag: T, ConfirmedServiceChoice: SVC, ErrorClass: EC, ErrorCode: ERR, EventState, EventType,
  NotifyType, ObjectType: O, PropertyIdentifier: P, Segmentation, StatusFlags, StatusFlagsBitString, TimeStamp
} = Stack

const ID = 200009
const BMS = { address: '10.20.0.5' }
const LOW_LIMIT = 10 // Pa
const DEADBAND = 0.5
const DELAY = 20 // s
const TAU = 27 // s: so the alarm comes 38 s after a step from 15 to 5 Pa
const PASCAL = 53
const DEGREES = 62
const PERCENT = 98

const text = (value) => [{ type: T.CHARACTER_STRING, value }]
const unsigned = (value) => [{ type: T.UNSIGNED_INTEGER, value }]
const enumerated = (value) => [{ type: T.ENUMERATED, value }]

const IDENTITY = {
  [P.OBJECT_NAME]: text('AHU-2'),
  [P.OBJECT_TYPE]: enumerated(O.DEVICE),
  [P.VENDOR_NAME]: text('Renluft Automation AB'),
  [P.VENDOR_IDENTIFIER]: unsigned(555),
  [P.MODEL_NAME]: text('RLC-1200'),
  [P.FIRMWARE_REVISION]: text('V4.2.1'),
  [P.APPLICATION_SOFTWARE_VERSION]: text('AHU-std-11'),
  [P.SERIAL_NUMBER]: text('RL-2207-0114'),
  [P.LOCATION]: text('Fläktrum 2'),
  [P.DESCRIPTION]: text('Luftbehandling renrum 2'),
  [P.SYSTEM_STATUS]: enumerated(0),
  [P.PROTOCOL_VERSION]: unsigned(1),
  [P.PROTOCOL_REVISION]: unsigned(14),
  [P.MAX_APDU_LENGTH_ACCEPTED]: unsigned(1476)
}

const objects = new Map()
function add (type, instance, name, value, units) {
  const o = { type, instance, name, value, units, priorities: Array(16).fill(null), relinquish: value, state: EventState.NORMAL }
  objects.set(`${type},${instance}`, o)
  return o
}
add(O.ANALOG_INPUT, 1, 'Tilluftstemperatur', 19.4, DEGREES)
const pressure = add(O.ANALOG_INPUT, 2, 'Differenstryck renrum 2', 15.1, PASCAL)
const fan = add(O.ANALOG_OUTPUT, 1, 'Tilluftsfläkt', 62, PERCENT)
const setpoint = add(O.ANALOG_VALUE, 3, 'BV differenstryck renrum 2', 15, PASCAL)
const alarm = add(O.BINARY_VALUE, 2, 'Larm lågt differenstryck', 0)

const writable = (type) => [O.ANALOG_OUTPUT, O.ANALOG_VALUE].includes(type)
const binary = (type) => type === O.BINARY_VALUE
const present = (o) => binary(o.type) ? enumerated(o.value) : [{ type: T.REAL, value: o.value }]
const flags = (o) => new StatusFlagsBitString(...(o.state === EventState.NORMAL ? [] : [StatusFlags.IN_ALARM]))

// The values of a property, or the number of an error.
function property (id, { id: prop }) {
  if (id.type === O.DEVICE) {
    if (id.instance !== ID && id.instance !== 4194303) return ERR.UNKNOWN_OBJECT
    if (prop === P.OBJECT_IDENTIFIER) return [{ type: T.OBJECTIDENTIFIER, value: { type: O.DEVICE, instance: ID } }]
    if (prop === P.OBJECT_LIST) return [...objects.values()].map(({ type, instance }) => ({ type: T.OBJECTIDENTIFIER, value: { type, instance } }))
    return IDENTITY[prop] || ERR.UNKNOWN_PROPERTY
  }
  const o = objects.get(`${id.type},${id.instance}`)
  if (!o) return ERR.UNKNOWN_OBJECT
  switch (prop) {
    case P.OBJECT_NAME: return text(o.name)
    case P.PRESENT_VALUE: return present(o)
    case P.STATUS_FLAGS: return [{ type: T.BIT_STRING, value: flags(o) }]
    case P.EVENT_STATE: return enumerated(o.state)
    case P.UNITS: if (o.units) return enumerated(o.units); break
    case P.PRIORITY_ARRAY: if (writable(o.type)) return o.priorities.map((v) => v === null ? { type: T.NULL, value: null } : { type: T.REAL, value: v }); break
  }
  return ERR.UNKNOWN_PROPERTY
}

const bus = new Stack.default({ transport: new Wire({ broadcast: '10.20.0.255' }), apduTimeout: 3000 })
bus.on('error', () => {})
bus.on('whoIs', () => bus.iAmResponse(null, ID, Segmentation.NO_SEGMENTATION, 555))
bus.on('readProperty', (m) => {
  const { objectId, property: asked } = m.payload
  const value = property(objectId, asked)
  if (Array.isArray(value)) return bus.readPropertyResponse(m.header.sender, m.invokeId, objectId, asked, value)
  bus.errorResponse(m.header.sender, SVC.READ_PROPERTY, m.invokeId, value === ERR.UNKNOWN_OBJECT ? EC.OBJECT : EC.PROPERTY, value)
})
bus.on('readPropertyMultiple', (m) => {
  bus.readPropertyMultipleResponse(m.header.sender, m.invokeId, m.payload.properties.map(({ objectId, properties }) => ({
    objectId,
    values: properties.map((p) => {
      const value = property(objectId, p)
      const refused = [{ type: T.ERROR, value: { type: 'BacnetError', errorClass: EC.PROPERTY, errorCode: value } }]
      return { property: p, value: Array.isArray(value) ? value : refused }
    })
  })))
})
bus.on('writeProperty', (m) => {
  const { objectId, value: { property: p, value, priority } } = m.payload
  const o = objects.get(`${objectId.type},${objectId.instance}`)
  if (!o || p.id !== P.PRESENT_VALUE || !writable(o.type)) {
    return bus.errorResponse(m.header.sender, SVC.WRITE_PROPERTY, m.invokeId, o ? EC.PROPERTY : EC.OBJECT, o ? ERR.WRITE_ACCESS_DENIED : ERR.UNKNOWN_OBJECT)
  }
  o.priorities[priority - 1] = value[0].type === T.NULL ? null : value[0].value
  const first = o.priorities.find((v) => v !== null)
  o.value = first === undefined ? o.relinquish : first
  bus.simpleAckResponse(m.header.sender, SVC.WRITE_PROPERTY, m.invokeId)
})
bus.on('alarmAcknowledge', (m) => bus.simpleAckResponse(m.header.sender, SVC.ACKNOWLEDGE_ALARM, m.invokeId))

function notify (o, toState, more) {
  const fromState = o.state
  const now = new Date()
  o.state = toState
  const event = {
    processId: 1,
    initiatingObjectId: { type: O.DEVICE, instance: ID },
    eventObjectId: { type: o.type, instance: o.instance },
    timeStamp: { type: TimeStamp.DATETIME, value: now },
    notificationClass: 2,
    priority: toState === EventState.NORMAL ? 150 : 60,
    notifyType: NotifyType.ALARM,
    ackRequired: toState !== EventState.NORMAL,
    fromState,
    toState,
    ...more
  }
  did('alarm', {
    object: `${binary(o.type) ? 'binary-value' : 'analog-input'},${o.instance}`,
    name: o.name,
    from: EventState[fromState].toLowerCase().replace(/_/g, '-'),
    to: EventState[toState].toLowerCase().replace(/_/g, '-'),
    value: o.value,
    text: more.messageText
  }, now.getTime())
  bus.confirmedEventNotification(BMS, event).catch((e) => did('no answer', { to: 'bms-srv', why: e.message }))
}

function outOfRange (toState, messageText) {
  notify(pressure, toState, {
    eventType: EventType.OUT_OF_RANGE,
    messageText,
    outOfRangeExceedingValue: pressure.value,
    outOfRangeStatusFlags: new StatusFlagsBitString(...(toState === EventState.NORMAL ? [] : [StatusFlags.IN_ALARM])),
    outOfRangeDeadband: DEADBAND,
    outOfRangeExceededLimit: LOW_LIMIT
  })
}

// The room: once a second.
let real = 15
let seconds = 0
let since = 0
setInterval(() => {
  seconds++
  real += (setpoint.value - real) / TAU
  pressure.value = Math.round((real + 0.15 * Math.sin(seconds / 3)) * 10) / 10
  fan.value = Math.round(32 + 2 * real)
  const low = pressure.state === EventState.NORMAL
  const due = low ? real < LOW_LIMIT : real > LOW_LIMIT + DEADBAND
  since = due ? since + 1 : 0
  if (since <= DELAY) return
  since = 0
  alarm.value = low ? 1 : 0
  outOfRange(low ? EventState.LOW_LIMIT : EventState.NORMAL, low ? 'Differenstryck renrum 2 under 10 Pa' : 'Differenstryck renrum 2 normalt')
}, 1000)
