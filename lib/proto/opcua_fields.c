/* opcua_fields.c: what OPC UA's events may hold, for --list-fields. */
#include "proto/opcua.h"

#define SIZES(p) \
	{ p "version", "integer", "protocol version" }, \
	{ p "receive_buffer", "integer", "largest chunk it takes" }, \
	{ p "send_buffer", "integer", "largest chunk it sends" }, \
	{ p "max_message", "integer", "largest message, 0: any" }, \
	{ p "max_chunks", "integer", "most chunks of a message, 0: any" }

#define CERTIFICATE(p) \
	{ p "subject", "string", "subject's name, cut at 104 bytes" }, \
	{ p "application_uri", "string", "URI in its alternative names" }, \
	{ p "thumbprint", "string", "SHA-1 of the certificate, hex" }, \
	{ p "not_before", "string", "valid from" }, \
	{ p "not_after", "string", "valid until" }, \
	{ p "self_signed", "boolean", "issuer and subject are the same" }, \
	{ p "key_type", "string", "RSA, EC, ..." }, \
	{ p "key_bits", "integer", "length of the public key" }

#define APPLICATION(p) \
	{ p "application_uri", "string", "the application instance" }, \
	{ p "product_uri", "string", "the product" }, \
	{ p "application_name", "string", "its name" }, \
	{ p "application_type", "string", "server, client, client_and_server, discovery_server" }, \
	{ p "discovery_urls", "array", "where it can be asked" }

