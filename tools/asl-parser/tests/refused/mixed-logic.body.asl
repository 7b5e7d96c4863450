x = a && b || c;
x = a AND b OR c;
x = a + b AND c;
x = a : b + c;
