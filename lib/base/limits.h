/* limits.h: every ceiling in otkit, each with its reason.
 *
 * A thing that grows with input takes its ceiling from here, and whoever hits
 * one counts it, so that the "stats" record can say so. */
#ifndef OT_LIMITS_H
#define OT_LIMITS_H

/* A record is at most 1 MiB on its line (the contract, otevent(5)). */
#define LIM_RECORD          (1u << 20)
/* Frames: the largest snap length libpcap writes; more is a broken file. */
#define LIM_FRAME           (256u << 10)
/* A pcapng block holds one frame and options; ten times a frame is damage. */
#define LIM_PCAPNG_BLOCK    (4u << 20)
/* Interfaces in one pcapng section: a merge of every sensor of a site. */
#define LIM_PCAPNG_IFACES   1024

/* Encapsulation: three VLAN tags, MPLS stacks and two tunnels fit; a loop does not. */
#define LIM_LAYERS          24
#define LIM_VLANS           4
#define LIM_TUNNELS         4
/* IPv6 extension headers: RFC 8504 allows a node to stop early; real hosts send < 4. */
#define LIM_IP6_EXT         10

/* Flow table. 64 Ki flows are a busy site's hour; past it the oldest goes. */
#define LIM_FLOWS           (64u << 10)
/* Seconds of packet time without traffic after which a flow ends. As Suricata. */
#define LIM_FLOW_TCP_NEW    60
#define LIM_FLOW_TCP_EST    3600
#define LIM_FLOW_TCP_CLOSED 10
#define LIM_FLOW_OTHER      300
/* Bytes of each direction kept while it is not yet known what a flow speaks. */
#define LIM_PROBE           2048
/* Packets with payload after which an unknown flow is given up as "failed": of TCP, one whose
 * beginning was not seen. */
#define LIM_PROBE_SEGMENTS  16

/* Reassembly memory for the whole run, in bytes, and for one direction. */
#define LIM_TCP_MEM         (16u << 20)
#define LIM_TCP_DIR         (256u << 10)
/* A PDU longer than this is handed over as captured-short and the rest skipped. */
#define LIM_PDU             (64u << 10)
/* Malformed PDUs of one flow reported one by one; the flow event has the count. */
#define LIM_FLOW_ANOMALIES  16
/* Undecodable packets reported one by one, of each minute of packet time; a
 * flood of them is a number in "stats". */
#define LIM_DECODE_ANOMALIES 256

/* Messages in several PDUs in reassembly, for the whole run, and bytes of one:
 * a server's answer to Browse or a program block; past it the rest is counted. */
#define LIM_GATHER          64
#define LIM_GATHER_BYTES    (64u << 10)

/* Reads folded at a time (otdissect --rollup): twenty controllers with four hundred
 * polled objects each; reads past it are written as they are. */
#define LIM_ROLLUP          8192
/* Streams on links without flows (PROFINET RT, GOOSE, SV, EtherCAT), and requests
 * there: a substation's process bus has some hundred publishers. */
#define LIM_KEPT            2048

/* Seconds of packet time after which what a sender says of itself is written again. */
#define LIM_TOLD_SECONDS    3600

/* IP fragments: datagrams in reassembly, fragments of one, seconds to live. */
#define LIM_FRAG_DGRAMS     256
#define LIM_FRAG_PARTS      64
#define LIM_FRAG_SECONDS    30

/* Requests that wait for their answer, for the whole run. */
#define LIM_PENDING         (32u << 10)
/* Seconds of packet time after which an unanswered request is "no_response". */
#define LIM_PENDING_SECONDS 30

/* One event: identities it may carry, bytes of "ot.value" and text scratch. */
#define LIM_IDENTITIES      8
#define LIM_EV_VALUE        (16u << 10)
#define LIM_EV_SCRATCH      (64u << 10)
/* A text taken from the wire into a field. */
#define LIM_TEXT            1024

/* Elements in a JSON document that people write (site file, rules). */
#define LIM_DOC             (64u << 20)
/* Nesting of JSON we read or write. */
#define LIM_JSON_DEPTH      32

/* Distinct places packet records name (file, interface, host): a year of hourly
 * files of a site fits; past it the place is left out, not the packet. */
#define LIM_ORIGINS         16384
#define LIM_ORIGIN_BYTES    (8u << 20)
/* Link types one filter is compiled for: more than a mixed capture ever holds. */
#define LIM_FILTER_LINKS    64

