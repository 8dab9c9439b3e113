/* map_impl.h: sizes in pixels, between map_lay.c and map_draw.c. Nobody else includes this. */
#ifndef OT_MAP_IMPL_H
#define OT_MAP_IMPL_H

enum {
	TOP = 4,
	BAND_GAP = 10, BAND_HEAD = 24,          /* a level, and its name */
	BOX_HEAD = 28, BOX_PAD = 9, SHELF_GAP = 12,
	CHIP_H = 54, ROW_GAP = 10,
	MARGIN = 18, GUTTER = 24,               /* without lanes */
	LANE = 14, GLANE = 7,                   /* one lane of a channel, of a gutter */
	SAY_SIZE = 10,                          /* type of the words at a line */
};

#endif
