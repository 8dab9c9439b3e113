// A node-opcua server and clients that use every service that our dissector
// reads, over loopback: see ./record, which calls it.
"use strict";

const opcua = require("node-opcua");
const { MessageSecurityMode: Mode, SecurityPolicy: Policy, DataType, AttributeIds, Variant, StatusCodes } = opcua;
const os = require("os");
const path = require("path");

const PORT = 4840;
const URL = `opc.tcp://127.0.0.1:${PORT}`;
const pki = path.join(process.env.LAB_STATE || os.tmpdir(), "pki");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function serve() {
  const server = new opcua.OPCUAServer({
    port: PORT,
    hostname: "127.0.0.1",
    serverCertificateManager: new opcua.OPCUACertificateManager({
      rootFolder: path.join(pki, "server"), automaticallyAcceptUnknownCertificate: true }),
    buildInfo: { productName: "SampleScale 9", manufacturerName: "Sample Works AB", softwareVersion: "2.1.0",
      buildNumber: "8841", productUri: "urn:SampleWorks:Scale", buildDate: new Date(0) },
    serverInfo: { applicationName: { text: "SampleScale" }, productUri: "urn:SampleWorks:Scale",
      applicationUri: "urn:balance-3:SampleWorks:Scale" },
    securityPolicies: [Policy.None, Policy.Basic256Sha256, Policy.Aes256_Sha256_RsaPss],
    securityModes: [Mode.None, Mode.Sign, Mode.SignAndEncrypt],
    allowAnonymous: true,
    userManager: { isValidUser: (user, password) => user === "lab" && password === "secret" },
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  const own = space.getOwnNamespace();
  const scale = own.addObject({ organizedBy: space.rootFolder.objects, browseName: "Scale", nodeId: "s=Scale" });
  let weight = 12.5;
  const add = (name, dataType, value, more) => own.addVariable({ componentOf: scale, browseName: name,
    nodeId: `s=Scale.${name}`, dataType, minimumSamplingInterval: 50,
    value: new Variant({ dataType: DataType[dataType], value, ...more }) });
  own.addVariable({ componentOf: scale, browseName: "Weight", nodeId: "s=Scale.Weight", dataType: "Double",
    minimumSamplingInterval: 50,
    value: { get: () => new Variant({ dataType: DataType.Double, value: (weight += 0.25) }) } });
  add("Tare", "Double", 0.25);
  add("Limits", "Int32", new Int32Array([10, 20, 30]), { arrayType: opcua.VariantArrayType.Array });
  add("SerialNumber", "String", "SN-77");
  add("Manufacturer", "LocalizedText", new opcua.LocalizedText({ text: "Sample Works AB" }));
  add("Note", "String", "");
  for (let i = 0; i < 600; i++) add(`Tank${i}`, "UInt32", i);
  const method = own.addMethod(scale, { browseName: "Zero", nodeId: "s=Scale.Zero",
    inputArguments: [{ name: "level", dataType: DataType.Double, description: { text: "level" } },
      { name: "why", dataType: DataType.String, description: { text: "why" } }],
    outputArguments: [{ name: "done", dataType: DataType.Boolean, description: { text: "done" } }] });
  method.bindMethod((inputs, context, done) => done(null, { statusCode: StatusCodes.Good,
    outputArguments: [{ dataType: DataType.Boolean, value: true }] }));
  const history = space.getOwnNamespace().addVariable({ componentOf: scale, browseName: "Trend",
    nodeId: "s=Scale.Trend", dataType: "Double", value: new Variant({ dataType: DataType.Double, value: 1 }) });
  space.installHistoricalDataNode(history, { maxOnlineValues: 50 });
  for (let i = 0; i < 5; i++) history.setValueFromSource({ dataType: DataType.Double, value: i });
  await server.start();
  return server;
}

function client(mode, policy) {
  return opcua.OPCUAClient.create({ endpointMustExist: false, securityMode: mode, securityPolicy: policy,
    applicationName: "LIMS Connector", connectionStrategy: { maxRetry: 0 }, requestedSessionTimeout: 20000,
    clientCertificateManager: new opcua.OPCUACertificateManager({
      rootFolder: path.join(pki, "client"), automaticallyAcceptUnknownCertificate: true }) });
}

async function work(c, user) {
  await c.connect(URL);
  await c.getEndpoints();
  await c.findServers();
  const s = await c.createSession(user);
  const ns = (await s.readNamespaceArray()).length - 1 && 1;
  const id = (name) => `ns=${ns};s=Scale${name}`;
  await s.browse("RootFolder");
  await s.browse([{ nodeId: id(""), resultMask: 63, browseDirection: 0, includeSubtypes: true,
    referenceTypeId: "References" }, "ns=9;s=none"]);
  await s.read({ nodeId: id(".Weight"), attributeId: AttributeIds.Value });
  await s.read([".Weight", ".Tare", ".Limits", ".SerialNumber", ".Manufacturer", ".None"].map((n) => (
    { nodeId: id(n), attributeId: AttributeIds.Value })));
  await s.read({ nodeId: "i=2256", attributeId: AttributeIds.Value });
  await s.read([2261, 2262, 2263, 2264, 2265, 2266].map((n) => (
    { nodeId: `i=${n}`, attributeId: AttributeIds.Value })));
  await s.read({ nodeId: id(".Weight"), attributeId: AttributeIds.DisplayName });
  await s.read([...Array(600).keys()].map((i) => ({ nodeId: id(`.Tank${i}`), attributeId: AttributeIds.Value })));
  await s.write([
    { nodeId: id(".Tare"), attributeId: AttributeIds.Value, value: { value: { dataType: DataType.Double, value: 1.5 } } },
    { nodeId: id(".Limits"), attributeId: AttributeIds.Value,
      value: { value: { dataType: DataType.Int32, arrayType: 1, value: [1, 2, 3] } } },
    { nodeId: id(".Tare"), attributeId: AttributeIds.Value, value: { value: { dataType: DataType.String, value: "x" } } },
    { nodeId: id(".None"), attributeId: AttributeIds.Value, value: { value: { dataType: DataType.Boolean, value: true } } },
  ]);
  await s.write({ nodeId: id(".Note"), attributeId: AttributeIds.Value,
    value: { value: { dataType: DataType.String, value: "n".repeat(70000) } } });
  await s.read({ nodeId: id(".Note"), attributeId: AttributeIds.Value });
  await s.call({ objectId: id(""), methodId: id(".Zero"), inputArguments: [
    { dataType: DataType.Double, value: 2.5 }, { dataType: DataType.String, value: "morning" }] });
  await s.call({ objectId: id(""), methodId: id(".Nothing"), inputArguments: [] });
  await s.translateBrowsePath(opcua.makeBrowsePath("RootFolder", `/Objects/${ns}:Scale.${ns}:Tare`));
  await s.readHistoryValue(id(".Trend"), new Date(Date.now() - 3600000), new Date(Date.now() + 60000)).catch(() => 0);
  await s.registerNodes([id(".Tare")]).catch(() => 0);
  const sub = await s.createSubscription2({ requestedPublishingInterval: 100, requestedLifetimeCount: 100,
    requestedMaxKeepAliveCount: 5, maxNotificationsPerPublish: 10, publishingEnabled: true, priority: 1 });
  const items = await sub.monitorItems([".Weight", ".Tare", ".None"].map((n) => (
    { nodeId: id(n), attributeId: AttributeIds.Value })),
  { samplingInterval: 100, queueSize: 10, discardOldest: true }, opcua.TimestampsToReturn.Both);
  await wait(700);
  await items.terminate();
  await wait(1200);
  await sub.terminate();
  await s.close();
  await c.disconnect();
}

(async () => {
  const server = await serve();
  const who = { type: opcua.UserTokenType.UserName, userName: "lab", password: "secret" };
  await work(client(Mode.None, Policy.None));
  await work(client(Mode.Sign, Policy.Basic256Sha256), who);
  await work(client(Mode.SignAndEncrypt, Policy.Aes256_Sha256_RsaPss), who);
  await client(Mode.None, Policy.None).connect("opc.tcp://127.0.0.1:4840/none").catch(() => 0);
  const c = client(Mode.SignAndEncrypt, Policy.Basic256Sha256);
  await c.connect(URL);
  await c.createSession({ ...who, password: "wrong" }).catch(() => 0);
  await c.disconnect();
  await server.shutdown(10);
  process.exit(0);
})().catch((e) => {
  console.error(e);
  process.exit(1);
});
