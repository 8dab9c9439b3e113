/* scpi_line.c: a SCPI message taken apart, and what each unit of it does. Pure:
 * bytes to structs. */
#include "proto/scpi.h"

#include "base/ascii.h"

/* ---- lines, blocks, strings ---- */

static bool
is_end(int b)
{
	return b == '\n' || b == '\r' || b == 0;
}

/* A block that begins at #: how many bytes it has with its head. 0: none, or its
 * head is not here; what has no length (#0) goes to the end of the message. */
static uint64_t
block_length(const struct rd *r, uint32_t at)
{
	int digits = rd_peek8(r, at + 1) - '0';
	uint64_t n = 0;

	if (rd_peek8(r, at) != '#' || digits < 0 || digits > 9)
		return 0;
	if (!digits)
		return rd_left(r) - at;
	for (int i = 0; i < digits; i++) {
		int b = rd_peek8(r, at + 2 + (uint32_t)i);
		if (b < '0' || b > '9')
			return 0;
		n = n * 10 + (uint64_t)(b - '0');
	}
	return n + 2 + (uint64_t)digits;
}

/* Whether # begins a block here: it does where an argument does, and at the
 * beginning of an answer. #H1F and the like are numbers. */
static bool
may_block(int before)
{
	return before < 0 || before == ' ' || before == ',' || before == '\t' || before == ';';
}

uint32_t
scpi_length(const struct rd *r)
{
	uint32_t have = rd_have(r);
	int quote = 0, before = -1;

	for (uint32_t i = 0; i < have; i++) {
		int b = rd_peek8(r, i);

		if (is_end(b))
			return i + 1;
		if (quote ? b == quote : b == '"' || b == '\'')
			quote = quote ? 0 : b;
		if (!quote && b == '#' && may_block(before)) {
			uint64_t n = block_length(r, i);
			/* of unknown length: its line's end cannot be told from its bytes */
			if (n && rd_peek8(r, i + 1) == '0')
				return have;
			if (n)
				return n > UINT32_MAX - i ? UINT32_MAX : (uint32_t)n + i;
		}
		before = b;
	}
	return 0;
}

/* Moves past one thing at the cursor: a string, a block, a byte. Returns the
 * byte, or -1 for a string or a block. */
static int
pass_one(struct rd *r, int before)
{
	int b = rd_peek8(r, 0);
	uint64_t n;

	if (b == '#' && may_block(before) && (n = block_length(r, 0))) {
		rd_skip(r, n < rd_have(r) ? (uint32_t)n : rd_have(r));
		return -1;
	}
	rd_skip(r, 1);
	if (b == '"' || b == '\'') {
		int q = b;
		while (rd_have(r) && rd_peek8(r, 0) != q && !is_end(rd_peek8(r, 0)))
			rd_skip(r, 1);
		if (rd_have(r) && rd_peek8(r, 0) == q)
			rd_skip(r, 1);
		return -1;
	}
	return b;
}

/* Up to the byte that ends it, which is passed over. */
static bool
take(struct rd *r, struct rd *part, bool line)
{
	uint32_t from = r->off, to;
	int b = -1;

	if (!rd_have(r))
		return false;
	for (;;) {
		to = r->off;
		if (!rd_have(r))
			break;
		b = pass_one(r, r->off == from ? -1 : r->p[r->off - 1]);
		if (line ? b >= 0 && is_end(b) : b == ';')
			break;
	}
	*part = rd_init(r->p + from, to - from, to - from);
	return true;
}

bool
scpi_line(struct rd *r, struct rd *line)
{
	while (take(r, line, true))
		if (rd_have(line))
			return true;
	return false;
}

bool
scpi_part(struct rd *line, struct rd *part)
{
	return take(line, part, false);
}

static void
trim(struct rd *r)
{
	while (rd_have(r) && (rd_peek8(r, 0) == ' ' || rd_peek8(r, 0) == '\t'))
		rd_skip(r, 1);
	while (rd_have(r) && r->p[r->cap - 1] <= ' ')
		r->cap = --r->len;
}

/* ---- what headers mean ---- */

