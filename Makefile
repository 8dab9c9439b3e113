# otkit: make, make demo, make check, make install. README.md says more.

PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
BIN     ?= .
CC      ?= cc
AR      ?= ar
PYTHON  ?= /usr/bin/python3
VERSION  = 0.1
# The day of the release: every rule in lib/rules is good until then at least.
RELEASED = 2026-11-22

CFLAGS  ?= -O2 -g -D_FORTIFY_SOURCE=3
WARN     = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
           -Wwrite-strings -Wvla -Wformat=2 -Wno-unused-parameter \
           -Wno-missing-field-initializers
# Control-flow protection where the processor has it (x86).
CET     := $(shell $(CC) -fcf-protection=full -E -x c /dev/null >/dev/null 2>&1 && echo -fcf-protection=full)
HARDEN   = -fstack-protector-strong -fstack-clash-protection -fPIE -fno-strict-aliasing $(CET)
DEFS     = -D_GNU_SOURCE -DOTKIT_VERSION='"$(VERSION)"' -DOTKIT_RELEASED='"$(RELEASED)"'
ifdef DEV
WARN    += -Werror
endif
ALL_CFLAGS  = -std=c17 $(DEFS) -Ilib -I$(BUILD) $(WARN) $(HARDEN) -include base/banned.h -MMD -MP $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed $(LDFLAGS)
LIBS        = -lpcap -ljansson -lcrypto -lnettle -lz -lseccomp -lm
# Certificates are XML. Of the programs only calchain refers to it (--as-needed).
XML_CFLAGS := $(shell pkg-config --cflags libxml-2.0 2>/dev/null || xml2-config --cflags 2>/dev/null || \
              echo -I/usr/include/libxml2)
LIBS       += -lxml2
SANITIZE    = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
              -fno-sanitize-recover=undefined

ifeq ($(V),)
Q   = @
say = @echo "  $(1)  $(2)"
endif

PROGS = otcap otdissect otinv calchain nis2report

# The library, a folder a layer; each uses only those above it (make lint checks).
SRC_base = addr cell confine diag digits embed err file landlock lanes lanes_x86 opt pages \
	passphrase quickeys stamp sum term
SRC_json = check doc fields jw line locate meta pretty real redact scan schema schema_check \
	schema_say schema_text shape sval syntax token trail
SRC_capture = filter input rotate sink source source_file source_live source_record
SRC_net = cid flow flow_doubt frag ip link pkt tcp tcpsum
SRC_extract = pick wanted
# The engine, then a line for each protocol.
SRC_proto = ber crc16 credential crew crew_batch crew_out crew_work datagram doubt engine enterprise ev flowev \
	gather guess hello hints ja keep line memo pend pend_long registry remote_access rollup stats stream sysdescr \
	text told utf16 websocket x509 xmltag
SRC_proto += ads ads_names ads_note ads_put ads_sum ads_udp
SRC_proto += amqp amqp_count amqp_one amqp_pdu amqp_put
SRC_proto += arp
SRC_proto += astm
SRC_proto += atg
SRC_proto += bacnet bacnet_alarm bacnet_app bacnet_fields bacnet_file bacnet_ident bacnet_mstp \
	bacnet_names bacnet_net bacnet_npdu bacnet_prop bacnet_put bacnet_tag bacnet_wait
SRC_proto += bacnetsc
SRC_proto += bsap bsap_pdu
SRC_proto += c1222 c1222_pdu
SRC_proto += can
SRC_proto += cdp
SRC_proto += cipio
SRC_proto += citrix
SRC_proto += coap coap_pdu
SRC_proto += codesys codesys_names
SRC_proto += codesys_v2
SRC_proto += dameware
SRC_proto += dcerpc dcerpc_co dcerpc_names
SRC_proto += dhcp
SRC_proto += dhcpv6
SRC_proto += dicom dicom_names dicom_pdu dicom_shape
SRC_proto += dlms dlms_data dlms_frame
SRC_proto += dnp3 dnp3_app dnp3_fields dnp3_names dnp3_obj dnp3_ot dnp3_part dnp3_put
SRC_proto += dns dnsev dnsmsg
SRC_proto += doip doip_uds
SRC_proto += dtls
SRC_proto += eapol
SRC_proto += egd
SRC_proto += eigrp
SRC_proto += enip cip cip_conn cip_ident cip_names cip_path cip_value cip_vendors enip_fields \
	enip_pdu pccc
