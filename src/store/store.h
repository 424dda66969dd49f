/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - where records are kept: today the last one, in the state folder.
 *
 * The folder is $XDG_STATE_HOME/stablebench or ~/.local/state/stablebench, home from passwd; made 0700.
 * Everything is written to a temporary file beside its place and renamed, so that nothing half-written is
 * ever seen.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <jansson.h>
#include <stdbool.h>
#include "base/err.h"
#include "record/record.h"

/* Writes `record` to `path` atomically; a link at its end is replaced, not followed. "-" is stdout, and what
 * is there and no regular file (a pipe, /dev/null) is written to directly. */
int store_write_file(const struct record *record, const char *path, struct sb_err *err);

/* Whether a path means standard output: "-", or a name for what it is open on, such as /dev/stdout. */
bool store_is_stdout(const char *path);

/* Whether store_write_file could: for before a long session. */
int store_check_file(const char *path, struct sb_err *err);

/* Keeps the record as the last one / reads it back. `home`: the user's home folder. */
int store_save_last(const struct record *record, const char *home, struct sb_err *err);
int store_load_last(struct record *record, const char *home, struct sb_err *err);

/* Another document of the state folder, such as STORE_NOISE. A loaded one is the caller's: json_decref.
 * -ENOENT where there is none, -EINVAL where no regular file or no JSON is in its place, or it has a key
 * twice. */
#define STORE_NOISE "noise.json"
int store_save_document(const json_t *document, const char *name, const char *home, struct sb_err *err);
int store_load_document(json_t **document, const char *name, const char *home, struct sb_err *err);

/* A record that the user named: a pipe is waited for, "-" is stdin. */
int store_load_file(struct record *record, const char *path, struct sb_err *err);

#endif