/* A node against "CALibration": its short form, or the whole word, or anything
 * between, with a number behind it. '*' at the end of the pattern: whatever follows. */
static bool
node_is(const char *p, size_t n, const char *pattern)
{
	size_t k = 0, least = 0;

	while (ascii_upper(pattern[least]))
		least++;
	while (k < n && pattern[k] && pattern[k] != '*' && p[k] == (pattern[k] & ~0x20))
		k++;
	if (k < least)
		return false;
	while (k < n && ascii_digit(p[k]))
		k++;
	return k == n || pattern[least] == '*';
}

/* "A:B:C" against the nodes of a header; what the header has beyond is left open. */
static bool
path_is(const char *p, size_t n, const char *pattern)
{
	for (;;) {
		const char *end = memchr(p, ':', n), *pe = strchr(pattern, ':');
		size_t k = end ? (size_t)(end - p) : n, m = pe ? (size_t)(pe - pattern) :
		    strlen(pattern);
		char one[24];

		if (m >= sizeof(one))
			return false;
		memcpy(one, pattern, m);
		one[m] = '\0';
		if (!node_is(p, k, one))
			return false;
		if (!pe)
			return true;
		if (!end)
			return false;
		n -= k + 1;
		p = end + 1;
		pattern = pe + 1;
	}
}

static bool
has_node(const char *p, size_t n, const char *const *patterns)
{
	while (n) {
		const char *end = memchr(p, ':', n);
		size_t k = end ? (size_t)(end - p) : n;

		for (const char *const *one = patterns; *one; one++)
			if (node_is(p, k, *one))
				return true;
		n -= end ? k + 1 : k;
		p += end ? k + 1 : k;
	}
	return false;
}

/* What may open a lock: no argument of these is written, nor an answer. */
static const char *const secret_nodes[] = { "PASSW*", "PWD*", "PSWD*", "PSK*", "PSPH*", "PHRASE*",
	"LOGIN*", "LOGON*", "UNL*", "SECRET*", "PIN", "TOKEN*", "CRED*", "AUTH*", NULL };
/* Elsewhere these have other meanings: VOLT:PROT is a limit, CALC:LIM:PASS a result. */
static const char *const secret_roots[] = { "CALibration", "SYSTem", "DIAGnostic", "SERVice",
	NULL };
static const char *const secret_there[] = { "PASS*", "CODE*", "SEC*", "PROT*", "COMMUNITY*", NULL };
/* What people write for people: names of samples and of persons may be in it. */
static const char *const text_nodes[] = { "NAME*", "TEXT*", "LAB*", "COMMENT*", "NOTE*", "STR*",
	"TITL*", "IDEN*", "ID", "OPERATOR*", "DESC*", "MESS*", "PATIENT*", "FILE*", "ANN*", "KEY*",
	"USER*", "LIC*", "SSID*", "CERT*", NULL };

