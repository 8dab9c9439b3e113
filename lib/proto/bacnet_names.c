/* bacnet_names.c: the standard's own names for its numbers.
 *
 * ANSI/ASHRAE 135-2020, clause 21 (object types, properties, errors, event
 * types, states, services), 6.2.4 (network messages), Annex J and Annex U.
 * Vendor identifiers are those ASHRAE assigned; only makers that are met in
 * buildings, laboratories and their plant are listed, under the name they use
 * today. */
#include "proto/bacnet.h"

#define COUNT(a)        (sizeof(a) / sizeof((a)[0]))
/* A member ready to be written: these are half of what an event says. */
#define MEMBER(k, s)    { ",\"" k "\":\"" s "\"", sizeof(",\"" k "\":\"" s "\"") - 1 }
#define SERVICE(s, title, op) { s, { title, sizeof(title) - 1 }, op, MEMBER("service", s) }

static const struct bac_service confirmed[] = {
	SERVICE("acknowledgeAlarm", "AcknowledgeAlarm", OT_COMMAND),
	SERVICE("confirmedCOVNotification", "ConfirmedCOVNotification", OT_REPORT),
	SERVICE("confirmedEventNotification", "ConfirmedEventNotification", OT_ALARM),
	SERVICE("getAlarmSummary", "GetAlarmSummary", OT_READ),
	SERVICE("getEnrollmentSummary", "GetEnrollmentSummary", OT_READ),
	SERVICE("subscribeCOV", "SubscribeCOV", OT_SUBSCRIBE),
	SERVICE("atomicReadFile", "AtomicReadFile", OT_READ),
	SERVICE("atomicWriteFile", "AtomicWriteFile", OT_WRITE),
	SERVICE("addListElement", "AddListElement", OT_WRITE),
	SERVICE("removeListElement", "RemoveListElement", OT_WRITE),
	SERVICE("createObject", "CreateObject", OT_CONFIGURE),
	SERVICE("deleteObject", "DeleteObject", OT_CONFIGURE),
	SERVICE("readProperty", "ReadProperty", OT_READ),
	SERVICE("readPropertyConditional", "ReadPropertyConditional", OT_READ),
	SERVICE("readPropertyMultiple", "ReadPropertyMultiple", OT_READ),
	SERVICE("writeProperty", "WriteProperty", OT_WRITE),
	SERVICE("writePropertyMultiple", "WritePropertyMultiple", OT_WRITE),
	SERVICE("deviceCommunicationControl", "DeviceCommunicationControl", OT_COMMAND),
	SERVICE("confirmedPrivateTransfer", "ConfirmedPrivateTransfer", OT_OTHER),
	SERVICE("confirmedTextMessage", "ConfirmedTextMessage", OT_OTHER),
	SERVICE("reinitializeDevice", "ReinitializeDevice", OT_COMMAND),
	SERVICE("vtOpen", "VT-Open", OT_CONNECT),
	SERVICE("vtClose", "VT-Close", OT_CONNECT),
	SERVICE("vtData", "VT-Data", OT_OTHER),
	SERVICE("authenticate", "Authenticate", OT_AUTH),
	SERVICE("requestKey", "RequestKey", OT_AUTH),
	SERVICE("readRange", "ReadRange", OT_READ),
	SERVICE("lifeSafetyOperation", "LifeSafetyOperation", OT_COMMAND),
	SERVICE("subscribeCOVProperty", "SubscribeCOVProperty", OT_SUBSCRIBE),
	SERVICE("getEventInformation", "GetEventInformation", OT_READ),
	SERVICE("subscribeCOVPropertyMultiple", "SubscribeCOVPropertyMultiple", OT_SUBSCRIBE),
	SERVICE("confirmedCOVNotificationMultiple", "ConfirmedCOVNotificationMultiple", OT_REPORT),
	SERVICE("confirmedAuditNotification", "ConfirmedAuditNotification", OT_REPORT),
	SERVICE("auditLogQuery", "AuditLogQuery", OT_READ),
};

static const struct bac_service unconfirmed[] = {
	SERVICE("i-Am", "I-Am", OT_IDENTIFY),
	SERVICE("i-Have", "I-Have", OT_IDENTIFY),
	SERVICE("unconfirmedCOVNotification", "UnconfirmedCOVNotification", OT_REPORT),
	SERVICE("unconfirmedEventNotification", "UnconfirmedEventNotification", OT_ALARM),
	SERVICE("unconfirmedPrivateTransfer", "UnconfirmedPrivateTransfer", OT_OTHER),
	SERVICE("unconfirmedTextMessage", "UnconfirmedTextMessage", OT_OTHER),
	SERVICE("timeSynchronization", "TimeSynchronization", OT_CONFIGURE),
	SERVICE("who-Has", "Who-Has", OT_IDENTIFY),
	SERVICE("who-Is", "Who-Is", OT_IDENTIFY),
	SERVICE("utcTimeSynchronization", "UTCTimeSynchronization", OT_CONFIGURE),
	SERVICE("writeGroup", "WriteGroup", OT_WRITE),
	SERVICE("unconfirmedCOVNotificationMultiple", "UnconfirmedCOVNotificationMultiple",
	    OT_REPORT),
	SERVICE("unconfirmedAuditNotification", "UnconfirmedAuditNotification", OT_REPORT),
	SERVICE("who-Am-I", "Who-Am-I", OT_IDENTIFY),
	SERVICE("you-Are", "You-Are", OT_CONFIGURE),
};

