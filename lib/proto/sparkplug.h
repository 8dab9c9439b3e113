/* sparkplug.h: Sparkplug B (Eclipse, version 3.0) in what MQTT publishes. */
#ifndef OT_SPARKPLUG_H
#define OT_SPARKPLUG_H

#include "proto/mqtt.h"

/* Whether a topic is of Sparkplug's namespace. */
bool sparkplug_is(struct text topic);
/* Into a PUBLISH's event: member "sparkplug", and ot. Values only with
 * --mqtt-payload, names always. */
void sparkplug_put(struct ev *e, const struct mqtt_pdu *m, const struct proto_opts *o);
/* Of a birth: the edge node (when it speaks itself) or device, and what it says
 * of itself. */
void sparkplug_identify(struct dctx *c, struct ev *e, const struct mqtt_pdu *m);
/* A command to several metrics: an event for each but the first. And an anomaly
 * for a payload that is none. No event may be open. */
void sparkplug_more(struct dctx *c, const struct mqtt_pdu *m);

#endif
