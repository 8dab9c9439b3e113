// bacnet-device PROFILE: a building controller that speaks BACnet/IP.
// rum310 is also a router, with a fume hood's controller on the network behind.
'use strict'

const Stack = require('@bacnet-js/client')
const { Wire, FarSide } = require('./bacnet-wire.js')

const {
  ApplicationTag: T, ConfirmedServiceChoice: SVC, ErrorClass: EC, ErrorCode: ERR,
  ObjectType: O, PropertyIdentifier: P, Segmentation, StatusFlagsBitString
} = Stack
const Client = Stack.default

const text = (value) => ({ type: T.CHARACTER_STRING, value })
const real = (value) => ({ type: T.REAL, value })
const unsigned = (value) => ({ type: T.UNSIGNED_INTEGER, value })
const enumerated = (value) => ({ type: T.ENUMERATED, value })
const bool = (value) => ({ type: T.BOOLEAN, value })
const object = (type, instance) => ({ type: T.OBJECTIDENTIFIER, value: { type, instance } })
const none = { type: T.NULL, value: null }

const DEGREES = 62
const PASCAL = 53
const PERCENT = 98
const LITRES_PER_SECOND = 87
const NO_UNITS = 95

// ASHRAE keeps these vendor numbers for itself: no maker of real things is named.
const PROFILES = {
  vav201: [{
    id: 201001,
    name: 'VAV-201',
    vendor: [555, 'Styr & Klimat i Boras AB'],
    model: 'SK-VAV 24',
    firmware: '3.8.0.112',
    application: 'VAV renrum 2 rev C',
    location: 'Plan 2, renrum 2',
    description: 'Supply air damper of cleanroom 2',
    serial: 'SKV-118843',
    maxApdu: 1476,
    objects: [
      [O.ANALOG_INPUT, 1, 'Rumstemperatur', 20.6, DEGREES],
      [O.ANALOG_INPUT, 2, 'Differenstryck', 15.1, PASCAL],
      [O.ANALOG_OUTPUT, 1, 'Spjall', 43, PERCENT],
      [O.ANALOG_VALUE, 3, 'BV differenstryck', 15, PASCAL],
      [O.BINARY_INPUT, 1, 'Dorrkontakt', 0],
      [O.BINARY_VALUE, 1, 'Nattlage', 0]
    ]
  }],
  rum310: [{
    id: 310001,
    name: 'RUM-310',
    vendor: [666, 'Bygglogik Norden AB'],
    model: 'BLN-5000',
    firmware: '7.0.21',
    application: 'Plan 3 / 2026-03-14',
    location: 'Plan 3, undercentral',
    description: 'Room controller and router to the fume hoods',
    serial: 'BLN5-00731',
    maxApdu: 206,
    objects: [
      [O.ANALOG_INPUT, 1, 'Rumstemperatur 310', 21.4, DEGREES],
      [O.ANALOG_VALUE, 1, 'BV temperatur 310', 21, DEGREES],
      ...Array.from({ length: 90 }, (_, i) => [O.ANALOG_INPUT, 100 + i, `Givare ${100 + i}`, i / 2, NO_UNITS])
    ]
  }, {
    network: 2001,
    station: 7,
    id: 310107,
    name: 'DRAG-7',
    vendor: [777, 'Dragskapsservice Syd AB'],
    model: 'FH-Control 2',
    firmware: '1.4',
    application: 'FH2 std',
    location: 'Lab 307',
    description: 'Fume hood 7',
    serial: 'DS-7-2019-044',
    maxApdu: 480,
    objects: [
      [O.ANALOG_INPUT, 1, 'Luftflode', 118, LITRES_PER_SECOND],
      [O.BINARY_INPUT, 1, 'Larm lag flode', 0]
    ]
  }]
}

const key = (o) => `${o.type},${o.instance}`
const isOutput = (type) => [O.ANALOG_OUTPUT, O.ANALOG_VALUE, O.BINARY_OUTPUT, O.BINARY_VALUE].includes(type)
const isBinary = (type) => [O.BINARY_INPUT, O.BINARY_OUTPUT, O.BINARY_VALUE].includes(type)