const struct bac_service *
bac_confirmed(uint8_t choice)
{
	return choice < COUNT(confirmed) ? &confirmed[choice] : NULL;
}

const struct bac_service *
bac_unconfirmed(uint8_t choice)
{
	return choice < COUNT(unconfirmed) ? &unconfirmed[choice] : NULL;
}

static const char *const objects[] = {
	"analog-input", "analog-output", "analog-value", "binary-input", "binary-output",
	"binary-value", "calendar", "command", "device", "event-enrollment", "file", "group",
	"loop", "multi-state-input", "multi-state-output", "notification-class", "program",
	"schedule", "averaging", "multi-state-value", "trend-log", "life-safety-point",
	"life-safety-zone", "accumulator", "pulse-converter", "event-log", "global-group",
	"trend-log-multiple", "load-control", "structured-view", "access-door", "timer",
	"access-credential", "access-point", "access-rights", "access-user", "access-zone",
	"credential-data-input", "network-security", "bitstring-value",
	"characterstring-value", "date-pattern-value", "date-value", "datetime-pattern-value",
	"datetime-value", "integer-value", "large-analog-value", "octetstring-value",
	"positive-integer-value", "time-pattern-value", "time-value", "notification-forwarder",
	"alert-enrollment", "channel", "lighting-output", "binary-lighting-output",
	"network-port", "elevator-group", "escalator", "lift", "staging", "audit-log",
	"audit-reporter", "color", "color-temperature",
};

