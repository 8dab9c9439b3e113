#include "nis2report.h"
int init_main(int argc, char **argv) { return 2; }
