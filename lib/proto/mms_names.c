/* mms_names.c: MMS's services, errors and fields (ISO 9506-2). */
#include "proto/mms.h"

/* By number. */
static const struct mms_service services[MMS_SERVICES] = {
	{ "status", OT_READ }, { "getNameList", OT_READ }, { "identify", OT_IDENTIFY },
	{ "rename", OT_CONFIGURE }, { "read", OT_READ }, { "write", OT_WRITE },
	{ "getVariableAccessAttributes", OT_READ }, { "defineNamedVariable", OT_CONFIGURE },
	{ "defineScatteredAccess", OT_CONFIGURE }, { "getScatteredAccessAttributes", OT_READ },
	{ "deleteVariableAccess", OT_CONFIGURE }, { "defineNamedVariableList", OT_CONFIGURE },
	{ "getNamedVariableListAttributes", OT_READ },
	{ "deleteNamedVariableList", OT_CONFIGURE }, { "defineNamedType", OT_CONFIGURE },
	{ "getNamedTypeAttributes", OT_READ }, { "deleteNamedType", OT_CONFIGURE },
	{ "input", OT_READ }, { "output", OT_WRITE }, { "takeControl", OT_COMMAND },
	{ "relinquishControl", OT_COMMAND }, { "defineSemaphore", OT_CONFIGURE },
	{ "deleteSemaphore", OT_CONFIGURE }, { "reportSemaphoreStatus", OT_READ },
	{ "reportPoolSemaphoreStatus", OT_READ }, { "reportSemaphoreEntryStatus", OT_READ },
	{ "initiateDownloadSequence", OT_PROGRAM }, { "downloadSegment", OT_PROGRAM },
	{ "terminateDownloadSequence", OT_PROGRAM }, { "initiateUploadSequence", OT_PROGRAM },
	{ "uploadSegment", OT_PROGRAM }, { "terminateUploadSequence", OT_PROGRAM },
	{ "requestDomainDownload", OT_PROGRAM }, { "requestDomainUpload", OT_PROGRAM },
	{ "loadDomainContent", OT_PROGRAM }, { "storeDomainContent", OT_PROGRAM },
	{ "deleteDomain", OT_PROGRAM }, { "getDomainAttributes", OT_READ },
	{ "createProgramInvocation", OT_PROGRAM }, { "deleteProgramInvocation", OT_PROGRAM },
	{ "start", OT_COMMAND }, { "stop", OT_COMMAND }, { "resume", OT_COMMAND },
	{ "reset", OT_COMMAND }, { "kill", OT_COMMAND },
	{ "getProgramInvocationAttributes", OT_READ }, { "obtainFile", OT_WRITE },
	{ "defineEventCondition", OT_CONFIGURE }, { "deleteEventCondition", OT_CONFIGURE },
	{ "getEventConditionAttributes", OT_READ }, { "reportEventConditionStatus", OT_READ },
	{ "alterEventConditionMonitoring", OT_CONFIGURE }, { "triggerEvent", OT_COMMAND },
	{ "defineEventAction", OT_CONFIGURE }, { "deleteEventAction", OT_CONFIGURE },
	{ "getEventActionAttributes", OT_READ }, { "reportEventActionStatus", OT_READ },
	{ "defineEventEnrollment", OT_SUBSCRIBE }, { "deleteEventEnrollment", OT_SUBSCRIBE },
	{ "alterEventEnrollment", OT_SUBSCRIBE }, { "reportEventEnrollmentStatus", OT_READ },
	{ "getEventEnrollmentAttributes", OT_READ },
	{ "acknowledgeEventNotification", OT_COMMAND },
	{ "getAlarmSummary", OT_READ }, { "getAlarmEnrollmentSummary", OT_READ },
	{ "readJournal", OT_READ }, { "writeJournal", OT_WRITE },
	{ "initializeJournal", OT_COMMAND },
	{ "reportJournalStatus", OT_READ }, { "createJournal", OT_CONFIGURE },
	{ "deleteJournal", OT_CONFIGURE }, { "getCapabilityList", OT_READ },
	{ "fileOpen", OT_READ }, { "fileRead", OT_READ }, { "fileClose", OT_OTHER },
	{ "fileRename", OT_WRITE },
	{ "fileDelete", OT_WRITE }, { "fileDirectory", OT_READ },
};

