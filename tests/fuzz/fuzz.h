/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz.h - the shape that libFuzzer wants of a target: one function that takes any bytes and must not fault.
 *
 * The same objects, linked with replay.c, run the corpus in `make check` with any compiler.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
