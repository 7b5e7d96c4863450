/* completion.c - completion for bash. SPDX-License-Identifier: MIT */
#include <string.h>

#include <rax/asm.h>

#include "options.h"

static void words_of(FILE *out, const char *(*choice)(unsigned))
{
	unsigned n;

	fprintf(out, "compgen -W '");
	for (n = 0; choice(n); n++)
		fprintf(out, "%s%s", n ? " " : "", choice(n));
	fprintf(out, "' -- \"$cur\"");
}

/* What may follow an option. */
static void values(FILE *out)
{
	char name[OPTION_NAME_MAX];
	unsigned k;

	for (k = 0; k < OPT_COUNT; k++) {
		const struct option_info *o = &option_table[k];
		const char *(*choice)(unsigned) = option_choice(o->kind);

		if (!o->argument)
			continue;
		fprintf(out, "\t--%s)\n", option_name(k, name));
		if (choice || o->kind == KIND_FILE || o->kind == KIND_LIST) {
			fprintf(out, "\t\tmapfile -t COMPREPLY < <(");
			if (choice)
				words_of(out, choice);
			else
				fprintf(out, "compgen -f -- \"$cur\"");
			fprintf(out, ")\n");
		}
		fprintf(out, "\t\treturn ;;\n");
	}
	fprintf(out, "\t--isa)\n\t\tmapfile -t COMPREPLY < <(");
	words_of(out, rax_isa_name);
	fprintf(out, ")\n\t\treturn ;;\n");
}

void print_completion(FILE *out)
{
	char name[OPTION_NAME_MAX];
	unsigned k;

	fprintf(out, "# bash completion of rax, made from its option table. "
		     "SPDX-License-Identifier: MIT\n"
		     "_rax()\n{\n"
		     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		     "\tlocal options\n"
		     "\tCOMPREPLY=()\n"
		     "\t# --name=value is three words\n"
		     "\tif [[ $cur == = ]]; then\n"
		     "\t\tcur=\n"
		     "\telif [[ $prev == = && $COMP_CWORD -gt 1 ]]; then\n"
		     "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
		     "\tfi\n"
		     "\tcase $prev in\n");
	values(out);
	fprintf(out, "\tesac\n\toptions='");
	for (k = 0; k < OPT_COUNT; k++)
		fprintf(out, "%s--%s", k ? " " : "", option_name(k, name));
	fprintf(out, "'\n"
		     "\tcase ${COMP_WORDS[1]} in\n"
		     "\tdis) options='--isa --syntax --explain' ;;\n"
		     "\tasm) options='--isa --syntax' ;;\n"
		     "\tlift) options=--isa ;;\n"
		     "\tjit-dump) options=\"--isa $options\" ;;\n"
		     "\tcoverage) options='--isa --extension' ;;\n"
		     "\tesac\n"
		     "\tif [[ $cur == -* ]]; then\n"
		     "\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
		     "\telif [[ $COMP_CWORD -eq 1 ]]; then\n"
		     "\t\tmapfile -t COMPREPLY < "
		     "<(compgen -f -W 'dis asm lift jit-dump coverage' -- \"$cur\")\n"
		     "\telse\n"
		     "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
		     "\tfi\n}\n"
		     "complete -o filenames -F _rax rax\n");
}