SRC_proto += esp
SRC_proto += ethercat ethercat_coe ethercat_fields ethercat_sii
SRC_proto += fins fins_pdu fins_put
SRC_proto += fox
SRC_proto += ftp
SRC_proto += genisys
SRC_proto += gesrtp
SRC_proto += goose iec61850
SRC_proto += hartip hartip_names hartip_pdu hartip_put
SRC_proto += hislip
SRC_proto += hl7 hl7_pdu
SRC_proto += hsrp
SRC_proto += http headers headers_agent headers_event http_doc http_event http_ipp http_pdu
SRC_proto += http2
SRC_proto += icmp
SRC_proto += iec104 iec104_asdu iec104_names iec104_put
SRC_proto += igmp
SRC_proto += ike ike_names ike_pdu
SRC_proto += ipmi
SRC_proto += kerberos
SRC_proto += knxip knxip_dib knxip_names knxip_pdu knxip_put
SRC_proto += l2tp
SRC_proto += ldap
SRC_proto += lldp
SRC_proto += lon
SRC_proto += lxi sila
SRC_proto += mbus mbus_pdu mbus_record
SRC_proto += mdns
SRC_proto += melsec melsec_pdu melsec_put
SRC_proto += melsec1e
SRC_proto += melsoft
SRC_proto += mms mms_names mms_pdu mms_put mms_var
SRC_proto += modbus modbus_pdu modbus_probe modbus_umas
SRC_proto += mqtt mqtt_event mqtt_fields mqtt_pdu mqtt_shape sparkplug
SRC_proto += mtsics
SRC_proto += nbdgm
SRC_proto += nbns netbios
SRC_proto += nomachine
SRC_proto += ntp
SRC_proto += opcua opcua_channel opcua_companion opcua_config opcua_fields opcua_names opcua_node \
	opcua_put opcua_session opcua_sub opcua_type
SRC_proto += openvpn
SRC_proto += ospf
SRC_proto += poct1a
SRC_proto += ppp
SRC_proto += pptp
SRC_proto += profibus profibus_dp
SRC_proto += profinet_cm dcerpc profinet_cm_pdu profinet_cm_put profinet_epm
SRC_proto += profinet_dcp profinet_dcp_pdu profinet_names
SRC_proto += profinet_rt profinet_alarm
SRC_proto += ptp
SRC_proto += quic quic_pdu
SRC_proto += radius
SRC_proto += radmin
SRC_proto += rdp
SRC_proto += rfb
SRC_proto += rip
SRC_proto += rocplus
SRC_proto += rpcbind oncrpc
SRC_proto += rtac_serial
SRC_proto += rtps
SRC_proto += rtsp
SRC_proto += s7comm s7comm_block s7comm_fields s7comm_names s7comm_pdu s7comm_szl s7comm_user \
	s7comm_var tpkt
