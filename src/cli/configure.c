/* SPDX-License-Identifier: GPL-2.0-or-later */
/* configure.c - what sections and keys of the configuration mean; see configure.h. Keys are the rows of the
 * option catalog, sections the rows of the table of commands. */
#include "cli/configure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/config_file.h"

#define GENERAL	      "stablebench" /* the section for all commands, as are keys before any section */
#define SECURITY      "security"
#define SECTIONS_MAX  64
#define USER_FILE     "stablebench/stablebench.conf"
#define LEVELS_OF_ONE (OPTION_SYSTEM_FILE_OWN - OPTION_SYSTEM_FILE)

/* What the system's file may forbid everybody. */
static const struct restriction {
	const char *key, *option;
} restrictions[] = {
	{ "forbid-user", "user" },
	{ "forbid-allow-root", "allow-root" },
};
#define RESTRICTIONS (sizeof restrictions / sizeof *restrictions)

struct levels {
	struct options *options;
	const struct command *command;
	const char *system_file;
	unsigned forbidden_line[RESTRICTIONS]; /* of the system's file; 0: allowed */
};

struct file {
	const char *path;
	enum option_level level; /* of its values for all commands */
	bool is_too_late;	 /* what root's part needs is not taken from it */
	bool has_rules_only;	 /* the options in it do not count */
};

/* --- names ------------------------------------------------------------------------------------------- */

static bool is_key(const struct option_row *row)
{
	return row->type != OPTION_SWITCH && !(row->commands & OPTION_NOT_IN_FILES);
}

/* The row that a key means to any of some commands; NULL when there is none. */
static const struct option_row *find_row(const char *key, unsigned bits)
{
	for (const struct option_row *row = option_catalog; row->name; row++)
		if (row->commands & bits && is_key(row) && !strcmp(row->name, key))
			return row;
	return NULL;
}

static bool is_option(const char *name, unsigned bits)
{
	for (const struct option_row *row = option_catalog; row->name; row++)
		if (row->commands & bits && !strcmp(row->name, name))
			return true;
	return false;
}

/* The place of an option among those of the command, -1 when it has no such option. */
static long find_own(const struct options *options, const char *name)
{
	for (long i = 0; options->rows[i].name; i++)
		if (!strcmp(options->rows[i].name, name))
			return i;
	return -1;
}

/* Nobody has given an option that the command does not have. */
static enum option_level level_of(const struct options *options, const char *name)
{
	long index = find_own(options, name);

	return index < 0 ? OPTION_BUILT_IN : options->levels[index];
}

static int complain_key(const struct config_entry *entry, unsigned bits, struct sb_err *err)
{
	const char *names[OPTION_ROWS_MAX + 1] = { NULL }, *nearest;
	size_t count = 0;

	for (const struct option_row *row = option_catalog; row->name && count < OPTION_ROWS_MAX; row++)
		if (row->commands & bits && is_key(row))
			names[count++] = row->name;
	if (is_option(entry->key, bits))
		return err_set(err, -EINVAL, "'%s' does not stand in files; give --%s", entry->key,
			       entry->key);
	nearest = options_nearest(entry->key, names);
	if (nearest)
		return err_set(err, -EINVAL, "unknown key '%s'; did you mean '%s'?", entry->key, nearest);
	return err_set(err, -EINVAL, "unknown key '%s'; keys are the long options of %s%s", entry->key,
		       *entry->section ? "stablebench " : "some command",
		       *entry->section ? entry->section : "");
}

static int complain_section(const char *section, struct sb_err *err)
{
	const char *names[SECTIONS_MAX + 3] = { GENERAL, SECURITY }, *nearest;

	for (size_t i = 0; commands[i] && i < SECTIONS_MAX; i++)
		names[i + 2] = commands[i]->name;
	nearest = options_nearest(section, names);
	if (nearest)
		return err_set(err, -EINVAL, "unknown section [%s]; did you mean [%s]?", section, nearest);
	return err_set(err, -EINVAL, "unknown section [%s]; sections are [" GENERAL "] and the commands",
		       section);
}

/* --- entries ----------------------------------------------------------------------------------------- */

static int take_rule(struct levels *levels, const struct file *file, const struct config_entry *entry,
		     struct sb_err *err)
{
	if (file->level != OPTION_SYSTEM_FILE)
		return err_set(err, -EINVAL, "section [" SECURITY "] belongs into '%s' only",
			       levels->system_file);
	for (size_t i = 0; i < RESTRICTIONS; i++) {
		if (strcmp(entry->key, restrictions[i].key) != 0)
			continue;
		if (strcmp(entry->value, "0") != 0 && strcmp(entry->value, "1") != 0)
			return err_set(err, -EINVAL, "'%s' is neither 1 nor 0", entry->value);
		levels->forbidden_line[i] = *entry->value == '1' ? entry->line : 0;
		return 0;
	}
	return err_set(err, -EINVAL, "unknown key '%s'; there are '%s' and '%s'", entry->key,
		       restrictions[0].key, restrictions[1].key);
}

static int set_own(struct levels *levels, const struct file *file, const struct config_entry *entry,
		   enum option_level level, struct sb_err *err)
{
	const long index = find_own(levels->options, entry->key);
	const struct option_row *row;

	if (index < 0 || !is_key(&levels->options->rows[index]) || file->has_rules_only)
		return 0;
	row = &levels->options->rows[index];
	if (row->commands & OPTION_OF_ROOT && file->is_too_late)
		return err_set(
			err, -EPERM,
			"root's part needs '%s' before it may read a file of yours; put it into '%s', or "
			"give --%s",
			entry->key, levels->system_file, entry->key);
	if (!options_is_repeatable(row) && levels->options->levels[index] == level)
		return err_set(err, -EINVAL, "'%s' is given twice", entry->key);
	if (options_set(levels->options, (size_t)index, level, entry->value, err))
		return err_prefix(err, "%s", entry->key);
	return 0;
}

