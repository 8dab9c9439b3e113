/* nis2report.h: the program's subcommands: one file and one line in the table
 * of main.c each. A subcommand gets its own name as argv[0] and returns the
 * exit status. */
#ifndef OT_NIS2REPORT_H
#define OT_NIS2REPORT_H

int attest_main(int argc, char **argv);
int check_main(int argc, char **argv);
int classify_main(int argc, char **argv);
int cra_main(int argc, char **argv);
int deadlines_main(int argc, char **argv);
int diff_main(int argc, char **argv);
int gap_main(int argc, char **argv);
int incident_main(int argc, char **argv);
int init_main(int argc, char **argv);
int klassa_main(int argc, char **argv);
int plan_main(int argc, char **argv);
int stage_main(int argc, char **argv);
int vendors_main(int argc, char **argv);
int zones_main(int argc, char **argv);

#endif
