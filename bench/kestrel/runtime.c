/* SPDX-License-Identifier: GPL-2.0-or-later */
/* runtime.c - a Lua state in a pool, and what scripts may see; see runtime.h. */
#include "kestrel/runtime.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "kestrel/event.h"
#include "kestrel/pool.h"
#include "kestrel/schema.h"

struct runtime {
	lua_State *lua;
	struct pool *pool;
	const struct schema *schema;
	const struct event *event; /* the current one, only during a call */
	int instructions;
	int globals; /* reference of the read-only environment */
	char error[256];
};

/* No load, no collectgarbage, no access to metatables, nothing that reads files or prints. */
static const char *const basic_functions[] = {
	"assert", "error", "ipairs", "next", "pairs", "select", "tonumber", "tostring", "type",
};

static void *resize_block(void *context, void *block, size_t old_size, size_t size)
{
	struct pool *pool = context;

	if (!block)
		return size ? pool_alloc(pool, size) : NULL; /* old_size is then a type, not a size */
	if (size)
		return pool_resize(pool, block, old_size, size);
	pool_return(pool, block, old_size);
	return NULL;
}

static struct runtime *runtime_of(lua_State *lua)
{
	return *(struct runtime **)lua_getextraspace(lua);
}

static const struct value *current_value(lua_State *lua)
{
	const struct runtime *runtime = runtime_of(lua);

	if (!runtime->event)
		luaL_error(lua, "a field can be read only while an event is evaluated");
	return event_get(runtime->event, (uint32_t)lua_tointeger(lua, lua_upvalueindex(1)));
}

static int read_field(lua_State *lua)
{
	const struct value *value = current_value(lua);

	if (!value)
		lua_pushnil(lua);
	else if (value_is_view(*value))
		lua_pushlstring(lua, value->as.text, value->size);
	else if (value->type == VALUE_F64)
		lua_pushnumber(lua, value->as.f64);
	else if (value->type == VALUE_BOOL)
		lua_pushboolean(lua, value->as.boolean);
	else
		lua_pushinteger(lua, value->as.i64);
	return 1;
}

static int compare_field(lua_State *lua)
{
	const struct value *value = current_value(lua);
	size_t size;
	const char *text = lua_tolstring(lua, lua_upvalueindex(2), &size);

	lua_pushboolean(lua, value && value_is_view(*value) && value->size == size &&
				     memcmp(value->as.text, text, size) == 0);
	return 1;
}

static void push_field_id(lua_State *lua)
{
	const char *path = luaL_checkstring(lua, 1);
	uint32_t field;

	if (schema_find(runtime_of(lua)->schema, path, &field) < 0)
		luaL_error(lua, "the schema has no field '%s'", path);
	lua_pushinteger(lua, field);
}

static int make_reader(lua_State *lua)
{
	push_field_id(lua);
	lua_pushcclosure(lua, read_field, 1);
	return 1;
}

static int make_comparer(lua_State *lua)
{
	luaL_checkstring(lua, 2);
	push_field_id(lua);
	lua_pushvalue(lua, 2);
	lua_pushcclosure(lua, compare_field, 2);
	return 1;
}

static int refuse_write(lua_State *lua)
{
	return luaL_error(lua, "global '%s' cannot be set: use a local variable",
			  luaL_tolstring(lua, 2, NULL));
}

/* Leaves a table of what scripts may see on the stack. */
static void push_visible(lua_State *lua)
{
	size_t i;

	lua_newtable(lua);
	luaL_requiref(lua, LUA_GNAME, luaopen_base, 0);
	for (i = 0; i < sizeof basic_functions / sizeof *basic_functions; i++) {
		lua_getfield(lua, -1, basic_functions[i]);
		lua_setfield(lua, -3, basic_functions[i]);
	}
	lua_pop(lua, 1);
	luaL_requiref(lua, LUA_MATHLIBNAME, luaopen_math, 0);
	lua_setfield(lua, -2, LUA_MATHLIBNAME);
	luaL_requiref(lua, LUA_STRLIBNAME, luaopen_string, 0);
	lua_setfield(lua, -2, LUA_STRLIBNAME);
	lua_pushcfunction(lua, make_reader);
	lua_setfield(lua, -2, "field");
	lua_pushcfunction(lua, make_comparer);
	lua_setfield(lua, -2, "field_is");
}

/* An empty table before the visible one catches every write. */
static int open_globals(lua_State *lua)
{
	lua_newtable(lua);
	lua_newtable(lua);
	push_visible(lua);
	lua_setfield(lua, -2, "__index");
	lua_pushcfunction(lua, refuse_write);
	lua_setfield(lua, -2, "__newindex");
	lua_setmetatable(lua, -2);
	lua_pushinteger(lua, luaL_ref(lua, LUA_REGISTRYINDEX));
	return 1;
}

struct runtime *runtime_new(const struct schema *schema, struct runtime_limits limits)
{
	struct runtime *runtime = calloc(1, sizeof *runtime);

	if (!runtime)
		return NULL;
	runtime->schema = schema;
	runtime->pool = pool_new(limits.memory);
	if (runtime->pool)
		runtime->lua = lua_newstate(resize_block, runtime->pool);
	if (!runtime->lua)
		goto fail;
	*(struct runtime **)lua_getextraspace(runtime->lua) = runtime;
	lua_pushcfunction(runtime->lua, open_globals);
	if (runtime_call(runtime, NULL, 0, 1) < 0)
		goto fail;
	runtime->globals = (int)lua_tointeger(runtime->lua, -1);
	lua_pop(runtime->lua, 1);
	runtime->instructions = limits.instructions;
	runtime_collect(runtime);
	return runtime;
fail:
	runtime_free(runtime);
	return NULL;
}

void runtime_free(struct runtime *runtime)
{
	if (!runtime)
		return;
	if (runtime->lua)
		lua_close(runtime->lua);
	pool_free(runtime->pool);
	free(runtime);
}

static void stop_call(lua_State *lua, lua_Debug *where)
{
	(void)where;
	luaL_where(lua, 0); /* a hook has no level of its own, so luaL_error would name the caller */
	lua_pushfstring(lua, "more than %d instructions", runtime_of(lua)->instructions);
	lua_concat(lua, 2);
	lua_error(lua);
}

static int keep_error(struct runtime *runtime, int status)
{
	const char *text = lua_tostring(runtime->lua, -1);

	snprintf(runtime->error, sizeof runtime->error, "%s", text ? text : "an error that is no text");
	lua_pop(runtime->lua, 1);
	return status == LUA_ERRMEM ? -ENOMEM : -EINVAL;
}

int runtime_call(struct runtime *runtime, const struct event *event, int arguments, int results)
{
	int status;

	runtime->event = event;
	if (runtime->instructions > 0)
		lua_sethook(runtime->lua, stop_call, LUA_MASKCOUNT, runtime->instructions);
	status = lua_pcall(runtime->lua, arguments, results, 0);
	runtime->event = NULL;
	return status == LUA_OK ? 0 : keep_error(runtime, status);
}

struct lua_State *runtime_state(struct runtime *runtime)
{
	return runtime->lua;
}

void runtime_push_globals(struct runtime *runtime)
{
	lua_rawgeti(runtime->lua, LUA_REGISTRYINDEX, runtime->globals);
}

const char *runtime_error(const struct runtime *runtime)
{
	return runtime->error;
}

void runtime_collect(struct runtime *runtime)
{
	lua_gc(runtime->lua, LUA_GCCOLLECT);
}

size_t runtime_memory(const struct runtime *runtime)
{
	return pool_used(runtime->pool);
}