/* By number; what the standard left out or took back is NULL. */
static const char *const properties[] = {
	[0] = "acked-transitions", "ack-required", "action", "action-text", "active-text",
	"active-vt-sessions", "alarm-value", "alarm-values", "all", "all-writes-successful",
	"apdu-segment-timeout", "apdu-timeout", "application-software-version", "archive",
	"bias", "change-of-state-count", "change-of-state-time", "notification-class",
	[19] = "controlled-variable-reference", "controlled-variable-units",
	"controlled-variable-value", "cov-increment", "date-list", "daylight-savings-status",
	"deadband", "derivative-constant", "derivative-constant-units", "description",
	"description-of-halt", "device-address-binding", "device-type", "effective-period",
	"elapsed-active-time", "error-limit", "event-enable", "event-state", "event-type",
	"exception-schedule", "fault-values", "feedback-value", "file-access-method",
	"file-size", "file-type", "firmware-revision", "high-limit", "inactive-text",
	"in-process", "instance-of", "integral-constant", [50] = "integral-constant-units",
	"issue-confirmed-notifications", "limit-enable", "list-of-group-members",
	"list-of-object-property-references", "list-of-session-keys", "local-date", "local-time",
	"location", "low-limit", "manipulated-variable-reference", "maximum-output",
	"max-apdu-length-accepted", "max-info-frames", "max-master", "max-pres-value",
	"minimum-off-time", "minimum-on-time", "minimum-output", "min-pres-value", "model-name",
	"modification-date", "notify-type", "number-of-apdu-retries", "number-of-states",
	"object-identifier", "object-list", "object-name", "object-property-reference",
	"object-type", "optional", "out-of-service", "output-units", "event-parameters",
	"polarity", "present-value", "priority", "priority-array", "priority-for-writing",
	"process-identifier", "program-change", "program-location", "program-state",
	"proportional-constant", "proportional-constant-units", "protocol-conformance-class",
	"protocol-object-types-supported", "protocol-services-supported", "protocol-version",
	"read-only", [100] = "reason-for-halt", "recipient", "recipient-list", "reliability",
	"relinquish-default", "required", "resolution", "segmentation-supported", "setpoint",
	"setpoint-reference", "state-text", "status-flags", "system-status", "time-delay",
	"time-of-active-time-reset", "time-of-state-count-reset",
	"time-synchronization-recipients", "units", "update-interval", "utc-offset",
	"vendor-identifier", "vendor-name", "vt-classes-supported", "weekly-schedule",
	"attempted-samples", "average-value", "buffer-size", "client-cov-increment",
	"cov-resubscription-interval", "current-notify-time", "event-time-stamps", "log-buffer",
	"log-device-object-property", "enable", "log-interval", "maximum-value", "minimum-value",
	"notification-threshold", "previous-notify-time", "protocol-revision",
	"records-since-notification", "record-count", "start-time", "stop-time",
	"stop-when-full", "total-record-count", "valid-samples", "window-interval",
	"window-samples", "maximum-value-timestamp", [150] = "minimum-value-timestamp",
	"variance-value", "active-cov-subscriptions", "backup-failure-timeout",
	"configuration-files", "database-revision", "direct-reading", "last-restore-time",
	"maintenance-required", "member-of", "mode", "operation-expected", "setting", "silenced",
	"tracking-value", "zone-members", "life-safety-alarm-values", "max-segments-accepted",
	"profile-name", "auto-slave-discovery", "manual-slave-address-binding",
	"slave-address-binding", "slave-proxy-enable", "last-notify-record", "schedule-default",
	"accepted-modes", "adjust-value", "count", "count-before-change", "count-change-time",
	"cov-period", "input-reference", "limit-monitoring-interval", "logging-object",
	"logging-record", "prescale", "pulse-rate", "scale", "scale-factor", "update-time",
	"value-before-change", "value-set", "value-change-time", "align-intervals",
	[195] = "interval-offset", "last-restart-reason", "logging-type",
	[202] = "restart-notification-recipients", "time-of-device-restart",
	"time-synchronization-interval", "trigger", "utc-time-synchronization-recipients",
	"node-subtype", "node-type", "structured-object-list", "subordinate-annotations",
	"subordinate-list", "actual-shed-level", "duty-window", "expected-shed-level",
	"full-duty-baseline", [218] = "requested-shed-level", "shed-duration",
	"shed-level-descriptions", "shed-levels", "state-description",
	[226] = "door-alarm-state", "door-extended-pulse-time", "door-members",
	"door-open-too-long-time", "door-pulse-time", "door-status", "door-unlock-delay-time",
	"lock-status", "masked-alarm-values", "secured-status", [244] = "absentee-limit",
	"access-alarm-events", "access-doors", "access-event",
	"access-event-authentication-factor", "access-event-credential",
	[250] = "access-event-time", "access-transaction-events", "accompaniment",
	"accompaniment-time", "activation-time", "active-authentication-policy",
	"assigned-access-rights", "authentication-factors", "authentication-policy-list",
	"authentication-policy-names", "authentication-status", "authorization-mode",
	"belongs-to", "credential-disable", "credential-status", "credentials",
	"credentials-in-zone", "days-remaining", "entry-points", "exit-points",
	"expiration-time", "extended-time-enable", "failed-attempt-events", "failed-attempts",
	"failed-attempts-time", "last-access-event", "last-access-point",
	"last-credential-added", "last-credential-added-time", "last-credential-removed",
	"last-credential-removed-time", "last-use-time", "lockout", "lockout-relinquish-time",
	"master-exemption", "max-failed-attempts", "members", "muster-point",
	"negative-access-rules", "number-of-authentication-policies", "occupancy-count",
	"occupancy-count-adjust", "occupancy-count-enable", "occupancy-exemption",
	"occupancy-lower-limit", "occupancy-lower-limit-enforced", "occupancy-state",
	"occupancy-upper-limit", "occupancy-upper-limit-enforced", "passback-exemption",
	[300] = "passback-mode", "passback-timeout", "positive-access-rules",
	"reason-for-disable", "supported-formats", "supported-format-classes",
	"threat-authority", "threat-level", "trace-flag", "transaction-notification-class",
	"user-external-identifier", "user-information-reference", [317] = "user-name",
	"user-type", "uses-remaining", "zone-from", "zone-to", "access-event-tag",
	"global-identifier", [326] = "verification-time", "base-device-security-policy",
	"distribution-key-revision", "do-not-hide", "key-sets", "last-key-server",
	"network-access-security-policies", "packet-reorder-time", "security-pdu-timeout",
	"security-time-window", "supported-security-algorithms", "update-key-set-timeout",
	"backup-and-restore-state", "backup-preparation-time", "restore-completion-time",
	"restore-preparation-time", "bit-mask", "bit-text", "is-utc", "group-members",
	"group-member-names", "member-status-flags", "requested-update-interval", "covu-period",
	[350] = "covu-recipients", "event-message-texts", "event-message-texts-config",
	"event-detection-enable", "event-algorithm-inhibit", "event-algorithm-inhibit-ref",
	"time-delay-normal", "reliability-evaluation-inhibit", "fault-parameters", "fault-type",
	"local-forwarding-only", "process-identifier-filter", "subscribed-recipients",
	"port-filter", "authorization-exemptions", "allow-group-delay-inhibit", "channel-number",
	"control-groups", "execution-delay", "last-priority", "write-status", "property-list",
	"serial-number", "blink-warn-enable", "default-fade-time", "default-ramp-rate",
	"default-step-increment", "egress-time", "in-progress", "instantaneous-power",
	"lighting-command", "lighting-command-default-priority", "max-actual-value",
	"min-actual-value", "power", "transition", "egress-active", "interface-value",
	"fault-high-limit", "fault-low-limit", "low-diff-limit", "strike-count",
	"time-of-strike-count-reset", "default-timeout", "initial-timeout", "last-state-change",
	"state-change-values", "timer-running", "timer-state", "apdu-length",
	[400] = "ip-address", "ip-default-gateway", "ip-dhcp-enable", "ip-dhcp-lease-time",
	"ip-dhcp-lease-time-remaining", "ip-dhcp-server", "ip-dns-server",
	"bacnet-ip-global-address", "bacnet-ip-mode", "bacnet-ip-multicast-address",
	"bacnet-ip-nat-traversal", "ip-subnet-mask", "bacnet-ip-udp-port",
	"bbmd-accept-fd-registrations", "bbmd-broadcast-distribution-table",
	"bbmd-foreign-device-table", "changes-pending", "command", "fd-bbmd-address",
	"fd-subscription-lifetime", "link-speed", "link-speeds", "link-speed-autonegotiate",
	"mac-address", "network-interface-name", "network-number", "network-number-quality",
	"network-type", "routing-table", "virtual-mac-address-table", "command-time-array",
	"current-command-priority", "last-command-time", "value-source", "value-source-array",
	"bacnet-ipv6-mode", "ipv6-address", "ipv6-prefix-length", "bacnet-ipv6-udp-port",
	"ipv6-default-gateway", "bacnet-ipv6-multicast-address", "ipv6-dns-server",
	"ipv6-auto-addressing-enable", "ipv6-dhcp-lease-time", "ipv6-dhcp-lease-time-remaining",
	"ipv6-dhcp-server", "ipv6-zone-index", "assigned-landing-calls",
	"car-assigned-direction", "car-door-command", [450] = "car-door-status", "car-door-text",
	"car-door-zone", "car-drive-status", "car-load", "car-load-units", "car-mode",
	"car-moving-direction", "car-position", "elevator-group", "energy-meter",
	"energy-meter-ref", "escalator-mode", "fault-signals", "floor-text", "group-id",
	[467] = "group-mode", "higher-deck", "installation-id", "landing-calls",
	"landing-call-control", "landing-door-status", "lower-deck", "machine-room-id",
	"making-car-call", "next-stopping-floor", "operation-direction", "passenger-alarm",
	"power-mode", "registered-car-call", "active-cov-multiple-subscriptions",
	"protocol-level", "reference-port", "deployed-profile-location", "profile-location",
	"tags", "subordinate-node-types", "subordinate-tags", "subordinate-relationships",
	"default-subordinate-relationship", "represents", "default-present-value",
	"present-stage", "stages", "stage-names", "target-references", "audit-source-reporter",
	"audit-level", "audit-notification-recipient", [500] = "audit-priority-filter",
	"auditable-operations", "delete-on-forward", "maximum-send-delay", "monitored-objects",
	"send-now", "floor-number", "device-uuid", "additional-reference-ports",
	"certificate-signing-request-file", "command-validation-result",
	"issuer-certificate-files",
};