/* Compression pointers in one DNS name: encoders that know the whole message use < 10. */
#define LIM_DNS_POINTERS    64
/* Records of one DNS message written out; a zone transfer's messages hold hundreds. */
#define LIM_DNS_RECORDS     64
/* DNS-SD services gathered from one mDNS message: a printer announces about six. */
#define LIM_MDNS_SERVICES   16
/* Addresses, VLANs, options in a list that one announcement (DHCP, LLDP, RA) writes. */
#define LIM_ANNOUNCED       32
/* Relays around one DHCPv6 message: RFC 8415 section 7.6, HOP_COUNT_LIMIT. */
#define LIM_DHCP6_RELAYS    8

/* Inventory: stations (MAC and address pairs), links, distinct texts. A site of 10,000
 * devices with a year of DHCP moves stays below; a port scan from outside does not. */
#define LIM_INV_STATIONS    (256u << 10)
#define LIM_INV_LINKS       (256u << 10)
#define LIM_INV_TEXT        (128u << 20)
/* Of one station: what it said of itself, what it speaks, units behind it (a serial
 * line has 247), VLANs. Of one link: objects written, names, weaknesses (no protocol
 * has words for more than ten), services of remote access. Of a list that is full
 * the least by name are kept: the same ones whatever was read first. */
#define LIM_INV_IDENTS      96
#define LIM_INV_SPEAKS      96
#define LIM_INV_UNITS       256
#define LIM_INV_VLANS       8
#define LIM_INV_OBJECTS     64
#define LIM_INV_NAMES       16
#define LIM_INV_WEAK        32
#define LIM_INV_REMOTE      16
/* Names resolved to addresses, for a site: lookups of a laboratory in a year repeat. */
#define LIM_INV_RESOLVED    2048
/* Days and sources an inventory covers, entry by entry in its stats: five years of one sensor. */
#define LIM_INV_COVER       2048
/* bytes that what was read may take of the stats record, which is one record */
#define LIM_INV_COVER_BYTES (LIM_RECORD - (128u << 10))

/* A register: its file, columns of a row, entries, addresses of one entry, faults told
 * one by one. The greatest lists of a hospital's medical equipment have some 40,000. */
#define LIM_REGISTER_FILE   (64u << 20)
#define LIM_CSV_COLUMNS     512
#define LIM_REGISTER        (64u << 10)
#define LIM_REGISTER_ADDRS  64
#define LIM_REGISTER_FAULTS 1000

/* Assets and links of one report: a fleet's are merged and cut by site first. */
#define LIM_REPORT_RECORDS  (1u << 20)
/* Evidence listed under one finding; the rest is counted. Keeps a record under 1 MiB. */
#define LIM_EVIDENCE        1000
/* Rows of a table on a page; nobody reads further, and the records have all. */
#define LIM_PAGE_ROWS       2000

/* BACnet. References of one PDU written out, and elements of one value: a full
 * unsegmented PDU holds some 200 references; all are counted. */
#define LIM_BACNET_OBJECTS  64
#define LIM_BACNET_VALUES   64
/* Constructions inside constructions: the standard's deepest (event parameters) has 6. */
#define LIM_BACNET_NEST     16
/* Segmented answers in reassembly, per thread, and bytes of one: an object-list
 * of 1,600 objects; past it the rest is counted, not decoded. */
#define LIM_BACNET_ANSWERS  16
#define LIM_BACNET_ANSWER   8192
/* Requests on Ethernet and MS/TP (which have no flow) that wait for an answer. */
#define LIM_BACNET_LINK     64
/* Entries of a BDT or FDT written out. */
#define LIM_BACNET_TABLE    64

/* TLS handshakes with something large in hand: messages in reassembly and a
 * leaf certificate of each side. A message longer than this is read as far as
 * it goes: what matters of a chain stands at its beginning. */
#define LIM_TLS_SLOTS       64
#define LIM_TLS_MESSAGE     (16u << 10)
#define LIM_TLS_CERT        (8u << 10)

/* A CIP message: large connections carry 4,002 bytes, and a path before them. */
#define LIM_CIP_MESSAGE     4600
/* OPC UA. Entries of one message written out (clients read some hundred nodes at
 * once; all are counted; writes and calls have no such end), elements of one array. */
#define LIM_OPCUA_ITEMS     256
#define LIM_OPCUA_VALUES    64
/* Variants in Variants: 10000-6, 5.1.5 asks decoders for 100 levels; data have < 5. */
#define LIM_OPCUA_NEST      32