/* The first that fits. asks: a query, or (false) a command. */
static const struct { const char *path; bool asks; enum ot_op op; bool alone; } rules[] = {
	{ "*IDN", true, OT_IDENTIFY, true }, { "*OPT", true, OT_IDENTIFY, true },
	{ "*CAL", true, OT_COMMAND, true }, { "*TST", true, OT_COMMAND, true },
	{ "*RST", false, OT_COMMAND, true }, { "*TRG", false, OT_COMMAND, true },
	{ "*RCL", false, OT_COMMAND, true }, { "*SAV", false, OT_CONFIGURE, true },
	{ "*PUD", false, OT_CONFIGURE, true }, { "*PSC", false, OT_CONFIGURE, true },
	{ "*CLS", false, OT_OTHER, true }, { "*WAI", false, OT_OTHER, true },
	{ "*OPC", false, OT_OTHER, true }, { "*ESE", false, OT_OTHER, true },
	{ "*SRE", false, OT_OTHER, true },
	/* these queries do what they ask after */
	{ "CALibration", true, OT_COMMAND, true }, { "CALibration:ALL", true, OT_COMMAND, true },
	{ "CALibration:SELF", true, OT_COMMAND, false },
	{ "CALibration", false, OT_CONFIGURE, false },
	{ "TEST", true, OT_COMMAND, false }, { "TEST", false, OT_COMMAND, false },
	{ "SYSTem:COMMunicate", false, OT_CONFIGURE, false },
	{ "SYSTem:PRESet", false, OT_COMMAND, false },
	{ "SYSTem:SECurity", false, OT_COMMAND, false },
	{ "SYSTem:REBoot", false, OT_COMMAND, false },
	{ "SYSTem:RESTart", false, OT_COMMAND, false },
	{ "SYSTem:RESet", false, OT_COMMAND, false },
	{ "SYSTem:FACTory", false, OT_COMMAND, false },
	{ "SYSTem:SHUTdown", false, OT_COMMAND, false },
	{ "SYSTem:LOCal", false, OT_COMMAND, false },
	{ "SYSTem:REMote", false, OT_COMMAND, false },
	{ "SYSTem:RWLock", false, OT_COMMAND, false },
	{ "SYSTem:FIRMware", false, OT_PROGRAM, false },
	{ "SYSTem:UPDate", false, OT_PROGRAM, false },
	{ "SYSTem", false, OT_CONFIGURE, false },
	{ "DIAGnostic", false, OT_COMMAND, false },
	{ "INITiate:CONTinuous", false, OT_WRITE, false },
	{ "INITiate", false, OT_COMMAND, false }, { "ABORt", false, OT_COMMAND, false },
	{ "TRIGger", false, OT_COMMAND, true }, { "TRIGger:IMMediate", false, OT_COMMAND, false },
	{ "OUTPut", false, OT_COMMAND, true }, { "OUTPut:STATe", false, OT_COMMAND, false },
	{ "ROUTe:CLOSe", false, OT_COMMAND, false }, { "ROUTe:OPEN", false, OT_COMMAND, false },
	{ "MMEMory", false, OT_COMMAND, false }, { "PROGram", false, OT_PROGRAM, false },
	{ "STATus", false, OT_OTHER, false },
};

static void
classify(struct scpi_unit *u)
{
	u->op = u->query ? OT_READ : OT_WRITE;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		size_t nodes = 1, want = 1;

		if (rules[i].asks != u->query)
			continue;
		if (rules[i].path[0] == '*') {
			if (u->n == 4 && memcmp(u->head, rules[i].path, 4) == 0) {
				u->op = rules[i].op;
				break;
			}
			continue;
		}
		for (unsigned k = 0; k < u->n; k++)
			nodes += u->head[k] == ':';
		for (const char *s = rules[i].path; *s; s++)
			want += *s == ':';
		if (path_is(u->head, u->n, rules[i].path) && (!rules[i].alone || nodes == want)) {
			u->op = rules[i].op;
			break;
		}
	}
	u->calibration = path_is(u->head, u->n, "CALibration") ||
	    (u->n == 4 && memcmp(u->head, "*CAL", 4) == 0);
	u->secret = has_node(u->head, u->n, secret_nodes);
	for (const char *const *p = secret_roots; *p && !u->secret; p++)
		u->secret = path_is(u->head, u->n, *p) && has_node(u->head, u->n, secret_there);
	u->free_text = has_node(u->head, u->n, text_nodes);
	if (!u->query)
		return;
	if (u->n == 4 && memcmp(u->head, "*IDN", 4) == 0)
		u->answer = SCPI_IDN;
	else if (u->n == 4 && memcmp(u->head, "*OPT", 4) == 0)
		u->answer = SCPI_OPT;
	else if (path_is(u->head, u->n, "SYSTem:ERRor") && !memchr(u->head + 4, 'C', u->n - 4u))
		u->answer = SCPI_ERROR;         /* not SYST:ERR:COUNt? */
	else if (path_is(u->head, u->n, "SYSTem:VERSion"))
		u->answer = SCPI_VERSION;
	else if (u->secret || u->free_text)
		u->answer = SCPI_PRIVATE;
}

