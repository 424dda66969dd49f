/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about base/path: a recorded tree stands in for the machine and cannot be left. */
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "unit.h"

/* One folder with a tree inside and one file beside it that nothing may touch. */
struct tree {
	char base[64], outside[96];
	struct path_root root;
};

static void put_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void tree_init(struct tree *tree)
{
	char path[96];

	strcpy(tree->base, "/tmp/stablebench-path-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(tree->base));
	snprintf(tree->outside, sizeof tree->outside, "%s/outside", tree->base);
	put_file(tree->outside, "untouched\n", 0644);
	snprintf(path, sizeof path, "%s/root", tree->base);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	ck_assert_int_eq(path_root_init(&tree->root, path, NULL), 0);
	ck_assert_int_eq(mkdirat(tree->root.fd, "sys", 0755), 0);
	snprintf(path, sizeof path, "%s/root/sys/governor", tree->base);
	put_file(path, "powersave\n\n", 0644);
}

static void tree_release(struct tree *tree)
{
	const char *const names[] = { "sys/governor", "sys/absolute", "sys/parent",
				      "sys/inside",   "sys/fixed",    "outside" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unlinkat(tree->root.fd, names[i], 0);
	unlinkat(tree->root.fd, "sys", AT_REMOVEDIR);
	path_root_release(&tree->root);
	unlink(tree->outside);
	strcat(tree->base, "/root");
	rmdir(tree->base);
	*strrchr(tree->base, '/') = '\0';
	ck_assert_int_eq(rmdir(tree->base), 0);
}

static void tree_put(struct tree *tree, const char *name, const char *text, mode_t mode)
{
	char path[128];

	snprintf(path, sizeof path, "%s/root/%s", tree->base, name);
	put_file(path, text, mode);
}

START_TEST(reading_cuts_trailing_newlines)
{
	struct tree tree;
	char text[32];

	tree_init(&tree);
	ck_assert_int_eq(path_read(&tree.root, "sys/governor", text, sizeof text, NULL), 9);
	ck_assert_str_eq(text, "powersave");
	tree_release(&tree);
}
END_TEST

START_TEST(a_file_that_does_not_fit_is_refused_not_cut)
{
	struct sb_err err = { 0 };
	struct tree tree;
	char text[11];

	tree_init(&tree);
	ck_assert_int_eq(path_read(&tree.root, "sys/governor", text, sizeof text, &err), -EFBIG);
	ck_assert_str_eq(err.text, "cannot read '/sys/governor': file too large");
	tree_release(&tree);
}
END_TEST

START_TEST(what_is_absent_is_named_with_its_reason)
{
	struct sb_err err = { 0 };
	struct tree tree;
	char text[16];

	tree_init(&tree);
	ck_assert_int_eq(path_read(&tree.root, "sys/none", text, sizeof text, &err), -ENOENT);
	ck_assert_str_eq(err.text,
			 "cannot read '/sys/none': no such file or directory; this host does not have it");
	ck_assert_int_eq(path_open(&tree.root, "sys/none", O_RDONLY, &err), -ENOENT);
	ck_assert_str_eq(err.text,
			 "cannot open '/sys/none': no such file or directory; this host does not have it");
	ck_assert(!path_exists(&tree.root, "sys/none"));
	ck_assert(!path_is_writable(&tree.root, "sys/none"));
	tree_release(&tree);
}
END_TEST

START_TEST(writing_replaces_the_whole_value_and_creates_nothing)
{
	struct sb_err err = { 0 };
	struct tree tree;
	char text[32];

	tree_init(&tree);
	ck_assert_int_eq(path_write(&tree.root, "sys/governor", "fast", &err), 0);
	ck_assert_int_eq(path_read(&tree.root, "sys/governor", text, sizeof text, &err), 4);
	ck_assert_str_eq(text, "fast");
	ck_assert_int_eq(path_write(&tree.root, "sys/new", "1", &err), -ENOENT);
	ck_assert_str_eq(
		err.text,
		"cannot write '1' to '/sys/new': no such file or directory; this host does not have it");
	ck_assert(!path_exists(&tree.root, "sys/new"));
	tree_release(&tree);
}
END_TEST

START_TEST(folders_are_made_and_removed_inside_only)
{
	struct sb_err err = { 0 };
	struct tree tree;

	tree_init(&tree);
	ck_assert_int_eq(path_make_folder(&tree.root, "sys/group", &err), 0);
	ck_assert(path_exists(&tree.root, "sys/group"));
	ck_assert_int_eq(path_make_folder(&tree.root, "sys/group", &err), -EEXIST);
	ck_assert_str_eq(err.text, "cannot make folder '/sys/group': file exists");
	ck_assert_int_eq(path_remove_folder(&tree.root, "sys/group", &err), 0);
	ck_assert_int_eq(path_remove_folder(&tree.root, "sys/group", &err), -ENOENT);
	ck_assert_int_eq(path_make_folder(&tree.root, "none/group", &err), -ENOENT);
	ck_assert_int_ne(path_make_folder(&tree.root, "sys/..", &err), 0);
	ck_assert_int_ne(path_make_folder(&tree.root, "/sys/group", &err), 0);
	ck_assert_int_eq(path_make_folder(&tree.root, "../../escaped", &err),
			 0); /* the root is its own parent */
	ck_assert_int_eq(path_remove_folder(&tree.root, "sys/../escaped", &err), 0);
	tree_release(&tree);
}
END_TEST

START_TEST(a_refused_write_says_what_to_try)
{
	struct sb_err err = { 0 };
	uid_t user = geteuid();
	struct tree tree;

	if (user == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	tree_init(&tree);
	tree_put(&tree, "sys/fixed", "0\n", 0444);
	ck_assert_int_eq(path_write(&tree.root, "sys/fixed", "1", &err), -EACCES);
	ck_assert_str_eq(err.text, "cannot write '1' to '/sys/fixed': permission denied; run with sudo");
	tree_release(&tree);
	ck_assert_int_eq(seteuid(user), 0);
}
END_TEST

START_TEST(a_file_without_write_bits_is_not_writable_even_for_root)
{
	struct tree tree;

	tree_init(&tree);
	tree_put(&tree, "sys/fixed", "0\n", 0444);
	ck_assert(!path_is_writable(&tree.root, "sys/fixed"));
	ck_assert(path_is_writable(&tree.root, "sys/governor"));
	tree_release(&tree);
}
END_TEST

/* An absolute link means the root of the tree, and ".." stops there: both lead to a file inside or to
 * nothing. */
START_TEST(links_that_point_outside_stay_inside)
{
	struct tree tree;
	char text[32];

	tree_init(&tree);
	ck_assert_int_eq(symlinkat(tree.outside, tree.root.fd, "sys/absolute"), 0);
	ck_assert_int_eq(symlinkat("../../outside", tree.root.fd, "sys/parent"), 0);
	ck_assert_int_eq(path_read(&tree.root, "sys/absolute", text, sizeof text, NULL), -ENOENT);
	ck_assert_int_eq(path_write(&tree.root, "sys/absolute", "changed", NULL), -ENOENT);
	ck_assert_int_eq(path_write(&tree.root, "sys/parent", "changed", NULL), -ENOENT);
	ck_assert_int_eq(path_write(&tree.root, "../outside", "changed", NULL), -ENOENT);
	tree_put(&tree, "outside", "within\n", 0644);
	ck_assert_int_eq(path_read(&tree.root, "sys/parent", text, sizeof text, NULL), 6);
	ck_assert_str_eq(text, "within");
	ck_assert_int_eq(path_write(&tree.root, "sys/parent", "changed", NULL), 0);
	tree_release(&tree);
}
END_TEST

START_TEST(links_within_the_tree_are_followed)
{
	struct tree tree;
	char text[32];

	tree_init(&tree);
	ck_assert_int_eq(symlinkat("/sys/governor", tree.root.fd, "sys/inside"), 0);
	ck_assert_int_eq(path_read(&tree.root, "sys/inside", text, sizeof text, NULL), 9);
	ck_assert_str_eq(text, "powersave");
	tree_release(&tree);
}
END_TEST

START_TEST(an_absolute_path_is_refused)
{
	struct path_root root;
	char text[16];

	ck_assert_int_eq(path_root_init(&root, "/", NULL), 0);
	ck_assert(root.is_real);
	ck_assert_int_eq(path_read(&root, "/proc/self/comm", text, sizeof text, NULL), -EINVAL);
	ck_assert_int_gt(path_read(&root, "proc/self/comm", text, sizeof text, NULL), 0);
	path_root_release(&root);
}
END_TEST

START_TEST(a_number_is_the_whole_text_or_refused)
{
	static const struct {
		const char *text;
		int code;
		long long value;
	} rows[] = {
		{ "42\n", 0, 42 },	 { "-1\n", 0, -1 },
		{ "017", 0, 17 },	 { "\n", -EINVAL, 0 },
		{ "12 kB", -EINVAL, 0 }, { "0x10", -EINVAL, 0 },
		{ "abc\n", -EINVAL, 0 }, { "99999999999999999999", -ERANGE, 0 },
	};
	struct sb_err err = { 0 };
	struct tree tree;
	long long value;

	tree_init(&tree);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		tree_put(&tree, "sys/fixed", rows[i].text, 0644);
		ck_assert_int_eq(path_read_long(&tree.root, "sys/fixed", &value, &err), rows[i].code);
		if (!rows[i].code)
			ck_assert_int_eq(value, rows[i].value);
	}
	ck_assert_str_eq(err.text,
			 "cannot read a number from '/sys/fixed': '99999999999999999999' is too large");
	tree_release(&tree);
}
END_TEST

static int count_names(const char *name, void *context)
{
	unsigned *seen = context;

	ck_assert_str_ne(name, ".");
	ck_assert_str_ne(name, "..");
	return ++*seen == 2 ? 7 : 0;
}

START_TEST(a_walk_sees_every_name_and_stops_when_told)
{
	struct tree tree;
	unsigned seen = 0;

	tree_init(&tree);
	ck_assert_int_eq(path_each(&tree.root, "sys", count_names, &seen, NULL), 0);
	ck_assert_uint_eq(seen, 1);
	tree_put(&tree, "sys/fixed", "", 0644);
	tree_put(&tree, "sys/inside", "", 0644);
	seen = 0;
	ck_assert_int_eq(path_each(&tree.root, "sys", count_names, &seen, NULL), 7);
	ck_assert_uint_eq(seen, 2);
	ck_assert_int_eq(path_each(&tree.root, "sys/governor", count_names, &seen, NULL), -ENOTDIR);
	tree_release(&tree);
}
END_TEST

START_TEST(a_prefix_that_is_no_folder_is_refused)
{
	struct sb_err err = { 0 };
	struct path_root root;

	ck_assert_int_eq(path_root_init(&root, "/dev/null", &err), -ENOTDIR);
	ck_assert_str_eq(err.text, "cannot open root prefix '/dev/null': not a directory");
	path_root_release(&root);
}
END_TEST

/* Valgrind 3.19 knows no openat2, and neither do kernels before 5.6. */
static bool has_openat2(void)
{
	return syscall(SYS_openat2, -1, "", NULL, (size_t)0) == 0 || errno != ENOSYS;
}

int main(void)
{
	const TTest *const tests[] = { reading_cuts_trailing_newlines,
				       a_file_that_does_not_fit_is_refused_not_cut,
				       what_is_absent_is_named_with_its_reason,
				       writing_replaces_the_whole_value_and_creates_nothing,
				       folders_are_made_and_removed_inside_only,
				       a_refused_write_says_what_to_try,
				       a_file_without_write_bits_is_not_writable_even_for_root,
				       links_that_point_outside_stay_inside,
				       links_within_the_tree_are_followed,
				       an_absolute_path_is_refused,
				       a_number_is_the_whole_text_or_refused,
				       a_walk_sees_every_name_and_stops_when_told,
				       a_prefix_that_is_no_folder_is_refused };

	if (!has_openat2()) {
		puts("skipped: no openat2 here (Linux before 5.6, or valgrind)");
		return 77;
	}
	return unit_run("base/path", tests, sizeof tests / sizeof tests[0]);
}
