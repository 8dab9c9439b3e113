/* timeline_svg_impl.h: between where things stand in the picture and the drawing of them. */
#ifndef OT_TIMELINE_SVG_IMPL_H
#define OT_TIMELINE_SVG_IMPL_H

#include "report/timeline_paper_impl.h"

enum {
	LANES = 24,             /* sources and zones; what is more shares the last */
	ROWS = 3,               /* of a lane */
	AXIS = 26, PAD = 6, MARK = 12,
};

struct layout { int width, left, row, head, size; };

struct lane {
	uint16_t source;
	struct timeline_text zone;
	size_t n;
	int rows, y, h;
	double mark_end[ROWS], label_end[ROWS];
	size_t owner[ROWS];             /* whose label it is */
};

struct spot {
	size_t item;                    /* in view.items */
	uint32_t lane;
	int row;
	double x, room;                 /* room: of its label; 0: none; < 0: at its left */
	bool told;
};

/* A picture being made. */
struct drawing {
	const struct timeline_sheet *s;
	FILE *f;
	struct layout l;
	bool narrow, whole;             /* whole: not step by step, from near */
	int64_t from, to;
	struct lane lane[LANES]; size_t nlanes;
	struct spot *spot; size_t n;
	int height;
};

/* Where a moment stands. */
double draw_across(const struct drawing *d, int64_t us);
/* Finds the lanes, and gives each mark its row and each label its room. False: memory. */
bool draw_lay(struct drawing *d, const size_t *steps, size_t nsteps);
double draw_row_y(const struct drawing *d, const struct spot *p);
/* Of its label. */
int draw_type_size(const struct drawing *d, const struct spot *p);

#endif
