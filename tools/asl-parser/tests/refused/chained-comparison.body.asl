x = a == b == c;
x = a < b <= c;
x = a IN {1} == TRUE;
