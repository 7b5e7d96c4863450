/* perf.h - compiled code for Linux's profiler. SPDX-License-Identifier: MIT */
#ifndef RAX_TOOL_PERF_H
#define RAX_TOOL_PERF_H

#include <rax/vm.h>

/*
 * What "perf" reads about code that no file on disk has. "map": names by
 * address, in /tmp/perf-PID.map, for perf report. "dump": code with names and
 * times, in jit-PID.dump of the current folder, for perf inject --jit. kind is
 * one of them. Sets the configuration's jit_code. NULL and a line on standard
 * error: the file cannot be written.
 */
struct perf;
struct perf *perf_begin(const char *kind, rax_config *c);
/* Closes the file. 0; else, with a line on standard error, it is not complete. */
int perf_end(struct perf *p);

#endif
