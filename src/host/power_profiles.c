/* SPDX-License-Identifier: GPL-2.0-or-later */
/* power_profiles.c - see power_profiles.h. */
#include "host/power_profiles.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/bus.h"

#define WANTED	       "performance"
#define PROGRAM	       "stablebench"
#define REASON	       "a benchmark is measured"
#define BUS	       "org.freedesktop.DBus"
#define BUS_PATH       "/org/freedesktop/DBus"
#define BUS_PROPERTIES BUS ".Properties"

/* The interface has the name of the service. Daemons since 0.20 answer to both names. */
static const struct service {
	const char *name, *path;
} services[] = {
	{ "org.freedesktop.UPower.PowerProfiles", "/org/freedesktop/UPower/PowerProfiles" },
	{ "net.hadess.PowerProfiles", "/net/hadess/PowerProfiles" },
};

#define SERVICES (sizeof services / sizeof services[0])

struct power_profiles {
	sd_bus *bus;
	const struct service *service;
	uint32_t cookie;
	bool is_held, has_news;
	char active[POWER_PROFILES_NAME]; /* when it was last asked */
};

/* --- finding the daemon --------------------------------------------------------------------------------- */

static const struct service *find_service(const char *name)
{
	for (size_t i = 0; i < SERVICES; i++)
		if (!strcmp(services[i].name, name))
			return &services[i];
	return NULL;
}

static bool is_installed(sd_bus *bus)
{
	char **names = NULL;
	bool found = false;

	if (sd_bus_list_names(bus, NULL, &names) < 0)
		return false;
	for (size_t i = 0; names && names[i]; i++) {
		found |= find_service(names[i]) != NULL;
		free(names[i]);
	}
	free(names);
	return found;
}

/* Asking for the owner of a name does not start it, as a call to it would. */
static int find_running(sd_bus *bus, const struct service **service, struct sb_err *err)
{
	for (size_t i = 0; i < SERVICES; i++) {
		if (sd_bus_get_name_creds(bus, services[i].name, 0, NULL) < 0)
			continue;
		*service = &services[i];
		return 0;
	}
	if (is_installed(bus))
		return err_set(
			err, -ENXIO,
			"a daemon that keeps power profiles is installed and does not run; to start it "
			"would change the host");
	return err_set(err, -ENOENT, "no daemon keeps power profiles here");
}

/* --- news ----------------------------------------------------------------------------------------------- */

static int hear(sd_bus_message *message, void *context, sd_bus_error *error)
{
	struct power_profiles *profiles = context;

	(void)message;
	(void)error;
	profiles->has_news = true;
	return 0;
}

/* A daemon that is started anew knows of no holds, and tells nobody. */
static int listen(struct power_profiles *profiles, struct sb_err *err)
{
	const struct service *service = profiles->service;
	char rule[256];
	int code = sd_bus_match_signal(profiles->bus, NULL, service->name, service->path, BUS_PROPERTIES,
				       "PropertiesChanged", hear, profiles);

	snprintf(rule, sizeof rule,
		 "type='signal',sender='" BUS "',path='" BUS_PATH "',interface='" BUS
		 "',member='NameOwnerChanged',arg0='%s'",
		 service->name);
	if (code >= 0)
		code = sd_bus_add_match(profiles->bus, NULL, rule, hear, profiles);
	return code < 0 ? err_set(err, code, "cannot listen to '%s': %s", service->name, err_reason(code))
			: 0;
}

int power_profiles_open(struct power_profiles **profiles, struct sb_err *err)
{
	struct power_profiles *opened = alloc_zero(1, sizeof *opened);
	int code = bus_open(&opened->bus, err);

	if (!code)
		code = find_running(opened->bus, &opened->service, err);
	if (!code)
		code = listen(opened, err);
	if (!code)
		*profiles = opened;
	else
		power_profiles_close(opened);
	return code;
}

/* Released by its name, the daemon has done all by its answer; on the end of the connection alone it acts
 * some time later. A hold that somebody ended meanwhile is no loss. */
static void end_hold(struct power_profiles *profiles)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;

	if (sd_bus_call_method(profiles->bus, profiles->service->name, profiles->service->path,
			       profiles->service->name, "ReleaseProfile", &error, NULL, "u",
			       profiles->cookie) < 0)
		sd_bus_error_free(&error);
}

void power_profiles_close(struct power_profiles *profiles)
{
	if (!profiles)
		return;
	if (profiles->is_held)
		end_hold(profiles);
	sd_bus_flush_close_unref(profiles->bus);
	free(profiles);
}

/* --- what it tells -------------------------------------------------------------------------------------- */

struct dictionary {
	char profile[POWER_PROFILES_NAME], program[POWER_PROFILES_NAME];
};

