/* signals.h - signals and the terminal while a guest runs. SPDX-License-Identifier: MIT */
#ifndef RAX_TOOL_SIGNALS_H
#define RAX_TOOL_SIGNALS_H

#include <rax/vm.h>

/*
 * From here on SIGINT, SIGTERM, SIGHUP and SIGQUIT stop vm (a second one ends
 * rax), and whatever ends or stops rax puts the terminal back, which is raw
 * from here on where standard input is one.
 */
RAX_MUST_CHECK rax_status signals_begin(rax_vm *vm, rax_error *err);
/* The terminal is put back; signals do what they did before. */
void signals_end(void);
/* The signal that stopped the vm; 0: none did. */
int signals_caught(void);

#endif
