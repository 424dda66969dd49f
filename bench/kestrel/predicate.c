/* SPDX-License-Identifier: GPL-2.0-or-later */
/* predicate.c - compiling and calling a Lua function per event; see predicate.h. */
#include "kestrel/predicate.h"

#include <errno.h>
#include <stdlib.h>

#include <lauxlib.h>
#include <lua.h>

#include "kestrel/runtime.h"

struct predicate {
	struct runtime *runtime;
	int function; /* reference in the registry */
};

struct source {
	struct runtime *runtime;
	const char *name;
	const char *text;
};

/* Runs protected: everything here may raise an error. Text only, since bytecode is not checked by Lua. */
static int compile(lua_State *lua)
{
	const struct source *source = lua_touserdata(lua, 1);

	/* '=' keeps Lua from quoting the source in its messages. */
	lua_pushfstring(lua, "=%s", source->name);
	if (luaL_loadbufferx(lua, source->text, strlen(source->text), lua_tostring(lua, -1), "t") != LUA_OK)
		return lua_error(lua);
	runtime_push_globals(source->runtime);
	lua_setupvalue(lua, -2, 1);
	lua_call(lua, 0, 1);
	if (!lua_isfunction(lua, -1))
		return luaL_error(lua, "predicate '%s' returns a %s instead of a function", source->name,
				  luaL_typename(lua, -1));
	lua_pushinteger(lua, luaL_ref(lua, LUA_REGISTRYINDEX));
	return 1;
}

int predicate_new(struct runtime *runtime, const char *name, const char *source, struct predicate **predicate)
{
	lua_State *lua = runtime_state(runtime);
	struct source request = { runtime, name, source };
	int rc;

	*predicate = malloc(sizeof **predicate);
	if (!*predicate)
		return -ENOMEM;
	lua_pushcfunction(lua, compile);
	lua_pushlightuserdata(lua, &request);
	rc = runtime_call(runtime, NULL, 1, 1);
	if (rc < 0) {
		free(*predicate);
		*predicate = NULL;
		return rc;
	}
	(*predicate)->runtime = runtime;
	(*predicate)->function = (int)lua_tointeger(lua, -1);
	lua_pop(lua, 1);
	return 0;
}

void predicate_free(struct predicate *predicate)
{
	if (!predicate)
		return;
	luaL_unref(runtime_state(predicate->runtime), LUA_REGISTRYINDEX, predicate->function);
	free(predicate);
}

int predicate_match(const struct predicate *predicate, const struct event *event)
{
	lua_State *lua = runtime_state(predicate->runtime);
	int rc;

	lua_rawgeti(lua, LUA_REGISTRYINDEX, predicate->function);
	rc = runtime_call(predicate->runtime, event, 0, 1);
	if (rc < 0)
		return rc;
	rc = lua_toboolean(lua, -1);
	lua_pop(lua, 1);
	return rc;
}

int predicate_condition(void *predicate, const struct event *event)
{
	return predicate_match(predicate, event);
}