class Device {
  constructor (profile, transport) {
    this.profile = profile
    this.objects = new Map()
    this.subscriptions = []
    for (const [type, instance, name, value, units] of profile.objects) {
      this.objects.set(`${type},${instance}`, { type, instance, name, value, units, priorities: Array(16).fill(null), relinquish: value })
    }
    this.transport = transport
    const bus = this.bus = new Client({ transport })
    bus.on('error', () => {})
    bus.on('whoIs', ({ payload }) => this.whoIs(payload))
    bus.on('whoHas', ({ payload }) => this.whoHas(payload))
    bus.on('readProperty', (m) => this.read(m))
    bus.on('readPropertyMultiple', (m) => this.readMultiple(m))
    bus.on('writeProperty', (m) => this.write(m))
    bus.on('subscribeCov', (m) => this.subscribe(m))
    bus.on('timeSync', () => {})
    bus.on('timeSyncUTC', () => {})
    for (const [name, service] of [['deviceCommunicationControl', SVC.DEVICE_COMMUNICATION_CONTROL],
      ['writePropertyMultiple', SVC.WRITE_PROPERTY_MULTIPLE], ['subscribeProperty', SVC.SUBSCRIBE_COV_PROPERTY],
      ['reinitializeDevice', SVC.REINITIALIZE_DEVICE], ['alarmAcknowledge', SVC.ACKNOWLEDGE_ALARM]]) {
      bus.on(name, (m) => bus.simpleAckResponse(m.header.sender, service, m.invokeId))
    }
  }

  iAm () {
    // The stack announces its transport's size; the device announces its own.
    const size = this.transport.getMaxPayload
    this.transport.getMaxPayload = () => this.profile.maxApdu
    try {
      const segmentation = this.profile.maxApdu < 480 ? Segmentation.SEGMENTED_TRANSMIT : Segmentation.NO_SEGMENTATION
      this.bus.iAmResponse(null, this.profile.id, segmentation, this.profile.vendor[0])
    } finally {
      this.transport.getMaxPayload = size
    }
  }

  whoIs ({ lowLimit, highLimit }) {
    if (lowLimit !== undefined && (this.profile.id < lowLimit || this.profile.id > highLimit)) return
    this.iAm()
  }

  whoHas ({ objectId, objectName }) {
    for (const o of this.objects.values()) {
      if (o.name === objectName || (objectId && key(o) === key(objectId))) {
        this.bus.iHaveResponse(null, { type: O.DEVICE, instance: this.profile.id }, { type: o.type, instance: o.instance }, o.name)
      }
    }
  }

  flags () {
    return { type: T.BIT_STRING, value: new StatusFlagsBitString() }
  }

  present (o) {
    return isBinary(o.type) ? enumerated(o.value) : real(o.value)
  }