SRC_proto += s7plus s7plus_pdu s7plus_put
SRC_proto += sbus
SRC_proto += scpi scpi_line scpi_put
SRC_proto += sip
SRC_proto += smb ntlm smb1 smb2
SRC_proto += smtp
SRC_proto += snmp snmp_ident snmp_names snmp_pdu
SRC_proto += socks
SRC_proto += softether
SRC_proto += ssdp
SRC_proto += ssh ssh_names
SRC_proto += stp
SRC_proto += stun
SRC_proto += sv
SRC_proto += synchrophasor synchrophasor_pdu
SRC_proto += syslog
SRC_proto += tds
SRC_proto += teamviewer
SRC_proto += telnet
SRC_proto += tftp
SRC_proto += tls tls_event tls_hello tls_kept tls_names
SRC_proto += trdp
SRC_proto += vrrp
SRC_proto += vxi11
SRC_proto += wireguard
SRC_proto += wsd
SRC_model = authorities csv csv_put local_time member phrase rec rec_again rec_like rec_zeek \
	register register_read register_value review rules sectors site site_ask site_check \
	site_hours site_known site_list site_member site_net site_org site_people site_value \
	titles vendor
SRC_chain = base64 chain chain_create chain_file chain_heads chain_rebuild chain_recover \
	chain_torn checkpoint cosign entry heads keyring merkle note proof signer \
	signer_pass tile timestamp timestamp_kept verify verify_block verify_heads \
	verify_run vkey witness
SRC_metrology = budget_read budget_text budget_write combine correlate decide decide_read \
	decide_write decimal decision_rules dominant expr_eval expr_parse global_risk jet \
	normal quantity statement student
SRC_ledger = correct day daytext dcc dcc_admin dcc_result dcc_sign dcc_text dcc_trust \
	dcc_value dsi fact figure history history_cell history_put ical impact impact_write \
	inst ledger pick pick_certificate pick_csv standing status table tolerance trace \
	use_check uses window work_rules xmldoc
SRC_inv = again again_claim again_do again_keep again_plan asset audit audit_text audit_write \
	bacnet_place build build_eve \
	build_eve_ot build_foreign build_link build_traits build_words build_zeek \
	build_zeek_ics build_zeek_it change_rules claim classify compare csaf csaf_files diff \
	diff_asset diff_doing diff_link diff_match diff_nat diff_say diff_set diff_text \
	diff_write due export export_columns export_csv export_cyclonedx export_dot export_flat \
	export_graphml export_markdown export_netbox export_netbox_names export_pick factory \
	group kev key known label link list listed maker merge names nat nat_sides owner para \
	pool read recall role role_find role_links same same_profile show version virtual vuln \
	vuln_product vuln_subject vuln_text vuln_write why why_identity why_rows why_write wire \
	write write_evidence write_same write_site write_speaks write_virtual written
SRC_assess = access access_cover access_egress access_flow access_hours access_judge \
	access_party access_read access_rules access_session access_write answer \
	answer_ledger answer_log answer_net assign attested classify_follow classify_record \
	classify_rules classify_say classify_site classify_size classify_steps classify_when \
	classify_world conduits coverage cra cra_patch cra_rules cra_write cycle cycle_dated \
	cycle_day finding finding_change gap klassa klassa_check ruledoc settle site_notes \
	site_propose site_start vouched weigh
SRC_incident = affected calendar condition deadline_judge deadline_rules deadline_say \
	deadline_write deadlines escalate field field_value figures form freeze incident \
	journal journal_keep package package_copy package_custody package_journal \
	package_ledger package_packets package_readme package_records package_reports \
	package_seal package_tar package_tree prefill prefill_assets prefill_changes \
	prefill_events prefill_known prefill_ledger prefill_say significance \
	significance_ask significance_record significance_rules significance_say stage \
	stage_write
SRC_timeline = account clock correlate correlate_rules encoding fault fold gaps item keep \
	map map_line map_part merge place read_csv read_file read_mapped read_record \
	read_syslog reading record_eve record_eve_ot record_ours record_zeek runs setback \
	silence timeformat timeline write write_csv
