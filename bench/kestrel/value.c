/* SPDX-License-Identifier: GPL-2.0-or-later */
/* value.c - comparing and naming typed values; see value.h. */
#include "kestrel/value.h"

static const char *const type_names[VALUE_TYPES] = {
	[VALUE_U64] = "u64",	   [VALUE_I64] = "i64",	  [VALUE_F64] = "f64",
	[VALUE_STRING] = "string", [VALUE_BOOL] = "bool", [VALUE_BYTES] = "bytes",
};

bool value_equal(struct value left, struct value right)
{
	if (left.type != right.type)
		return false;
	if (left.type == VALUE_F64)
		return left.as.f64 == right.as.f64;
	if (!value_is_view(left))
		return left.as.u64 == right.as.u64;
	return left.size == right.size && memcmp(left.as.bytes, right.as.bytes, left.size) == 0;
}

const char *value_type_name(uint32_t type)
{
	return type < VALUE_TYPES ? type_names[type] : "?";
}