/* ADS: entries of a sum read or of a notification written out; all are counted. */
#define LIM_ADS_ITEMS       128
/* DNP3. Points of one message written out in the detail: a full fragment of packed
 * bits holds 16,000; ot.value has them all. Things one message commands or writes,
 * each an event: a fragment of 2,048 bytes holds some 500. */
#define LIM_DNP3_POINTS     256
#define LIM_DNP3_PARTS      1024

/* Synchrophasors. Stations of a configuration written out, and channel names of
 * each: a regional concentrator sends some 40 stations of 20 channels. */
#define LIM_SYN_STATIONS    64
#define LIM_SYN_CHANNELS    64
/* Bytes of a PROFINET record written out as ot.value: parameters of a module. */
#define LIM_PN_VALUE        256
/* S7: items of one PDU written out. A controller takes 20; a PDU of 960 bytes holds 79. */
#define LIM_S7_ITEMS        80
/* MMS: variables and names of one PDU written out (a name list has up to some 1,000),
 * and structures inside structures: IEC 61850 data objects have four levels. */
#define LIM_MMS_OBJECTS     64
#define LIM_MMS_NEST        16
/* QUIC: an Initial packet (jumbo frames hold 9,000), and the TLS hello put together from
 * the pieces in several: post-quantum keys make it some 2,000 bytes in 10 pieces. */
#define LIM_QUIC_PACKET     9216
#define LIM_QUIC_HELLO      8192
#define LIM_QUIC_PIECES     64

/* Advisories (CSAF): bytes of one file, unpacked (the largest that makers publish have some
 * 20 MiB); files of one run; products, and products under a vulnerability, of all together
 * (CISA's and Siemens' together have some 100,000 and 2 million); text kept of them; folders
 * inside folders; bad files named one by one, the rest is a number. */
#define LIM_CSAF_FILE       (64u << 20)
#define LIM_CSAF_FILES      (256u << 10)
#define LIM_CSAF_PRODUCTS   (2u << 20)
#define LIM_CSAF_STATUSES   (16u << 20)
#define LIM_CSAF_TEXT       (512u << 20)
#define LIM_CSAF_FOLDERS    16
#define LIM_CSAF_TOLD       50
/* Findings of one run: a fleet's are matched site by site. */
#define LIM_VULN_FINDINGS   (1u << 20)
/* Rows of one table of a Markdown document (otinv export): it is for people; the rest is
 * counted, and csv has them all. */
#define LIM_DOC_ROWS        200
/* otinv diff: what came into a list, on one change; the rest is counted there. A
 * record of 1 MiB holds it even where every byte is escaped. */
#define LIM_CHANGE_TEXT     (64u << 10)

/* Incidents: a journal is typed by people and filled from evidence; a text is one field of a
 * portal's form, or a paste from a mail. */
#define LIM_INCIDENT        (64u << 20)
#define LIM_INCIDENT_TEXT   65536
#define LIM_INCIDENT_FILE   (4096ull << 20)
/* Flows whose packets are cut out of captures at once: all of a busy site's hour. */
#define LIM_EXTRACT_FLOWS   (64u << 10)
/* Files of an evidence package, and bytes of its custody list: a journal of a million
 * records has 8,000 tiles, and a ledger's proofs are a file each. */
#define LIM_PACKAGE_FILES   (64u << 10)
#define LIM_PACKAGE_CUSTODY (64u << 20)
/* Journals looked at in one run: a large organisation's of many years. */
#define LIM_INCIDENTS       4096u
/* nis2report stage: addresses, assets, writes, indicators, objects whose last value is
 * remembered and flows of one run (a month of a laboratory has some thousands of each but the
 * last two); the bytes of their texts; and how many of each a report names, the rest is a
 * number: an authority reads it. */
#define LIM_STAGE_PARTIES   (64u << 10)
#define LIM_STAGE_ASSETS    (64u << 10)
#define LIM_STAGE_WRITES    (64u << 10)
#define LIM_STAGE_SIGNS     (64u << 10)
#define LIM_STAGE_OBJECTS   (256u << 10)
#define LIM_STAGE_FLOWS     (1u << 20)
#define LIM_STAGE_TEXT      (64u << 20)
#define LIM_STAGE_NAMED     25
#define LIM_STAGE_RECORDS   50
/* Journals looked at in one run: a large organisation's of many years. */
#define LIM_INCIDENTS       4096u

/* Keys that a ledger ever had: a person a week for twenty years. */
#define LIM_CHAIN_KEYS      1024
/* Heads that a ledger ever had, each some 200 bytes while they are compared: one a minute for
 * eight years. */
