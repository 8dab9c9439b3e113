/* What a DNP3 event may hold, named as EVE names it. */
#include "proto/dnp3.h"

#define P "dnp3."
#define POINT(o) P o ".application.objects[].points[]"
#define HEAD(o) \
	{ P o ".type", "string", "request, response, unsolicited_response, or link" }, \
	{ P o ".control.dir", "boolean", "true: from the master" }, \
	{ P o ".control.pri", "boolean", "true: from the side that began" }, \
	{ P o ".control.fcb", "boolean", "frame count bit" }, \
	{ P o ".control.fcv", "boolean", "frame count valid; or data flow control" }, \
	{ P o ".control.function_code", "integer", "of the link layer" }, \
	{ P o ".control.function", "string", "its name, where there is nothing above it" }, \
	{ P o ".src", "integer", "link address of the sender" }, \
	{ P o ".dst", "integer", "link address of the receiver" }, \
	{ P o ".application.control.fir", "boolean", "first fragment" }, \
	{ P o ".application.control.fin", "boolean", "last fragment" }, \
	{ P o ".application.control.con", "boolean", "a confirm is asked for" }, \
	{ P o ".application.control.uns", "boolean", "unsolicited, or the confirm of such" }, \
	{ P o ".application.control.sequence", "integer", "0 to 15" }, \
	{ P o ".application.function_code", "integer", "as on the wire" }, \
	{ P o ".application.function", "string", "its name" }, \
	{ P o ".application.complete", "boolean", "all objects are understood and written" }, \
	{ P o ".application.objects[].group", "integer", "object group" }, \
	{ P o ".application.objects[].variation", "integer", "object variation" }, \
	{ P o ".application.objects[].name", "string", "what points of that group are" }, \
	{ P o ".application.objects[].qualifier", "integer", "as on the wire" }, \
	{ P o ".application.objects[].prefix_code", "integer", "1-3: indexes; 4-6: sizes" }, \
	{ P o ".application.objects[].range_code", "integer", "how the range is given" }, \
	{ P o ".application.objects[].start", "integer", "first index" }, \
	{ P o ".application.objects[].stop", "integer", "last index" }, \
	{ P o ".application.objects[].count", "integer", "points" }, \
	{ POINT(o) ".index", "integer", "point number" }, \
	{ POINT(o) ".size", "integer", "bytes of an object of variable size" }, \
	{ POINT(o) ".state", "integer", "of a binary point; double-bit: 0 to 3" }, \
	{ POINT(o) ".count", "integer", "of a counter; how often a CROB is carried out" }, \
	{ POINT(o) ".value", "number", "of any other point" }, \
	{ POINT(o) ".online", "boolean", "flag" }, \
	{ POINT(o) ".restart", "boolean", "flag" }, \
	{ POINT(o) ".comm_lost", "boolean", "flag" }, \
	{ POINT(o) ".remote_forced", "boolean", "flag" }, \
	{ POINT(o) ".local_forced", "boolean", "flag" }, \
	{ POINT(o) ".chatter_filter", "boolean", "flag" }, \
	{ POINT(o) ".rollover", "boolean", "flag" }, \
	{ POINT(o) ".discontinuity", "boolean", "flag" }, \
	{ POINT(o) ".over_range", "boolean", "flag" }, \
	{ POINT(o) ".reference_err", "boolean", "flag" }, \
	{ POINT(o) ".timestamp", "integer", \
	    "ms since 1970, or after the common time of the message" }, \
	{ POINT(o) ".op_type", "integer", "operation of a CROB" }, \
	{ POINT(o) ".op", "string", "its name" }, \
	{ POINT(o) ".tcc", "integer", "trip-close code" }, \
	{ POINT(o) ".trip_close", "string", "its name" }, \
	{ POINT(o) ".qu", "boolean", "queued behind others" }, \
	{ POINT(o) ".cr", "boolean", "what is queued is cleared" }, \
	{ POINT(o) ".ontime", "integer", "ms" }, \
	{ POINT(o) ".offtime", "integer", "ms" }, \
	{ POINT(o) ".status_code", "integer", "of a control or a file" }, \
	{ POINT(o) ".status", "string", "its name" }, \
	{ POINT(o) ".attribute", "string", "name of a device attribute" }, \
	{ POINT(o) ".type", "integer", "data type of a device attribute" }, \
	{ POINT(o) ".text", "string", "a device attribute that is text" }, \
	{ POINT(o) ".filename", "string", "name of a file" }, \
	{ POINT(o) ".operational_mode", "integer", "how it is opened" }, \
	{ POINT(o) ".mode", "string", "the name of that" }, \
	{ POINT(o) ".file_handle", "integer", "handle of an open file" }, \
	{ POINT(o) ".file_size", "integer", "bytes" }, \
	{ POINT(o) ".request_id", "integer", "the master's number of the request" }, \
	{ POINT(o) ".maximum_block_size", "integer", "bytes of a block" }, \
	{ POINT(o) ".block_number", "integer", "from 0" }, \
	{ POINT(o) ".last_block", "boolean", "no block follows" }, \
	{ POINT(o) ".bytes", "integer", "of file data (never written)" }, \
	{ POINT(o) ".key_given", "boolean", "an authentication key (never written)" }, \
	{ POINT(o) ".user_name", "boolean", "a user name (never written)" }, \
	{ POINT(o) ".csq", "integer", "sequence number of authentication" }, \
	{ POINT(o) ".usr", "integer", "user number" }, \
	{ POINT(o) ".error_code", "integer", "of authentication" }, \
	{ POINT(o) ".error", "string", "its name" }

const struct field dnp3_fields[] = {
	{ P "part", "integer", "which of the commands or writes of its message this event is" },
	{ P "parts", "integer", "how many there are" },
	HEAD("request"),
	HEAD("response"),
	{ P "response.iin.indicators", "array", "internal indications that are set" },
	{ NULL },
};