static int read_pair(sd_bus_message *message, struct dictionary *dictionary)
{
	const char *key, *value;
	char *kept = NULL;
	int code = sd_bus_message_read(message, "s", &key);

	if (code < 0)
		return code;
	if (!strcmp(key, "Profile"))
		kept = dictionary->profile;
	else if (!strcmp(key, "ApplicationId"))
		kept = dictionary->program;
	if (!kept)
		return sd_bus_message_skip(message, "v");
	code = sd_bus_message_read(message, "v", "s", &value);
	if (code >= 0)
		snprintf(kept, POWER_PROFILES_NAME, "%s", value);
	return code;
}

/* Positive: one was read. 0: there is none left. */
static int read_dictionary(sd_bus_message *message, struct dictionary *dictionary)
{
	int code = sd_bus_message_enter_container(message, 'a', "{sv}");

	memset(dictionary, 0, sizeof *dictionary);
	if (code <= 0)
		return code;
	while ((code = sd_bus_message_enter_container(message, 'e', "sv")) > 0) {
		code = read_pair(message, dictionary);
		if (code >= 0)
			code = sd_bus_message_exit_container(message);
		if (code < 0)
			return code;
	}
	return code < 0 ? code : sd_bus_message_exit_container(message);
}

static void note_profile(const struct dictionary *dictionary, struct power_profiles_state *state)
{
	state->has_performance |= !strcmp(dictionary->profile, WANTED);
}

static void note_hold(const struct dictionary *dictionary, struct power_profiles_state *state)
{
	state->is_held = true;
	if (!strcmp(dictionary->profile, "power-saver"))
		snprintf(state->saver, sizeof state->saver, "%s",
			 dictionary->program[0] ? dictionary->program : "somebody");
}

/* A property that is a list of dictionaries. */
static int ask_list(struct power_profiles *profiles, const char *property,
		    void (*note)(const struct dictionary *, struct power_profiles_state *),
		    struct power_profiles_state *state, sd_bus_error *error)
{
	const struct service *service = profiles->service;
	struct dictionary dictionary;
	sd_bus_message *reply = NULL;
	int code = sd_bus_get_property(profiles->bus, service->name, service->path, service->name, property,
				       error, &reply, "aa{sv}");

	if (code >= 0)
		code = sd_bus_message_enter_container(reply, 'a', "a{sv}");
	while (code >= 0 && (code = read_dictionary(reply, &dictionary)) > 0)
		note(&dictionary, state);
	sd_bus_message_unref(reply);
	return code;
}

static int ask_text(struct power_profiles *profiles, const char *property, char text[POWER_PROFILES_NAME],
		    sd_bus_error *error)
{
	const struct service *service = profiles->service;
	char *value = NULL;
	int code = sd_bus_get_property_string(profiles->bus, service->name, service->path, service->name,
					      property, error, &value);

	if (code >= 0)
		snprintf(text, POWER_PROFILES_NAME, "%s", value);
	free(value);
	return code;
}

int power_profiles_look(struct power_profiles *profiles, struct power_profiles_state *state,
			struct sb_err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int code;

	memset(state, 0, sizeof *state);
	code = ask_text(profiles, "ActiveProfile", state->active, &error);
	if (code >= 0)
		code = ask_text(profiles, "PerformanceDegraded", state->degraded, &error);
	if (code >= 0)
		code = ask_list(profiles, "Profiles", note_profile, state, &error);
	if (code >= 0)
		code = ask_list(profiles, "ActiveProfileHolds", note_hold, state, &error);
	if (code < 0)
		return bus_fail(code, &error, "the daemon does not tell its power profile", err);
	memcpy(profiles->active, state->active, sizeof profiles->active);
	return 0;
}

/* --- the hold ------------------------------------------------------------------------------------------- */

int power_profiles_hold(struct power_profiles *profiles, struct sb_err *err)
{
	const struct service *service = profiles->service;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	int code = sd_bus_call_method(profiles->bus, service->name, service->path, service->name,
				      "HoldProfile", &error, &reply, "sss", WANTED, REASON, PROGRAM);

	if (code >= 0)
		code = sd_bus_message_read(reply, "u", &profiles->cookie);
	sd_bus_message_unref(reply);
	if (code < 0)
		return bus_fail(code, &error, "the daemon does not hold the profile '" WANTED "'", err);
	profiles->is_held = true;
	return 0;
}

bool power_profiles_stands(struct power_profiles *profiles, char *active, size_t size)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int code;

	do
		code = sd_bus_process(profiles->bus, NULL);
	while (code > 0);
	if (code < 0) {
		profiles->active[0] = '\0';
	} else if (profiles->has_news) {
		profiles->has_news = false;
		if (sd_bus_get_name_creds(profiles->bus, profiles->service->name, 0, NULL) < 0 ||
		    ask_text(profiles, "ActiveProfile", profiles->active, &error) < 0)
			profiles->active[0] = '\0';
		sd_bus_error_free(&error);
	}
	snprintf(active, size, "%s", profiles->active);
	return !strcmp(profiles->active, WANTED);
}