/* Addendum 135-2016bj put the properties of BACnet/SC past the 22-bit range. */
static const struct tok properties_sc[] = {
	{ 4194304, "max-bvlc-length-accepted" }, { 4194305, "max-npdu-length-accepted" },
	{ 4194306, "operational-certificate-file" }, { 4194307, "current-health" },
	{ 4194308, "sc-connect-wait-timeout" }, { 4194309, "sc-direct-connect-accept-enable" },
	{ 4194310, "sc-direct-connect-accept-uris" }, { 4194311, "sc-direct-connect-binding" },
	{ 4194312, "sc-direct-connect-connection-status" },
	{ 4194313, "sc-direct-connect-initiate-enable" },
	{ 4194314, "sc-disconnect-wait-timeout" },
	{ 4194315, "sc-failed-connection-requests" },
	{ 4194316, "sc-failover-hub-connection-status" }, { 4194317, "sc-failover-hub-uri" },
	{ 4194318, "sc-hub-connector-state" }, { 4194319, "sc-hub-function-accept-uris" },
	{ 4194320, "sc-hub-function-binding" },
	{ 4194321, "sc-hub-function-connection-status" }, { 4194322, "sc-hub-function-enable" },
	{ 4194323, "sc-heartbeat-timeout" }, { 4194324, "sc-primary-hub-connection-status" },
	{ 4194325, "sc-primary-hub-uri" }, { 4194326, "sc-maximum-reconnect-time" },
	{ 4194327, "sc-minimum-reconnect-time" },
	{ 0, NULL }
};

const char *
bac_object_name(uint32_t type)
{
	return type < COUNT(objects) ? objects[type] : NULL;
}

const char *
bac_property_name(uint32_t prop)
{
	return prop < COUNT(properties) ? properties[prop] : tok_find(properties_sc, prop);
}

static const struct tok vendors[] = {
#include "rules/vendors-bacnet.inc"
	{ 0, NULL },
};

const char *
bac_vendor_name(uint32_t id)
{
	return tok_search(vendors, TOKS(vendors), id);
}

const struct text bac_pdu_member[] = {
	[BAC_CONFIRMED] = MEMBER("pdu", "confirmed-request"),
	[BAC_UNCONFIRMED] = MEMBER("pdu", "unconfirmed-request"),
	[BAC_SIMPLE_ACK] = MEMBER("pdu", "simple-ack"),
	[BAC_COMPLEX_ACK] = MEMBER("pdu", "complex-ack"),
	[BAC_SEGMENT_ACK] = MEMBER("pdu", "segment-ack"),
	[BAC_ERROR] = MEMBER("pdu", "error"),
	[BAC_REJECT] = MEMBER("pdu", "reject"),
	[BAC_ABORT] = MEMBER("pdu", "abort"),
};

const struct text bac_response_member[] = {
	[BAC_SIMPLE_ACK] = MEMBER("response", "simple-ack"),
	[BAC_COMPLEX_ACK] = MEMBER("response", "complex-ack"),
	[BAC_ERROR] = MEMBER("response", "error"),
	[BAC_REJECT] = MEMBER("response", "reject"),
	[BAC_ABORT] = MEMBER("response", "abort"),
};