  // The values of a property, or the number of an error.
  property (id, { id: prop, index }) {
    const p = this.profile
    if (id.type === O.DEVICE && (id.instance === p.id || id.instance === 4194303)) {
      switch (prop) {
        case P.OBJECT_IDENTIFIER: return [object(O.DEVICE, p.id)]
        case P.OBJECT_NAME: return [text(p.name)]
        case P.OBJECT_TYPE: return [enumerated(O.DEVICE)]
        case P.VENDOR_NAME: return [text(p.vendor[1])]
        case P.VENDOR_IDENTIFIER: return [unsigned(p.vendor[0])]
        case P.MODEL_NAME: return [text(p.model)]
        case P.FIRMWARE_REVISION: return [text(p.firmware)]
        case P.APPLICATION_SOFTWARE_VERSION: return [text(p.application)]
        case P.SERIAL_NUMBER: return [text(p.serial)]
        case P.LOCATION: return [text(p.location)]
        case P.DESCRIPTION: return [text(p.description)]
        case P.SYSTEM_STATUS: return [enumerated(0)]
        case P.PROTOCOL_VERSION: return [unsigned(1)]
        case P.PROTOCOL_REVISION: return [unsigned(14)]
        case P.MAX_APDU_LENGTH_ACCEPTED: return [unsigned(p.maxApdu)]
        case P.DATABASE_REVISION: return [unsigned(12)]
        case P.OBJECT_LIST: {
          const list = [object(O.DEVICE, p.id), ...[...this.objects.values()].map((o) => object(o.type, o.instance))]
          if (index === 0) return [unsigned(list.length)]
          if (index !== undefined && index !== 0xffffffff) return list[index - 1] ? [list[index - 1]] : ERR.INVALID_ARRAY_INDEX
          return list
        }
      }
      return ERR.UNKNOWN_PROPERTY
    }
    const o = this.objects.get(key(id))
    if (!o) return ERR.UNKNOWN_OBJECT
    switch (prop) {
      case P.OBJECT_IDENTIFIER: return [object(o.type, o.instance)]
      case P.OBJECT_NAME: return [text(o.name)]
      case P.OBJECT_TYPE: return [enumerated(o.type)]
      case P.PRESENT_VALUE: return [this.present(o)]
      case P.STATUS_FLAGS: return [this.flags()]
      case P.EVENT_STATE: return [enumerated(0)]
      case P.OUT_OF_SERVICE: return [bool(false)]
      case P.UNITS: if (!isBinary(o.type)) return [enumerated(o.units)]; break
      case P.PRIORITY_ARRAY: if (isOutput(o.type)) return o.priorities.map((v) => v === null ? none : isBinary(o.type) ? enumerated(v) : real(v)); break
      case P.RELINQUISH_DEFAULT: if (isOutput(o.type)) return [isBinary(o.type) ? enumerated(o.relinquish) : real(o.relinquish)]; break
    }
    return ERR.UNKNOWN_PROPERTY
  }

  fail ({ header, invokeId }, service, code) {
    const cls = code === ERR.UNKNOWN_OBJECT ? EC.OBJECT : EC.PROPERTY
    this.bus.errorResponse(header.sender, service, invokeId, cls, code)
  }

  read (m) {
    const { objectId, property } = m.payload
    const value = this.property(objectId, property)
    if (!Array.isArray(value)) return this.fail(m, SVC.READ_PROPERTY, value)
    this.bus.readPropertyResponse(m.header.sender, m.invokeId, objectId, property, value)
  }

  readMultiple (m) {
    const answer = m.payload.properties.map(({ objectId, properties }) => {
      const wanted = properties.flatMap((p) => p.id === P.ALL || p.id === P.REQUIRED
        ? [P.OBJECT_IDENTIFIER, P.OBJECT_NAME, P.OBJECT_TYPE, P.PRESENT_VALUE, P.STATUS_FLAGS, P.EVENT_STATE, P.OUT_OF_SERVICE, P.UNITS]
          .map((id) => ({ id, index: 0xffffffff })).filter((q) => Array.isArray(this.property(objectId, q)))
        : [p])
      return {
        objectId,
        values: wanted.map((property) => {
          const value = this.property(objectId, property)
          const errorClass = value === ERR.UNKNOWN_OBJECT ? EC.OBJECT : EC.PROPERTY
          return { property, value: Array.isArray(value) ? value : [{ type: T.ERROR, value: { type: 'BacnetError', errorClass, errorCode: value } }] }
        })
      }
    })
    this.bus.readPropertyMultipleResponse(m.header.sender, m.invokeId, answer)
  }

  write (m) {
    const { objectId, value: { property, value, priority } } = m.payload
    const o = this.objects.get(key(objectId))
    if (!o) return this.fail(m, SVC.WRITE_PROPERTY, ERR.UNKNOWN_OBJECT)
    if (property.id !== P.PRESENT_VALUE || !isOutput(o.type)) return this.fail(m, SVC.WRITE_PROPERTY, ERR.WRITE_ACCESS_DENIED)
    o.priorities[priority - 1] = value[0].type === T.NULL ? null : value[0].value
    const first = o.priorities.find((v) => v !== null)
    this.set(o, first === undefined ? o.relinquish : first)
    this.bus.simpleAckResponse(m.header.sender, SVC.WRITE_PROPERTY, m.invokeId)
  }

