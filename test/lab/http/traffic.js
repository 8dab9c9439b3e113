// An MQTT broker over WebSocket, and a client that signs in, subscribes, publishes, leaves.
'use strict';
const aedes = require('aedes')();
const mqtt = require('mqtt');
const ws = require('ws');

new ws.WebSocketServer({ host: '127.0.0.1', port: 9001 }).on('connection', (c) => {
	aedes.handle(ws.createWebSocketStream(c));
});

const client = mqtt.connect('ws://127.0.0.1:9001/mqtt', {
	clientId: 'gateway-1', username: 'HEMLIGT', password: 'HEMLIGT', reconnectPeriod: 0,
});
client.on('connect', () => {
	client.subscribe('lab/#', { qos: 1 }, () => {
		client.publish('lab/hplc/temperature', 'HEMLIGT 21.5', { qos: 1 }, () => {
			client.publish('lab/hplc/trace', Buffer.alloc(5000, 'HEMLIGT'), { qos: 0 });
			setTimeout(() => client.end(), 300);
		});
	});
});
client.on('close', () => process.exit(0));
client.on('error', (e) => { console.error(e.message); process.exit(1); });