const struct text bac_bvlc_member[] = {
	[BVLC_FORWARDED] = MEMBER("bvlc", "forwarded-npdu"),
	[BVLC_DISTRIBUTE] = MEMBER("bvlc", "distribute-broadcast-to-network"),
	[BVLC_UNICAST] = MEMBER("bvlc", "original-unicast-npdu"),
	[BVLC_BROADCAST] = MEMBER("bvlc", "original-broadcast-npdu"),
};

const struct tok bac_bvlc_functions[] = {
	{ BVLC_UNICAST, "original-unicast-npdu" }, { BVLC_BROADCAST, "original-broadcast-npdu" },
	{ BVLC_FORWARDED, "forwarded-npdu" }, { BVLC_RESULT, "bvlc-result" },
	{ BVLC_WRITE_BDT, "write-broadcast-distribution-table" },
	{ BVLC_READ_BDT, "read-broadcast-distribution-table" },
	{ BVLC_READ_BDT_ACK, "read-broadcast-distribution-table-ack" },
	{ BVLC_REGISTER_FD, "register-foreign-device" },
	{ BVLC_READ_FDT, "read-foreign-device-table" },
	{ BVLC_READ_FDT_ACK, "read-foreign-device-table-ack" },
	{ BVLC_DELETE_FDT, "delete-foreign-device-table-entry" },
	{ BVLC_DISTRIBUTE, "distribute-broadcast-to-network" },
	{ BVLC_SECURE, "secure-bvll" },
	{ 0, NULL }
};

const struct tok bac_bvlc6_functions[] = {
	{ BVLC6_UNICAST, "original-unicast-npdu" }, { BVLC6_BROADCAST, "original-broadcast-npdu" },
	{ BVLC6_FORWARDED, "forwarded-npdu" }, { BVLC6_RESULT, "bvlc-result" },
	{ BVLC6_RESOLVE, "address-resolution" },
	{ BVLC6_FORWARDED_RESOLVE, "forwarded-address-resolution" },
	{ BVLC6_RESOLVE_ACK, "address-resolution-ack" },
	{ BVLC6_VRESOLVE, "virtual-address-resolution" },
	{ BVLC6_VRESOLVE_ACK, "virtual-address-resolution-ack" },
	{ BVLC6_REGISTER_FD, "register-foreign-device" },
	{ BVLC6_DELETE_FDT, "delete-foreign-device-table-entry" },
	{ BVLC6_SECURE, "secure-bvll" },
	{ BVLC6_DISTRIBUTE, "distribute-broadcast-to-network" },
	{ 0, NULL }
};

const struct tok bac_bvlc_results[] = {
	{ 0x00, "ok" }, { 0x10, "write-broadcast-distribution-table-nak" },
	{ 0x20, "read-broadcast-distribution-table-nak" }, { 0x30, "register-foreign-device-nak" },
	{ 0x40, "read-foreign-device-table-nak" },
	{ 0x50, "delete-foreign-device-table-entry-nak" },
	{ 0x60, "distribute-broadcast-to-network-nak" },
	{ 0, NULL }
};

const struct tok bac_bvlc6_results[] = {
	{ 0x00, "ok" }, { 0x30, "address-resolution-nak" },
	{ 0x60, "virtual-address-resolution-nak" }, { 0x90, "register-foreign-device-nak" },
	{ 0xa0, "delete-foreign-device-table-entry-nak" },
	{ 0xc0, "distribute-broadcast-to-network-nak" },
	{ 0, NULL }
};

const struct tok bac_messages[] = {
	{ 0, "who-is-router-to-network" }, { 1, "i-am-router-to-network" },
	{ 2, "i-could-be-router-to-network" }, { 3, "reject-message-to-network" },
	{ 4, "router-busy-to-network" }, { 5, "router-available-to-network" },
	{ 6, "initialize-routing-table" }, { 7, "initialize-routing-table-ack" },
	{ 8, "establish-connection-to-network" }, { 9, "disconnect-connection-to-network" },
	{ 10, "challenge-request" }, { 11, "security-payload" }, { 12, "security-response" },
	{ 13, "request-key-update" }, { 14, "update-key-set" }, { 15, "update-distribution-key" },
	{ 16, "request-master-key" }, { 17, "set-master-key" }, { 18, "what-is-network-number" },
	{ 19, "network-number-is" },
	{ 0, NULL }
};

/* 6.4.4 */
const struct tok bac_route_rejects[] = {
	{ 0, "other" }, { 1, "not-router-to-dnet" }, { 2, "router-busy" },
	{ 3, "unknown-network-message" }, { 4, "message-too-long" }, { 5, "security-error" },
	{ 6, "addressing-error" },
	{ 0, NULL }
};

const struct tok bac_mstp_types[] = {
	{ 0, "token" }, { 1, "poll-for-master" }, { 2, "reply-to-poll-for-master" },
	{ 3, "test-request" }, { 4, "test-response" }, { 5, "bacnet-data-expecting-reply" },
	{ 6, "bacnet-data-not-expecting-reply" }, { 7, "reply-postponed" },
	{ 32, "bacnet-extended-data-expecting-reply" },
	{ 33, "bacnet-extended-data-not-expecting-reply" },
	{ 0, NULL }
};

