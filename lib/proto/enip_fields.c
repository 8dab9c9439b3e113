/* enip_fields.c: all that an enip event's own block may hold. */
#include "proto/enip.h"

#define HEAD(p)                                                                                    \
	{ "enip." p ".command", "string", "encapsulation command, as EVE names it" },              \
	    { "enip." p ".status", "string", "encapsulation status" },                             \
	    { "enip." p ".options", "integer", "encapsulation options, if not 0" },                \
	    { "enip." p ".session", "integer", "session handle" },                                 \
	    { "enip." p ".connection_id", "integer", "connection the message travels in" },        \
	    { "enip." p ".sequence", "integer", "sequence count in that connection" },             \
	    { "enip." p ".register_session.protocol_version", "integer", "1" },                    \
	    { "enip." p ".register_session.options", "integer", "0" },                             \
	    { "enip." p ".cip.service", "string", "CIP service" },                                 \
	    { "enip." p ".cip.service_raw", "integer", "its code" },                               \
	    { "enip." p ".cip.length", "integer", "bytes of data that are not decoded" },          \
	    { "enip." p ".cip.multiple[].service", "string", "service of one message" },           \
	    { "enip." p ".cip.multiple[].service_raw", "integer", "its code" },                    \
	    { "enip." p ".cip.pccc.command", "integer", "PCCC command code" },                     \
	    { "enip." p ".cip.pccc.transaction", "integer", "PCCC transaction number" },           \
	    { "enip." p ".cip.pccc.length", "integer", "bytes of PCCC data" },                     \
	    { "enip." p ".cip.data_type", "string", "type of a tag's data" },                      \
	{                                                                                          \
		"enip." p ".cip.structure", "integer", "handle of the structure, of type STRUCT"   \
	}

#define PATH(p)                                                                                    \
	{ "enip.request." p "path[].segment_type", "string", "kind of path segment" },             \
	    { "enip.request." p "path[].value", "integer", "its number" },                         \
	{                                                                                          \
		"enip.request." p "path[].symbol", "string", "its text, of a symbol"               \
	}

#define ORIGINATOR(p)                                                                              \
	{ "enip." p ".connection_serial", "integer", "connection serial number" },                 \
	    { "enip." p ".originator_vendor", "string", "maker of the originator" },               \
	{                                                                                          \
		"enip." p ".originator_serial", "integer", "serial number of the originator"       \
	}

#define TARGET(p)                                                                                  \
	{ "enip.request.cip." p ".timeout_ms", "integer", "time the originator waits" },           \
	    ORIGINATOR("request.cip." p),                                                          \
	    { "enip.request.cip." p ".route", "string", "way to the target behind the device" },   \
	    { "enip.request.cip." p ".target", "string", "object the connection ends in" },        \
	    { "enip.request.cip." p ".electronic_key.vendor", "string", "maker expected there" },  \
	    { "enip.request.cip." p ".electronic_key.vendor_id", "integer", "its ODVA number" },   \
	    { "enip.request.cip." p ".electronic_key.device_type", "integer", "type expected" },   \
	    { "enip.request.cip." p ".electronic_key.product_code", "integer", "code expected" },  \
	    { "enip.request.cip." p ".electronic_key.major", "integer", "major revision" },        \
	    { "enip.request.cip." p ".electronic_key.minor", "integer", "minor revision" },        \
	    PATH("cip." p ".")

#define DIRECTION(p, what)                                                                         \
	{ "enip.request.cip.forward_open." p ".rpi_us", "integer", what " interval wanted" }, \
	    { "enip.request.cip.forward_open." p ".size", "integer", what " bytes of a packet" },  \
	    { "enip.request.cip.forward_open." p ".variable", "boolean", what " size varies" },    \
	    { "enip.request.cip.forward_open." p ".priority", "string", what " priority" },        \
	    { "enip.request.cip.forward_open." p ".type", "string", what " kind of connection" },  \
	{                                                                                          \
		"enip.request.cip.forward_open." p ".redundant_owner", "boolean",                  \
		    what " owner is redundant"                                                     \
	}

#define IDENTITY(p)                                                                                \
	{ "enip.response." p "identity.revision", "string", "major.minor" },                       \
	    { "enip.response." p "identity.vendor_id", "string", "maker, by its ODVA number" },    \
	    { "enip.response." p "identity.device_type", "string", "device profile" },             \
	    { "enip.response." p "identity.product_code", "integer", "product code" },             \
	    { "enip.response." p "identity.status", "integer", "status word" },                    \
	    { "enip.response." p "identity.serial", "integer", "serial number" },                  \
	    { "enip.response." p "identity.product_name", "string", "product name" },              \
	{                                                                                          \
		"enip.response." p "identity.state", "integer", "state of the device"              \
	}

