/* gen_smb.c: SMB2 sessions (MS-SMB2): negotiated, logged in with NTLM, files read in
 * pieces of up to 64 KiB, some written, closed. */
#include "gen_office.h"

#include <string.h>

enum { NEGOTIATE, SETUP, LOGOFF, TREE, UNTREE, CREATE, CLOSE, FLUSH_, READ, WRITE };
enum { HEAD = 64, MORE_PROCESSING = 0xc0000016 };

static void
head(const struct talk *t, unsigned command, uint32_t status)
{
	ptext("\xfeSMB");
	l16(64), l16(command == READ || command == WRITE ? 1 : 0), l32(status);
	l16(command), l16(31), l32(t->side ? 1 : 0), l32(0), l64(t->phase / 2);
	l32(0xfeff), l32(command > LOGOFF ? 5 : 0);
	l64(command > NEGOTIATE && (t->phase > 2 || t->side) ? 0x40000000000u + t->c.port[0] : 0);
	for (int i = 0; i < 16; i++)
		p8(0);
}

static void
zeros(unsigned n)
{
	while (n--)
		p8(0);
}

static void
utf16(const char *s)
{
	for (; *s; s++)
		l16((uint8_t)*s);
}

/* 100 ns since 1601, of the year in which the capture is made. */
static void
filetime(unsigned hours)
{
	l64(134000000000000000u + hours * 36000000000u);
}

static void
negotiate(int side)
{
	if (!side) {
		l16(36), l16(4), l16(1), l16(0), l32(0x7f), opaque(16), l64(0);
		l16(0x0202), l16(0x0210), l16(0x0300), l16(0x0302);
	} else {
		l16(65), l16(1), l16(0x0302), l16(0), opaque(16);
		l32(0x7), l32(8 << 20), l32(8 << 20), l32(8 << 20);
		filetime(7), filetime(0);
		l16(128), l16(0), l32(0);
	}
}

static void
ntlm_field(unsigned n, unsigned *at)
{
	l16(n), l16(n), l32(*at);
	*at += n;
}

static void
ntlm(unsigned type)
{
	static const char domain[] = "CORP", user[] = "clerk", station[] = "DESK-0142";
	unsigned at = 64 + 8;

	ptext("NTLMSSP"), p8(0), l32(type);
	if (type == 1) {
		l32(0xe2088297), zeros(16);
	} else if (type == 2) {
		at = 48 + 8;
		ntlm_field(8, &at), l32(0xe2898215), opaque(8), zeros(8);
		ntlm_field(4 + 8 + 4, &at);
	} else {
		ntlm_field(24, &at), ntlm_field(24, &at), ntlm_field(8, &at), ntlm_field(10, &at);
		ntlm_field(18, &at), ntlm_field(0, &at), l32(0xe2888215);
	}
	p8(10), p8(0), l16(19045), zeros(3), p8(15);
	if (type == 2) {
		utf16(domain);
		l16(2), l16(8), utf16(domain), l32(0);
	} else if (type == 3) {
		opaque(48);
		utf16(domain), utf16(user), utf16(station);
	}
}

static void
setup(int side, bool last)
{
	unsigned len, from;

	if (!side)
		l16(25), p8(0), p8(1), l32(1), l32(0), l16(88), len = mark(2), l64(0);
	else
		l16(9), l16(0), l16(72), len = mark(2);
	from = pn;
	if (!side || !last)
		ntlm(side ? 2 : last ? 3 : 1);
	pay[len] = (uint8_t)(pn - from), pay[len + 1] = 0;
}

static void
tree(int side, unsigned number)
{
	char path[] = "\\\\fs0.corp.example\\common";

	path[4] = (char)('0' + number % 4);
	if (!side)
		l16(9), l16(0), l16(72), l16(2 * (sizeof(path) - 1)), utf16(path);
	else
		l16(16), p8(1), p8(0), l32(0x30), l32(0), l32(0x1f01ff);
}

static void
file_id(const struct talk *t)
{
	l64(t->c.port[0]), l64(0x1000u + t->c.port[0]);
}

static void
create(const struct talk *t, int side)
{
	char name[] = "plans\\report-00.docx";

	name[13] = (char)('0' + t->number / 10 % 10);
	name[14] = (char)('0' + t->number % 10);
	if (!side) {
		l16(57), p8(0), p8(0), l32(2), zeros(16), l32(0x12019f), l32(0x80), l32(7), l32(1);
		l32(0x40), l16(120), l16(2 * (sizeof(name) - 1)), l32(0), l32(0), utf16(name);
	} else {
		l16(89), p8(0), p8(0), l32(1);
		filetime(1), filetime(6), filetime(5), filetime(5);
		l64(1 << 22), l64(4000000), l32(0x20), l32(0), file_id(t), l32(0), l32(0);
	}
}

static void
read_write(struct talk *t, int side, bool write)
{
	if (!side)
		t->ask = rnd(3) ? 65536 : 4096 + rnd(40000);
	if (!side && !write) {
		l16(49), p8(80), p8(0), l32(t->ask), l64(t->tell), file_id(t), l32(0), l32(0);
		l32(0), l16(0), l16(0), p8(0);
	} else if (!side) {
		l16(49), l16(HEAD + 48), l32(t->ask), l64(t->tell), file_id(t), l32(0), l32(0);
		l16(0), l16(0), l32(0), opaque(t->ask);
	} else if (!write) {
		l16(17), p8(HEAD + 16), p8(0), l32(t->ask), l32(0), l32(0), opaque(t->ask);
	} else {
		l16(17), l16(0), l32(t->ask), l32(0), l16(0), l16(0);
	}
	if (side)
		t->tell += t->ask;
}

static void
done(const struct talk *t, int side)
{
	if (!side)
		l16(24), l16(1), l32(0), file_id(t);
	else
		l16(60), l16(1), l32(0), filetime(1), filetime(6), filetime(5), filetime(5),
		    l64(1 << 22), l64(4000000), l32(0x20);
}

bool
smb2(struct talk *t)
{
	unsigned step = t->phase / 2, at;
	bool write = t->number % 7 == 0;

	t->side = (int)(t->phase % 2);
	if (step > 5 + t->rounds)
		return false;
	p8(0);
	at = mark(3);
	if (step == 0) {
		head(t, NEGOTIATE, 0), negotiate(t->side);
	} else if (step <= 2) {
		head(t, SETUP, t->side && step == 1 ? MORE_PROCESSING : 0);
		setup(t->side, step == 2);
	} else if (step == 3) {
		head(t, TREE, 0), tree(t->side, t->number);
	} else if (step == 4) {
		head(t, CREATE, 0), create(t, t->side);
	} else if (step < 5 + t->rounds) {
		head(t, write ? WRITE : READ, 0), read_write(t, t->side, write);
	} else {
		head(t, CLOSE, 0), done(t, t->side);
	}
	fill(at, 3);
	t->phase++;
	return true;
}