const struct tok bac_error_classes[] = {
	{ 0, "device" }, { 1, "object" }, { 2, "property" }, { 3, "resources" }, { 4, "security" },
	{ 5, "services" }, { 6, "vt" }, { 7, "communication" },
	{ 0, NULL }
};

const struct tok bac_error_codes[] = {
	{ 0, "other" }, { 1, "authentication-failed" }, { 2, "configuration-in-progress" },
	{ 3, "device-busy" }, { 4, "dynamic-creation-not-supported" },
	{ 5, "file-access-denied" }, { 6, "incompatible-security-levels" },
	{ 7, "inconsistent-parameters" }, { 8, "inconsistent-selection-criterion" },
	{ 9, "invalid-data-type" }, { 10, "invalid-file-access-method" },
	{ 11, "invalid-file-start-position" }, { 12, "invalid-operator-name" },
	{ 13, "invalid-parameter-data-type" }, { 14, "invalid-time-stamp" },
	{ 15, "key-generation-error" }, { 16, "missing-required-parameter" },
	{ 17, "no-objects-of-specified-type" }, { 18, "no-space-for-object" },
	{ 19, "no-space-to-add-list-element" }, { 20, "no-space-to-write-property" },
	{ 21, "no-vt-sessions-available" }, { 22, "property-is-not-a-list" },
	{ 23, "object-deletion-not-permitted" }, { 24, "object-identifier-already-exists" },
	{ 25, "operational-problem" }, { 26, "password-failure" }, { 27, "read-access-denied" },
	{ 28, "security-not-supported" }, { 29, "service-request-denied" }, { 30, "timeout" },
	{ 31, "unknown-object" }, { 32, "unknown-property" }, { 34, "unknown-vt-class" },
	{ 35, "unknown-vt-session" }, { 36, "unsupported-object-type" },
	{ 37, "value-out-of-range" }, { 38, "vt-session-already-closed" },
	{ 39, "vt-session-termination-failure" }, { 40, "write-access-denied" },
	{ 41, "character-set-not-supported" }, { 42, "invalid-array-index" },
	{ 43, "cov-subscription-failed" }, { 44, "not-cov-property" },
	{ 45, "optional-functionality-not-supported" }, { 46, "invalid-configuration-data" },
	{ 47, "datatype-not-supported" }, { 48, "duplicate-name" },
	{ 49, "duplicate-object-id" }, { 50, "property-is-not-an-array" },
	{ 51, "abort-buffer-overflow" }, { 52, "abort-invalid-apdu-in-this-state" },
	{ 53, "abort-preempted-by-higher-priority-task" },
	{ 54, "abort-segmentation-not-supported" }, { 55, "abort-proprietary" },
	{ 56, "abort-other" }, { 57, "invalid-tag" }, { 58, "network-down" },
	{ 59, "reject-buffer-overflow" }, { 60, "reject-inconsistent-parameters" },
	{ 61, "reject-invalid-parameter-data-type" }, { 62, "reject-invalid-tag" },
	{ 63, "reject-missing-required-parameter" }, { 64, "reject-parameter-out-of-range" },
	{ 65, "reject-too-many-arguments" }, { 66, "reject-undefined-enumeration" },
	{ 67, "reject-unrecognized-service" }, { 68, "reject-proprietary" },
	{ 69, "reject-other" }, { 70, "unknown-device" }, { 71, "unknown-route" },
	{ 72, "value-not-initialized" }, { 73, "invalid-event-state" },
	{ 74, "no-alarm-configured" }, { 75, "log-buffer-full" }, { 76, "logged-value-purged" },
	{ 77, "no-property-specified" }, { 78, "not-configured-for-triggered-logging" },
	{ 79, "unknown-subscription" }, { 80, "parameter-out-of-range" },
	{ 81, "list-element-not-found" }, { 82, "busy" }, { 83, "communication-disabled" },
	{ 84, "success" }, { 85, "access-denied" }, { 86, "bad-destination-address" },
	{ 87, "bad-destination-device-id" }, { 88, "bad-signature" },
	{ 89, "bad-source-address" }, { 90, "bad-timestamp" }, { 91, "cannot-use-key" },
	{ 92, "cannot-verify-message-id" }, { 93, "correct-key-revision" },
	{ 94, "destination-device-id-required" }, { 95, "duplicate-message" },
	{ 96, "encryption-not-configured" }, { 97, "encryption-required" },
	{ 98, "incorrect-key" }, { 99, "invalid-key-data" }, { 100, "key-update-in-progress" },
	{ 101, "malformed-message" }, { 102, "not-key-server" },
	{ 103, "security-not-configured" }, { 104, "source-security-required" },
	{ 105, "too-many-keys" }, { 106, "unknown-authentication-type" },
	{ 107, "unknown-key" }, { 108, "unknown-key-revision" },
	{ 109, "unknown-source-message" }, { 110, "not-router-to-dnet" },
	{ 111, "router-busy" }, { 112, "unknown-network-message" }, { 113, "message-too-long" },
	{ 114, "security-error" }, { 115, "addressing-error" }, { 116, "write-bdt-failed" },
	{ 117, "read-bdt-failed" }, { 118, "register-foreign-device-failed" },
	{ 119, "read-fdt-failed" }, { 120, "delete-fdt-entry-failed" },
	{ 121, "distribute-broadcast-failed" }, { 122, "unknown-file-size" },
	{ 123, "abort-apdu-too-long" }, { 124, "abort-application-exceeded-reply-time" },
	{ 125, "abort-out-of-resources" }, { 126, "abort-tsm-timeout" },
	{ 127, "abort-window-size-out-of-range" }, { 128, "file-full" },
	{ 129, "inconsistent-configuration" }, { 130, "inconsistent-object-type" },
	{ 131, "internal-error" }, { 132, "not-configured" }, { 133, "out-of-memory" },
	{ 134, "value-too-long" }, { 135, "abort-insufficient-security" },
	{ 136, "abort-security-error" }, { 137, "duplicate-entry" },
	{ 138, "invalid-value-in-this-state" }, { 139, "invalid-operation-in-this-state" },
	{ 140, "list-item-not-numbered" }, { 141, "list-item-not-timestamped" },
	{ 142, "invalid-data-encoding" }, { 143, "bvlc-function-unknown" },
	{ 144, "bvlc-proprietary-function-unknown" }, { 145, "header-encoding-error" },
	{ 146, "header-not-understood" }, { 147, "message-incomplete" },
	{ 148, "not-a-bacnet-sc-hub" }, { 149, "payload-expected" }, { 150, "unexpected-data" },
	{ 151, "node-duplicate-vmac" }, { 152, "http-unexpected-response-code" },
	{ 153, "http-no-upgrade" }, { 154, "http-resource-not-local" },
	{ 155, "http-proxy-authentication-failed" }, { 156, "http-response-timeout" },
	{ 157, "http-response-syntax-error" }, { 158, "http-response-value-error" },
	{ 159, "http-response-missing-header" }, { 160, "http-websocket-header-error" },
	{ 161, "http-upgrade-required" }, { 162, "http-upgrade-error" },
	{ 163, "http-temporary-unavailable" }, { 164, "http-not-a-server" },
	{ 165, "http-error" }, { 166, "websocket-scheme-not-supported" },
	{ 167, "websocket-unknown-control-message" }, { 168, "websocket-close-error" },
	{ 169, "websocket-closed-by-peer" }, { 170, "websocket-endpoint-leaves" },
	{ 171, "websocket-protocol-error" }, { 172, "websocket-data-not-accepted" },
	{ 173, "websocket-closed-abnormally" }, { 174, "websocket-data-inconsistent" },
	{ 175, "websocket-data-against-policy" }, { 176, "websocket-frame-too-long" },
	{ 177, "websocket-extension-missing" }, { 178, "websocket-request-unavailable" },
	{ 179, "websocket-error" }, { 180, "tls-client-certificate-error" },
	{ 181, "tls-server-certificate-error" }, { 182, "tls-client-authentication-failed" },
	{ 183, "tls-server-authentication-failed" }, { 184, "tls-client-certificate-expired" },
	{ 185, "tls-server-certificate-expired" }, { 186, "tls-client-certificate-revoked" },
	{ 187, "tls-server-certificate-revoked" }, { 188, "tls-error" },
	{ 189, "dns-unavailable" }, { 190, "dns-name-resolution-failed" },
	{ 191, "dns-resolver-failure" }, { 192, "dns-error" }, { 193, "tcp-connect-timeout" },
	{ 194, "tcp-connection-refused" }, { 195, "tcp-closed-by-local" },
	{ 196, "tcp-closed-other" }, { 197, "tcp-error" }, { 198, "ip-address-not-reachable" },
	{ 199, "ip-error" },
	{ 0, NULL }
};