const struct field enip_fields[] = {
	HEAD("request"),
	{ "enip.request.route", "string", "way to a part behind the device: port 1 slot 0" },
	{ "enip.request.unconnected_send.timeout_ms", "integer", "time the originator waits" },
	PATH("unconnected_send."),
	{ "enip.request.cip.index", "integer", "which message of several this is, from 0" },
	{ "enip.request.cip.class_name", "string", "class of the object" },
	PATH("cip."),
	{ "enip.request.cip.elements", "integer", "elements read or written" },
	{ "enip.request.cip.offset", "integer", "offset in bytes, of a fragment" },
	{ "enip.request.cip.attributes[]", "integer", "attributes asked for" },
	{ "enip.request.cip.multiple[].class_name", "string", "class of one message's object" },
	{ "enip.request.cip.multiple[].object", "string", "its object, as ot.object" },
	TARGET("forward_open"),
	{ "enip.request.cip.forward_open.ot_connection_id", "integer", "originator to target" },
	{ "enip.request.cip.forward_open.to_connection_id", "integer", "target to originator" },
	{ "enip.request.cip.forward_open.timeout_multiplier", "integer", "intervals to timeout" },
	{ "enip.request.cip.forward_open.transport_class", "integer", "0, 1: I/O; 2, 3: messages" },
	{ "enip.request.cip.forward_open.trigger", "string", "what makes it send" },
	{ "enip.request.cip.forward_open.direction", "string", "client or server" },
	DIRECTION("ot", "originator to target:"),
	DIRECTION("to", "target to originator:"),
	TARGET("forward_close"),
	{ "enip.request.cip.pccc.function", "integer", "PCCC function code" },
	{ "enip.request.cip.pccc.name", "string", "what it does" },
	{ "enip.request.cip.pccc.size", "integer", "bytes read or written" },
	{ "enip.request.cip.pccc.file", "integer", "data file number" },
	{ "enip.request.cip.pccc.file_type", "integer", "data file type" },
	{ "enip.request.cip.pccc.element", "integer", "element in it" },
	{ "enip.request.cip.pccc.sub_element", "integer", "part of the element" },
	{ "enip.request.cip.pccc.mask", "integer", "bits that are written" },
	HEAD("response"),
	IDENTITY(""),
	{ "enip.response.identity.protocol_version", "integer", "encapsulation version" },
	{ "enip.response.identity.address", "string", "address the device believes it has" },
	{ "enip.response.list_services.protocol_version", "integer", "encapsulation version" },
	{ "enip.response.list_services.capabilities", "integer", "capability flags" },
	{ "enip.response.list_services.service_name", "string", "name of the service" },
	{ "enip.response.cip.status", "string", "general status" },
	{ "enip.response.cip.status_raw", "integer", "its code, if not success" },
	{ "enip.response.cip.status_extended", "string", "extended status, in hex" },
	{ "enip.response.cip.status_extended_meaning", "string", "what that means" },
	IDENTITY("cip."),
	{ "enip.response.cip.multiple[].status", "string", "general status of one message" },
	{ "enip.response.cip.multiple[].status_raw", "integer", "its code, if not success" },
	{ "enip.response.cip.multiple[].status_extended", "string", "extended status, in hex" },
	{ "enip.response.cip.multiple[].status_extended_meaning", "string", "what that means" },
	{ "enip.response.cip.multiple[].data_type", "string", "type of a tag's data" },
	{ "enip.response.cip.multiple[].structure", "integer", "handle of the structure" },
	{ "enip.response.cip.multiple[].value", "any", "value of the tag" },
	ORIGINATOR("response.cip.forward_open"),
	{ "enip.response.cip.forward_open.ot_connection_id", "integer", "originator to target" },
	{ "enip.response.cip.forward_open.to_connection_id", "integer", "target to originator" },
	{ "enip.response.cip.forward_open.ot_api_us", "integer", "packet interval granted" },
	{ "enip.response.cip.forward_open.to_api_us", "integer", "packet interval granted" },
	{ "enip.response.cip.forward_open.remaining_path_words", "integer", "path not gone" },
	ORIGINATOR("response.cip.forward_close"),
	{ "enip.response.cip.forward_close.remaining_path_words", "integer", "path not gone" },
	{ "enip.response.cip.pccc.status", "string", "PCCC status" },
	{ "enip.response.cip.pccc.status_raw", "integer", "its code" },
	{ "enip.response.cip.pccc.extended_status", "integer", "extended status code" },
	{ "enip.response.cip.pccc.extended_status_name", "string", "what that means" },
	{ NULL },
};
