/* What IKE's numbers mean (IANA's registries), and who sends which vendor id: mostly
 * MD5 or SHA-1 of a text, told by what they begin with, for versions follow. */
#include "proto/ike.h"

static const struct tok exchanges[] = {
	{ 1, "base" }, { IKE_MAIN, "main_mode" }, { 3, "authentication_only" },
	{ IKE_AGGRESSIVE, "aggressive_mode" }, { IKE_INFO1, "informational" },
	{ 6, "transaction" }, { IKE_QUICK, "quick_mode" }, { 33, "new_group_mode" },
	{ IKE_SA_INIT, "ike_sa_init" }, { IKE_AUTH, "ike_auth" }, { IKE_CHILD, "create_child_sa" },
	{ IKE_INFO2, "informational" }, { 38, "ike_session_resume" }, { 43, "ike_intermediate" },
	{ 0, NULL },
};

static const struct tok encryption1[] = {
	{ 1, "des" }, { 2, "idea" }, { 3, "blowfish" }, { 4, "rc5" }, { 5, "3des" }, { 6, "cast" },
	{ 7, "aes-cbc" }, { 8, "camellia-cbc" }, { 0, NULL },
};

static const struct tok encryption2[] = {
	{ 1, "des" }, { 2, "des" }, { 3, "3des" }, { 4, "rc5" }, { 5, "idea" }, { 6, "cast" },
	{ 7, "blowfish" }, { 11, "null" }, { 12, "aes-cbc" }, { 13, "aes-ctr" },
	{ 14, "aes-ccm-8" },
	{ 15, "aes-ccm-12" }, { 16, "aes-ccm-16" }, { 18, "aes-gcm-8" }, { 19, "aes-gcm-12" },
	{ 20, "aes-gcm-16" }, { 23, "camellia-cbc" }, { 28, "chacha20-poly1305" }, { 0, NULL },
};

static const struct tok hash1[] = {
	{ 1, "md5" }, { 2, "sha1" }, { 3, "tiger" }, { 4, "sha256" }, { 5, "sha384" },
	{ 6, "sha512" }, { 0, NULL },
};

static const struct tok integrity2[] = {
	{ 1, "md5" }, { 2, "sha1" }, { 5, "aes-xcbc" }, { 6, "md5-128" }, { 7, "sha1-160" },
	{ 8, "aes-cmac" }, { 12, "sha256" }, { 13, "sha384" }, { 14, "sha512" }, { 0, NULL },
};

static const struct tok prf2[] = {
	{ 1, "md5" }, { 2, "sha1" }, { 3, "tiger" }, { 4, "aes-xcbc" }, { 5, "sha256" },
	{ 6, "sha384" }, { 7, "sha512" }, { 8, "aes-cmac" }, { 0, NULL },
};

static const struct tok groups[] = {
	{ 1, "modp768" }, { 2, "modp1024" }, { 5, "modp1536" }, { 14, "modp2048" },
	{ 15, "modp3072" }, { 16, "modp4096" }, { 17, "modp6144" }, { 18, "modp8192" },
	{ 19, "ecp256" }, { 20, "ecp384" }, { 21, "ecp521" }, { 22, "modp1024s160" },
	{ 23, "modp2048s224" }, { 24, "modp2048s256" }, { 27, "ecp224bp" }, { 28, "ecp256bp" },
	{ 29, "ecp384bp" }, { 30, "ecp512bp" }, { 31, "curve25519" }, { 32, "curve448" },
	{ 35, "mlkem512" }, { 36, "mlkem768" }, { 37, "mlkem1024" }, { 0, NULL },
};

static const struct tok auths[] = {
	{ 1, "psk" }, { 2, "dss" }, { 3, "rsa" }, { 4, "rsa_encryption" },
	{ 5, "rsa_encryption_revised" }, { 9, "ecdsa256" }, { 10, "ecdsa384" }, { 11, "ecdsa521" },
	{ 64221, "hybrid_rsa" }, { 65001, "xauth_psk" }, { 65005, "xauth_rsa" }, { 0, NULL },
};

static const struct tok errors1[] = {
	{ 1, "invalid_payload_type" }, { 4, "invalid_cookie" }, { 5, "invalid_major_version" },
	{ 7, "invalid_exchange_type" }, { 9, "invalid_message_id" }, { 11, "invalid_spi" },
	{ 14, "no_proposal_chosen" }, { 15, "bad_proposal_syntax" }, { 16, "payload_malformed" },
	{ 17, "invalid_key_information" }, { 18, "invalid_id_information" },
	{ 23, "invalid_hash_information" }, { 24, "authentication_failed" },
	{ 25, "invalid_signature" }, { 0, NULL },
};