static int take_entry(struct levels *levels, const struct file *file, const struct config_entry *entry,
		      struct sb_err *err)
{
	bool is_general = !*entry->section || !strcmp(entry->section, GENERAL);
	const struct command *command;
	const char *nearest;

	if (!strcmp(entry->section, SECURITY))
		return take_rule(levels, file, entry, err);
	command = is_general ? NULL : command_find(entry->section, &nearest);
	if (!is_general && !command)
		return complain_section(entry->section, err);
	if (!find_row(entry->key, is_general ? OPTION_OF_ANY : command->bit))
		return complain_key(entry, is_general ? OPTION_OF_ANY : command->bit, err);
	if (!is_general && command != levels->command)
		return 0;
	return set_own(levels, file, entry, is_general ? file->level : file->level + LEVELS_OF_ONE, err);
}

static int take_config(struct levels *levels, const struct file *file, const struct config *config,
		       struct sb_err *err)
{
	for (size_t i = 0; i < config->count; i++)
		if (take_entry(levels, file, &config->entries[i], err))
			return err_prefix(err, "%s:%u", file->path, config->entries[i].line);
	return 0;
}

/* --- files ------------------------------------------------------------------------------------------- */

/* A command without any can do without a broken file: `restore` must always be possible. */
static bool has_restricted_option(const struct options *options)
{
	for (size_t i = 0; i < RESTRICTIONS; i++)
		if (find_own(options, restrictions[i].option) >= 0)
			return true;
	return false;
}

/* Whether somebody else than the system's file wants an option. */
static bool is_wanted(const struct options *options, const char *name)
{
	const struct option_row *row;

	if (level_of(options, name) <= OPTION_SYSTEM_FILE_OWN)
		return false;
	row = &options->rows[find_own(options, name)];
	return row->type != OPTION_FLAG || *(const bool *)((const char *)options->settings + row->offset);
}

static int check_rules(const struct levels *levels, struct sb_err *err)
{
	for (size_t i = 0; i < RESTRICTIONS; i++)
		if (levels->forbidden_line[i] && is_wanted(levels->options, restrictions[i].option))
			return err_set(err, -EPERM, "--%s is forbidden by %s:%u (%s)", restrictions[i].option,
				       levels->system_file, levels->forbidden_line[i], restrictions[i].key);
	return 0;
}

static int take_system_file(struct levels *levels, bool has_rules_only, struct config *config,
			    struct sb_err *err)
{
	const struct file file = {
		.path = levels->system_file,
		.level = OPTION_SYSTEM_FILE,
		.has_rules_only = has_rules_only,
	};
	const struct config_source source = {
		.path = file.path,
		.trust = geteuid() == 0 ? CONFIG_OF_ROOT : CONFIG_OF_ANY,
	};
	int code = config_file_read(&source, config, err);

	if (!code)
		code = take_config(levels, &file, config, err);
	return code ? code : check_rules(levels, err);
}

static char *user_path(const struct settings *settings, const char *home)
{
	const char *folder = getenv("XDG_CONFIG_HOME");

	if (settings->config)
		return alloc_text(settings->config);
	if (folder && *folder == '/')
		return alloc_format("%s/" USER_FILE, folder);
	return alloc_format("%s/.config/" USER_FILE, home);
}

static int take_user_file(struct levels *levels, const struct identity *identity, const char *path,
			  struct config *config, struct sb_err *err)
{
	bool is_named = levels->options->settings->config != NULL;
	const struct file file = {
		.path = path,
		.level = OPTION_USER_FILE,
		.is_too_late = identity->privileged,
	};
	const struct config_source source = {
		.path = path,
		.trust = is_named ? CONFIG_OF_ANY : CONFIG_OF_USER,
		.must_exist = is_named,
		.owner = identity->front_uid,
	};
	int code = identity->privileged ? config_file_read_as(identity, &source, config, err)
					: config_file_read(&source, config, err);

	return code ? code : take_config(levels, &file, config, err);
}

/* Of a knob in both lists, who has the higher level decides. */
static void settle_knobs(struct options *options)
{
	struct knob_choice *choice = &options->settings->choice;

	if (level_of(options, "with") > level_of(options, "without"))
		choice->without &= ~choice->with;
}

static int configure(struct levels *levels, struct config *config, struct sb_err *err)
{
	const struct settings *settings = levels->options->settings;
	bool has_files = !settings->no_config ||
			 level_of(levels->options, "config") > level_of(levels->options, "no-config");
	struct identity identity;
	char *path;
	int code;

	if (!has_files && (geteuid() != 0 || !has_restricted_option(levels->options)))
		return 0; /* without root there is nothing to forbid */
	code = take_system_file(levels, !has_files, config, err);
	if (!code && has_files)
		code = identity_resolve(settings->user, settings->allow_root, &identity, err);
	if (code || !has_files)
		return code;
	path = user_path(settings, identity.front_home);
	code = take_user_file(levels, &identity, path, config, err);
	free(path);
	return code;
}

int configure_options(struct options *options, const struct command *command, const char *system_file,
		      struct sb_err *err)
{
	struct levels levels = { .options = options, .command = command, .system_file = system_file };
	struct config *config = alloc_zero(1, sizeof *config);
	int code = configure(&levels, config, err);

	free(config);
	settle_knobs(options);
	return code;
}