const struct mms_service *
mms_service(uint32_t n)
{
	return n < MMS_SERVICES ? &services[n] : NULL;
}

const struct tok mms_object_classes[] = {
	{ 0, "namedVariable" }, { 1, "scatteredAccess" }, { 2, "namedVariableList" },
	{ 3, "namedType" }, { 4, "semaphore" }, { 5, "eventCondition" }, { 6, "eventAction" },
	{ 7, "eventEnrollment" }, { 8, "journal" }, { 9, "domain" }, { 10, "programInvocation" },
	{ 11, "operatorStation" }, { 12, "dataExchange" }, { 13, "accessControlList" }, { 0, NULL },
};

const struct tok mms_logical[] = {
	{ 0, "state-changes-allowed" }, { 1, "no-state-changes-allowed" },
	{ 2, "limited-services-permitted" }, { 3, "support-services-allowed" }, { 0, NULL },
};

const struct tok mms_physical[] = {
	{ 0, "operational" }, { 1, "partially-operational" }, { 2, "inoperable" },
	{ 3, "needs-commissioning" }, { 0, NULL },
};

/* DataAccessError */
const struct tok mms_access_errors[] = {
	{ 0, "object-invalidated" }, { 1, "hardware-fault" }, { 2, "temporarily-unavailable" },
	{ 3, "object-access-denied" }, { 4, "object-undefined" }, { 5, "invalid-address" },
	{ 6, "type-unsupported" }, { 7, "type-inconsistent" },
	{ 8, "object-attribute-inconsistent" }, { 9, "object-access-unsupported" },
	{ 10, "object-non-existent" }, { 11, "object-value-invalid" }, { 0, NULL },
};

const struct tok mms_classes[] = {
	{ 0, "vmd-state" }, { 1, "application-reference" }, { 2, "definition" }, { 3, "resource" },
	{ 4, "service" }, { 5, "service-preempt" }, { 6, "time-resolution" }, { 7, "access" },
	{ 8, "initiate" }, { 9, "conclude" }, { 10, "cancel" }, { 11, "file" }, { 12, "others" },
	{ 0, NULL },
};

/* class << 8 | code; code 0 is "other" everywhere */
static const struct tok errors[] = {
	{ 0x001, "vmd-state-conflict" }, { 0x002, "vmd-operational-problem" },
	{ 0x003, "domain-transfer-problem" }, { 0x004, "state-machine-id-invalid" },
	{ 0x101, "application-unreachable" }, { 0x102, "connection-lost" },
	{ 0x103, "application-reference-invalid" }, { 0x104, "context-unsupported" },
	{ 0x201, "object-undefined" }, { 0x202, "invalid-address" }, { 0x203, "type-unsupported" },
	{ 0x204, "type-inconsistent" }, { 0x205, "object-exists" },
	{ 0x206, "object-attribute-inconsistent" }, { 0x301, "memory-unavailable" },
	{ 0x302, "processor-resource-unavailable" }, { 0x303, "mass-storage-unavailable" },
	{ 0x304, "capability-unavailable" }, { 0x305, "capability-unknown" },
	{ 0x401, "primitives-out-of-sequence" }, { 0x402, "object-state-conflict" },
	{ 0x403, "pdu-size" }, { 0x404, "continuation-invalid" },
	{ 0x405, "object-constraint-conflict" }, { 0x501, "timeout" }, { 0x502, "deadlock" },
	{ 0x503, "cancel" }, { 0x601, "unsupportable-time-resolution" },
	{ 0x701, "object-access-unsupported" }, { 0x702, "object-non-existent" },
	{ 0x703, "object-access-denied" }, { 0x704, "object-invalidated" },
	{ 0x801, "version-incompatible" }, { 0x802, "max-segment-insufficient" },
	{ 0x803, "max-services-outstanding-calling-insufficient" },
	{ 0x804, "max-services-outstanding-called-insufficient" },
	{ 0x805, "service-cbb-insufficient" }, { 0x806, "parameter-cbb-insufficient" },
	{ 0x807, "nesting-level-insufficient" }, { 0x901, "further-communication-required" },
	{ 0xa01, "invoke-id-unknown" }, { 0xa02, "cancel-not-possible" },
	{ 0xb01, "filename-ambiguous" }, { 0xb02, "file-busy" }, { 0xb03, "filename-syntax-error" },
	{ 0xb04, "content-type-invalid" }, { 0xb05, "position-invalid" },
	{ 0xb06, "file-access-denied" }, { 0xb07, "file-non-existent" },
	{ 0xb08, "duplicate-filename" }, { 0xb09, "insufficient-space-in-filestore" }, { 0, NULL },
};

