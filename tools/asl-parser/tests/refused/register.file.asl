__register 8 { 9:0 a, 1 b, 2 b } R;
__register 99999 { 1 a } S;
