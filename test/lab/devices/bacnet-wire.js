// Transports for the BACnet stack: a UDP port that also cuts long answers into
// segments, and a router's far side. The stack brings neither.
'use strict'

const { EventEmitter } = require('events')
const dgram = require('dgram')
const os = require('os')

const PORT = 47808

// Where the APDU begins in a BACnet/IP message without a forwarded address.
function apduAt (msg) {
  const control = msg[5]
  let at = 6
  if (control & 0x20) at += 3 + msg[at + 2]
  if (control & 0x08) at += 3 + msg[at + 2]
  if (control & 0x20) at += 1
  return at
}

class Wire extends EventEmitter {
  constructor ({ broadcast, maxApdu = 1476, bbmd = false }) {
    super()
    this.broadcast = broadcast
    this.maxApdu = maxApdu
    this.long = new Map() // answers under way, by peer and invoke id
    this.own = new Set()
    this.bbmd = bbmd
    this.foreign = new Map() // who registered from another subnet, and for how long
    this.socket = dgram.createSocket({ type: 'udp4', reuseAddr: true })
    this.socket.on('message', (msg, from) => this.receive(msg, from))
    this.socket.on('error', (e) => this.emit('error', e))
  }

  open () {
    this.socket.bind(PORT, '0.0.0.0', () => {
      const here = Object.values(os.networkInterfaces()).flat()
      this.address = (here.find((i) => i.family === 'IPv4' && !i.internal) || {}).address
      this.socket.setBroadcast(true)
      this.emit('listening')
    })
  }

  close () { this.socket.close() }
  getBroadcastAddress () { return this.broadcast }
  getMaxPayload () { return 1482 }

  receive (msg, from) {
    if (msg.length < 6 || (msg[1] >= 0x0a && (msg[5] & 0x28) && msg.length < 9)) return
    // Our own broadcasts come back to us.
    if (this.own.delete(msg.toString('hex'))) return
    if (this.bbmd) msg = this.manage(msg, from)
    if (!msg) return
    const peer = from.port === PORT ? from.address : `${from.address}:${from.port}`
    if (msg[1] === 0x0a) {
      const at = apduAt(msg)
      if (msg[at] >> 4 === 4 && !(msg[at] & 1)) {
        this.acknowledged(peer, msg[at + 1], msg[at + 2], msg[at + 3])
        return
      }
    }
    // What is addressed to another network is the router's business alone.
    const away = (msg[1] === 0x0a || msg[1] === 0x0b) && (msg[5] & 0x20) && msg.readUInt16BE(6) !== 0xffff
    if (!away) this.emit('message', msg, peer)
    this.emit('passing', msg, peer)
  }

  // A broadcast management device: it passes broadcasts on between the subnet and
  // those who registered. Returns what is left for the device itself.
  manage (msg, from) {
    const now = Date.now()
    for (const [to, until] of this.foreign) if (until < now) this.foreign.delete(to)
    const origin = Buffer.from([...from.address.split('.').map(Number), from.port >> 8, from.port & 255])
    const forward = (npdu) => {
      const out = Buffer.concat([Buffer.from([0x81, 0x04, 0, 0]), origin, npdu])
      out.writeUInt16BE(out.length, 2)
      return out
    }
    switch (msg[1]) {
      case 0x05: // register
        this.foreign.set(`${from.address}:${from.port}`, now + (msg.readUInt16BE(4) + 30) * 1000)
        this.raw(Buffer.from([0x81, 0x00, 0, 6, 0, 0]), `${from.address}:${from.port}`)
        return null
      case 0x09: { // distribute
        const out = forward(msg.subarray(4))
        this.raw(out)
        for (const to of this.foreign.keys()) if (to !== `${from.address}:${from.port}`) this.raw(out, to)
        return Buffer.concat([Buffer.from([0x81, 0x0b, 0, 0]), msg.subarray(4)])
      }
      case 0x0b: // somebody on this subnet tells everybody
        for (const to of this.foreign.keys()) this.raw(forward(msg.subarray(4)), to)
    }
    return msg
  }

  send (buffer, length, receiver) {
    const msg = Buffer.from(buffer.subarray(0, length))
    const at = apduAt(msg)
    if (receiver && msg[at] === 0x30 && length - at > this.maxApdu) {
      this.begin(receiver, msg, at)
      return
    }
    this.raw(msg, receiver)
  }

  raw (msg, receiver) {
    if (!receiver) {
      this.own.add(msg.toString('hex'))
      // Those who registered hear what this device tells everybody, too.
      if (this.foreign.size && msg[1] === 0x0b) {
        this.manage(msg, { address: this.address, port: PORT })
      }
    }
    const [address, port] = (receiver || this.broadcast).split(':')
    this.socket.send(msg, Number(port) || PORT, address)
  }

  begin (receiver, msg, at) {
    const room = this.maxApdu - 5
    const body = msg.subarray(at + 3)
    const parts = []
    for (let i = 0; i < body.length; i += room) parts.push(body.subarray(i, i + room))
    const job = { receiver, npdu: msg.subarray(0, at), invoke: msg[at + 1], service: msg[at + 2], parts }
    this.long.set(`${receiver} ${job.invoke}`, job)
    this.segment(job, 0)
  }

  segment (job, n) {
    const more = n + 1 < job.parts.length
    const head = Buffer.from([0x30 | 0x08 | (more ? 0x04 : 0), job.invoke, n, 2, job.service])
    const msg = Buffer.concat([job.npdu, head, job.parts[n]])
    msg.writeUInt16BE(msg.length, 2)
    this.raw(msg, job.receiver)
  }

  acknowledged (peer, invoke, n, window) {
    const job = this.long.get(`${peer} ${invoke}`)
    if (!job) return
    if (n + 1 >= job.parts.length) this.long.delete(`${peer} ${invoke}`)
    for (let i = n + 1; i <= n + window && i < job.parts.length; i++) this.segment(job, i)
  }
}

// A router's other port: a network of one-byte addresses (MS/TP) with one
// station on it. What the stack sends gets the station's source address; what
// is for the station, or for everybody, reaches the stack.
class FarSide extends EventEmitter {
  constructor (near, network, station) {
    super()
    this.near = near
    this.network = network
    this.station = station
    near.on('passing', (msg, peer) => this.receive(msg, peer))
  }

  open () { this.emit('listening') }
  close () {}
  getBroadcastAddress () { return this.near.getBroadcastAddress() }
  getMaxPayload () { return 480 }

  receive (msg, peer) {
    if (msg[1] !== 0x0a && msg[1] !== 0x0b) return
    const control = msg[5]
    if (control & 0x80) {
      // Who-Is-Router-To-Network: answer for the one network behind.
      if (msg[6] === 0x00) {
        this.near.raw(Buffer.from([0x81, 0x0b, 0, 9, 1, 0x80, 0x01, this.network >> 8, this.network & 255]))
      }
      return
    }
    if (!(control & 0x20)) return
    const net = msg.readUInt16BE(6)
    const len = msg[8]
    const mine = net === 0xffff || (net === this.network && (len === 0 || msg[9] === this.station))
    if (mine) this.emit('message', msg, peer)
  }

  send (buffer, length, receiver) {
    const at = apduAt(buffer)
    const head = Buffer.from([0x81, receiver ? 0x0a : 0x0b, 0, 0, 1, (buffer[5] & 0x07) | 0x08,
      this.network >> 8, this.network & 255, 1, this.station])
    const msg = Buffer.concat([head, buffer.subarray(at, length)])
    msg.writeUInt16BE(msg.length, 2)
    this.near.raw(msg, receiver)
  }
}

module.exports = { Wire, FarSide }