const char *
mms_error(uint32_t cls, uint32_t code)
{
	if (code == 0)
		return "other";
	return cls < 13 && code < 256 ? tok_find(errors, cls << 8 | code) : NULL;
}

const struct field mms_fields[] = {
	TPKT_FIELDS("mms"),
	{ "mms.pdu", "string", "kind of PDU" },
	{ "mms.invoke_id", "integer", "joins request and response" },
	{ "mms.service", "string", "the service asked for" },
	{ "mms.service_code", "integer", "its number" },
	{ "mms.authentication", "boolean", "the caller gave a password or the like; not written" },
	{ "mms.initiate.requested_pdu_size", "integer", "longest PDU asked for" },
	{ "mms.initiate.pdu_size", "integer", "longest PDU granted" },
	{ "mms.initiate.outstanding_calling", "integer", "requests at a time, caller" },
	{ "mms.initiate.outstanding_called", "integer", "requests at a time, called side" },
	{ "mms.initiate.nesting", "integer", "levels of structures" },
	{ "mms.initiate.version", "integer", "version of MMS" },
	{ "mms.vendor", "string", "vendor by identify" },
	{ "mms.model", "string", "model by identify" },
	{ "mms.revision", "string", "revision by identify" },
	{ "mms.logical_status", "string", "what the device lets be changed" },
	{ "mms.physical_status", "string", "whether the device works" },
	{ "mms.object_class", "string", "class of the names asked for" },
	{ "mms.domain", "string", "domain of the names asked for" },
	{ "mms.continue_after", "string", "name after which the list goes on" },
	{ "mms.names", "array", "names in the answer; all are counted in ot.count" },
	{ "mms.more", "boolean", "more follows in a further answer" },
	{ "mms.item", "integer", "which variable of a write this event is about, from 1" },
	{ "mms.items_written", "integer", "how many variables the write had" },
	{ "mms.variable_list", "string", "named list whose variables are meant" },
	{ "mms.items.name", "string", "domain/item" },
	{ "mms.items.value", "any", "value where there are several; structures are laid flat" },
	{ "mms.items.error", "string", "why there is no value" },
	{ "mms.file", "string", "file name" },
	{ "mms.new_file", "string", "name it gets" },
	{ "mms.frsm", "integer", "number of an open file" },
	{ "mms.file_size", "integer", "bytes of the file" },
	{ "mms.bytes", "integer", "bytes of it in this PDU" },
	{ "mms.error.class", "string", "class of the error" },
	{ "mms.error.code", "integer", "its number in the class" },
	{ "mms.error.name", "string", "its name" },
	{ "mms.reject.kind", "integer", "what was rejected: 1 request, 2 response, 3 error, .." },
	{ "mms.reject.reason", "integer", "why" },
	{ NULL },
};
