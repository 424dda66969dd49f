# SB_NEED_MODULE(VARIABLE, PKG-CONFIG MODULE, DEBIAN PACKAGE)
AC_DEFUN([SB_NEED_MODULE], [
	PKG_CHECK_MODULES([$1], [$2], [], [sb_missing="$sb_missing $3"])
])

# SB_NEED_LIBRARY(VARIABLE, LIBRARY, FUNCTION, HEADER, DEBIAN PACKAGE): for a library without a .pc file
AC_DEFUN([SB_NEED_LIBRARY], [
	AC_CHECK_HEADER([$4],
		[AC_CHECK_LIB([$2], [$3], [$1_LIBS=-l$2], [sb_missing="$sb_missing $5"])],
		[sb_missing="$sb_missing $5"])
	AC_SUBST([$1_LIBS])
])

# SB_NEED_PROGRAM(VARIABLE, PROGRAM, DEBIAN PACKAGE): also where root's programs are, which a user's PATH leaves out
AC_DEFUN([SB_NEED_PROGRAM], [
	AC_PATH_PROG([$1], [$2], [], [$PATH:/usr/sbin:/sbin])
	AS_IF([test -z "$$1"], [sb_missing="$sb_missing $3"])
])

AC_DEFUN([SB_NEEDED_OR_STOP], [
	AS_IF([test -n "$sb_missing"],
		[AC_MSG_ERROR([missing:$sb_missing
  On Debian and its kin:  sudo apt-get install$sb_missing])])
])