const struct field opcua_fields[] = {
	{ "opcua.message", "string", "HEL, ACK, OPN, MSG, CLO, ERR, RHE, or summary of a flow" },
	{ "opcua.service", "string", "service of Part 4" },
	{ "opcua.service_id", "integer", "type id of a message that is not known" },
	{ "opcua.channel_id", "integer", "secure channel" },
	{ "opcua.request_id", "integer", "pairs request and response in the channel" },
	{ "opcua.request_handle", "integer", "the client's own number of the request" },
	{ "opcua.chunks", "integer", "chunks of the longer message, when more than 1" },
	{ "opcua.aborted", "boolean", "the message was given up by its sender" },
	{ "opcua.endpoint_url", "string", "endpoint the client means" },
	{ "opcua.server_uri", "string", "the server that calls (ReverseHello)" },
	{ "opcua.status", "string", "status code, its name or hex" },
	{ "opcua.reason", "string", "the sender's words" },
	SIZES("opcua.hello."),
	SIZES("opcua.acknowledge."),
	{ "opcua.security_policy", "string", "policy of the channel, the URI's last part" },
	{ "opcua.security_mode", "string", "None, Sign, SignAndEncrypt, as far as it shows" },
	{ "opcua.encrypted", "boolean", "content could not be read" },
	{ "opcua.request_type", "string", "issue (a new channel), renew" },
	{ "opcua.requested_lifetime", "integer", "of the channel's token, ms" },
	{ "opcua.lifetime", "integer", "as granted, ms" },
	{ "opcua.token_id", "integer", "the channel's token" },
	CERTIFICATE("opcua.client_certificate."),
	CERTIFICATE("opcua.server_certificate."),
	{ "opcua.totals.messages_toserver", "integer", "whole messages" },
	{ "opcua.totals.messages_toclient", "integer", "whole messages" },
	{ "opcua.totals.chunks_toserver", "integer", "chunks" },
	{ "opcua.totals.chunks_toclient", "integer", "chunks" },
	{ "opcua.totals.bytes_toserver", "integer", "bytes of chunks" },
	{ "opcua.totals.bytes_toclient", "integer", "bytes of chunks" },
	{ "opcua.totals.renewals", "integer", "further OpenSecureChannel" },
	{ "opcua.totals.aborted", "integer", "messages given up" },
	{ "opcua.totals.publish_requests", "integer", "seen in clear" },
	{ "opcua.totals.keep_alives", "integer", "Publish responses without content" },
	APPLICATION("opcua.server."),
	{ "opcua.server.online", "boolean", "registers as online" },
	APPLICATION("opcua.servers."),
	{ "opcua.servers.endpoint_url", "string", "FindServersOnNetwork: its address" },
	APPLICATION("opcua.client."),
	{ "opcua.endpoints.endpoint_url", "string", "address of the endpoint" },
	{ "opcua.endpoints.security_mode", "string", "None, Sign, SignAndEncrypt" },
	{ "opcua.endpoints.security_policy", "string", "the URI's last part" },
	{ "opcua.endpoints.user_tokens", "array",
	    "anonymous, user_name, certificate, issued_token" },
	{ "opcua.endpoints.security_level", "integer", "the server's own rank of it" },
	{ "opcua.session_name", "string", "what the client calls the session" },
	{ "opcua.session_id", "string", "node id of the session" },
	{ "opcua.requested_timeout", "number", "of the session, ms" },
	{ "opcua.timeout", "number", "as granted, ms" },
	{ "opcua.token_type", "string", "how the user is known" },
	{ "opcua.token_policy", "string", "the server's id of the user token policy" },
	{ "opcua.user_name", "boolean", "a user name was sent; never written" },
	{ "opcua.password", "boolean", "a password was sent; never written" },
	{ "opcua.password_encrypted", "boolean", "false: the password is sent as it is" },
	{ "opcua.delete_subscriptions", "boolean", "CloseSession ends them, too" },
	{ "opcua.entry", "integer", "which of the request's entries this event is about" },
	{ "opcua.entries", "integer", "how many the request has" },
	{ "opcua.companions", "array", "companion specifications that the server follows" },
	{ "opcua.nodes.node", "string", "node id, as far as known" },
	{ "opcua.nodes.name", "string", "name of a standard node" },
	{ "opcua.nodes.attribute", "string", "attribute other than Value" },
	{ "opcua.nodes.index_range", "string", "part of an array" },
	{ "opcua.nodes.type", "string", "built-in type of the value; of history, its structure" },
	{ "opcua.nodes.array_length", "integer", "elements" },
	{ "opcua.nodes.value", "any", "the value; of an array 64 elements at most" },
	{ "opcua.nodes.status", "string", "status code other than Good" },
	{ "opcua.nodes.source_time", "string", "when the source had the value" },
	{ "opcua.nodes.server_time", "string", "the server's time, where it differs" },
	{ "opcua.nodes.server_state", "string", "of ServerStatus" },
#define BUILD(k, m) { "opcua.nodes.build_info." k, "string", m }
	BUILD("product_uri", "BuildInfo"), BUILD("manufacturer", "BuildInfo"),
	BUILD("product_name", "BuildInfo"), BUILD("software_version", "BuildInfo"),
	BUILD("build_number", "BuildInfo"),
	{ "opcua.nodes.direction", "string", "Browse: inverse, both" },
	{ "opcua.nodes.more", "boolean", "Browse: more can be asked for" },
	{ "opcua.nodes.reference_count", "integer", "Browse: references found" },
	{ "opcua.nodes.references.node", "string", "node found" },
	{ "opcua.nodes.references.name", "string", "its browse name" },
	{ "opcua.nodes.references.class", "string", "Object, Variable, Method, ..." },
	{ "opcua.nodes.references.inverse", "boolean", "it refers to the node asked about" },
	{ "opcua.nodes.path", "string", "browse path to translate" },
	{ "opcua.nodes.target", "string", "node it leads to" },
	{ "opcua.nodes.client_handle", "integer", "the client's number of a monitored item" },
	{ "opcua.nodes.sampling_interval", "number", "asked for, ms" },
	{ "opcua.nodes.item_id", "integer", "the server's number of a monitored item" },
	{ "opcua.released", "boolean", "BrowseNext: gives up what is left" },
	{ "opcua.details", "string", "kind of history asked for or changed" },
	{ "opcua.object", "string", "node a call, change or reference is about" },
	{ "opcua.method", "string", "node of the method called" },
	{ "opcua.name", "string", "name of a standard method" },
	{ "opcua.inputs.type", "string", "type of an argument" },
	{ "opcua.inputs.array_length", "integer", "elements" },
	{ "opcua.inputs.value", "any", "its value, if a single number" },
	{ "opcua.outputs.type", "string", "type of a result" },
	{ "opcua.outputs.array_length", "integer", "elements" },
	{ "opcua.outputs.value", "any", "its value, if a single number" },
	{ "opcua.parent", "string", "AddNodes: below which node" },
	{ "opcua.browse_name", "string", "AddNodes: the new node's name" },
	{ "opcua.class", "string", "AddNodes: Object, Variable, Method, ..." },
	{ "opcua.added", "string", "AddNodes: the node id given" },
	{ "opcua.reference", "string", "type of a reference" },
	{ "opcua.target", "string", "where a reference leads" },
	{ "opcua.subscription_id", "integer", "subscription" },
	{ "opcua.subscriptions", "array", "their ids" },
	{ "opcua.publishing", "boolean", "SetPublishingMode: on or off" },
	{ "opcua.requested_interval", "number", "publishing interval asked for, ms" },
	{ "opcua.interval", "number", "as granted, ms" },
	{ "opcua.lifetime_count", "integer", "intervals without Publish until it ends" },
	{ "opcua.keep_alive_count", "integer", "intervals between keep-alives" },
	{ "opcua.monitoring_mode", "string", "disabled, sampling, reporting" },
	{ "opcua.notification", "integer", "sequence number of a notification" },
	{ "opcua.type", "string", "node id of a notification that is not known" },
	{ "opcua.events.node", "string", "node whose events are reported, where known" },
	{ "opcua.events.client_handle", "integer", "the client's number of the item" },
	{ "opcua.events.fields", "integer", "how many fields it has" },
	{ "opcua.events.severity", "integer", "1 to 1000" },
	{ "opcua.events.message", "string", "the server's words" },
	{ "opcua.events.event_type", "string", "first node id among the fields" },
	{ NULL, NULL, NULL },
};
