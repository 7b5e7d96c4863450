SEE;
x = 1 1;