static bool
is_known(const struct scpi_unit *u)
{
	static const char *const roots[] = { "SYSTem", "MEASure", "CONFigure", "SOURce", "SENSe",
		"OUTPut", "CALibration", "TRIGger", "INITiate", "FETCh", "READ", "STATus",
		"ROUTe", "DISPlay", "CALCulate", "TRACe", "FORMat", "INSTrument", "MMEMory",
		"DIAGnostic", "INPut", "ACQuire", "CHANnel", "WAVeform", "TIMebase", "VOLTage",
		"CURRent", "FREQuency", "UNIT", "HCOPy", "DATA", "TEST", "MEMory", NULL };

	for (const char *const *p = roots; *p; p++)
		if (path_is(u->head, u->n, *p))
			return true;
	return u->head[0] == '*';
}

/* ---- units ---- */

/* A header's letters into u->head from u->n on. False when there is none. */
static bool
take_header(struct rd *r, struct scpi_unit *u)
{
	unsigned begun = u->n;
	bool node = false;

	if (rd_peek8(r, 0) == '*' && u->n == 0) {
		u->head[u->n++] = '*';
		rd_skip(r, 1);
	}
	for (; rd_have(r); rd_skip(r, 1)) {
		int b = rd_peek8(r, 0);

		if (!ascii_letter(b) && !(node && (ascii_digit(b) || b == '_' || b == ':')))
			break;
		if (u->n == SCPI_HEAD)
			return false;
		node = b != ':';
		u->head[u->n++] = (char)(ascii_letter(b) ? b & ~0x20 : b);
	}
	return node && u->n - begun >= 2;
}

bool
scpi_unit(struct rd *line, struct scpi_path *path, struct scpi_unit *u)
{
	struct rd r;
	int b;

	do {
		if (!scpi_part(line, &r))
			return false;
		trim(&r);
	} while (!rd_have(&r));
	*u = (struct scpi_unit){ 0 };
	b = rd_peek8(&r, 0);
	if (b == ':') {
		rd_skip(&r, 1);
	} else if (b != '*' && path->n) {
		/* behind another unit, at that one's level; but many write the whole
		 * path all the same, and then its first node comes again */
		const char *end = memchr(path->s, ':', path->n);
		uint32_t k = end ? (uint32_t)(end - path->s) : 0, i = 0;

		while (i < k && (rd_peek8(&r, i) & ~0x20) == path->s[i])
			i++;
		if (!k || i < k || rd_peek8(&r, k) != ':') {
			memcpy(u->head, path->s, path->n);
			u->n = path->n;
		}
	}
	if (!take_header(&r, u))
		return false;
	if (rd_peek8(&r, 0) == '?') {
		u->query = true;
		rd_skip(&r, 1);
	}
	b = rd_peek8(&r, 0);
	if (rd_have(&r) && b != ' ' && b != '\t' && b != '(' && b != '"')
		return false;
	trim(&r);
	u->args = rd_init(rd_at(&r), rd_have(&r), rd_have(&r));
	if (u->head[0] != '*') {
		path->n = u->n;
		while (path->n && u->head[path->n - 1] != ':')
			path->n--;
		memcpy(path->s, u->head, path->n);
	}
	u->known = is_known(u);
	classify(u);
	return true;
}

/* ---- recognising ---- */

int
scpi_shape(struct rd line)
{
	static const char common[][4] = { "*IDN", "*OPT", "*RST", "*CLS", "*ESR", "*ESE", "*OPC",
		"*SRE", "*STB", "*TST", "*TRG", "*WAI", "*CAL", "*RCL", "*SAV", "*LRN", "*PSC" };
	struct scpi_path path = { .n = 0 };
	struct scpi_unit u;

	if (!scpi_unit(&line, &path, &u))
		return 0;
	if (u.head[0] == '*') {
		for (size_t i = 0; i < sizeof(common) / 4; i++)
			if (u.n == 4 && memcmp(u.head, common[i], 4) == 0)
				return 2;
		return 0;
	}
	return !u.known ? 0 : u.query && memchr(u.head, ':', u.n) ? 2 : 1;
}

/* ---- answers ---- */