SRC_report = access_csv access_paper access_svg access_tables annex articles \
	certificate_chart certificate_facts certificate_later certificate_page \
	certificate_results change_page ciso classify_paper conduits_page copy_script \
	cra_page cycle_page deadlines_paper finding_change_page gap_paper html \
	incident_paper inventory_asset inventory_page inventory_style inventory_svg \
	klassa_page map map_draw map_lay map_link markup oscal oscal_finding oscal_text page \
	paper paper_html paper_markdown paper_text para picture say sheet significance_page \
	stage_paper stage_text style table_script text timeline_events timeline_lay \
	timeline_paper timeline_script timeline_strand timeline_svg timeline_words wheel \
	yearline
LAYERS = base json capture net extract proto model chain metrology ledger inv assess \
	incident timeline report
SRC = $(foreach d,$(LAYERS),$(patsubst %,lib/$(d)/%.c,$(SRC_$(d))))

LIB      = $(BUILD)/libotkit.a
LIB_OBJ  = $(SRC:%.c=$(BUILD)/%.o) $(BUILD)/embed.o
DATA     = $(sort $(wildcard lib/rules/*.json lib/schema/*.json))
UNIT     = $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard test/unit/test_*.c test/fail/test_*.c)))
MANUALS  = $(sort $(wildcard man/*.[157]))
EXAMPLES = $(filter-out examples/README.md,$(wildcard examples/*.*) $(wildcard examples/*/*))

# Makers by their numbers are data; the dissectors have them as tables: a line for each entry.
VENDORS  = $(patsubst lib/%.json,$(BUILD)/%.inc,$(sort $(wildcard lib/rules/vendors-*.json)))

all: $(PROGS:%=$(BIN)/%)

$(BUILD)/rules/%.inc: lib/rules/%.json
	@mkdir -p $(@D)
	$(Q)awk -F'"' '/^ "entries": / { on = 1; next } /^ }/ { on = 0 } \
	  on { k = $$2; if (k !~ /^(0x[0-9a-f]+|[0-9]+)$$/) k = "\"" k "\""; \
	    print "\t{ " k ", \"" $$4 "\" }," }' $< > $@.new && mv $@.new $@

.SECONDARY: $(VENDORS)

$(BUILD)/lib/ledger/xmldoc.o $(BUILD)/lib/ledger/dcc_sign.o: ALL_CFLAGS += $(XML_CFLAGS)

