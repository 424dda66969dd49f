/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_json.h - a record as a JSON document and back. What is read was written by somebody: every field is
 * checked. */
#ifndef RECORD_RECORD_JSON_H
#define RECORD_RECORD_JSON_H

#include <stdio.h>
#include "base/err.h"
#include "record/record.h"

/* Writes the document, keys in a stable order, one launch's samples to a line. 0 or a negative errno. */
int record_json_write(const struct record *record, FILE *stream, struct sb_err *err);

/* Reads a document; `name` is for the error sentence, which names line or field. 0 or -EINVAL, -ENOTSUP for
 * another schema, -errno of reading. On success the caller releases the record. */
int record_json_read(FILE *stream, const char *name, struct record *record, struct sb_err *err);

#endif