static const struct tok errors2[] = {
	{ 1, "unsupported_critical_payload" }, { 4, "invalid_ike_spi" },
	{ 5, "invalid_major_version" }, { 7, "invalid_syntax" }, { 9, "invalid_message_id" },
	{ 11, "invalid_spi" }, { 14, "no_proposal_chosen" }, { 17, "invalid_ke_payload" },
	{ 24, "authentication_failed" }, { 35, "no_additional_sas" }, { 0, NULL },
};

const struct ike_vendor ike_vendors[] = {
	{ "afcad71368a1f1c96b8696fc7757", "DPD", NULL, NULL },
	{ "4a131c81070358455c5728f20e95452f", "NAT-T (RFC 3947)", NULL, NULL },
	{ "90cb80913ebb696e086381b5ec427b1f", "NAT-T draft 02", NULL, NULL },
	{ "cd60464335df21f87cfdb2fc68b6a448", "NAT-T draft 02", NULL, NULL },
	{ "7d9419a65310ca6f2c179d9215529d56", "NAT-T draft 03", NULL, NULL },
	{ "4485152d18b6bbcd0be8a8469579ddcc", "NAT-T draft 00", NULL, NULL },
	{ "4048b7d56ebce88525e7de7f00d6c2d3", "fragmentation", NULL, NULL },
	{ "09002689dfd6b712", "XAUTH", NULL, NULL },
	{ "882fe56d6fd20dbc2251613b2ebe5beb", "strongSwan", NULL, "strongSwan" },
	{ "7003cbc1097dbe9c2600ba6983bc8b35", "KAME/racoon", NULL, "racoon" },
	{ "4f45", "Openswan, Libreswan", NULL, "Openswan or Libreswan" },
	{ "12f5f28c457168a9702d9fe274cc", "Cisco Unity", NULL, NULL },
	{ "1f07f70eaa6514d3b0fa96542a50", "Cisco VPN concentrator", "Cisco", NULL },
	{ "434953434f", "Cisco", "Cisco", NULL },
	{ "464c455856504e", "Cisco FlexVPN", "Cisco", NULL },
	{ "1e2b516905991c7d7c96fcbfb587e461", "Microsoft Windows", "Microsoft", "Windows" },
	{ "26244d38eddb61b3172a36e3d0cfb819", "Microsoft initial contact", "Microsoft", "Windows" },
	{ "fb1de3cdf341b7ea16b7e5be0855f120", "Microsoft negotiation discovery", "Microsoft",
	    "Windows" },
	{ "8299031757a36082c6a621de", "Fortinet FortiGate", "Fortinet", "FortiGate" },
	{ "166f932d55eb64d8e4df4fd37e2313f0d0fd8451", "NetScreen", "Juniper", NULL },
	{ "699369228741c6d4ca094c93e242c9de19e7b7c6", "NetScreen", "Juniper", NULL },
	{ "f4ed19e0c114eb516faaac0ee37daf2807b4381f", "Check Point VPN-1", "Check Point", "VPN-1" },
	{ "404bf439522ca3f6", "SonicWall", "SonicWall", NULL },
	{ "da8e9378", "SonicWall", "SonicWall", NULL },
	{ "5b362bc820f6", "SonicWall", "SonicWall", NULL },
	{ "47bbe7c993f1fc13b4e6d0db565c68e5", "SafeNet SoftRemote", "SafeNet", "SoftRemote" },
	{ NULL, NULL, NULL, NULL },
};

static int
nibble(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

unsigned
ike_vendor_find(const uint8_t *p, uint32_t n)
{
	for (unsigned i = 0; ike_vendors[i].hex; i++) {
		const char *h = ike_vendors[i].hex;
		uint32_t k = 0;

		while (*h && k < n && p[k] == (nibble(h[0]) << 4 | nibble(h[1]))) {
			h += 2;
			k++;
		}
		if (!*h)
			return i + 1;
	}
	return 0;
}

const char *
ike_exchange(uint8_t exchange)
{
	return tok_find(exchanges, exchange);
}

const char *
ike_encryption(unsigned v, uint16_t id)
{
	return tok_find(v == 1 ? encryption1 : encryption2, id);
}

const char *
ike_hash(unsigned v, uint16_t id)
{
	return tok_find(v == 1 ? hash1 : integrity2, id);
}

const char *
ike_prf(uint16_t id)
{
	return tok_find(prf2, id);
}

const char *
ike_group(uint16_t id)
{
	return tok_find(groups, id);
}

const char *
ike_auth(uint16_t id)
{
	return tok_find(auths, id);
}

const char *
ike_error(unsigned v, uint16_t id)
{
	return tok_find(v == 1 ? errors1 : errors2, id);
}
