# suites that ship; in-tree suites link statically, since a libtool wrapper script is no benchmark