$(BUILD)/%.o: %.c | $(VENDORS)
	$(call say,CC ,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Rules and schemas become part of the library: see lib/base/embed.h.
$(BUILD)/embed.S: $(DATA) Makefile
	@mkdir -p $(@D)
	$(Q){ i=0; echo '.section .rodata'; for f in $(DATA); do i=$$((i+1)); n=$${f#lib/}; \
	  echo ".Ln$$i: .asciz \"$$n\""; echo ".Lb$$i: .incbin \"$$f\""; echo ".Le$$i: .byte 0"; done; \
	  echo '.section .data.rel.ro,"aw"'; echo '.balign 8'; echo '.globl embed_table'; \
	  echo 'embed_table:'; j=1; while [ $$j -le $$i ]; do \
	  echo ".quad .Ln$$j, .Lb$$j, .Le$$j"; j=$$((j+1)); done; \
	  echo '.quad 0, 0, 0'; echo '.section .note.GNU-stack,"",@progbits'; } > $@
$(BUILD)/embed.o: $(BUILD)/embed.S $(DATA)
	$(Q)$(CC) -c -o $@ $<

$(LIB): $(LIB_OBJ)
	$(call say,AR ,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

define program
$(BIN)/$(1): $$(patsubst %.c,$$(BUILD)/%.o,$$(sort $$(wildcard cmd/$(1)/*.c))) $$(LIB)
	$$(call say,LD ,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach p,$(PROGS),$(eval $(call program,$(p))))

$(BUILD)/test/%: $(BUILD)/test/%.o $(LIB)
	$(call say,LD ,$@)
	$(Q)$(CC) $(CFLAGS) $(ALL_LDFLAGS) $(shell sed -n 's/^ \* link: //p' test/$*.c) -o $@ $^ $(LIBS)

# What is missing is installed, and only then is the network asked.
PKG_BUILD = gcc libc6-dev libpcap-dev libjansson-dev libssl-dev nettle-dev zlib1g-dev libseccomp-dev \
            libxml2-dev ieee-data
PKG_TEST  = perl jq mandoc openssl python3 python3-jsonschema tcpdump iproute2 clang-tidy cppcheck valgrind
deps:
	@sh .ci/deps $(PKG_BUILD)
deps-test:
	@sh .ci/deps $(PKG_BUILD) $(PKG_TEST)

demo: deps
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@sh examples/demo.sh

TESTS = $(UNIT) $(sort $(wildcard test/pipe/*.t test/golden/*.t test/differential/*.t test/fuzz/*.t \
        test/lint/*.t))
tests: all $(UNIT)
check: deps-test
	@$(MAKE) --no-print-directory -j$$(nproc) tests
	@prove -e '' $(TESTS)

# Unit tests and goldens on programs that watch their own memory, in a tree of links.
asan:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan BIN=$(BUILD)/asan/tree CFLAGS='$(SANITIZE)' tests
check-asan: deps-test asan
	@cd $(BUILD)/asan/tree && for f in $(CURDIR)/*; do n=$$(basename $$f); case $$n in \
	  otcap|otdissect|otinv|calchain|nis2report|build|out) ;; *) ln -sfn $$f $$n ;; esac; done; mkdir -p build; \
	  ln -sfn ../.. build/asan
	@cd $(BUILD)/asan/tree && OTKIT_CAPTURES=$${OTKIT_CAPTURES:-$(abspath ../shared/captures)} \
	  OTKIT_SANITIZED=1 prove -j2 -e '' test/golden/golden.t $(patsubst $(BUILD)/%,build/asan/%,$(UNIT))

lint: all
	@sh test/lint/lint.sh

bench: all
	@$(PYTHON) bench/run.py
	@$(PYTHON) bench/inventory.py
	@$(PYTHON) bench/ledger.py
	@$(PYTHON) bench/timeline.py
fuzz:
	@sh test/fuzz/run.sh $(or $(SECONDS_EACH),60)
fuzz-short:
	@sh test/fuzz/run.sh --short $(or $(SECONDS_EACH),10)

# Renews goldens: make golden CASE=modbus/rtu, or all without CASE.
golden: all
	@$(PYTHON) test/golden/golden.t --renew $(CASE)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/otkit/schema \
	  $(DESTDIR)$(PREFIX)/share/otkit/rules $(DESTDIR)$(PREFIX)/share/doc/otkit/examples
	install -m 755 $(PROGS:%=$(BIN)/%) $(DESTDIR)$(PREFIX)/bin
	install -m 644 lib/schema/*.json $(DESTDIR)$(PREFIX)/share/otkit/schema
	install -m 644 lib/rules/*.json $(DESTDIR)$(PREFIX)/share/otkit/rules
	for m in $(MANUALS); do s=$${m##*.}; install -d $(DESTDIR)$(PREFIX)/share/man/man$$s; \
	  install -m 644 $$m $(DESTDIR)$(PREFIX)/share/man/man$$s; done
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	for p in $(PROGS); do \
	  install -m 644 completions/$$p.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$p; \
	  install -m 644 completions/$$p.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_$$p; \
	  install -m 644 completions/$$p.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d; done
	install -m 644 README.md COPYING $(DESTDIR)$(PREFIX)/share/doc/otkit
	for f in $(EXAMPLES); do m=644; [ ! -x $$f ] || m=755; \
	  install -D -m $$m $$f $(DESTDIR)$(PREFIX)/share/doc/otkit/$$f; done

clean:
	rm -rf build out $(PROGS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.PHONY: all asan bench check check-asan clean demo deps deps-test fuzz fuzz-short golden install lint tests
