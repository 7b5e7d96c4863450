/* help.c - --help, and texts that man page and completion share. SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "options.h"

#define WIDTH 79

const struct text_row text_rows[] = {
#define SECTION(title) { title, OPT_COUNT },
#define OPTION(id, argument, kind, least, most, other, help) { NULL, OPT_##id },
#include "options.def"
#undef SECTION
#undef OPTION
};
const size_t ntext_rows = sizeof(text_rows) / sizeof(text_rows[0]);

const char *const usages[] = {
	"[OPTION]... [--kernel] FILE",
	"dis --isa ISA [--syntax NAME] [--explain] HEX... | -",
	"asm --isa ISA [--syntax NAME] TEXT... | -",
	"lift --isa ISA HEX... | -",
	"jit-dump [OPTION]... [--kernel] FILE",
	"jit-dump --isa ISA [--jit-level N] HEX... | -",
	"coverage --isa ISA [--extension NAME]",
	NULL
};

const struct exit_code exit_codes[] = {
	{ 0, "the guest powered off, Ctrl-A x was typed, or the command succeeded" },
	{ EXIT_BAD_INPUT, "a file is bad or missing, the console's output cannot be "
	  "written, or dis, asm, lift or jit-dump found no instruction" },
	{ EXIT_USAGE, "the command line or a configuration file is wrong" },
	{ EXIT_DIVERGED, "--verify found a difference between the engines" },
	{ EXIT_DEADLOCK, "every processor waits and nothing can wake one" },
	{ EXIT_INTERNAL, "a bug of rax" },
	{ EXIT_LIMIT, "--max-insns is reached" },
};
const size_t nexit_codes = sizeof(exit_codes) / sizeof(exit_codes[0]);

const char exit_codes_note[] =
	"A signal N that stops rax makes it 128+N. A guest that ends with a code of its own "
	"(1 to 255) ends rax with that code; the standard error output is empty then.";

const char *option_usage(enum option_id id, char *buf, size_t size)
{
	const char *argument = option_table[id].argument;
	char name[OPTION_NAME_MAX];

	snprintf(buf, size, "--%s%s%s", option_name(id, name), argument ? " " : "",
		 argument ? argument : "");
	return buf;
}

/* "512M", "16" */
static void bound(char *buf, size_t size, uint64_t v, enum option_kind kind)
{
	static const char suffix[] = "\0KMGT";
	unsigned k = 0;

	while (kind == KIND_SIZE && k < 4 && v && !(v & 1023)) {
		v >>= 10;
		k++;
	}
	snprintf(buf, size, "%" PRIu64 "%.1s", v, suffix + k);
}

const char *option_help(enum option_id id, char *buf, size_t size)
{
	const struct option_info *o = &option_table[id];
	const char *(*choice)(unsigned) = option_choice(o->kind);
	char notes[256] = "", least[32], most[32];
	size_t at = 0;
	unsigned k;

	for (k = 0; choice && choice(k) && at < sizeof(notes); k++)
		at += (size_t)snprintf(notes + at, sizeof(notes) - at, "%s%s", k ? " or " : "",
				       choice(k));
	if (o->most && o->most != UINT64_MAX) {
		bound(least, sizeof(least), o->least, o->kind);
		bound(most, sizeof(most), o->most, o->kind);
		at += (size_t)snprintf(notes, sizeof(notes), "%s to %s", least, most);
	}
	if (o->otherwise && at < sizeof(notes))
		at += (size_t)snprintf(notes + at, sizeof(notes) - at, "%sdefault: %s",
				       at ? "; " : "", o->otherwise);
	snprintf(buf, size, at ? "%s (%s)" : "%s", o->help, notes);
	return buf;
}

/* Prints text from column `indent` on, in lines that fit. */
static void wrapped(FILE *out, const char *text, int indent)
{
	int col = indent;

	while (*text) {
		const int len = (int)strcspn(text, " ");

		if (col + len > WIDTH && col > indent) {
			fprintf(out, "\n%*s", indent, "");
			col = indent;
		}
		fprintf(out, "%s%.*s", col > indent ? " " : "", len, text);
		col += len + 1;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

void print_help(FILE *out)
{
	char word[64], text[512];
	size_t k;

	for (k = 0; usages[k]; k++)
		fprintf(out, "%s rax %s\n", k ? "      " : "usage:", usages[k]);
	fprintf(out, "\nRuns programs, kernels and firmware of other machines.\n");
	for (k = 0; k < ntext_rows; k++) {
		if (text_rows[k].title) {
			fprintf(out, "\n%s:\n", text_rows[k].title);
			continue;
		}
		option_usage(text_rows[k].id, word, sizeof(word));
		fprintf(out, "  %-20s  ", word);
		if (strlen(word) > 20)
			fprintf(out, "\n%24s", "");
		wrapped(out, option_help(text_rows[k].id, text, sizeof(text)), 24);
	}
	fprintf(out, "\nOn a terminal, Ctrl-A x quits, Ctrl-A h helps, "
		     "Ctrl-A Ctrl-A types Ctrl-A.\n"
		     "\nExit codes:\n");
	for (k = 0; k < nexit_codes; k++) {
		fprintf(out, "  %3d  ", exit_codes[k].code);
		wrapped(out, exit_codes[k].meaning, 7);
	}
	wrapped(out, exit_codes_note, 0);
}
