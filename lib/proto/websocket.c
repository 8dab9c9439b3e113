#include "proto/websocket.h"

/* How long the head is that begins so. */
static unsigned
head_length(const uint8_t *h)
{
	unsigned n = h[1] & 0x7f;

	return 2 + (n == 126 ? 2u : n == 127 ? 8u : 0u) + (h[1] & 0x80 ? 4u : 0u);
}

/* A whole head. False when it is none, or of a frame that is compressed. */
static bool
take_head(struct websocket *w)
{
	unsigned op = w->head[0] & 15, n = w->head[1] & 0x7f, at = 2;

	if ((w->head[0] & 0x70) || (op > 2 && op < 8) || op > 10)
		return false;
	w->left = n;
	if (n >= 126) {
		w->left = 0;
		for (; at < (n == 126 ? 4u : 10u); at++)
			w->left = w->left << 8 | w->head[at];
	}
	if (w->left >> 62 || (op >= 8 && n > 125))
		return false;
	w->masked = w->head[1] & 0x80;
	memcpy(w->key, w->head + at, sizeof(w->key));
	w->at = 0;
	w->data = op < 8;
	if (op == 1 || op == 2)
		w->binary = op == 2;
	return true;
}

static void
lose(struct websocket *w)
{
	w->lost = true;
	w->left = 0;
	w->nhead = 0;
}

bool
websocket_next(struct websocket *w, struct rd *r, uint8_t *buf, struct rd *piece)
{
	const uint8_t *p;
	uint32_t n;

	while (rd_left(r)) {
		if (w->left) {
			n = w->left < rd_left(r) ? (uint32_t)w->left : rd_left(r);
			if (w->masked && n > WEBSOCKET_PLAIN)
				n = WEBSOCKET_PLAIN;
			*piece = rd_sub(r, n);
			w->left -= n;
			if (w->masked && w->data && w->binary) {
				p = piece->p;
				for (uint32_t i = 0; i < piece->cap; i++)
					buf[i] = p[i] ^ w->key[(w->at + i) & 3];
				piece->p = buf;
			}
			w->at = (uint8_t)((w->at + n) & 3);
			if (w->data && w->binary)
				return true;
			continue;
		}
		if (!rd_have(r)) {              /* our snap length cut the head */
			lose(w);
			return false;
		}
		w->head[w->nhead++] = rd_u8(r);
		if (w->nhead < 2 || w->nhead < head_length(w->head))
			continue;
		w->nhead = 0;
		if (!take_head(w)) {
			lose(w);
			return false;
		}
		w->lost = false;
	}
	return false;
}

void
websocket_gap(struct websocket *w, uint32_t n)
{
	if (n > w->left) {
		lose(w);
		return;
	}
	w->left -= n;
	w->at = (uint8_t)((w->at + n) & 3);
}
