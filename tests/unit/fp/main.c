/* main.c - unit tests of runtime/fp. SPDX-License-Identifier: MIT */
#include <CUnit/Basic.h>
#include "suites.h"
#define S(n) { "fp/" #n, NULL, NULL, NULL, NULL, fp_##n##_tests }
int main(void){
	CU_SuiteInfo suites[] = { S(arith), S(compare), S(convert), S(nan), S(host), S(box), S(hw), CU_SUITE_INFO_NULL };
	CU_initialize_registry(); CU_register_suites(suites); CU_basic_set_mode(CU_BRM_VERBOSE); CU_basic_run_tests(); return CU_get_number_of_failures()!=0; }
