// What an analyser, a laboratory information system and an automation line say to
// each other. The patients are HEMLIGT.
'use strict';

const net = require('net');
const simple = require('simple-hl7');
const { Client, Message } = require('node-hl7-client');
const { Server } = require('node-hl7-server');

const PID = 'PID|1||HEMLIGT-4711^^^HOSP||HEMLIGT^Anna||19700101|F';

function msh(type, id, more = '') {
	return `MSH|^~\\&|XN-1000|LAB|LIS|HOSP|20251124160000||${type}|${id}|P|2.5.1${more}`;
}

function oul(id) {
	return [msh('OUL^R22^OUL_R22', id), 'SFT|Sysmex|3.06|IPU|0815', PID, 'SPM|1|HEMLIGT',
		'OBX|1|NM|6690-2^WBC^LN||HEMLIGT 7.1|10*9/L|||||F|||||||XN-10^Sysmex~12345^Sysmex'].join('\r');
}

const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

async function simpleStack() {
	const app = simple.tcp();
	app.use((req, res, next) => {
		if (/HEMLIGT-REFUSE/.test(req.msg.toString()))
			return next(new Error('HEMLIGT is refused'));
		next();
	});
	app.use((req, res) => res.end());
	app.use((err, req, res, next) => {
		res.ack.getSegment('MSA').setField(1, 'AR');
		res.ack.addSegment('ERR', err.message);
		res.end();
	});
	app.start(7777);
	await sleep(500);
	const client = simple.Server.createTcpClient('192.0.2.20', 7777);
	const parser = new simple.Parser();
	for (const text of [oul('S1'), oul('S2'), [msh('ORU^R01', 'S3'), PID, 'NTE|1||HEMLIGT-REFUSE'].join('\r')])
		await new Promise((r) => client.send(parser.parse(text), () => r()));
	await sleep(200);
	client.close();
}

async function nodeStack() {
	const inbound = new Server({ bindAddress: '0.0.0.0' }).createInbound({ port: 6661 }, async (req, res) => {
		await res.sendResponse(/OML/.test(req.getMessage().toString()) ? 'AE' : 'AA');
	});
	await sleep(500);
	const client = new Client({ host: '192.0.2.20', version: '2.5.1' });
	const out = client.createConnection({ port: 6661 }, async () => {});
	await sleep(500);
	for (const text of [oul('N1'), [msh('OML^O33^OML_O33', 'N2'), PID, 'ORC|NW|HEMLIGT'].join('\r'),
		[msh('EAC^U07^EAC_U07', 'N3'), 'EQU|DXA-5000^LAB|20251124160000', 'ECD|1|LO^Load^HL70368|Y'].join('\r')]) {
		await out.sendMessage(new Message({ text }));
		await sleep(300);
	}
	await out.close();
	await inbound.close();
}

async function main() {
	for (const part of [simpleStack, nodeStack])
		await part().catch((e) => console.error(`${part.name}: ${e.message}`));
	await sleep(300);
	process.exit(0);
}

main();