const struct tok bac_reject_reasons[] = {
	{ 0, "other" }, { 1, "buffer-overflow" }, { 2, "inconsistent-parameters" },
	{ 3, "invalid-parameter-data-type" }, { 4, "invalid-tag" },
	{ 5, "missing-required-parameter" }, { 6, "parameter-out-of-range" },
	{ 7, "too-many-arguments" }, { 8, "undefined-enumeration" }, { 9, "unrecognized-service" },
	{ 10, "invalid-data-encoding" },
	{ 0, NULL }
};

const struct tok bac_abort_reasons[] = {
	{ 0, "other" }, { 1, "buffer-overflow" }, { 2, "invalid-apdu-in-this-state" },
	{ 3, "preempted-by-higher-priority-task" }, { 4, "segmentation-not-supported" },
	{ 5, "security-error" }, { 6, "insufficient-security" },
	{ 7, "window-size-out-of-range" }, { 8, "application-exceeded-reply-time" },
	{ 9, "out-of-resources" }, { 10, "tsm-timeout" }, { 11, "apdu-too-long" },
	{ 0, NULL }
};

const struct tok bac_event_types[] = {
	{ 0, "change-of-bitstring" }, { 1, "change-of-state" }, { 2, "change-of-value" },
	{ 3, "command-failure" }, { 4, "floating-limit" }, { 5, "out-of-range" },
	{ 6, "complex-event-type" }, { 8, "change-of-life-safety" }, { 9, "extended" },
	{ 10, "buffer-ready" }, { 11, "unsigned-range" }, { 13, "access-event" },
	{ 14, "double-out-of-range" }, { 15, "signed-out-of-range" },
	{ 16, "unsigned-out-of-range" }, { 17, "change-of-characterstring" },
	{ 18, "change-of-status-flags" }, { 19, "change-of-reliability" }, { 20, "none" },
	{ 21, "change-of-discrete-value" }, { 22, "change-of-timer" },
	{ 0, NULL }
};