  subscribe (m) {
    const { subscriberProcessId, monitoredObjectId, cancellationRequest, issueConfirmedNotifications, lifetime } = m.payload
    const o = this.objects.get(key(monitoredObjectId))
    if (!o) return this.fail(m, SVC.SUBSCRIBE_COV, ERR.UNKNOWN_OBJECT)
    this.subscriptions = this.subscriptions.filter((s) => s.o !== o || s.process !== subscriberProcessId)
    this.bus.simpleAckResponse(m.header.sender, SVC.SUBSCRIBE_COV, m.invokeId)
    if (cancellationRequest) return
    const s = { o, process: subscriberProcessId, to: m.header.sender, confirmed: issueConfirmedNotifications, end: Date.now() + lifetime * 1000 }
    this.subscriptions.push(s)
    setTimeout(() => this.notify(s), 50)
  }

  notify (s) {
    const values = [
      { property: { id: P.PRESENT_VALUE }, value: [this.present(s.o)] },
      { property: { id: P.STATUS_FLAGS }, value: [this.flags()] }
    ]
    const left = Math.max(0, Math.round((s.end - Date.now()) / 1000))
    const id = { type: s.o.type, instance: s.o.instance }
    if (s.confirmed) this.bus.confirmedCOVNotification(s.to, id, s.process, this.profile.id, left, values).catch(() => {})
    else this.bus.unconfirmedCOVNotification(s.to, s.process, this.profile.id, id, left, values)
  }

  set (o, value) {
    if (o.value === value) return
    o.value = value
    for (const s of this.subscriptions) if (s.o === o) this.notify(s)
  }

  // Values drift, and once a limit is passed.
  live () {
    let t = 0
    setInterval(() => {
      t++
      for (const o of this.objects.values()) {
        if (o.type === O.ANALOG_INPUT && o.instance < 100 && t % 5 === o.instance % 5) {
          this.set(o, Math.round((o.value + (t % 2 ? 0.2 : -0.2)) * 10) / 10)
        }
      }
      const dp = this.objects.get(`${O.ANALOG_INPUT},2`)
      if (dp && t === 40) {
        this.set(dp, 8.4)
        this.alarm(dp)
      }
    }, 1000)
  }

  alarm (o) {
    this.bus.unconfirmedEventNotification(null, {
      processId: 1,
      initiatingObjectId: { type: O.DEVICE, instance: this.profile.id },
      eventObjectId: { type: o.type, instance: o.instance },
      timeStamp: { type: Stack.TimeStamp.SEQUENCE_NUMBER, value: 16 },
      notificationClass: 2,
      priority: 100,
      eventType: Stack.EventType.OUT_OF_RANGE,
      messageText: 'Differenstryck under 10 Pa',
      notifyType: Stack.NotifyType.ALARM,
      ackRequired: true,
      fromState: Stack.EventState.NORMAL,
      toState: Stack.EventState.LOW_LIMIT,
      outOfRangeExceedingValue: o.value,
      outOfRangeStatusFlags: new StatusFlagsBitString(Stack.StatusFlags.IN_ALARM),
      outOfRangeDeadband: 0.5,
      outOfRangeExceededLimit: 10
    })
  }
}

const profiles = PROFILES[process.argv[2]]
if (!profiles) {
  console.error('usage: bacnet-device ' + Object.keys(PROFILES).join('|'))
  process.exit(2)
}
const wire = new Wire({ broadcast: '10.20.0.255', maxApdu: profiles[0].maxApdu, bbmd: profiles.length > 1 })
for (const p of profiles) {
  const device = new Device(p, p.network ? new FarSide(wire, p.network, p.station) : wire)
  device.live()
  // As controllers do when they have started.
  setTimeout(() => device.iAm(), 500)
}