bool
scpi_number(struct rd r, double *v)
{
	uint64_t m = 0;
	int exp = 0, sign = 1, digits = 0, e = 0, esign = 1;
	bool point = false;
	long double x;

	trim(&r);
	if (rd_peek8(&r, 0) == '-' || rd_peek8(&r, 0) == '+')
		sign = rd_u8(&r) == '-' ? -1 : 1;
	for (; rd_have(&r); rd_skip(&r, 1)) {
		int b = rd_peek8(&r, 0);

		if (b == '.' && !point) {
			point = true;
			continue;
		}
		if (!ascii_digit(b))
			break;
		digits++;
		if (m < 1000000000000000000u) {
			m = m * 10 + (uint64_t)(b - '0');
			exp -= point;
		} else {
			exp += !point;
		}
	}
	if (!digits)
		return false;
	if ((rd_peek8(&r, 0) & ~0x20) == 'E' && rd_have(&r)) {
		rd_skip(&r, 1);
		if (rd_peek8(&r, 0) == '-' || rd_peek8(&r, 0) == '+')
			esign = rd_u8(&r) == '-' ? -1 : 1;
		if (!ascii_digit(rd_peek8(&r, 0)))
			return false;
		for (; ascii_digit(rd_peek8(&r, 0)); rd_skip(&r, 1))
			e = e < 1000 ? e * 10 + (rd_peek8(&r, 0) - '0') : e;
	}
	if (rd_have(&r))
		return false;
	exp += e * esign;
	if (exp < -330 || exp > 300)
		return false;
	for (x = 1, e = exp < 0 ? -exp : exp; e; e--)
		x *= 10;
	*v = (double)(exp < 0 ? (long double)m / x : (long double)m * x) * sign;
	/* 9.9E37 is infinity and 9.91E37 no number: SCPI-1999, 7.2.1.4 */
	return *v < 9.9e37 && *v > -9.9e37;
}

/* SCPI-1999 volume 2, 21.8; -410 and on: IEEE 488.2 query errors. */
const char *
scpi_error(int32_t code)
{
	static const struct { int16_t v; const char *s; } names[] = {
		{ 0, "ok" }, { -100, "command_error" },
		{ -101, "invalid_character" }, { -102, "syntax_error" },
		{ -103, "invalid_separator" }, { -104, "data_type_error" },
		{ -105, "get_not_allowed" }, { -108, "parameter_not_allowed" },
		{ -109, "missing_parameter" }, { -110, "command_header_error" },
		{ -113, "undefined_header" }, { -114, "header_suffix_out_of_range" },
		{ -120, "numeric_data_error" }, { -131, "invalid_suffix" },
		{ -138, "suffix_not_allowed" }, { -148, "character_data_not_allowed" },
		{ -151, "invalid_string_data" }, { -158, "string_data_not_allowed" },
		{ -161, "invalid_block_data" }, { -200, "execution_error" },
		{ -201, "invalid_while_in_local" }, { -203, "command_protected" },
		{ -211, "trigger_ignored" }, { -213, "init_ignored" },
		{ -221, "settings_conflict" }, { -222, "data_out_of_range" },
		{ -223, "too_much_data" }, { -224, "illegal_parameter_value" },
		{ -225, "out_of_memory" }, { -230, "data_corrupt_or_stale" },
		{ -240, "hardware_error" }, { -241, "hardware_missing" },
		{ -250, "mass_storage_error" }, { -256, "file_name_not_found" },
		{ -300, "device_specific_error" }, { -310, "system_error" },
		{ -313, "calibration_memory_lost" }, { -314, "save_recall_memory_lost" },
		{ -315, "configuration_memory_lost" }, { -330, "self_test_failed" },
		{ -340, "calibration_failed" }, { -350, "queue_overflow" },
		{ -363, "input_buffer_overrun" }, { -365, "time_out_error" },
		{ -400, "query_error" }, { -410, "query_interrupted" },
		{ -420, "query_unterminated" }, { -430, "query_deadlocked" },
		{ -440, "query_unterminated_after_indefinite_response" }, { -500, "power_on" },
		{ -600, "user_request" }, { -800, "operation_complete" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].v == code)
			return names[i].s;
	return code > 0 ? "device_error" : NULL;
}