const struct tok bac_notify_types[] = {
	{ 0, "alarm" }, { 1, "event" }, { 2, "ack-notification" },
	{ 0, NULL }
};

const struct tok bac_event_states[] = {
	{ 0, "normal" }, { 1, "fault" }, { 2, "offnormal" }, { 3, "high-limit" },
	{ 4, "low-limit" }, { 5, "life-safety-alarm" },
	{ 0, NULL }
};

const struct tok bac_reinit_states[] = {
	{ 0, "coldstart" }, { 1, "warmstart" }, { 2, "start-backup" }, { 3, "end-backup" },
	{ 4, "start-restore" }, { 5, "end-restore" }, { 6, "abort-restore" },
	{ 7, "activate-changes" },
	{ 0, NULL }
};

const struct tok bac_dcc_states[] = {
	{ 0, "enable" }, { 1, "disable" }, { 2, "disable-initiation" },
	{ 0, NULL }
};

const struct tok bac_segmentations[] = {
	{ 0, "segmented-both" }, { 1, "segmented-transmit" }, { 2, "segmented-receive" },
	{ 3, "no-segmentation" },
	{ 0, NULL }
};

const struct tok bac_life_safety_ops[] = {
	{ 0, "none" }, { 1, "silence" }, { 2, "silence-audible" }, { 3, "silence-visual" },
	{ 4, "reset" }, { 5, "reset-alarm" }, { 6, "reset-fault" }, { 7, "unsilence" },
	{ 8, "unsilence-audible" }, { 9, "unsilence-visual" },
	{ 0, NULL }
};

static const struct tok system_states[] = {
	{ 0, "operational" }, { 1, "operational-read-only" }, { 2, "download-required" },
	{ 3, "download-in-progress" }, { 4, "non-operational" }, { 5, "backup-in-progress" },
	{ 0, NULL }
};

static const struct tok reliabilities[] = {
	{ 0, "no-fault-detected" }, { 1, "no-sensor" }, { 2, "over-range" }, { 3, "under-range" },
	{ 4, "open-loop" }, { 5, "shorted-loop" }, { 6, "no-output" }, { 7, "unreliable-other" },
	{ 8, "process-error" }, { 9, "multi-state-fault" }, { 10, "configuration-error" },
	{ 12, "communication-failure" }, { 13, "member-fault" }, { 14, "monitored-object-fault" },
	{ 15, "tripped" }, { 16, "lamp-failure" }, { 17, "activation-failure" },
	{ 18, "renew-dhcp-failure" }, { 19, "renew-fd-registration-failure" },
	{ 20, "restart-auto-negotiation-failure" }, { 21, "restart-failure" },
	{ 22, "proprietary-command-failure" }, { 23, "faults-listed" },
	{ 24, "referenced-object-fault" },
	{ 0, NULL }
};

static const struct tok restart_reasons[] = {
	{ 0, "unknown" }, { 1, "coldstart" }, { 2, "warmstart" }, { 3, "detected-power-lost" },
	{ 4, "detected-powered-off" }, { 5, "hardware-watchdog" }, { 6, "software-watchdog" },
	{ 7, "suspended" }, { 8, "activate-changes" },
	{ 0, NULL }
};

static const struct tok binary_pv[] = { { 0, "inactive" }, { 1, "active" }, { 0, NULL } };
static const struct tok polarities[] = { { 0, "normal" }, { 1, "reverse" }, { 0, NULL } };

/* Enumerations whose meaning hangs on the property, where it serves the reader;
 * all others stay numbers. */
const char *
bac_enum_name(uint32_t object_type, uint32_t prop, uint64_t v)
{
	const struct tok *t = NULL;

	if (v > 0xffff)
		return NULL;
	switch (prop) {
	case 6: case 85: case 87: case 104:     /* alarm-value, present-value and its kin */
	case 40:                                /* feedback-value */
		if (object_type >= 3 && object_type <= 5)
			t = binary_pv;
		else if (object_type == 21 || object_type == 22)
			return NULL;
		break;
	case 36: t = bac_event_states; break;
	case 37: t = bac_event_types; break;
	case 72: t = bac_notify_types; break;
	case 79: return bac_object_name((uint32_t)v);
	case 84: t = polarities; break;
	case 103: t = reliabilities; break;
	case 107: t = bac_segmentations; break;
	case 112: t = system_states; break;
	case 196: t = restart_reasons; break;
	}
	return t ? tok_find(t, (uint32_t)v) : NULL;
}