#define LIM_CHAIN_HEADS     (4u << 20)
/* Files of torn/ that one append looks at: each is an append that was cut short. */
#define LIM_CHAIN_TORN      4096
/* Bytes of a batch of records kept in memory until all of it is checked; more wait in a file. */
#define LIM_CHAIN_BATCH     (64u << 20)
/* A ledger in a pipe is read twice, so it is kept: a million records of a calibration have
 * some 700 MB. A file or folder has no such end. */
#define LIM_LEDGER_PIPE     (1u << 30)
/* A measurement model's expression: its text, operations and depth. The longest of EA-4/02's
 * examples has some 30 operations. */
#define LIM_EXPR_TEXT       4096
#define LIM_EXPR_OPS        1024
#define LIM_EXPR_NEST       64
/* An uncertainty budget: its quantities (EA-4/02's have at most 12, a chemical analysis some
 * 60) and the readings of one; the document's bytes. */
#define LIM_BUDGET_QUANTITIES 200
#define LIM_BUDGET_READINGS 100000
#define LIM_BUDGET_FILE     (16u << 20)
/* Operations for second-order terms, that is pairs of quantities by the model's length: a
 * tenth of a second. */
#define LIM_BUDGET_PAIRS    500000
/* XML: bytes of a document (a certificate with its human-readable copy inside has some MiB),
 * elements with their attributes (a table of 10,000 points has few: its values are lists),
 * bytes of one tag, declarations of namespaces (those two make a parser's work quadratic). */
#define LIM_XML_FILE        (32u << 20)
#define LIM_XML_NODES       (1u << 20)
#define LIM_XML_TAG         8192
#define LIM_XML_SPACES      1000
/* Digital calibration certificates: items of one (a set of weights has some 30), values in
 * a list, results of one item (as its schema has it), lists inside lists, remarks on one. */
#define LIM_DCC_ITEMS       256
#define LIM_DCC_VALUES      10000
#define LIM_DCC_RESULTS     2000
#define LIM_DCC_NEST        8
#define LIM_DCC_NOTES       50
/* A history of calibrations in a table: rows (ten points a year of 1,000 instruments for ten
 * years), faults told one by one. */
#define LIM_HISTORY_ROWS    200000
#define LIM_HISTORY_FAULTS  20

/* Remote access and traffic to the outside (nis2report vendors): sessions (a year of one
 * every two minutes), rows of device, destination and day, addresses looked up once, flows
 * of which something is known before they end (as LIM_FLOWS), and bytes of names. What is
 * past one is counted and said. */
#define LIM_ACCESS_SESSIONS (256u << 10)
#define LIM_ACCESS_EGRESS   (256u << 10)
#define LIM_ACCESS_PARTIES  (256u << 10)
#define LIM_ACCESS_NOTES    (64u << 10)
#define LIM_ACCESS_TEXT     (64u << 20)

/* Timelines (nis2report timeline). Sources: the sensors and systems of a site, each with logs of
 * its own. Files: a day's of each for a year. Bytes of one text of an item, and of all its
 * texts: what people read; a packed item is less than the least read buffer of a run. Items
 * held back to fold repetitions into them, and for how many seconds. Moments kept to compare
 * clocks (beyond, a share of what is said, the same of each source). Days for which it is
 * known when a source spoke: eleven years. Lines of one cell in quotes, after which the quote
 * counts as never closed. Faults of a file and kind that are said one by one. Items of a text
 * and of a page, and faults in its table: what a person can look through. */
#define LIM_TIMELINE_MEM     (64u << 20)
#define LIM_TIMELINE_SOURCES 256
#define LIM_TIMELINE_FILES   (64u << 10)
#define LIM_TIMELINE_TEXT    4096
#define LIM_TIMELINE_ITEM    8192
#define LIM_TIMELINE_HELD    (16u << 10)
#define LIM_TIMELINE_SPAN    600
#define LIM_TIMELINE_MARKS   (256u << 10)
#define LIM_TIMELINE_DAYS    4096
#define LIM_TIMELINE_GAPS    (64u << 10)
#define LIM_TIMELINE_CELL_LINES 50
#define LIM_TIMELINE_FAULTS  20
#define LIM_TIMELINE_TEXT_ITEMS 20000
#define LIM_TIMELINE_PAGE_ITEMS 2000
#define LIM_TIMELINE_FAULT_ROWS 1000
/* Correlation of a timeline: items of each kind that may still be a cause (what a busy
 * network writes in a quarter of an hour), and pairs that depend on each other. */
#define LIM_CORRELATE       4096
#define LIM_CORRELATE_PAIRS 64

#endif
